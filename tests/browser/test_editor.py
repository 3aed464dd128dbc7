"""The editor of a clause's text: what typing gives, the way through it by keyboard, and saving."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import editor
from tests.browser.addresses import SLUG, Visit
from tests.browser.test_keyboard import FOCUSED, tab_to
from tests.browser.watching import HEIGHT, SMALLEST, Watcher, axe, examine

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
CLAUSE = Visit("clause", (SLUG, "{clause}"))


@pytest.fixture
def page(tab_of: Callable[[str], Page]) -> Iterator[Page]:
    """An empty editor with the cursor in it."""
    page = tab_of("editor")
    editor.begin(page)
    yield page
    editor.forget(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)


def options(page: Page, **which: Any) -> Locator:
    """What the open pick list offers."""
    return page.locator(".editor").get_by_role("option", **which)


# --- typing ------------------------------------------------------------------------------------


def test_paragraphs_and_bold(page: Page) -> None:
    page.keyboard.type("Første ")
    press(page, "Control+b")
    page.keyboard.type("linje")
    press(page, "Control+b", "Enter")
    page.keyboard.type("Andre **linje** her")
    press(page, "Shift+Enter")
    page.keyboard.type("Tredje")
    assert editor.sent(page) == "Første **linje**\n\nAndre **linje** her\n\nTredje"


def test_lists_by_their_markers(page: Page) -> None:
    page.keyboard.type("- a")
    press(page, "Enter")
    page.keyboard.type("b")
    press(page, "Alt+Shift+ArrowRight", "Enter")
    page.keyboard.type("c")
    press(page, "Enter", "Control+BracketLeft")
    page.keyboard.type("d")
    press(page, "Enter", "Enter")
    page.keyboard.type("1. e")
    press(page, "Enter")
    page.keyboard.type("f")
    press(page, "Control+BracketRight", "Enter", "Enter", "Enter")
    page.keyboard.type("17. mai - 2. juni")
    assert editor.sent(page) == "- a\n  - b\n  - c\n- d\n\n1. e\n   1. f\n\n17\\. mai - 2. juni"


def test_a_list_has_at_most_eight_levels(page: Page) -> None:
    page.keyboard.type("- 1")
    for level in range(2, 11):
        press(page, "Enter")
        page.keyboard.type(str(level))
        press(page, "Alt+Shift+ArrowRight")
    deepest = max(line.index("-") for line in editor.sent(page).splitlines())
    assert deepest == 2 * 7
    expect(page.locator(".editor [data-said]")).to_contain_text("høyst åtte nivåer")


def test_marks_that_are_typed_become_chips(page: Page) -> None:
    page.keyboard.type("I {{region.navn}} og {{ finnes.ikke }}, se [[punkt:formaal]] {")
    text = editor.field(page)
    expect(text.locator(".chip")).to_have_count(3)
    expect(text.locator("[data-fact='region.navn']")).to_have_text("Ringeriksregionen")
    expect(text.locator("[data-reference]")).to_have_text("punkt 2 Formål")
    expect(text.locator(".chip.problem")).to_have_text("{{ finnes.ikke }}")
    expected = "I {{ region.navn }} og {{ finnes.ikke }}, se [[punkt:formaal]] \\{"
    assert editor.sent(page) == expected
    press(page, "Backspace", "Backspace", "Backspace")
    assert editor.sent(page) == "I {{ region.navn }} og {{ finnes.ikke }}, se"


def test_what_is_undone_and_done_again(page: Page) -> None:
    page.keyboard.type("a")
    button(page, "Punktliste").click()
    assert editor.sent(page) == "- a"
    button(page, "Angre").click()
    assert editor.sent(page) == "a"
    button(page, "Gjør om").click()
    assert editor.sent(page) == "- a"
    press(page, "Control+z")
    assert editor.sent(page) == "a"
    button(page, "Nummerert liste").click()
    expect(button(page, "Nummerert liste")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Minsk innrykk")).to_have_attribute("aria-disabled", "false")
    button(page, "Minsk innrykk").click()
    assert editor.sent(page) == "a"
    expect(button(page, "Minsk innrykk")).to_have_attribute("aria-disabled", "true")


# --- without a mouse ---------------------------------------------------------------------------


def test_tab_passes_through(page: Page) -> None:
    page.keyboard.type("- a")
    press(page, "Tab")
    expect(page.get_by_role("button", name="Legg til")).to_be_focused()
    press(page, "Shift+Tab")
    expect(editor.field(page)).to_be_focused()
    press(page, "Shift+Tab")
    expect(button(page, "Uthevet")).to_be_focused()
    press(page, "Shift+Tab")
    expect(page.get_by_label("Overskrift")).to_be_focused()
    assert editor.sent(page) == "- a"


def test_the_toolbar_is_one_stop_with_arrows(page: Page) -> None:
    page.keyboard.type("tekst")
    press(page, "Control+a", "Shift+Tab")
    names = []
    for _ in range(9):
        names.append(
            page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText")
        )
        where = page.evaluate(FOCUSED)
        assert where["outlined"], names
        assert where["inView"], names
        press(page, "ArrowRight")
    assert names == [
        *("Uthevet", "Punktliste", "Nummerert liste", "Minsk innrykk", "Øk innrykk"),
        *("Opplysning", "Henvisning", "Angre", "Gjør om"),
    ]
    press(page, "End")
    expect(button(page, "Gjør om")).to_be_focused()
    press(page, "Home", "Enter")
    assert editor.sent(page) == "**tekst**"
    expect(editor.field(page)).to_be_focused()


def test_a_fact_from_the_pick_list(page: Page) -> None:
    page.keyboard.type("Satsen er ")
    press(page, "Shift+Tab", "End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter")
    expect(button(page, "Henvisning")).to_have_attribute("aria-expanded", "false")
    expect(button(page, "Opplysning")).to_have_attribute("aria-expanded", "true")
    search = page.get_by_role("combobox", name="Søk etter opplysning")
    expect(search).to_be_focused()
    page.keyboard.type("sats innbygger")
    expect(options(page)).to_have_count(2)
    press(page, "ArrowDown")
    chosen = options(page, selected=True)
    expect(chosen).to_contain_text("Fylkeskommunens sats per innbygger")
    assert search.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    press(page, "Enter")
    expect(editor.field(page)).to_be_focused()
    page.keyboard.type(" kroner")
    assert editor.sent(page) == "Satsen er {{ okonomi.fylkessats }} kroner"


def test_a_reference_and_a_search_without_hits(page: Page) -> None:
    page.keyboard.type("Se ")
    button(page, "Henvisning").click()
    page.keyboard.type("finnes ikke")
    expect(page.get_by_text("Ingen punkter passer med søket.")).to_be_visible()
    press(page, "Enter", "Control+a")
    page.keyboard.type("formål")
    options(page, name="Formål").first.click()
    page.keyboard.type(".")
    assert editor.sent(page) == "Se [[punkt:formaal]]."


def test_escape_closes_the_pick_list(page: Page) -> None:
    page.keyboard.type("a")
    button(page, "Opplysning").click()
    press(page, "Escape")
    expect(page.get_by_role("combobox", name="Søk etter opplysning")).to_be_hidden()
    expect(editor.field(page)).to_be_focused()
    page.keyboard.type("b")
    assert editor.sent(page) == "ab"


def test_a_fact_that_fills_a_paragraph_gets_one_of_its_own(page: Page) -> None:
    page.keyboard.type("Bidragene er:")
    press(page, "Home")
    button(page, "Opplysning").click()
    page.keyboard.type("Bidragstabellen")
    press(page, "Enter", "Enter")
    page.keyboard.type("Slutt")
    assert editor.sent(page) == "Bidragene er:\n\n{{ tabell.bidrag }}\n\nSlutt"
    chip = editor.field(page).locator("[data-fact='tabell.bidrag']")
    expect(chip).to_contain_class("chip--alone")
    press(page, "Home", "Backspace")
    expect(chip).to_contain_class("problem")
    assert editor.sent(page) == "Bidragene er:\n\n{{ tabell.bidrag }}Slutt"


# --- the form ----------------------------------------------------------------------------------


def test_the_label_the_help_and_the_error_lead_to_the_text(page: Page) -> None:
    page.get_by_text("Tekst", exact=True).locator("visible=true").last.click()
    text = editor.field(page)
    expect(text).to_be_focused()
    expect(text).to_have_accessible_description(re.compile("Alt\\+Skift"))
    page.keyboard.type("{{ finnes.ikke }}")
    page.get_by_role("button", name="Legg til").click()
    page.get_by_role("link", name="Opplysningen {{ finnes.ikke }} finnes ikke").press("Enter")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text.locator(".chip.problem")).to_have_text("{{ finnes.ikke }}")
    examine(page)


@pytest.mark.usefixtures("own_database")
def test_saving_by_keyboard_only(open_as: Open, keys: dict[str, str]) -> None:
    page = open_as("editor", CLAUSE.address(keys))
    tab_to(page, "Overskrift")
    press(page, "Tab", "Tab", "Control+End", "Enter")
    page.keyboard.type("{{ region.navn }} er **en** region.")
    tab_to(page, "Lagre", most=2)
    press(page, "Enter")
    expect(page.get_by_text("«Parter» er lagret.")).to_be_visible()
    expect(page.get_by_text("Ringeriksregionen er en region.")).to_be_visible()


def test_an_untouched_text_is_sent_as_it_was(open_as: Open, keys: dict[str, str]) -> None:
    page = open_as("editor", CLAUSE.address(keys))
    expect(editor.field(page)).to_be_visible()
    area = page.locator("textarea[name=text]")
    assert area.evaluate("(area) => area.value === area.defaultValue")


def test_a_text_the_browser_has_kept_is_edited_on(page: Page) -> None:
    """Back to a page that is loaded again: the browser fills in what was typed, also unsaved."""
    page.keyboard.type("- typed **før**")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    page.go_back()
    expect(editor.field(page)).to_contain_text("typed")
    assert editor.sent(page) == "- typed **før**"
    editor.field(page).click()
    press(page, "Control+End")
    page.keyboard.type(" nå")
    assert editor.sent(page) == "- typed **før nå**"


def test_what_was_written_before_the_editor_came_is_edited_on(open_as: Open) -> None:
    page = open_as("editor")
    held: list[Route] = []
    page.route("**/vendor/prose-editor/*", lambda route: held.append(route))
    with page.expect_request("**/vendor/prose-editor/editor.js"):
        page.goto(editor.NEW.address({}), wait_until="commit")
    page.locator("textarea[name=text]").click()
    page.keyboard.type("Skrevet")
    held.pop().continue_()
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.type(" tidlig")
    assert editor.sent(page) == "Skrevet tidlig"


def test_where_the_editor_fails_the_text_area_is_left(open_as: Open, watcher: Watcher) -> None:
    page = open_as("editor")
    broken = "export const nothing = 1;"
    page.route(
        "**/vendor/prose-editor/*",
        lambda route: route.fulfill(body=broken, content_type="text/javascript"),
    )
    page.goto(editor.NEW.address({}))
    editor.field(page).fill("Uten redigeringsfelt")
    assert editor.sent(page) == "Uten redigeringsfelt"
    expect(page.get_by_text("Tom linje gir nytt avsnitt.")).to_be_visible()
    assert any("does not provide an export" in complaint for complaint in watcher.complaints)
    watcher.complaints.clear()


def test_without_javascript(open_as: Open) -> None:
    page = open_as("editor", editor.NEW.address({}), java_script_enabled=False)
    page.get_by_label("Tekst", exact=True).fill("- a")
    assert editor.sent(page) == "- a"
    expect(page.get_by_role("toolbar")).to_have_count(0)


# --- looks -------------------------------------------------------------------------------------


def test_the_open_pick_lists(page: Page) -> None:
    page.keyboard.type("- Se {{ region.navn }}, [[punkt:formaal]] og {{ finnes.ikke }}")
    examine(page)
    for name in ("Opplysning", "Henvisning"):
        button(page, name).click()
        examine(page)
        page.keyboard.type("finnes ikke")
        assert axe(page) == []
        press(page, "Escape")
    page.set_viewport_size({"width": SMALLEST, "height": HEIGHT})
    button(page, "Opplysning").click()
    expect(page.get_by_role("combobox", name="Søk etter opplysning")).to_be_in_viewport()
    expect(options(page).first).to_be_in_viewport()

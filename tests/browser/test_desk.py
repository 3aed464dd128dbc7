"""The drafting desk in a browser: points moved by keys and dragging, findings that come and go."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import editor
from tests.browser.addresses import SLUG, Visit
from tests.browser.watching import NARROW, axe

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]
TEXT = Visit("text", (SLUG,)).address({})
CLAUSE = Visit("clause", (SLUG, "formaal")).address({})
FINDINGS = Visit("findings", (SLUG,)).address({})


@pytest.fixture
def text(open_as: Open) -> Page:
    """The page with the text, where «Varighet» is 3, after «Formål»."""
    return open_as("editor", TEXT)


def handle(page: Page, key: str) -> Locator:
    return page.locator(f"#flytt_{key}")


def said(page: Page) -> Locator:
    return page.locator("#flytting_melding")


def number(page: Page, key: str) -> Locator:
    return page.locator(f"li[data-key={key}] > .contents__row .number")


# --- moving ----------------------------------------------------------------------------------------


def test_a_point_is_moved_and_nested_by_keys_and_keeps_the_focus(text: Page) -> None:
    handle(text, "varighet").focus()
    for key, numbers in (("Up", ("3", "2")), ("Right", ("2", r"1\.3")), ("Left", (r"1\.3", "2"))):
        text.keyboard.press(f"Alt+Arrow{key}")
        expect(said(text)).to_have_text(re.compile(rf"^Punkt {numbers[0]} er nå {numbers[1]}\.$"))
        expect(handle(text, "varighet")).to_be_focused()
    expect(text.get_by_role("heading", name="2 Varighet", exact=True)).to_be_visible()
    text.keyboard.press("Alt+ArrowDown")
    expect(said(text)).to_have_text("Punkt 2 er nå 3.")
    assert axe(text) == []


def test_keys_that_come_fast_are_all_carried_out(text: Page) -> None:
    handle(text, "varighet").focus()
    for _ in range(3):
        text.keyboard.press("Alt+ArrowDown")
    expect(number(text, "varighet")).to_have_text("6")
    expect(handle(text, "varighet")).to_be_focused()


def test_a_step_that_leads_nowhere_is_said(text: Page) -> None:
    handle(text, "parter").focus()
    text.keyboard.press("Alt+ArrowUp")
    expect(said(text)).to_have_text("Punktet kan ikke flyttes lenger den veien.")


def test_an_arrow_in_the_text_moves_without_loading_the_page(text: Page) -> None:
    text.evaluate("window.stays = true")
    arrow = text.get_by_role("button", name="Flytt punkt 3 opp", exact=True)
    arrow.click()
    expect(said(text)).to_have_text("Punkt 3 er nå 2.")
    expect(text.locator("#varighet")).to_be_in_viewport()
    assert text.evaluate("window.stays") is True


def drag(page: Page, key: str, onto: str, part: float) -> None:
    """Drag a point's handle to this part of the height of another's row; do not let go."""
    start = handle(page, key).bounding_box()
    row = page.locator(f"li[data-key={onto}] > .contents__row").bounding_box()
    assert start
    assert row
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    target = row["x"] + row["width"] / 2, row["y"] + row["height"] * part
    page.mouse.move(*target, steps=6)


def test_a_point_is_dragged_before_and_under_another(text: Page) -> None:
    drag(text, "varighet", "parter", 0.1)
    expect(text.locator("[data-drop=before]")).to_have_count(1)
    text.mouse.up()
    expect(said(text)).to_have_text("Punkt 3 er nå 1.")
    expect(handle(text, "varighet")).to_be_focused()
    drag(text, "formaal", "varighet", 0.5)
    expect(text.locator("[data-drop=under]")).to_have_count(1)
    text.mouse.up()
    expect(said(text)).to_have_text("Punkt 3 er nå 1.1.")


def test_a_drag_that_is_regretted_or_leads_nowhere_moves_nothing(text: Page) -> None:
    drag(text, "varighet", "parter", 0.1)
    text.keyboard.press("Escape")
    expect(text.locator("[data-drop]")).to_have_count(0)
    text.mouse.up()
    child = text.locator("li[data-key=parter] li").first.get_attribute("data-key")
    assert child
    drag(text, "parter", child, 0.5)
    expect(text.locator("[data-dragged]")).to_have_count(1)
    expect(text.locator("[data-drop]")).to_have_count(0)
    text.mouse.up()
    expect(number(text, "parter")).to_have_text("1")
    expect(said(text)).to_be_empty()


def test_a_point_that_somebody_deleted_is_told_of(text: Page, open_as: Open) -> None:
    other = open_as("other_editor", Visit("delete-clause", (SLUG, "varighet")).address({}))
    other.get_by_role("button", name="Slett punktet").click()
    other.wait_for_url("**/tekst/")
    handle(text, "varighet").focus()
    text.keyboard.press("Alt+ArrowUp")
    expect(said(text)).to_have_text("Punktet er slettet av noen andre. Ingenting er flyttet.")
    expect(handle(text, "varighet")).to_have_count(0)


def test_the_contents_fold_and_show_only_what_waits(open_as: Open) -> None:
    page = open_as("editor", TEXT, width=NARROW)
    row = page.locator("li[data-key=parter] > .contents__row")
    expect(row).to_be_hidden()
    page.get_by_text("Innhold", exact=True).click()
    expect(row).to_be_visible()
    page.get_by_label("Bare punkter med funn eller innspill").check()
    expect(row).to_be_hidden()
    expect(page.locator("li[data-key=informasjon] > .contents__row")).to_be_visible()


# --- findings that come and go ---------------------------------------------------------------------


def test_a_finding_comes_while_it_is_typed_and_goes_when_it_is_mended(open_as: Open) -> None:
    page = open_as("editor", CLAUSE)
    beside = page.locator("#punkt_visning")
    expect(beside).to_contain_text("Ingen funn i dette punktet.")
    editor.field(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Hilsen NAV")
    expect(beside.locator(".reader")).to_contain_text("Hilsen NAV")
    expect(beside).to_contain_text("Funn i punktet (1)")
    for _ in "AV":
        page.keyboard.press("Backspace")
    page.keyboard.type("av")
    expect(beside).to_contain_text("Ingen funn i dette punktet.")
    expect(editor.field(page)).to_be_focused()
    left, right = editor.field(page).bounding_box(), beside.bounding_box()
    assert left
    assert right
    assert right["x"] > left["x"] + left["width"]
    editor.forget(page)


def test_a_mend_takes_the_finding_away_and_the_focus_to_the_next(open_as: Open) -> None:
    page = open_as("editor", CLAUSE)
    editor.field(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Sendes Viken fylkeskommune og NAV")
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_url("**/tekst/#formaal")
    page.goto(FINDINGS)
    page.evaluate("window.stays = true")
    page.get_by_role("button", name="Rett «Viken fylkeskommune» i punkt 2").press("Enter")
    expect(page.locator("#funn_melding")).to_contain_text("med «Buskerud fylkeskommune»")
    expect(page.get_by_role("heading", name="Må rettes")).to_have_count(0)
    item = page.locator(".findings__item").filter(has_text="«NAV» skrives «Nav»")
    expect(item).to_be_focused()
    other = page.locator(".findings__item").filter(has_text="Akershus")
    other.get_by_text("La det stå").click()
    other.get_by_label("Begrunnelse").fill("Svaret kommer i mai.")
    item.get_by_text("La det stå").click()
    item.get_by_role("button", name="Marker som vurdert").click()
    expect(item.get_by_role("link", name="Fyll inn begrunnelse")).to_be_visible()
    item.get_by_label("Begrunnelse").fill("Slik sier vi det her.")
    assert axe(page) == []
    item.get_by_role("button", name="Marker som vurdert").click()
    expect(page.locator("#funn_melding")).to_contain_text("Funnet er vurdert.")
    folded = page.locator("#funn_vurdert")
    folded.get_by_text("Vurdert (1)").click()
    expect(folded).to_contain_text("Slik sier vi det her.")
    expect(other.get_by_label("Begrunnelse")).to_have_value("Svaret kommer i mai.")
    folded.get_by_role("button", name="Ta tilbake").click()
    expect(page.get_by_role("heading", name="Bør vurderes (2)")).to_be_visible()
    expect(other.get_by_label("Begrunnelse")).to_have_value("Svaret kommer i mai.")
    assert page.evaluate("window.stays") is True
    assert axe(page) == []
    editor.forget(page)

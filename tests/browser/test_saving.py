"""Nothing that is written in a clause is lost: not without a network, nor when two people write."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Dialog, Locator, Page, expect

from agreements.models import Clause, ClauseDraft
from tests.browser.addresses import SLUG, Visit
from tests.browser.editor import field
from tests.browser.test_keyboard import tab_to
from tests.browser.watching import Watcher, examine

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]
ADDRESS = Visit("clause", (SLUG, "formaal")).address({})
KEPT = re.compile(r"Påbegynt tekst er tatt vare på kl\. \d\d\.\d\d\. Trykk «Lagre»")
# What this browser has that the server has not.
IN_BROWSER = "() => Object.keys(localStorage).filter((key) => key.startsWith('tekst:')).length"

TO_THE_END = "({editor}) => { editor.commands.focus('end'); editor.view.focus(); }"


def state(page: Page) -> Locator:
    """The line beside the button."""
    return page.locator("#side_lagring [data-said]")


def write(page: Page, text: str) -> None:
    """Write on at the end of the text."""
    # A click moves the caret a moment later, and would take it away from the end again.
    field(page).evaluate(TO_THE_END)
    expect(field(page)).to_be_focused()
    page.keyboard.type(text)


def stored() -> str:
    text = Clause.objects.get(agreement__slug=SLUG, key="formaal").text
    connection.close()
    return text


def drafts() -> list[str]:
    found = list(ClauseDraft.objects.values_list("text", flat=True))
    connection.close()
    return found


def unplug(page: Page) -> None:
    """Take the network away, once the page has all it came with."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


def leave(page: Page, address: str = "/") -> None:
    """Go away with text that is not saved."""

    def yes(dialog: Dialog) -> None:
        dialog.accept()

    page.on("dialog", yes)
    page.goto(address)
    page.remove_listener("dialog", yes)


def test_what_is_written_is_kept_without_losing_the_caret(open_as: Open) -> None:
    page, before = open_as("editor", ADDRESS), stored()
    write(page, " Og mer,")
    expect(state(page)).to_have_text(KEPT)
    page.keyboard.type(" og enda mer.")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_contain_text("Og mer, og enda mer.")
    page.wait_for_function("() => !Object.keys(localStorage).some((k) => k.startsWith('tekst:'))")
    assert drafts()[0].endswith("Og mer, og enda mer.")
    assert stored() == before
    examine(page)


def test_what_cannot_be_saved_is_said_while_somebody_writes(open_as: Open) -> None:
    page = open_as("editor", ADDRESS)
    write(page, " {{ finnes.ikke }}")
    expect(page.locator("[data-errors]")).to_contain_text("finnes.ikke }} finnes ikke")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Control+z")
    leave(page)


def test_a_begun_text_is_offered_saved_and_then_gone(open_as: Open) -> None:
    page = open_as("editor", ADDRESS)
    write(page, " Påbegynt.")
    expect(state(page)).to_have_text(KEPT)
    leave(page)
    page.goto(ADDRESS)
    expect(page.get_by_role("heading", name="Du har en påbegynt tekst")).to_be_visible()
    expect(field(page)).to_contain_text("Påbegynt.")
    page.get_by_text("Vis hva du har endret").click()
    expect(page.locator(".difference ins").last).to_contain_text("Påbegynt.")
    examine(page)
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_text("er lagret.")).to_be_visible()
    assert stored().endswith("Påbegynt.")
    assert drafts() == []
    page.goto(ADDRESS)
    expect(field(page)).to_contain_text("Påbegynt.")
    expect(page.get_by_text("Du har en påbegynt tekst")).to_be_hidden()


def test_closing_warns_also_when_the_draft_is_kept(open_as: Open) -> None:
    page = open_as("editor", ADDRESS)
    write(page, " Ikke i avtalen.")
    expect(state(page)).to_have_text(KEPT)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Avbryt").click()
    assert asked == ["beforeunload"]
    expect(field(page)).to_contain_text("Ikke i avtalen.")


def test_without_a_network_the_text_waits_in_the_browser(open_as: Open) -> None:
    page = open_as("editor", ADDRESS)
    unplug(page)
    write(page, " Skrevet på hytta.")
    expect(state(page)).to_contain_text("Ikke lagret – du er uten nett.")
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(field(page)).to_contain_text("Skrevet på hytta.")
    assert page.evaluate(IN_BROWSER) == 1
    assert drafts() == []
    page.context.set_offline(False)
    expect(state(page)).to_have_text(KEPT)
    assert page.evaluate(IN_BROWSER) == 0
    assert drafts()[0].endswith("Skrevet på hytta.")


def test_a_text_that_was_not_sent_is_offered_when_one_comes_back(open_as: Open) -> None:
    page = open_as("editor", ADDRESS)
    unplug(page)
    write(page, " Lukket uten nett.")
    expect(state(page)).to_contain_text("uten nett")
    page.evaluate("() => window.stop()")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(ADDRESS)
    expect(again.get_by_role("heading", name="Du har en påbegynt tekst")).to_be_visible()
    expect(field(again)).to_contain_text("Lukket uten nett.")
    assert again.evaluate(IN_BROWSER) == 0


def test_a_text_that_was_not_sent_and_another_one_kept_elsewhere(open_as: Open) -> None:
    """Neither is lost: the person sees the difference, and chooses."""
    here = open_as("editor", ADDRESS)
    unplug(here)
    write(here, " Skrevet her.")
    here.close(run_before_unload=False)
    there = open_as("editor", ADDRESS)
    write(there, " Skrevet der.")
    expect(state(there)).to_have_text(KEPT)
    here.context.set_offline(False)
    again = here.context.new_page()
    again.goto(ADDRESS)
    offer = again.locator("[data-offered=found]")
    expect(offer).to_contain_text("Nettleseren har en tekst som ikke ble sendt")
    expect(offer.locator("ins")).to_contain_text("her")
    expect(field(again)).to_contain_text("Skrevet der.")
    examine(again)
    again.get_by_role("button", name="Bruk teksten fra nettleseren").click()
    expect(field(again)).to_contain_text("Skrevet her.")
    expect(field(again)).not_to_contain_text("Skrevet der.")


def test_two_tabs_of_one_person_do_not_write_over_each_other(open_as: Open) -> None:
    one = open_as("editor", ADDRESS)
    other = one.context.new_page()
    other.goto(ADDRESS)
    write(one, " Den ene.")
    expect(state(one)).to_have_text(KEPT)
    write(other, " Den andre.")
    expect(state(other)).to_contain_text("i en annen fane eller nettleser")
    assert drafts()[0].endswith("Den ene.")
    other.get_by_role("button", name="Ta vare på teksten her i stedet").click()
    expect(state(other)).to_have_text(KEPT)
    assert drafts()[0].endswith("Den andre.")


def test_logged_out_while_writing(open_as: Open, watcher: Watcher) -> None:
    """The text stays, and is sent when the person has logged in again; never for somebody else."""
    page = open_as("editor", ADDRESS)
    page.context.clear_cookies()
    write(page, " Etter at økten var ute.")
    expect(state(page)).to_contain_text("Ikke lagret – ")
    expect(state(page)).to_contain_text("tatt vare på i nettleseren")
    assert page.evaluate(IN_BROWSER) == 1
    stranger = open_as("other_editor", "/").context.cookies()
    page.context.add_cookies(stranger)
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_contain_text("noen andre er nå logget inn")
    other = page.context.new_page()
    other.goto(ADDRESS)
    expect(field(other)).not_to_contain_text("økten var ute")
    assert drafts() == []
    page.context.clear_cookies()
    page.context.add_cookies(open_as("editor", "/").context.cookies())
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(KEPT)
    assert drafts()[0].endswith("Etter at økten var ute.")
    # The reader's view beside the text asked while nobody was logged in, and was told so.
    assert all("403" in complaint for complaint in watcher.complaints)
    watcher.complaints.clear()


def test_logging_out_asks_about_text_that_only_the_browser_has(open_as: Open) -> None:
    page = open_as("editor", "/")
    user = page.locator("form[data-log-out]").get_attribute("data-log-out")
    page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({heading: 'A', text: 'B', at: Date.now()}))",
        f"tekst:{user}:{SLUG}/formaal",
    )
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Rita Redaktør").click()
    page.get_by_role("button", name="Logg ut").click()
    assert "som ikke er sendt" in asked[0]
    assert page.evaluate(IN_BROWSER) == 1
    page.context.clear_cookies()  # the session is everybody's in these tests: it is not ended
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_load_state()
    assert page.evaluate(IN_BROWSER) == 0


def test_two_people_at_once_from_the_warning_to_the_merged_text(open_as: Open) -> None:
    """By keyboard alone where the texts are merged."""
    theirs, mine = open_as("other_editor", ADDRESS), open_as("editor", ADDRESS)
    write(theirs, "\nDeres avsnitt til slutt.")
    expect(state(theirs)).to_have_text(KEPT)
    mine.get_by_label("Overskrift").fill("Mitt formål")
    expect(mine.locator("[data-writers]")).to_contain_text("holder på med dette punktet")
    theirs.get_by_role("button", name="Lagre", exact=True).click()
    expect(theirs.get_by_text("er lagret.")).to_be_visible()
    mine.get_by_label("Overskrift").press("End")
    mine.keyboard.type(" og mål")
    expect(state(mine)).to_contain_text("Noen andre har endret punktet")
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("heading", name="Noen andre lagret")).to_be_visible()
    examine(mine)
    tab_to(mine, "Bruk den flettede teksten")
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("heading", name="Skjemaet har nå den flettede teksten")).to_be_visible()
    expect(mine.get_by_label("Overskrift")).to_have_value("Mitt formål og mål")
    expect(field(mine)).to_contain_text("Deres avsnitt til slutt.")
    examine(mine)
    tab_to(mine, "Lagre")
    mine.keyboard.press("Enter")
    expect(mine.get_by_text("«Mitt formål og mål» er lagret.")).to_be_visible()
    assert stored().endswith("Deres avsnitt til slutt.")
    assert drafts() == []


def test_a_conflict_in_the_same_words_is_shown_side_by_side(open_as: Open) -> None:
    theirs, mine = open_as("other_editor", ADDRESS), open_as("editor", ADDRESS)
    for page, heading in ((theirs, "Deres formål"), (mine, "Mitt mål")):
        page.get_by_label("Overskrift").fill(heading)
        page.get_by_label("Overskrift").press("Enter")
    expect(mine.get_by_role("heading", name="Dere har endret de samme ordene")).to_be_visible()
    examine(mine)
    expect(mine.get_by_role("button", name="Flett")).to_have_count(0)  # there is nothing else
    mine.get_by_role("button", name="Behold den andres").click()
    expect(mine.get_by_label("Overskrift")).to_have_value("Deres formål")

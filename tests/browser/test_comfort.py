"""What JavaScript adds: a table that follows what is typed, and a warning before work is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.addresses import SLUG, Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]


@pytest.fixture
def alternative(open_as: Open, keys: dict[str, str]) -> Page:
    """The page of Alternativ 1, where the municipalities pay 14,50 for each inhabitant."""
    return open_as("editor", Visit("alternative", (SLUG, "{first}")).address(keys))


def type_rate(page: Page, text: str) -> None:
    """Replace the municipalities' rate, as a person does it: key by key."""
    field = page.get_by_role("group", name="Regel 1").get_by_label("Sats per innbygger")
    field.fill("")
    field.press_sequentially(text)


def hole(page: Page) -> str:
    """Return what Hole pays the first year, with ordinary spaces."""
    row = page.locator("#tabell tr").filter(has=page.get_by_role("rowheader", name="Hole"))
    return row.get_by_role("cell").nth(2).inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_the_table_follows_the_rate_and_nothing_is_saved(alternative: Page, open_as: Open) -> None:
    assert hole(alternative) == "102 442,50"
    type_rate(alternative, "16,50")
    expect(alternative.locator("#tabell")).to_contain_text("116\N{NO-BREAK SPACE}572,50")
    assert hole(alternative) == "116 572,50"
    assert hole(open_as("editor", alternative.url)) == "102 442,50"


def test_what_cannot_be_calculated_is_said_in_words(alternative: Page) -> None:
    type_rate(alternative, "12,3,4")
    preview = alternative.locator("#tabell")
    expect(preview.get_by_role("heading", name="Kan ikke regne ut")).to_be_visible()
    expect(preview.get_by_role("listitem")).to_contain_text("Sats per innbygger")
    type_rate(alternative, "16,50")
    expect(preview.get_by_role("heading", name="Kan ikke regne ut")).to_be_hidden()
    expect(preview).to_contain_text("116\N{NO-BREAK SPACE}572,50")


def test_all_years_of_the_table_show_beside_the_form(alternative: Page) -> None:
    region = alternative.locator("#tabell .table-region")
    assert region.evaluate("(region) => region.scrollWidth <= region.clientWidth")


def add(page: Page, text: str) -> None:
    """Write on at the end of the heading."""
    page.get_by_label("Overskrift").press("End")
    page.keyboard.type(text)


def leave_and_stay(page: Page) -> list[str]:
    """Follow the link away, say no to leaving, and return the questions that were asked."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Avbryt").click()
    return asked


def test_leaving_typed_text_is_warned_of(open_as: Open, keys: dict[str, str]) -> None:
    page = open_as("editor", Visit("clause", (SLUG, "{clause}")).address(keys))
    add(page, " som nesten ble borte")
    assert leave_and_stay(page) == ["beforeunload"]
    expect(page.get_by_label("Overskrift")).to_have_value("Parter som nesten ble borte")


def test_a_calculated_preview_is_still_unsaved(alternative: Page) -> None:
    type_rate(alternative, "16,50")
    expect(alternative.locator("#tabell")).to_contain_text("116\N{NO-BREAK SPACE}572,50")
    assert leave_and_stay(alternative) == ["beforeunload"]


def test_saving_and_leaving_untouched_is_not_warned_of(open_as: Open, keys: dict[str, str]) -> None:
    page = open_as("editor", Visit("clause", (SLUG, "{clause}")).address(keys))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Avbryt").click()
    page.wait_for_url("**/tekst/#*")
    page.go_back()
    add(page, " og mer")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("«Parter og mer» er lagret.")).to_be_visible()
    assert asked == []


def test_what_if_answers_while_somebody_switches_and_types(
    open_as: Callable[..., Page], keys: dict[str, str]
) -> None:
    """Hole leaves, the rate goes up, and nothing is stored by it."""
    address = Visit("what-if", (SLUG, "{first}")).address(keys)
    page = open_as("director", address)
    result = page.locator("#resultat")
    page.get_by_label("Med i beregningen, Hole").uncheck()
    expect(result).to_contain_text("1\u00a0114\u00a0700,00")
    page.get_by_label("Sats per innbygger").first.fill("17,04")
    expect(result).to_contain_text("1\u00a0256\u00a0266,90")
    page.get_by_label("Sats per innbygger").first.fill("1,2,3")
    expect(result).to_contain_text("bare sifre")
    page.goto(address)
    expect(result).to_contain_text("1\u00a0256\u00a0000,00")


def test_the_comparison_changes_without_a_new_page(
    open_as: Callable[..., Page], keys: dict[str, str]
) -> None:
    page = open_as("editor", Visit("economy", (SLUG,)).address(keys))
    compared = page.locator("#sammenligning")
    expect(compared).to_contain_text("I dag (2025)")
    page.get_by_label("Vis").select_option("innbygger")
    expect(compared).to_contain_text("kroner per innbygger er avrundet", ignore_case=True)
    page.get_by_label("År").select_option("alle")
    expect(compared).to_contain_text("kroner per innbygger er avrundet", ignore_case=True)

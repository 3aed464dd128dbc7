"""The checklist's choices: edited where they are read, and on a page of their own without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]
SERVICES = f"/avtaler/{SLUG}/tjenester/"
LINE = "#temakurs"


def test_a_line_opens_and_closes_where_it_is_read(open_as: Open) -> None:
    page = open_as("editor", SERVICES)
    page.locator(LINE).get_by_role("link", name="Endre valg").click()
    line = page.locator(LINE)
    line.get_by_label("Modum", exact=True).select_option("bought")
    line.get_by_label("Modum, Pris per år").fill("50 000")
    line.get_by_label("Hole, Pris per år").fill("5")
    line.get_by_role("button", name="Lagre").click()
    expect(line).to_contain_text("Hole kjøper ikke tjenesten i tillegg")
    line.get_by_label("Hole, Pris per år").fill("")
    line.get_by_role("button", name="Lagre").click()
    expect(line).to_contain_text("50\N{NO-BREAK SPACE}000,00 kr")
    assert page.url.endswith("/tjenester/")
    expect(line.get_by_role("link", name="Endre valg")).to_be_focused()


def test_without_javascript_a_line_has_its_own_page(open_as: Open) -> None:
    page = open_as("editor", SERVICES, width=320, java_script_enabled=False)
    page.locator(LINE).get_by_role("link", name="Endre valg").click()
    expect(page).to_have_url(re.compile(r"/tjenester/temakurs/valg/$"))
    page.get_by_role("group", name="Modum").get_by_label("Valg").select_option("out")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator(LINE)).to_contain_text("Ikke med")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_line_is_moved_by_its_button(open_as: Open, javascript: bool) -> None:
    page = open_as("editor", SERVICES, java_script_enabled=javascript)
    rows = page.locator("table").filter(has=page.locator(LINE)).locator("tbody tr")
    before = [row.get_attribute("id") for row in rows.all()]
    assert before.index(LINE[1:]) < len(before) - 1
    page.locator(LINE).get_by_role("button", name="ned").click()
    expect(page).to_have_url(re.compile(r"/tjenester/#temakurs$"))
    after = [row.get_attribute("id") for row in rows.all()]
    place = before.index(LINE[1:])
    before[place], before[place + 1] = before[place + 1], before[place]
    assert after == before

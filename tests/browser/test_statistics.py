"""Fetching from Statistics Norway in a browser: it goes on by itself, and without JavaScript by a button."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from municipalities.models import Municipality
from tests import statistics_server
from tests.browser.conftest import log_in
from tests.browser.watching import examine
from tests.statistics_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]


@pytest.fixture
def server(own_database: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    described = statistics_server.country(dict(Municipality.objects.values_list("number", "name")))
    described.quarter = "2025K1"
    with statistics_server.serving(described) as running:
        statistics_server.use(settings, monkeypatch, running)
        yield running


def begin(page: Page) -> None:
    """Drop what is open, and start."""
    page.goto("/kommuner/hent-fra-ssb/")
    page.get_by_role("link", name="Fortsett med hentingen").click()
    page.get_by_role("button", name="Forkast").click()
    page.get_by_role("link", name="Hent fra SSB").click()
    page.get_by_role("button", name="Hent").click()


def test_it_goes_on_by_itself(server: Server, open_as: Callable[..., Page], site: str) -> None:
    server.faults = {"131": [(429, {"Retry_After": "1"})], "changes-104": ["html"]}
    page = open_as("nobody")
    log_in(page, site, "operator")
    begin(page)
    expect(page.get_by_text("noe annet enn tall fra SSB")).to_be_visible(timeout=30_000)
    examine(page)
    assert server.asked.count("131") == 2
    page.get_by_role("button", name="Prøv igjen").click()
    expect(page.get_by_role("heading", name="Dette blir endret")).to_be_visible()


def test_the_button_does_it_without_javascript(
    server: Server, open_as: Callable[..., Page], site: str
) -> None:
    page = open_as("nobody", java_script_enabled=False)
    log_in(page, site, "operator")
    begin(page)
    for number in range(6):
        expect(page.get_by_text(f"{number} av 6 lister er hentet.")).to_be_visible()
        page.get_by_role("button", name="Hent neste liste").click()
    page.get_by_label("Jeg har kontrollert").check()
    page.get_by_role("button", name="Ta i bruk").click()
    expect(page.locator("#side_meldinger")).to_contain_text("Tallene er tatt i bruk")

"""The whole job without JavaScript: from a region to a draft that says what was decided, as a PDF."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]


def saved(page: Page, words: str) -> None:
    """See that the page says so."""
    expect(page.locator("#side_meldinger")).to_contain_text(words)


def tab(page: Page, name: str) -> None:
    """Go to another of the agreement's pages."""
    page.get_by_role("navigation", name="Avtalens sider").get_by_role("link", name=name).click()


def test_from_region_to_pdf(open_as: Callable[..., Page], site: str) -> None:
    page = open_as("nobody", java_script_enabled=False)
    log_in(page, site, "editor")

    page.get_by_role("link", name="Ny avtale").click()
    page.get_by_label("Tittel").fill("Avtale laget uten skript")
    page.get_by_role("button", name="Lag utkast").click()
    saved(page, "Utkastet er laget")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avtale laget uten skript")

    tab(page, "Tekst")
    page.get_by_role("link", name="Rediger punkt 2", exact=True).click()
    page.get_by_label("Overskrift").fill("Hvorfor vi samarbeider")
    page.get_by_label("Tekst", exact=True).fill("Fordi {{ region.navn }} er én region.")
    page.get_by_role("button", name="Lagre").click()
    saved(page, "«Hvorfor vi samarbeider» er lagret.")
    expect(page.get_by_text("Fordi Ringeriksregionen er én region.")).to_be_visible()
    page.get_by_role("button", name="Flytt punkt 2 opp").click()
    expect(page.get_by_role("heading", name="1 Hvorfor vi samarbeider")).to_be_visible()

    tab(page, "Parter")
    page.get_by_role("link", name="Rediger Ringerike kommune").click()
    page.get_by_label("Navn på den som signerer").fill("Ola Ordfører")
    page.get_by_role("button", name="Lagre").click()
    saved(page, "Ringerike kommune er lagret.")
    expect(page.get_by_text("Ola Ordfører")).to_be_visible()

    tab(page, "Økonomi")
    page.get_by_role("link", name="Endre Alternativ 1").click()
    rule = page.get_by_role("group", name="Regel 1")
    rule.get_by_label("Sats per innbygger").fill("16,50")
    page.get_by_role("button", name="Lagre").click()
    saved(page, "Alternativ 1 er lagret.")
    expect(page.get_by_role("cell", name="116\N{NO-BREAK SPACE}572,50").first).to_be_visible()
    choice = page.get_by_label("Alternativet avtalen følger")
    choice.select_option("Alternativ 1")
    page.get_by_role("button", name="Lagre valget").click()
    saved(page, "Valget er lagret.")

    tab(page, "Kontroll")
    expect(page.get_by_role("heading", name="Kontroll", level=2)).to_be_visible()
    expect(page.locator(".findings__item").first).to_be_visible()

    tab(page, "Dokumenter")
    for name in ("Avtalen (PDF)", "Bidragstabellen (PDF)"):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(str(address)).body().startswith(b"%PDF-")

    page.get_by_role("button", name="Rita Redaktør").click()
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()

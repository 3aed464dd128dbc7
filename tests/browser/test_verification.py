"""The page that checks a printed table, with an answer on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.watching import examine

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]
MISTAKES = Path(__file__).parents[1] / "data" / "printed_mistakes.txt"


@pytest.mark.parametrize(
    "change",
    [("", ""), ("\t67 863\t", "\tuavklart\t"), ("Sum 2028", "")],
    ids=["mistakes", "text", "no-year"],
)
def test_the_answer_to_a_pasted_table(
    tab_of: Callable[[str], Page], change: tuple[str, str]
) -> None:
    page = tab_of("editor")
    page.goto(reverse("verify-table"))
    text = MISTAKES.read_text(encoding="utf-8").replace(*change, 1)
    page.get_by_label("Tabellen", exact=True).fill(text)
    page.get_by_role("button", name="Kontroller tabellen").click()
    expect(page.locator("#resultat")).to_contain_text("beløp avviker")
    examine(page)
    page.locator("td.deviates a").first.click()
    expect(page.locator("tr:target")).to_have_count(1)

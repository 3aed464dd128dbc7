"""«Kopier tabellen»: what lands on the clipboard, and that it is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import SLUG

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
READ = """
async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (kind) => (await item.getType(kind)).text();
  return {html: await read("text/html"), text: await read("text/plain")};
}
"""
NO_EVENT = "() => { document.execCommand = () => false; }"
NO_INTERFACE = "() => Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.fixture
def text_page(open_as: Open) -> Page:
    return open_as(
        "editor",
        f"/avtaler/{SLUG}/tekst/",
        permissions=["clipboard-read", "clipboard-write"],
    )


def copy(page: Page) -> None:
    page.get_by_role("button", name="Kopier tabellen").click()
    expect(page.get_by_text("Tabellen er kopiert.")).to_be_visible()


def holds_the_table(copied: dict[str, Any]) -> None:
    lines = copied["text"].splitlines()
    assert lines[0].split("\t") == [
        *("Bidragsyter", "Innbyggere", "Kroner per innbygger"),
        *("2026", "2027", "2028"),
    ]
    hole = "Hole\t7\u00a0065\t14,50\t102\u00a0442,50\t106\u00a0642,64\t111\u00a0014,99"
    assert hole in lines
    assert lines[-1].startswith("Sum uten ubekreftede bidrag\t\t\t1\u00a0217\u00a0263,50")
    assert {line.count("\t") for line in lines} == {5}
    html = copied["html"]
    assert html.count("<tr>") == len(lines)
    assert "class=" not in html
    assert "<svg" not in html
    cell = re.search(r"<td[^>]*>102(?:\u00a0|&nbsp;)442,50</td>", html)
    assert cell
    assert 'align="right"' in cell.group()


def test_the_clipboard_has_the_table_for_word_and_for_a_spreadsheet(text_page: Page) -> None:
    copy(text_page)
    copied = text_page.evaluate(READ)
    holds_the_table(copied)
    assert "border:1px solid" in copied["html"].replace("border: ", "border:")


def test_without_the_copy_event_the_clipboard_interface_does(text_page: Page) -> None:
    text_page.evaluate(NO_EVENT)
    copy(text_page)
    copied = text_page.evaluate(READ)
    holds_the_table(copied)
    assert '<table border="1"' in copied["html"]


def test_without_the_clipboard_interface_the_copy_event_does(text_page: Page) -> None:
    text_page.evaluate(
        "() => { window.read = navigator.clipboard.read.bind(navigator.clipboard); }"
    )
    text_page.evaluate(NO_INTERFACE)
    copy(text_page)
    holds_the_table(text_page.evaluate(READ.replace("navigator.clipboard.read", "window.read")))


def test_where_copying_is_refused_the_table_is_marked(text_page: Page) -> None:
    text_page.evaluate(NO_EVENT)
    text_page.evaluate(NO_INTERFACE)
    text_page.get_by_role("button", name="Kopier tabellen").click()
    expect(text_page.get_by_text("Nettleseren lot oss ikke kopiere.")).to_be_visible()
    assert "102\u00a0442,50" in text_page.evaluate("() => getSelection().toString()")


def test_without_javascript_there_is_no_button(open_as: Open) -> None:
    page = open_as("editor", f"/avtaler/{SLUG}/tekst/", java_script_enabled=False)
    expect(page.locator("[data-copy-table]")).to_be_hidden()

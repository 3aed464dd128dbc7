"""The editor of a clause's text as tests use it: its field, what would be sent, and its clipboard."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Dialog, Locator, Page

from tests.browser.addresses import SLUG, Visit

NEW = Visit("new-clause", (SLUG,))
PASTE = """
(field, {html, text}) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (text) data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  field.dispatchEvent(paste);
}
"""


def field(page: Page) -> Locator:
    """The text that is edited: what the label leads to."""
    return page.get_by_label("Tekst", exact=True)


def sent(page: Page) -> str:
    """What the form's field holds."""
    return page.locator("textarea[name=text]").input_value()


def paste(page: Page, html: str = "", text: str = "") -> None:
    """Paste at the cursor, as another program would have put it on the clipboard."""
    field(page).evaluate(PASTE, {"html": html, "text": text})


def begin(page: Page) -> None:
    """Open an empty editor with the cursor in it."""
    page.goto(NEW.address({}))
    field(page).click()


def forget(page: Page) -> None:
    """Leave the page and say yes to leaving what was typed."""

    def leave(dialog: Dialog) -> None:
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/")
    page.remove_listener("dialog", leave)


def evaluate(page: Page, script: str, argument: Any) -> Any:
    """Run a script with the editor's own modules: `paste`, `read`, `write` and `schema`.

    They come out of the page's cache. The document that is asked about is never typed in, so that
    hundreds can be tried in a second.
    """
    modules = """
      const [paste, read, write] = await Promise.all(
        ["paste", "read", "write"].map((name) => import(`/static/js/editor/${name}.js`)));
      const {schema} = document.querySelector(".editor__text").editor;
      const facts = JSON.parse(document.getElementById("editor_data").textContent).facts;
      const isBlock = (name) => facts.some((fact) => fact.isBlock && fact.name === name);
      const given = JSON.parse(text);
    """
    return page.evaluate(f"async (text) => {{ {modules} {script} }}", json.dumps(argument))

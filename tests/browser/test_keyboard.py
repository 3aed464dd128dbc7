"""The program without a mouse: getting past the menus, around in the text, and through a conflict."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import SLUG, Visit

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Read = Callable[[str], Page]
TEXT = Visit("text", (SLUG,)).address({})
# Everything that can be reached, in the order it is written in the page.
REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility() && element.type !== "hidden")
  .map((element) => element.innerText || element.name)
"""
# Where the focus is, and whether it can be seen there.
FOCUSED = """
() => {
  const element = document.activeElement;
  const {outlineStyle, outlineWidth} = getComputedStyle(element);
  const {top, bottom} = element.getBoundingClientRect();
  return {
    name: element.innerText || element.name,
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    inView: bottom > 0 && top < innerHeight,
  };
}
"""


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the focus is on the thing whose name, or label, begins like this."""
    wanted = """(name) => {
      const element = document.activeElement;
      const words = [element.innerText, element.labels?.[0]?.innerText];
      return words.some((text) => text?.trim().startsWith(name));
    }"""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(wanted, name):
            return
    raise AssertionError(f"{name!r} is not reached by {most} presses of Tab")


def test_the_skip_link_leads_past_the_menus(tab_of: Read) -> None:
    page = tab_of("editor")
    page.goto(TEXT)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til hovedinnholdet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_the_menus(tab_of: Read) -> None:
    page = tab_of("editor")
    page.goto("/")
    tab_to(page, "Kommuner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kommuner", level=1)).to_be_visible()
    tab_to(page, "Rita Redaktør")
    out = page.get_by_role("button", name="Logg ut")
    expect(out).to_be_hidden()
    page.keyboard.press("Enter")
    expect(out).to_be_visible()
    tab_to(page, "Min konto", most=2)
    tab_to(page, "Logg ut", most=1)
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(page.get_by_role("button", name="Rita Redaktør")).to_be_focused()


def test_the_order_on_the_text_page_is_the_order_one_reads_in(tab_of: Read) -> None:
    page = tab_of("editor")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(TEXT)
    expected = page.evaluate(REACHABLE)[:60]
    for name in expected:
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == {"name": name, "outlined": True, "inView": True}


def test_the_contents_list_leads_to_the_point(tab_of: Read) -> None:
    page = tab_of("editor")
    page.goto(TEXT)
    contents = page.get_by_role("navigation", name="Innhold")
    contents.get_by_role("link", name="Varighet").press("Enter")
    expect(page.get_by_role("heading", name="3 Varighet")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Rediger punkt 3", exact=True)).to_be_focused()


@pytest.mark.usefixtures("own_database")
def test_a_conflict_from_beginning_to_end(open_as: Open, keys: dict[str, str]) -> None:
    address = Visit("clause", (SLUG, "{clause}")).address(keys)
    theirs, mine = (open_as(who, address) for who in ("other_editor", "editor"))
    for page, words in ((theirs, "Deres"), (mine, "Mine")):
        tab_to(page, "Overskrift")
        page.keyboard.press("Control+a")
        page.keyboard.type(f"{words} parter")
        page.keyboard.press("Enter")
    expect(theirs.get_by_text("«Deres parter» er lagret.")).to_be_visible()
    expect(mine.get_by_role("heading", name="Noen andre lagret")).to_be_visible()
    tab_to(mine, "Lagre min tekst likevel")
    mine.keyboard.press("Enter")
    expect(mine.get_by_text("«Mine parter» er lagret.")).to_be_visible()

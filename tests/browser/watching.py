"""What a page must not do: break accessibility rules, scroll sideways, or complain to the console."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW, SMALLEST = 1280, 390, 320
HEIGHT = 900
RUN_AXE = """
async (standards) => {
  const found = await axe.run(document, {runOnly: standards, resultTypes: ["violations"]});
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
}
"""
# The widest thing is named, so that a failure says where to look.
TOO_WIDE = """
() => {
  const root = document.documentElement;
  const extra = root.scrollWidth - root.clientWidth;
  if (extra <= 0) return "";
  const culprits = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5)
    .map((element) => `${element.localName}.${element.className}`);
  return `${extra} px too wide: ${culprits.slice(0, 8).join(", ")}`;
}
"""

# A link to a field, and the label of a field, go to the first of two with the same id.
REPEATED_IDS = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
"""


# The console tells of most breaches of the policy; the event is there for each, in a frame too.
TELL_OF_BREACHES = """
document.addEventListener("securitypolicyviolation", (breach) => {
  console.error(`policy: ${breach.effectiveDirective} stopped ${breach.blockedURI}`);
});
"""


class Watcher:
    """Collects what the tabs of a browser complain of."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to this tab: its scripts, and its content security policy."""
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    def leave(self, page: Page) -> None:
        """Listen no more."""
        page.remove_listener("console", self._on_console)
        page.remove_listener("pageerror", self._on_error)

    def _on_error(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # Chromium reports every answer of 400 and more. A refused form and a page that is not there
        # are what the test asked for; a style sheet or a font that is missing is not.
        address = message.location["url"]
        refused = "status of 4" in message.text or address.endswith(("/feil/500/", "/feil/503/"))
        if refused and "/static/" not in address:
            return
        self.complaints.append(f"{message.text} ({address})")


@cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """Return axe's findings, one line for each element.

    The script comes in through the debugger, which the page's content security policy does not
    bind: the page is checked as people get it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe_source())
    found: Any = page.evaluate(RUN_AXE, STANDARDS)
    return list(found)


def too_wide(page: Page) -> str:
    """Say what makes the page scroll sideways; empty where nothing does."""
    return str(page.evaluate(TOO_WIDE))


def examine(page: Page) -> None:
    """Fail with all that is wrong with this page at any of the widths."""
    wrong = [f"id {name} is used twice" for name in page.evaluate(REPEATED_IDS)]
    for width in (NARROW, SMALLEST, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if extra := too_wide(page):
            wrong.append(f"{width} px: {extra}")
        if width != SMALLEST:
            wrong += [f"{width} px: {finding}" for finding in axe(page)]
    assert not wrong, "\n".join(wrong)

"""WeasyPrint, and nothing else: importing this module needs Pango and HarfBuzz on the machine.

Only `worker` uses it, in a process of its own.

Nothing but the assets named here can be read: WeasyPrint's own fetcher would open any address or
file that a text could make it look at.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from agreements.documents.finisher import finish, is_mistakable, recorded

OWN = Path(__file__).parent / "assets"
NODE_MODULES = Path(os.environ.get("NODE_MODULES") or Path(__file__).parents[2] / "node_modules")
INTER = NODE_MODULES / "inter-ui/web"
ASSETS = {
    "fonts/Inter-Regular.woff2": "font/woff2",
    "fonts/Inter-SemiBold.woff2": "font/woff2",
    "utkast.svg": "image/svg+xml",
    "trukket-tilbake.svg": "image/svg+xml",
    "trekt-tilbake.svg": "image/svg+xml",
}
ATTEMPTS = 4  # one in a hundred files needs a second


class StaticOnly(URLFetcher):
    """Serves `static:name` for the assets above and refuses every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=frozenset(), allow_redirects=False)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return an asset; ValueError for anything else."""
        scheme, _, name = url.partition(":")
        if scheme != "static" or name not in ASSETS:
            raise ValueError(f"blocked address: {url[:80]}")
        return URLFetcherResponse(url, body=asset(name), headers={"Content-Type": ASSETS[name]})


@cache
def asset(name: str) -> bytes:
    """Return the content of an asset; OSError where it is not installed."""
    folder, _, file = name.rpartition("/")
    path = INTER / file if folder == "fonts" else OWN / name
    return path.read_bytes()


@cache
def style() -> tuple[CSS, FontConfiguration]:
    """Read the style sheet and the fonts, once: unpacking woff2 costs as much as a whole document.

    OSError where a font is not installed.
    """
    for name in ASSETS:
        asset(name)  # WeasyPrint only warns about a font it cannot read, and takes another
    fonts = FontConfiguration()
    css = CSS(
        string=(OWN / "print.css").read_text(encoding="utf-8"),
        font_config=fonts,
        url_fetcher=StaticOnly(),
    )
    return css, fonts


def write(html: str, field_names: Sequence[str] = ()) -> bytes:
    """Render a complete HTML page to an archivable, accessible PDF with the project's print style.

    Check boxes in the page become the signature fields `field_names`; any other field is an error.
    """
    content = b""
    for spare in range(ATTEMPTS):
        content = _write(html, field_names, spare)
        if not is_mistakable(content):
            break
    return content


def _write(html: str, field_names: Sequence[str], spare: int) -> bytes:
    """Render once. `spare` empty objects more in the file change nothing but how it is packed."""
    css, fonts = style()
    with recorded() as boxes:
        finisher = partial(finish, boxes=boxes, field_names=field_names, spare=spare)
        content: bytes = HTML(string=html, url_fetcher=StaticOnly()).write_pdf(
            stylesheets=[css],
            font_config=fonts,
            pdf_variant="pdf/a-2a",
            output_intent="",  # the finisher gives it
            pdf_forms=bool(field_names),
            finisher=finisher,
        )
    return content

"""The agreement: front page, numbered points with the contribution table, one signature block per party."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from agreements.documents import check, renderer
from agreements.documents.words import WORDS
from agreements.domain import canonical
from agreements.domain.document import Document
from agreements.domain.resolve import resolve, table_notes
from financing.bands import bands

HASH_SHOWN = 12  # characters of the SHA-256 in the footer
TITLE_SHOWN = 100  # characters of the title at the top of a page


def stamp(document: Document) -> str:
    """Return what the footer of every page says about the content: state and start of its SHA-256."""
    words = WORDS[document.language]
    return f"{words.draft} · {words.content_hash} {canonical.sha256(document)[:HASH_SHOWN]}"


def shorten(title: str) -> str:
    """Return what the top of every page has room for on one line."""
    return title if len(title) <= TITLE_SHOWN else title[: TITLE_SHOWN - 1].rstrip() + "…"


def context(document: Document, check_address: str = "") -> dict[str, Any]:
    """What the templates of every document are filled with. `check_address`: see `check`."""
    financing = document.financing
    return {
        "document": document,
        "notes": table_notes(document),
        "bands": bands(financing.table, document.language) if financing else (),
        "words": WORDS[document.language],
        "stamp": stamp(document),
        "running_title": shorten(document.title),
        **check.parts(check_address, WORDS[document.language].check_code),
    }


def agreement_html(document: Document, check_address: str = "") -> str:
    """Return the page that is rendered, so that its content can be tested without a PDF."""
    filled = context(document, check_address) | {"resolved": resolve(document)}
    return set_type(render_to_string("agreements/document/agreement.html", filled))


def set_type(html: str) -> str:
    """Keep the sign of a paragraph on the line of its number: «§ 13» is never parted."""
    return html.replace("§ ", "§\u00a0")


def agreement_pdf(document: Document, check_address: str = "") -> bytes:
    """Render the agreement as a draft. PdfError where that cannot be done."""
    return renderer.pdf(agreement_html(document, check_address))

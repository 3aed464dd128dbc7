"""The contribution table on its own, with everything that must be known to check it."""

from __future__ import annotations

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import context, set_type
from agreements.domain.document import Document
from financing.bands import bands


def contributions_html(document: Document, check_address: str = "") -> str:
    """Return the page that is rendered; ValueError where no alternative is chosen."""
    if document.financing is None:
        raise ValueError("the document has no contribution table")
    with_bars = bands(document.financing.table, document.language, bars=True)
    filled = context(document, check_address) | {"bands": with_bars}
    return set_type(render_to_string("agreements/document/contributions.html", filled))


def contributions_pdf(document: Document, check_address: str = "") -> bytes:
    """Render the table as a draft. ValueError as above, PdfError where it cannot be done."""
    return renderer.pdf(contributions_html(document, check_address))

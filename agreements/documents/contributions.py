"""The contribution table on its own, with everything that must be known to check it."""

from __future__ import annotations

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import stamp
from agreements.documents.words import WORDS
from agreements.domain.document import Document
from agreements.domain.resolve import table_notes


def contributions_html(document: Document) -> str:
    """Return the page that is rendered; ValueError where no alternative is chosen."""
    if document.financing is None:
        raise ValueError("the document has no contribution table")
    return render_to_string(
        "agreements/document/contributions.html",
        {
            "document": document,
            "notes": table_notes(document),
            "words": WORDS[document.language],
            "stamp": stamp(document),
        },
    )


def contributions_pdf(document: Document) -> bytes:
    """Render the table as a draft."""
    return renderer.pdf(contributions_html(document))

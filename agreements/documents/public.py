"""A public version on paper: what the public may see, and by which provisions the rest is withheld.

Only a View is printed here, never the Document it was made of: what is withheld cannot reach the file.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from agreements.documents import check, renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.issue import Issue
from agreements.documents.words import WORDS
from agreements.domain import redaction
from agreements.domain.public_view import View, plain
from financing.words import table_words


def table_context(view: View) -> dict[str, Any]:
    """What the table of a view is printed with, on paper and on a page."""
    return {
        "public_table": view.table,
        "table_words": table_words(view.language.value),
        "short": redaction.WORDS[view.language].short,
    }


def public_html(view: View, issue: Issue) -> str:
    """Return the page that is rendered, so that its content can be tested without a PDF."""
    words = WORDS[view.language]
    title = plain(view.title)
    filled: dict[str, Any] = {
        "document": view,
        "title": title,
        "words": words,
        **table_context(view),
        "kinds": [(words.withheld_kinds[one.kind], one) for one in view.withheld],
        "issue": issue,
        "state": issue.state(view.language),
        "stamp": issue.stamp(view.language),
        "running_title": shorten(title),
        **check.parts(check.address(issue.base_address, issue.sha256), words.check_code),
    }
    return set_type(render_to_string("agreements/document/public.html", filled))


def public_pdf(view: View, issue: Issue) -> bytes:
    """Render the public version. PdfError where that cannot be done."""
    return renderer.pdf(public_html(view, issue))

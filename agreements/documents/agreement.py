"""The agreement: front page, numbered points with the contribution table, one signature block per party."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from agreements.documents import check, renderer, signers
from agreements.documents.issue import Issue
from agreements.documents.word.file import shorten as shorten
from agreements.documents.words import WORDS
from agreements.domain.document import Document
from agreements.domain.resolve import resolve, table_notes
from financing.bands import bands
from municipalities import characters


def context(document: Document, issue: Issue) -> dict[str, Any]:
    """What the templates of every document are filled with."""
    financing = document.financing
    check_address = check.address(issue.base_address, issue.sha256)
    return {
        "document": document,
        "notes": table_notes(document),
        "bands": bands(financing.table, document.language) if financing else (),
        "words": WORDS[document.language],
        "issue": issue,
        "state": issue.state(document.language),
        "stamp": issue.stamp(document.language),
        "running_title": shorten(document.title),
        **check.parts(check_address, WORDS[document.language].check_code),
    }


def agreement_html(document: Document, issue: Issue) -> str:
    """Return the page that is rendered, so that its content can be tested without a PDF."""
    filled = context(document, issue) | {"resolved": resolve(document)}
    return set_type(render_to_string("agreements/document/agreement.html", filled))


def set_type(html: str) -> str:
    """Keep the sign of a paragraph on the line of its number: «§ 13» is never parted.

    What the font lacks is printed as its code; forms refuse it and the check finds it, but the record,
    a draft or a version from before may hold it.
    """
    return characters.spelled_out(html.replace("§ ", "§\u00a0"))


def agreement_pdf(document: Document, issue: Issue) -> bytes:
    """Render the agreement. PdfError where that cannot be done."""
    names = signers.field_names(document) if issue.signature_fields else []
    return renderer.pdf(agreement_html(document, issue), names)

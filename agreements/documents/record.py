"""The record of an agreement on paper: every event in order, with its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.issue import HASH_SHOWN
from agreements.documents.words import WORDS
from agreements.domain.document import Language


def record_html(
    title: str, region: str, lines: Sequence[Any], language: Language = Language.BOKMAL
) -> str:
    """Return the page that is rendered. `lines` are those of `record_lines`.

    The record itself is in bokmål; `language` is the agreement's, and so that of its title.
    """
    newest = lines[-1].hash if lines else ""
    filled = {
        "words": WORDS[Language.BOKMAL],
        "document": {"language": {"value": "nb"}},
        "title": title,
        "language": language.value,
        "region": region,
        "lines": lines,
        "newest": newest,
        "stamp": newest[:HASH_SHOWN],
        "running_title": shorten(title),
    }
    return set_type(render_to_string("agreements/document/record.html", filled))


def record_pdf(
    title: str, region: str, lines: Sequence[Any], language: Language = Language.BOKMAL
) -> bytes:
    """Render the record. PdfError where it cannot be done."""
    return renderer.pdf(record_html(title, region, lines, language))

"""The record of an agreement on paper: every event in order, with its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from agreements.documents import grids, renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.chapters import Chapter, Note, Report
from agreements.documents.word.content import GridRow
from agreements.documents.word.report import report_docx
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Language
from financing.export import HASH_SHOWN

HEADING = "Hendelser"
_LAST = "Hver hendelse har kontrollsummen (SHA-256) til den forrige. Den siste er {}."
_WIDTHS = (11.0, 42.0, 37.0, 46.0, 26.0)  # mm


def _newest(lines: Sequence[Any]) -> str:
    return str(lines[-1].hash) if lines else ""


def stamp(lines: Sequence[Any]) -> str:
    """What the foot of every page says: the start of the newest event's hash."""
    newest = _newest(lines)
    return f"Siste kontrollsum {newest[:HASH_SHOWN]}" if newest else "Ingen hendelser"


def record_html(
    title: str, region: str, lines: Sequence[Any], language: Language = Language.BOKMAL
) -> str:
    """Return the page that is rendered. `lines` are those of `record_lines`.

    The record itself is in bokmål; `language` is the agreement's, and so that of its title.
    """
    newest = _newest(lines)
    filled = {
        "words": WORDS[Language.BOKMAL],
        "document": {"language": {"value": "nb"}},
        "title": title,
        "language": language.value,
        "region": region,
        "lines": lines,
        "newest": newest,
        "stamp": stamp(lines),
        "running_title": shorten(title),
    }
    return set_type(render_to_string("agreements/document/record.html", filled))


def record_pdf(
    title: str, region: str, lines: Sequence[Any], language: Language = Language.BOKMAL
) -> bytes:
    """Render the record. PdfError where it cannot be done."""
    return renderer.pdf(record_html(title, region, lines, language))


def record_report(title: str, region: str, lines: Sequence[Any], language: Language) -> Report:
    """What its Word document is made of; arguments as above."""
    rows = [GridRow("head", ("Nr.", "Tidspunkt", "Hvem", "Hva", "Kontrollsum"))]
    for line in lines:
        who = f"{line.actor}, {line.organisation}" if line.organisation else line.actor
        what = f"{line.text} {line.aside}" if line.aside else line.text
        at = f"{line.at:%d.%m.%Y %H.%M.%S %z}"
        cells = (str(line.number), at, who, what, line.hash[:HASH_SHOWN])
        rows.append(GridRow("row", tuple(map(markup.one_line, cells))))
    table = grids.worded(rows, HEADING, _WIDTHS)
    last = Note(_LAST.format(_newest(lines)))
    return Report(
        title=f"{HEADING}: {title}",
        language=Language.BOKMAL,
        stamp=stamp(lines),
        eyebrow=region,
        heading=title,
        facts=(),
        chapters=(Chapter("hendelser", HEADING, 1, (table, last)),),
        title_language=language,
    )


def record_docx(
    title: str, region: str, lines: Sequence[Any], language: Language = Language.BOKMAL
) -> bytes:
    """Return the record as a Word document."""
    return report_docx(record_report(title, region, lines, language))

"""The contribution table on its own, with everything that must be known to check it."""

from __future__ import annotations

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import context, set_type
from agreements.documents.chapters import Chapter, Note, Report
from agreements.documents.issue import Issue
from agreements.documents.word import content
from agreements.documents.word.report import report_docx
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Document
from agreements.domain.wording import table_notes
from financing.bands import bands
from financing.words import table_words


def contributions_html(document: Document, issue: Issue) -> str:
    """Return the page that is rendered; ValueError where no alternative is chosen."""
    if document.financing is None:
        raise ValueError("the document has no contribution table")
    with_bars = bands(document.financing.table, document.language, bars=True)
    filled = context(document, issue) | {"bands": with_bars}
    return set_type(render_to_string("agreements/document/contributions.html", filled))


def contributions_pdf(document: Document, issue: Issue) -> bytes:
    """Render the table. ValueError as above, PdfError where it cannot be done."""
    return renderer.pdf(contributions_html(document, issue))


def contributions_report(document: Document, issue: Issue) -> Report:
    """What its Word document is made of. ValueError as above."""
    if document.financing is None:
        raise ValueError("the document has no contribution table")
    table, language = document.financing.table, document.language
    words, name = WORDS[language], markup.one_line(table.alternative)
    made = (
        content.contributions(table, table_words(language), band, words.table)
        for band in bands(table, language.value)
    )
    notes = map(Note, table_notes(document))
    return Report(
        title=f"{words.table}: {document.title}",
        language=language,
        stamp=issue.stamp(language),
        eyebrow=issue.state(language),
        heading=words.table,
        facts=(("", f"{words.belongs_to} «{document.title}»."),),
        chapters=(Chapter("tabell", name, 1, (*made, *notes)),),
    )


def contributions_docx(document: Document, issue: Issue) -> bytes:
    """Return the table as a Word document. ValueError as above."""
    return report_docx(contributions_report(document, issue))

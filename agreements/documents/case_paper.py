"""The case paper (saksframlegg) as PDF, Word document and workbook, all from one CasePaper."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.case_paper_layout import chapters
from agreements.documents.case_paper_parts import Face, face
from agreements.documents.chapters import Report
from agreements.documents.excel.report import report_xlsx
from agreements.documents.word.report import report_docx
from agreements.documents.words import WORDS
from agreements.domain import canonical, markup
from agreements.domain.case_paper import CasePaper
from financing.export import HASH_SHOWN


def stamp(paper: CasePaper, top: Face) -> str:
    """What the footer of every page says: the state, and the hash of the agreement it is about."""
    digest = paper.frozen.sha256 if paper.frozen else canonical.sha256(paper.document)
    return f"{top.state} · {WORDS[paper.language].content_hash} {digest[:HASH_SHOWN]}"


def context(paper: CasePaper) -> dict[str, Any]:
    """What the templates of the page and of the PDF are filled with."""
    top = face(paper)
    title = f"{WORDS[paper.language].case_paper}: {paper.document.title}"
    if paper.recipient:
        title += f" ({paper.recipient.name})"
    return {
        "document": {"title": markup.one_line(title), "language": paper.language},
        "paper": paper,
        "face": top,
        "chapters": chapters(paper),
        "words": WORDS[paper.language],
        "stamp": stamp(paper, top),
        "running_title": shorten(markup.one_line(title)),
        "is_draft": not paper.frozen,
        "is_withdrawn": bool(paper.frozen and paper.frozen.withdrawn),
    }


def case_paper_html(paper: CasePaper) -> str:
    """Return the page that is rendered, so that its content can be tested without a PDF."""
    return set_type(render_to_string("agreements/document/case_paper.html", context(paper)))


def case_paper_pdf(paper: CasePaper) -> bytes:
    """Render the case paper. PdfError where it cannot be done."""
    return renderer.pdf(case_paper_html(paper))


def report(paper: CasePaper) -> Report:
    """What its Word document and its workbook are made of."""
    filled = context(paper)
    top = filled["face"]
    return Report(
        title=filled["document"]["title"],
        language=paper.language,
        stamp=filled["stamp"],
        eyebrow=top.eyebrow,
        heading=top.title,
        facts=top.keys,
        chapters=filled["chapters"],
    )


def case_paper_docx(paper: CasePaper) -> bytes:
    """Return the case paper as a Word document to go on writing in."""
    return report_docx(report(paper))


def case_paper_xlsx(paper: CasePaper) -> bytes:
    """Return the case paper as a workbook: its text, and each table on a sheet of its own."""
    return report_xlsx(report(paper), WORDS[paper.language].case_paper)

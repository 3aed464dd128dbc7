"""The case paper (saksframlegg) as PDF and as a Word document, both from one CasePaper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

from agreements.documents import renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.case_paper_layout import chapters
from agreements.documents.case_paper_parts import Chapter, Face, Note, face
from agreements.documents.issue import HASH_SHOWN
from agreements.documents.word import changes, package, parts
from agreements.documents.word.body import ChangeMark, Writer
from agreements.documents.word.content import (
    Block,
    BlockWriter,
    Grid,
    Kind,
    Para,
    Piece,
    Section,
)
from agreements.documents.words import WORDS
from agreements.domain import canonical, markup
from agreements.domain.case_paper import CasePaper


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
    }


def case_paper_html(paper: CasePaper) -> str:
    """Return the page that is rendered, so that its content can be tested without a PDF."""
    return set_type(render_to_string("agreements/document/case_paper.html", context(paper)))


def case_paper_pdf(paper: CasePaper) -> bytes:
    """Render the case paper. PdfError where it cannot be done."""
    return renderer.pdf(case_paper_html(paper))


def case_paper_docx(paper: CasePaper) -> bytes:
    """Return the case paper as a Word document to go on writing in, with headings that are not numbered."""
    filled = context(paper)
    top, language, words = filled["face"], paper.language.value, filled["words"]
    sections = [Section("", tuple(_face(top)))]
    writer = BlockWriter(paper.document)
    for chapter in filled["chapters"]:
        sections.append(Section(chapter.key, tuple(_chapter(chapter, writer))))
    body = Writer(ChangeMark("", ""), {}, contents=False)
    written = body.body(changes.unchanged(sections))
    files = {
        "word/document.xml": (
            f"{parts.HEAD}<w:document {parts.SPACES}><w:body>{written}{parts.section()}</w:body>"
            "</w:document>"
        ),
        "word/styles.xml": parts.styles(language, paper=True),
        "word/numbering.xml": parts.numbering(body.lists, numbered=False),
        "word/settings.xml": parts.settings(language),
        "word/header1.xml": parts.header(filled["running_title"]),
        "word/footer1.xml": parts.footer(filled["stamp"], words.page, words.of),
    }
    return package.pack(files, filled["document"]["title"], language)


def _face(top: Face) -> Iterator[Block]:
    yield _para(Kind.EYEBROW, top.eyebrow)
    yield _para(Kind.TITLE, top.title)
    for label, value in top.keys:
        yield _para(Kind.FRONT_LABEL, label)
        yield _para(Kind.FRONT, value)


def _chapter(chapter: Chapter, writer: BlockWriter) -> Iterator[Block]:
    yield Para(Kind.HEADING, (Piece(chapter.heading),), chapter.depth, key=chapter.key)
    before: object = None
    for block in chapter.blocks:
        match block:
            case Grid():
                if isinstance(before, Grid):
                    yield Para(Kind.SPACE, ())
                yield block
            case Note(text):
                if isinstance(before, Grid):
                    yield Para(Kind.SPACE, ())
                yield _para(Kind.NOTE, text)
            case _:
                if isinstance(before, Grid):
                    yield Para(Kind.SPACE, ())
                yield from writer.blocks((block,))
        before = block


def _para(kind: Kind, text: str) -> Para:
    line = markup.one_line(text)
    return Para(kind, (Piece(line),) if line else ())

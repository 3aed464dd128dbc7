"""A Report as a Word document to go on writing in, with headings that are not numbered. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.documents.chapters import Chapter, Note, Report
from agreements.documents.word import changes, file
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
from agreements.domain import markup


def report_docx(report: Report) -> bytes:
    """Return the file: the same Report gives the same bytes."""
    sections = [Section("", tuple(_top(report)))]
    blocks = BlockWriter(None)
    for chapter in report.chapters:
        sections.append(Section(chapter.key, tuple(_chapter(chapter, blocks))))
    writer = Writer(ChangeMark("", ""), {}, contents=False)
    body = writer.body(changes.unchanged(sections))
    foot = file.Foot(report.title, report.language, report.stamp)
    return file.packed(body, writer.lists, foot, numbered=False)


def _top(report: Report) -> Iterator[Block]:
    own = report.title_language
    lang = file.tag(own) if own is not None and own is not report.language else ""
    yield _para(Kind.EYEBROW, report.eyebrow)
    yield _para(Kind.TITLE, report.heading, lang)
    for label, value in report.facts:
        if label:
            yield _para(Kind.FRONT_LABEL, label)
        yield _para(Kind.FRONT, value)


def _chapter(chapter: Chapter, writer: BlockWriter) -> Iterator[Block]:
    yield Para(Kind.HEADING, (Piece(chapter.heading),), chapter.depth, key=chapter.key)
    before: object = None
    for block in chapter.blocks:
        if isinstance(before, Grid):
            yield Para(Kind.SPACE, ())
        match block:
            case Grid():
                yield block
            case Note(text):
                yield _para(Kind.NOTE, text)
            case _:
                yield from writer.blocks((block,))
        before = block


def _para(kind: Kind, text: str, lang: str = "") -> Para:
    line = markup.one_line(text)
    return Para(kind, (Piece(line, lang=lang),) if line else ())

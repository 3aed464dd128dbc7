"""The agreement as a Word document, alone or with what differs from another agreement as tracked changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agreements.documents.agreement import shorten
from agreements.documents.issue import draft
from agreements.documents.word import changes, content, package, parts, remarks
from agreements.documents.word.body import ChangeMark, Writer
from agreements.documents.word.remarks import Remark
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Document

__all__ = ["MEDIA_TYPE", "Remark", "agreement_docx", "changes_docx"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def agreement_docx(document: Document, comments: Sequence[Remark] = ()) -> bytes:
    """Return the draft as a Word document with real headings, numbers, lists and tables.

    Facts and references are filled in. Word counts the clauses itself, from the same tree.
    """
    marked = changes.unchanged(content.sections(document))
    return _file(document, marked, ChangeMark("", ""), comments, contents=True)


def changes_docx(
    before: Document,
    after: Document,
    author: str,
    when: datetime,
    comments: Sequence[Remark] = (),
) -> bytes:
    """Return `after` with what differs from `before` as tracked changes.

    With all changes refused in Word the text is that of `before`, with all made that of `after`.
    `author` and `when` are what Word says about each change.
    """
    marked = changes.compare(content.sections(before), content.sections(after))
    mark = ChangeMark(markup.one_line(author), remarks.stamp(when))
    return _file(after, marked, mark, comments, contents=False)


def _file(
    document: Document,
    marked: Sequence[changes.Marked],
    mark: ChangeMark,
    comments: Sequence[Remark],
    *,
    contents: bool,
) -> bytes:
    language, words = document.language.value, WORDS[document.language]
    keys = {
        item.para.key
        for item in marked
        if isinstance(item, changes.MarkedPara)
        and item.para.kind is content.Kind.HEADING
        and item.change is not changes.DELETED
    }
    places: dict[str, list[int]] = {}
    for number, above, remark in remarks.numbered(comments):
        if above is None:
            key = remark.clause_key if remark.clause_key in keys else ""
            places.setdefault(key, []).append(number)
    # A reply is fastened to the words of what it answers.
    threads = {number: above for number, above, _ in remarks.numbered(comments)}
    for number, above in threads.items():
        if above is not None:
            key = next(key for key, numbers in places.items() if above in numbers)
            places[key].append(number)
    writer = Writer(mark, places, contents)
    body = writer.body(marked)
    files = {
        "word/document.xml": (
            f"{parts.HEAD}<w:document {parts.SPACES}><w:body>{body}{parts.section()}</w:body>"
            "</w:document>"
        ),
        "word/styles.xml": parts.styles(language),
        "word/numbering.xml": parts.numbering(writer.lists),
        "word/settings.xml": parts.settings(language),
        "word/header1.xml": parts.header(shorten(markup.one_line(document.title))),
        "word/footer1.xml": parts.footer(
            draft(document).stamp(document.language), words.page, words.of
        ),
    }
    if comments:
        files["word/comments.xml"] = remarks.comments(comments)
        files["word/commentsExtended.xml"] = remarks.extended(comments)
    return package.pack(files, markup.one_line(document.title), language)

"""The agreement as a Word document, alone or with what differs from another agreement as tracked changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agreements.documents.issue import Issue, draft
from agreements.documents.word import changes, content, file, remarks
from agreements.documents.word.body import ChangeMark, Writer
from agreements.documents.word.file import MEDIA_TYPE
from agreements.documents.word.remarks import Remark
from agreements.domain import markup
from agreements.domain.document import Document

__all__ = ["MEDIA_TYPE", "Remark", "agreement_docx", "changes_docx"]


def agreement_docx(
    document: Document, comments: Sequence[Remark] = (), issue: Issue | None = None
) -> bytes:
    """Return the agreement as a Word document with real headings, numbers, lists and tables.

    Facts and references are filled in. Word counts the clauses itself, from the same tree. `issue` is
    in which capacity it is printed; without one it is a draft.
    """
    issued = issue or draft(document)
    marked = changes.unchanged(content.sections(document, issued.state(document.language)))
    return _file(document, issued, marked, ChangeMark("", ""), comments, contents=True)


def changes_docx(
    before: Document,
    after: Document,
    author: str,
    when: datetime,
    comments: Sequence[Remark] = (),
    issue: Issue | None = None,
) -> bytes:
    """Return `after` with what differs from `before` as tracked changes.

    With all changes refused in Word the text is that of `before`, with all made that of `after`.
    `author` and `when` are what Word says about each change, and `issue` in which capacity `after` is
    printed; without one it is a draft.
    """
    issue = issue or draft(after)
    was, now = issue.state(before.language), issue.state(after.language)
    marked = changes.compare(content.sections(before, was), content.sections(after, now))
    mark = ChangeMark(markup.one_line(author), remarks.stamp(when))
    return _file(after, issue, marked, mark, comments, contents=False)


def _file(
    document: Document,
    issue: Issue,
    marked: Sequence[changes.Marked],
    mark: ChangeMark,
    comments: Sequence[Remark],
    *,
    contents: bool,
) -> bytes:
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
    said = {
        "word/comments.xml": remarks.comments(comments),
        "word/commentsExtended.xml": remarks.extended(comments),
    }
    foot = file.Foot(document.title, document.language, issue.stamp(document.language))
    return file.packed(body, writer.lists, foot, numbered=True, more=said if comments else None)

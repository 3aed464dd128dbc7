"""Comments in a Word document, with their replies. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from agreements.documents.word.body import run
from agreements.documents.word.content import Piece
from agreements.documents.word.parts import HEAD, SPACES
from agreements.domain import markup


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a clause, or with an empty key on the whole agreement."""

    clause_key: str
    author: str
    when: datetime
    text: str
    replies: tuple[Remark, ...] = ()


def numbered(remarks: Sequence[Remark]) -> Iterator[tuple[int, int | None, Remark]]:
    """Yield (number, number of what it answers, remark), replies after their comments."""
    number = 0
    for remark in remarks:
        first, number = number, number + 1
        yield first, None, remark
        for reply in remark.replies:
            yield number, first, reply
            number += 1


def stamp(when: datetime) -> str:
    """A time as Word writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def comments(remarks: Sequence[Remark]) -> str:
    """The part that holds what was said."""
    written = []
    for number, _, remark in numbered(remarks):
        author = markup.one_line(remark.author)
        initials = "".join(word[0] for word in author.split())[:4].upper()
        lines = [markup.one_line(line) for line in markup.clean(remark.text).split("\n")]
        lines = [line for line in lines if line] or [""]
        paragraphs = "".join(
            f'<w:p w14:paraId="{_para_id(number, place == len(lines))}"><w:pPr><w:pStyle '
            f'w:val="CommentText"/></w:pPr>{run(Piece(line))}</w:p>'
            for place, line in enumerate(lines, start=1)
        )
        written.append(
            f'<w:comment w:id="{number}" w:author="{escape(author)}" w:date="{stamp(remark.when)}" '
            f'w:initials="{escape(initials)}">{paragraphs}</w:comment>'
        )
    return f"{HEAD}<w:comments {SPACES}>{''.join(written)}</w:comments>"


def extended(remarks: Sequence[Remark]) -> str:
    """The part that says which comments answer which."""
    written = "".join(
        f'<w15:commentEx w15:paraId="{_para_id(number, True)}" '
        + ("" if above is None else f'w15:paraIdParent="{_para_id(above, True)}" ')
        + 'w15:done="0"/>'
        for number, above, _ in numbered(remarks)
    )
    return f"{HEAD}<w15:commentsEx {SPACES}>{written}</w15:commentsEx>"


def _para_id(number: int, last: bool) -> str:
    """Word knows a comment by its last paragraph; each has its own number below 0x80000000."""
    return f"{(0x10000000 if last else 0x20000000) + number + 1:08X}"

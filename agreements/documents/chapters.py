"""What every paper but the agreement is laid out with: a top, and chapters of paragraphs and tables.

The case paper, the contribution table, the comparison and the record are Reports. One Report makes the
Word document and the workbook, so that they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.documents.word.content import Grid
from agreements.domain import markup
from agreements.domain.document import Language
from agreements.domain.resolve import RList, RParagraph, Run


@dataclass(frozen=True, slots=True)
class Note:
    """A line of small print under a table."""

    text: str


PBlock = RParagraph | RList | Grid | Note


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it. `depth` is 1 or 2; `key` is unique in the paper."""

    key: str
    heading: str
    depth: int
    blocks: tuple[PBlock, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A paper with everything that it says.

    `title` is the file's and stands over every page but the first; `heading` and `facts` (label and
    value, the label may be empty) stand at the top. `stamp` is at the foot of every page. `language` is
    that of the words; `title_language` that of heading and title where it is another.
    """

    title: str
    language: Language
    stamp: str
    eyebrow: str
    heading: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    title_language: Language | None = None


def paragraph(text: str) -> RParagraph:
    """Return a plain text as a paragraph."""
    return RParagraph((Run(markup.one_line(text)),))


def bullets(lines: Iterable[str]) -> RList:
    """Return plain texts as a list."""
    return RList(False, tuple((paragraph(line),) for line in lines))

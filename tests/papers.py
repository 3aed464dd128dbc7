"""Case papers for tests: one of the made-up region, and what stands in a paper's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.documents.case_paper_layout import chapters
from agreements.documents.chapters import Chapter, Note
from agreements.documents.word.content import Grid
from agreements.domain.case_paper import Basis, CasePaper, Frozen, Standing, Today, View
from agreements.domain.checks import Position
from agreements.domain.resolve import RBlock, RList, RParagraph
from tests import builders

SHA256 = "ab" * 32
DAY = date(2025, 4, 10)
SECOND = builders.a_table(alternative="Alternativ 2")


def views() -> tuple[View, ...]:
    """Elveby is for, Myrvang has conditions, Åsvang is against, and Granstad has not answered."""
    return (
        View(builders.ELVEBY, Position.POSITIVE, day=DAY),
        View(builders.MYRVANG, Position.CONDITIONAL, "Alternativ 2", "Ikke dyrere.", DAY),
        View(builders.AASVANG, Position.NEGATIVE, comment="Ingen penger.", day=DAY),
        View(builders.GRANSTAD, Position.UNDECIDED),
    )


def a_paper(**changes: Any) -> CasePaper:
    """The paper of the complete agreement, sent out as version 2; keyword arguments replace fields."""
    made = CasePaper(
        document=builders.a_document(),
        recipient=None,
        frozen=Frozen(2, SHA256, DAY),
        former=None,
        views=views(),
        confirmations=(View(builders.SKOGLAND, Position.UNDECIDED),),
        inputs=(),
        tables=(builders.a_table(), SECOND),
        chosen=True,
        today=Today(
            2025, tuple((row.key, Decimal(50000)) for row in builders.a_table().rows), ("Regnskap",)
        ),
        basis=Basis(date(2025, 1, 1), "SSB, tabell 01222", True, ""),
        standing=(Standing("En advarsel.", "Vi har sett på den."),),
    )
    return replace(made, **changes)


def chapter(paper: CasePaper, key: str) -> Chapter:
    """The chapter with this key."""
    return next(found for found in chapters(paper) if found.key == key)


def keys(paper: CasePaper) -> list[str]:
    """The keys of the chapters in order."""
    return [found.key for found in chapters(paper)]


def said(part: Chapter) -> str:
    """The words of a chapter, tables and all, on one line."""
    return " ".join(_words(part.blocks)).replace("\u00a0", " ")


def said_of(part: Chapter) -> Iterable[str]:
    """The words of a chapter, paragraph by paragraph and cell by cell."""
    for words in _words(part.blocks):
        yield from words.split(" | ")


def everything(paper: CasePaper) -> str:
    """The words of the whole paper."""
    return " ".join(f"{found.heading} {said(found)}" for found in chapters(paper))


def _words(blocks: Iterable[RBlock | Grid | Note]) -> Iterable[str]:
    for block in blocks:
        match block:
            case RParagraph(runs):
                yield "".join(run.text for run in runs)
            case RList(_, items):
                for item in items:
                    yield from _words(item)
            case Note(text):
                yield text
            case Grid():
                for row in block.rows:
                    yield " | ".join(row.cells)


def grids(part: Chapter) -> list[Grid]:
    """The tables of a chapter."""
    return [block for block in part.blocks if isinstance(block, Grid)]


def as_csv(grid: Grid) -> str:
    """A contribution table as somebody would type it in to have it checked."""
    return "\n".join(";".join(row.cells) for row in grid.rows) + "\n"

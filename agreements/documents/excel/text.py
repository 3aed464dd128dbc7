"""Blocks of text as the lines of a cell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agreements.domain import markup
from agreements.domain.resolve import RBlock, RList, RParagraph, RTable

_DEEPER = "   "


def lines_of(blocks: Iterable[RBlock], table: str = "") -> Iterator[str]:
    """Yield the lines: items of lists with their mark, deeper ones further in.

    `table` is said where the contribution table has its place.
    """
    for block in blocks:
        match block:
            case RParagraph(runs):
                yield markup.one_line("".join(run.text for run in runs))
            case RTable():
                yield table
            case RList(ordered, items):
                for number, item in enumerate(items, start=1):
                    mark = f"{number}. " if ordered else "• "
                    for at, line in enumerate(lines_of(item, table)):
                        yield (_DEEPER if at else mark) + line

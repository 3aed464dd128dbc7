"""Tables of numbers and tables of words, as wide as the page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from agreements.documents.word.content import Grid, GridRow
from financing.bands import PAGE_WIDTH
from municipalities import norwegian

NOTHING = "–"


def numbers(rows: Sequence[GridRow], caption: str, *, compact: bool) -> Grid:
    """A table of names and numbers: the columns of numbers alike, the names get the rest."""
    columns = len(rows[0].cells) - 1
    each = min(34.0, 118.0 / columns)
    widths = (PAGE_WIDTH - each * columns, *[each] * columns)
    return Grid("contributions", tuple(rows), widths, 1, caption, compact=compact)


def worded(
    rows: Sequence[GridRow], caption: str, first: Sequence[float], *, compact: bool = False
) -> Grid:
    """A table of words: the first columns as wide as told, in millimetres; the others share the rest."""
    columns = len(rows[0].cells)
    rest = (PAGE_WIDTH - sum(first)) / (columns - len(first)) if columns > len(first) else 0.0
    widths = (*map(float, first), *[rest] * (columns - len(first)))
    return Grid("words", tuple(rows), widths, columns, caption, compact=compact)


def joined(grids: Sequence[Grid]) -> list[Grid]:
    """Put tables that are one, parted for a narrow page, together again.

    They are one where they have the same lines. The columns that both begin with are there once.
    """
    made: list[Grid] = []
    for grid in grids:
        if made and _names(made[-1]) == _names(grid):
            made[-1] = _beside(made[-1], grid)
        else:
            made.append(grid)
    return made


def _names(grid: Grid) -> list[tuple[str, str]]:
    return [(row.kind, row.cells[0]) for row in grid.rows]


def _beside(left: Grid, right: Grid) -> Grid:
    columns = [list(zip(*(row.cells for row in grid.rows), strict=True)) for grid in (left, right)]
    first = next(
        (at for at, (a, b) in enumerate(zip(*columns, strict=False)) if a != b), len(columns[0])
    )
    new = range(first, len(columns[1]))
    rows = tuple(
        GridRow(a.kind, (*a.cells, *(b.cells[place] for place in new)))
        for a, b in zip(left.rows, right.rows, strict=True)
    )
    widths = (*left.widths, *(right.widths[place] for place in new))
    return Grid(left.kind, rows, widths, left.numbers_from, left.caption, left.compact)


def money(amount: Decimal | None) -> str:
    """Kroner as printed; a dash where there is no amount."""
    return NOTHING if amount is None else norwegian.money(amount)


def signed(amount: Decimal | None) -> str:
    """A difference as printed, with its sign."""
    return ("+" if amount is not None and amount > 0 else "") + money(amount)

"""One bar for each row of a contribution table, its years in one ordered hue. Pure.

A bar is as long as the row's kroner over all years, in percent of the longest row's; a segment is
one year. Numbers are strings with a dot, ready for SVG and CSS whatever the language of the page.
Sums have no bar: they would make those of the contributors too short to tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from financing.terms import Table

MOST_YEARS = 10
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Step:
    """The look of a year: the class `y1` (nearest to the page) to `y10`, which the style sheets colour."""

    year: int
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One year of a bar, percent of the width of the column."""

    step: Step
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bars:
    """All bars of a table by contributor key, and the years they are parted into."""

    legend: tuple[Step, ...]
    rows: Mapping[str, tuple[Segment, ...]]


def bars(table: Table) -> Bars | None:
    """Return the table's bars; None where there is nothing to draw.

    That is a table in which nobody pays, or one of more years than can be told apart. A year in
    which a contributor pays nothing has no segment.
    """
    longest = max((sum(row.cells, Decimal(0)) for row in table.rows), default=Decimal(0))
    if longest <= 0 or len(table.years) > MOST_YEARS:
        return None
    legend = _legend(table.years)
    return Bars(legend, {row.key: _segments(row.cells, legend, longest) for row in table.rows})


def _legend(years: tuple[int, ...]) -> tuple[Step, ...]:
    """Spread the years over the hues: the fewer they are, the more they differ."""
    last = len(years) - 1
    if not last:
        return (Step(years[0], "y6"),)
    # Whole numbers only: halves go up.
    steps = [(2 * at * (MOST_YEARS - 1) + last) // (2 * last) for at in range(last + 1)]
    return tuple(Step(year, f"y{step + 1}") for year, step in zip(years, steps, strict=True))


def _segments(
    cells: tuple[Decimal, ...], legend: tuple[Step, ...], longest: Decimal
) -> tuple[Segment, ...]:
    # Each end is rounded, and a width is the distance between two: no gap and no overlap.
    found = []
    start = paid = Decimal(0)
    for cell, step in zip(cells, legend, strict=True):
        paid += cell
        with localcontext(prec=60):
            end = (paid / longest * 100).quantize(_HUNDREDTH, ROUND_HALF_UP)
        if end > start:
            found.append(Segment(step, f"{start:.2f}", f"{end - start:.2f}"))
        start = end
    return tuple(found)

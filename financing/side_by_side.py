"""The comparison as one page shows it: one year or all, kroner or per inhabitant, against one thing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from financing.comparison import ComparedRow, Comparison, Difference, Figures, difference
from financing.rounding import EXACT, ORE


@dataclass(frozen=True, slots=True)
class View:
    """What the reader wants to see. `year` None is the sum of all years."""

    year: int | None
    per_inhabitant: bool = False
    against_today: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One alternative's amount in kroner, and how it differs; None where there is nothing to compare."""

    amount: Decimal | None
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Line:
    """A contributor or a sum as the page shows it. `today` is as much as the amounts are: a year or all."""

    row: ComparedRow
    today: Decimal | None
    cells: tuple[Shown, ...]


def lines(comparison: Comparison, view: View) -> tuple[Line, ...]:
    """Return the comparison's lines in its order. ValueError for a year that it does not have."""
    column = None if view.year is None else comparison.years.index(view.year)
    return tuple(_line(comparison, row, view, column) for row in comparison.rows)


def _line(comparison: Comparison, row: ComparedRow, view: View, column: int | None) -> Line:
    years = len(comparison.years) if column is None else 1
    amounts = [_amount(figures, view, column) for figures in row.figures]
    today = None
    if row.current is not None:
        with localcontext(EXACT):
            today = row.current * years
        if view.per_inhabitant:
            today = _divide(today, _inhabitants(row.figures))
    against = today if view.against_today else amounts[comparison.against]
    cells = tuple(
        Shown(
            amount,
            None
            if not view.against_today and place == comparison.against
            else difference(amount, against),
        )
        for place, amount in enumerate(amounts)
    )
    return Line(row, today, cells)


def _amount(figures: Figures, view: View, column: int | None) -> Decimal | None:
    if column is None:
        if view.per_inhabitant:
            return _divide(figures.total, figures.population)
        return figures.total
    return (figures.per_inhabitant if view.per_inhabitant else figures.amounts)[column]


def _inhabitants(figures: Sequence[Figures]) -> int | None:
    return next((item.population for item in figures if item.population), None)


def _divide(amount: Decimal | None, inhabitants: int | None) -> Decimal | None:
    """Kroner per inhabitant, nearest øre: for reading, never summed."""
    if amount is None or not inhabitants:
        return None
    # 60 digits: a quotient that is no tie cannot come to look like one.
    with localcontext(prec=60):
        return (amount / inhabitants).quantize(ORE, ROUND_HALF_UP)

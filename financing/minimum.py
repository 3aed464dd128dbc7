"""Stated minimum rates: who pays less per inhabitant than the agreement's minimum. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from financing.calculation import paying
from financing.rounding import EXACT, from_units, to_units
from financing.terms import ContributorKind, Row, Table

_FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class BelowMinimum:
    """A contributor that pays too little, and the first year in which it does. All in kroner.

    `amount` is that year's shown cell, and `per_inhabitant` the same for each inhabitant, cut to four
    decimals so that it never reads as enough. `least` is what `stated` gives, rounded as the table is.
    """

    row: Row
    year: int
    stated: Decimal
    per_inhabitant: Decimal
    amount: Decimal
    least: Decimal


def below_minimum(
    table: Table, stated: Mapping[ContributorKind, Decimal]
) -> tuple[BelowMinimum, ...]:
    """Return who pays less than the minimum rate for its kind, in the table's order.

    What counts is the whole amount, however it is set: a base amount, a fixed amount or a key may make
    up for a low rate, and a cap or a step-up may bring a rate below. A cell is too low where it is
    less than inhabitants x minimum, rounded by the table's rule. The minimum is not indexed. Those
    who have declined, and bodies without inhabitants, are passed over.

    Raises ValueError for a minimum that is negative or no number.
    """
    for kind, minimum in stated.items():
        if not minimum.is_finite() or minimum < 0:
            raise ValueError(f"The minimum rate of kind {kind} is {minimum}.")
    found = (
        _below(table, row, stated[row.kind]) for row in paying(table.rows) if row.kind in stated
    )
    return tuple(item for item in found if item is not None)


def _below(table: Table, row: Row, stated: Decimal) -> BelowMinimum | None:
    if not row.population:
        return None
    with localcontext(EXACT):
        least = from_units(to_units(stated * row.population, table.rounding), table.rounding)
    for year, cell in zip(table.years, row.cells, strict=True):
        if cell < least:
            with localcontext(prec=60):
                effective = (cell / row.population).quantize(_FOUR_DECIMALS, ROUND_DOWN)
            return BelowMinimum(row, year, stated, effective, cell, least)
    return None

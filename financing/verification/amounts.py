"""Small exact arithmetic shared by the check of printed tables. Pure.

Everything is called inside the exact context of `financing.rounding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor

from financing.verification.table import PrintedNumber, PrintedTable

ZERO = Decimal(0)


def rounded(value: Decimal, decimals: int, mode: str = ROUND_HALF_UP) -> Decimal:
    """Round once, by the decimal `mode`, to so many decimals; negative `decimals` are tens and up."""
    whole = int(value.scaleb(decimals).to_integral_value(rounding=mode))
    return Decimal(whole).scaleb(-decimals) + ZERO


def shown_as(amount: Decimal, decimals: int) -> frozenset[Decimal]:
    """Return how an amount can have been printed with so many decimals: rounded or cut."""
    return frozenset(rounded(amount, decimals, mode) for mode in (ROUND_HALF_UP, ROUND_DOWN))


def unit(decimals: int) -> Decimal:
    """Return the last printed digit's worth in kroner."""
    return Decimal(1).scaleb(-decimals)


def near(cell: PrintedNumber, amount: Decimal, tolerance: Decimal) -> bool:
    """Whether a printed cell is the amount but for rounding."""
    return abs(cell.value - amount) <= tolerance


def tolerance_of(table: PrintedTable) -> Decimal:
    """Return how far rounding can move an amount in this table, in kroner.

    A base cut to whole kroner grows a little with the index: a krone and a half. More only where
    nearly all amounts are whole tens, hundreds or thousands.
    """
    values = [cell.value for row in table.contributors for cell in row.cells if cell and cell.value]
    for places in (3, 2, 1):
        step = Decimal(1).scaleb(places)
        whole = sum(value % step == 0 for value in values)
        if len(values) >= 4 and whole * 5 >= len(values) * 4:
            return step
    return Decimal("1.5")


def simple_numbers(low: Fraction, high: Fraction, most_decimals: int) -> Iterable[Decimal]:
    """Yield the decimals between `low` and `high`, those with the fewest digits first.

    At most 30 for each number of decimals: a wider interval says nothing.
    """
    seen = set()
    for places in range(most_decimals + 1):
        scale = 10**places
        first = ceil(low * scale)
        last = min(floor(high * scale), first + 30)
        for whole in range(first, last + 1):
            number = Decimal(whole).scaleb(-places)
            if number not in seen:
                seen.add(number)
                yield number

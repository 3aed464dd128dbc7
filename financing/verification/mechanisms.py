"""The ways in which one amount becomes another: cut, rounded, mistyped, with another index. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from math import floor

from financing.verification.amounts import ZERO, rounded, shown_as, unit
from financing.verification.table import PrintedNumber

# Kroner, ti øre, øre: what a first year can have been cut or rounded to before it grew.
_BASES = (0, 1, 2)
_COARSE = (-1, -2, -3, -4)
_LEAST_PERCENT, _MOST_PERCENT = -2, 10


def by_rounding(
    cell: PrintedNumber, column: int, start: Decimal, factors: Sequence[Decimal], mode: str
) -> bool:
    """Whether a cell comes from cutting or rounding (`mode`) on the way to it.

    `start` is the first column's unrounded amount and `factors` the growth into each later one.
    The amount itself can be cut to fewer decimals than are printed, or the first year's before it
    grew, or every year's.
    """
    exact = _grown(start, factors[:column])
    for places in {*_BASES, cell.decimals}:
        if places <= cell.decimals and rounded(exact, places, mode) == cell.value:
            return True
        base = rounded(start, places, mode)
        step = base
        for factor in factors[:column]:
            step = rounded(step * factor, places, mode)
        chained = _grown(base, factors[:column])
        if base != start and cell.value in shown_as(chained, cell.decimals):
            return True
        if column and cell.value == step:
            return True
    return False


def rounded_up(cell: PrintedNumber, exact: Decimal) -> bool:
    """Whether a cell is the amount, rounded up where it should have been rounded down."""
    return rounded(exact, cell.decimals, ROUND_UP) == cell.value


def coarse(cell: PrintedNumber, exact: Decimal, mode: str) -> bool:
    """Whether a cell is the amount in whole tens, hundreds or more."""
    return bool(cell.value) and any(
        rounded(exact, places, mode) == cell.value and abs(exact) >= Decimal(1).scaleb(1 - places)
        for places in _COARSE
    )


def _grown(amount: Decimal, factors: Iterable[Decimal]) -> Decimal:
    for factor in factors:
        amount *= factor
    return amount


def by_typing(printed: Decimal, meant: Decimal, decimals: int) -> bool:
    """Whether one slip of the fingers makes `meant` into `printed`, both with so many decimals.

    One digit wrong, left out or doubled, two neighbours swapped, or the decimal sign moved.
    """
    if printed == meant or min(printed, meant) < 0:
        return False
    one, two = (
        str(int(value.scaleb(decimals).to_integral_value(ROUND_HALF_UP)))
        for value in (printed, meant)
    )
    if one == two:
        return False
    if len(one) == len(two):
        differing = [at for at, pair in enumerate(zip(one, two, strict=True)) if pair[0] != pair[1]]
        if len(differing) == 1:
            return True
        first, last = differing[0], differing[-1]
        neighbours = len(differing) == 2 and last == first + 1
        return neighbours and one[first] == two[last] and one[last] == two[first]
    if abs(len(one) - len(two)) == 1:
        longer, shorter = (one, two) if len(one) > len(two) else (two, one)
        if any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
            return True
    ratio = (printed, meant) if printed > meant else (meant, printed)
    return any(ratio[1] * 10**power == ratio[0] for power in (1, 2, 3))


def by_carrying(printed: Decimal, meant: Decimal) -> bool:
    """Whether the difference is one digit followed by zeros: 99 500 for 100 500."""
    digits = abs(printed - meant).normalize().as_tuple()
    exponent = digits.exponent if isinstance(digits.exponent, int) else 0
    return len(digits.digits) == 1 and exponent >= 1


def other_percent(
    cell: PrintedNumber, before: Sequence[PrintedNumber], percent: Decimal, span: int
) -> Decimal | None:
    """Return the yearly percent that gives the cell from last year's amount, within its rounding.

    None where it takes the right percent, or none that is likely: whole and half percents are
    likelier than tenths, and hundredths only count where the amounts are precise enough to tell.
    """
    for step in (Decimal("0.5"), Decimal("0.1"), Decimal("0.01")):
        found = [
            candidate
            for one in before
            for candidate in _nearest(cell, one, span, step)
            if candidate != percent and _leads_to(cell, one, candidate, span, step)
        ]
        if found:
            return min(found, key=lambda value: abs(value - percent))
    return None


def _nearest(
    cell: PrintedNumber, before: PrintedNumber, span: int, step: Decimal
) -> Iterable[Decimal]:
    """Return the likely percents around the growth from `before` to the cell, one or two steps.

    Which of them gives the cell is computed exactly afterwards; others are too far away to.
    """
    if cell.value <= 0 or before.value <= 0:
        return
    growth = (float(cell.value) / float(before.value)) ** (1 / span) - 1
    whole = floor(growth * 100 / float(step))
    for count in (whole, whole + 1):
        if _LEAST_PERCENT <= count * step <= _MOST_PERCENT:
            yield count * step


def _leads_to(
    cell: PrintedNumber, before: PrintedNumber, percent: Decimal, span: int, step: Decimal
) -> bool:
    amount = before.value * (1 + percent.scaleb(-2)) ** span
    slack = unit(cell.decimals) + unit(before.decimals) / 2
    return abs(cell.value - amount) <= slack and slack * 1000 <= amount * step


def not_compounded(
    cell: PrintedNumber, start: Decimal, percents: Sequence[Decimal], spans: Sequence[int]
) -> bool:
    """Whether the index was added up over the years instead of compounded."""
    total = sum((percent * span for percent, span in zip(percents, spans, strict=True)), ZERO)
    return cell.value in shown_as(start * (1 + total.scaleb(-2)), cell.decimals)

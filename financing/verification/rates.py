"""Finding kroner per inhabitant and a base amount from what is printed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from financing.verification.amounts import ZERO, near, rounded, simple_numbers
from financing.verification.table import PrintedNumber, PrintedRow, RowKind

# Enough rows to tell a base amount from; pairs of more would only cost time.
_MOST_COMPARED = 40


@dataclass(frozen=True, slots=True)
class Rates:
    """Kroner per inhabitant by row, None for sums and where nothing is known; and a base amount."""

    rates: tuple[Decimal | None, ...]
    base_amount: Decimal


@dataclass(frozen=True, slots=True)
class _Payer:
    """A row whose first amount can be compared with its inhabitants."""

    population: int
    first: PrintedNumber


def find_rates(rows: Sequence[PrintedRow], stated: Decimal | None, tolerance: Decimal) -> Rates:
    """Return each row's rate: its printed one, else the stated one, else the one that fits most.

    A stated rate is the municipalities'. A county authority without a printed rate pays it only
    where it fits; otherwise its own rate is found.
    """
    base = ZERO
    rates = [None if row.kind is RowKind.SUM else row.rate for row in rows]
    payers = {at: payer for at, row in enumerate(rows) if (payer := _payer(row))}
    lacking = [at for at in payers if rates[at] is None]
    municipal = [at for at in payers if rows[at].kind is RowKind.CONTRIBUTOR]
    counties = [at for at in payers if rows[at].kind is RowKind.COUNTY_AUTHORITY]
    if lacking:
        own = stated or _best(payers, municipal, rates, tolerance)
        if own is None and len(municipal) > 2:
            own, base = _line([payers[at] for at in municipal], tolerance)
        theirs = _best(payers, counties, rates, tolerance)
        for at in lacking:
            usual, other = (own, theirs) if at in municipal else (theirs, own)
            if at in counties and stated and _fits(payers[at], stated, ZERO, tolerance):
                usual = stated
            # A county authority that the table names by the county alone, or the other way round.
            elsewhere = other is not None and _fits(payers[at], other, ZERO, tolerance)
            here = usual is not None and _fits(payers[at], usual, base, tolerance)
            rates[at] = other if elsewhere and not here else usual
    for at, row in enumerate(rows):  # rows whose first amount was not read
        if rates[at] is None and row.kind is RowKind.CONTRIBUTOR and stated is not None:
            rates[at] = stated
    if not base:
        base = _base([(payers[at], rate) for at in municipal if (rate := rates[at])], tolerance)
    return Rates(tuple(rates), base)


def _payer(row: PrintedRow) -> _Payer | None:
    first = row.cells[0]
    if row.kind is RowKind.SUM or not row.population or first is None:
        return None
    return _Payer(row.population, first)


def _fits(payer: _Payer, rate: Decimal, base: Decimal, tolerance: Decimal) -> bool:
    return near(payer.first, base + payer.population * rate, tolerance)


def _best(
    payers: dict[int, _Payer],
    group: Sequence[int],
    printed: Sequence[Decimal | None],
    tolerance: Decimal,
) -> Decimal | None:
    """Return the rate that fits most rows of a group; None where all fit different rates."""
    candidates = [rate for at in group if (rate := printed[at])]
    for at in group:
        candidates.extend(_simplest(payers[at], tolerance))
    fitting = {
        rate: sum(_fits(payers[at], rate, ZERO, tolerance) for at in group)
        for rate in dict.fromkeys(candidates)
    }
    if not fitting:
        return None
    most = max(fitting.values())
    if most < 2 <= len(group):
        return None
    return next(rate for rate in fitting if fitting[rate] == most)


def _simplest(payer: _Payer, tolerance: Decimal) -> list[Decimal]:
    """Return the rates with fewest decimals, at most two, that give the row's first amount."""
    low = Fraction(payer.first.value - tolerance) / payer.population
    high = Fraction(payer.first.value + tolerance) / payer.population
    found: list[Decimal] = []
    for rate in simple_numbers(max(low, Fraction(0)), high, 2):
        if rate > 0 and len(found) < 5:
            found.append(rate)
    return found


def _line(payers: Sequence[_Payer], tolerance: Decimal) -> tuple[Decimal | None, Decimal]:
    """Return a rate and a base amount that at least three rows and most of them fit."""
    votes: Counter[tuple[Decimal, Decimal]] = Counter()
    for one, two in combinations(payers[:_MOST_COMPARED], 2):
        apart = two.population - one.population
        if not apart:
            continue
        step = Fraction(two.first.value - one.first.value) / apart
        slack = Fraction(2 * tolerance) / abs(apart)
        for rate in simple_numbers(step - slack, step + slack, 2):
            base = rounded(one.first.value - one.population * rate, -2)
            if rate > 0 and base > 0:
                votes[rate, base] += 1
                break
    for (rate, base), _votes in votes.most_common(5):
        fitting = sum(_fits(payer, rate, base, tolerance) for payer in payers)
        if fitting > 2 and fitting * 2 > len(payers):
            return rate, base
    return None, ZERO


def _base(rated: Sequence[tuple[_Payer, Decimal]], tolerance: Decimal) -> Decimal:
    """Return a base amount that most rows have in common, where none fits without one."""
    if len(rated) < 2 or any(_fits(payer, rate, ZERO, tolerance) for payer, rate in rated):
        return ZERO
    votes = Counter(
        rounded(payer.first.value - payer.population * rate, -2) for payer, rate in rated
    )
    base, _votes = votes.most_common(1)[0]
    fitting = sum(_fits(payer, rate, base, tolerance) for payer, rate in rated)
    return base if base > 0 and fitting > 1 and fitting * 2 > len(rated) else ZERO

"""Finding the rule behind a printed table: rates, index, which rows are indexed, rounding. Pure.

A row's printed rate wins over a stated one. What is neither printed nor stated is the rule that
fits most cells; rows whose cells do not change are not indexed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from financing.verification.amounts import (
    ZERO,
    near,
    rounded,
    shown_as,
    simple_numbers,
    tolerance_of,
)
from financing.verification.rates import find_rates
from financing.verification.result import FoundRule, Rounding, RowRule
from financing.verification.table import PrintedColumn, PrintedRow, PrintedTable, RowKind

Index = Decimal | Mapping[int, Decimal]

AS_PRINTED = Rounding(None, ROUND_HALF_UP, "til de desimalene som er trykt, halve oppover")
_WORDS = {ROUND_HALF_UP: "avrundet", ROUND_DOWN: "avkortet", ROUND_UP: "rundet opp"}
_UNITS = {
    None: "til de desimalene som er trykt",
    1: "til nærmeste ti øre",
    0: "til hele kroner",
    -1: "til hele ti kroner",
    -2: "til hele hundre kroner",
    -3: "til hele tusen kroner",
}
# The usual way first, so that it is kept where another fits only as well.
_OTHER_ROUNDINGS = tuple(
    Rounding(decimals, mode, f"{word} {unit}")
    for decimals, unit in _UNITS.items()
    for mode, word in _WORDS.items()
    if not (decimals is None and mode == ROUND_HALF_UP)
)
# How many cells, in how many rows, must speak for another rounding before it is the rule. Cutting
# is nearly always a slip: for that to be the rule, all cells must follow it.
_WITNESSES = {ROUND_HALF_UP: (3, 2), ROUND_DOWN: (6, 3), ROUND_UP: (6, 3)}
_MOST_PERCENT = 50
# More rows tell no more about the index, and only take time.
_MOST_COMPARED = 100


def find_rule(table: PrintedTable, rate: Decimal | None, index: Index | None) -> FoundRule:
    """Find the rule of a table whose columns stand in order of year.

    `rate` is kroner per inhabitant, `index` percent a year (one for all years, or by year). Raises
    ValueError, in Norwegian, for a stated index that lacks a year of the table.
    """
    tolerance = tolerance_of(table)
    found = find_rates(table.rows, rate, tolerance)
    starts = [
        _start(row, row_rate, found.base_amount)
        for row, row_rate in zip(table.rows, found.rates, strict=True)
    ]
    spans = year_spans(table.columns)
    if index is not None:
        percents, growth = _stated_growth(index, table.columns, spans)
    else:
        percents, growth = _likely_growth(table.rows, starts, spans, tolerance)
    indexed = _indexed_rows(table.rows, starts, growth, tolerance)
    rules = tuple(
        None if row.kind is RowKind.SUM else RowRule(row_rate, start, row_indexed)
        for row, row_rate, start, row_indexed in zip(
            table.rows, found.rates, starts, indexed, strict=True
        )
    )
    return FoundRule(
        rules,
        found.base_amount,
        percents,
        growth,
        _likely_rounding(table.rows, rules, growth),
        rate is not None,
        index is not None,
    )


def exact_amounts(rule: RowRule, growth: Sequence[Decimal]) -> tuple[Decimal, ...] | None:
    """Return a row's unrounded kroner by column; None where the row cannot be recomputed."""
    start = rule.start
    if start is None:
        return None
    return tuple(start * factor if rule.indexed else start for factor in growth)


def year_spans(columns: Sequence[PrintedColumn]) -> tuple[int, ...]:
    """Return how many years lie between each column and the one before it."""
    years = [column.year for column in columns]
    return tuple(
        after - before if before is not None and after is not None else 1
        for before, after in pairwise(years)
    )


def _start(row: PrintedRow, rate: Decimal | None, base: Decimal) -> Decimal | None:
    if row.kind is RowKind.SUM or row.population is None or rate is None:
        return None
    return row.population * rate + (base if row.kind is RowKind.CONTRIBUTOR else ZERO)


def _stated_growth(
    index: Index, columns: Sequence[PrintedColumn], spans: Sequence[int]
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    percents: list[Decimal] = []
    growth = [Decimal(1)]
    for column, span in zip(columns[1:], spans, strict=True):
        factor = growth[-1]
        for back in range(span):
            if not isinstance(index, Mapping):
                percent = index
            elif column.year is None or column.year - back not in index:
                raise ValueError(f"Indeksen mangler prosenten for «{column.label}».")
            else:
                percent = index[column.year - back]
            if not -100 < percent < 1000:
                raise ValueError(f"Indeksen kan ikke være {percent} prosent.")
            factor *= 1 + percent.scaleb(-2)
        percents.append(percent)
        growth.append(factor)
    return tuple(percents), tuple(growth)


def is_flat(row: PrintedRow) -> bool:
    """Whether a row's amounts stay the same from year to year, but for the printed decimals."""
    values = [cell.value for cell in row.cells if cell]
    return len(values) > 1 and max(values) - min(values) <= 1


def _likely_growth(
    rows: Sequence[PrintedRow],
    starts: Sequence[Decimal | None],
    spans: Sequence[int],
    tolerance: Decimal,
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """Return the yearly percents, and the growth, that fit most rows that are not flat."""
    growing = [
        (row, start) for row, start in zip(rows, starts, strict=True) if start and not is_flat(row)
    ]
    percents: list[Decimal] = []
    growth = [Decimal(1)]
    for column, span in enumerate(spans, start=1):
        before = percents[-1] if percents else None
        percent = _likely_percent(growing, column, growth[-1], span, tolerance, before)
        percents.append(percent)
        growth.append(growth[-1] * (1 + percent.scaleb(-2)) ** span)
    return tuple(percents), tuple(growth)


def _likely_percent(
    growing: Sequence[tuple[PrintedRow, Decimal]],
    column: int,
    growth: Decimal,
    span: int,
    tolerance: Decimal,
    before: Decimal | None,
) -> Decimal:
    pairs = [(cell, start * growth) for row, start in growing if (cell := row.cells[column])]
    candidates: set[Decimal] = set()
    pairs = pairs[:_MOST_COMPARED]
    for cell, base in pairs:
        low, high = (
            Fraction(float(Fraction(max(value, ZERO)) / Fraction(base)) ** (1 / span) - 1) * 100
            for value in (cell.value - tolerance, cell.value + tolerance)
        )
        if low > -_MOST_PERCENT and high < _MOST_PERCENT:
            candidates.update(simple_numbers(low, high, 3))

    def merit(percent: Decimal) -> tuple[int, int, bool, bool, Decimal]:
        factor = (1 + percent.scaleb(-2)) ** span
        close = sum(near(cell, base * factor, tolerance) for cell, base in pairs)
        # Cut cells speak for a percent as well as rounded ones: they must not bend it.
        made = sum(cell.value in shown_as(base * factor, cell.decimals) for cell, base in pairs)
        exponent = percent.normalize().as_tuple().exponent
        digits = min(exponent, 0) if isinstance(exponent, int) else 0
        even = percent % Decimal("0.05") == 0
        return close + made, digits, percent == before, even, -abs(percent)

    return max(candidates, key=merit, default=ZERO)


def _indexed_rows(
    rows: Sequence[PrintedRow],
    starts: Sequence[Decimal | None],
    growth: Sequence[Decimal],
    tolerance: Decimal,
) -> list[bool]:
    """Say which rows grow with the index. A flat row does not; else what fits more cells decides.

    A row that fits neither way does as most rows of its kind.
    """
    if all(factor == 1 for factor in growth):
        return [False] * len(rows)
    found = [_votes(row, start, growth, tolerance) for row, start in zip(rows, starts, strict=True)]
    indexed = []
    for row, vote in zip(rows, found, strict=True):
        if not vote:
            vote = sum(
                (other > 0) - (other < 0)
                for peer, other in zip(rows, found, strict=True)
                if peer.kind is row.kind
            )
        indexed.append(vote > 0 or (not vote and _grows(row, growth)))
    return indexed


def _votes(
    row: PrintedRow, start: Decimal | None, growth: Sequence[Decimal], tolerance: Decimal
) -> int:
    """Return how many more cells fit with the index than without it."""
    if is_flat(row):
        return -len(row.cells)
    if start is None:
        return 0
    later = [(cell, factor) for cell, factor in zip(row.cells, growth, strict=True) if cell][1:]
    flat = sum(near(cell, start, tolerance) for cell, _factor in later)
    return sum(near(cell, start * factor, tolerance) for cell, factor in later) - flat


def _grows(row: PrintedRow, growth: Sequence[Decimal]) -> bool:
    """Whether a row's amounts are nearer its first amount with the index than without."""
    pairs = [(cell.value, f) for cell, f in zip(row.cells, growth, strict=True) if cell]
    if not pairs:
        return False
    first = pairs[0][0]
    off_flat = sum((abs(value - first) for value, _factor in pairs), ZERO)
    off_indexed = sum((abs(value - first * factor) for value, factor in pairs), ZERO)
    return off_indexed <= off_flat


def _likely_rounding(
    rows: Sequence[PrintedRow], rules: Sequence[RowRule | None], growth: Sequence[Decimal]
) -> Rounding:
    """Return another rounding than the usual only where it explains the table and nothing denies it.

    A table where some cells are cut and others are not has no such rule: there the cut ones deviate.
    """
    cells = [
        (at, cell, amount)
        for at, (row, rule) in enumerate(zip(rows, rules, strict=True))
        if rule and (amounts := exact_amounts(rule, growth))
        for cell, amount in zip(row.cells, amounts, strict=True)
        if cell
    ]
    best, most = AS_PRINTED, 0
    for rounding in _OTHER_ROUNDINGS:
        witnesses, against, neither = [], 0, 0
        for at, cell, amount in cells:
            usual = rounded(amount, cell.decimals)
            other = rounded(amount, rounding.places(cell.decimals), rounding.mode)
            if usual != other:
                witnesses += [at] if cell.value == other else []
                against += cell.value == usual
                neither += cell.value not in (usual, other)
        needed, rows_needed = _WITNESSES[rounding.mode]
        enough = len(witnesses) >= needed and len(set(witnesses)) >= rows_needed
        clear = len(witnesses) > neither if rounding.mode == ROUND_HALF_UP else not neither
        if enough and clear and not against and len(witnesses) > most:
            best, most = rounding, len(witnesses)
    return best

"""A printed table next to its right amounts, cell by cell, and what each sum counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from financing.verification.amounts import ZERO, rounded, unit
from financing.verification.result import FoundRule
from financing.verification.rules import AS_PRINTED, exact_amounts
from financing.verification.table import PrintedNumber, PrintedRow, PrintedTable, RowKind
from financing.verification.words import is_plain_sum, says_all, says_without, shares_name

_ORE = 2
# A sum that leaves rows out is looked for among so many rows; more would take too long.
_MOST_COMBINED = 16
_MOST_RUN = 40
# So many sums of a table are looked into; no contribution table has more than a few.
_MOST_SUMS = 30


@dataclass(frozen=True, slots=True)
class Right:
    """What a cell should be: unrounded, as printed, to the øre, and other sums that are as right."""

    exact: Decimal
    expected: Decimal
    ore: Decimal
    accepted: frozenset[Decimal]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table, the rule, the right amounts by row and column, and the rows each sum counts.

    A row that cannot be recomputed counts in the sums as it is printed, and has no right amounts.
    `counted` is empty for a sum that cannot be checked.
    """

    table: PrintedTable
    rule: FoundRule
    right: dict[tuple[int, int], Right]
    counted: dict[int, tuple[int, ...]]

    def printed(self, row: int, column: int) -> PrintedNumber | None:
        """Return a printed cell."""
        return self.table.rows[row].cells[column]

    def deviation(self, row: int, column: int) -> Decimal:
        """Return printed - expected; 0 for a right cell and for one that cannot be checked."""
        cell, right = self.printed(row, column), self.right.get((row, column))
        if cell is None or right is None or cell.value in right.accepted:
            return ZERO
        return cell.value - right.expected


def lay_out(table: PrintedTable, rule: FoundRule) -> Sheet:
    """Compute what every cell should be. Sums count contributors above them, never other sums."""
    right: dict[tuple[int, int], Right] = {}
    for at, row in enumerate(table.rows):
        row_rule = rule.rows[at]
        amounts = exact_amounts(row_rule, rule.growth) if row_rule else None
        for column, amount in enumerate(amounts or ()):
            right[at, column] = _right_amount(amount, row.cells[column], rule)
    sheet = Sheet(table, rule, right, {})
    for at, row in enumerate(table.rows):
        if row.kind is RowKind.SUM:
            counted = _counted(sheet, at)
            sheet.counted[at] = counted
            for column in range(len(row.cells)):
                total = _right_sum(sheet, counted, row.cells[column], column)
                if counted and total:
                    right[at, column] = total
    return sheet


def _right_amount(exact: Decimal, cell: PrintedNumber | None, rule: FoundRule) -> Right:
    decimals = cell.decimals if cell else _ORE
    rounding = rule.rounding
    expected = rounded(exact, rounding.places(decimals), rounding.mode)
    ore = rounded(exact, rounding.places(_ORE), rounding.mode)
    return Right(exact, expected, ore, frozenset([expected]))


def _right_sum(
    sheet: Sheet, counted: Iterable[int], cell: PrintedNumber | None, column: int
) -> Right | None:
    """Return a sum's right amounts, None where a counted row has neither a rule nor a cell.

    The sum of the right unrounded amounts, rounded once, and the sum of the right printed rows are
    both right. With øre or another rounding than the usual, the expected one is the sum of the rows.
    """
    exact = shown = ore = ZERO
    for row in counted:
        part, printed = sheet.right.get((row, column)), sheet.printed(row, column)
        if part:
            exact, shown, ore = exact + part.exact, shown + part.expected, ore + part.ore
        elif printed:
            exact, shown, ore = exact + printed.value, shown + printed.value, ore + printed.value
        else:
            return None
    decimals = cell.decimals if cell else _ORE
    once, added = rounded(exact, decimals), rounded(shown, decimals)
    usual = ore if decimals >= _ORE else once
    expected = usual if sheet.rule.rounding == AS_PRINTED else added
    return Right(exact, expected, ore, frozenset([once, added, expected]))


def _counted(sheet: Sheet, at: int) -> tuple[int, ...]:
    """Return the rows that a sum counts: every contributor above it, unless it clearly says else.

    A sum with a qualified label («Sum kommuner», «Sum Akershus»), or one that is not the last,
    counts a part of the rows where exactly that part gives all its amounts.
    """
    rows = sheet.table.rows
    above = tuple(n for n in range(at) if rows[n].kind is not RowKind.SUM)
    label = rows[at].label
    last = all(row.kind is not RowKind.SUM for row in rows[at + 1 :])
    if (
        not above
        or any(_close(sheet, at, above))
        or says_all(label)
        or (is_plain_sum(label) and last)
        or len(sheet.counted) >= _MOST_SUMS
    ):
        return above
    for part in _parts(rows, above, label, at, last):
        if part and all(_close(sheet, at, part)):
            return part
    # Nothing tells which rows «Sum uten ubekreftede» leaves out, unless its amounts do.
    return () if says_without(label) else above


def _parts(
    rows: Sequence[PrintedRow], above: Sequence[int], label: str, at: int, last: bool
) -> Iterator[tuple[int, ...]]:
    """Yield the parts of the rows that a sum may count, the likeliest first."""
    start = max((n + 1 for n in range(at) if rows[n].kind is RowKind.SUM), default=0)
    block = tuple(n for n in above if n >= start)
    yield block
    if is_plain_sum(label):
        return
    for among in (above, block):
        for kind in (RowKind.CONTRIBUTOR, RowKind.COUNTY_AUTHORITY):
            yield tuple(n for n in among if rows[n].kind is kind)
    named = tuple(n for n in above if shares_name(rows[n].label, label))
    yield named
    yield tuple(n for n in above if n not in named)
    if says_without(label):
        for fewer in (1, 2, 3):
            for gone in combinations(above[:_MOST_COMBINED], fewer):
                yield tuple(n for n in above if n not in gone)
        return
    near = above[-_MOST_RUN:]
    for first, end in combinations(range(len(near) + 1), 2):  # «Sum Buskerud»: rows that follow
        run = near[first:end]
        if end - first > 1 and (not last or set(run) & set(named)):
            yield tuple(run)


def _close(sheet: Sheet, at: int, part: Sequence[int]) -> Iterator[bool]:
    """Say for each printed cell of a sum whether it is the sum of `part`, but for rounding.

    One by one: nearly every wrong part shows in the first cell.
    """
    for column in range(len(sheet.table.columns)):
        cell = sheet.printed(at, column)
        total = _right_sum(sheet, part, cell, column)
        if cell and total:
            slack = slack_of(sheet, part, cell, column)
            yield (
                abs(cell.value - total.expected) <= slack
                or abs(cell.value - printed_sum(sheet, part, column)) <= slack
            )


def printed_sum(sheet: Sheet, counted: Iterable[int], column: int) -> Decimal:
    """Return the sum of rows as they are printed."""
    cells = (sheet.printed(row, column) for row in counted)
    return sum((cell.value for cell in cells if cell), ZERO)


def slack_of(sheet: Sheet, counted: Iterable[int], cell: PrintedNumber, column: int) -> Decimal:
    """Return how far rounding of the rows and of the sum itself can move a sum: half a unit each."""
    units = [unit(cell.decimals)]
    for row in counted:
        if printed := sheet.printed(row, column):
            units.append(unit(min(printed.decimals, cell.decimals)))
    return sum(units, ZERO) / 2

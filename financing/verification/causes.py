"""The likeliest reason why a printed cell deviates. Pure and deterministic.

Contributors come first, by year, because a wrong cell explains those that were computed from it;
then the sums. Several reasons can fit a cell: the one that needs least coincidence wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from financing.verification.amounts import rounded, shown_as
from financing.verification.mechanisms import (
    by_carrying,
    by_rounding,
    by_typing,
    coarse,
    not_compounded,
    other_percent,
    rounded_up,
)
from financing.verification.result import Cause
from financing.verification.rules import year_spans
from financing.verification.sheet import Sheet, printed_sum, slack_of
from financing.verification.table import PrintedNumber, RowKind
from municipalities.norwegian import join
from municipalities.norwegian import percent as percent_text

Found = dict[tuple[int, int], tuple[Cause, str]]

ROUNDING_CAUSES = frozenset([Cause.TRUNCATED, Cause.ROUNDED])
# A cut base grows to a little more than a krone: only smaller deviations come from rounding.
_SMALL = Decimal("1.5")


def find_causes(sheet: Sheet) -> Found:
    """Return the cause of every deviating cell, by row and column, with a Norwegian sentence."""
    found: Found = {}
    either: list[tuple[int, int]] = []
    for row, column, cell in _deviating(sheet, sums=False):
        cut, up = _rounding(sheet, row, column, cell)
        # Cut to the decimals that are printed: one step, so likelier than any rounding to fewer.
        up = up and rounded(sheet.right[row, column].exact, cell.decimals, ROUND_DOWN) != cell.value
        if cut and up:
            either.append((row, column))
        if cut or up:
            cause = Cause.TRUNCATED if cut and not up else Cause.ROUNDED
            found[row, column] = _rounded(cause, _is_grown(sheet, row, column))
        else:
            found[row, column] = _contributor(sheet, found, row, column, cell)
    _settle(sheet, found, either)
    for row, column, cell in _deviating(sheet, sums=True):
        found[row, column] = _sum(sheet, found, row, column, cell)
    return found


def _deviating(sheet: Sheet, *, sums: bool) -> Iterator[tuple[int, int, PrintedNumber]]:
    for at, row in enumerate(sheet.table.rows):
        for column, cell in enumerate(row.cells):
            if cell and (row.kind is RowKind.SUM) is sums and sheet.deviation(at, column):
                yield at, column, cell


def _rounded(cause: Cause, grown: bool = False) -> tuple[Cause, str]:
    """Return the cause with its sentence; `grown` says that the amount comes from an earlier year."""
    if cause is Cause.TRUNCATED:
        where = ", her eller før indeksen ble lagt på" if grown else ""
        return cause, f"Desimaler er kuttet i stedet for avrundet{where}."
    if grown:
        return cause, "Regnet av et avrundet beløp, eller avrundet feil vei."
    return cause, "Avrundet grovere enn det er trykt, eller feil vei."


def _settle(sheet: Sheet, found: Found, either: list[tuple[int, int]]) -> None:
    """Where cutting and rounding give the same, follow the row's other cells, then the table's."""
    sure = {place: cause for place, (cause, _why) in found.items() if place not in either}
    for row, column in either:
        here = [cause for (at, _column), cause in sure.items() if at == row]
        for causes in (here, list(sure.values())):
            cut, up = causes.count(Cause.TRUNCATED), causes.count(Cause.ROUNDED)
            if cut != up:
                cause = Cause.TRUNCATED if cut > up else Cause.ROUNDED
                found[row, column] = _rounded(cause, _is_grown(sheet, row, column))
                break


def _is_grown(sheet: Sheet, row: int, column: int) -> bool:
    rule = sheet.rule.rows[row]
    return column > 0 and rule is not None and rule.indexed


def _factors(sheet: Sheet, row: int) -> list[Decimal]:
    """Return the growth into each column after the first, for this row."""
    rule = sheet.rule.rows[row]
    spans = year_spans(sheet.table.columns)
    if rule is None or not rule.indexed:
        return [Decimal(1)] * len(spans)
    percents = sheet.rule.percents
    return [(1 + p.scaleb(-2)) ** span for p, span in zip(percents, spans, strict=True)]


def _rounding(sheet: Sheet, row: int, column: int, cell: PrintedNumber) -> tuple[bool, bool]:
    """Return whether cutting, and whether rounding, makes the cell."""
    rule, right = sheet.rule.rows[row], sheet.right[row, column]
    if rule is None or rule.start is None:
        return False, False
    if abs(cell.value - right.exact) > _SMALL:
        return False, False
    factors = _factors(sheet, row)
    cut = by_rounding(cell, column, rule.start, factors, ROUND_DOWN)
    half = by_rounding(cell, column, rule.start, factors, ROUND_HALF_UP)
    return cut, half or (not cut and rounded_up(cell, right.exact))


def _contributor(
    sheet: Sheet, found: Found, row: int, column: int, cell: PrintedNumber
) -> tuple[Cause, str]:
    if other := _copied_from(sheet, row, column, cell):
        return Cause.COPIED_ROW, f"Samme beløp som for {other}."
    if carried := _carried(sheet, found, row, column, cell):
        return carried
    right = sheet.right[row, column]
    for mode, cause in ((ROUND_DOWN, Cause.TRUNCATED), (ROUND_HALF_UP, Cause.ROUNDED)):
        if coarse(cell, right.exact, mode) and cell.value % 100 == 0:
            return _rounded(cause)
    if any(
        by_typing(cell.value, meant, cell.decimals)
        for meant in shown_as(right.exact, cell.decimals)
    ):
        return Cause.DIGIT, "Ett siffer er feil, mangler, er for mye eller har byttet plass."
    if why := _index(sheet, row, column, cell):
        return Cause.OTHER_INDEX, why
    for mode, cause in ((ROUND_DOWN, Cause.TRUNCATED), (ROUND_HALF_UP, Cause.ROUNDED)):
        if coarse(cell, right.exact, mode):
            return _rounded(cause)
    if by_carrying(cell.value, right.expected):
        return Cause.DIGIT, "Avviket er ett siffer på én plass."
    if abs(cell.value - right.exact) <= 1:
        return _rounded(Cause.ROUNDED)
    return Cause.UNEXPLAINED, "Fant ingen enkel årsak. Sammenlign med kilden."


def _copied_from(sheet: Sheet, row: int, column: int, cell: PrintedNumber) -> str | None:
    """Return the row that has the same printed amount; of several, the one with most in common."""
    rows = sheet.table.rows

    def common(other: int) -> int:
        pairs = zip(rows[row].cells, rows[other].cells, strict=True)
        return sum(
            one is not None and two is not None and one.value == two.value for one, two in pairs
        )

    is_sum = rows[row].kind is RowKind.SUM
    same = [
        other
        for other in range(len(rows))
        if other != row
        and (rows[other].kind is RowKind.SUM) is is_sum
        and (there := sheet.printed(other, column)) is not None
        and there.value == cell.value
    ]
    best = max(same, key=lambda other: (common(other), -abs(other - row), -other), default=None)
    return None if best is None else rows[best].label


def _carried(
    sheet: Sheet, found: Found, row: int, column: int, cell: PrintedNumber
) -> tuple[Cause, str] | None:
    """Return the cause where the cell is right but for a wrong earlier cell of the row."""
    factors = _factors(sheet, row)
    for earlier in range(column - 1, -1, -1):
        before = sheet.printed(row, earlier)
        if before is None:
            continue
        amount = before.value
        for factor in factors[earlier:column]:
            amount *= factor
        wrong = found.get((row, earlier))
        if wrong and cell.value in shown_as(amount, cell.decimals):
            if wrong[0] in ROUNDING_CAUSES:
                return wrong
            label = sheet.table.columns[earlier].label
            return Cause.CONSEQUENCE, f"Regnet videre fra beløpet i «{label}», som er feil."
    return None


def _index(sheet: Sheet, row: int, column: int, cell: PrintedNumber) -> str | None:
    """Return how another index makes the cell."""
    rule, right = sheet.rule.rows[row], sheet.right[row, column]
    if rule is None or rule.start is None:
        return None
    percents, spans = sheet.rule.percents, year_spans(sheet.table.columns)
    if not column:
        early = next((p for p in percents if p), None)
        if early and cell.value in shown_as(right.exact * (1 + early.scaleb(-2)), cell.decimals):
            return f"Indeksen på {percent_text(early)} prosent er lagt på allerede første år."
        return None
    before = [PrintedNumber(sheet.right[row, column - 1].exact, cell.decimals)]
    if printed := sheet.printed(row, column - 1):
        before.append(printed)
    used = percents[column - 1] if rule.indexed else Decimal(0)
    if rule.indexed and not_compounded(cell, rule.start, percents[:column], spans[:column]):
        return "Prosentene er lagt sammen i stedet for at veksten regnes av beløpet året før."
    other = other_percent(cell, before, used, spans[column - 1])
    if other is None:
        return None
    return f"Regnet med {percent_text(other)} prosent, ikke {percent_text(used)} prosent."


def _sum(
    sheet: Sheet, found: Found, row: int, column: int, cell: PrintedNumber
) -> tuple[Cause, str]:
    counted = sheet.counted[row]
    total = printed_sum(sheet, counted, column)
    slack = slack_of(sheet, counted, cell, column)
    wrong = [at for at in counted if (at, column) in found]
    if abs(cell.value - total) <= slack:
        return _sum_of_printed(sheet, found, row, column, cell, wrong)
    names = _wrong_sums(sheet, found, row, column, cell.value - total, slack)
    if names:
        return Cause.CONSEQUENCE, f"Regnet fra {join(names)}, som er feil."
    if other := _copied_from(sheet, row, column, cell):
        return Cause.COPIED_ROW, f"Samme beløp som for {other}."
    right = sheet.right[row, column]
    if any(
        by_typing(cell.value, rounded_meant, cell.decimals)
        for meant in (total, right.exact, *right.accepted)
        for rounded_meant in shown_as(meant, cell.decimals)
    ):
        return Cause.DIGIT, "Ett siffer er feil, mangler, er for mye eller har byttet plass."
    for mode, cause in ((ROUND_DOWN, Cause.TRUNCATED), (ROUND_HALF_UP, Cause.ROUNDED)):
        if coarse(cell, right.exact, mode):
            return _rounded(cause)
    return Cause.SUM_OF_ROWS, _which_rows(sheet, counted, column, cell.value - total, slack)


def _sum_of_printed(
    sheet: Sheet, found: Found, row: int, column: int, cell: PrintedNumber, wrong: list[int]
) -> tuple[Cause, str]:
    """Return the cause of a sum that is the sum of its printed rows."""
    grave = [at for at in wrong if found[at, column][0] not in ROUNDING_CAUSES]
    if grave:
        names = join(sheet.table.rows[at].label for at in grave)
        return Cause.CONSEQUENCE, f"Summen tar med beløpet for {names}, som er feil."
    if wrong:
        return Cause.SUM_OF_ROWS, "Summen av rader som er avkortet eller avrundet."
    exact = sheet.right[row, column].exact
    if cell.value in shown_as(exact, cell.decimals):
        return _rounded(Cause.TRUNCATED)
    if rounded_up(cell, exact):
        return _rounded(Cause.ROUNDED)
    return Cause.SUM_OF_ROWS, "Summen stemmer ikke helt med radene over."


def _wrong_sums(
    sheet: Sheet, found: Found, row: int, column: int, off: Decimal, slack: Decimal
) -> list[str]:
    """Return the earlier sums whose own error is the error of this one."""
    for earlier in range(row - 1, -1, -1):
        counted = sheet.counted.get(earlier)
        printed = sheet.printed(earlier, column)
        if not counted or printed is None or (earlier, column) not in found:
            continue
        error = printed.value - printed_sum(sheet, counted, column)
        if error and abs(error) > slack and abs(off - error) <= slack:
            return [sheet.table.rows[earlier].label]
    return []


def _which_rows(
    sheet: Sheet, counted: tuple[int, ...], column: int, off: Decimal, slack: Decimal
) -> str:
    """Say which row was left out or counted twice, where one was."""
    for at, row in enumerate(sheet.table.rows):
        printed = sheet.printed(at, column)
        if printed is None or not printed.value:
            continue
        if at in counted and abs(off + printed.value) <= slack:
            return f"{row.label} er ikke med i summen."
        if abs(off - printed.value) <= slack:
            return f"{row.label} er regnet med for mye."
    return "Summen er ikke summen av radene over."

"""Checking a printed table against the rule it follows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, DecimalException, localcontext

from financing.rounding import EXACT
from financing.verification.amounts import rounded
from financing.verification.causes import find_causes
from financing.verification.result import CheckedCell, FoundRule, Verification
from financing.verification.rules import AS_PRINTED, Index, find_rule, is_flat
from financing.verification.sheet import Sheet, lay_out
from financing.verification.table import PrintedRow, PrintedTable, RowKind
from municipalities.norwegian import join, money
from municipalities.norwegian import percent as percent_text
from municipalities.norwegian import rate as rate_text

_ORE = 2
_MOST_NAMED = 10
_MOST_SILENT = 10


def verify(
    table: PrintedTable, rate: Decimal | None = None, index: Index | None = None
) -> Verification:
    """Recompute every cell of a printed table, and say why those that deviate do.

    `rate` is kroner per inhabitant for rows without a printed rate; `index` is the yearly growth in
    percent, one for all years or by year. What is not given is the rule that fits most cells.
    Amounts are unrounded until they are compared, with as many decimals as the cell is printed with.

    Raises ValueError, in Norwegian, for a rate or an index that cannot be used.
    """
    _check_stated(rate, index)
    table = _in_order(table)
    try:
        with localcontext(EXACT):
            rule = find_rule(table, rate, index)
            sheet = _likeliest(lay_out(table, rule))
            cells = tuple(_cells(sheet))
            rule_notes = tuple(_rule_notes(table, sheet.rule))
            return Verification(table, sheet.rule, cells, rule_notes, tuple(_notes(sheet)))
    except DecimalException as error:
        raise ValueError("Et tall er for stort eller har for mange desimaler.") from error


def _check_stated(rate: Decimal | None, index: Index | None) -> None:
    if rate is not None and not (rate.is_finite() and 0 < rate < 1_000_000):
        raise ValueError("Satsen må være et tall over 0.")
    percents = [index] if isinstance(index, Decimal) else (index or {}).values()
    if not all(percent.is_finite() for percent in percents):
        raise ValueError("Indeksen må være et tall.")


def _in_order(table: PrintedTable) -> PrintedTable:
    """Return the table with its columns in order of year, where all have one."""
    years = [column.year for column in table.columns]
    known = [year for year in years if year is not None]
    if len(known) < len(years) or known == sorted(known):
        return table
    order = sorted(range(len(known)), key=known.__getitem__)
    return replace(
        table,
        columns=tuple(table.columns[at] for at in order),
        rows=tuple(replace(row, cells=tuple(row.cells[at] for at in order)) for row in table.rows),
    )


def _likeliest(sheet: Sheet) -> Sheet:
    """Let the sums tell whether a row is indexed, where none of its own later cells does."""
    silent = [at for at in range(len(sheet.table.rows)) if _is_silent(sheet, at)]
    if len(silent) > _MOST_SILENT:  # not single rows: the whole table follows something else
        return sheet
    for at in silent:
        rules = list(sheet.rule.rows)
        if rule := rules[at]:
            rules[at] = replace(rule, indexed=not rule.indexed)
            other = lay_out(sheet.table, replace(sheet.rule, rows=tuple(rules)))
            if len(_wrong(other)) < len(_wrong(sheet)):
                sheet = other
    return sheet


def _is_silent(sheet: Sheet, at: int) -> bool:
    row, rule = sheet.table.rows[at], sheet.rule.rows[at]
    later = [column for column, cell in enumerate(row.cells) if cell][1:]
    known = rule is not None and rule.start is not None and not is_flat(row)
    return known and bool(later) and all(sheet.deviation(at, column) for column in later)


def _wrong(sheet: Sheet) -> list[tuple[int, int]]:
    return [place for place in sheet.right if sheet.deviation(*place)]


def _cells(sheet: Sheet) -> Iterator[CheckedCell]:
    causes = find_causes(sheet)
    for at, row in enumerate(sheet.table.rows):
        for number, (column, cell) in enumerate(zip(sheet.table.columns, row.cells, strict=True)):
            right = sheet.right.get((at, number))
            if cell is None or right is None:
                continue
            cause, detail = causes.get((at, number), (None, ""))
            expected = right.expected if cause else cell.value
            yield CheckedCell(
                row_number=at + 1,
                row=row.label,
                kind=row.kind,
                column=column.label,
                year=column.year,
                printed=rounded(cell.value, cell.decimals),
                exact=right.exact,
                expected=rounded(expected, cell.decimals),
                right=rounded(right.ore, _ORE),
                deviation=rounded(cell.value - expected, cell.decimals),
                cause=cause,
                detail=detail,
            )


def _notes(sheet: Sheet) -> Iterator[str]:
    unknown = [
        row.label
        for row, rule in zip(sheet.table.rows, sheet.rule.rows, strict=True)
        if rule and rule.start is None
    ]
    if unknown:
        yield (
            f"Kan ikke regnes ut, fordi innbyggertall eller sats mangler: {_named(unknown)}. "
            "Beløpene er tatt med i summene slik de står."
        )
    for at, counted in sheet.counted.items():
        label = sheet.table.rows[at].label
        above = [n for n in range(at) if sheet.table.rows[n].kind is not RowKind.SUM]
        if not counted:
            yield f"«{label}» er ikke kontrollert: det går ikke fram hvilke rader den summerer."
        elif list(counted) != above:
            names = [sheet.table.rows[n].label for n in counted]
            yield f"«{label}» summerer {_named(names)}."
    yield from _population_notes(sheet)


def _rule_notes(table: PrintedTable, rule: FoundRule) -> Iterator[str]:
    printed = {row.rate for row in table.contributors if row.rate is not None}
    if printed:
        yield f"Sats per innbygger: {_rates(printed)} (trykt i tabellen)."
    guessed = {
        found.rate
        for row, found in zip(table.rows, rule.rows, strict=True)
        if found and found.rate is not None and row.rate is None
    }
    if guessed:
        how = "oppgitt" if rule.rate_is_stated and len(guessed) == 1 else "den som passer best"
        yield f"Sats per innbygger der den ikke er trykt: {_rates(guessed)} ({how})."
    elif rule.rate_is_stated:
        yield "Den oppgitte satsen er ikke brukt: hver rad har sin egen."
    if rule.base_amount:
        yield f"Grunnbeløp: {money(rule.base_amount)} for hver kommune."
    years = table.columns[1:]
    if any(rule.percents):
        listed = [
            f"{percent_text(percent)} prosent i {column.year or column.label}"
            for percent, column in zip(rule.percents, years, strict=True)
        ]
        how = "oppgitt" if rule.index_is_stated else "den som passer best"
        yield f"Indeks: {join(listed)} ({how})."
        flat = [
            row.label
            for row, found in zip(table.rows, rule.rows, strict=True)
            if found and not found.indexed and found.start is not None
        ]
        if flat:
            yield f"Uten indeks: {_named(flat)}."
    elif years and all(is_flat(row) for row in table.contributors):
        yield "Ingen rad er indeksregulert."
    if rule.index_is_stated and not years:
        yield "Den oppgitte indeksen er ikke brukt: tabellen har bare én beløpskolonne."
    if rule.rounding == AS_PRINTED:
        yield f"Avrunding: {rule.rounding.label}."
    else:
        yield f"Alle beløp er {rule.rounding.label}. Det er lest som tabellens regel."


def _rates(rates: set[Decimal]) -> str:
    return join(rate_text(rate) for rate in sorted(rates))


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return join([*names[:_MOST_NAMED], f"{more} til"] if more > 0 else names)


def _population_notes(sheet: Sheet) -> Iterator[str]:
    """Compare inhabitants that should be sums: a sum row's, and a county authority's."""
    rows = sheet.table.rows
    municipal: list[PrintedRow] = []
    block: list[PrintedRow] = []
    for at, row in enumerate(rows):
        if row.kind is RowKind.CONTRIBUTOR:
            municipal.append(row)
            block.append(row)
        elif row.population is not None:
            counted = [rows[n] for n in sheet.counted.get(at, ())]
            sums = {_inhabitants(group) for group in (municipal, block, counted)}
            if row.population not in sums and max(sums) > 0:
                yield (
                    f"{row.label}: innbyggertallet {row.population} er ikke summen av kommunene over "
                    f"({_inhabitants(municipal)})."
                )
            block = []


def _inhabitants(rows: list[PrintedRow]) -> int:
    return sum(row.population or 0 for row in rows)

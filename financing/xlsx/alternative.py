"""An alternative's own sheet: the contribution table, every amount a formula on the assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from financing.figures import printed_rows
from financing.terms import Alternative, Basis, Row, Rule, RuleKind, Status, SumRow, Table
from financing.words import rounding_label, table_words, terms
from financing.xlsx import style
from financing.xlsx.assumptions import STATUSES, Assumptions, RuleCells
from financing.xlsx.keys import Parts
from financing.xlsx.rounded import rounded

_HEAD = 3
_YEARS = 6  # the column of the first year


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line of the sheet: its label, and the cells with the program's own amounts."""

    label: str
    cells: tuple[tuple[str, Decimal], ...]  # address, amount; one for each year


def write(
    sheet: Worksheet,
    number: int,
    alternative: Alternative,
    table: Table,
    known: Assumptions,
    parts: Parts,
) -> tuple[Line, ...]:
    """Fill the sheet of the alternative with this number; return its lines, for the control."""
    words, say = table_words(known.language), known.say
    style.heading(sheet, 1, alternative.name, size=14)
    heads = (words.contributor, "Status", words.population, words.rate, words.base_amount)
    style.heads(sheet, _HEAD, (*heads, *map(str, table.years)), numbers_from=3)
    sheet.freeze_panes = sheet.cell(_HEAD + 1, 2)
    made = _Amounts(number, alternative, known, parts)
    printed = list(printed_rows(table))
    if table.total_confirmed is None:  # somebody may be made unsure in the sheet
        total = table.total
        printed.append(
            SumRow("total-confirmed", "Sum uten ubekreftede bidrag", total.keys, total.cells)
        )
    places = {line.key: at for at, line in enumerate(printed, _HEAD + 1) if isinstance(line, Row)}
    counties = {row.key: row.county for row in table.rows}
    lines = []
    for at, line in enumerate(printed, start=_HEAD + 1):
        if isinstance(line, Row):
            style.text(sheet, at, 1, line.name)
            _basis(sheet, at, line, made)
        else:
            style.text(sheet, at, 1, words.label(line))
            style.sum_line(sheet, at, _YEARS - 1 + len(table.years))
        cells = []
        for year, amount in enumerate(line.cells):
            column = _YEARS + year
            letter = get_column_letter(column)
            if isinstance(line, Row):
                text = made.amount(line.key, year)
            else:
                rows = [
                    place
                    for key, place in places.items()
                    if not line.code.startswith("county-") or line.code == f"county-{counties[key]}"
                ]
                sure = say(STATUSES[Status.CONFIRMED]) if line.code == "total-confirmed" else ""
                text = _sum(rows, letter, sure)
            cell = style.formula(
                sheet, at, column, text, style.MONEY, bold=isinstance(line, SumRow)
            )
            cells.append((style.address(cell), amount))
        lines.append(Line(line.name if isinstance(line, Row) else words.label(line), tuple(cells)))
    at = _HEAD + len(printed) + 2
    told = say("Avrunding: {}. Summene er regnet ut fra beløpene slik de er vist.")
    rule = told.format(rounding_label(alternative.rounding, known.language))
    for offset, note in enumerate((rule, *terms(table, known.language))):
        style.text(sheet, at + offset, 1, note)
    style.widths(sheet, 34, 16, 13, 13, 15, *[16] * len(table.years))
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    return tuple(lines)


def _basis(sheet: Worksheet, at: int, row: Row, made: _Amounts) -> None:
    """Write status, inhabitants, rate and base amount as the table has them."""
    cells = made.known.contributors[row.key]
    style.formula(sheet, at, 2, cells.status, "General")
    by_rate = [
        (rule, place)
        for rule, place in made.rules_of(row.key)
        if rule.kind is RuleKind.PER_INHABITANT
    ]
    bases = {rule.basis for rule, _ in by_rate}
    if row.population is not None and len(bases) <= 1:
        own = Basis.COUNTY not in bases
        inhabitants = cells.inhabitants if own else cells.county_inhabitants
        style.formula(sheet, at, 3, inhabitants, style.INTEGER)
    if row.rate is not None and len(by_rate) == 1:
        style.formula(sheet, at, 4, by_rate[0][1].rate, style.RATE)
        style.formula(sheet, at, 5, by_rate[0][1].base_amount, style.MONEY)


def _sum(rows: Iterable[int], letter: str, sure: str) -> str:
    """Sum the rows of a column; with `sure` only those whose status is that word."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    if not sure:
        return (
            "SUM(" + ",".join(f"{letter}{a}:{letter}{b}" for a, b in spans) + ")" if spans else "0"
        )
    summed = [f'SUMIFS({letter}{a}:{letter}{b},$B{a}:$B{b},"{sure}")' for a, b in spans]
    return "+".join(summed) or "0"


@dataclass(frozen=True, slots=True)
class _Amounts:
    """The formulas of one alternative's amounts."""

    number: int
    alternative: Alternative
    known: Assumptions
    parts: Parts

    def rules_of(self, key: str) -> list[tuple[Rule, RuleCells]]:
        """The rules that a contributor pays by, with where their numbers stand."""
        pairs = zip(self.alternative.rules, self.known.rules[self.number], strict=True)
        return [(rule, cells) for rule, cells in pairs if key in rule.applies_to]

    def amount(self, key: str, year: int) -> str:
        """Return a contributor's amount of a year: unrounded kroner rounded once, and shares of keys."""
        unrounded = [
            f"{self._kroner(key, rule, cells)}*{cells.multipliers[year]}"
            for rule, cells in self.rules_of(key)
            if rule.kind is not RuleKind.DISTRIBUTION_KEY
        ]
        shares = [
            self.parts[self.number, place, key][year]
            for place, rule in enumerate(self.alternative.rules)
            if rule.kind is RuleKind.DISTRIBUTION_KEY and key in rule.applies_to
        ]
        terms = [rounded("+".join(unrounded), self.alternative.rounding)] if unrounded else []
        return f"IF({self.known.contributors[key].pays}=0,0,{'+'.join(terms + shares) or '0'})"

    def _kroner(self, key: str, rule: Rule, cells: RuleCells) -> str:
        """The first year's kroner by one rule, within its floor and cap."""
        place = self.known.contributors[key]
        if rule.kind is RuleKind.FIXED:
            text = cells.amount
        elif rule.kind is RuleKind.HOURS:
            text = f"{cells.hours}*{cells.hour_price}"
        else:
            own = rule.basis is Basis.OWN
            inhabitants = place.inhabitants if own else place.county_inhabitants
            text = f"({cells.base_amount}+{cells.rate}*{inhabitants})"
        if cells.floor is not None:
            text = f"MAX({cells.floor},{text})"
        return text if cells.cap is None else f"MIN({cells.cap},{text})"

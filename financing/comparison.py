"""Alternatives side by side: every year, per inhabitant, and against each other and today. Pure.

Everything is read off finished tables: their shown cells are added and subtracted, and nothing is
calculated anew. Percents have one decimal and amounts per inhabitant two, half up (a half is rounded
away from zero): they are for reading and are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from financing.calculation import ContributorKind, Row, Status, SumRow, Table, add_up, paying
from financing.figures import municipal_sum
from financing.rounding import EXACT, ORE

_TENTH = Decimal("0.1")
_WIDE = Context(prec=60)  # a quotient that is no tie cannot come to look like one


@dataclass(frozen=True, slots=True)
class Difference:
    """An amount less another, in kroner and in percent of the other (None where that is 0)."""

    kroner: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One line in one alternative. Tuples have one entry per year of the comparison.

    An entry is None where the alternative has no such line or year, a difference also where what it
    is compared with is missing.
    """

    status: Status | None  # of the contributor in this alternative; None for a sum
    amounts: tuple[Decimal | None, ...]  # shown cells, kroner
    total: Decimal | None  # the sum of the years; None where one is missing
    population: int | None  # whom the amounts per inhabitant are divided by
    per_inhabitant: tuple[Decimal | None, ...]  # kroner
    differences: tuple[Difference | None, ...]  # less the alternative that is compared with
    total_difference: Difference | None
    from_current: tuple[Difference | None, ...]  # less what is paid today


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A contributor or a sum, with its figures in each alternative.

    `key` is the contributor's key or the sum's code, `status` the contributor's in the first
    alternative that has it. `current` is what is paid today in kroner a year, None where it is not
    known for everybody in the line.
    """

    key: str
    name: str
    status: Status | None
    figures: tuple[Figures, ...]
    current: Decimal | None = None
    is_sum: bool = False
    is_own: bool = False

    @property
    def pairs(self) -> tuple[tuple[Decimal | None, Decimal | None], ...]:
        """Each alternative's first-year amount with its difference in kroner."""
        return tuple(
            (item.amounts[0], item.differences[0].kroner if item.differences[0] else None)
            for item in self.figures
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Alternatives side by side; `against` is the position of the one the others are compared with."""

    years: tuple[int, ...]
    alternatives: tuple[str, ...]
    against: int
    current_year: int | None  # of what is paid today; None where that is not compared with
    rows: tuple[ComparedRow, ...]  # as printed: each county's sum under it, the totals last

    @property
    def year(self) -> int:
        """The first year."""
        return self.years[0]

    @property
    def own(self) -> ComparedRow | None:
        """The reader's own line."""
        return next((row for row in self.rows if row.is_own), None)

    @property
    def total(self) -> ComparedRow:
        """The line «Sum alle bidrag»."""
        return next(row for row in self.rows if row.key == "total")


def comparable(tables: Sequence[Table], current: Mapping[str, Decimal] | None) -> bool:
    """Whether there is anything to compare: two tables, or one and what is paid today."""
    return len(tables) > 1 or (len(tables) == 1 and current is not None)


def compare(
    tables: Sequence[Table],
    own: str = "",
    *,
    against: int = 0,
    current: Mapping[str, Decimal] | None = None,
    current_year: int | None = None,
) -> Comparison | None:
    """Put the tables side by side, in their order, for every year that one of them has.

    `own` is the reader's organisation's key. `against` is the position of the table the others are
    compared with. `current` is what each pays today, kroner a year by contributor key: a sum's is
    known where everybody listed in it is, those who decline included, for what they pay falls away.

    None with nothing to compare: no table, or one and no `current`. ValueError for an `against` that
    is not there.
    """
    listed = tuple(tables)
    if not comparable(listed, current):
        return None
    if not 0 <= against < len(listed):
        raise ValueError(f"There is no alternative {against} to compare with.")
    years = tuple(sorted({year for table in listed for year in table.years}))
    lines = [_Line(table) for table in listed]
    rows = tuple(
        _compared(code, lines, years, against, current, is_own=bool(own) and code == own)
        for code in _order(lines)
    )
    return Comparison(
        years=years,
        alternatives=tuple(table.alternative for table in listed),
        against=against,
        current_year=current_year if current is not None else None,
        rows=rows,
    )


class _Line:
    """The lines of one table, by contributor key or sum code."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = {row.key: row for row in table.rows}
        self.sums: dict[str, SumRow] = {line.code: line for line in table.subtotals}
        counties = dict.fromkeys(row.county for row in table.rows if row.county)
        for county in counties:
            # A table in which only one county pays has no subtotals, but others may.
            if f"county-{county}" not in self.sums:
                of_county = paying(row for row in table.rows if row.county == county)
                self.sums[f"county-{county}"] = self._sum(f"county-{county}", of_county)
        self.labels = {line.code: line.label for line in table.subtotals}
        self.sums["municipalities"] = municipal_sum(table)
        self.sums["total"] = table.total
        self.sums["total-confirmed"] = table.total_confirmed or table.total
        for code in ("municipalities", "total", "total-confirmed"):
            self.labels[code] = self.sums[code].label
        if table.total_confirmed is None:
            del self.labels["total-confirmed"]

    def _sum(self, code: str, rows: Iterable[Row]) -> SumRow:
        return add_up(code, "", rows, len(self.table.years))

    def find(self, code: str) -> Row | SumRow | None:
        """Return the contributor's row or the sum."""
        return self.rows.get(code) or self.sums.get(code)

    def listed(self, code: str) -> set[str]:
        """Return the keys of all who are listed in a line, those who decline included."""
        if code in self.rows:
            return {code}
        if code == "total-confirmed":
            return set(self.sums[code].keys)
        return {
            row.key
            for row in self.table.rows
            if code == "total"
            or code == f"county-{row.county}"
            or (code == "municipalities" and row.kind is ContributorKind.MUNICIPALITY)
        }

    def population(self, line: Row | SumRow) -> int | None:
        """Return a row's inhabitants, or those of the municipalities in a sum."""
        if isinstance(line, Row):
            return line.population
        municipalities = (
            self.rows[key]
            for key in line.keys
            if self.rows[key].kind is ContributorKind.MUNICIPALITY
        )
        return sum(row.population or 0 for row in municipalities)


def _order(lines: Sequence[_Line]) -> list[str]:
    """Return contributor keys and sum codes as they are printed.

    Counties come in the order they are first met, and in each those of the first table that has
    them first. «Sum kommuner» is left out where it would repeat another sum.
    """
    labels = {code for line in lines for code in line.labels}
    counties: dict[str, dict[str, None]] = {}
    for line in lines:
        for row in line.table.rows:
            counties.setdefault(row.county, {}).setdefault(row.key)
    counties[""] = counties.pop("", {})  # bodies without a county come last
    order: list[str] = []
    for county, keys in counties.items():
        by_kind = sorted(keys, key=lambda key: _kind(lines, key))
        order += by_kind
        if f"county-{county}" in labels:
            order.append(f"county-{county}")
    if any(_differs(line) for line in lines):
        order.append("municipalities")
    order.append("total")
    if "total-confirmed" in labels:
        order.append("total-confirmed")
    return order


def _kind(lines: Sequence[_Line], key: str) -> int:
    found = next(line.rows[key] for line in lines if key in line.rows)
    return list(ContributorKind).index(found.kind)


def _differs(line: _Line) -> bool:
    """Whether municipalities pay, and others besides them."""
    return 0 < len(line.sums["municipalities"].keys) < len(line.table.total.keys)


def _compared(
    code: str,
    lines: Sequence[_Line],
    years: tuple[int, ...],
    against: int,
    current: Mapping[str, Decimal] | None,
    *,
    is_own: bool,
) -> ComparedRow:
    found = [line.find(code) for line in lines]
    known = next(item for item in found if item is not None)
    amounts = [_amounts(line.table, item, years) for line, item in zip(lines, found, strict=True)]
    totals = [_sum(cells) for cells in amounts]
    today = None
    if current is not None:
        keys = sorted({key for line in lines for key in line.listed(code)})
        today = _sum(current.get(key) for key in keys)
    figures = []
    for line, item, cells, total in zip(lines, found, amounts, totals, strict=True):
        population = None if item is None else line.population(item)
        figures.append(
            Figures(
                status=item.status if isinstance(item, Row) else None,
                amounts=cells,
                total=total,
                population=population,
                per_inhabitant=tuple(_divide(cell, population) for cell in cells),
                differences=tuple(map(difference, cells, amounts[against])),
                total_difference=difference(total, totals[against]),
                from_current=tuple(difference(cell, today) for cell in cells),
            )
        )
    labels = [line.labels[code] for line in lines if code in line.labels]
    return ComparedRow(
        key=code,
        name=known.name if isinstance(known, Row) else labels[0],
        status=known.status if isinstance(known, Row) else None,
        figures=tuple(figures),
        current=today,
        is_sum=isinstance(known, SumRow),
        is_own=is_own,
    )


def _amounts(
    table: Table, line: Row | SumRow | None, years: tuple[int, ...]
) -> tuple[Decimal | None, ...]:
    cells = {} if line is None else dict(zip(table.years, line.cells, strict=True))
    return tuple(cells.get(year) for year in years)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add amounts; None where there are none or one is missing: what is missing is not nothing."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    if not known or len(known) < len(listed):
        return None
    with localcontext(EXACT):
        return sum(known, Decimal("0.00"))


def difference(amount: Decimal | None, other: Decimal | None) -> Difference | None:
    """Return `amount` less `other`; None where one of them is missing."""
    if amount is None or other is None:
        return None
    kroner = EXACT.subtract(amount, other)
    if not other:
        return Difference(kroner, None)
    percent = _WIDE.divide(kroner.scaleb(2), other)
    return Difference(kroner, percent.quantize(_TENTH, ROUND_HALF_UP, _WIDE))


def _divide(cell: Decimal | None, inhabitants: int | None) -> Decimal | None:
    if cell is None or not inhabitants:
        return None
    return _WIDE.divide(cell, Decimal(inhabitants)).quantize(ORE, ROUND_HALF_UP, _WIDE)

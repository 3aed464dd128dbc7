"""What gives away amounts of a table that is not shown: withheld with its point, or in no point. Pure.

What is left of the agreement may still say amounts of it, and those with the sums that it says may
settle others. All amounts are unknown but those: withheld are, where a point with the table is, all of
them, and otherwise those that the other marks are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from agreements.domain import marks as marking
from agreements.domain import phrases
from agreements.domain.document import Document, Financing
from agreements.domain.giveaways.base import (
    Equation,
    Giveaway,
    Unknown,
    determined,
    equation,
    label,
    like,
    name,
    row_mark,
)
from agreements.domain.marks import Mark, MarkKind
from agreements.domain.public_view import View, texts
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RTable, resolve
from financing.calculation import Row, RuleKind, Status, SumRow, Table, Term
from financing.figures import municipal_sum, printed_rows
from municipalities import norwegian

_LEFT = "står fortsatt andre steder i avtalen"


def find(
    document: Document, financing: Financing, view: View, marks: Sequence[Mark]
) -> Iterator[Giveaway]:
    """Yield what is given away of a table that the view does not have."""
    return _Finder(document, financing.table, view, marks).all()


class _Finder:
    def __init__(self, document: Document, table: Table, view: View, marks: Sequence[Mark]) -> None:
        self._table, self._marks = table, marks
        self._lines = printed_rows(table)
        self._municipal = municipal_sum(table)
        self._phrases = marking.phrases_of(document, marks)
        self._holder = _holder(document, marks)
        self._said = _said(_figures(table, (*self._lines, self._municipal)), texts(view))

    def all(self) -> Iterator[Giveaway]:
        for line in self._lines:
            yield from self._outright(line)
        yield from self._by_sums()
        yield from self._by_rates()
        for term in self._table.terms:
            yield from self._by_term(term)

    def _form(self, amount: Decimal) -> str:
        """How the rest of the agreement writes an amount; empty where it does not."""
        forms = marking.written(amount) if amount else ()
        return next((form for form in forms if form in self._said), "")

    def _is_withheld(self, amount: Decimal) -> bool:
        if self._holder is not None:
            return True
        return bool(phrases.places(norwegian.money(amount), self._phrases))

    def _is_unknown(self, row: Row) -> bool:
        """Whether an amount of the row is withheld, and not said."""
        return any(self._is_withheld(cell) and not self._form(cell) for cell in _cells(row))

    def _like(self, line: Row | SumRow) -> int:
        return like(line, self._marks, self._phrases, self._holder or 0)

    def _phrase(self, text: str, line: Row | SumRow, figure: str) -> Giveaway:
        number = self._like(line)
        return Giveaway(
            text, Mark(MarkKind.PHRASE, self._marks[number].basis, phrase=figure), number
        )

    def _row(self, text: str, line: Row, *, with_sums: bool) -> Giveaway:
        number = self._like(line)
        return Giveaway(text, row_mark(line, self._marks, number, with_sums=with_sums), number)

    def _outright(self, line: Row | SumRow) -> Iterator[Giveaway]:
        years: dict[str, list[str]] = {}
        for year, cell in zip(self._table.years, _cells(line), strict=False):
            if self._is_withheld(cell) and (form := self._form(cell)):
                years.setdefault(form, []).append(str(year))
        if isinstance(line, SumRow):
            for form, told in years.items():
                text = f"{line.label}: summen for {norwegian.join(told)} {_LEFT}."
                yield self._phrase(text, line, form)
        elif years:
            when = norwegian.join(sorted(year for told in years.values() for year in told))
            yield self._row(f"{line.name}: beløpet for {when} {_LEFT}.", line, with_sums=False)

    def _by_sums(self) -> Iterator[Giveaway]:
        settled = [determined(self._equations(at)) for at in range(len(self._table.years))]
        for line in self._lines:
            told = [
                str(year)
                for year, cell, found in zip(self._table.years, _cells(line), settled, strict=False)
                if name(line) in found and self._is_withheld(cell)
            ]
            if not told:
                continue
            kind = "summen" if isinstance(line, SumRow) else "beløpet"
            text = (
                f"{label(line)}: {kind} for {norwegian.join(told)} kan regnes ut av beløp og summer "
                "som fortsatt står andre steder i avtalen."
            )
            yield (
                Giveaway(text)
                if isinstance(line, SumRow)
                else self._row(text, line, with_sums=True)
            )

    def _equations(self, column: int) -> list[Equation]:
        """Each sum of the column, with what is not said in it."""
        sums = [line for line in self._lines if isinstance(line, SumRow)]
        if self._municipal.keys and self._form(self._municipal.cells[column]):
            sums.append(self._municipal)
        unknown: set[Unknown] = {
            name(line)
            for line in self._lines
            if column < len(cells := _cells(line)) and not self._form(cells[column])
        }
        return [equation(line, unknown) for line in sums]

    def _by_rates(self) -> Iterator[Giveaway]:
        sharing: dict[str, list[Row]] = {}
        for row in self._table.rows:
            if row.rate and row.population is not None and self._is_unknown(row):
                sharing.setdefault(norwegian.rate(row.rate), []).append(row)
        for rate, rows in sharing.items():
            if rate in self._said:
                what = "bidraget" if len(rows) == 1 else "bidragene"
                text = (
                    f"Satsen {rate} {_LEFT}. Innbyggertall er offentlige, og med satsen kan {what} fra "
                    f"{norwegian.join([row.name for row in rows])} regnes ut."
                )
                yield self._phrase(text, rows[0], rate)

    def _by_term(self, term: Term) -> Iterator[Giveaway]:
        """A fixed amount before index and steps, hours and their price, or an amount that is shared."""
        rows = [row for row in self._table.rows if row.name in term.names and self._is_unknown(row)]
        if term.kind is RuleKind.FIXED:
            rows = [row for row in rows if term.amount not in row.cells]  # told of already
        price, hours = _price(term), norwegian.percent(term.hours)
        for form in marking.written(price) if price and rows else ():
            where = self._said.get(form, set())
            if term.kind is RuleKind.HOURS:
                where = where & self._said.get(hours, set())
            if where:
                figures = f"{hours} timer à {form}" if term.kind is RuleKind.HOURS else form
                names = norwegian.join([row.name for row in rows])
                text = f"{names}: {figures}, som bidraget er regnet ut fra, {_LEFT}."
                yield self._phrase(text, rows[0], form)
                return


def _cells(line: Row | SumRow) -> tuple[Decimal, ...]:
    """The amounts that the table would show."""
    return () if isinstance(line, Row) and line.status is Status.DECLINED else line.cells


def _price(term: Term) -> Decimal:
    return term.hour_price if term.kind is RuleKind.HOURS else term.amount


def _figures(table: Table, lines: Iterable[Row | SumRow]) -> Iterator[str]:
    """Everything that is looked for in the rest of the agreement, as people write it."""
    prices = [_price(term) for term in table.terms]
    for amount in (*prices, *(cell for line in lines for cell in line.cells)):
        yield from marking.written(amount) if amount else ()
    yield from (norwegian.rate(row.rate) for row in table.rows if row.rate)
    yield from (norwegian.percent(term.hours) for term in table.terms if term.hours)


def _said(figures: Iterable[str], said: Iterable[str]) -> dict[str, set[int]]:
    """Which texts say each figure, by itself and not as a part of another. Each text is read once."""
    wanted = list(dict.fromkeys(figures))
    looked_for = [
        one for at, text in enumerate(wanted) for one in phrases.phrase(text, at, exact=True)
    ]
    found: dict[str, set[int]] = {}
    with_figures = (text for text in said if any(map(str.isdigit, text)))
    for number, text in enumerate(with_figures):
        for place in phrases.places(text, looked_for):
            for owner in place.owners:
                found.setdefault(wanted[owner], set()).add(number)
    return found


def _holder(document: Document, marks: Sequence[Mark]) -> int | None:
    """The number of a mark that withholds a point with the table; None where no point has it."""
    with_table = set(_with_table(resolve(document).clauses))
    for number, mark in enumerate(marks):
        if mark.kind is MarkKind.CLAUSE and mark.target in with_table:
            return number
    return None


def _with_table(clauses: Iterable[ResolvedClause]) -> Iterator[str]:
    for clause in clauses:
        if any(map(_has_table, clause.blocks)):
            yield clause.key
        yield from _with_table(clause.children)


def _has_table(block: RBlock) -> bool:
    match block:
        case RTable():
            return True
        case RList(_, items):
            return any(_has_table(part) for item in items for part in item)
        case _:
            return False

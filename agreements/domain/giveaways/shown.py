"""What a table that is shown gives away of what is withheld in it and in the text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agreements.domain import marks as marking
from agreements.domain import wording
from agreements.domain.document import Document, Financing, Language
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
    says,
)
from agreements.domain.marks import Mark, MarkKind
from agreements.domain.public_view import Line, PublicRow, PublicTable, View, texts
from financing import words
from financing.calculation import Row, RuleKind, SumRow, Term
from financing.figures import municipal_sum, printed_rows
from municipalities import norwegian


def find(
    document: Document,
    financing: Financing,
    view: View,
    table: PublicTable,
    marks: Sequence[Mark],
) -> Iterator[Giveaway]:
    """Yield what is given away; `table` is that of the view."""
    return _Finder(document, financing, view, table, marks).all()


class _Finder:
    def __init__(
        self,
        document: Document,
        financing: Financing,
        view: View,
        shown: PublicTable,
        marks: Sequence[Mark],
    ) -> None:
        self._document, self._table, self._marks = document, financing.table, marks
        self._said = list(texts(view))
        self._phrases = marking.phrases_of(document, marks)
        self._lines = list(zip(printed_rows(self._table), shown.rows, strict=True))
        self._terms = list(_terms_shown(financing, document.language, shown))

    def all(self) -> Iterator[Giveaway]:
        yield from self._by_sums()
        for line, shown in self._lines:
            if isinstance(line, Row):
                yield from self._by_rate(line, shown)
                yield from self._by_terms(line, shown)
                yield from self._by_other_years(line, shown)
        yield from self._prices()

    # Sums

    def _by_sums(self) -> Iterator[Giveaway]:
        years: dict[Unknown, list[int]] = {}
        for column, year in enumerate(self._table.years):
            for unknown in determined(self._equations(column)):
                years.setdefault(unknown, []).append(year)
        for line, _shown in self._lines:
            if (told := years.get(name(line))) is None:
                continue
            when = norwegian.join([str(year) for year in told])
            if isinstance(line, SumRow):
                text = f"{line.label}: summen for {when} kan regnes ut av beløpene over den."
                yield Giveaway(text)
            else:
                text = f"{line.name}: beløpet for {when} kan regnes ut av summene og de andre beløpene."
                yield self._row(text, line, with_sums=True)

    def _equations(self, column: int) -> list[Equation]:
        """Each sum of the column, with what is withheld in it; the rest is known."""
        hidden = {
            name(line)
            for line, shown in self._lines
            if column < len(shown.cells) and _hidden(shown.cells[column])
        }
        made = []
        for line, _ in self._lines:
            if isinstance(line, SumRow):
                made.append(equation(line, hidden))
        everybody = municipal_sum(self._table)
        # Clauses may say what the municipalities pay together, also where the table does not.
        if column == 0 and everybody.keys and self._is_said(norwegian.money(everybody.cells[0])):
            known = equation(everybody, hidden)
            known.pop((True, everybody.code), None)
            made.append(known)
        return made

    def _is_said(self, amount: str) -> bool:
        return any(says(text, amount) for text in self._said)

    # One row

    def _by_rate(self, line: Row, shown: PublicRow) -> Iterator[Giveaway]:
        if line.rate is None or line.population is None or _hidden(shown.population):
            return
        if not any(_hidden(cell) for cell in shown.cells):
            return
        rate = norwegian.rate(line.rate)
        if not _hidden(shown.rate):
            text = f"{line.name}: innbyggertallet ganget med satsen i raden gir beløpet."
            yield self._row(text, line, with_sums=False)
        elif self._is_said(rate):
            text = (
                f"{line.name}: satsen {rate} står andre steder, og ganget med innbyggertallet gir den "
                "beløpet."
            )
            number = self._like(line)
            offer = Mark(MarkKind.PHRASE, self._marks[number].basis, phrase=rate)
            yield Giveaway(text, offer, number)
        elif other := next((row for row in self._lines if _tells_rate(*row, line)), None):
            yield Giveaway(
                f"{line.name}: satsen kan regnes ut av raden til {label(other[0])}, som har den samme, "
                "og ganget med innbyggertallet gir den beløpet."
            )

    def _by_terms(self, line: Row, shown: PublicRow) -> Iterator[Giveaway]:
        """What the sentences under the table say of the row: fixed, bought by the hour, or shared."""
        if not any(_hidden(cell) for cell in shown.cells):
            return
        for term, said in self._terms:
            by_the_hour = term.kind is RuleKind.HOURS
            kroner = term.hour_price if by_the_hour else term.amount
            amount, hours = norwegian.money(kroner), norwegian.percent(term.hours)
            wanted = [amount, hours] if by_the_hour else [amount]
            if not kroner or line.name not in term.names:
                continue
            if not all(says(said, figure) for figure in wanted):
                continue
            figures = f"{hours} timer à {amount}" if by_the_hour else amount
            text = (
                f"{line.name}: under tabellen står {figures} kroner, som beløpet er regnet ut fra."
            )
            number = self._like(line)
            yield Giveaway(
                text, Mark(MarkKind.PHRASE, self._marks[number].basis, phrase=amount), number
            )

    def _by_other_years(self, line: Row, shown: PublicRow) -> Iterator[Giveaway]:
        hidden = [_hidden(cell) for cell in shown.cells]
        if any(hidden) and not all(hidden):
            text = f"{line.name}: beløpet for et annet år står der, og viser hva det er."
            yield self._row(text, line, with_sums=False)

    def _prices(self) -> Iterator[Giveaway]:
        rows = {line.key: (line, shown) for line, shown in self._lines if isinstance(line, Row)}
        for number, mark in enumerate(self._marks):
            own = marking.purchase(self._document, mark.target)
            if mark.kind is not MarkKind.SERVICE or own is None or own.price is None:
                continue
            if own.body.key not in rows:
                continue
            line, shown = rows[own.body.key]
            amounts_seen = any(cell and not _hidden(cell) for cell in shown.cells)
            if amounts_seen and shown.rate and not _hidden(shown.rate):
                text = (
                    f"{line.name}: prisen er en del av bidraget, og det som er igjen når innbyggertallet "
                    "ganget med satsen er trukket fra."
                )
                offer = Mark(MarkKind.ROW, mark.basis, line.key, with_sums=True)
                yield Giveaway(text, offer, number)

    def _row(self, text: str, line: Row, *, with_sums: bool) -> Giveaway:
        number = self._like(line)
        return Giveaway(text, row_mark(line, self._marks, number, with_sums=with_sums), number)

    def _like(self, line: Row) -> int:
        return like(line, self._marks, self._phrases)


def _terms_shown(
    financing: Financing, language: Language, shown: PublicTable
) -> Iterator[tuple[Term, str]]:
    """The rules that need words, each with what is left of its sentence under the table."""
    notes = wording.financing_notes(financing, language)
    sentences = words.terms(financing.table, language.value)
    for term, sentence in zip(financing.table.terms, sentences, strict=True):
        runs = shown.notes[notes.index(sentence)]
        yield term, " ".join(run.text for run in runs if not run.withheld)


def _tells_rate(other: Row | SumRow, shown: PublicRow, line: Row) -> bool:
    """Whether the row of another body with the same rate shows an amount and the inhabitants."""
    if isinstance(other, SumRow) or other.key == line.key or other.rate != line.rate:
        return False
    amounts = any(cell and not _hidden(cell) for cell in shown.cells)
    return amounts and bool(shown.population) and not _hidden(shown.population)


def _hidden(cell: Line) -> bool:
    return any(run.withheld for run in cell)

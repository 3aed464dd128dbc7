"""Yearly contributions in the text, against the contribution table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from agreements.domain import facts
from agreements.domain.checks.attribution import Attributed, attributed
from agreements.domain.checks.figures import Figures, cell_sums, figures, short_name
from agreements.domain.checks.mending import fact
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.quantities import Number
from agreements.domain.checks.reading import Kind, Passage, sentences
from agreements.domain.document import Document
from financing.calculation import Row
from municipalities.norwegian import integer, join, money

_CONTRIBUTION = re.compile(
    r"bidra|bidreg|\bbetal|\binnbetal|finansier|tilskudd|tilskot|\bandel|\byter?\b|\bdekk|økonomiske?\s+ramme",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:samlet|samla|samlede|(?:til|ti)\s?sammen|til\s+saman|totalt?|totale|i\s+alt|sum|summen"
    r"|årl[ei]ge?\s+ramme|økonomiske?\s+rammen?)\b",
    re.IGNORECASE,
)
# Money that is not a contribution of the table.
_OTHER_MONEY = re.compile(
    r"egenandel|eigendel|gebyr|honorar|\bhuslei[eg]|\blei[eg]|terskel|kjøp|anskaff|deltak[ea]ravgift|i\s+tillegg"
    r"|tilleggs|timepris|timesats|\breise|grunnbeløp|ubrukt|overskudd|overskot|underskudd|underskot|\brente|erstatning|\bbot\b",
    re.IGNORECASE,
)
_PER_OTHER = re.compile(
    r"\s{0,3}(?:kr\.?|kroner|,-)?\s{0,3}(?:per|pr\.?|/|for\s+hver|for\s+kvar)\s{0,3}(?!år|kommune|termin|halvår)[^\W\d_]",
    re.IGNORECASE,
)
_INSTALMENT = re.compile(
    r"\b(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|termin\w*"
    r"|avdrag|halvår\w*|kvartal\w*|halvpart\w*|forskudd|forskot|to\s+del[ea]r|rate|rat[ea]r)\b",
    re.IGNORECASE,
)
_WHOLE_TERM = re.compile(
    r"\b(?:avtaleperioden|perioden|årene|åra|samlet|samla|samlede|til\s+sammen|til\s+saman|totalt?|totale)\b",
    re.IGNORECASE,
)
_SMALLEST = 1000  # kroner; smaller numbers are rates and fees
_ORE = Decimal("0.01")
_INSTALMENTS = (2, 3, 4, 12)
_MOST_LISTED = 6


def amounts(document: Document, context: Context) -> Iterator[Finding]:
    """Find typed contributions that differ from the table's shown cells and their sums.

    Right are also amounts correctly rounded to whole kroner, sums over the years, and instalments
    where the sentence speaks of them.
    """
    known = figures(document)
    if known is None:
        return
    for sentence in sentences(document):
        about = sentence.typed
        if sentence.kind is Kind.ITEM:
            about = f"{sentence.lead} {about}"
        contribution = _CONTRIBUTION.search(about) is not None
        total = _TOTAL.search(sentence.typed) is not None
        if not (contribution or total) or _OTHER_MONEY.search(sentence.typed):
            continue
        for found in attributed(sentence, known, _is_yearly):
            if not (found.mentions and contribution) and not (total and contribution):
                continue
            right = _right_amounts(known, found, sentence, total)
            if not any(found.number.agrees_rounded(value) for value in right):
                yield Finding(
                    Level.ERROR,
                    Code.AMOUNT_DIFFERS,
                    f"{sentence.where()}Teksten sier {_said(found.number)} kroner. Etter bidragstabellen "
                    f"er det {_stated(known, found)}. Bruk en opplysning, eller vis til tabellen.",
                    sentence.anchor,
                    fact(
                        document, sentence.anchor, found.number.raw, _fact(document, known, found)
                    ),
                )


def _fact(document: Document, known: Figures, found: Attributed) -> str | None:
    """Return the fact that is the amount of those spoken of, in every year spoken of.

    Facts give the first year's amounts: right for other years only where the cells are equal.
    """
    rows = known.spoken_of(found.mentions)
    if not rows or found.number.step > 1:
        return None
    cells = set(cell_sums(rows, found.columns))
    if len(cells) != 1:
        return None
    shown = money(cells.pop())
    values = facts.values(document)
    names = ("okonomi.fylkesbidrag", "okonomi.kommunebidrag", "okonomi.sum")
    return next((name for name in names if values[name] == shown), None)


def _is_yearly(typed: str, number: Number) -> bool:
    if number.is_percent or number.is_limit or number.value < _SMALLEST:
        return False
    return (number.is_money or number.step == _ORE) and not _PER_OTHER.match(typed, number.end)


def _right_amounts(
    known: Figures, found: Attributed, sentence: Passage, total: bool
) -> set[Decimal]:
    """Return every amount that is right for those spoken of, in the years spoken of."""
    groups = _groups(known, found, total)
    right = {value for group in groups for value in cell_sums(group, found.columns)}
    # A fixed amount that is printed under the table, such as what somebody buys on top, is right too.
    named = {row.name for row in found.mentions.named}
    right.update(t.amount for t in known.table.terms if t.amount and named & set(t.names))
    if _WHOLE_TERM.search(sentence.typed):
        every = range(len(known.table.years))
        right.update(sum(cell_sums(group, every), Decimal(0)) for group in groups)
    if _INSTALMENT.search(sentence.typed):
        right.update(
            (value / parts).quantize(_ORE, rounding)
            for value in tuple(right)
            for parts in _INSTALMENTS
            for rounding in (ROUND_DOWN, ROUND_UP)
        )
    return right


def _groups(known: Figures, found: Attributed, total: bool) -> list[tuple[Row, ...]]:
    """Return the sets of rows whose sum the number may be."""
    named, kinds = found.mentions.named, found.mentions.kinds
    groups: list[tuple[Row, ...]] = [(row,) for row in named]
    groups.append(named)
    for kind in kinds:
        rows = known.of_kind(kind)
        groups.append(rows)
        if len({row.cells for row in rows}) == 1:  # «hver kommune betaler …»
            groups.append(rows[:1])
    if total or kinds or not named:
        by_key = {row.key: row for row in known.table.rows}
        sums = [known.table.total, *known.table.subtotals]
        if known.table.total_confirmed is not None:
            sums.append(known.table.total_confirmed)
        groups.extend(tuple(by_key[key] for key in s.keys if key in by_key) for s in sums)
        groups.extend((known.municipal, known.authorities))
    return [group for group in groups if group]


def _said(number: Number) -> str:
    value = number.value
    if value == value.to_integral_value():
        return integer(int(value))
    return money(value) if value == value.quantize(_ORE) else number.raw


def _stated(known: Figures, found: Attributed) -> str:
    rows = found.mentions.named[:_MOST_LISTED]
    if rows:
        return "; ".join(f"{_by_year(known, (row,), found)} for {short_name(row)}" for row in rows)
    rows = known.spoken_of(found.mentions)
    if rows:
        names = join(short_name(row) for row in rows)
        return f"{_by_year(known, rows, found)} for {names} til sammen"
    everybody = tuple(row for row in known.rows if row.key in known.table.total.keys)
    return f"{_by_year(known, everybody, found)} for alle til sammen"


def _by_year(known: Figures, rows: Iterable[Row], found: Attributed) -> str:
    cells = cell_sums(rows, found.columns)
    if len(set(cells)) == 1 and len(cells) > 1:
        return f"{money(cells[0])} hvert år"
    years = (known.table.years[column] for column in found.columns)
    return join(f"{money(cell)} i {year}" for cell, year in zip(cells, years, strict=True))

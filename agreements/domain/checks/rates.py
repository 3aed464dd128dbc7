"""Kroner per inhabitant and index percentages in the text, against the contribution table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from agreements.domain import facts
from agreements.domain.checks.attribution import Attributed, attributed
from agreements.domain.checks.figures import Figures, figures, short_name
from agreements.domain.checks.mending import fact
from agreements.domain.checks.model import CLAUSE_PREFIX, FINANCING, Code, Context, Finding, Level
from agreements.domain.checks.quantities import Number
from agreements.domain.checks.reading import passages, sentences
from agreements.domain.document import Document
from financing.calculation import ContributorKind, Row
from municipalities.norwegian import join, percent, rate

_PER_INHABITANT = re.compile(
    r"\s{0,3}(?:kr\.?|kroner|krone|,-)?\s{0,3}(?:per|pr\.?|for\s+hver|for\s+kvar|/)\s{0,3}innb",
    re.IGNORECASE,
)
_PER_OTHER = re.compile(
    r"\s{0,3}(?:kr\.?|kroner|krone|,-)?\s{0,3}(?:per|pr\.?|/|for\s+hver|for\s+kvar)\s{0,3}(?!innb)[^\W\d_]",
    re.IGNORECASE,
)
_ABOUT_RATES = re.compile(
    r"\b(?:per|pr\.?|for\s+hver|for\s+kvar)\s{0,3}innb|/\s?innb|\b(?:innbygger|innbyggj?ar|kommune|fylkes)?sats(?:en|er|ene|ar|ane)?\b"
    r"|\bstk\.?\s?pris|\bstykkpris|\binnbygg(?:er|j?ar)pris",
    re.IGNORECASE,
)
_OTHER_RATES = re.compile(
    r"timesats|timepris|kilometersats|dagsats|\bmva\b|mei?rverdiavgift|\brente|egenandel|eigendel|gebyr|honorar",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\b(?:minimum|minst|minimums\w{2,10})\b[\w\s,.]{0,25}$", re.IGNORECASE)
_LARGEST_RATE = 1000
_ORE = Decimal("0.01")


def rates(document: Document, context: Context) -> Iterator[Finding]:
    """Find typed kroner per inhabitant that differ from the table's rates.

    A minimum («minst 5,50 kroner») may also be the stated minimum rate; where none is stated, any
    rate that nobody pays less than.
    """
    known = figures(document)
    if known is None:
        return
    for sentence in sentences(document):
        if not _ABOUT_RATES.search(sentence.typed) or _OTHER_RATES.search(sentence.typed):
            continue
        for found in attributed(sentence, known, _is_rate):
            rows = known.spoken_of(found.mentions) or known.rows
            at_least = _AT_LEAST.search(sentence.typed[: found.number.start][-50:]) is not None
            if _is_right(known, context, rows, found, at_least):
                continue
            yield Finding(
                Level.ERROR,
                Code.RATE_DIFFERS,
                f"{sentence.where()}Teksten sier {rate(found.number.value)} kroner per innbygger. Etter "
                f"bidragstabellen er satsen {_stated(rows)}. Bruk en opplysning, så følger satsen "
                "tabellen.",
                sentence.anchor,
                fact(document, sentence.anchor, found.number.raw, _fact(document, rows)),
            )


def _fact(document: Document, rows: Sequence[Row]) -> str | None:
    """Return the fact that is the rate of these rows, where there is one and they share it."""
    values = facts.values(document)
    shared = {row.rate for row in rows}
    if len(shared) != 1 or (own := shared.pop()) is None:
        return None
    names = {
        ContributorKind.MUNICIPALITY: "okonomi.kommunesats",
        ContributorKind.COUNTY_AUTHORITY: "okonomi.fylkessats",
    }
    kinds = {row.kind for row in rows}
    name = names.get(kinds.pop()) if len(kinds) == 1 else None
    return name if name and values[name] == rate(own) else None


def _is_rate(typed: str, number: Number) -> bool:
    if number.is_percent or number.is_limit or number.value >= _LARGEST_RATE:
        return False
    if _PER_INHABITANT.match(typed, number.end):
        return True
    return (number.is_money or number.step == _ORE) and not _PER_OTHER.match(typed, number.end)


def _is_right(
    known: Figures, context: Context, rows: tuple[Row, ...], found: Attributed, at_least: bool
) -> bool:
    own = {row.rate for row in rows if row.rate is not None}
    if not own:
        return True  # nobody spoken of pays by inhabitants: nothing to compare with
    value = found.number.value
    kinds = {row.kind for row in rows}
    minimums = {least for kind, least in context.minimum_rates if kind in kinds}
    if value in own | minimums or (at_least and not minimums and value <= min(own)):
        return True
    if len(kinds) < 2:
        return False
    # «62 800 innbyggere × 20 kroner»: what a municipality and its county authority pay together.
    municipal = {row.rate for row in known.municipal if row.rate is not None}
    authorities = {row.rate for row in known.authorities if row.rate is not None}
    return value in {a + b for a in municipal for b in authorities}


def _stated(rows: Iterable[Row]) -> str:
    by_rate: dict[Decimal, list[Row]] = {}
    for row in rows:
        if row.rate is not None:
            by_rate.setdefault(row.rate, []).append(row)
    return "; ".join(
        f"{rate(value)} kroner for {join(short_name(row) for row in group)}"
        for value, group in by_rate.items()
    )


_ABOUT_INDEX = re.compile(
    r"indeks|deflator|prisvekst|lønn?svekst|prisauke|prisstigning|pris-\s+og\s+løn|prisjuster|juster(?:es|ast|ing|te?\b)",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\s{0,3}(?:%|prosent|pst\.?)\s{1,3}(?:av|i|ved)\s+(?!20\d\d)", re.IGNORECASE
)


def index_percentages(document: Document, context: Context) -> Iterator[Finding]:
    """Find typed index percentages that differ from those the table is computed with."""
    known = figures(document)
    if known is None:
        return
    for sentence in sentences(document):
        if not _ABOUT_INDEX.search(sentence.typed):
            continue
        for found in attributed(sentence, known, _is_index):
            years = {known.table.years[column] for column in found.columns}
            factors = [factor for factor in known.table.index if factor.year in years]
            value = found.number.value
            if value in {f.percent for f in factors or known.table.index}:
                continue
            if not known.table.index and value == 0:
                continue
            stated = join(
                f"{percent(f.percent)} prosent i {f.year}" for f in factors or known.table.index
            )
            right = f"regnet med {stated}" if stated else "ikke indeksregulert"
            yield Finding(
                Level.ERROR,
                Code.INDEX_DIFFERS,
                f"{sentence.where()}Teksten sier {percent(value)} prosent. Bidragstabellen er {right}. Bruk "
                "en opplysning, så følger prosenten tabellen.",
                sentence.anchor,
            )


def _is_index(typed: str, number: Number) -> bool:
    return number.is_percent and not number.is_limit and not _SHARE_OF.match(typed, number.end)


_REGULATED = re.compile(r"\breguler", re.IGNORECASE)
_MONEY = re.compile(r"bidra|beløp|\bsats|prosent|%", re.IGNORECASE)


def index_not_stated(document: Document, context: Context) -> Iterator[Finding]:
    """Find a table computed with an index that no clause mentions."""
    known = figures(document)
    if known is None or not any(factor.percent for factor in known.table.index):
        return
    for passage in passages(document):
        if passage.anchor.startswith(CLAUSE_PREFIX) and (
            _ABOUT_INDEX.search(passage.text)
            or (_REGULATED.search(passage.text) and _MONEY.search(passage.text))
        ):
            return
    stated = join(f"{percent(f.percent)} prosent i {f.year}" for f in known.table.index)
    yield Finding(
        Level.WARNING,
        Code.INDEX_NOT_STATED,
        f"Bidragstabellen er regnet med {stated}, men teksten sier ikke at bidragene reguleres. Skriv det "
        "med opplysningen «Indeksreguleringen», eller ta indeksen ut av alternativet.",
        FINANCING,
    )

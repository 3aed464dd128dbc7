"""The facts that clause text may name, and what they say in one agreement. Pure.

A fact is written `{{ name }}` in a clause. The names below are the whole list; text never reaches a
template engine. Values are Norwegian text in the language of the agreement. A fact is None when the
agreement does not (yet) hold what it needs, so that the place where it is used can be pointed out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agreements.domain.document import Body, BodyKind, Document, Language, PartyRole
from financing.calculation import ContributorKind, IndexFactor, Row, paying
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class FactInfo:
    """A fact as the editor offers it. A block fact fills a paragraph of its own."""

    name: str
    label_nb: str
    is_block: bool = False


_FACTS = (
    FactInfo("avtale.tittel", "Avtalens tittel"),
    FactInfo("avtale.startdato", "Første dag i avtaleperioden"),
    FactInfo("avtale.sluttdato", "Siste dag i avtaleperioden"),
    FactInfo("avtale.periode", "Avtaleperioden som årstall"),
    FactInfo("avtale.varighet", "Hvor lenge avtalen varer"),
    FactInfo("region.navn", "Regionens navn"),
    FactInfo("fylke.navn", "Fylkets navn"),
    FactInfo("fylkeskommune.navn", "Fylkeskommunen som er part"),
    FactInfo("kontraktskommune.navn", "Kontraktskommunen"),
    FactInfo("samarbeidskommuner.navn", "Kommunene kontraktskommunen signerer for"),
    FactInfo("kommuner.navn", "Alle kommunene, kontraktskommunen medregnet"),
    FactInfo("nav.navn", "Nav-enheten som er part"),
    FactInfo("innovasjon_norge.navn", "Innovasjon Norge"),
    FactInfo("okonomi.alternativ", "Navnet på det valgte alternativet"),
    FactInfo("okonomi.kommunesats", "Kommunenes sats per innbygger"),
    FactInfo("okonomi.fylkessats", "Fylkeskommunens sats per innbygger"),
    FactInfo("okonomi.befolkningsdato", "Datoen innbyggertallene gjelder"),
    FactInfo("okonomi.innbyggere", "Innbyggere i kommunene til sammen"),
    FactInfo("okonomi.fylkets_innbyggere", "Innbyggere fylkeskommunen betaler for"),
    FactInfo("okonomi.fylkesbidrag", "Fylkeskommunens bidrag det første året"),
    FactInfo("okonomi.kommunebidrag", "Kommunenes bidrag til sammen det første året"),
    FactInfo("okonomi.sum", "Alle bidrag til sammen det første året"),
    FactInfo("okonomi.forste_ar", "Første år i bidragstabellen"),
    FactInfo("okonomi.siste_ar", "Siste år i bidragstabellen"),
    FactInfo("okonomi.indeks", "Indeksreguleringen"),
    FactInfo("tabell.bidrag", "Bidragstabellen", is_block=True),
    FactInfo("liste.parter", "Liste over partene", is_block=True),
    FactInfo("liste.kvalitetskrav", "Liste over kvalitetskravene", is_block=True),
    FactInfo("liste.minimumstjenester", "Liste over minimumstjenestene", is_block=True),
    FactInfo("liste.tilleggstjenester", "Liste over tilleggstjenestene", is_block=True),
    FactInfo("avsnitt.forbehold", "Setning om bidrag som ikke er bekreftet", is_block=True),
)
BLOCK_NAMES = frozenset(fact.name for fact in _FACTS if fact.is_block)

# Two to twelve in words, alike in both languages. «En», «ei» and «ett» follow the noun, see _Unit.
_NUMBER_WORDS = (
    *("to", "tre", "fire", "fem", "seks", "sju"),
    *("åtte", "ni", "ti", "elleve", "tolv"),
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of time: «ett år», «to år»."""

    one: str
    many: str


_YEARS = {Language.BOKMAL: _Unit("ett år", "år"), Language.NYNORSK: _Unit("eitt år", "år")}
_MONTHS = {
    Language.BOKMAL: _Unit("én måned", "måneder"),
    Language.NYNORSK: _Unit("éin månad", "månader"),
}
_DAYS = {Language.BOKMAL: _Unit("én dag", "dager"), Language.NYNORSK: _Unit("éin dag", "dagar")}


def names() -> tuple[FactInfo, ...]:
    """Every fact there is, in the order the editor shows them."""
    return _FACTS


def values(document: Document) -> dict[str, str | None]:
    """Return every inline fact of the agreement as text, None where it has no value.

    Amounts are kroner of the first year, taken as shown in the table. Municipal figures cover the
    included municipalities that have not declined.
    """
    language = document.language
    return {
        "avtale.tittel": document.title or None,
        "avtale.startdato": norwegian.date_long(document.term_start, language),
        "avtale.sluttdato": norwegian.date_long(document.term_end, language),
        "avtale.periode": _period(document.term_start.year, document.term_end.year),
        "avtale.varighet": _duration(document.term_start, document.term_end, language),
        "region.navn": document.region or None,
        "fylke.navn": document.county or None,
        **_party_values(document),
        **_financing_values(document),
    }


def index_text(index: Iterable[IndexFactor], language: Language) -> str:
    """«4,1 prosent i 2027 og 4,1 prosent i 2028», or that there is none."""
    parts = [f"{norwegian.percent(factor.percent)} prosent i {factor.year}" for factor in index]
    if parts:
        return norwegian.join(parts, language)
    return "inga indeksregulering" if language is Language.NYNORSK else "ingen indeksregulering"


def _period(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _duration(start: date, end: date, language: Language) -> str | None:
    """The whole years, months and days from `start` through `end`; None where that is no period."""
    if end < start or end == date.max:
        return None
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if after.day < start.day:
        months -= 1
    days = (after - _add_months(start, months)).days
    counted = (
        (months // 12, _YEARS[language]),
        (months % 12, _MONTHS[language]),
        (days, _DAYS[language]),
    )
    return norwegian.join([_count(number, unit) for number, unit in counted if number], language)


def _add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    length = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, length))


def _count(number: int, unit: _Unit) -> str:
    if number == 1:
        return unit.one
    word = _NUMBER_WORDS[number - 2] if number <= 12 else norwegian.integer(number)
    return f"{word} {unit.many}"


def _party_values(document: Document) -> dict[str, str | None]:
    language = document.language
    contract = [p for p in document.parties if p.role is PartyRole.CONTRACT_MUNICIPALITY]
    partners = [p.body for p in document.parties if p.role is PartyRole.PARTNER]
    members = [body for party in contract for body in party.on_behalf_of]
    agencies = [body for body in partners if body.kind is BodyKind.STATE_AGENCY]
    companies = [body for body in partners if body.kind is BodyKind.STATE_COMPANY]
    return {
        "fylkeskommune.navn": _joined((body.name for body in _authorities(document)), language),
        "kontraktskommune.navn": _joined((party.body.name for party in contract), language),
        "samarbeidskommuner.navn": _short_names(members, language),
        "kommuner.navn": _short_names([*members, *(party.body for party in contract)], language),
        "nav.navn": _joined(
            (body.name for body in agencies if body.name.casefold().split()[:1] == ["nav"]),
            language,
        ),
        "innovasjon_norge.navn": _joined(
            (body.name for body in companies if "innovasjon" in body.name.casefold()), language
        ),
    }


def _authorities(document: Document) -> list[Body]:
    return [p.body for p in document.parties if p.role is PartyRole.COUNTY_AUTHORITY]


def _short_names(bodies: Iterable[Body], language: Language) -> str | None:
    """Short names in Norwegian alphabetical order, each body once."""
    named = {body.key: body.short_name or body.name for body in bodies}
    return _joined(sorted(named.values(), key=norwegian.sort_key), language)


def _joined(found: Iterable[str], language: Language) -> str | None:
    return norwegian.join(found, language) or None


def _financing_values(document: Document) -> dict[str, str | None]:
    financing = document.financing
    if financing is None:
        return {fact.name: None for fact in _FACTS if fact.name.startswith("okonomi.")}
    table = financing.table
    rows = paying(table.rows)
    municipal = [row for row in rows if row.kind is ContributorKind.MUNICIPALITY]
    authority = _authority_row(document, rows)
    return {
        "okonomi.alternativ": table.alternative or None,
        "okonomi.kommunesats": _common_rate(municipal),
        "okonomi.fylkessats": _common_rate([authority] if authority else []),
        "okonomi.befolkningsdato": norwegian.date_long(
            financing.population_date, document.language
        ),
        "okonomi.innbyggere": _population(municipal),
        "okonomi.fylkets_innbyggere": _population([authority] if authority else []),
        "okonomi.fylkesbidrag": _first_year([authority] if authority else []),
        "okonomi.kommunebidrag": _first_year(municipal),
        "okonomi.sum": norwegian.money(table.total.cells[0]) if table.total.cells else None,
        "okonomi.forste_ar": str(table.years[0]) if table.years else None,
        "okonomi.siste_ar": str(table.years[-1]) if table.years else None,
        "okonomi.indeks": index_text(table.index, document.language),
    }


def _authority_row(document: Document, rows: Iterable[Row]) -> Row | None:
    """The row of the county authority that is a party; None where there is not exactly one."""
    keys = {body.key for body in _authorities(document)}
    found = [row for row in rows if row.key in keys]
    return found[0] if len(found) == 1 else None


def _common_rate(rows: list[Row]) -> str | None:
    """The rate that all the rows share; None where they differ or one has none."""
    rates = {row.rate for row in rows}
    rate = rates.pop() if len(rates) == 1 else None
    return None if rate is None else norwegian.rate(rate)


def _population(rows: list[Row]) -> str | None:
    """The inhabitants together; None where one is missing, since the sum of the rest is wrong."""
    counted = [row.population for row in rows if row.population is not None]
    return norwegian.integer(sum(counted)) if rows and len(counted) == len(rows) else None


def _first_year(rows: list[Row]) -> str | None:
    """The sum of the shown cells of the first year."""
    if not rows or not all(row.cells for row in rows):
        return None
    return norwegian.money(sum((row.cells[0] for row in rows), Decimal(0)))

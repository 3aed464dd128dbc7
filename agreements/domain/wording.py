"""Set sentences that the program writes into an agreement, in both written languages. Pure.

What is said under the contribution table and about contributions that are not certain. The figures
come from the finished table; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from agreements.domain import facts
from agreements.domain.document import Document, Financing, Language, PartyRole
from financing import words as financing_words
from financing.calculation import ContributorKind, Row, Status, SumRow, Table, paying
from financing.rounding import RoundingRule
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences in one language. Pairs are for one and for several."""

    rounding: str
    index: str
    no_index: str
    flat: tuple[str, str]
    estimate: str
    source: str
    without_vat: str
    with_vat: str
    population: str
    county_population: str
    conditional: tuple[str, str]
    undecided: tuple[str, str]
    total: tuple[str, str]
    total_without: tuple[str, str]
    behalf: str
    no_additional_services: str
    mayor: tuple[str, str]  # title and mandate
    county_mayor: tuple[str, str]


_BOKMAL = _Words(
    rounding="Avrunding: {rule}. Summene er regnet ut fra beløpene slik de er vist.",
    index="Indeksregulering: {index}.",
    no_index="Beløpene er ikke indeksregulert.",
    flat=(
        "Bidraget fra {names} er det samme alle år.",
        "Bidragene fra {names} er de samme alle år.",
    ),
    estimate="Anslag for {years}.",
    source="Kilde: {source}.",
    without_vat="Beløpene er i kroner uten merverdiavgift.",
    with_vat="Beløpene er i kroner med merverdiavgift.",
    population="Innbyggertallene gjelder {date}.",
    county_population=("For en fylkeskommune er tallet summen for kommunene i fylket som bidrar."),
    conditional=(
        "Det er tatt forbehold om bidraget fra {names}.",
        "Det er tatt forbehold om bidragene fra {names}.",
    ),
    undecided=(
        "{names} har ikke tatt stilling til bidraget sitt.",
        "{names} har ikke tatt stilling til bidragene sine.",
    ),
    total=(
        "Med dette bidraget er summen {amounts}.",
        "Med disse bidragene er summen {amounts}.",
    ),
    total_without=("Uten det er summen {amounts}.", "Uten dem er summen {amounts}."),
    behalf="på vegne av {members}",
    no_additional_services="Det er ikke avtalt tilleggstjenester.",
    mayor=(
        "ordfører",
        "Ordføreren er kommunens rettslige representant, jf. kommuneloven § 6-1",
    ),
    county_mayor=(
        "fylkesordfører",
        "Fylkesordføreren er fylkeskommunens rettslige representant, jf. kommuneloven § 6-1",
    ),
)

_NYNORSK = _Words(
    rounding="Avrunding: {rule}. Summane er rekna ut frå beløpa slik dei er viste.",
    index="Indeksregulering: {index}.",
    no_index="Beløpa er ikkje indeksregulerte.",
    flat=(
        "Bidraget frå {names} er det same alle år.",
        "Bidraga frå {names} er dei same alle år.",
    ),
    estimate="Anslag for {years}.",
    source="Kjelde: {source}.",
    without_vat="Beløpa er i kroner utan meirverdiavgift.",
    with_vat="Beløpa er i kroner med meirverdiavgift.",
    population="Innbyggjartala gjeld {date}.",
    county_population=("For ein fylkeskommune er talet summen for kommunane i fylket som bidreg."),
    conditional=(
        "Det er teke atterhald om bidraget frå {names}.",
        "Det er teke atterhald om bidraga frå {names}.",
    ),
    undecided=(
        "{names} har ikkje teke stilling til bidraget sitt.",
        "{names} har ikkje teke stilling til bidraga sine.",
    ),
    total=(
        "Med dette bidraget er summen {amounts}.",
        "Med desse bidraga er summen {amounts}.",
    ),
    total_without=("Utan det er summen {amounts}.", "Utan dei er summen {amounts}."),
    behalf="på vegner av {members}",
    no_additional_services="Det er ikkje avtalt tilleggstenester.",
    mayor=(
        "ordførar",
        "Ordføraren er den rettslege representanten for kommunen, jf. kommunelova § 6-1",
    ),
    county_mayor=(
        "fylkesordførar",
        "Fylkesordføraren er den rettslege representanten for fylkeskommunen, jf. kommunelova § 6-1",
    ),
)

_WORDS = MappingProxyType({Language.BOKMAL: _BOKMAL, Language.NYNORSK: _NYNORSK})


def table_notes(document: Document) -> tuple[str, ...]:
    """What is printed under the agreement's contribution table; empty without a table."""
    if document.financing is None:
        return ()
    return financing_notes(document.financing, document.language)


def financing_notes(financing: Financing, language: Language) -> tuple[str, ...]:
    """What is printed under a contribution table, a paragraph each.

    How cells are rounded, the index, the rules that the columns do not show, that amounts are without
    VAT, who invoices whom, and the date and source of the population figures.
    """
    words = _WORDS[language]
    notes = (
        words.rounding.format(rule=rounding_label(financing.table.rounding, language)),
        _index_note(financing.table, language),
        *financing_words.terms(financing.table, language.value),
        words.without_vat if financing.excludes_vat else words.with_vat,
        financing.invoicing.strip(),
        _population_note(financing, language),
    )
    return tuple(note for note in notes if note)


def reservation(document: Document) -> str | None:
    """Name the contributors that are not certain, and the total with and without them.

    Empty where all are confirmed, None where no alternative has been chosen. A contributor that has
    declined is not part of any total and is not named.
    """
    if document.financing is None:
        return None
    language, words = document.language, _WORDS[document.language]
    table = document.financing.table
    conditional = [row for row in table.rows if row.status is Status.CONDITIONAL]
    undecided = [row for row in table.rows if row.status is Status.UNDECIDED]
    uncertain = len(conditional) + len(undecided)
    if not uncertain:
        return ""
    several = uncertain > 1
    sentences = [
        _about(words.conditional, conditional, language),
        _about(words.undecided, undecided, language),
        words.total[several].format(amounts=_yearly(table, table.total, language)),
    ]
    if table.total_confirmed is not None:
        amounts = _yearly(table, table.total_confirmed, language)
        sentences.append(words.total_without[several].format(amounts=amounts))
    return " ".join(sentence for sentence in sentences if sentence)


def on_behalf_of(name: str, members: Sequence[str], language: Language) -> str:
    """«Ringerike kommune, på vegne av Hole kommune og Modum kommune»."""
    return f"{name}, {behalf(members, language)}"


def behalf(members: Sequence[str], language: Language) -> str:
    """«på vegne av Hole kommune og Modum kommune», in alphabetical order."""
    joined = norwegian.join(sorted(members, key=norwegian.sort_key), language)
    return _WORDS[language].behalf.format(members=joined)


def no_additional_services(language: Language) -> str:
    """What stands where the list of additional services would be, when there are none."""
    return _WORDS[language].no_additional_services


def signatory(role: PartyRole, language: Language) -> tuple[str, str]:
    """The title and the mandate of the one who signs by law; both empty for a partner.

    The mayor is the legal representative of a municipality, kommuneloven § 6-1.
    """
    words = _WORDS[language]
    by_role = {
        PartyRole.CONTRACT_MUNICIPALITY: words.mayor,
        PartyRole.COUNTY_AUTHORITY: words.county_mayor,
    }
    return by_role.get(role, ("", ""))


def rounding_label(rule: RoundingRule, language: Language) -> str:
    """The name of a rounding rule."""
    return financing_words.rounding_label(rule, language.value)


def _index_note(table: Table, language: Language) -> str:
    """The index with its sources, and who is left out of it. One year alone has no index to tell of."""
    words = _WORDS[language]
    if not table.index:
        return words.no_index if len(table.years) > 1 else ""
    sentences = [words.index.format(index=facts.index_text(table.index, language))]
    estimated = [str(factor.year) for factor in table.index if factor.is_estimate]
    if estimated:
        sentences.append(words.estimate.format(years=norwegian.join(estimated, language)))
    sources = dict.fromkeys(factor.source.strip(" .") for factor in table.index)
    sentences.extend(words.source.format(source=source) for source in sources if source)
    flat = [row for row in paying(table.rows) if len(set(row.cells)) == 1 and row.cells[0]]
    sentences.append(_about(words.flat, flat, language))
    return " ".join(sentence for sentence in sentences if sentence)


def _population_note(financing: Financing, language: Language) -> str:
    words = _WORDS[language]
    counted = [row for row in paying(financing.table.rows) if row.population is not None]
    if not counted:
        return ""
    day = norwegian.date_long(financing.population_date, language)
    sentences = [words.population.format(date=day)]
    if source := financing.population_source.strip(" ."):
        sentences.append(words.source.format(source=source))
    if any(row.kind is ContributorKind.COUNTY_AUTHORITY for row in counted):
        sentences.append(words.county_population)
    return " ".join(sentences)


def _about(forms: tuple[str, str], rows: Sequence[Row], language: Language) -> str:
    """A sentence about the rows, in the form for one or for several; empty for none."""
    names = norwegian.join([row.name for row in rows], language)
    return forms[len(rows) > 1].format(names=names) if rows else ""


def _yearly(table: Table, sums: SumRow, language: Language) -> str:
    """«1 000,00 kroner i 2026 og 1 041,00 kroner i 2027»."""
    return norwegian.join(
        [
            f"{norwegian.money(cell)} kroner i {year}"
            for year, cell in zip(table.years, sums.cells, strict=True)
        ],
        language,
    )

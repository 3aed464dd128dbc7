"""The set sentences about the contribution table, in both written languages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from agreements.domain import wording
from agreements.domain.document import Language
from financing.calculation import IndexFactor, Row, Status
from financing.rounding import ROUNDING_RULES, RoundingRule
from tests.builders import (
    SKOGLAND,
    a_document,
    a_financing,
    a_row,
    a_table,
    with_statuses,
)


def test_reservation_tells_conditional_from_undecided() -> None:
    both = with_statuses(Status.UNDECIDED, Status.CONDITIONAL, Status.UNDECIDED)
    said = wording.reservation(both)
    assert said is not None
    assert said.startswith(
        "Det er tatt forbehold om bidraget fra Myrvang kommune. Elveby kommune og Åsvang kommune "
        "har ikke tatt stilling til bidragene sine. Med disse bidragene er summen"
    )
    assert "Uten dem er summen" in said
    said = wording.reservation(replace(both, language=Language.NYNORSK))
    assert said is not None
    assert "har ikkje teke stilling til bidraga sine. Med desse bidraga er summen" in said
    assert "Utan dei er summen" in said


# What stands under the table


def test_table_notes_in_both_languages() -> None:
    assert wording.table_notes(a_document()) == (
        "Avrunding: nærmeste øre. Summene er regnet ut fra beløpene slik de er vist.",
        "Indeksregulering: 4,1 prosent i 2027 og 4,1 prosent i 2028. Anslag for 2027 og 2028. "
        "Kilde: Eksempelanslag, oktober 2025. Bidragene fra Fjelland fylkeskommune og Skogland "
        "fylkeskommune er de samme alle år.",
        "Beløpene er i kroner uten merverdiavgift.",
        "Elveby kommune sender faktura til de andre bidragsyterne i januar og august.",
        "Innbyggertallene gjelder 1. januar 2025. Kilde: SSB, tabell 01222. For en fylkeskommune "
        "er tallet summen for kommunene i fylket som bidrar.",
    )
    assert wording.table_notes(a_document(language=Language.NYNORSK)) == (
        "Avrunding: næraste øre. Summane er rekna ut frå beløpa slik dei er viste.",
        "Indeksregulering: 4,1 prosent i 2027 og 4,1 prosent i 2028. Anslag for 2027 og 2028. "
        "Kjelde: Eksempelanslag, oktober 2025. Bidraga frå Fjelland fylkeskommune og Skogland "
        "fylkeskommune er dei same alle år.",
        "Beløpa er i kroner utan meirverdiavgift.",
        "Elveby kommune sender faktura til de andre bidragsyterne i januar og august.",
        "Innbyggjartala gjeld 1. januar 2025. Kjelde: SSB, tabell 01222. For ein fylkeskommune er "
        "talet summen for kommunane i fylket som bidreg.",
    )


def notes(rows: tuple[Row, ...] | None = None, **changes: object) -> tuple[str, ...]:
    table = a_table(**({"rows": rows} if rows else {}), **changes)
    return wording.table_notes(a_document(financing=a_financing(table=table)))


def test_table_notes_follow_the_agreement() -> None:
    assert wording.table_notes(a_document(financing=None)) == ()
    financing = a_financing(excludes_vat=False, invoicing="", population_source="SSB.")
    _rounding, _index, vat, population = wording.table_notes(a_document(financing=financing))
    assert vat == "Beløpene er i kroner med merverdiavgift."
    assert population.startswith("Innbyggertallene gjelder 1. januar 2025. Kilde: SSB. For")


def test_index_note() -> None:
    assert notes(index=())[1] == "Beløpene er ikke indeksregulert."
    actual = (
        IndexFactor(2027, Decimal("4.1"), "Statsbudsjettet", is_estimate=False),
        IndexFactor(2028, Decimal(3), "Eget anslag."),
    )
    assert notes(rows=a_table().rows[:3], index=actual)[1] == (
        "Indeksregulering: 4,1 prosent i 2027 og 3 prosent i 2028. Anslag for 2028. "
        "Kilde: Statsbudsjettet. Kilde: Eget anslag."
    )
    one_year = tuple(replace(row, cells=row.cells[:1]) for row in a_table().rows)
    assert not any("ndeks" in note for note in notes(rows=one_year, index=(), years=(2026,)))


def test_population_note_only_where_inhabitants_are_shown() -> None:
    def without_population(row: Row) -> Row:
        return replace(row, population=None)

    assert not any(
        "Innbygger" in note for note in notes(tuple(map(without_population, a_table().rows)))
    )
    assert "fylkeskommune er tallet" not in notes(rows=a_table().rows[:3])[-1]


def test_every_rounding_rule_has_words_in_both_languages() -> None:
    for rule in ROUNDING_RULES.values():
        financing = a_financing(table=a_table(rounding=rule))
        bokmaal = wording.table_notes(a_document(financing=financing))[0]
        nynorsk = wording.table_notes(a_document(financing=financing, language=Language.NYNORSK))[0]
        assert f": {rule.label}." in bokmaal
        assert f": {rule.label}." not in nynorsk
    other = RoundingRule("egen", "egen regel", Decimal(1), "ROUND_UP")
    financing = a_financing(table=a_table(rounding=other))
    nynorsk = wording.table_notes(a_document(financing=financing, language=Language.NYNORSK))[0]
    assert ": egen regel." in nynorsk


def test_a_flat_contribution_of_nothing_is_not_worth_a_note() -> None:
    nothing = a_row(SKOGLAND, "78", 0, "5.50", "0.00", "0.00", "0.00")
    assert "Skogland" not in notes(rows=(*a_table().rows[:4], nothing))[1]

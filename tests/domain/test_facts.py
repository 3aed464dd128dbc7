"""What each fact says, in both languages, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import facts
from agreements.domain.document import Body, BodyKind, Document, Language, Party, PartyRole
from financing.calculation import IndexFactor, Row, Status, calculate
from tests.builders import (
    ELVEBY,
    FJELLAND,
    SKOGLAND,
    YEARS,
    a_document,
    a_financing,
    a_table,
    amounts,
    an_alternative,
    contributors,
    parties,
)

NBSP = "\u00a0"


def with_rows(*rows: Row) -> Document:
    return a_document(financing=a_financing(table=a_table(rows=rows)))


def test_the_builders_table_is_what_the_calculation_gives() -> None:
    assert calculate(contributors(), an_alternative(), YEARS) == a_table()


def test_every_fact_of_the_complete_agreement() -> None:
    assert facts.values(a_document()) == {
        "avtale.tittel": "Samarbeidsavtale om etablerertjenesten i Elvebyregionen 2026–2028",
        "avtale.startdato": "1. januar 2026",
        "avtale.sluttdato": "31. desember 2028",
        "avtale.periode": "2026–2028",
        "avtale.varighet": "tre år",
        "region.navn": "Elvebyregionen",
        "fylke.navn": "Fjelland",
        "fylkeskommune.navn": "Fjelland fylkeskommune",
        "kontraktskommune.navn": "Elveby kommune",
        "samarbeidskommuner.navn": "Granstad, Myrvang og Åsvang",
        "kommuner.navn": "Elveby, Granstad, Myrvang og Åsvang",
        "nav.navn": "Nav Fjelland",
        "innovasjon_norge.navn": "Innovasjon Norge",
        "okonomi.alternativ": "Alternativ 1",
        "okonomi.kommunesats": "10,50",
        "okonomi.fylkessats": "5,50",
        "okonomi.befolkningsdato": "1. januar 2025",
        "okonomi.innbyggere": f"47{NBSP}991",
        "okonomi.fylkets_innbyggere": f"41{NBSP}448",
        "okonomi.fylkesbidrag": f"227{NBSP}964,00",
        "okonomi.kommunebidrag": f"503{NBSP}905,50",
        "okonomi.sum": f"767{NBSP}856,00",
        "okonomi.forste_ar": "2026",
        "okonomi.siste_ar": "2028",
        "okonomi.indeks": "4,1 prosent i 2027 og 4,1 prosent i 2028",
    }


def test_names_and_values_cover_each_other() -> None:
    inline = {info.name for info in facts.names() if not info.is_block}
    assert inline == set(facts.values(a_document()))
    assert {info.name for info in facts.names() if info.is_block} == facts.BLOCK_NAMES
    assert len({info.name for info in facts.names()}) == len(facts.names())
    assert all(info.label_nb for info in facts.names())


def test_an_agreement_without_facts_has_no_values_but_every_name() -> None:
    empty = a_document(title="", region="", county="", parties=(), financing=None)
    values = facts.values(empty)
    assert set(values) == set(facts.values(a_document()))
    assert {name for name, value in values.items() if value is not None} == {
        "avtale.startdato",
        "avtale.sluttdato",
        "avtale.periode",
        "avtale.varighet",
    }


@pytest.mark.parametrize(
    ("start", "end", "bokmaal", "nynorsk"),
    [
        (date(2026, 1, 1), date(2028, 12, 31), "tre år", "tre år"),
        (date(2026, 1, 1), date(2028, 8, 31), "to år og åtte måneder", "to år og åtte månader"),
        (date(2026, 1, 1), date(2026, 12, 31), "ett år", "eitt år"),
        (date(2026, 2, 1), date(2026, 2, 28), "én måned", "éin månad"),
        (date(2026, 1, 1), date(2026, 1, 1), "én dag", "éin dag"),
        (
            date(2026, 1, 15),
            date(2028, 12, 31),
            "to år, elleve måneder og 17 dager",
            "to år, elleve månader og 17 dagar",
        ),
        (date(2026, 1, 31), date(2026, 3, 1), "én måned og to dager", "éin månad og to dagar"),
        (date(2024, 2, 29), date(2025, 2, 28), "ett år og én dag", "eitt år og éin dag"),
        (date(2026, 1, 1), date(2038, 12, 31), "13 år", "13 år"),
    ],
)
def test_duration(start: date, end: date, bokmaal: str, nynorsk: str) -> None:
    document = a_document(term_start=start, term_end=end)
    assert facts.values(document)["avtale.varighet"] == bokmaal
    document = replace(document, language=Language.NYNORSK)
    assert facts.values(document)["avtale.varighet"] == nynorsk


@given(st.dates(), st.dates())
def test_duration_never_fails(start: date, end: date) -> None:
    value = facts.values(a_document(term_start=start, term_end=end))["avtale.varighet"]
    assert (value is None) == (end < start or end == date.max)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_whole_years_are_whole_from_any_day(start: date, years: int) -> None:
    if (start.month, start.day) == (2, 29):
        start = start.replace(day=28)
    end = start.replace(year=start.year + years) - timedelta(days=1)
    value = facts.values(a_document(term_start=start, term_end=end))["avtale.varighet"]
    assert value is not None
    assert value.endswith(" år")
    assert " og " not in value


def test_period_of_one_year() -> None:
    document = a_document(term_start=date(2026, 1, 1), term_end=date(2026, 12, 31))
    assert facts.values(document)["avtale.periode"] == "2026"


def test_nav_is_told_from_other_agencies_by_its_name() -> None:
    agency = Body("x", "Navigasjonsetaten", "Navigasjonsetaten", BodyKind.STATE_AGENCY)
    company = Body("y", "Siva SF", "Siva", BodyKind.STATE_COMPANY)
    others = tuple(Party(body, PartyRole.PARTNER) for body in (agency, company))
    values = facts.values(a_document(parties=parties()[:2] + others))
    assert values["nav.navn"] is None
    assert values["innovasjon_norge.navn"] is None


def test_a_contract_municipality_that_signs_for_nobody_else() -> None:
    alone = tuple(replace(party, on_behalf_of=()) for party in parties())
    values = facts.values(a_document(parties=alone))
    assert values["samarbeidskommuner.navn"] is None
    assert values["kommuner.navn"] == "Elveby"


def test_different_rates_have_no_common_rate() -> None:
    first, *rest = a_table().rows
    values = facts.values(with_rows(replace(first, rate=Decimal("11")), *rest))
    assert values["okonomi.kommunesats"] is None
    assert values["okonomi.fylkessats"] == "5,50"
    values = facts.values(with_rows(*(replace(row, rate=None) for row in a_table().rows)))
    assert values["okonomi.kommunesats"] is None


def test_a_declined_municipality_counts_in_nothing() -> None:
    elveby, *rest = a_table().rows
    nothing = amounts("0.00", "0.00", "0.00")
    declined = replace(elveby, status=Status.DECLINED, population=None, rate=None, cells=nothing)
    values = facts.values(with_rows(declined, *rest))
    assert values["okonomi.innbyggere"] == f"17{NBSP}986"
    assert values["okonomi.kommunebidrag"] == f"188{NBSP}853,00"
    assert values["okonomi.kommunesats"] == "10,50"


def test_a_missing_population_is_not_summed_over() -> None:
    elveby, *rest = a_table().rows
    values = facts.values(with_rows(replace(elveby, population=None), *rest))
    assert values["okonomi.innbyggere"] is None


def test_the_county_authority_is_the_one_that_is_a_party() -> None:
    values = facts.values(a_document(parties=(Party(SKOGLAND, PartyRole.COUNTY_AUTHORITY),)))
    assert values["okonomi.fylkets_innbyggere"] == f"6{NBSP}543"
    assert values["okonomi.fylkesbidrag"] == f"35{NBSP}986,50"
    both = tuple(Party(body, PartyRole.COUNTY_AUTHORITY) for body in (FJELLAND, SKOGLAND))
    values = facts.values(a_document(parties=both))
    assert values["fylkeskommune.navn"] == "Fjelland fylkeskommune og Skogland fylkeskommune"
    assert values["okonomi.fylkesbidrag"] is None
    values = facts.values(a_document(parties=(Party(ELVEBY, PartyRole.CONTRACT_MUNICIPALITY),)))
    assert values["okonomi.fylkesbidrag"] is None


def test_without_index_that_is_said_in_both_languages() -> None:
    document = a_document(financing=a_financing(table=a_table(index=())))
    assert facts.values(document)["okonomi.indeks"] == "ingen indeksregulering"
    document = replace(document, language=Language.NYNORSK)
    assert facts.values(document)["okonomi.indeks"] == "inga indeksregulering"


def test_index_of_one_year() -> None:
    index = (IndexFactor(2027, Decimal("3.25")),)
    assert facts.index_text(index, Language.BOKMAL) == "3,25 prosent i 2027"

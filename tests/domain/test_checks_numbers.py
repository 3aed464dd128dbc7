"""Typed numbers are held against the computed ones; right numbers pass in every common form."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.checks import Context, run
from agreements.domain.checks.quantities import numbers
from agreements.domain.document import Financing
from financing.calculation import ContributorKind, Status
from municipalities import norwegian
from tests.builders import a_document, a_financing, a_table
from tests.domain.checking import CONTEXT, EXPECTED, codes, findings

POPULATION = "population_differs"
DATE = "population_date_differs"
RATE = "rate_differs"
AMOUNT = "amount_differs"
INDEX = "index_differs"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("46790", "46790"),
        ("46 790", "46790"),
        ("46\u00a0790", "46790"),
        ("46\u202f790", "46790"),
        ("46.790", "46790"),
        ("1.256.000,50", "1256000.50"),
        ("7 043,0", "7043.0"),
        ("14.50", "14.50"),
        ("5,125", "5.125"),
        ("1,3 millioner", "1300000.0"),
        ("450 tusen", "450000"),
    ],
)
def test_a_typed_number_is_read(text: str, value: str) -> None:
    (number,) = numbers(f"Det er {text} her.")
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    "text", ["5.2.1", "Q1", "A4", "31.12.2028", "punkt 5.20", "§ 14", "50km", "3a"]
)
def test_parts_of_codes_and_references_are_no_numbers(text: str) -> None:
    assert list(numbers(f"Se {text} her.")) == []


@given(
    st.integers(min_value=100, max_value=10**9), st.sampled_from(["", " ", "\u00a0", "\u202f", "."])
)
def test_every_way_of_grouping_gives_the_same_number(value: int, separator: str) -> None:
    text = norwegian.integer(value).replace("\u00a0", separator)
    (number,) = numbers(f"Det er {text} innbyggere.")
    assert number.value == value


@pytest.mark.parametrize(
    "text",
    [
        "Bidraget bygger på et samlet innbyggertall for Elveby, Myrvang og Åsvang kommune på 46790.",
        "Regionen har 46 790 innbyggere.",
        "Regionen har 46\u00a0790 registrerte innbyggere.",
        "Innbyggertallet er 46.790.",
        "Elveby har 7 122 innbyggere.",
        "Elveby, Myrvang og Åsvang har til sammen 47 991 innbyggere.",
        "I kommunene Elveby og Myrvang er innbyggertallet til sammen 41 448.",
        "Regionen har ca. 45 000 innbyggere.",
        "Innbyggertall:\n\n- Elveby: 30 006\n- Myrvang: 7 122",
    ],
)
def test_a_wrong_number_of_inhabitants_is_an_error(text: str) -> None:
    found = findings(text)
    assert [(str(finding.code), finding.level) for finding in found] == [(POPULATION, "error")]


def test_the_message_gives_the_sum_of_those_named() -> None:
    text = "Et samlet innbyggertall for Elveby, Myrvang og Åsvang på 46790 innbyggere legges til grunn."
    (finding,) = findings(text)
    assert finding.message.startswith(
        "«Avtalt»: Teksten sier 46\u00a0790 innbyggere. Elveby, Myrvang og Åsvang"
    )
    assert "til sammen 41\u00a0448." in finding.message
    assert "til sammen 47\u00a0991." in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Regionen har 47991 innbyggere, 47 991 innbyggere, 47.991 innbyggere og 47\u00a0991 innbyggere.",
        "Elveby, Myrvang og Åsvang har til sammen 41 448 innbyggere.",
        "Elveby har 30 005, Myrvang 7 122 og Åsvang 4 321 innbyggere.",
        "Elveby, Myrvang og Åsvang har henholdsvis 30 005, 7 122 og 4 321 innbyggere.",
        "Uten Granstad er innbyggertallet 41 448. Med Granstad er innbyggertallet 47 991.",
        "Fjelland fylkeskommune betaler for 41 448 innbyggere og Skogland fylkeskommune for 6 543.",
        "Regionen har om lag 48 000 innbyggere.",
        "Kommuner med under 5 000 innbyggere kan få mer. Det skal være ett kontor per 10 000 innbyggere.",
        "Innbyggertallet i 2025 er 47 991. Innbyggertallet hentes fra tabell 01222 i 2026.",
        "Hvert kurs har plass til 120 deltakere blant innbyggerne.",
        "Tjenesten er for innbyggere over 18 år og koster 500 kroner.",
        "Innbyggertall:\n\n- Elveby: 30 005\n- Myrvang: 7 122",
        "Regionen har {{ okonomi.innbyggere }} innbyggere.",
        "Målet er at 300 innbyggere er med, og at 5 000 innbyggere får hjelp.",
    ],
)
def test_right_numbers_of_inhabitants_pass(text: str) -> None:
    assert codes(text) == []


def test_a_number_for_another_date_is_only_a_warning() -> None:
    found = findings("Regionen hadde 46 790 innbyggere per 1. juli 2021.")
    assert [(str(f.code), f.level) for f in found] == [(POPULATION, "warning"), (DATE, "warning")]


@pytest.mark.parametrize(
    "text",
    [
        "Innbyggertall per desember 2024 legges til grunn.",
        "Satsen gjelder per innbygger per Q1 2026.",
        "Innbyggertallet er fra 1. juli 2021.",
        "Innbyggertall pr. 1.7.2021.",
        "Innbyggertall per 2. kvartal 2025.",
    ],
)
def test_another_population_date_is_a_warning(text: str) -> None:
    found = findings(text)
    assert [(str(finding.code), finding.level) for finding in found] == [(DATE, "warning")]


@pytest.mark.parametrize(
    "text",
    [
        "Innbyggertall per Q1/25. Utgangspunktet er innbyggertall pr. 1. kvartal 2025.",
        "Innbyggertall pr.1. kvartal 2025 og per 1. januar 2025 og per 01.01.2025.",
        "Innbyggertall per første kvartal 2025, per januar 2025 og per 2025-01-01.",
        "Innbyggertall per 31. desember 2024 og ved utgangen av 4. kvartal 2024.",
        "Bidrag per innbygger betales fra 1. februar 2026.",
        "En undersøkelse blant innbyggere gjøres i 2. kvartal 2027.",
    ],
)
def test_the_plans_population_date_passes_in_every_form(text: str) -> None:
    assert codes(text) == []


def test_without_financing_dates_are_held_against_each_other() -> None:
    both = "Innbyggertall per Q1/25. Innbyggertall per desember 2024."
    assert DATE in codes(both, financing=None)
    assert codes("Innbyggertall per Q1/25. Innbyggertall per 1.1.2025.", financing=None) == []


@pytest.mark.parametrize(
    "text",
    [
        "Kommunene bidrar med 11 kroner per innbygger.",
        "Kommunene bidrar med kr 5,40 pr. innbygger.",
        "Fylkeskommunen bidrar med kr. 10,50 per innbygger.",
        "Elveby betaler 5,40 kroner pr innbygger.",
        "Satsen for kommunene er 12,50.",
        "Kommunene betaler 5,50 kroner per innbygger, mens fylkeskommunen betaler 10,50 kr per innbygger.",
    ],
)
def test_a_wrong_rate_is_an_error(text: str) -> None:
    found = findings(text, context=Context())
    assert {(str(finding.code), finding.level) for finding in found} == {(RATE, "error")}


@pytest.mark.parametrize(
    "text",
    [
        "Kommunene bidrar med 10,50 kroner per innbygger, kr 10,5 pr innbygger eller 10.50 kr/innbygger.",
        "Fylkeskommunen bidrar med minimum kroner 5,50 pr innbygger, og kommunene med 10,50 kroner.",
        "Kommunene bidrar med minst 5,50 kroner per innbygger.",
        "Sammen er det 47 991 innbyggere * kr 16,- per innbygger.",
        "Kursavgiften er 250 kroner per deltaker, og timesatsen er 900 kroner.",
        "I dag betaler kommunene 2,50 kroner per innbygger.",
        "I 2025 betalte kommunene 2,50 kroner per innbygger.",
        "Kommunene bidrar med {{ okonomi.kommunesats }} kroner per innbygger.",
    ],
)
def test_right_rates_pass(text: str) -> None:
    assert codes(text) == []


def test_a_minimum_in_the_text_is_held_against_the_stated_minimum() -> None:
    text = "Kommunene bidrar med minst 2,50 kroner per innbygger."
    assert codes(text) == [RATE]
    assert codes(text, context=Context()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Det gir et årlig bidrag fra Fjelland fylkeskommune på 257 345,00 kroner.",
        "Elveby bidrar med 315 052,50 kroner i 2027.",
        "Myrvang bidrar med 74.780 kroner i 2026.",
        "Kommunene bidrar med til sammen 500 000 kroner i 2026.",
        "Samlet økonomisk ramme er 800 000 kroner i 2026.",
        "Elveby betaler 74 781 kroner i 2026 og Myrvang betaler 315 052,50 kroner i 2026.",
        "Årlige bidrag:\n\n- Elveby: 315 152,50",
    ],
)
def test_a_wrong_amount_is_an_error(text: str) -> None:
    found = findings(text)
    assert {(str(finding.code), finding.level) for finding in found} == {(AMOUNT, "error")}


@pytest.mark.parametrize(
    "text",
    [
        "Elveby bidrar med 315 052,50 kroner, kr 315.053,-, 315052,5 kr eller 315\u00a0052,50 kroner i 2026.",
        "Elveby bidrar med 315 052,50 kroner i 2026 og 327 969,65 kroner i 2027.",
        "Elveby betaler 315 052,50 kroner i 2026 og Myrvang betaler 74 781 kroner i 2026.",
        "Fylkeskommunen bidrar med 227 964 kroner hvert år, 113 982 kroner i januar og 113 982 i august.",
        "Kommunene bidrar med til sammen 503 905,50 kroner i 2026.",
        "Samlet bidrag er 767 856 kroner i 2026, eller 731 869,50 kroner uten Skogland fylkeskommune.",
        "Samlet økonomisk ramme er ca. 0,8 millioner kroner i 2026.",
        "I perioden bidrar Fjelland fylkeskommune med 683 892 kroner.",
        "Elveby og Myrvang bidrar til sammen med 389 833,50 kroner i 2026.",
        "Elveby kan kjøpe tjenester for inntil 900 000 kroner.",
        "Elveby betaler i tillegg 40 000 kroner for mentorordningen.",
        "Elveby betaler 1 200 kroner per time til veilederen.",
        "I 2024 bidro Elveby med 200 000 kroner.",
        "Årlige bidrag:\n\n- Elveby: 315 052,50\n- Myrvang: 74 781,00",
        "Fylkeskommunen bidrar med {{ okonomi.fylkesbidrag }} kroner.",
    ],
)
def test_right_amounts_and_other_money_pass(text: str) -> None:
    assert codes(text) == []


def test_the_message_gives_the_cells() -> None:
    (finding,) = findings("Elveby bidrar med 315 000 kroner i 2026.")
    assert "315\u00a0052,50 i 2026 for Elveby" in finding.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beløpene indeksreguleres med 3,9 prosent.", [INDEX]),
        ("Bidragene justeres med kommunal deflator, 4,2 % i 2027.", [INDEX]),
        ("Beløpene indeksreguleres med 4,1 prosent i 2027 og 4,1 % i 2028.", []),
        ("Bidragene justeres med 100 prosent av kommunal deflator.", []),
        ("Halvparten, 50 %, betales i januar.", []),
        ("Kommunenes bidrag indeksreguleres med {{ okonomi.indeks }}.", []),
    ],
)
def test_index_percentages(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_percentage_without_an_index_in_the_table_is_an_error() -> None:
    unindexed = a_financing(table=a_table(index=()))
    (finding,) = findings("Beløpene indeksreguleres med 4,1 prosent.", financing=unindexed)
    assert (finding.code, finding.level) == (INDEX, "error")
    assert "ikke indeksregulert" in finding.message


def _with_first_row(**changes: Any) -> Financing:
    first, *rest = a_table().rows
    return a_financing(table=a_table(rows=(replace(first, **changes), *rest)))


def _about_money(context: Context = CONTEXT, **changes: Any) -> list[tuple[str, str]]:
    found = run(a_document(financing=_with_first_row(**changes)), context)
    return [(str(f.code), f.level) for f in found if f.anchor == "okonomi" and f.code != EXPECTED]


BELOW = ("rate_below_minimum", "error")


def test_a_rate_below_the_minimum_is_an_error() -> None:
    assert _about_money(rate=Decimal("5.40")) == [BELOW]
    assert _about_money(rate=Decimal("5.50")) == []


def test_other_ways_of_paying_are_held_against_the_minimum_too() -> None:
    enough = Decimal("165027.50")  # 30 005 x 5.50
    for paid, expected in ((enough, []), (enough - 1, [BELOW])):
        assert _about_money(rate=None, base_amount=None, cells=(paid, paid, paid)) == expected


def test_a_declined_contributor_owes_no_minimum() -> None:
    assert _about_money(rate=Decimal("0"), status=Status.DECLINED, cells=()) == []


def test_an_unconfirmed_contributor_is_a_warning_with_both_totals() -> None:
    (finding,) = run(a_document(), Context())
    assert (finding.code, finding.level, finding.anchor) == (
        "contributor_not_confirmed",
        "warning",
        "okonomi",
    )
    assert "767\u00a0856,00 kroner med" in finding.message
    assert "731\u00a0869,50 kroner uten Skogland" in finding.message


def test_minimums_of_one_kind_do_not_bind_another() -> None:
    authorities = Context(minimum_rates=((ContributorKind.COUNTY_AUTHORITY, Decimal("5.50")),))
    assert _about_money(authorities, rate=Decimal("1.00")) == []

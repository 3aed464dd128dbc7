"""The term is the same in the facts, the title, the table and the text; budgets are reserved for."""

from datetime import date

import pytest

from agreements.domain.checks import run
from agreements.domain.checks.typed_dates import dates, lengths, year_spans
from agreements.domain.document import Clause
from tests.builders import a_document, clauses
from tests.domain.checking import CONTEXT, codes, document_codes, findings


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1. januar 2026", date(2026, 1, 1), date(2026, 1, 1)),
        ("31. Des. 2028", date(2028, 12, 31), date(2028, 12, 31)),
        ("1.1.2026", date(2026, 1, 1), date(2026, 1, 1)),
        ("01.01.26", date(2026, 1, 1), date(2026, 1, 1)),
        ("1/1-2026", date(2026, 1, 1), date(2026, 1, 1)),
        ("2026-01-01", date(2026, 1, 1), date(2026, 1, 1)),
        ("Q1/25", date(2025, 1, 1), date(2025, 3, 31)),
        ("Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("1. kvartal 2025", date(2025, 1, 1), date(2025, 3, 31)),
        ("fjerde kvartal i 2024", date(2024, 10, 1), date(2024, 12, 31)),
        ("2025K1", date(2025, 1, 1), date(2025, 3, 31)),
        ("desember 2024", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_typed_date_is_read(text: str, first: date, last: date) -> None:
    (found,) = dates(f"Den er fra {text} og sist.")
    assert (found.first, found.last) == (first, last)


def test_what_is_no_day_is_no_date() -> None:
    assert list(dates("31.2.2026, 45. mai 2026, 5.2.1, maien 2026, versjon 1.2.3")) == []


def test_spans_and_lengths_are_read() -> None:
    spans = [
        (s.first, s.last)
        for s in year_spans("2026–2028, 2026 - 2028, 2026-28 og 2028-2026, 2026-01-01")
    ]
    assert spans == [(2026, 2028)] * 3
    found = [
        length.months
        for length in lengths("treårig, tre-årig, 3-årige, fire år, 36 måneder, årlig")
    ]
    assert found == [36, 36, 36, 48, 36]


def test_a_term_that_ends_before_it_begins_is_an_error() -> None:
    found = run(a_document(term_end=date(2025, 12, 31)), CONTEXT)
    assert ("term_ends_before_start", "avtale", "error") in [
        (f.code, f.anchor, f.level) for f in found
    ]


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        (date(2026, 1, 1), date(2029, 12, 31), "mangler 2029"),
        (date(2025, 1, 1), date(2028, 12, 31), "mangler 2025"),
        (date(2026, 1, 1), date(2027, 12, 31), "for 2028"),
    ],
)
def test_a_term_of_other_years_than_the_table_is_an_error(
    start: date, end: date, named: str
) -> None:
    found = run(a_document(term_start=start, term_end=end), CONTEXT)
    (finding,) = [f for f in found if f.code == "term_years_differ"]
    assert (finding.level, finding.anchor) == ("error", "okonomi")
    assert named in finding.message


def test_a_term_that_ends_within_the_tables_last_year_passes() -> None:
    assert document_codes(term_end=date(2028, 8, 31)) == []


@pytest.mark.parametrize("title", ["Avtale 2026-2029", "Avtale 2025–2028", "Avtale 2026/27"])
def test_other_years_in_the_title_are_an_error(title: str) -> None:
    assert document_codes(title=title) == ["title_years_differ"]


@pytest.mark.parametrize(
    "title", ["Avtale 2026-2028", "Avtale 2026 – 2028", "Avtale 2026-28", "Avtale"]
)
def test_the_terms_years_in_the_title_pass(title: str) -> None:
    assert document_codes(title=title) == []


@pytest.mark.parametrize(
    "text",
    [
        "Avtalen gjelder fra 1. januar 2026 til 31. august 2028.",
        "Denne avtalen løper fra 01.01.2026 til og med 31.08.2028, med mulighet for forlengelse.",
        "Samarbeidsavtalen gjelder fra 1.2.2026 til 31.12.2028.",
        "Avtalen trer i kraft 1. august 2026.",
        "Avtalen utløper 31. desember 2029.",
        "Avtalen løper ut 31.12.2027.",
        "Avtalen er gyldig fra 1. januar 2025 til 31. desember 2028.",
        "Avtaleperioden er 1.1.2026–31.8.2028.",
        "Avtalen gjelder fra {{ avtale.startdato }} til 31. august 2028.",
        "Avtaleperioden 2026–2029 er ny.",
        "Avtalen gjelder fra januar 2026 til august 2028.",
    ],
)
def test_other_typed_dates_for_the_term_are_an_error(text: str) -> None:
    found = findings(text)
    assert [(str(f.code), f.level) for f in found] == [("term_date_differs", "error")]


def test_under_a_heading_about_the_term_the_agreement_need_not_be_named() -> None:
    text = "Gjelder fra 1. januar 2026 til 31. august 2028."
    assert codes(text, heading="Varighet") == ["term_date_differs"]
    assert codes(text, heading="Leder") == []


@pytest.mark.parametrize(
    "text",
    [
        "Avtalen gjelder fra 1. januar 2026 til 31. desember 2028, og kan forlenges til 31. desember 2030.",
        "Avtalen løper fra 01.01.2026 til og med 31.12.2028.",
        "Avtaleperioden er 1.1.2026–31.12.2028, altså avtaleperioden 2026–2028.",
        "Avtalen gjelder fra januar 2026 til desember 2028.",
        "Avtalen erstatter avtalen som gjaldt fra 1. januar 2022 til 31. desember 2025.",
        "Endringer i avtalen gjelder fra 1. juli 2027.",
        "Operatøravtalen gjelder fra 1. august 2026 til 31. juli 2028.",
        "Lederen velges fra 1. januar 2026 til 31. desember 2026.",
        "Avtalen bygger på næringsplanen 2024–2036.",
        "Rapporten for avtalen leveres innen 1. mai 2027.",
        "Avtalen ble behandlet 10. april 2025.",
    ],
)
def test_right_dates_and_other_dates_pass(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    ["Dette er en toårig avtale.", "Avtalen varer i fire år.", "Avtaleperioden er 24 måneder."],
)
def test_another_length_of_the_term_is_an_error(text: str) -> None:
    found = findings(text if "Avtal" in text else f"Avtalen er ny. {text}", heading="Varighet")
    assert [(str(f.code), f.level) for f in found] == [("term_length_differs", "error")]


@pytest.mark.parametrize(
    "text",
    [
        "Avtalen er en treårig avtale. Avtalen gjelder i tre år. Avtaleperioden er 36 måneder.",
        "Avtalen gjelder i tre år, med mulighet for forlengelse i to år.",
        "Avtalen kan sies opp med ett års varsel.",
        "Avtalen krever at bedriften har vært i drift i fem år.",
    ],
)
def test_the_right_length_and_other_lengths_pass(text: str) -> None:
    assert codes(text, heading="Varighet") == []


def test_a_three_year_agreement_that_ends_in_august_is_an_error() -> None:
    assert codes("Dette er en treårig avtale.", heading="Varighet", term_end=date(2028, 8, 31)) == [
        "term_length_differs"
    ]


WITHOUT = tuple(clause for clause in clauses() if clause.key != "okonomi")
TABLE = "Bidragene reguleres med {{ okonomi.indeks }}.\n\n{{ tabell.bidrag }}"
MISSING = "budget_reservation_missing"


def _with(text: str) -> list[str]:
    changed = (*WITHOUT, Clause("okonomi", "Økonomi", f"{TABLE}\n\n{text}"))
    return document_codes(clauses=changed)


@pytest.mark.parametrize(
    "text",
    [
        "Partene betaler hvert år.",
        "Budsjett og planer skal godkjennes før utbetaling.",
        "Bidragene gis uten forbehold om bevilgning.",
        "Partene tar forbehold om endringer i lovverket.",
    ],
)
def test_without_a_reservation_for_budgets_there_is_a_warning(text: str) -> None:
    assert _with(text) == [MISSING]


@pytest.mark.parametrize(
    "text",
    [
        "Bidragene gis med forbehold om årlige bevilgninger.",
        "Rammene forutsetter at det bevilges penger i partenes budsjetter.",
        "Betaling skjer så fremt budsjettet gir dekning.",
        "Bidraga blir gitt med atterhald om årlege løyvingar.",
    ],
)
def test_a_reservation_in_other_words_passes(text: str) -> None:
    assert _with(text) == []

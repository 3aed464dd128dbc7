"""A new period: its dates, title and rates, and what is left to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agreements.domain.document import Attachment, AttachmentKind, Choice, Document, ServiceChoice
from agreements.domain.renewal import Former, next_term, next_title, to_decide
from financing.calculation import IndexFactor, Status
from financing.renewal import factors, moved_on, renewed_rate
from tests.builders import MYRVANG, a_clause, services, with_statuses

FORMER = Former(date(2023, 1, 1), date(2025, 12, 31))
ATTACHED = (Attachment("Evaluering", AttachmentKind.EVALUATION, "", "ab"),)
INDEX = (IndexFactor(2027, Decimal("4.1")), IndexFactor(2028, Decimal("4.1")))
YEARS = (2026, 2027, 2028)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ((2026, 1, 1), (2028, 12, 31), (2029, 1, 1), (2031, 12, 31)),
        ((2022, 1, 1), (2025, 12, 31), (2026, 1, 1), (2029, 12, 31)),
        ((2025, 8, 1), (2026, 7, 31), (2026, 8, 1), (2027, 7, 31)),
        ((2024, 2, 29), (2025, 2, 28), (2025, 3, 1), (2026, 3, 1)),
        ((2026, 1, 1), (2026, 6, 30), (2026, 7, 1), (2026, 12, 28)),
    ],
)
def test_the_next_term_is_as_long(
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    first: tuple[int, int, int],
    last: tuple[int, int, int],
) -> None:
    assert next_term(date(*start), date(*end)) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("title", "renewed"),
    [
        ("Avtale 2026–2028", "Avtale 2029–2031"),
        ("Avtale 2026-2028 for Hole", "Avtale 2029-2031 for Hole"),
        ("Avtale fra 2026", "Avtale fra 2029"),
        ("Avtale av 2019", "Avtale av 2019"),
        ("Avtale", "Avtale"),
        ("Sak 27/2026", "Sak 27/2026"),
    ],
)
def test_the_title_gets_the_new_years(title: str, renewed: str) -> None:
    assert next_title(title, (2026, 2028), (2029, 2031)) == renewed


def test_a_rate_is_moved_on_by_the_index_and_says_how() -> None:
    steps = factors(INDEX, YEARS, 2029)
    assert steps == ((2027, Decimal("4.1")), (2028, Decimal("4.1")), (2029, Decimal("4.1")))
    # 14,50 x 1,041 x 1,041 x 1,041 = 16,357…
    found = renewed_rate(Decimal("14.50"), steps, Decimal("5.50"))
    assert found.rate == Decimal("16.36")
    assert found.how == "14,50 × 1,041 × 1,041 × 1,041 = 16,36 kroner: indeksen fram til 2029."
    assert moved_on(Decimal("0.005"), ()) == Decimal("0.01")


def test_a_rate_without_index_stays_and_none_is_below_the_minimum() -> None:
    found = renewed_rate(Decimal("2.50"), factors((), YEARS, 2029), Decimal("5.50"))
    assert found.rate == Decimal("5.50")
    assert "2,50 kroner som før" in found.how
    assert "minstesats er 5,50 kroner, og brukes" in found.how
    assert renewed_rate(Decimal("5.50"), (), Decimal("5.50")).how.endswith("indeksregulert.")
    assert factors(INDEX, YEARS, 2028) == ()


def keys(document: Document, former: Former = FORMER, *unconfirmed: str) -> list[str]:
    return [point.key for point in to_decide(document, former, frozenset(unconfirmed))]


def settled(**changes: object) -> Document:
    """The right agreement with nothing left but its rates and index."""
    return replace(with_statuses(), attachments=ATTACHED, **changes)


def test_rates_and_index_are_always_to_be_decided() -> None:
    assert keys(settled()) == ["sats", "indeks"]
    assert all(not p.by_itself for p in to_decide(settled(), FORMER, frozenset()))
    assert keys(settled(financing=None)) == ["alternativ"]


def test_each_who_has_not_taken_a_stance() -> None:
    document = replace(
        with_statuses(Status.UNDECIDED, Status.CONDITIONAL, Status.DECLINED), attachments=ATTACHED
    )
    assert keys(document)[:2] == ["stilling:7701", "stilling:7702"]


def test_signatories_that_were_copied() -> None:
    assert keys(settled(), FORMER, "7701", "finnes-ikke") == ["sats", "indeks", "signatar:7701"]


def test_years_of_the_former_term_that_somebody_typed() -> None:
    document = settled(
        clauses=(
            a_clause("Evaluert i 2025 og 2024. Vedtatt 2022.", "gammelt"),
            a_clause("Gjelder fra 2026, jf. sak 17/2025 og 2025,50 kroner.", "nytt"),
            a_clause("Fra {{ avtale.startdato }}.", "hentet"),
        )
    )
    assert keys(document) == ["sats", "indeks", "punkt:gammelt"]
    (point,) = [p for p in to_decide(document, FORMER, frozenset()) if p.key == "punkt:gammelt"]
    assert "nevner 2024 og 2025" in point.text


def test_a_price_that_is_the_same_as_before() -> None:
    own = ServiceChoice(MYRVANG, Choice.BOUGHT, Decimal(500))
    lines = tuple(replace(s, choices=(own,)) if s.key == "mentor" else s for s in services())
    document = settled(services=lines)
    same = replace(FORMER, prices=frozenset({("mentor", "7702", Decimal("500.00"))}))
    other = replace(FORMER, prices=frozenset({("mentor", "7702", Decimal("400.00"))}))
    assert keys(document, same) == ["sats", "indeks", "kjop:7702:mentor"]
    assert keys(document, other) == ["sats", "indeks"]


def test_what_was_attached_and_the_evaluation() -> None:
    former = replace(FORMER, attached=frozenset({AttachmentKind.DATA_PROCESSING}))
    document = replace(settled(), attachments=())
    assert keys(document, former)[2:] == ["vedlegg:evaluation", "vedlegg:data_processing"]
    other = replace(FORMER, attached=frozenset({AttachmentKind.OTHER}))
    assert keys(settled(), other) == ["sats", "indeks"]

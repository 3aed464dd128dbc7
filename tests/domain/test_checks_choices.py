"""Choices of the checklist: what a municipality lacks, what has no price, whose choice it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agreements.domain.checks import Context, Level, attached, choices, financing
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Body,
    Choice,
    Document,
    ServiceChoice,
)
from financing.calculation import ContributorKind, Status
from tests.builders import (
    AASVANG,
    ELVEBY,
    GRANSTAD,
    MYRVANG,
    a_clause,
    a_document,
    a_financing,
    a_table,
    services,
)

EVERYBODY = (ELVEBY, MYRVANG, AASVANG, GRANSTAD)
STRANGER = replace(GRANSTAD, key="7704", name="Dalstad kommune", short_name="Dalstad")


def chosen(key: str, *own: ServiceChoice) -> Document:
    """The right agreement with these choices about one line."""
    return a_document(
        services=tuple(replace(s, choices=own) if s.key == key else s for s in services())
    )


def out(*bodies: Body) -> tuple[ServiceChoice, ...]:
    return tuple(ServiceChoice(body, Choice.OUT) for body in bodies)


def codes(document: Document) -> list[tuple[str, str, str]]:
    checks = (
        choices.minimum_for_all,
        choices.prices,
        choices.chosen_by_others,
        choices.additional_for_somebody,
    )
    found = [finding for check in checks for finding in check(document, Context())]
    return [(str(f.code), str(f.level), f.anchor) for f in found]


@pytest.mark.parametrize("key", ["kurs", "tilgjengelig"])
def test_required_content_that_a_municipality_lacks(key: str) -> None:
    document = chosen(key, *out(MYRVANG, AASVANG))
    assert codes(document) == [("minimum_not_for_all", "warning", f"tjenester:{key}")]
    (finding,) = choices.minimum_for_all(document, Context())
    assert finding.message.startswith("Myrvang kommune og Åsvang kommune har ikke med «")


def test_an_additional_service_may_be_left_out_by_all_but_one() -> None:
    assert codes(chosen("mentor", *out(*EVERYBODY[:3]))) == []
    found = [("additional_for_nobody", "info", "tjenester:mentor")]
    assert codes(chosen("mentor", *out(*EVERYBODY))) == found


def test_a_purchase_needs_a_price() -> None:
    priced = ServiceChoice(MYRVANG, Choice.BOUGHT, Decimal(0))
    assert codes(chosen("mentor", priced)) == []
    unpriced = chosen("mentor", replace(priced, price=None))
    assert codes(unpriced) == [("extra_price_missing", "warning", "tjenester:mentor")]


def test_a_choice_of_one_who_does_not_contribute() -> None:
    document = chosen("mentor", ServiceChoice(STRANGER, Choice.BOUGHT))
    assert codes(document) == [("choice_outside_agreement", "warning", "tjenester:mentor")]


def test_one_who_has_declined_lacks_nothing_and_chooses_nothing() -> None:
    rows = tuple(
        replace(row, status=Status.DECLINED) if row.key == MYRVANG.key else row
        for row in a_table().rows
    )
    document = replace(
        chosen("kurs", *out(MYRVANG)), financing=a_financing(table=a_table(rows=rows))
    )
    assert [code for code, *_ in codes(document)] == ["choice_outside_agreement"]


def test_without_a_table_the_parties_decide() -> None:
    document = replace(chosen("kurs", *out(MYRVANG)), financing=None)
    assert [code for code, *_ in codes(document)] == ["minimum_not_for_all"]


def test_what_is_bought_does_not_make_up_for_a_low_contribution() -> None:
    """10,50 kroner for 7 122 inhabitants, of which 10 000 kroner are for the mentor."""
    least = Context(minimum_rates=((ContributorKind.MUNICIPALITY, Decimal("10.00")),))
    rows = tuple(replace(row, rate=None) for row in a_table().rows)
    document = a_document(financing=a_financing(table=a_table(rows=rows)))
    assert list(financing.minimum_rates(document, least)) == []
    bought = chosen("mentor", ServiceChoice(MYRVANG, Choice.BOUGHT, Decimal(10_000)))
    (finding,) = financing.minimum_rates(replace(bought, financing=document.financing), least)
    assert finding.level is Level.ERROR
    assert finding.message.startswith("Myrvang kommune betaler omtrent 9,10 kroner")


TREATED = a_clause("Hver kommune har behandlingsansvar for sine personopplysninger.", "personvern")


def test_personal_data_without_an_arrangement_attached() -> None:
    plain = a_document()
    assert list(attached.data_processing(plain, Context())) == []
    treated = replace(plain, clauses=(*plain.clauses, TREATED))
    (finding,) = attached.data_processing(treated, Context())
    assert (finding.code, finding.level) == ("data_processing_missing", Level.WARNING)
    other = Attachment("Evaluering", AttachmentKind.EVALUATION, "", "ab")
    assert list(attached.data_processing(replace(treated, attachments=(other,)), Context()))
    right = replace(other, kind=AttachmentKind.DATA_PROCESSING)
    assert not list(attached.data_processing(replace(treated, attachments=(right,)), Context()))

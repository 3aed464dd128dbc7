"""For whom a line of the checklist holds, as it is printed and as it differs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from agreements.domain import choices, diff, diff_summary, resolve
from agreements.domain.document import Choice, Document, Language, ServiceChoice
from tests.builders import AASVANG, ELVEBY, GRANSTAD, MYRVANG, a_document, services

PRICED = ServiceChoice(MYRVANG, Choice.BOUGHT, Decimal("50000"))


def chosen(language: Language = Language.BOKMAL, **own: tuple[ServiceChoice, ...]) -> Document:
    lines = tuple(replace(s, choices=own.get(s.key, ())) for s in services())
    return a_document(services=lines, language=language)


def lines(document: Document) -> dict[str, str]:
    return {s.key: choices.printed(document, s) for s in document.services}


def test_nothing_is_said_where_all_have_everything() -> None:
    assert lines(chosen()) == {s.key: s.text for s in services()}


def test_each_additional_service_says_who_has_it_and_each_exception_is_stated() -> None:
    out = ServiceChoice(AASVANG, Choice.OUT)
    said = lines(chosen(mentor=(PRICED, out), kurs=(out,)))
    assert said["mentor"].endswith(
        "(gjelder Elveby kommune og Granstad kommune; "
        "kjøpt i tillegg av Myrvang kommune for 50\u00a0000,00 kroner i året)"
    )
    assert said["kurs"].endswith("(gjelder ikke Åsvang kommune)")
    assert "(" not in said["veiledning"]
    assert lines(chosen(kurs=(out,)))["mentor"].endswith("(gjelder alle kommunene)")


def test_nobody_and_no_price_are_said_and_the_agreement_may_be_in_nynorsk() -> None:
    out = tuple(ServiceChoice(b, Choice.OUT) for b in (ELVEBY, MYRVANG, AASVANG, GRANSTAD))
    assert lines(chosen(mentor=out))["mentor"].endswith("(ikke valgt av noen kommune)")
    unpriced = replace(PRICED, price=None)
    said = lines(chosen(Language.NYNORSK, mentor=(unpriced, out[0])))["mentor"]
    assert (
        "gjeld Granstad kommune og Åsvang kommune; kjøpt i tillegg av Myrvang kommune til" in said
    )


def test_the_text_prints_it() -> None:
    text = resolve.plain_text(resolve.resolve(chosen(mentor=(PRICED,))))
    assert "- Mentorordning for nye bedrifter (gjelder Elveby kommune, Granstad kommune og " in text


def test_what_is_bought_is_summed_for_each() -> None:
    other = replace(PRICED, price=Decimal("0.50"))
    unpriced = replace(PRICED, price=None)
    document = chosen(mentor=(PRICED,), kurs=(other,), veiledning=(unpriced,))
    assert choices.bought_by(document.services, MYRVANG.key) == Decimal("50000.50")
    assert choices.bought_by(document.services, ELVEBY.key) == 0


def test_a_choice_that_is_another_is_told() -> None:
    dearer = replace(PRICED, price=Decimal("60000"))
    found = diff.compare(chosen(mentor=(PRICED,)), chosen(mentor=(dearer,)))
    (change,) = [service for service in found.services if service.differs]
    assert [(c.name, c.before, c.after) for c in change.choices] == [("Myrvang", PRICED, dearer)]
    assert diff_summary.summary(found, Language.BOKMAL) == [
        "«Mentorordning for nye bedrifter» gjelder på andre vilkår for Myrvang."
    ]
    assert diff.compare(chosen(mentor=(PRICED,)), chosen(mentor=(PRICED,))).empty
    gone = diff.compare(chosen(mentor=(PRICED,)), chosen())
    assert not gone.empty
    assert diff_summary.summary(gone, Language.NYNORSK) == [
        "«Mentorordning for nye bedrifter» gjeld på andre vilkår for Myrvang."
    ]

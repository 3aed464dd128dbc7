"""Amounts of a table that is withheld with its point, or in no point, and are told all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from agreements.domain import giveaways, redaction
from agreements.domain.document import Document
from agreements.domain.giveaways import Giveaway
from agreements.domain.marks import Mark, MarkKind
from financing.apportionment import KeyPartKind
from financing.calculation import Row, RuleKind, Status, Term, TermShare
from tests import builders

BASIS = "offl. § 23 første ledd"
OTHER = "offl. § 14 første ledd"
POINT = Mark(MarkKind.CLAUSE, BASIS, "okonomi")
LEFT = "fortsatt andre steder i avtalen."
WORKED_OUT = "kan regnes ut av beløp og summer som fortsatt står andre steder i avtalen."


def saying(text: str, change: Callable[[Row], Row] | None = None, *terms: Term) -> Document:
    """The agreement with this text in the point about how long it lasts."""
    table = builders.a_table(terms=terms)
    if change is not None:
        table = replace(table, rows=tuple(change(row) for row in table.rows))
    said = tuple(
        replace(clause, text=text) if clause.key == "varighet" else clause
        for clause in builders.clauses()
    )
    return builders.a_document(clauses=said, financing=builders.a_financing(table=table))


def found(document: Document, *marks: Mark) -> tuple[Giveaway, ...]:
    return giveaways.find(document, redaction.redact(document, marks), marks)


def messages(document: Document, *marks: Mark) -> list[str]:
    return [one.message for one in found(document, *marks)]


def words(text: str, basis: str = BASIS) -> Mark:
    return Mark(MarkKind.PHRASE, basis, phrase=text)


def row(key: str, *, sums: bool = False, basis: str = BASIS) -> Mark:
    return Mark(MarkKind.ROW, basis, key, with_sums=sums)


def test_nothing_is_told_where_the_rest_has_no_amount() -> None:
    document = saying("Avtalen gjelder i 2026, og kommunene hadde 41 448 innbyggere.")
    assert found(document, POINT) == ()
    assert found(document, words("Ingen"), POINT) == ()


@pytest.mark.parametrize(
    "written", ["74 781,00 kroner", "74\u00a0781 kroner", "kr 74.781,-", "**74781** kroner"]
)
def test_an_amount_that_another_point_says_is_told_of_however_it_is_written(written: str) -> None:
    document = saying(f"Myrvang betaler {written} først.")
    (one,) = found(document, words("Ingen", OTHER), POINT)
    assert one.message == f"Myrvang kommune: beløpet for 2026 står {LEFT}"
    assert (one.offer, one.like) == (row("7702"), 1)
    assert one.offer is not None
    assert found(document, POINT, one.offer) == ()


def test_a_sum_that_another_point_says_is_told_of_as_it_stands_there() -> None:
    document = saying("Til sammen 767 856 kroner i 2026 og 788 516,12 i 2027.")
    told = found(document, POINT)
    assert [one.message for one in told] == [
        f"Sum alle bidrag: summen for 2026 står {LEFT}",
        f"Sum alle bidrag: summen for 2027 står {LEFT}",
    ]
    assert [one.offer for one in told] == [words("767 856"), words("788 516,12")]
    marks = [one.offer for one in told if one.offer is not None]
    assert found(document, POINT, *marks) == ()


def test_sums_that_stand_elsewhere_settle_an_amount_that_does_not() -> None:
    """The reservation says the total with and without the conditional contribution."""
    document = saying("{{ avsnitt.forbehold }}")
    told = found(document, POINT)
    settled = [one for one in told if "kan regnes ut" in one.message]
    assert [(one.message, one.offer) for one in settled] == [
        (
            f"Skogland fylkeskommune: beløpet for 2026, 2027 og 2028 {WORKED_OUT}",
            row("78", sums=True),
        )
    ]
    left = messages(document, POINT, row("78", sums=True))
    assert [text.partition(":")[0] for text in left] == ["Sum uten ubekreftede bidrag"] * 3


def test_a_sum_is_settled_by_the_amounts_and_by_what_the_municipalities_pay() -> None:
    both = saying("Granstad betaler 68 701,50 kroner, og Skogland 35 986,50 kroner.")
    (one,) = [one for one in found(both, POINT) if "Sum Skogland" in one.message]
    assert (one.message, one.offer) == (f"Sum Skogland: summen for 2026 {WORKED_OUT}", None)
    three = "315 052,50 og 74 781,00 og 45 370,50"
    together = saying(f"Kommunene betaler {{{{ okonomi.kommunebidrag }}}}, tre av dem {three}.")
    assert f"Granstad kommune: beløpet for 2026 {WORKED_OUT}" in messages(together, POINT)
    without = saying(f"Kommunene betaler, tre av dem {three}.")
    assert WORKED_OUT not in " ".join(messages(without, POINT))


def test_a_rate_that_stands_elsewhere_gives_the_amounts_of_all_that_share_it() -> None:
    document = saying("Satsen er {{ okonomi.kommunesats }} kroner.")
    (one,) = found(document, POINT)
    assert one.message == (
        "Satsen 10,50 står fortsatt andre steder i avtalen. Innbyggertall er offentlige, og med satsen "
        "kan bidragene fra Elveby kommune, Myrvang kommune, Åsvang kommune og Granstad kommune regnes ut."
    )
    assert one.offer == words("10,50")
    assert found(document, POINT, words("10,50")) == ()

    def own(line: Row) -> Row:
        return replace(line, rate=Decimal("7.25")) if line.key == "7702" else line

    (alone,) = messages(saying("Myrvang betaler 7,25 kroner per innbygger.", own), POINT)
    assert alone.endswith("og med satsen kan bidraget fra Myrvang kommune regnes ut.")

    def uncounted(line: Row) -> Row:
        return replace(own(line), population=None)

    assert found(saying("Myrvang betaler 7,25 kroner.", uncounted), POINT) == ()


def a_term(kind: RuleKind, amount: int = 0, hours: int = 0, price: int = 0) -> Term:
    shares = (TermShare(KeyPartKind.EQUAL, Decimal(100)),)
    names = ("Myrvang kommune", "Åsvang kommune")
    figures = (Decimal(amount), shares, Decimal(hours), Decimal(price))
    return Term(kind, names, "", *figures, True, None, None, ())


@pytest.mark.parametrize(
    ("term", "text", "figures", "phrase"),
    [
        (a_term(RuleKind.FIXED, 60000), "60 000 kroner, halvt i 2026", "60 000", "60 000"),
        (a_term(RuleKind.DISTRIBUTION_KEY, 300000), "300.000 deles", "300.000", "300.000"),
        (
            a_term(RuleKind.HOURS, hours=12, price=1250),
            "12 timer for 1 250,00",
            "12 timer à 1 250,00",
            "1 250,00",
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Term) else "",
)
def test_what_amounts_are_computed_from_is_told_of(
    term: Term, text: str, figures: str, phrase: str
) -> None:
    document = saying(f"To av kommunene: {text}.", None, term)
    (one,) = found(document, POINT)
    assert one.message == (
        f"Myrvang kommune og Åsvang kommune: {figures}, som bidraget er regnet ut fra, står {LEFT}"
    )
    assert one.offer == words(phrase)
    assert found(document, POINT, words(phrase)) == ()


def test_hours_alone_tell_nothing_and_a_contribution_is_told_once() -> None:
    hours = a_term(RuleKind.HOURS, hours=12, price=1250)
    assert found(saying("I 12 måneder.\n\nDet koster 1 250,00 kroner.", None, hours), POINT) == ()
    fixed = a_term(RuleKind.FIXED, 74781)
    fixed = replace(fixed, names=("Myrvang kommune",))
    assert messages(saying("Myrvang betaler 74 781 kroner.", None, fixed), POINT) == [
        f"Myrvang kommune: beløpet for 2026 står {LEFT}"
    ]


def without_table(text: str) -> Document:
    document = saying(text)
    kept = (clause for clause in document.clauses if clause.key != "okonomi")
    return replace(document, clauses=tuple(kept))


def test_where_no_point_has_the_table_only_what_is_marked_is_told_of() -> None:
    document = without_table(
        "Granstad betaler 68 701,50, Skogland 35 986,50, og de to til sammen 104 688,00 kroner."
    )
    assert found(document, words("Ingen")) == ()
    (one,) = found(document, words("68 701,50"))
    assert one.message == f"Granstad kommune: beløpet for 2026 {WORKED_OUT}"
    assert one.offer == row("7801", sums=True)
    (one,) = found(document, row("7801", basis=OTHER))
    assert one.offer == row("7801", sums=True, basis=OTHER)
    assert found(document, one.offer) == ()


def test_a_table_in_a_list_and_deeper_points_is_withheld_with_its_own_point() -> None:
    clauses = list(saying("Myrvang betaler 74 781 kroner.").clauses)
    table = replace(clauses[4], key="tabell", text="- Slik:\n\n  {{ tabell.bidrag }}", children=())
    clauses[4] = replace(clauses[4], text="Som under.", children=(table,))
    document = builders.a_document(clauses=tuple(clauses))
    inner = Mark(MarkKind.CLAUSE, BASIS, "tabell")
    told = f"Myrvang kommune: beløpet for 2026 står {LEFT}"
    assert messages(document, inner) == [told]


def test_a_body_that_has_declined_has_no_amount_to_tell() -> None:
    def declined(line: Row) -> Row:
        return replace(line, status=Status.DECLINED) if line.key == "7702" else line

    document = saying("Myrvang ville betalt 74 781,00 kroner.", declined)
    assert "Myrvang kommune: beløpet" not in " ".join(messages(document, POINT))

"""Amounts that can be worked out although they are withheld, and what would prevent it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import giveaways, redaction
from agreements.domain.document import Choice, Document, ServiceChoice
from agreements.domain.giveaways.base import Giveaway, determined
from agreements.domain.marks import Mark, MarkKind
from financing.apportionment import KeyPartKind
from financing.calculation import RuleKind, Term, TermShare
from tests import builders

BASIS = "offl. § 23 første ledd"
OTHER = "offl. § 14 første ledd"
SUMS = "beløpet for 2026, 2027 og 2028 kan regnes ut av summene og de andre beløpene."


def row(key: str, *, sums: bool = False) -> Mark:
    return Mark(MarkKind.ROW, BASIS, key, with_sums=sums)


def words(text: str, basis: str = BASIS) -> Mark:
    return Mark(MarkKind.PHRASE, basis, phrase=text)


def found(*marks: Mark, document: Document | None = None) -> tuple[Giveaway, ...]:
    document = document or builders.a_document()
    return giveaways.find(document, redaction.redact(document, marks), marks)


def own_rates(**rates: str) -> Document:
    """The table where everybody has a rate of their own."""
    table = builders.a_table()
    rows = tuple(
        replace(line, rate=Decimal(f"{number}.25"), population=None)
        for number, line in enumerate(table.rows, start=1)
    )
    financing = builders.a_financing(table=replace(table, rows=rows))
    return builders.a_document(financing=financing)


def test_one_row_alone_is_given_away_by_its_sums() -> None:
    told = found(row("7702"), document=own_rates())
    assert [one.message for one in told] == [f"Myrvang kommune: {SUMS}"]
    assert told[0].offer == row("7702", sums=True)
    assert found(row("7702", sums=True), document=own_rates()) == ()


def test_two_rows_under_the_same_sum_hide_each_other() -> None:
    assert found(row("7702"), row("7703"), document=own_rates()) == ()


def test_two_rows_under_sums_of_their_own_are_both_given_away() -> None:
    told = found(row("7702"), row("7801"), document=own_rates())
    assert [one.message.partition(":")[0] for one in told] == [
        "Myrvang kommune",
        "Granstad kommune",
    ]
    assert found(row("7702", sums=True), row("7801", sums=True), document=own_rates()) == ()


def test_a_sum_alone_is_given_away_by_its_rows() -> None:
    told = found(words("663 168,00"), document=own_rates())
    assert [(one.message, one.offer) for one in told] == [
        ("Sum Fjelland: summen for 2026 kan regnes ut av beløpene over den.", None)
    ]


def test_an_amount_that_is_marked_as_words_is_given_away_too() -> None:
    told = found(words("Ingen", OTHER), words("77 847,02"), document=own_rates())
    assert [one.message for one in told] == [
        "Myrvang kommune: beløpet for 2027 kan regnes ut av summene og de andre beløpene.",
        "Myrvang kommune: beløpet for et annet år står der, og viser hva det er.",
    ]
    assert {one.like for one in told} == {1}
    assert [one.offer for one in told] == [row("7702", sums=True), row("7702")]


def test_what_the_municipalities_pay_together_counts_where_a_point_says_it() -> None:
    marks = row("7702", sums=True)
    document = own_rates()
    said = replace(document.clauses[2], text="Kommunene betaler 503 905,50 kroner.")
    document = replace(document, clauses=(*document.clauses[:2], said, *document.clauses[3:]))
    # Withheld with the sums, wherever it stands: nothing is given away.
    assert found(marks, document=document) == ()
    # Every sum of the first year is withheld but the one that the point says.
    sums = [words(text) for text in ("663 168,00", "767 856,00", "731 869,50")]
    messages = [one.message for one in found(row("7702"), *sums, document=document)]
    assert f"Myrvang kommune: {SUMS}" in messages
    messages = [one.message for one in found(row("7702"), *sums, document=own_rates())]
    assert f"Myrvang kommune: {SUMS.replace('2026, 2027', '2027')}" in messages


def test_a_rate_that_stands_elsewhere_gives_the_amount() -> None:
    told = found(row("7702", sums=True))
    assert [one.message for one in told] == [
        "Myrvang kommune: satsen 10,50 står andre steder, og ganget med innbyggertallet gir den beløpet."
    ]
    assert told[0].offer == words("10,50")
    told = found(row("7702", sums=True), words("10,50"))
    assert [one.message for one in told] == [
        "Myrvang kommune: satsen kan regnes ut av raden til Elveby kommune, som har den samme, og "
        "ganget med innbyggertallet gir den beløpet."
    ]
    keys = ("7701", "7702", "7703", "7801")
    assert found(*(row(key, sums=True) for key in keys), words("10,50")) == ()


def test_a_row_whose_rate_stands_gives_the_amount() -> None:
    told = found(words("74 781,00"), words("77 847,02"), words("81 038,75"))
    assert "Myrvang kommune: innbyggertallet ganget med satsen i raden gir beløpet." in [
        one.message for one in told
    ]


def with_term(term: Term) -> Document:
    """The table where everybody has a rate of their own, and a sentence under it."""
    financing = own_rates().financing
    assert financing is not None
    table = replace(financing.table, terms=(term,))
    return builders.a_document(financing=replace(financing, table=table))


def a_term(kind: RuleKind, **changes: Any) -> Term:
    zero = Decimal(0)
    names = ("Myrvang kommune", "Åsvang kommune")
    made = Term(kind, names, "", zero, (), zero, zero, True, None, None, ())
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("term", "figures", "amount"),
    [
        (
            a_term(RuleKind.FIXED, amount=Decimal(60000), steps=(Decimal(50), Decimal(100))),
            "60 000,00",
            "60 000,00",
        ),
        (
            a_term(RuleKind.HOURS, hours=Decimal(12), hour_price=Decimal(1250)),
            "12 timer à 1 250,00",
            "1 250,00",
        ),
        (
            a_term(
                RuleKind.DISTRIBUTION_KEY,
                amount=Decimal(300000),
                shares=(TermShare(KeyPartKind.EQUAL, Decimal(100)),),
            ),
            "300 000,00",
            "300 000,00",
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Term) else "",
)
def test_a_sentence_under_the_table_gives_the_amount_until_its_figure_is_withheld(
    term: Term, figures: str, amount: str
) -> None:
    document = with_term(term)
    told = found(row("7701", sums=True), row("7702", sums=True), document=document)
    (one,) = [each for each in told if "under tabellen" in each.message]
    figures = figures.replace(" 000", "\u00a0000").replace(" 250", "\u00a0250")
    assert one.message == (
        f"Myrvang kommune: under tabellen står {figures} kroner, som beløpet er regnet ut fra."
    )
    assert one.offer is not None
    assert one.offer.phrase.replace("\u00a0", " ") == amount
    assert (one.offer.kind, one.like) == (MarkKind.PHRASE, 1)
    marks = (row("7701", sums=True), row("7702", sums=True), one.offer)
    assert found(*marks, document=document) == ()
    assert "under tabellen" not in str(found(row("7801", sums=True), document=document))


def bought(price: Decimal | None) -> Document:
    """Myrvang buys a service on top."""
    own = ServiceChoice(builders.MYRVANG, Choice.BOUGHT, price)
    document = builders.a_document()
    services = tuple(
        replace(s, choices=(own,)) if s.key == "mentor" else s for s in document.services
    )
    return replace(document, services=services)


def test_a_price_on_top_is_given_away_by_the_amount() -> None:
    mark = Mark(MarkKind.SERVICE, OTHER, "mentor/7702")
    told = found(mark, document=bought(Decimal("10000.00")))
    assert [one.message.split(",")[0] for one in told] == [
        "Myrvang kommune: prisen er en del av bidraget"
    ]
    assert told[0].offer == Mark(MarkKind.ROW, OTHER, "7702", with_sums=True)


def test_a_purchase_without_a_price_has_none_to_give_away() -> None:
    assert found(Mark(MarkKind.SERVICE, OTHER, "mentor/7702"), document=bought(None)) == ()


def test_nothing_is_given_away_without_marks_or_without_a_table() -> None:
    assert found() == ()
    assert found(row("7702"), Mark(MarkKind.CLAUSE, BASIS, "okonomi")) == ()
    assert found(row("7702"), document=builders.a_document(financing=None)) == ()


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from([-1, 1])), max_size=4))
def test_what_is_settled_has_one_value_and_what_is_not_has_several(
    rows: list[dict[str, int]],
) -> None:
    """Held against the rank of the equations: an unknown is settled when fixing it adds nothing."""
    equations = [{(False, key): value for key, value in one.items()} for one in rows]
    settled = determined(equations)
    for name in "abcd":
        alone = {(False, name): 1}
        assert ((False, name) in settled) == (rank([*equations, alone]) == rank(equations))


def rank(rows: list[dict[tuple[bool, str], int]]) -> int:
    left = [[Decimal(one.get((False, name), 0)) for name in "abcd"] for one in rows]
    found = 0
    for column in range(4):
        pivot = next((one for one in left if one[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        left = [
            [a - b * one[column] / pivot[column] for a, b in zip(one, pivot, strict=True)]
            for one in left
        ]
    return found

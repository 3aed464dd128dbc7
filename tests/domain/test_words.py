"""What is said of each kind of rule, in both languages, and what needs no words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from financing import words
from financing.calculation import (
    Alternative,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    Status,
    Table,
    Term,
    TermShare,
    calculate,
)
from financing.rounding import ROUNDING_RULES
from tests.domain.test_calculation import (
    HOLE,
    INDEX,
    KRODSHERAD,
    MODUM,
    RINGERIKSREGIONEN,
    YEARS,
    by_rates,
)

PER_INHABITANT, DISTRIBUTION_KEY, FIXED, HOURS = RuleKind
EQUAL, POPULATION, TABLE = KeyPartKind
PEOPLE = (HOLE, KRODSHERAD, MODUM)
ALL = frozenset({"3310", "3318", "3316"})
ONE = frozenset({"3310"})
KEY = (KeyPart(EQUAL, Decimal(30)), KeyPart(POPULATION, Decimal("69.5")))
WEIGHTS = (("3310", Decimal(1)), ("3316", Decimal(2)), ("3318", Decimal(1)))
WHOLE_KEY = (*KEY, KeyPart(TABLE, Decimal("0.5"), WEIGHTS))


def table(*rules: Rule, indexed: bool = True) -> Table:
    index = INDEX if indexed else ()
    alternative = Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], rules, index)
    return calculate(PEOPLE, alternative, YEARS)


def told(*rules: Rule, language: str = "nb", indexed: bool = True) -> list[str]:
    sentences = words.terms(table(*rules, indexed=indexed), language)
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


BOTH_LANGUAGES: list[tuple[Rule, str, str]] = [
    (
        Rule(ONE, FIXED, amount=Decimal("10000.5")),
        "Fast beløp for Hole: 10 000,50 kroner i året.",
        "Fast beløp for Hole: 10 000,50 kroner i året.",
    ),
    (
        Rule(ALL, FIXED, amount=Decimal(1), indexed=False),
        "Fast beløp for hver av Hole, Krødsherad og Modum: 1,00 kroner i året; "
        "indeksreguleres ikke.",
        "Fast beløp for kvar av Hole, Krødsherad og Modum: 1,00 kroner i året; "
        "blir ikkje indeksregulert.",
    ),
    (
        Rule(
            ONE,
            HOURS,
            hours=Decimal("37.5"),
            hour_price=Decimal(1250),
            label="Næringsfaglige vurderinger.",
        ),
        "Næringsfaglige vurderinger. 37,5 timer à 1 250,00 kroner i året for Hole.",
        "Næringsfaglige vurderinger. 37,5 timar à 1 250,00 kroner i året for Hole.",
    ),
    (
        Rule(
            ALL,
            DISTRIBUTION_KEY,
            amount=Decimal(900_000),
            key_parts=WHOLE_KEY,
            floor=Decimal(100_000),
            cap=Decimal(500_000),
        ),
        "900 000,00 kroner i året deles mellom Hole, Krødsherad og Modum: 30 prosent likt, "
        "69,5 prosent etter innbyggertall og 0,5 prosent etter avtalt fordeling; "
        "minst 100 000,00 kroner for hver; høyst 500 000,00 kroner for hver.",
        "900 000,00 kroner i året blir delte mellom Hole, Krødsherad og Modum: 30 prosent likt, "
        "69,5 prosent etter innbyggjartal og 0,5 prosent etter avtalt fordeling; "
        "minst 100 000,00 kroner for kvar; høgst 500 000,00 kroner for kvar.",
    ),
    (
        Rule(ALL, PER_INHABITANT, rate=Decimal(14), steps=(Decimal(50), Decimal("87.5"))),
        "Sats per innbygger for Hole, Krødsherad og Modum; "
        "betales med 50 prosent i 2026 og 87,5 prosent fra 2027.",
        "Sats per innbyggjar for Hole, Krødsherad og Modum; "
        "blir betalt med 50 prosent i 2026 og 87,5 prosent frå 2027.",
    ),
    (
        Rule(ALL, PER_INHABITANT, rate=Decimal(14), steps=tuple(map(Decimal, (50, 75, 100, 120)))),
        "Sats per innbygger for Hole, Krødsherad og Modum; "
        "betales med 50 prosent i 2026, 75 prosent i 2027 og 100 prosent i 2028.",
        "Sats per innbyggjar for Hole, Krødsherad og Modum; "
        "blir betalt med 50 prosent i 2026, 75 prosent i 2027 og 100 prosent i 2028.",
    ),
]


@pytest.mark.parametrize(("rule", "bokmal", "nynorsk"), BOTH_LANGUAGES)
def test_both_languages(rule: Rule, bokmal: str, nynorsk: str) -> None:
    # A second, indexed rule, so that there is an index that the first may stand outside.
    rate = Rule(ALL, PER_INHABITANT, rate=Decimal(14))
    assert told(rule, rate) == [bokmal]
    assert told(rule, rate, language="nn") == [nynorsk]


@pytest.mark.parametrize(
    "fields",
    [{}, {"steps": (Decimal(100),)}, {"base_amount": Decimal(1)}, {"indexed": False}],
)
def test_a_plain_rate_needs_no_words(fields: dict[str, Any]) -> None:
    assert told(Rule(ALL, PER_INHABITANT, rate=Decimal(14), **fields)) == []


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"floor": Decimal(0)}, "; minst 0,00 kroner for hver."),
        ({"cap": Decimal(5)}, "; høyst 5,00 kroner for hver."),
        ({"label": "Fast del"}, "Fast del. Sats per innbygger for Hole, Krødsherad og Modum."),
    ],
)
def test_a_rate_that_is_not_plain(fields: dict[str, Any], end: str) -> None:
    [sentence] = told(Rule(ALL, PER_INHABITANT, rate=Decimal(14), **fields))
    assert sentence.endswith(end)


def test_what_is_not_indexed_is_told_only_where_something_is() -> None:
    flat = Rule(ONE, FIXED, amount=Decimal(1), indexed=False)
    assert told(flat) == ["Fast beløp for Hole: 1,00 kroner i året."]
    assert told(replace(flat, indexed=True), indexed=False) == told(flat)


def test_who_does_not_pay_is_not_named() -> None:
    people = (replace(HOLE, status=Status.DECLINED), replace(MODUM, included=False), KRODSHERAD)
    rules = (Rule(ALL, FIXED, amount=Decimal(1)), Rule(ONE, FIXED, amount=Decimal(2)))
    alternative = Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], rules)
    [sentence] = words.terms(calculate(people, alternative, YEARS))
    assert "Krødsherad" in sentence
    assert "Hole" not in sentence


def test_the_terms_are_plain_facts() -> None:
    """In the order of the rules; a field that the kind does not use is zero, whatever is stated."""
    hours = Rule(
        ONE, HOURS, amount=Decimal(7), rate=Decimal(7), hours=Decimal(2), hour_price=Decimal(3)
    )
    key = Rule(ALL, DISTRIBUTION_KEY, amount=Decimal(9), hours=Decimal(1), key_parts=WHOLE_KEY)
    plain = {"label": "", "indexed": True, "floor": None, "cap": None, "steps": ()}
    zero = Decimal(0)
    assert table(key, hours).terms == (
        Term(
            kind=DISTRIBUTION_KEY,
            names=("Hole", "Krødsherad", "Modum"),
            amount=Decimal(9),
            shares=(
                TermShare(EQUAL, Decimal(30)),
                TermShare(POPULATION, Decimal("69.5")),
                TermShare(TABLE, Decimal("0.5")),
            ),
            hours=zero,
            hour_price=zero,
            **plain,
        ),
        Term(
            HOURS,
            ("Hole",),
            amount=zero,
            shares=(),
            hours=Decimal(2),
            hour_price=Decimal(3),
            **plain,
        ),
    )


def test_the_case_papers_need_no_words() -> None:
    assert calculate(RINGERIKSREGIONEN, by_rates("14.50", "5.50"), YEARS).terms == ()


@pytest.mark.parametrize("function", [words.terms, lambda _table, code: words.table_words(code)])
def test_another_language_is_refused(function: Any) -> None:
    with pytest.raises((ValueError, KeyError)):
        function(table(), "se")

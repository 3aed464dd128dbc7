"""Minimum rates: who is below, in which year, and who only looks as if."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from financing.calculation import (
    Alternative,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    Status,
    Table,
    calculate,
)
from financing.minimum import BelowMinimum, below_minimum
from financing.rounding import ROUNDING_RULES
from tests.domain.test_calculation import (
    AUTHORITY,
    KRODSHERAD,
    MUNICIPALITY,
    RINGERIKSREGIONEN,
    YEARS,
    by_rates,
    by_rule,
    changed,
)

STATED = {MUNICIPALITY: Decimal("5.50"), AUTHORITY: Decimal("5.50")}


def alone(rounding: str = "ore_half_up", **fields: Any) -> Table:
    """Krødsherad, with 2 235 inhabitants, and one rule."""
    rule = Rule(frozenset({"3318"}), **{"kind": RuleKind.PER_INHABITANT, **fields})
    alternative = replace(by_rule(rule), rounding=ROUNDING_RULES[rounding])
    return calculate([KRODSHERAD], alternative, YEARS)


def names(table: Table) -> list[str]:
    return [item.row.name for item in below_minimum(table, STATED)]


def test_nobody_is_below_in_the_case_paper() -> None:
    assert (
        below_minimum(calculate(RINGERIKSREGIONEN, by_rates("14.50", "5.50"), YEARS), STATED) == ()
    )
    assert (
        below_minimum(calculate(RINGERIKSREGIONEN, by_rates("5.50", "5.50"), YEARS), STATED) == ()
    )


def test_rates_below_the_minimum() -> None:
    """Municipalities at 5,49 are below in the first year, county authorities at 5,40 in every year."""
    table = calculate(RINGERIKSREGIONEN, by_rates("5.49", "5.40"), YEARS)
    found = below_minimum(table, STATED)
    assert [item.row.key for item in found] == [row.key for row in table.rows]
    assert found[0] == BelowMinimum(
        row=table.rows[0],
        year=2026,
        stated=Decimal("5.50"),
        per_inhabitant=Decimal("5.49"),
        amount=Decimal("38786.85"),
        least=Decimal("38857.50"),
    )
    only_counties = below_minimum(table, {AUTHORITY: Decimal("5.50")})
    assert [item.row.kind for item in only_counties] == [AUTHORITY, AUTHORITY]


@pytest.mark.parametrize(
    "fields",
    [
        {"rate": Decimal("5.49"), "base_amount": Decimal("22.35")},  # 1 øre each
        {"rate": Decimal(1), "floor": Decimal("12292.50")},
        {"kind": RuleKind.FIXED, "amount": Decimal("12292.50")},
        {"kind": RuleKind.HOURS, "hours": Decimal(10), "hour_price": Decimal("1229.25")},
        {"rate": Decimal("5.50"), "rounding": "krone_down"},  # 12 292 shown, as 5,50 gives
    ],
)
def test_what_makes_up_for_a_low_rate(fields: dict[str, Any]) -> None:
    assert names(alone(**fields)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"rate": Decimal("5.49"), "base_amount": Decimal("22.34")},
        {"rate": Decimal(10), "cap": Decimal("12292.49")},
        {"rate": Decimal(10), "steps": (Decimal(50), Decimal(100))},
        {"kind": RuleKind.FIXED, "amount": Decimal("12292.49")},
        {"rate": Decimal("5.49"), "rounding": "krone_down"},
    ],
)
def test_what_brings_an_amount_below(fields: dict[str, Any]) -> None:
    assert names(alone(**fields)) == ["Krødsherad"]


def test_a_hair_below_never_reads_as_enough() -> None:
    table = alone(rate=Decimal(10), cap=Decimal("12292.49"))
    assert below_minimum(table, STATED)[0].per_inhabitant == Decimal("5.4999")


def test_the_first_year_below_is_named() -> None:
    table = alone(rate=Decimal("5.50"), steps=(Decimal(100), Decimal(80), Decimal(60)))
    assert [(i.year, i.per_inhabitant) for i in below_minimum(table, STATED)] == [
        (2027, Decimal("4.40"))
    ]


def test_a_key_counts_as_any_amount() -> None:
    key = (KeyPart(KeyPartKind.EQUAL, Decimal(100)),)
    rule = Rule(
        frozenset({"3310", "3318"}),
        RuleKind.DISTRIBUTION_KEY,
        amount=Decimal(60_000),
        key_parts=key,
    )
    alternative = Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], (rule,))
    table = calculate(RINGERIKSREGIONEN[:2], alternative, YEARS)
    assert names(table) == ["Hole"]  # 30 000 on 7 065, while Krødsherad pays 13,42 each


def test_who_has_declined_or_has_no_inhabitants_is_passed_over() -> None:
    people = changed("3310", status=Status.DECLINED)
    table = calculate(people, by_rates("1.00", "5.50"), YEARS)
    assert "Hole" not in names(table)
    assert len(names(table)) == 4
    empty = calculate(
        [replace(KRODSHERAD, population=0)], by_rule(Rule(frozenset(), RuleKind.FIXED)), YEARS
    )
    assert names(empty) == []


@pytest.mark.parametrize("number", ["-0.01", "NaN", "Infinity"])
def test_refused(number: str) -> None:
    with pytest.raises(ValueError, match="minimum rate of kind municipality"):
        below_minimum(alone(), {MUNICIPALITY: Decimal(number)})

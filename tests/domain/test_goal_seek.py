"""Goal seek on the figures of the case papers: the exact value, the whole steps, and no answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from financing.calculation import Alternative, Contributor, Rule, RuleKind, Status, calculate
from financing.goal_seek import Found, Goal, Reason, Sought, seek, sentence, total_of, with_value
from financing.rounding import ROUNDING_RULES
from tests.domain.test_calculation import (
    JEVNAKER,
    KRODSHERAD,
    RINGERIKSREGIONEN,
    YEARS,
    by_rates,
    by_rule,
    changed,
)

RATE, BASE_AMOUNT, INDEX = Sought
WITHOUT_HOLE = changed("3310", status=Status.DECLINED)
FRAME = Decimal("1256000")
ALTERNATIVE_1 = by_rates("14.50", "5.50")


def found(value: str, total: str, difference: str) -> Found:
    return Found(Decimal(value), Decimal(total), Decimal(difference))


def alone(**fields: Any) -> tuple[tuple[Contributor, ...], Alternative]:
    """Krødsherad, with 2 235 inhabitants, and one rule per inhabitant."""
    rule = Rule(frozenset({"3318"}), RuleKind.PER_INHABITANT, **fields)
    return (KRODSHERAD,), by_rule(rule)


def test_the_rate_that_keeps_the_frame_without_hole() -> None:
    """949 457,50 kroner on 55 735 inhabitants is 17,0352 kroner each."""
    answer = seek(WITHOUT_HOLE, ALTERNATIVE_1, YEARS, Goal(RATE, FRAME, rule=0, year=2026))
    assert answer.exact == Fraction("949457.50") / 55735
    assert (answer.shown, answer.is_exact) == (Decimal("17.035211"), False)
    assert answer.first_not_below == found("17.04", "1256266.90", "266.90")
    assert answer.nearest == answer.first_not_below
    assert (answer.reason, answer.limit, sentence(answer)) == (None, None, "")


def test_the_nearest_may_be_below() -> None:
    """17,03 gives 1 255 709,55, which is nearer to 1 255 800 than what 17,04 gives."""
    goal = Goal(RATE, Decimal("1255800"), rule=0, year=2026)
    answer = seek(WITHOUT_HOLE, ALTERNATIVE_1, YEARS, goal)
    assert answer.nearest == found("17.03", "1255709.55", "-90.45")
    assert answer.first_not_below == found("17.04", "1256266.90", "466.90")


def test_as_near_on_both_sides_is_answered_by_the_one_not_below() -> None:
    people, alternative = alone()
    answer = seek(people, alternative, (2026,), Goal(RATE, Decimal("11.175")))
    assert answer.first_not_below == answer.nearest == found("0.01", "22.35", "11.175")


def test_the_sum_of_all_years_and_of_some_contributors() -> None:
    """The municipalities' three years at 14,50: the rate is found again."""
    of = frozenset({"3318", "3316", "3305", "3236"})
    table = calculate(WITHOUT_HOLE, ALTERNATIVE_1, YEARS)
    target = total_of(table, Goal(RATE, FRAME, of=of))
    assert target == sum(sum(row.cells) for row in table.rows if row.key in of)
    start = by_rates("1.00", "5.50")
    answer = seek(WITHOUT_HOLE, start, YEARS, Goal(RATE, target, of=of))
    assert answer.nearest == found("14.50", f"{target}", "0.00")


def test_a_base_amount_that_is_exact() -> None:
    """141 300 kroner on four municipalities."""
    answer = seek(WITHOUT_HOLE, ALTERNATIVE_1, YEARS, Goal(BASE_AMOUNT, FRAME, rule=0, year=2026))
    assert (answer.exact, answer.is_exact) == (Fraction(35325), True)
    assert answer.shown == 35325
    assert answer.first_not_below == answer.nearest == found("35325.00", "1256000.00", "0.00")


def test_an_index_the_same_in_every_year() -> None:
    """808 157,50 kroner must become 993 457,50 in two years."""
    goal = Goal(INDEX, Decimal("1300000"), year=2028)
    answer = seek(WITHOUT_HOLE, ALTERNATIVE_1, YEARS, goal)
    assert (answer.exact, answer.is_exact) == (None, False)
    assert answer.shown is not None
    growth = 1 + Fraction(answer.shown) / 100
    assert abs(Fraction("808157.50") * growth**2 - Fraction("993457.50")) < Fraction(1, 10)
    assert answer.first_not_below == found("10.9", "1300480.06", "480.06")
    assert answer.nearest == answer.first_not_below


def test_an_index_of_two_years_that_is_exact() -> None:
    """10 percent twice makes 121 of 100."""
    people, alternative = alone(base_amount=Decimal(100))
    answer = seek(people, alternative, YEARS, Goal(INDEX, Decimal(121), year=2028))
    assert (answer.exact, answer.shown, answer.is_exact) == (Fraction(10), Decimal(10), True)
    assert answer.nearest == found("10.0", "121.00", "0.00")


def test_an_index_of_one_year_leaves_the_others() -> None:
    people, alternative = alone(base_amount=Decimal(1000))
    alternative = replace(alternative, index=ALTERNATIVE_1.index)
    goal = Goal(INDEX, Decimal("1092"), year=2028, index_year=2027, step=Decimal("0.01"))
    answer = seek(people, alternative, YEARS, goal)
    assert answer.exact == (Fraction(1092, 1041) - 1) * 100
    assert answer.first_not_below == found("4.90", "1092.01", "0.01")
    changed_index = with_value(alternative, YEARS, goal, Decimal("4.90")).index
    assert [factor.percent for factor in changed_index] == [Decimal("4.90"), Decimal("4.1")]


def test_an_index_that_must_fall() -> None:
    people, alternative = alone(base_amount=Decimal(1000))
    answer = seek(people, alternative, YEARS[:2], Goal(INDEX, Decimal(900), year=2027))
    assert answer.exact == -10
    assert answer.nearest == found("-10.0", "900.00", "0.00")


def test_floor_and_cap_bend_the_line() -> None:
    """From 10 000 to 60 000 each: the larger leaves the floor first and meets the cap first."""
    rule = Rule(frozenset({"3318", "3236"}), RuleKind.PER_INHABITANT, cap=Decimal(60_000))
    alternative = by_rule(replace(rule, floor=Decimal(10_000)))
    people = (KRODSHERAD, JEVNAKER)

    def rate_for(target: int) -> Any:
        return seek(people, alternative, (2026,), Goal(RATE, Decimal(target)))

    assert rate_for(20_000).exact == 0  # both floors
    assert rate_for(40_000).exact == Fraction(30_000, 7043)  # Krødsherad is still at its floor
    assert rate_for(75_000).exact == Fraction(75_000, 2235 + 7043)  # neither
    assert rate_for(110_000).exact == Fraction(50_000, 2235)  # Jevnaker at its cap
    assert rate_for(120_000).exact == Fraction(60_000, 2235)
    assert rate_for(120_001).reason is Reason.TOO_HIGH
    assert rate_for(120_001).limit == Decimal("120000.00")
    assert rate_for(19_999).reason is Reason.TOO_LOW
    assert rate_for(19_999).limit == Decimal("20000.00")


def test_step_up_and_rounding_count() -> None:
    """Half of 2 235 x rate in whole hundreds: 1 000 kroner is first shown at 0,86 (961,05)."""
    people, alternative = alone(steps=(Decimal(50),))
    alternative = replace(alternative, rounding=ROUNDING_RULES["hundre_half_up"])
    answer = seek(people, alternative, (2026,), Goal(RATE, Decimal(1000)))
    assert answer.exact == Fraction(2000, 2235)
    assert answer.first_not_below == found("0.86", "1000.00", "0.00")


@pytest.mark.parametrize(
    ("goal", "reason", "words"),
    [
        (Goal(RATE, Decimal(1), rule=2), Reason.NO_RATE, "ingen sats"),
        (Goal(RATE, Decimal(1), of=frozenset({"3310"})), Reason.NOBODY_PAYS, "etter regelen"),
        (Goal(INDEX, Decimal(1), of=frozenset({"33"})), Reason.NOBODY_PAYS, "indeksreguleres"),
        (Goal(INDEX, FRAME, year=2026), Reason.NO_EFFECT, "1 114 800,00 kroner uansett indeks"),
        (Goal(INDEX, FRAME, index_year=2026), Reason.NO_EFFECT, "uansett indeks"),
        (Goal(RATE, Decimal(306_642), year=2026), Reason.TOO_LOW, "306 642,50 kroner"),
        (Goal(INDEX, Decimal(306_642), year=2027), Reason.TOO_LOW, "laveste"),
    ],
)
def test_no_answer(goal: Goal, reason: Reason, words: str) -> None:
    """Without Hole the county authorities pay 306 542,50, and Krødsherad 100 kroner besides."""
    fixed = Rule(frozenset({"3318"}), RuleKind.FIXED, amount=Decimal(100), indexed=False)
    alternative = replace(ALTERNATIVE_1, rules=(*ALTERNATIVE_1.rules, fixed))
    answer = seek(WITHOUT_HOLE, alternative, YEARS, goal)
    assert answer.reason is reason
    assert (answer.nearest, answer.first_not_below, answer.exact) == (None, None, None)
    assert words in sentence(answer).replace("\u00a0", " ")


def test_one_year_has_no_index() -> None:
    answer = seek(RINGERIKSREGIONEN, by_rates("1", "1", index=()), (2026,), Goal(INDEX, FRAME))
    assert answer.reason is Reason.NO_EFFECT


def test_no_inhabitants_no_rate() -> None:
    empty = replace(KRODSHERAD, population=0)
    answer = seek([empty], alone()[1], (2026,), Goal(RATE, FRAME))
    assert answer.reason is Reason.NO_EFFECT
    assert sentence(answer).startswith("Summen blir 0,00 kroner uansett")


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (Goal(RATE, FRAME, rule=2), "no rule 2"),
        (Goal(RATE, FRAME, rule=-1), "no rule -1"),
        (Goal(RATE, FRAME, year=2029), "no year 2029"),
        (Goal(INDEX, FRAME, index_year=2029), "no year 2029"),
        (Goal(RATE, Decimal(-1)), "target is -1"),
        (Goal(RATE, Decimal("NaN")), "target is NaN"),
        (Goal(RATE, FRAME, step=Decimal(0)), "step is 0"),
    ],
)
def test_refused(goal: Goal, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        seek(WITHOUT_HOLE, ALTERNATIVE_1, YEARS, goal)

"""What holds for goal seek, scenarios, comparison and payment plan, whatever the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from financing.calculation import Alternative, Contributor, Rule, Status, Table, calculate
from financing.comparison import ComparedRow, compare
from financing.goal_seek import Answer, Goal, Reason, Sought, seek, sentence, total_of, with_value
from financing.instalments import Instalment, plan
from financing.rounding import RoundingRule
from financing.scenario import Scenario, apply, changes
from tests.domain.test_calculation_properties import (
    YEARS,
    amounts,
    exact_amount,
    exact_growth,
    exact_step,
    paying,
    percents,
    plans,
    roundings,
)

Plan = tuple[list[Contributor], Alternative]
RATE, BASE_AMOUNT, INDEX = Sought
HUGE = Decimal(10) ** 12  # above every cap of the plans

years = st.none() | st.sampled_from(YEARS)
targets = st.decimals(0, 50_000_000, places=2)


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    what = draw(st.sampled_from(Sought))
    index_year = draw(st.none() | st.sampled_from(YEARS[1:])) if what is INDEX else None
    return Goal(
        what,
        draw(targets),
        rule=draw(st.sampled_from([0, 1])),
        year=draw(years),
        index_year=index_year,
    )


def step_of(goal: Goal) -> Decimal:
    return Decimal("0.1") if goal.what is INDEX else Decimal("0.01")


def lowest_of(goal: Goal) -> Decimal:
    return Decimal("-99.9") if goal.what is INDEX else Decimal(0)


def total(a_plan: Plan, goal: Goal, value: Decimal) -> Decimal:
    everybody, alternative = a_plan
    return total_of(calculate(everybody, with_value(alternative, YEARS, goal, value), YEARS), goal)


def check_values(a_plan: Plan, goal: Goal, answer: Answer) -> None:
    """The totals are the table's, and no lower step reaches the target."""
    first, nearest = answer.first_not_below, answer.nearest
    assert first is not None
    assert nearest is not None
    step, lowest = step_of(goal), lowest_of(goal)
    for found in (first, nearest):
        assert found.value % step == 0
        assert found.value >= lowest
        assert found.total == total(a_plan, goal, found.value)
        assert found.difference == found.total - goal.target
    assert first.difference >= 0
    if first.value > lowest:
        below = total(a_plan, goal, first.value - step)
        assert below < goal.target
        assert abs(nearest.difference) == min(first.difference, goal.target - below)
    else:
        assert nearest == first


@given(plans(), goals())
def test_an_answer_is_right_and_no_answer_is_true(a_plan: Plan, goal: Goal) -> None:
    everybody, alternative = a_plan
    answer = seek(everybody, alternative, YEARS, goal)
    assert bool(sentence(answer)) == (answer.reason is not None)
    if answer.reason is None:
        check_values(a_plan, goal, answer)
        return
    assert (answer.first_not_below, answer.nearest, answer.exact) == (None, None, None)
    low = total(a_plan, goal, lowest_of(goal))
    if answer.reason is Reason.TOO_LOW:
        assert answer.limit == low > goal.target
    elif answer.reason is Reason.TOO_HIGH:
        assert answer.limit == total(a_plan, goal, HUGE) < goal.target
    else:
        assert answer.reason in (Reason.NO_EFFECT, Reason.NOBODY_PAYS)
        assert low == total(a_plan, goal, Decimal(100))


@given(plans(), st.sampled_from([RATE, BASE_AMOUNT]), st.decimals(0, 500, places=2), years)
def test_goal_seek_inverts_the_calculation_to_the_ore(
    a_plan: Plan, what: Sought, value: Decimal, year: int | None
) -> None:
    """The total that a rate gives is given by the rate that is found, and it is not higher."""
    goal = Goal(what, Decimal(0), year=year)
    goal = replace(goal, target=total(a_plan, goal, value))
    answer = seek(*a_plan, YEARS, goal)
    assume(answer.reason not in (Reason.NOBODY_PAYS, Reason.NO_EFFECT))
    assert answer.first_not_below is not None
    assert answer.first_not_below.difference == 0
    assert answer.first_not_below.value <= value
    assert answer.nearest == answer.first_not_below


@given(plans(), st.decimals(-50, 50, places=1), years)
def test_the_index_is_inverted_too(a_plan: Plan, percent: Decimal, year: int | None) -> None:
    goal = Goal(INDEX, Decimal(0), year=year)
    goal = replace(goal, target=total(a_plan, goal, percent))
    answer = seek(*a_plan, YEARS, goal)
    assume(answer.reason not in (Reason.NOBODY_PAYS, Reason.NO_EFFECT))
    assert answer.first_not_below is not None
    assert answer.first_not_below.difference == 0
    assert answer.first_not_below.value <= percent


def exact_total(a_plan: Plan, goal: Goal, value: Fraction) -> Fraction:
    """The unrounded sum with the value in the rule, in fractions, rule by rule."""
    everybody, alternative = a_plan
    counted = paying(everybody)
    found = Fraction(0)
    for column, growth in enumerate(exact_growth(alternative)):
        if goal.year not in (None, YEARS[column]):
            continue
        for at, rule in enumerate(alternative.rules):
            shared = [item for item in counted if item.key in rule.applies_to]
            by_year = exact_step(rule, column) * (growth if rule.indexed else 1)
            if rule.key_parts:
                found += Fraction(rule.amount) * by_year if shared else 0
                continue
            for item in shared:
                if at == goal.rule:
                    found += sought_amount(rule, item, counted, goal, value) * by_year
                else:
                    found += exact_amount(rule, item, counted) * by_year
    return found


def sought_amount(
    rule: Rule, item: Contributor, counted: list[Contributor], goal: Goal, value: Fraction
) -> Fraction:
    """What one pays by the rule with the value in it, which a Decimal may not hold."""
    bare = replace(rule, floor=None, cap=None, rate=Decimal(0), base_amount=Decimal(0))
    inhabitants = exact_amount(replace(bare, rate=Decimal(1)), item, counted)
    rate, base = Fraction(rule.rate), Fraction(rule.base_amount)
    rate, base = (value, base) if goal.what is RATE else (rate, value)
    amount = max(base + rate * inhabitants, Fraction(rule.floor or 0))
    return amount if rule.cap is None else min(amount, Fraction(rule.cap))


@given(plans(), st.sampled_from([RATE, BASE_AMOUNT]), st.decimals(0, 500, places=2), years)
def test_the_exact_value_gives_the_target_unrounded(
    a_plan: Plan, what: Sought, value: Decimal, year: int | None
) -> None:
    """And no lower value does; without one, no value gives the target."""
    goal = Goal(what, Decimal(0), year=year)
    goal = replace(goal, target=total(a_plan, goal, value))
    target = Fraction(goal.target)
    answer = seek(*a_plan, YEARS, goal)
    if answer.exact is None:
        assert answer.reason in (Reason.NOBODY_PAYS, Reason.NO_EFFECT) or (
            exact_total(a_plan, goal, Fraction(0)) > target
            or exact_total(a_plan, goal, Fraction(HUGE)) < target
        )
        return
    assert answer.shown is not None
    assert exact_total(a_plan, goal, answer.exact) == target
    assert abs(Fraction(answer.shown) - answer.exact) <= Fraction(1, 2_000_000)
    assert answer.is_exact == (Fraction(answer.shown) == answer.exact)
    if answer.exact:
        just_below = answer.exact * Fraction(999_999, 1_000_000)
        assert exact_total(a_plan, goal, just_below) < target


# Scenarios


@st.composite
def scenarios(draw: st.DrawFn, a_plan: Plan) -> Scenario:
    everybody, _alternative = a_plan
    keys = st.sampled_from([item.key for item in everybody])
    municipal = st.sampled_from([item.key for item in everybody if item.population is not None])
    return Scenario(
        included=draw(st.dictionaries(keys, st.booleans(), max_size=3)),
        status=draw(st.dictionaries(keys, st.sampled_from(Status), max_size=3)),
        population=draw(st.dictionaries(municipal, st.integers(1, 500_000), max_size=2)),
        rate=draw(st.dictionaries(st.sampled_from([0, 1]), amounts, max_size=2)),
        amount=draw(st.dictionaries(st.just(2), amounts, max_size=1)),
        hours=draw(st.dictionaries(st.just(3), amounts, max_size=1)),
        index=draw(st.dictionaries(st.sampled_from(YEARS[1:]), percents, max_size=2)),
    )


@given(plans(), st.data())
def test_a_scenario_changes_what_it_tells_and_nothing_else(
    a_plan: Plan, data: st.DataObject
) -> None:
    everybody, alternative = a_plan
    scenario = data.draw(scenarios(a_plan))
    people, after = apply(everybody, alternative, scenario)
    told = changes(everybody, alternative, scenario)
    assert (not told) == ((list(people), after) == (everybody, alternative))
    assert {c.key for c in told if c.field in ("included", "status", "population")} == {
        old.key for old, new in zip(everybody, people, strict=True) if old != new
    }
    assert changes(people, after, scenario) == ()
    assert apply(people, after, scenario) == (people, after)


# Side by side, and the payment plan


@given(plans(), roundings, st.data())
def test_a_comparison_shows_the_cells_and_their_sums(
    a_plan: Plan, rounding: RoundingRule, data: st.DataObject
) -> None:
    everybody, alternative = a_plan
    one = calculate(everybody, alternative, YEARS)
    other = calculate(everybody, replace(alternative, rounding=rounding), YEARS)
    against = data.draw(st.sampled_from([0, 1]))
    found = compare((one, other), against=against)
    assert found is not None
    for at, table in enumerate((one, other)):
        _check_column(found.rows, at, table)
    for row in found.rows:
        for item in row.figures:
            for amount, base, difference in zip(
                item.amounts, row.figures[against].amounts, item.differences, strict=True
            ):
                assert amount is not None
                assert base is not None
                assert difference is not None
                assert difference.kroner == amount - base
                assert (difference.percent is None) == (base == 0)


def _check_column(rows: Sequence[ComparedRow], at: int, table: Table) -> None:
    shown = {row.key: row.figures[at].amounts for row in rows}
    for row in table.rows:
        assert shown[row.key] == row.cells
    for line in (*table.subtotals, table.total):
        assert shown[line.code] == line.cells
    contributors = [row for row in rows if not row.is_sum]
    for column, _year in enumerate(YEARS):
        cells = [row.figures[at].amounts[column] for row in contributors]
        assert sum(cells) == table.total.cells[column]


@given(plans(), st.lists(st.integers(1, 12), min_size=1, max_size=6, unique=True))
def test_payments_sum_to_the_cells(a_plan: Plan, months: list[int]) -> None:
    table = calculate(*a_plan, YEARS)
    percent = (Decimal(100) / len(months)).quantize(Decimal("0.0001"))
    parts = [percent] * (len(months) - 1)
    stated = [
        Instalment(month, 15, part)
        for month, part in zip(months, [*parts, Decimal(100) - sum(parts)], strict=True)
    ]
    made = plan(table, stated)
    cells = {row.key: row.cells for row in table.rows} | {"total": table.total.cells}
    for row in (*made.rows, made.total):
        for year, cell in zip(row.years, cells[row.key], strict=True):
            assert sum(payment.amount for payment in year) == cell
            assert all(payment.amount >= 0 for payment in year)
            assert [payment.due for payment in year] == sorted(payment.due for payment in year)


@given(plans(), goals(), st.randoms(use_true_random=False))
def test_the_order_of_contributors_never_matters_to_a_goal(
    a_plan: Plan, goal: Goal, chance: Random
) -> None:
    everybody, alternative = a_plan
    shuffled = list(everybody)
    chance.shuffle(shuffled)
    assert seek(shuffled, alternative, YEARS, goal) == seek(everybody, alternative, YEARS, goal)

"""What holds for every contribution table, whatever the figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from financing.apportionment import largest_remainder
from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    IndexFactor,
    KeyPart,
    KeyPartKind,
    RoundingRule,
    Rule,
    RuleKind,
    Status,
    calculate,
)
from financing.rounding import ROUNDING_RULES

YEARS = (2026, 2027, 2028)
COUNTIES = {"41": "Fjelland", "42": "Skogland", "43": "Kystland"}

amounts = st.decimals(0, 1_000_000, places=2)
rates = st.decimals(0, 100, places=4)
percents = st.decimals(-20, 50, places=2)
roundings = st.sampled_from(list(ROUNDING_RULES.values()))


@st.composite
def contributors(
    draw: st.DrawFn, statuses: tuple[Status, ...] = tuple(Status)
) -> list[Contributor]:
    """One to nine municipalities in up to three counties, and the counties' authorities."""
    made = []
    for number in range(draw(st.integers(1, 9))):
        county = draw(st.sampled_from(sorted(COUNTIES)))
        made.append(
            Contributor(
                key=f"{county}{number:02}",
                name=f"Kommune {number}",
                kind=ContributorKind.MUNICIPALITY,
                county=county,
                county_name=COUNTIES[county],
                population=draw(st.integers(1, 800_000)),
                status=draw(st.sampled_from(statuses)),
                included=draw(st.booleans()) if len(statuses) > 1 else True,
            )
        )
    for county in sorted({item.county for item in made}):
        name = COUNTIES[county]
        status = draw(st.sampled_from(statuses))
        kind = ContributorKind.COUNTY_AUTHORITY
        made.append(Contributor(county, name, kind, county, name, None, status))
    return draw(st.permutations(made))


def keys(everybody: list[Contributor], kind: ContributorKind) -> frozenset[str]:
    return frozenset(item.key for item in everybody if item.kind is kind)


def paying(everybody: list[Contributor]) -> list[Contributor]:
    return [c for c in everybody if c.included and c.status is not Status.DECLINED]


@st.composite
def distribution_key(draw: st.DrawFn, payers: list[str]) -> Rule:
    """A whole shared among all of `payers` by one to three parts."""
    first = draw(st.decimals(0, 100, places=2))
    second = draw(st.decimals(0, 100, places=2).filter(lambda percent: first + percent <= 100))
    weights = tuple((payer, draw(st.decimals("0.01", 50, places=2))) for payer in sorted(payers))
    return Rule(
        frozenset(payers),
        RuleKind.DISTRIBUTION_KEY,
        amount=draw(amounts),
        key_parts=(
            KeyPart(KeyPartKind.EQUAL, first),
            KeyPart(KeyPartKind.POPULATION, second),
            KeyPart(KeyPartKind.TABLE, 100 - first - second, weights),
        ),
        indexed=draw(st.booleans()),
    )


@st.composite
def bounded(draw: st.DrawFn, rule: Rule) -> Rule:
    """The rule with a floor, a cap and a step-up, each of them or none."""
    floor = draw(st.none() | amounts)
    cap = draw(st.none() | st.decimals(floor or 0, 2_000_000, places=2))
    steps = tuple(draw(st.lists(st.decimals(0, 100, places=2), max_size=4)))
    return replace(rule, floor=floor, cap=cap, steps=steps)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Contributor], Alternative]:
    """Rates for municipalities and county authorities, fixed amounts, hours, and often a key."""
    everybody = draw(contributors())
    municipalities = keys(everybody, ContributorKind.MUNICIPALITY)
    authorities = keys(everybody, ContributorKind.COUNTY_AUTHORITY)
    per_inhabitant = RuleKind.PER_INHABITANT
    rules = [
        Rule(municipalities, per_inhabitant, base_amount=draw(amounts), rate=draw(rates)),
        Rule(authorities, per_inhabitant, rate=draw(rates), basis=Basis.COUNTY, indexed=False),
        Rule(authorities | municipalities, RuleKind.FIXED, amount=draw(amounts)),
        Rule(authorities, RuleKind.HOURS, hours=draw(rates), hour_price=draw(rates)),
    ]
    rules = [draw(bounded(rule)) for rule in rules]
    if any(item.kind is ContributorKind.MUNICIPALITY for item in paying(everybody)):
        rules.append(draw(distribution_key(sorted(municipalities))))
    index = tuple(IndexFactor(year, draw(percents)) for year in YEARS[1:])
    alternative = Alternative("Alternativ", draw(roundings), tuple(rules), index)
    return everybody, alternative


def exact_growth(alternative: Alternative) -> list[Fraction]:
    growth = [Fraction(1)]
    for factor in alternative.index:
        growth.append(growth[-1] * (1 + Fraction(factor.percent) / 100))
    return growth


def units_of(amount: Fraction, rounding: RoundingRule) -> int:
    """Round by the rule, written without decimals."""
    units = amount / Fraction(rounding.unit)
    if rounding.mode == ROUND_HALF_UP:
        return math.floor(units + Fraction(1, 2))
    return math.floor(units) if rounding.mode == ROUND_DOWN else math.ceil(units)


@given(plans())
def test_sums_are_the_sums_of_shown_rows(plan: tuple[list[Contributor], Alternative]) -> None:
    everybody, alternative = plan
    table = calculate(everybody, alternative, YEARS)
    counted = [row for row in table.rows if row.status is not Status.DECLINED]
    confirmed = table.total_confirmed or table.total
    for column in range(len(YEARS)):
        shown = {row.key: row.cells[column] for row in table.rows}
        for sum_row in (*table.subtotals, table.total, confirmed):
            assert sum_row.cells[column] == sum(shown[key] for key in sum_row.keys)
        assert table.total.cells[column] == sum(shown.values())
    assert table.total.keys == tuple(row.key for row in counted)
    assert set(confirmed.keys) == {r.key for r in counted if r.status is Status.CONFIRMED}
    if table.subtotals:
        assert [key for subtotal in table.subtotals for key in subtotal.keys] == list(
            table.total.keys
        )
    assert bool(table.subtotals) == (len({row.county for row in counted}) > 1)


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_contributors_and_rules_never_matters(
    plan: tuple[list[Contributor], Alternative], chance: Random
) -> None:
    everybody, alternative = plan
    shuffled, rules = list(everybody), list(alternative.rules)
    chance.shuffle(shuffled)
    chance.shuffle(rules)
    one = calculate(everybody, alternative, YEARS)
    other = calculate(shuffled, replace(alternative, rules=tuple(rules)), YEARS)
    assert {row.key: row for row in one.rows} == {row.key: row for row in other.rows}
    assert one.total.cells == other.total.cells


@given(plans())
def test_cells_are_whole_units_with_two_decimals(
    plan: tuple[list[Contributor], Alternative],
) -> None:
    everybody, alternative = plan
    table = calculate(everybody, alternative, YEARS)
    sums = (*table.subtotals, table.total)
    for cells in [row.cells for row in table.rows] + [line.cells for line in sums]:
        for cell in cells:
            assert cell.as_tuple().exponent == -2
            assert cell >= 0
            assert Fraction(cell) % Fraction(alternative.rounding.unit) == 0


def exact_amount(rule: Rule, item: Contributor, counted: list[Contributor]) -> Fraction:
    """The first year's kroner by a rule that is no key, in fractions."""
    if rule.kind is RuleKind.PER_INHABITANT:
        own = rule.basis is Basis.OWN
        bodies = [item] if own else [c for c in counted if c.county == item.county]
        inhabitants = sum(body.population or 0 for body in bodies)
        amount = Fraction(rule.base_amount) + Fraction(rule.rate) * inhabitants
    elif rule.kind is RuleKind.HOURS:
        amount = Fraction(rule.hours) * Fraction(rule.hour_price)
    else:
        amount = Fraction(rule.amount)
    bounds = [amount, Fraction(rule.floor or 0)]
    return min(max(bounds), Fraction(rule.cap)) if rule.cap is not None else max(bounds)


def exact_step(rule: Rule, column: int) -> Fraction:
    return Fraction(([*rule.steps] or [Decimal(100)])[: column + 1][-1]) / 100


@given(plans())
def test_cells_without_a_key_are_the_exact_amount_rounded_once(
    plan: tuple[list[Contributor], Alternative],
) -> None:
    """Against a calculation in fractions, rule by rule."""
    everybody, alternative = plan
    rules = tuple(r for r in alternative.rules if r.kind is not RuleKind.DISTRIBUTION_KEY)
    table = calculate(everybody, replace(alternative, rules=rules), YEARS)
    counted = {item.key: item for item in paying(everybody)}
    unit = Fraction(alternative.rounding.unit)
    for row in table.rows:
        for column, growth in enumerate(exact_growth(alternative)):
            exact = sum(
                exact_amount(rule, counted[row.key], list(counted.values()))
                * exact_step(rule, column)
                * (growth if rule.indexed else 1)
                for rule in rules
                if row.key in counted and row.key in rule.applies_to
            )
            assert (
                Fraction(row.cells[column])
                == units_of(Fraction(exact), alternative.rounding) * unit
            )


@given(contributors(statuses=(Status.CONFIRMED,)), st.data(), roundings, percents)
def test_a_key_sums_to_the_whole(
    everybody: list[Contributor], data: st.DataObject, rounding: RoundingRule, percent: Decimal
) -> None:
    """In every year, and each part is the exact share rounded up or down."""
    municipalities = {c.key: c for c in everybody if c.kind is ContributorKind.MUNICIPALITY}
    rule = data.draw(distribution_key(sorted(municipalities)))
    index = tuple(IndexFactor(year, percent) for year in YEARS[1:])
    alternative = Alternative("Alternativ", rounding, (rule,), index)
    table = calculate(everybody, alternative, YEARS)
    equal, population, stated = rule.key_parts
    inhabitants = sum(c.population or 0 for c in municipalities.values())
    weights = dict(stated.weights)
    unit = Fraction(rounding.unit)
    growths = exact_growth(alternative) if rule.indexed else [Fraction(1)] * len(YEARS)
    for column, growth in enumerate(growths):
        whole = Fraction(rule.amount) * growth
        assert Fraction(table.total.cells[column]) == units_of(whole, rounding) * unit
        for row in table.rows:
            share = Fraction(0)
            if row.key in municipalities:
                share = Fraction(equal.percent) / len(municipalities)
                share += Fraction(population.percent) * (row.population or 0) / inhabitants
                share += (
                    Fraction(stated.percent)
                    * Fraction(weights[row.key])
                    / Fraction(sum(weights.values()))
                )
            assert abs(Fraction(row.cells[column]) - whole * share / 100) < unit


quotas = st.dictionaries(
    st.text("abc123", min_size=1, max_size=3), st.fractions(0, 1000, max_denominator=60), min_size=1
)


@given(quotas, st.booleans())
def test_largest_remainder(shares: Mapping[str, Fraction], up: bool) -> None:
    """Sums to the whole; nobody with a larger remainder, or an equal one and a lower key, gets less."""
    total = sum(shares.values(), Fraction(0))
    whole = math.ceil(total) if up else math.floor(total)
    parts = largest_remainder(shares, whole)
    assert sum(parts.values()) == whole
    extra = {key: parts[key] - math.floor(share) for key, share in shares.items()}
    assert set(extra.values()) <= {0, 1}
    claims = sorted(shares, key=lambda key: (-(shares[key] - math.floor(shares[key])), key))
    assert [extra[key] for key in claims] == sorted(extra.values(), reverse=True)
    assert all(parts[key] == share for key, share in shares.items() if share.denominator == 1)


def test_largest_remainder_between_equals_follows_the_key() -> None:
    thirds = {key: Fraction(10, 3) for key in ("3310", "32", "3236")}
    assert largest_remainder(thirds, 10) == {"3310": 3, "32": 4, "3236": 3}


@pytest.mark.parametrize(
    ("shares", "whole"),
    [
        ({"a": Fraction(-1), "b": Fraction(2)}, 1),
        ({"a": Fraction(1)}, 2),
        ({"a": Fraction(1)}, 0),
        ({}, 1),
    ],
)
def test_largest_remainder_refuses(shares: dict[str, Fraction], whole: int) -> None:
    with pytest.raises(ValueError, match="quota"):
        largest_remainder(shares, whole)

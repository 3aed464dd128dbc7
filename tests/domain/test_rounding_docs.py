"""docs/rounding.md says what the program does: every table in it is read and recomputed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest

from financing.amounts import shares_of
from financing.calculation import Alternative, Basis, Contributor, Rule, RuleKind, calculate
from financing.figures import municipal_sum
from financing.goal_seek import Goal, Sought, seek
from financing.index import growth
from financing.instalments import plan
from financing.rounding import ROUNDING_RULES, from_units, to_units
from tests.domain.worked_examples import (
    CONTRIBUTIONS,
    EXAMPLES,
    GOALS,
    KEY,
    PAGE,
    PAYMENTS,
    RULES,
    SIX_RULES,
    Example,
    by_rate,
    contributors,
    index,
    instalments,
    key_of,
    number,
    printed,
)


def of_form(form: str) -> Callable[[Callable[[Example], None]], Callable[[Example], None]]:
    chosen = [example for example in EXAMPLES if example.form == form]
    return pytest.mark.parametrize("example", chosen, ids=[example.title for example in chosen])


def test_every_form_of_table_is_on_the_page() -> None:
    """A heading or a setting that is misspelt must not make a table go unread."""
    tables = len(re.findall(r"^\|--", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert tables == len(EXAMPLES) + 1
    forms = [example.form for example in EXAMPLES]
    assert [forms.count(form) for form in (CONTRIBUTIONS, SIX_RULES, KEY, PAYMENTS, GOALS)] == [
        *(9, 1, 5),
        *(2, 1),
    ]


def test_the_rules_are_those_of_the_registry() -> None:
    """Codes, labels, units and the three examples, in order."""
    headings, lines = RULES[0], RULES[2:]
    samples = [number(heading.removesuffix(" becomes")) for heading in headings[3:]]
    assert [line[0].strip("`") for line in lines] == list(ROUNDING_RULES)
    for line, rule in zip(lines, ROUNDING_RULES.values(), strict=True):
        assert line[1] == rule.label
        assert number(line[2]) == rule.unit
        rounded = [from_units(to_units(sample, rule), rule) for sample in samples]
        assert [number(text) for text in line[3:]] == rounded


@of_form(CONTRIBUTIONS)
def test_contributions(example: Example) -> None:
    """Every line of the table: names, inhabitants, rates, cells, subtotals and totals."""
    table = calculate(
        contributors(example),
        by_rate(example, example.settings["Rounding"].strip("`")),
        example.years,
    )
    expected = printed(table)
    for line in [line for line in example.lines if "Sum kommuner" in line[1]]:
        assert tuple(map(number, line[4:])) == municipal_sum(table).cells
    lines = [line for line in example.lines if "Sum kommuner" not in line[1]]
    assert [line[1].strip("*") for line in lines] == [name for name, *_rest in expected]
    for line, (_name, population, rate, amounts) in zip(lines, expected, strict=True):
        assert (int(number(line[2])) if line[2] else None) == population
        assert (number(line[3]) if line[3] else None) == rate
        assert tuple(map(number, line[4:])) == amounts


@of_form(SIX_RULES)
def test_six_rules(example: Example) -> None:
    """Cells, their sum, the rounded exact sum and the difference, by each rule."""
    year = int(example.settings["Year"])
    years = (year - 1, year)
    factor = growth(index(example), years)[-1]
    unrounded = Decimal(0)
    for line in example.numbered:
        exact = number(line[2]) * number(line[3]) * (factor if len(line[0]) == 4 else 1)
        assert number(example.column(line, "Unrounded")) == exact
        unrounded += exact
    total, rounded_total, difference = example.lines[-3:]
    assert number(example.column(total, "Unrounded")) == unrounded
    for code, rule in ROUNDING_RULES.items():
        table = calculate(contributors(example), by_rate(example, code), years)
        shown = {row.key: row.cells[-1] for row in table.rows}
        for line in example.numbered:
            assert number(example.column(line, f"`{code}`")) == shown[line[0]]
        once = from_units(to_units(unrounded, rule), rule)
        assert number(example.column(total, f"`{code}`")) == table.total.cells[-1]
        assert number(example.column(rounded_total, f"`{code}`")) == once
        assert number(example.column(difference, f"`{code}`")) == table.total.cells[-1] - once


@of_form(KEY)
def test_distribution_key(example: Example) -> None:
    """Exact shares, whole units, remainders and amounts; the amounts sum to the whole."""
    alternative = key_of(example)
    payers = contributors(example)
    table = calculate(payers, alternative, (2026,))
    amounts = {row.key: row.cells[0] for row in table.rows}
    rule = alternative.rules[0]
    shares = shares_of(rule, payers)
    unit = Fraction(alternative.rounding.unit)
    whole_units = 0
    for line in example.numbered:
        quota = shares[line[0]] * Fraction(rule.amount) / unit
        whole_units += floor(quota)
        four_decimals = Fraction(1, 20000)
        exact_share, remainder = (
            Fraction(number(example.column(line, heading)))
            for heading in ("Exact share", "Remainder")
        )
        assert abs(exact_share - quota * unit) <= four_decimals
        assert abs(remainder - (quota - floor(quota))) <= four_decimals
        assert number(example.column(line, "Whole units")) == from_units(
            floor(quota), alternative.rounding
        )
        assert number(example.column(line, "Amount")) == amounts[line[0]]
    total = example.lines[-1]
    assert number(example.column(total, "Whole units")) == from_units(
        whole_units, alternative.rounding
    )
    assert number(example.column(total, "Exact share")) == rule.amount
    assert number(example.column(total, "Amount")) == table.total.cells[0] == rule.amount


def without_hole() -> tuple[tuple[Contributor, ...], Alternative]:
    """Who pays in the payment plan and the goal seek, and by what."""
    example = next(e for e in EXAMPLES if e.title == "Alternative 1 where Hole has declined")
    stated = by_rate(example, "ore_half_up")
    declined = contributors(example)
    # The declined line has no rate; one rule for all the municipalities is what a goal is sought for.
    municipal = frozenset(key for key in (p.key for p in declined) if len(key) == 4)
    county = tuple(rule for rule in stated.rules if rule.basis is Basis.COUNTY)
    one = Rule(municipal, RuleKind.PER_INHABITANT, rate=stated.rules[0].rate)
    return declined, replace(stated, rules=(one, *county))


@of_form(PAYMENTS)
def test_payments(example: Example) -> None:
    """Each payment, the cell they sum to, and the sum of each day."""
    year = example.years[0]
    table = calculate(*without_hole(), (2026, 2027, 2028))
    column = table.years.index(year)
    made = plan(table, instalments(example))
    lines = [(row.key, row.name, row.years[column]) for row in (*made.rows, made.total)]
    cells = {row.key: row.cells[column] for row in table.rows}
    cells["total"] = table.total.cells[column]
    assert len(example.lines) == len(lines)
    for line, (key, name, payments) in zip(example.lines, lines, strict=True):
        assert line[0] == ("" if key == "total" else key)
        assert line[1].strip("*") == name
        assert number(line[2]) == cells[key]
        assert [number(text) for text in line[3:]] == [payment.amount for payment in payments]
        assert sum(map(number, line[3:])) == number(line[2])


@of_form(GOALS)
def test_goals(example: Example) -> None:
    """The exact value and both values in whole steps, with their totals and differences."""
    people, alternative = without_hole()
    for line in example.lines:
        goal = Goal(Sought(line[0]), number(line[2]), year=int(line[1]))
        answer = seek(people, alternative, (2026, 2027, 2028), goal)
        assert answer.shown == number(line[3])
        for found, texts in ((answer.nearest, line[4:7]), (answer.first_not_below, line[7:])):
            assert found is not None
            assert [found.value, found.total, found.difference] == [number(t) for t in texts]

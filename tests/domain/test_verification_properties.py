"""A right table has no deviation in any form, and one injected mistake is found where it is.

The mistakes are put in by arithmetic of the tests' own; what is found is compared cell by cell.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from financing.verification import Cause, read, verify
from tests.domain.verification_tables import (
    LAYOUTS,
    NUMBER_FORMS,
    Body,
    Plan,
    Printed,
    cents,
    plans,
    printed,
    right_sum,
)

Expected = dict[tuple[str, int, int], Cause]  # by name, row number and year

some = settings(max_examples=15, deadline=None)


def found_in(table: Printed) -> Expected:
    text = LAYOUTS["semicolon"](table, NUMBER_FORMS["space"])
    checked = verify(read(text))
    assert len(checked.cells) == len(table.rows) * len(table.years)
    return {
        (cell.row, cell.row_number - 1, cell.year or 0): cell.cause or Cause.UNEXPLAINED
        for cell in checked.deviations
    }


class Injection:
    """Changes cells of a right table, and remembers which."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.table = printed(plan)
        self.expected: Expected = {}

    def put(self, row: int, column: int, value: Decimal, cause: Cause) -> None:
        if value != self.table.cells[row][column]:
            self.table.cells[row][column] = value
            place = (self.table.rows[row][0], row, self.table.years[column])
            self.expected[place] = cause

    def row_of(self, body: Body) -> int:
        return [row[0] for row in self.table.rows].index(body.name)

    def sums(self) -> list[int]:
        return [at for at, row in enumerate(self.table.rows) if row[0] == "SUM"]

    def is_found(self) -> bool:
        assume(self.expected)
        found = found_in(self.table)
        assert found == self.expected
        return True


def payer(draw: st.DataObject, plan: Plan) -> Body:
    return draw.draw(st.sampled_from([body for body in plan.bodies if body.indexed]))


def cut(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)


def mistyped(draw: st.DataObject, value: Decimal) -> Decimal:
    """Another digit among those of tens and up: a last digit could as well have been rounded."""
    text = f"{value}"
    tens = range(len(text.split(".")[0]) - 1)
    at = draw.draw(st.sampled_from(tens))
    digits = [digit for digit in "123456789" if digit != text[at]]
    return Decimal(text[:at] + draw.draw(st.sampled_from(digits)) + text[at + 1 :])


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=20, deadline=None)
@given(plan=plans(), form=st.sampled_from(list(NUMBER_FORMS)))
def test_a_right_table_has_no_deviation(layout: str, form: str, plan: Plan) -> None:
    assume((layout, form) != ("broken", "english"))
    table = printed(plan)
    text = LAYOUTS[layout](table, NUMBER_FORMS[form])
    found = read(text)
    assert not found.problems, text
    assert [row.label for row in found.rows] == [row[0] for row in table.rows]
    assert [row.population for row in found.rows] == [row[1] for row in table.rows]
    assert [row.rate for row in found.rows] == [row[2] for row in table.rows]
    assert [[cell and cell.value for cell in row.cells] for row in found.rows] == table.cells
    checked = verify(found)
    assert len(checked.cells) == len(table.rows) * len(table.years)
    assert not checked.deviations, text


@some
@given(plans(), st.data())
def test_a_mistyped_digit(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    row = draw.draw(st.integers(0, len(injection.table.rows) - 1))
    column = draw.draw(st.integers(0, len(plan.years) - 1))
    wrong = mistyped(draw, injection.table.cells[row][column])
    assume(all(wrong != cells[column] for cells in injection.table.cells))
    injection.put(row, column, wrong, Cause.DIGIT)
    assert injection.is_found()


@some
@given(plans(), st.data())
def test_a_cut_cell(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    column = draw.draw(st.integers(0, len(plan.years) - 1))
    value = cut(body.exact(plan.growth[column]), plan.decimals)
    injection.put(injection.row_of(body), column, value, Cause.TRUNCATED)
    assert injection.is_found()


@some
@given(plans(indexed=True, decimals=1), st.data())
def test_a_cut_first_year_that_grows(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    first = body.exact(Decimal(1))
    assume(first % 1 >= Decimal("0.5"))  # else cutting and rounding are the same
    for column, growth in enumerate(plan.growth):
        value = cents(cut(first, 0) * growth, 1)
        injection.put(injection.row_of(body), column, value, Cause.TRUNCATED)
    assert injection.is_found()


@some
@given(plans(indexed=True, decimals=1), st.data())
def test_a_rounded_first_year_that_grows(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    first = body.exact(Decimal(1))
    assume(first % 1 >= Decimal("0.5"))
    for column, growth in enumerate(plan.growth):
        value = cents(cents(first, 0) * growth, 1)
        injection.put(injection.row_of(body), column, value, Cause.ROUNDED)
    assert injection.is_found()


@some
@given(plans(), st.data())
def test_a_copied_row(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body, other = payer(draw, plan), payer(draw, plan)
    assume(abs(body.population - other.population) > 5)
    for column, value in enumerate(injection.table.row(other.name)):
        injection.put(injection.row_of(body), column, value, Cause.COPIED_ROW)
    assert injection.is_found()


@some
@given(plans(indexed=True), st.data(), st.sampled_from(["2", "2.9", "3.5", "4", "4.5"]))
def test_another_index_in_one_row(plan: Plan, draw: st.DataObject, percent: str) -> None:
    assume(Decimal(percent) not in plan.percents)
    injection = Injection(plan)
    body = payer(draw, plan)
    assume(body.population > 5_000)  # a few kroner could be anything
    amount = body.exact(Decimal(1))
    for column in range(1, len(plan.years)):
        amount *= 1 + Decimal(percent) / 100
        value = cents(amount, plan.decimals)
        injection.put(injection.row_of(body), column, value, Cause.OTHER_INDEX)
    # Chance alone can make the wrong amount one digit away from the right one, or a row's.
    assume(not any(_one_digit_away(plan, injection, place) for place in injection.expected))
    assert injection.is_found()


def _one_digit_away(plan: Plan, injection: Injection, place: tuple[str, int, int]) -> bool:
    name, row, year = place
    column = plan.years.index(year)
    body = next(body for body in plan.bodies if body.name == name)
    wrong = injection.table.cells[row][column]
    for rounding in (cents, cut):
        right = rounding(body.exact(plan.growth[column]), plan.decimals)
        pairs = list(zip(f"{wrong}", f"{right}", strict=False))
        differing = [at for at, (one, two) in enumerate(pairs) if one != two]
        if len(f"{wrong}") != len(f"{right}") or len(differing) < 3:
            return True
    return False


@some
@given(plans(), st.data())
def test_a_row_left_out_of_the_sum(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    last = len(injection.table.rows) - 1
    for column, value in enumerate(injection.table.row(body.name)):
        left = injection.table.cells[last][column] - value
        injection.put(last, column, left, Cause.SUM_OF_ROWS)
    found = found_in(injection.table)
    assert found.keys() == injection.expected.keys()
    # Leaving out the row after a subtotal is the same as copying the subtotal.
    assert set(found.values()) <= {Cause.SUM_OF_ROWS, Cause.COPIED_ROW, Cause.DIGIT}


@some
@given(plans(indexed=True, decimals=1))
def test_sums_of_cut_rows(plan: Plan) -> None:
    injection = Injection(plan)
    assume(any(body.exact(Decimal(1)) % 1 == 0 for body in plan.bodies))
    for body in plan.bodies:
        value = cut(body.exact(Decimal(1)), 0)
        injection.put(injection.row_of(body), 0, value, Cause.TRUNCATED)
    assume(all(body.exact(Decimal(1)) % 1 in (0, Decimal("0.5")) for body in plan.bodies))
    for row, count in zip(injection.sums(), plan.sums_after, strict=False):
        total = sum((cut(body.exact(Decimal(1)), 0) for body in plan.bodies[:count]), Decimal(0))
        injection.put(row, 0, total + Decimal("0.0"), Cause.SUM_OF_ROWS)
    assert injection.is_found()


@some
@given(plans(), st.data())
def test_a_mistake_that_the_sums_carry_on(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    row = injection.row_of(body)
    column = draw.draw(st.integers(0, len(plan.years) - 1))
    right = injection.table.cells[row][column]
    wrong = mistyped(draw, right)
    assume(all(wrong != cells[column] for cells in injection.table.cells))
    injection.put(row, column, wrong, Cause.DIGIT)
    for at in injection.sums():
        if at > row:
            carried = injection.table.cells[at][column] + wrong - right
            injection.put(at, column, carried, Cause.CONSEQUENCE)
    assert injection.is_found()


@some
@given(plans(indexed=True), st.data())
def test_a_mistake_that_the_next_year_carries_on(plan: Plan, draw: st.DataObject) -> None:
    injection = Injection(plan)
    body = payer(draw, plan)
    row = injection.row_of(body)
    wrong = mistyped(draw, injection.table.cells[row][0])
    assume(all(wrong != cells[0] for cells in injection.table.cells))
    injection.put(row, 0, wrong, Cause.DIGIT)
    for column, growth in enumerate(plan.growth[1:], start=1):
        injection.put(row, column, cents(wrong * growth, plan.decimals), Cause.CONSEQUENCE)
    assert injection.is_found()


@some
@given(plans())
def test_the_right_sums_are_those_of_the_rows(plan: Plan) -> None:
    table = printed(plan)
    text = LAYOUTS["tab"](table, NUMBER_FORMS["dot"])
    cells = [cell for cell in verify(read(text)).cells if cell.row == "SUM"][-len(plan.years) :]
    shown = Plan(plan.bodies, plan.first_year, plan.percents, 2, plan.sums_after, True)
    assert [cell.right for cell in cells] == right_sum(shown, len(plan.bodies))

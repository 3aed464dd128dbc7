"""The payment plan: to the øre, by date, and what a plan of instalments may not be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from financing.calculation import Status, calculate
from financing.instalments import USUAL, Instalment, Payment, check, plan, shares
from tests.domain.test_calculation import YEARS, by_rates, changed, kroner

TABLE = calculate(changed("3310", status=Status.DECLINED), by_rates("14.50", "5.50"), YEARS)
APPROVED = "Aktivitetsplan og budsjett for året er godkjent"


def instalment(day: str, percent: str) -> Instalment:
    month_day = dt.datetime.strptime(f"2024-{day}", "%Y-%m-%d").replace(tzinfo=dt.UTC)
    return Instalment(month_day.month, month_day.day, Decimal(percent))


def test_half_in_january_and_half_in_august() -> None:
    """Krødsherad's 33 736,21 in 2027: the odd øre goes to August."""
    made = plan(TABLE)
    krodsherad = made.rows[0]
    assert (krodsherad.key, krodsherad.name) == ("3318", "Krødsherad")
    assert krodsherad.years[1] == (
        Payment(dt.date(2027, 1, 31), Decimal("16868.10"), APPROVED),
        Payment(dt.date(2027, 8, 31), Decimal("16868.11"), APPROVED),
    )
    assert [payment.due.year for payment in krodsherad.payments] == [
        *(2026, 2026),
        *(2027, 2027),
        *(2028, 2028),
    ]


def test_rows_and_sums() -> None:
    """Those who pay, in table order; each column of payments is summed, and a year is its total."""
    made = plan(TABLE)
    assert [row.key for row in made.rows] == list(TABLE.total.keys)
    assert "3310" not in [row.key for row in made.rows]
    assert (made.total.key, made.total.name, made.total.status) == (
        "total",
        "Sum alle bidrag",
        None,
    )
    for column, year in enumerate(made.total.years):
        assert sum(payment.amount for payment in year) == TABLE.total.cells[column]
        for at, payment in enumerate(year):
            assert payment.amount == sum(row.years[column][at].amount for row in made.rows)
    assert [payment.amount for payment in made.total.years[0]] == list(
        kroner("557350.00", "557350.00")
    )


def test_nobody_pays() -> None:
    nobody = replace(TABLE, rows=())
    assert plan(nobody).rows == ()
    assert plan(nobody).total.years[0][0].amount == 0


def test_instalments_come_by_date_and_the_last_takes_the_odd_ore() -> None:
    stated = [instalment("11-01", "30"), instalment("02-15", "30"), instalment("06-30", "40")]
    made = plan(TABLE, stated)
    assert [item.month for item in made.instalments] == [2, 6, 11]
    first = made.rows[0].years[1]  # 33 736,21
    assert [payment.amount for payment in first] == list(kroner("10120.86", "13494.48", "10120.87"))
    assert first[0].due == dt.date(2027, 2, 15)
    assert first[0].condition == ""


def test_one_instalment_is_the_whole() -> None:
    made = plan(TABLE, [instalment("03-01", "100")])
    assert [year[0].amount for year in made.total.years] == list(TABLE.total.cells)


@pytest.mark.parametrize(
    ("stated", "messages"),
    [
        (USUAL, []),
        ([], ["Betalingsplanen må ha minst én termin."]),
        (
            [instalment("01-31", "50"), instalment("08-31", "49.99")],
            ["Andelene må til sammen bli 100 prosent. Nå er de 99,99."],
        ),
        (
            [instalment("01-31", "50"), instalment("01-31", "50")],
            ["To terminer forfaller samme dag: 31. januar."],
        ),
        (
            [instalment("02-29", "100")],
            ["29. februar finnes ikke hvert år. Velg en annen dag."],
        ),
        ([Instalment(4, 31, Decimal(100))], ["31.4. er ikke en dag i året."]),
        ([Instalment(13, 1, Decimal(100))], ["1.13. er ikke en dag i året."]),
        ([Instalment(0, 1, Decimal(100))], ["1.0. er ikke en dag i året."]),
        ([Instalment(5, 0, Decimal(100))], ["0.5. er ikke en dag i året."]),
        (
            [Instalment(4, 31, Decimal(50)), Instalment(4, 31, Decimal(50))],
            ["31.4. er ikke en dag i året."] * 2 + ["To terminer forfaller samme dag: 31.4."],
        ),
        (
            [instalment("01-31", "0"), instalment("08-31", "100")],
            ["Andelen i en termin må være mer enn 0 prosent."],
        ),
        (
            [instalment("01-31", "-1"), instalment("08-31", "101")],
            ["Andelen i en termin må være mer enn 0 prosent."],
        ),
        (
            [instalment("01-31", "NaN"), instalment("08-31", "100")],
            ["Andelen i en termin må være mer enn 0 prosent."],
        ),
    ],
)
def test_what_a_plan_of_instalments_may_not_be(
    stated: list[Instalment], messages: list[str]
) -> None:
    assert list(check(stated)) == messages
    if messages:
        with pytest.raises(ValueError, match=messages[0][:10]):
            plan(TABLE, stated)


@given(
    st.decimals(0, 10_000_000, places=2),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=12),
)
def test_shares_sum_to_the_cell_and_are_never_negative(cell: Decimal, weights: list[int]) -> None:
    """Each but the last is below its percent by less than an øre, and the last above by less than all."""
    percents = [Decimal(weight * 100) / sum(weights) for weight in weights]
    percents = [percent.quantize(Decimal("0.0001")) for percent in percents]
    percents[-1] = 100 - sum(percents[:-1])
    parts = shares(cell, percents)
    assert sum(parts) == cell
    assert all(part >= 0 for part in parts)
    assert all(part.as_tuple().exponent == -2 for part in parts)
    for part, percent in zip(parts[:-1], percents[:-1], strict=True):
        assert 0 <= cell * percent / 100 - part < Decimal("0.01")
    assert 0 <= parts[-1] - cell * percents[-1] / 100 < Decimal("0.01") * len(parts)

"""Alternatives side by side: the figures of the case papers, sums, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from financing.calculation import Contributor, Status, Table, calculate
from financing.comparison import ComparedRow, Comparison, Difference, compare, difference
from financing.current import OLD_BASE_AMOUNT, old_model, old_model_source
from tests.domain.test_calculation import (
    HOLE,
    KRODSHERAD,
    MUNICIPALITY,
    RINGERIKSREGIONEN,
    YEARS,
    by_rates,
    changed,
    kroner,
)

PEOPLE = changed("32", status=Status.CONDITIONAL)
POPULATIONS = {
    item.key: item.population
    for item in RINGERIKSREGIONEN
    if item.kind is MUNICIPALITY and item.population
}
TODAY = old_model(POPULATIONS, OLD_BASE_AMOUNT, Decimal("2.50"))
COUNTIES_TODAY = {"33": Decimal("306663.50"), "32": Decimal("38736.50")}


def table(rate: str, people: tuple[Contributor, ...] = PEOPLE) -> Table:
    made = calculate(people, by_rates(rate, "5.50", people), YEARS)
    return replace(made, alternative=f"Alternativ {rate}")


ONE, TWO = table("14.50"), table("16.50")


def side_by_side(*tables: Table, **options: Any) -> Comparison:
    found = compare(tables, **options)
    assert found is not None
    return found


def line(comparison: Comparison, key: str) -> ComparedRow:
    return next(row for row in comparison.rows if row.key == key)


def test_lines_come_as_they_are_printed() -> None:
    names = [row.name for row in side_by_side(ONE, TWO, own="3310").rows]
    assert names == [
        "Hole",
        "Krødsherad",
        "Modum",
        "Ringerike",
        "Buskerud fylkeskommune",
        "Sum Buskerud",
        "Jevnaker",
        "Akershus fylkeskommune",
        "Sum Akershus",
        "Sum kommuner",
        "Sum alle bidrag",
        "Sum uten ubekreftede bidrag",
    ]


def test_every_year_and_their_sum() -> None:
    found = side_by_side(ONE, TWO)
    assert (found.years, found.year) == (YEARS, 2026)
    assert found.alternatives == ("Alternativ 14.50", "Alternativ 16.50")
    one, two = found.total.figures
    assert one.amounts == kroner("1256000.00", "1293334.60", "1332199.92")
    assert two.amounts == kroner("1381600.00", "1424084.20", "1468310.26")
    assert one.total == Decimal("3881534.52")
    assert two.differences[0] == Difference(Decimal("125600.00"), Decimal("10.0"))
    assert two.total_difference == Difference(Decimal("392459.94"), Decimal("10.1"))
    assert one.differences == (Difference(Decimal("0.00"), Decimal("0.0")),) * 3
    assert line(found, "county-33").figures[0].amounts == ONE.subtotals[0].cells
    assert line(found, "total-confirmed").figures[0].amounts[0] == Decimal("1217263.50")


def test_every_amount_is_a_shown_cell() -> None:
    found = side_by_side(ONE, TWO)
    for at, source in enumerate((ONE, TWO)):
        for row in source.rows:
            assert line(found, row.key).figures[at].amounts == row.cells
        for sum_row in (*source.subtotals, source.total):
            assert line(found, sum_row.code).figures[at].amounts == sum_row.cells


def test_per_inhabitant() -> None:
    """Of a row its own; of a sum the municipalities in it: 1 115 140 / 55 757 is 20,00."""
    found = side_by_side(ONE, TWO)
    assert line(found, "3310").figures[0].per_inhabitant == kroner("14.50", "15.09", "15.71")
    assert line(found, "33").figures[0].per_inhabitant[0] == Decimal("5.50")
    for key, inhabitants in (("county-33", 55_757), ("municipalities", 62_800), ("total", 62_800)):
        assert line(found, key).figures[0].population == inhabitants
    assert line(found, "county-33").figures[0].per_inhabitant[0] == Decimal("20.00")
    assert line(found, "municipalities").figures[0].per_inhabitant[0] == Decimal("14.50")


def test_another_alternative_to_compare_with() -> None:
    found = side_by_side(ONE, TWO, against=1)
    assert found.against == 1
    assert line(found, "3310").figures[0].differences[0] == Difference(
        Decimal("-14130.00"), Decimal("-12.1")
    )
    assert line(found, "3310").pairs == (
        (Decimal("102442.50"), Decimal("-14130.00")),
        (Decimal("116572.50"), Decimal("0.00")),
    )
    with pytest.raises(ValueError, match="no alternative 2"):
        compare((ONE, TWO), against=2)


def test_the_readers_own_line_is_lifted_out() -> None:
    found = side_by_side(ONE, TWO, own="3310")
    assert found.own is not None
    assert (found.own.name, [row.is_own for row in found.rows].count(True)) == ("Hole", 1)
    assert side_by_side(ONE, TWO).own is None


def test_against_what_is_paid_today() -> None:
    """Hole pays 50 000 + 7 065 x 2,50 today, and 34 780 more in alternative 1."""
    assert TODAY["3310"] == Decimal("67662.50")
    found = side_by_side(ONE, TWO, current=TODAY | COUNTIES_TODAY, current_year=2025)
    assert found.current_year == 2025
    hole = line(found, "3310")
    assert hole.current == Decimal("67662.50")
    assert hole.figures[0].from_current[0] == Difference(Decimal("34780.00"), Decimal("51.4"))
    krodsherad = line(found, "3318").figures[0].from_current[0]
    assert krodsherad == Difference(Decimal("-23180.00"), Decimal("-41.7"))
    assert line(found, "municipalities").current == Decimal("407000.00")
    assert found.total.current == Decimal("752400.00")
    assert found.total.figures[0].from_current[0] == Difference(
        Decimal("503600.00"), Decimal("66.9")
    )
    assert line(found, "total-confirmed").current == Decimal("713663.50")


def test_one_alternative_against_today_is_a_comparison() -> None:
    assert compare((ONE,)) is None
    assert compare(()) is None
    assert compare((), current=TODAY) is None
    assert side_by_side(ONE, current=TODAY).alternatives == ("Alternativ 14.50",)
    assert side_by_side(ONE, TWO, current_year=2025).current_year is None


def test_today_is_not_known_for_a_sum_where_one_is_missing() -> None:
    found = side_by_side(ONE, TWO, current=TODAY)
    assert line(found, "33").current is None
    assert line(found, "33").figures[0].from_current == (None,) * 3
    assert found.total.current is None
    assert line(found, "municipalities").current == Decimal("407000.00")


def test_what_one_that_declines_pays_today_counts_in_the_sum() -> None:
    """The others' frame is compared with the whole of today's."""
    without = table("14.50", changed("3310", status=Status.DECLINED))
    found = side_by_side(without, current=TODAY | COUNTIES_TODAY)
    assert line(found, "3310").figures[0].from_current[0] == Difference(
        Decimal("-67662.50"), Decimal("-100.0")
    )
    assert found.total.current == Decimal("752400.00")
    assert found.total.figures[0].from_current[0] == Difference(
        Decimal("362300.00"), Decimal("48.2")
    )


def test_one_that_has_left_has_no_amount_and_no_difference() -> None:
    """Left out is not the same as declined: there is no line, and no 0,00."""
    left = table("14.50", changed("3310", included=False))
    declined = table("14.50", changed("3310", status=Status.DECLINED))
    hole = line(side_by_side(ONE, left, declined), "3310")
    assert hole.figures[1].amounts == (None,) * 3
    assert (hole.figures[1].total, hole.figures[1].status) == (None, None)
    assert hole.figures[1].differences == (None,) * 3
    assert hole.figures[2].differences[0] == Difference(Decimal("-102442.50"), Decimal("-100.0"))
    assert hole.figures[2].per_inhabitant == (None,) * 3
    assert (hole.status, hole.figures[2].status) == (Status.CONFIRMED, Status.DECLINED)
    total = side_by_side(ONE, left, declined).total
    assert total.figures[1].differences[0] == Difference(Decimal("-141300.00"), Decimal("-11.3"))
    assert total.figures[1].differences == total.figures[2].differences


def test_a_county_sum_in_a_table_where_only_one_county_pays() -> None:
    """The table itself prints no subtotal then; beside one that does, it has one."""
    only = table("14.50", tuple(c for c in RINGERIKSREGIONEN if c.county == "33"))
    assert only.subtotals == ()
    found = side_by_side(ONE, only)
    assert line(found, "county-33").figures[1].amounts == only.total.cells
    assert line(found, "county-32").figures[1].amounts == (None,) * 3
    assert not any(row.key.startswith("county-") for row in side_by_side(only, only).rows)


def test_tables_of_different_years() -> None:
    later = calculate(RINGERIKSREGIONEN, by_rates("10", "5.50", index=()), (2028, 2029))
    found = side_by_side(ONE, later)
    assert found.years == (2026, 2027, 2028, 2029)
    one, other = found.total.figures
    assert one.amounts[3] is None
    assert other.amounts[:2] == (None, None)
    assert (one.total, other.total, other.total_difference) == (None, None, None)
    assert other.differences[2] is not None
    assert other.differences[3] is None


def test_a_contributor_of_only_the_last_table_stands_in_its_county() -> None:
    few = table("14.50", tuple(c for c in RINGERIKSREGIONEN if c.key != "3310"))
    names = [row.name for row in side_by_side(few, ONE).rows]
    assert names.index("Hole") < names.index("Buskerud fylkeskommune") < names.index("Sum Buskerud")


def test_no_sum_of_municipalities_where_nobody_else_pays() -> None:
    made = calculate([HOLE, KRODSHERAD], by_rates("1", "1", [HOLE, KRODSHERAD]), YEARS)
    assert [row.key for row in side_by_side(made, made).rows] == ["3310", "3318", "total"]


@pytest.mark.parametrize(
    ("amount", "other", "percent"),
    [
        ("1000.50", "1000.00", "0.1"),  # 0,05 percent, half up
        ("999.50", "1000.00", "-0.1"),  # away from zero on the other side too
        ("1000.49", "1000.00", "0.0"),
        ("1.00", "0.00", None),
        ("0.00", "3.00", "-100.0"),
    ],
)
def test_percent_has_one_decimal(amount: str, other: str, percent: str | None) -> None:
    found = difference(Decimal(amount), Decimal(other))
    assert found is not None
    assert found.kroner == Decimal(amount) - Decimal(other)
    assert found.percent == (None if percent is None else Decimal(percent))


def test_the_old_model() -> None:
    assert old_model({"a": 3}, Decimal("0.01"), Decimal("0.005")) == {"a": Decimal("0.03")}
    assert old_model_source(OLD_BASE_AMOUNT, Decimal("2.50")).replace("\u00a0", " ") == (
        "Beregnet etter den gamle modellen: 50 000,00 kroner i grunnbeløp og 2,50 kroner per innbygger"
    )
    with pytest.raises(ValueError, match="a number of -1"):
        old_model({"a": 3}, Decimal(-1), Decimal(0))
    with pytest.raises(ValueError, match="a number of NaN"):
        old_model({"a": 3}, Decimal(0), Decimal("NaN"))

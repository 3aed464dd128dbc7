"""The bars of a contribution table: lengths that add up, and years in the order of the hue."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from financing.bands import bands
from financing.bars import MOST_YEARS, Bars, bars
from financing.calculation import Table
from tests import builders


def of(table: Table) -> Bars:
    found = bars(table)
    assert found is not None
    return found


def with_cells(*rows: list[Decimal]) -> Table:
    """A table with these cells, a row each."""
    years = tuple(range(2026, 2026 + len(rows[0])))
    made = builders.a_table().rows[0]
    return builders.a_table(
        years=years,
        rows=tuple(replace(made, key=str(n), cells=tuple(cells)) for n, cells in enumerate(rows)),
    )


def test_the_longest_row_fills_the_column_and_the_others_are_in_proportion() -> None:
    rows = of(builders.a_table()).rows
    elveby = [(part.x, part.width) for part in rows["7701"]]
    assert elveby == [("0.00", "32.00"), ("32.00", "33.32"), ("65.32", "34.68")]
    # 683 892,00 of 984 438,56
    fjelland = [(part.x, part.width) for part in rows["77"]]
    assert fjelland == [("0.00", "23.16"), ("23.16", "23.15"), ("46.31", "23.16")]


def test_years_are_spread_over_the_hue_from_light_to_dark() -> None:
    for count, wanted in (
        (1, "y6"),
        (2, "y1 y10"),
        (3, "y1 y6 y10"),
        (4, "y1 y4 y7 y10"),
        (10, "y1 y2 y3 y4 y5 y6 y7 y8 y9 y10"),
    ):
        legend = of(with_cells([Decimal(1)] * count)).legend
        assert " ".join(step.name for step in legend) == wanted
        assert [step.year for step in legend] == list(range(2026, 2026 + count))


def test_one_that_pays_nothing_has_no_bar_and_a_year_without_payment_no_segment() -> None:
    table = with_cells([Decimal(0), Decimal("10.00")], [Decimal(0), Decimal(0)])
    assert [part.step.year for part in of(table).rows["0"]] == [2027]
    assert of(table).rows["1"] == ()


@pytest.mark.parametrize("cells", [[Decimal(0)] * 3, [Decimal(1)] * (MOST_YEARS + 1)])
def test_nothing_is_drawn_where_nobody_pays_or_the_years_cannot_be_told_apart(
    cells: list[Decimal],
) -> None:
    assert bars(with_cells(cells)) is None


amounts = st.decimals(0, 10**11, places=2)


@given(
    st.integers(1, 10).flatmap(
        lambda n: st.lists(st.lists(amounts, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_segments_abut_within_the_column(rows: list[list[Decimal]]) -> None:
    found = bars(with_cells(*rows))
    if found is None:
        assert not any(sum(row) for row in rows)
        return
    ends = []
    for segments in found.rows.values():
        place = Decimal(0)
        for part in segments:
            assert Decimal(part.x) == place
            assert Decimal(part.width) > 0
            place += Decimal(part.width)
        ends.append(place)
    assert max(ends) == 100


def test_a_table_of_three_years_and_millions_has_room_for_bars_on_paper() -> None:
    """In the smaller type: in the larger one the numbers take the room."""
    cells = [Decimal(amount) for amount in ("1256000.00", "1293334.60", "1332199.92")]
    table = with_cells(cells)
    (band,) = bands(table, "nb", bars=True)
    assert band.bar
    (plain,) = bands(table, "nb")
    assert not plain.bar

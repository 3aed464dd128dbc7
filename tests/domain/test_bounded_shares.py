"""Distribution keys within a floor and a cap: they sum to the whole, and the rest keep their proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from financing.apportionment import Sharing, bounded_shares, largest_remainder
from financing.calculation import (
    Contributor,
    ContributorKind,
    IndexFactor,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    Status,
    calculate,
)
from financing.rounding import ROUNDING_RULES, RoundingRule, from_units, to_units
from tests.domain.test_calculation import HOLE, KRODSHERAD, MODUM, RINGERIKE, by_rule, cells, kroner

ZERO, WHOLE = Fraction(0), Fraction(1)
FOUR = (HOLE, KRODSHERAD, MODUM, RINGERIKE)


def parts(*numbers: str) -> dict[str, Fraction]:
    return {f"k{at}": Fraction(number) for at, number in enumerate(numbers)}


@pytest.mark.parametrize(
    ("shares", "low", "high", "expected"),
    [
        (parts("1/2", "3/10", "1/5"), "0", None, parts("1/2", "3/10", "1/5")),
        (parts("1/2", "3/10", "1/5"), "0", "1/2", parts("1/2", "3/10", "1/5")),
        # What the cap takes off the first is carried by the others, three to two.
        (parts("1/2", "3/10", "1/5"), "0", "2/5", parts("2/5", "9/25", "6/25")),
        # The second reaches the cap because of what the first leaves over.
        (parts("1/2", "3/10", "1/5"), "0", "7/20", parts("7/20", "7/20", "3/10")),
        # What the floor lays on the last relieves the others, five to three.
        (parts("1/2", "3/10", "1/5"), "1/4", None, parts("15/32", "9/32", "1/4")),
        (parts("1/2", "3/10", "1/5"), "1/4", "2/5", parts("2/5", "7/20", "1/4")),
        (parts("1/2", "3/10", "1/5"), "1/3", "1/3", parts("1/3", "1/3", "1/3")),
        # A share of nothing is lifted to the floor and no more.
        (parts("1", "0"), "1/10", None, parts("9/10", "1/10")),
        (parts("1/2", "1/2", "0"), "1/10", "9/20", parts("9/20", "9/20", "1/10")),
    ],
)
def test_worked(
    shares: dict[str, Fraction], low: str, high: str | None, expected: dict[str, Fraction]
) -> None:
    assert bounded_shares(shares, Fraction(low), high and Fraction(high)) == expected


@pytest.mark.parametrize(
    ("shares", "low", "high", "message"),
    [
        (parts("1/2", "1/2"), "51/100", None, "floors of a distribution key are more"),
        (parts("1/2", "1/2"), "0", "49/100", "caps of a distribution key leave a part"),
        (parts("1", "0"), "0", "1/2", "caps of a distribution key leave a part"),
    ],
)
def test_refused(shares: dict[str, Fraction], low: str, high: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bounded_shares(shares, Fraction(low), high and Fraction(high))


@st.composite
def keys_with_bounds(
    draw: st.DrawFn,
) -> tuple[dict[str, Fraction], Fraction, Fraction | None]:
    """Shares that sum to 1, some of them 0, and bounds that can be kept."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    shares = {f"k{at}": Fraction(weight, sum(weights)) for at, weight in enumerate(weights)}
    carrying = sum(1 for weight in weights if weight)
    low = draw(st.fractions(0, Fraction(1, len(shares)), max_denominator=200))
    least_high = (1 - low * (len(shares) - carrying)) / carrying
    high = draw(st.none() | st.fractions(0, 1, max_denominator=200).map(lambda up: least_high + up))
    return shares, low, high


@given(keys_with_bounds())
def test_bounds_hold_and_the_rest_keep_their_proportion(
    key: tuple[dict[str, Fraction], Fraction, Fraction | None],
) -> None:
    """One scale explains every share: scaled, lifted to the floor or cut to the cap."""
    shares, low, high = key
    found = bounded_shares(shares, low, high)
    assert found.keys() == shares.keys()
    assert sum(found.values()) == 1
    assert all(low <= share and (high is None or share <= high) for share in found.values())
    between = [k for k in found if low < found[k] and (high is None or found[k] < high)]
    scales = {found[k] / shares[k] for k in between}
    assert len(scales) <= 1
    for scale in scales:
        for k, share in found.items():
            if share == low:
                assert shares[k] * scale <= low
            if share == high and shares[k]:
                assert shares[k] * scale >= high
    assert all(found[k] == low for k in shares if not shares[k])


@given(keys_with_bounds(), st.decimals(0, 1_000_000, places=2))
def test_sharing_is_largest_remainder_of_the_shares(
    key: tuple[dict[str, Fraction], Fraction, Fraction | None], whole: Decimal
) -> None:
    shares: Mapping[str, Fraction] = bounded_shares(*key)
    quota = Fraction(whole) * 100
    by_fractions = {k: share * quota for k, share in shares.items()}
    assert Sharing(shares).part(quota, int(quota)) == largest_remainder(by_fractions, int(quota))


# In a table


def key_of(*contributors: Contributor, whole: str = "900000", **bounds: Decimal) -> Rule:
    """30 percent equally and 70 percent by inhabitants."""
    return Rule(
        frozenset(item.key for item in contributors),
        RuleKind.DISTRIBUTION_KEY,
        amount=Decimal(whole),
        key_parts=(
            KeyPart(KeyPartKind.EQUAL, Decimal(30)),
            KeyPart(KeyPartKind.POPULATION, Decimal(70)),
        ),
        **bounds,
    )


def test_the_floor_and_the_cap_are_kroner_of_the_first_year() -> None:
    """They follow the whole when it is stepped up: half in 2026.

    Krødsherad's 92 753 is lifted above the floor by its part of what the cap takes off Ringerike.
    """
    rule = replace(
        key_of(*FOUR, floor=Decimal(100_000), cap=Decimal(300_000)),
        steps=(Decimal(50), Decimal(100)),
    )
    table = calculate(FOUR, by_rule(rule), (2026, 2027))
    assert cells(table)["3318"] == kroner("58795.20", "117590.39")
    assert cells(table)["3305"] == kroner("150000.00", "300000.00")
    assert table.total.cells == kroner("450000.00", "900000.00")


def test_bounds_hold_when_one_leaves() -> None:
    """Those left carry the whole; where the caps no longer can, the table is refused."""
    rule = key_of(*FOUR, cap=Decimal(320_000))
    left = (replace(HOLE, status=Status.DECLINED), KRODSHERAD, MODUM, RINGERIKE)
    table = calculate(left, by_rule(rule), (2026,))
    assert table.total.cells == kroner("900000.00")
    assert cells(table)["3305"] == kroner("320000.00")
    with pytest.raises(ValueError, match="leave a part that nobody carries"):
        calculate(left, by_rule(replace(rule, cap=Decimal(299_999))), (2026,))


@given(
    st.lists(st.integers(1, 50_000), min_size=1, max_size=7),
    st.decimals(1, 1_000_000, places=2),
    st.integers(0, 100),
    st.integers(100, 300),
    st.sampled_from(list(ROUNDING_RULES.values())),
    st.decimals(-20, 50, places=2),
)
def test_a_key_with_bounds_sums_to_the_whole_in_every_year(
    populations: list[int],
    whole: Decimal,
    floor_percent: int,
    cap_percent: int,
    rounding: RoundingRule,
    percent: Decimal,
) -> None:
    """The bounds are percents of an equal share; each amount keeps within them but for its rounding."""
    people = [
        replace(HOLE, key=f"33{at:02}", population=number) for at, number in enumerate(populations)
    ]
    equal = (whole / len(people)).quantize(Decimal("0.01"), ROUND_DOWN)
    low = (equal * floor_percent / 100).quantize(Decimal("0.01"), ROUND_DOWN)
    high = (equal + Decimal("0.01")) * cap_percent / 100
    rule = key_of(*people, whole=str(whole), floor=low, cap=high)
    index = (IndexFactor(2027, percent),)
    alternative = replace(by_rule(rule, index=index), rounding=rounding)
    table = calculate(people, alternative, (2026, 2027))
    for column, growth in enumerate((Decimal(1), 1 + percent / 100)):
        rounded = from_units(to_units(whole * growth, rounding), rounding)
        assert table.total.cells[column] == rounded
        for row in table.rows:
            assert low * growth - rounding.unit < row.cells[column] < high * growth + rounding.unit


def test_a_whole_of_nothing() -> None:
    """Is shared without a floor, and cannot be with one."""
    table = calculate(FOUR, by_rule(key_of(*FOUR, whole="0", cap=Decimal(1))), (2026,))
    assert table.total.cells == kroner("0.00")
    with pytest.raises(ValueError, match="more than the whole"):
        calculate(FOUR, by_rule(key_of(*FOUR, whole="0", floor=Decimal(1))), (2026,))


def test_the_kinds_of_contributors_do_not_matter() -> None:
    park = Contributor("park", "Næringsparken", ContributorKind.OTHER, "33", "Buskerud", 0)
    rule = Rule(
        frozenset({"3318", "park"}),
        RuleKind.DISTRIBUTION_KEY,
        amount=Decimal(1000),
        key_parts=(KeyPart(KeyPartKind.POPULATION, Decimal(100)),),
        floor=Decimal(50),
    )
    found = cells(calculate((KRODSHERAD, park), by_rule(rule), (2026,)))
    assert found == {"3318": kroner("950.00"), "park": kroner("50.00")}

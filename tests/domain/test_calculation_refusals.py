"""What the calculation refuses: money is never guessed, and a contradiction is never passed over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    IndexFactor,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    calculate,
)
from financing.rounding import ROUNDING_RULES

YEARS = (2026, 2027, 2028)
ELVEBY = Contributor("7701", "Elveby", ContributorKind.MUNICIPALITY, "77", "Fjelland", 30005)
MYRVANG = Contributor("7702", "Myrvang", ContributorKind.MUNICIPALITY, "77", "Fjelland", 7122)
FJELLAND = Contributor("77", "Fjelland", ContributorKind.COUNTY_AUTHORITY, "77", "Fjelland", None)
COUNCIL = Contributor("raad", "Rådet", ContributorKind.OTHER, "", "", None)
EVERYBODY = (ELVEBY, MYRVANG, FJELLAND)
BOTH = frozenset({"7701", "7702"})
RATE = Rule(BOTH, RuleKind.PER_INHABITANT, rate=Decimal(10))
COUNTY_RATE = Rule(frozenset({"77"}), RuleKind.PER_INHABITANT, rate=Decimal(5), basis=Basis.COUNTY)
EQUAL, POPULATION, TABLE = KeyPartKind


def run(
    *rules: Rule,
    contributors: tuple[Contributor, ...] = EVERYBODY,
    index: tuple[IndexFactor, ...] = (),
    years: tuple[int, ...] = YEARS,
) -> None:
    calculate(
        contributors, Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], rules, index), years
    )


def key(*parts: tuple[KeyPartKind, str] | KeyPart, payers: frozenset[str] = BOTH) -> Rule:
    made = tuple(
        part if isinstance(part, KeyPart) else KeyPart(part[0], Decimal(part[1])) for part in parts
    )
    return Rule(payers, RuleKind.DISTRIBUTION_KEY, amount=Decimal(1000), key_parts=made)


def table(percent: str, **weights: str) -> KeyPart:
    stated = tuple((name.removeprefix("k"), Decimal(weight)) for name, weight in weights.items())
    return KeyPart(TABLE, Decimal(percent), stated)


def factors(*percents: tuple[int, str]) -> tuple[IndexFactor, ...]:
    return tuple(IndexFactor(year, Decimal(percent)) for year, percent in percents)


def test_the_input_below_is_accepted_before_it_is_spoilt() -> None:
    run(RATE, COUNTY_RATE, index=factors((2027, "4.1"), (2028, "4.1")))
    run(key((EQUAL, "30"), (POPULATION, "50"), table("20", k7701="1", k7702="2")))


@pytest.mark.parametrize("years", [(), (2026, 2028), (2026, 2026), (2027, 2026)])
def test_years(years: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not consecutive"):
        run(RATE, years=years)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (factors((2027, "4.1")), r"no factor for \[2028\]"),
        (factors((2028, "4.1")), r"no factor for \[2027\]"),
        (factors((2029, "4.1")), r"no factor for \[2027, 2028\]"),
        (factors((2026, "1"), (2027, "4.1"), (2028, "4.1")), "2026, not after 2026"),
        (factors((2025, "1"), (2027, "4.1"), (2028, "4.1")), "2025, not after 2026"),
        (factors((2027, "4.1"), (2028, "4.1"), (2028, "4.1")), "a year twice"),
        (factors((2027, "-100"), (2028, "4.1")), "2027 is -100 percent"),
        (factors((2027, "NaN"), (2028, "4.1")), "2027 is NaN percent"),
    ],
)
def test_index(index: tuple[IndexFactor, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(RATE, index=index)


@pytest.mark.parametrize(
    ("contributors", "message"),
    [
        ((*EVERYBODY, replace(MYRVANG, name="Nye Myrvang")), "the same key"),
        ((ELVEBY, MYRVANG), r"unknown contributors: \['77'\]"),
        ((replace(ELVEBY, population=-1), MYRVANG, FJELLAND), "Elveby has a negative"),
        ((replace(ELVEBY, population=None), MYRVANG, FJELLAND), "missing for Elveby"),
        ((replace(ELVEBY, county="", county_name=""), MYRVANG, FJELLAND), "Elveby has no county"),
        ((replace(ELVEBY, county_name="Skogland"), MYRVANG, FJELLAND), "County 77 has two names"),
    ],
)
def test_contributors(contributors: tuple[Contributor, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(RATE, COUNTY_RATE, contributors=contributors)


@pytest.mark.parametrize("field", ["base_amount", "rate", "amount"])
@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_amounts(field: str, amount: str) -> None:
    changes: dict[str, Any] = {field: Decimal(amount)}
    with pytest.raises(ValueError, match="A rule has an amount or rate of"):
        run(replace(RATE, **changes))


def test_a_county_authority_has_no_inhabitants_of_its_own() -> None:
    with pytest.raises(ValueError, match="missing for Fjelland"):
        run(replace(COUNTY_RATE, basis=Basis.OWN))


def test_an_unknown_population_stops_the_county_authority_too() -> None:
    """Although the municipality itself pays a fixed amount."""
    unknown = (replace(ELVEBY, population=None), MYRVANG, FJELLAND)
    run(Rule(BOTH, RuleKind.FIXED, amount=Decimal(1)), contributors=unknown)
    with pytest.raises(ValueError, match="missing for Elveby"):
        run(COUNTY_RATE, contributors=unknown)


def test_a_municipality_never_pays_by_its_county() -> None:
    with pytest.raises(ValueError, match="own inhabitants"):
        run(replace(RATE, basis=Basis.COUNTY))


def test_a_body_without_a_county_never_pays_by_one() -> None:
    with pytest.raises(ValueError, match="Rådet has no county"):
        run(
            replace(COUNTY_RATE, applies_to=frozenset({"raad"})), contributors=(*EVERYBODY, COUNCIL)
        )


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (key(), "do not sum to 100"),
        (key((EQUAL, "30"), (POPULATION, "69.99")), r"30 \+ 69.99, do not sum to 100"),
        (key((EQUAL, "33.33"), (POPULATION, "33.33"), table("33.33", k7701="1", k7702="1")), "100"),
        (key((EQUAL, "-10"), (POPULATION, "110")), "percent of -10"),
        (key(table("100", k7701="1")), "no weight for 7702"),
        (key(table("100", k7701="1", k7702="-1")), "weight of -1"),
        (key(table("100", k7701="0", k7702="0")), "Nobody is left"),
        (key(table("100", k7701="1", k7702="1", k77="1")), r"outside the rule: \['77'\]"),
        (key(KeyPart(TABLE, Decimal(100), (("7701", Decimal(1)),) * 2)), "a contributor twice"),
        (key(KeyPart(EQUAL, Decimal(100), (("7701", Decimal(1)),))), "does not use"),
        (key((POPULATION, "100"), payers=frozenset({"7701", "77"})), "missing for 77"),
        (key((EQUAL, "100"), payers=frozenset()), "Nobody is left"),
    ],
)
def test_distribution_keys(rule: Rule, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(rule)


def test_nobody_left_to_carry_a_key() -> None:
    left_out = tuple(replace(item, included=False) for item in EVERYBODY)
    with pytest.raises(ValueError, match="Nobody is left"):
        run(key((EQUAL, "100")), contributors=left_out)


def test_numbers_beyond_exact_arithmetic() -> None:
    """Refused rather than rounded where nobody sees it."""
    with pytest.raises(ValueError, match="too large or too precise"):
        run(replace(RATE, rate=Decimal("1E+1200"), base_amount=Decimal("0.01")))

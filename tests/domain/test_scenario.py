"""«What if»: every field that can change, what stays, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from financing.calculation import (
    Alternative,
    Basis,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    Status,
    calculate,
)
from financing.scenario import (
    LABELS,
    Field,
    Joining,
    Scenario,
    apply,
    changes,
    rule_name,
    rules_of_all,
)
from tests.domain.test_calculation import (
    AKERSHUS,
    AUTHORITY,
    BUSKERUD,
    JEVNAKER,
    MUNICIPALITY,
    RINGERIKSREGIONEN,
    YEARS,
    by_rates,
    changed,
    municipality,
)

ALTERNATIVE_1 = by_rates("14.50", "5.50")
SIGDAL = municipality("3332", "Sigdal", "Buskerud", 3500)
KEY = (KeyPart(KeyPartKind.EQUAL, Decimal(30)), KeyPart(KeyPartKind.POPULATION, Decimal(70)))
ALL = frozenset({"3310", "3318", "3316", "3305", "3236"})
OTHER_RULES = (
    Rule(ALL, RuleKind.DISTRIBUTION_KEY, amount=Decimal(900_000), key_parts=KEY, label="Fast del"),
    Rule(frozenset({"3310"}), RuleKind.HOURS, hours=Decimal(40), hour_price=Decimal(1250)),
    Rule(frozenset({"3310", "32"}), RuleKind.FIXED, amount=Decimal(10_000)),
)
RICH = replace(ALTERNATIVE_1, rules=(*ALTERNATIVE_1.rules, *OTHER_RULES))


def total(scenario: Scenario, alternative: Alternative = ALTERNATIVE_1) -> Decimal:
    """The first year's total."""
    return calculate(*apply(RINGERIKSREGIONEN, alternative, scenario), YEARS).total.cells[0]


def told(scenario: Scenario, alternative: Alternative = RICH) -> list[tuple[str, str, str, str]]:
    found = changes(RINGERIKSREGIONEN, alternative, scenario)
    return [(c.label, c.name, c.before, c.after.replace("\u00a0", " ")) for c in found]


@pytest.mark.parametrize(
    "scenario",
    [Scenario(status={"3310": Status.DECLINED}), Scenario(included={"3310": False})],
)
def test_hole_leaves_and_the_county_share_follows(scenario: Scenario) -> None:
    assert total(Scenario()) == Decimal("1256000.00")
    assert total(scenario) == Decimal("1114700.00")
    table = calculate(*apply(RINGERIKSREGIONEN, ALTERNATIVE_1, scenario), YEARS)
    buskerud = next(row for row in table.rows if row.key == "33")
    assert (buskerud.population, buskerud.cells[0]) == (48_692, Decimal("267806.00"))


def test_hole_joins_again() -> None:
    people = changed("3310", included=False)
    back = apply(people, ALTERNATIVE_1, Scenario(included={"3310": True}))
    assert back == (RINGERIKSREGIONEN, ALTERNATIVE_1)


def test_a_municipality_that_was_not_in_the_plan_joins() -> None:
    """3 500 x 14,50 from itself, and 3 500 x 5,50 from its county authority."""
    positions = rules_of_all(RINGERIKSREGIONEN, ALTERNATIVE_1, MUNICIPALITY)
    assert positions == {0}
    assert rules_of_all(RINGERIKSREGIONEN, ALTERNATIVE_1, AUTHORITY) == {1}
    assert rules_of_all([JEVNAKER], ALTERNATIVE_1, AUTHORITY) == frozenset()
    scenario = Scenario(joining=(Joining(SIGDAL, positions),))
    assert total(scenario) == Decimal("1256000.00") + 3500 * 20
    table = calculate(*apply(RINGERIKSREGIONEN, ALTERNATIVE_1, scenario), YEARS)
    names = [row.name for row in table.rows]
    assert names.index("Sigdal") == names.index("Buskerud fylkeskommune") - 1
    assert told(scenario, ALTERNATIVE_1) == [("Ny bidragsyter", "Sigdal", "", "3 500")]


def test_an_unconfirmed_contributor_changes_only_the_confirmed_total() -> None:
    scenario = Scenario(status={"32": Status.UNDECIDED})
    table = calculate(*apply(RINGERIKSREGIONEN, ALTERNATIVE_1, scenario), YEARS)
    assert table.total.cells[0] == Decimal("1256000.00")
    assert table.total_confirmed is not None
    assert table.total_confirmed.cells[0] == Decimal("1217263.50")


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (Scenario(rate={0: Decimal("16.50")}), "1381600.00"),
        (Scenario(rate={0: Decimal(0)}, base_amount={0: Decimal(50_000)}), "595400.00"),
        (Scenario(population={"3236": 7100}), "1257140.00"),  # 57 more at 14,50 and at 5,50
    ],
)
def test_rates_base_amounts_and_populations(scenario: Scenario, expected: str) -> None:
    assert total(scenario) == Decimal(expected)


def test_an_index_for_one_year_and_for_a_plan_without() -> None:
    _people, one = apply(RINGERIKSREGIONEN, ALTERNATIVE_1, Scenario(index={2028: Decimal(3)}))
    assert [(f.year, f.percent) for f in one.index] == [(2027, Decimal("4.1")), (2028, Decimal(3))]
    none = by_rates("14.50", "5.50", index=())
    _people, both = apply(
        RINGERIKSREGIONEN, none, Scenario(index={2028: Decimal(3), 2027: Decimal(2)})
    )
    assert [(f.year, f.percent) for f in both.index] == [(2027, Decimal(2)), (2028, Decimal(3))]
    assert told(Scenario(index={2027: Decimal(2)}), none) == [("Indeks, prosent", "2027", "", "2")]


def test_sources_of_the_index_are_kept() -> None:
    source = replace(ALTERNATIVE_1.index[0], source="Prop. 1 S", is_estimate=False)
    alternative = replace(ALTERNATIVE_1, index=(source, ALTERNATIVE_1.index[1]))
    _people, after = apply(RINGERIKSREGIONEN, alternative, Scenario(index={2027: Decimal(3)}))
    assert after.index[0] == replace(source, percent=Decimal(3))


def test_what_is_not_named_stays() -> None:
    assert Scenario().is_empty
    assert apply(RINGERIKSREGIONEN, RICH, Scenario()) == (RINGERIKSREGIONEN, RICH)
    scenario = Scenario(amount={2: Decimal(1)})
    assert not scenario.is_empty
    people, after = apply(RINGERIKSREGIONEN, RICH, scenario)
    assert people == RINGERIKSREGIONEN
    assert after.rules[2] == replace(RICH.rules[2], amount=Decimal(1))
    assert after.rules[:2] + after.rules[3:] == RICH.rules[:2] + RICH.rules[3:]


def test_changes_are_told_in_order_and_in_words() -> None:
    key = (KeyPart(KeyPartKind.EQUAL, Decimal(20)), KeyPart(KeyPartKind.POPULATION, Decimal(80)))
    scenario = Scenario(
        included={"3236": False},
        status={"3310": Status.DECLINED},
        population={"3305": 32_000},
        rate={0: Decimal("17.04")},
        base_amount={1: Decimal(1000)},
        amount={2: Decimal(950_000), 4: Decimal(12_000)},
        hours={3: Decimal("37.5")},
        key_parts={2: key},
        index={2027: Decimal("3.9")},
    )
    assert told(scenario) == [
        ("Status", "Hole", "bekreftet", "bidrar ikke"),
        ("Innbyggere", "Ringerike", "31\u00a0793", "32 000"),
        ("Med i beregningen", "Jevnaker", "ja", "nei"),
        ("Kroner per innbygger", "Kommunene", "14,50", "17,04"),
        ("Grunnbeløp", "Fylkeskommunene", "0,00", "1 000,00"),
        ("Beløp", "Fast del", "900\u00a0000,00", "950 000,00"),
        (
            "Fordelingsnøkkel",
            "Fast del",
            "30 prosent likt og 70 prosent etter innbyggertall",
            "20 prosent likt og 80 prosent etter innbyggertall",
        ),
        ("Timer per år", "Hole", "40", "37,5"),
        ("Beløp", "Hole og Akershus fylkeskommune", "10\u00a0000,00", "12 000,00"),
        ("Indeks, prosent", "2027", "4,1", "3,9"),
    ]
    assert [c.key for c in changes(RINGERIKSREGIONEN, RICH, scenario)][-3:] == ["3", "4", "2027"]


def test_new_weights_of_a_key_are_told() -> None:
    def by_table(*weights: tuple[str, str]) -> tuple[KeyPart, ...]:
        listed = tuple((key, Decimal(weight)) for key, weight in weights)
        return (KeyPart(KeyPartKind.TABLE, Decimal(100), listed),)

    before = by_table(("3310", "1"), ("3316", "2"))
    rule = replace(OTHER_RULES[0], applies_to=frozenset({"3310", "3316"}), key_parts=before)
    alternative = replace(RICH, rules=(rule,))
    scenario = Scenario(key_parts={0: by_table(("3310", "1"), ("3316", "2.5"))})
    assert told(scenario, alternative) == [
        (
            "Fordelingsnøkkel",
            "Fast del",
            "100 prosent etter avtalt fordeling (Hole 1, Modum 2)",
            "100 prosent etter avtalt fordeling (Hole 1, Modum 2,5)",
        )
    ]


def test_the_value_that_is_there_already_is_no_change() -> None:
    scenario = Scenario(
        rate={0: Decimal("14.5")},
        status={"3310": Status.CONFIRMED},
        population={"3310": 7065},
        index={2027: Decimal("4.10")},
    )
    assert not scenario.is_empty
    assert changes(RINGERIKSREGIONEN, ALTERNATIVE_1, scenario) == ()


def test_every_field_has_a_label_and_is_a_field_of_the_scenario() -> None:
    assert set(LABELS) == set(Field)
    assert {name.value for name in Field} == set(Scenario.__dataclass_fields__)


def test_names_of_rules() -> None:
    one = Rule(frozenset({"3310"}), RuleKind.FIXED)
    assert rule_name(one, RINGERIKSREGIONEN) == "Hole"
    four = replace(one, applies_to=frozenset({"3310", "3318", "3316", "33"}))
    assert rule_name(four, RINGERIKSREGIONEN) == "Hole, Krødsherad og 2 til"
    county = replace(one, applies_to=frozenset({"33"}), basis=Basis.COUNTY)
    assert rule_name(county, [*RINGERIKSREGIONEN[:4], BUSKERUD]) == "Buskerud fylkeskommune"
    assert rule_name(replace(one, label=" Kurs "), RINGERIKSREGIONEN) == "Kurs"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": {"9999": Status.DECLINED}}, r"no contributors \['9999'\]"),
        ({"included": {"9999": False}}, "no contributors"),
        ({"population": {"9999": 1}}, "no contributors"),
        ({"rate": {5: Decimal(1)}}, "no rule 5"),
        ({"rate": {-1: Decimal(1)}}, "no rule -1"),
        ({"rate": {2: Decimal(1)}}, "distribution_key, which has no rate"),
        ({"base_amount": {4: Decimal(1)}}, "fixed, which has no base_amount"),
        ({"amount": {0: Decimal(1)}}, "per_inhabitant, which has no amount"),
        ({"hours": {4: Decimal(1)}}, "fixed, which has no hours"),
        ({"key_parts": {0: KEY}}, "per_inhabitant, which has no key_parts"),
        ({"joining": (Joining(AKERSHUS, frozenset()),)}, "the key 32"),
        ({"joining": (Joining(SIGDAL, frozenset()), Joining(SIGDAL, frozenset()))}, "key 3332"),
        ({"joining": (Joining(SIGDAL, frozenset({7})),)}, r"no rules \[7\]"),
    ],
)
def test_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        apply(RINGERIKSREGIONEN, RICH, Scenario(**fields))

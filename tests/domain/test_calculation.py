"""Contribution tables: the figures of real case papers, every kind of rule, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, getcontext, localcontext
from pathlib import Path
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
    Status,
    Table,
    calculate,
)
from financing.figures import municipal_sum, per_inhabitant
from financing.rounding import DEFAULT_ROUNDING, ROUNDING_RULES, RoundingRule

MUNICIPALITY, AUTHORITY, OTHER = ContributorKind
YEARS = (2026, 2027, 2028)
INDEX = (IndexFactor(2027, Decimal("4.1")), IndexFactor(2028, Decimal("4.1")))
RECOMPUTED = Path(__file__).resolve().parents[3] / "shared" / "data" / "financing_recomputed.csv"


def municipality(key: str, name: str, county_name: str, population: int | None) -> Contributor:
    return Contributor(key, name, MUNICIPALITY, key[:2], county_name, population)


def authority(key: str, county_name: str) -> Contributor:
    return Contributor(key, f"{county_name} fylkeskommune", AUTHORITY, key, county_name, None)


HOLE = municipality("3310", "Hole", "Buskerud", 7065)
KRODSHERAD = municipality("3318", "Krødsherad", "Buskerud", 2235)
MODUM = municipality("3316", "Modum", "Buskerud", 14664)
RINGERIKE = municipality("3305", "Ringerike", "Buskerud", 31793)
BUSKERUD = authority("33", "Buskerud")
JEVNAKER = municipality("3236", "Jevnaker", "Akershus", 7043)
AKERSHUS = authority("32", "Akershus")
RINGERIKSREGIONEN = (HOLE, KRODSHERAD, MODUM, RINGERIKE, BUSKERUD, JEVNAKER, AKERSHUS)


def keys(contributors: Iterable[Contributor], *kinds: ContributorKind) -> frozenset[str]:
    return frozenset(item.key for item in contributors if item.kind in kinds)


def by_rates(
    municipal: str,
    county: str,
    contributors: Iterable[Contributor] = RINGERIKSREGIONEN,
    rounding: str = DEFAULT_ROUNDING.code,
    index: tuple[IndexFactor, ...] = INDEX,
) -> Alternative:
    """One rate for the municipalities, indexed, and one for the county authorities, flat."""
    everybody = tuple(contributors)
    per_inhabitant_rule = Rule(
        keys(everybody, MUNICIPALITY), RuleKind.PER_INHABITANT, rate=Decimal(municipal)
    )
    county_rule = Rule(
        keys(everybody, AUTHORITY),
        RuleKind.PER_INHABITANT,
        rate=Decimal(county),
        basis=Basis.COUNTY,
        indexed=False,
    )
    return Alternative(
        "Alternativ", ROUNDING_RULES[rounding], (per_inhabitant_rule, county_rule), index
    )


def by_rule(rule: Rule, **changes: Any) -> Alternative:
    """An alternative with one rule, without index."""
    return Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], (rule,), **changes)


def kroner(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def cells(table: Table) -> dict[str, tuple[Decimal, ...]]:
    return {row.key: row.cells for row in table.rows}


def changed(key: str, **changes: Any) -> tuple[Contributor, ...]:
    """Ringeriksregionen with one contributor changed."""
    return tuple(replace(c, **changes) if c.key == key else c for c in RINGERIKSREGIONEN)


# The figures of the case papers


@pytest.mark.parametrize(
    ("rate", "totals"),
    [
        ("14.50", kroner("1256000.00", "1293334.60", "1332199.92")),
        ("16.50", kroner("1381600.00", "1424084.20", "1468310.26")),
    ],
)
def test_totals_of_the_two_alternatives(rate: str, totals: tuple[Decimal, ...]) -> None:
    table = calculate(RINGERIKSREGIONEN, by_rates(rate, "5.50"), YEARS)
    assert table.total.cells == totals
    assert table.total_confirmed is None


@pytest.mark.skipif(not RECOMPUTED.exists(), reason="needs ../shared")
@pytest.mark.parametrize(("name", "rate"), [("alt 1", "14.50"), ("alt 2", "16.50")])
def test_every_recomputed_cell(name: str, rate: str) -> None:
    """Each contributor's cell is the recomputed one to the øre; a sum differs by its rows' roundings."""
    table = calculate(RINGERIKSREGIONEN, by_rates(rate, "5.50"), YEARS)
    shown = {row.name.replace(" fylkeskommune", ""): row.cells for row in table.rows}
    shown["SUM"] = table.subtotals[0].cells
    shown["SUM inkl. Jevnaker/Akershus"] = table.total.cells
    rows = {"SUM": 5, "SUM inkl. Jevnaker/Akershus": 7}
    checked = 0
    with RECOMPUTED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if (line["document"], line["table"]) == ("000", name):
                row = line["row"].removesuffix(" fk")
                cell = shown[row][YEARS.index(int(line["year"]))]
                assert abs(cell - Decimal(line["exact"])) <= Decimal("0.005") * rows.get(row, 1)
                checked += 1
    assert checked == 27


def test_mosseregionen() -> None:
    """Every figure of the table and the text of the case paper."""
    viken = (
        municipality("3002", "Moss", "Viken", 49956),
        municipality("3019", "Vestby", "Viken", 18530),
        municipality("3017", "Råde", "Viken", 7594),
        municipality("3018", "Våler", "Viken", 5888),
        authority("30", "Viken"),
    )
    table = calculate(viken, by_rates("2.50", "5.50", viken, index=()), (2022, 2023, 2024, 2025))
    first_year = [row.cells[0] for row in table.rows]
    assert first_year == list(kroner("124890", "46325", "18985", "14720", "450824"))
    assert all(len(set(row.cells)) == 1 for row in table.rows)
    assert table.rows[-1].population == 81968
    assert municipal_sum(table).cells[0] == Decimal("204920.00")
    assert table.total.cells == kroner("655744.00") * 4
    assert (table.subtotals, table.index) == ((), ())


def test_without_hole() -> None:
    """Declined and left out give the same amounts; only the declined one is still listed."""
    declined = calculate(changed("3310", status=Status.DECLINED), by_rates("14.50", "5.50"), YEARS)
    left_out = calculate(changed("3310", included=False), by_rates("14.50", "5.50"), YEARS)
    assert declined.total == left_out.total
    assert declined.total.cells[0] == Decimal("1114700.00")
    assert cells(declined)["33"][0] == Decimal("267806.00")
    assert cells(declined) == cells(left_out) | {"3310": kroner("0.00", "0.00", "0.00")}
    hole = declined.rows[0]
    assert (hole.status, hole.population, hole.rate) == (Status.DECLINED, None, None)
    assert "3310" not in declined.total.keys + declined.subtotals[0].keys


@pytest.mark.parametrize("changes", [{"included": False}, {"status": Status.DECLINED}])
def test_without_akershus(changes: dict[str, Any]) -> None:
    table = calculate(changed("32", **changes), by_rates("14.50", "5.50"), YEARS)
    assert table.total.cells[0] == Decimal("1217263.50")


# Indexing and rounding


def test_amounts_compound_unrounded() -> None:
    """1,24, 1,364 and 1,5004 kroner; from each year's shown krone, 2028 would be 1 as well."""
    rule = Rule(frozenset({"3310"}), RuleKind.FIXED, amount=Decimal("1.24"))
    index = (IndexFactor(2027, Decimal(10)), IndexFactor(2028, Decimal(10)))
    alternative = replace(by_rule(rule, index=index), rounding=ROUNDING_RULES["krone_half_up"])
    assert cells(calculate([HOLE], alternative, YEARS))["3310"] == kroner("1.00", "1.00", "2.00")


def test_amounts_are_exact_whatever_the_precision_of_the_caller() -> None:
    """Thirty years of an index with four decimals is far more digits than the default 28."""
    years = tuple(range(2026, 2056))
    index = tuple(IndexFactor(year, Decimal("3.3333")) for year in years[1:])
    exact = Decimal(31793 * 1450 * 1033333**29)  # øre, times 10^(6 x 29)
    with localcontext(prec=400):
        expected = exact.scaleb(-2 - 6 * 29).quantize(Decimal("0.01"))
    for precision in (6, getcontext().prec):
        with localcontext(prec=precision):
            table = calculate(
                [RINGERIKE], by_rates("14.50", "5.50", index=index, contributors=[RINGERIKE]), years
            )
            assert table.rows[0].cells[-1] == expected
            assert table.total.cells == table.rows[0].cells


def test_a_negative_index_is_allowed() -> None:
    rule = Rule(frozenset({"3310"}), RuleKind.FIXED, amount=Decimal(100))
    table = calculate(
        [HOLE], by_rule(rule, index=(IndexFactor(2027, Decimal("-2.5")),)), (2026, 2027)
    )
    assert table.rows[0].cells == kroner("100.00", "97.50")


def test_the_index_is_printed_only_where_it_was_used() -> None:
    later = (*reversed(INDEX), IndexFactor(2029, Decimal(3)))
    indexed = calculate(RINGERIKSREGIONEN, by_rates("14.50", "5.50", index=later), YEARS)
    assert indexed.index == INDEX
    flat = Rule(frozenset({"3310"}), RuleKind.FIXED, amount=Decimal(100), indexed=False)
    assert calculate([HOLE], by_rule(flat, index=INDEX), YEARS).index == ()


@pytest.mark.parametrize(
    ("rule", "total"),
    [("krone_half_up", "1256003.00"), ("krone_down", "1255997.00"), ("krone_up", "1256003.00")],
)
def test_a_total_is_the_sum_of_shown_cells(rule: str, total: str) -> None:
    """Not the rounded sum of the unrounded amounts, which is 1 256 000 kroner."""
    table = calculate(RINGERIKSREGIONEN, by_rates("14.50", "5.50", rounding=rule), YEARS)
    assert table.total.cells[0] == Decimal(total)


@pytest.mark.parametrize("unit", ["0.001", "0.05", "50", "0", "-1", "NaN"])
def test_a_unit_that_cells_cannot_show_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="power of ten"):
        RoundingRule("egen", "egen", Decimal(unit), "ROUND_HALF_UP")


def test_an_unknown_rounding_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="not known"):
        RoundingRule("egen", "egen", Decimal(1), "ROUND_SOMEHOW")


# Rules


def test_rules_add_up_before_the_rounding() -> None:
    """0,4 kroner + 0,4 kroner is 1 krone, although each is 0."""
    rules = tuple(
        Rule(frozenset({"3310"}), RuleKind.FIXED, amount=Decimal("0.4")) for _time in range(2)
    )
    alternative = Alternative("Alternativ", ROUNDING_RULES["krone_half_up"], rules)
    assert cells(calculate([HOLE], alternative, (2026,)))["3310"] == kroner("1.00")


def test_base_rate_fixed_and_shared_amounts_add_up() -> None:
    both = frozenset({"3310", "3318"})
    rules = (
        Rule(both, RuleKind.PER_INHABITANT, base_amount=Decimal(50000), rate=Decimal("5.5")),
        Rule(frozenset({"3318"}), RuleKind.FIXED, amount=Decimal("0.25")),
        Rule(
            both,
            RuleKind.DISTRIBUTION_KEY,
            amount=Decimal("0.01"),
            key_parts=(KeyPart(KeyPartKind.EQUAL, Decimal(100)),),
        ),
    )
    table = calculate(
        [HOLE, KRODSHERAD], Alternative("Alternativ", ROUNDING_RULES["ore_half_up"], rules), (2026,)
    )
    assert cells(table) == {"3310": kroner("88857.51"), "3318": kroner("62292.75")}
    assert [(row.rate, row.base_amount) for row in table.rows] == [
        (Decimal("5.5"), Decimal(50000))
    ] * 2


def test_several_rates_show_no_rate() -> None:
    rules = tuple(
        Rule(frozenset({"3310"}), RuleKind.PER_INHABITANT, rate=Decimal(rate)) for rate in (1, 2)
    )
    table = calculate([HOLE], replace(by_rule(rules[0]), rules=rules), (2026,))
    row = table.rows[0]
    assert (row.population, row.rate, row.base_amount) == (7065, None, None)
    assert row.cells == kroner("21195.00")


def test_a_contributor_without_rules_pays_nothing() -> None:
    table = calculate([HOLE, MODUM], by_rule(Rule(frozenset({"3316"}), RuleKind.FIXED)), (2026,))
    assert cells(table)["3310"] == kroner("0.00")
    assert "3310" in table.total.keys


def test_the_declined_carry_no_part_of_a_key() -> None:
    """The others share the whole, in a part shared equally and in a stated table."""
    rule = Rule(
        frozenset({"3310", "3316", "3318"}),
        RuleKind.DISTRIBUTION_KEY,
        amount=Decimal(1000),
        key_parts=(
            KeyPart(KeyPartKind.EQUAL, Decimal(50)),
            KeyPart(
                KeyPartKind.TABLE,
                Decimal(50),
                (("3310", Decimal(2)), ("3316", Decimal(1)), ("3318", Decimal(3))),
            ),
        ),
    )
    declined = replace(HOLE, status=Status.DECLINED)
    table = calculate([declined, MODUM, KRODSHERAD], by_rule(rule), (2026,))
    assert cells(table) == {
        "3310": kroner("0.00"),
        "3316": kroner("375.00"),
        "3318": kroner("625.00"),
    }


# The form of the table


def test_rows_are_grouped_by_county() -> None:
    """First-met county first; in it municipalities as given, the authority, others; then the rest."""
    council = Contributor("raad", "Regionrådet", OTHER, "", "", None)
    park = Contributor("park", "Næringsparken", OTHER, "33", "Buskerud", None)
    given = (council, AKERSHUS, park, BUSKERUD, RINGERIKE, JEVNAKER, HOLE)
    table = calculate(given, by_rates("14.50", "5.50", given), YEARS)
    assert [row.key for row in table.rows] == ["3236", "32", "3305", "3310", "33", "park", "raad"]
    assert [(sum_.code, sum_.label, sum_.keys) for sum_ in table.subtotals] == [
        ("county-32", "Sum Akershus", ("3236", "32")),
        ("county-33", "Sum Buskerud", ("3305", "3310", "33", "park")),
    ]
    assert table.total.keys == tuple(row.key for row in table.rows)
    assert (table.total.code, table.total.label) == ("total", "Sum alle bidrag")


def test_a_county_where_nobody_pays_has_no_subtotal() -> None:
    declined = tuple(
        replace(c, status=Status.DECLINED) if c.county == "32" else c for c in RINGERIKSREGIONEN
    )
    assert calculate(declined, by_rates("14.50", "5.50"), YEARS).subtotals == ()


@pytest.mark.parametrize("status", [Status.CONDITIONAL, Status.UNDECIDED])
def test_the_total_of_the_confirmed(status: Status) -> None:
    """An unconfirmed municipality still counts in the inhabitants its county authority pays for."""
    table = calculate(changed("3310", status=status), by_rates("14.50", "5.50"), YEARS)
    assert table.total_confirmed is not None
    assert table.total_confirmed.label == "Sum uten ubekreftede bidrag"
    assert table.total_confirmed.keys == ("3318", "3316", "3305", "33", "3236", "32")
    assert table.total.cells[0] - table.total_confirmed.cells[0] == Decimal("102442.50")
    assert cells(table)["33"][0] == Decimal("306663.50")


def test_only_the_declined_leave_no_total_of_the_confirmed() -> None:
    declined = changed("3310", status=Status.DECLINED)
    assert calculate(declined, by_rates("14.50", "5.50"), YEARS).total_confirmed is None


def test_nobody_pays() -> None:
    table = calculate([], by_rule(Rule(frozenset(), RuleKind.FIXED)), YEARS)
    assert (table.rows, table.total.cells) == ((), kroner("0.00", "0.00", "0.00"))
    assert per_inhabitant(table).total is None


def test_kroner_per_inhabitant() -> None:
    """The declined count neither among the rows nor in the inhabitants of the whole."""
    table = calculate(changed("3310", status=Status.DECLINED), by_rates("14.50", "5.50"), YEARS)
    figures = per_inhabitant(table)
    assert figures.inhabitants == 55735
    assert figures.rows["3305"] == kroner("14.50", "15.09", "15.71")
    assert figures.rows["33"] == kroner("5.50", "5.50", "5.50")
    assert "3310" not in figures.rows
    assert figures.total == kroner("20.00", "20.59", "21.21")

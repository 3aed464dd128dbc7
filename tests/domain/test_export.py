"""A table written as JSON and read back is the same table."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from financing.calculation import Alternative, Contributor, Rule, RuleKind, Status, calculate
from financing.export import table_as_json, table_from_json
from tests.domain.test_calculation import RINGERIKSREGIONEN, YEARS, by_rates, changed
from tests.domain.test_calculation_properties import plans

HOURS = Rule(
    frozenset({"3310"}),
    RuleKind.HOURS,
    hours=Decimal("37.5"),
    hour_price=Decimal("1250.00"),
    floor=Decimal(100),
    steps=(Decimal(50), Decimal("87.50")),
    label="Kurs",
)
ALTERNATIVE = by_rates("14.50", "5.50")
TABLE = calculate(
    changed("32", status=Status.CONDITIONAL),
    replace(ALTERNATIVE, rules=(*ALTERNATIVE.rules, HOURS)),
    YEARS,
)


@given(plans())
def test_written_and_read_back(plan: tuple[list[Contributor], Alternative]) -> None:
    """Through the text itself."""
    everybody, alternative = plan
    table = calculate(everybody, alternative, YEARS)
    written = json.dumps(table_as_json(table))
    read = table_from_json(json.loads(written))
    assert read == table
    assert json.dumps(table_as_json(read)) == written


def test_amounts_are_text_with_every_digit() -> None:
    written = table_as_json(TABLE)
    row = written["rows"][0]
    assert row["amounts"] == {"2026": "125880.00", "2027": "149339.91", "2028": "155462.84"}
    assert (row["rate"], row["base_amount"]) == ("14.5", "0.00")
    assert written["terms"] == [
        {
            "kind": "hours",
            "names": ["Hole"],
            "label": "Kurs",
            "amount": "0.00",
            "shares": [],
            "hours": "37.5",
            "hour_price": "1250.00",
            "indexed": True,
            "floor": "100.00",
            "cap": None,
            "steps": ["50", "87.5"],
        }
    ]
    assert "e" not in json.dumps([row["amounts"] for row in written["rows"]]).lower()


def test_a_base_amount_with_more_decimals_is_not_cut() -> None:
    rule = replace(ALTERNATIVE.rules[0], base_amount=Decimal("0.0005"), rate=Decimal("1E+2"))
    table = calculate(RINGERIKSREGIONEN, replace(ALTERNATIVE, rules=(rule,)), YEARS)
    row = table_as_json(table)["rows"][0]
    assert (row["base_amount"], row["rate"]) == ("0.0005", "100")
    assert table_from_json(table_as_json(table)) == table


def test_an_older_file_without_terms_is_read() -> None:
    older = table_as_json(TABLE)
    del older["terms"]
    assert table_from_json(older) == replace(TABLE, terms=())


def spoilt(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(table_as_json(TABLE)))
    change(data)
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("total"),
        lambda data: data.pop("total_confirmed"),
        lambda data: data["rounding"].update(code="ore_sideways"),
        lambda data: data["rows"][0].update(status="perhaps"),
        lambda data: data["rows"][0].update(kind="kingdom"),
        lambda data: data["rows"][0].update(rate="fourteen"),
        lambda data: data["rows"][0].update(rate="NaN"),
        lambda data: data["rows"][0]["amounts"].update({"2026": 102442.5}),
        lambda data: data["rows"][0]["amounts"].pop("2027"),
        lambda data: data["rows"][0]["amounts"].update({"2029": "1.00"}),
        lambda data: data.update(rows=None),
        lambda data: data["terms"][0].update(kind="barter"),
        lambda data: data["terms"][0].update(steps=[50]),
    ],
)
def test_what_was_not_written_here_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(ValueError, match=r"contribution table|is not a valid"):
        table_from_json(spoilt(change))


def test_no_table_at_all() -> None:
    for data in ([], None, "table", {}):
        with pytest.raises(ValueError, match="no contribution table"):
            table_from_json(data)

"""Reading what Statistics Norway answers: json-stat2 and Klass, whole or not at all."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.statistics import formats, steps

TABLE: dict[str, Any] = {
    "class": "dataset",
    "id": ["Region", "ContentsCode", "Tid"],
    "size": [3, 1, 1],
    "dimension": {
        "Region": {"category": {"index": {"7702": 1, "7701": 0, "7703": 2}, "label": {}}},
        "ContentsCode": {"category": {"label": {"Folketallet1": "Folketallet"}}},
        "Tid": {"category": {"index": ["2026K1"]}},
    },
    "value": [30005, None, 1200.0],
    "status": {"1": ".."},
}


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_table_with_a_missing_figure() -> None:
    read = formats.figures(dumped(TABLE))
    assert read.day == dt.date(2026, 1, 1)
    assert dict(read.values) == {"7701": 30005, "7703": 1200}
    assert dict(read.missing) == {"7702": ".."}


@pytest.mark.parametrize(
    ("value", "status", "values", "missing"),
    [
        ({"0": 1, "2": 3}, None, {"7701": 1, "7703": 3}, {"7702": ""}),
        ([None, None, 3], ":", {"7703": 3}, {"7701": ":", "7702": ":"}),
        ([1, None, 3], [None, ".", None], {"7701": 1, "7703": 3}, {"7702": "."}),
        ([0, 1, 2], None, {"7701": 0, "7702": 1, "7703": 2}, {}),
    ],
    ids=["sparse", "one-status-for-all", "list-of-status", "zero"],
)
def test_the_ways_json_stat_writes_cells(
    value: Any, status: Any, values: dict[str, int], missing: dict[str, str]
) -> None:
    read = formats.figures(dumped(TABLE | {"value": value, "status": status}))
    assert (dict(read.values), dict(read.missing)) == (values, missing)


def test_dimensions_may_come_in_any_order() -> None:
    turned = TABLE | {"id": ["Tid", "Region", "ContentsCode"], "size": [1, 3, 1]}
    assert formats.figures(dumped(turned)) == formats.figures(dumped(TABLE))


def region(index: Any) -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        table["dimension"]["Region"]["category"]["index"] = index

    return change


def put(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda table: table.update(values)


@pytest.mark.parametrize(
    "spoil",
    [
        put(**{"class": "collection"}),
        put(id=["Region", "Tid"]),
        put(id="Region"),
        put(size=[3, 1]),
        put(size=[4, 1, 1]),
        put(dimension=None),
        put(value=[1, 2]),
        put(value={"3": 1}),
        put(value=None),
        put(value=[1, 2, -3]),
        put(value=[1, 2, 3.5]),
        put(value=[1, 2, True]),
        put(value=[1, 2, "3"]),
        put(value=[1, 2, 10**10]),
        put(value=[1, 2, float("inf")]),
        put(value=[1, 2, [3]]),
        put(status=7),
        region({"7701": 0, "7702": 1, "7703": 3}),
        region({"7701": 0, "7702": 1, "7703": "2"}),
        region(["7701", "7702", "7702"]),
        region(["7701", "7702", "K-7703-og-mer"]),
        region(["7701", "7702", 7703]),
        region(None),
        lambda table: table["dimension"]["Tid"]["category"].update(index=["2026"]),
        lambda table: table["dimension"]["Tid"]["category"].update(index=["0000K1"]),
        lambda table: table["dimension"]["Tid"]["category"].update(index=["2026K5"]),
    ],
)
def test_what_is_not_as_documented_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    table = copy.deepcopy(TABLE)
    spoil(table)
    with pytest.raises(formats.UnreadableError) as refused:
        formats.figures(dumped(table))
    assert refused.value.is_json
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html>",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 10_000,
        b'{"a":' + b"9" * 9000,
    ],
)
def test_what_is_not_json_is_said_to_be_so(content: bytes) -> None:
    with pytest.raises(formats.UnreadableError) as refused:
        formats.figures(content)
    assert not refused.value.is_json


def test_a_list_of_codes_leaves_out_what_is_no_municipality() -> None:
    names = {"3114": "Våler (Østfold)", "9999": "Uoppgitt", "2111": "Longyearbyen", "31": "Østfold"}
    content = dumped({"codes": [{"code": c, "name": n} for c, n in names.items()]})
    assert formats.codes(content, 4) == (formats.Code("3114", "Våler (Østfold)"),)
    assert formats.codes(content, 2) == (formats.Code("31", "Østfold"),)


@pytest.mark.parametrize(
    "codes",
    [
        None,
        [],
        ["3114"],
        [{"code": "3114"}],
        [{"code": 3114, "name": "Våler"}],
        [{"code": "3114", "name": " "}],
        [{"code": "3114", "name": "(Østfold)"}],
        [{"code": "3114", "name": "x" * 81}],
        [{"code": "3114", "name": "V\u0000"}],
        [{"code": "3114", "name": "Våler"}] * 2,
    ],
)
def test_lists_that_cannot_be_used(codes: Any) -> None:
    with pytest.raises(formats.UnreadableError):
        formats.codes(dumped({"codes": codes}), 4)


def test_a_county_name_has_to_fit() -> None:
    with pytest.raises(formats.UnreadableError):
        formats.codes(dumped({"codes": [{"code": "31", "name": "x" * 61}]}), 2)


def test_changes_come_in_order_and_may_be_none() -> None:
    later = {"oldCode": "7701", "oldName": "A", "newCode": "7702", "newName": "B"}
    content = [
        later | {"changeOccurred": "2024-01-01"},
        later | {"changeOccurred": "2020-01-01", "oldCode": None},
        later | {"changeOccurred": "2021-01-01", "newCode": "9999"},
    ]
    read = formats.changes(dumped({"codeChanges": content}), 4)
    assert [(c.day.year, c.old, c.new) for c in read] == [
        (2020, "", "7702"),
        (2024, "7701", "7702"),
    ]
    assert formats.changes(b'{"codeChanges": []}', 4) == ()
    for spoiled in ({"codeChanges": [later]}, {"codeChanges": [later | {"changeOccurred": "x"}]}):
        with pytest.raises(formats.UnreadableError):
            formats.changes(dumped(spoiled), 4)


@pytest.mark.parametrize(
    ("official", "known", "name"),
    [
        ("Moss", "", "Moss"),
        ("Våler (Innlandet)", "", "Våler"),
        ("Trondheim - Tråante", "", "Trondheim"),
        ("Gáivuotna - Kåfjord - Kaivuono", "", "Kåfjord"),
        ("Snåase – Snåsa", "", "Snåsa"),
        ("Elveby - Johkagávpi", "Johkagávpi", "Johkagávpi"),
        ("Elveby - Johkagávpi", "Gamlebyen", "Elveby"),
        ("Nord-Aurdal", "", "Nord-Aurdal"),
    ],
)
def test_the_norwegian_part_of_a_name(official: str, known: str, name: str) -> None:
    assert formats.norwegian_name(official, known) == name


@pytest.mark.parametrize(
    ("day", "name"), [("2026-01-01", "2026K1"), ("2025-04-01", "2025K2"), ("2025-10-01", "2025K4")]
)
def test_quarters(day: str, name: str) -> None:
    assert formats.quarter(dt.date.fromisoformat(day)) == name
    assert formats.first_day(name).isoformat() == day
    with pytest.raises(ValueError, match="not the first day"):
        formats.quarter(dt.date.fromisoformat(day) + dt.timedelta(days=1))


def test_the_days_there_may_be_figures_for() -> None:
    days = steps.days(dt.date(2021, 5, 3))
    assert [str(day) for day in days[:2]] == ["2021-04-01", "2021-01-01"]
    assert days[-1] == steps.EARLIEST


def test_the_address_of_the_table_is_short_and_encoded() -> None:
    path = steps.BY_KEY["figures"].path(steps.Frame(dt.date(2025, 1, 1), dt.date(2026, 5, 3)))
    assert path.startswith(
        "tables/01222/data?lang=no&outputFormat=json-stat2&codelist%5BRegion%5D="
    )
    assert path.endswith("&valueCodes%5BTid%5D=2025K1")
    assert len(path) < 500
    newest = steps.BY_KEY["figures"].path(steps.Frame(None, dt.date(2026, 5, 3)))
    assert newest.endswith("=top%281%29")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from(sorted(TABLE)), JSON)
def test_any_part_of_a_table_gives_figures_or_a_refusal(part: str, value: Any) -> None:
    try:
        read = formats.figures(dumped(TABLE | {part: value}))
    except formats.UnreadableError:
        return
    assert read.values or read.missing


@given(st.sampled_from(["code", "name", "oldCode", "newCode", "changeOccurred"]), JSON)
def test_any_code_list_gives_codes_or_a_refusal(part: str, value: Any) -> None:
    item = {"code": "7701", "name": "Elveby", "oldCode": "7701", "newCode": "7702"}
    item |= {"changeOccurred": "2024-01-01"}
    content = dumped({"codes": [item | {part: value}], "codeChanges": [item | {part: value}]})
    for read in (formats.codes, formats.changes):
        try:
            read(content, 4)
        except formats.UnreadableError:
            continue


@given(st.binary(max_size=100))
def test_any_bytes_give_facts_or_a_refusal(content: bytes) -> None:
    with pytest.raises(formats.UnreadableError):
        formats.figures(content)

"""Comparing with the register: what would change, and what somebody should look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.municipality_file import Ending
from municipalities.statistics import messages, review
from municipalities.statistics.formats import Change, Code, Figures
from municipalities.statistics.review import Known
from municipalities.statistics.steps import Fetched

DAY, BEFORE = dt.date(2026, 1, 1), dt.date(2025, 1, 1)
TODAY = dt.date(2026, 3, 1)
COUNTIES = (Code("77", "Fjelland - Várri"),)


@pytest.fixture(autouse=True)
def _a_small_country(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "COUNTED", 3)
    monkeypatch.setattr(review, "FEWEST_SUMMED", 2)


def answers(
    names: dict[str, str] | None = None,
    values: dict[str, int] | None = None,
    *,
    day: dt.date = DAY,
    changes: Iterable[tuple[str, str, str]] = (),
    county_changes: Iterable[tuple[str, str, str]] = (),
    country: int | None = None,
) -> Fetched:
    names = names or {"7701": "Elveby", "7702": "Myrvang", "7703": "Ásvággi - Åsvang"}
    values = {"7701": 30000, "7702": 2000, "7703": 4000} if values is None else values
    total = sum(values.values()) if country is None else country

    def moves(given: Iterable[tuple[str, str, str]]) -> tuple[Change, ...]:
        return tuple(
            Change(old, f"Gamle {old}", new, f"Nye {new}", dt.date.fromisoformat(when))
            for when, old, new in given
        )

    return Fetched(
        figures=Figures(day, values, {n: ".." for n in names if n not in values}),
        country=Figures(day, {"0": total} if total else {}, {} if total else {"0": "."}),
        municipalities=tuple(Code(number, name) for number, name in names.items()),
        counties=COUNTIES,
        changes=moves(changes),
        county_changes=moves(county_changes),
    )


def known(**figures: int) -> dict[str, Known]:
    """The three municipalities with figures of a year before: `known(_7701=29000)`."""
    stored = {"_7701": 29900, "_7702": 2010, "_7703": 3990} | figures
    names = {"_7701": "Elveby", "_7702": "Myrvang", "_7703": "Åsvang"}
    return {
        key[1:]: Known(key[1:], names[key], "", figures={BEFORE: value})
        for key, value in stored.items()
    }


def compare(fetched: Fetched, stored: dict[str, Known] | None = None, **more: Any) -> review.Review:
    counties = more.get("counties", {"77": Known("77", "Fjelland")})
    return review.review(fetched, known() if stored is None else stored, counties, TODAY)


def codes(found: review.Review) -> dict[str, str]:
    return {finding.code: finding.level for finding in found.findings}


def test_new_figures_for_what_is_known() -> None:
    found = compare(answers())
    assert [(f.number, f.before, f.value, f.difference) for f in found.new_figures] == [
        ("7701", 29900, 30000, 100),
        ("7702", 2010, 2000, -10),
        ("7703", 3990, 4000, 10),
    ]
    assert (found.total, found.new, found.endings, found.changed_figures) == (36000, (), (), ())
    # The official name is in two languages; the one the register has among them stays.
    assert found.renamed == (review.Renamed("7703", "Åsvang", "Ásvággi - Åsvang"),)
    assert codes(found) == {}


def test_an_empty_register_gets_everything() -> None:
    found = compare(answers(), {}, counties={})
    assert [row.name for row in found.new] == ["Elveby", "Myrvang", "Ásvággi"]
    assert [row.county_name for row in found.new] == ["Fjelland"] * 3
    assert found.findings == ()


def test_nothing_to_change() -> None:
    stored = {
        number: replace(row, official_name="Ásvággi - Åsvang" if number == "7703" else "")
        for number, row in known().items()
    }
    stored = {
        number: replace(row, figures={DAY: answers().figures.values[number]})
        for number, row in stored.items()
    }
    found = compare(answers(), stored)
    assert not found.changes_anything
    assert found.unchanged_figures == 3


def test_a_correction_is_told_from_a_new_figure() -> None:
    stored = known() | {"7701": Known("7701", "Elvebyen", figures={DAY: 30001, BEFORE: 1})}
    found = compare(answers(), stored)
    assert [(f.number, f.before, f.value) for f in found.changed_figures] == [
        ("7701", 30001, 30000)
    ]
    assert [f.number for f in found.new_figures] == ["7702", "7703"]
    assert found.renamed[0] == review.Renamed("7701", "Elvebyen", "Elveby")


def test_ten_per_cent_is_not_sudden_but_more_is() -> None:
    assert "sudden" not in codes(compare(answers(), known(_7702=2222)))
    found = compare(answers(), known(_7702=2223))
    assert codes(found) == {"sudden": "warning"}
    assert found.findings[0].english == (
        "7702 Myrvang goes from 2223 (2025-01-01) to 2000 (2026-01-01), more than 10 %"
    )
    assert found.findings[0].message == (
        "Fra 1. januar 2025 til 1. januar 2026 går Myrvang (7702) fra 2\N{NO-BREAK SPACE}223 til "
        "2\N{NO-BREAK SPACE}000 innbyggere. Det er mer enn 10 prosent."
    )


def test_a_large_correction_is_said_in_its_own_words() -> None:
    stored = known() | {"7702": Known("7702", "Myrvang", figures={DAY: 200})}
    found = compare(answers(), stored)
    assert "corrected" in codes(found)
    assert "goes from" not in " ".join(f.english for f in found.findings if f.level == "warning")


def test_a_sum_that_jumps_is_serious_and_more_years_allow_more() -> None:
    assert codes(compare(answers(), known(_7701=29295))) == {}
    assert codes(compare(answers(), known(_7701=29294))) == {"jump": "error"}
    stored = known(_7701=29294)
    old = stored["7703"]
    stored["7703"] = replace(old, figures={dt.date(2023, 1, 1): old.figures[BEFORE]})
    assert codes(compare(answers(), stored)) == {}


def test_the_sum_is_the_countrys() -> None:
    assert codes(compare(answers(country=36001))) == {"sum": "error"}
    assert codes(compare(answers(country=0))) == {"no_country": "warning"}


def test_a_figure_that_is_missing_or_nought_is_never_stored() -> None:
    for values in ({"7701": 30000, "7702": 2000}, {"7701": 30000, "7702": 2000, "7703": 0}):
        found = compare(answers(values=values))
        assert codes(found) == {"no_figure": "error"}
        assert found.rows[2].population == {}
        assert dict(found.findings[0].values) == {"count": 1, "numbers": "7703"}


def test_codes_nobody_knows_count_only_with_a_figure() -> None:
    values = dict(answers().figures.values)
    assert codes(compare(answers(values=values | {"7799": 0}))) == {}
    svalbard = answers(values=values | {"2111": 5}, country=sum(values.values()))
    assert codes(compare(svalbard)) == {}
    found = codes(compare(answers(values=values | {"7799": 5})))
    assert found == {"unknown_codes": "error", "sum": "error"}


def test_the_number_of_municipalities_follows_what_has_happened() -> None:
    two = {"7701": "Elveby", "7702": "Myrvang"}
    values = {"7701": 30000, "7702": 6000}
    merged = [("2025-01-01", "7702", "7702"), ("2025-01-01", "7703", "7702")]
    assert codes(compare(answers(two, values), known(_7702=5900))) == {
        "count": "error",
        "gone": "warning",
    }
    assert codes(compare(answers(two, values, changes=merged), known(_7702=5900))) == {}
    # Earlier than the count, it is the other way round.
    later = [("2023-01-01", "7701", "7702"), ("2023-01-01", "7701", "7703")]
    one = answers({"7701": "Elveby", "7704": "Dal"}, {"7701": 9, "7704": 9}, changes=later)
    assert "count" not in codes(
        compare(replace(one, figures=replace(one.figures, day=BEFORE.replace(year=2022))))
    )


def test_a_merger_ends_one_and_keeps_the_other() -> None:
    two = {"7701": "Elveby", "7702": "Myrvang"}
    merged = [("2025-07-01", "7702", "7702"), ("2025-07-01", "7703", "7702")]
    found = compare(answers(two, {"7701": 30000, "7702": 6000}, changes=merged))
    assert found.endings == (Ending("7703", dt.date(2025, 6, 30), ("7702",)),)
    assert found.begun == ()


def test_a_split_and_a_new_number() -> None:
    names = {"7701": "Elveby", "7704": "Nordvang", "7705": "Sørvang", "7713": "Åsvang"}
    values = {"7701": 30000, "7704": 900, "7705": 1100, "7713": 4000}
    split = [
        ("2025-01-01", "7702", "7704"),
        ("2025-01-01", "7702", "7705"),
        ("2025-01-01", "7703", "7713"),
    ]
    found = compare(answers(names, values, changes=split))
    assert found.endings == (
        Ending("7702", dt.date(2024, 12, 31), ("7704", "7705")),
        Ending("7703", dt.date(2024, 12, 31), ("7713",)),
    )
    assert {row.number: row.valid_from for row in found.new} == dict.fromkeys(
        ("7704", "7705", "7713"), BEFORE
    )
    assert codes(found) == {}
    assert found.names["7704"] == "Nordvang"


def test_a_day_somebody_has_entered_stays() -> None:
    merged = [("2025-07-01", "7703", "7702"), ("2025-07-01", "7702", "7702")]
    renumbered = [("2024-01-01", "7700", "7701")]
    stored = known()
    stored["7701"] = replace(stored["7701"], valid_from=dt.date(1838, 1, 1))
    stored["7703"] = replace(stored["7703"], valid_to=dt.date(2025, 6, 29))
    two = answers({"7701": "Elveby", "7702": "Myrvang"}, changes=[*merged, *renumbered])
    found = compare(two, stored)
    assert (found.endings, found.begun) == ((), ())
    assert [row.number for row in compare(two).begun] == ["7701"]


def test_figures_of_an_earlier_day_know_what_ended_later() -> None:
    """Importing 2022 into today's register: the old numbers come in with their last day."""
    day = dt.date(2022, 1, 1)
    renumbered = [("2024-01-01", f"66{n}", f"77{n}") for n in ("01", "02", "03")]
    names = {"6601": "Elveby", "6602": "Myrvang", "6603": "Åsvang"}
    fetched = answers(names, dict.fromkeys(names, 10), day=day, changes=renumbered)
    fetched = replace(fetched, counties=(Code("66", "Viddelen"),))
    counties = {"77": Known("77", "Fjelland"), "66": Known("66", "Viddelen")}
    found = review.review(fetched, known(), counties, TODAY)
    assert [(e.number, str(e.last_day)) for e in found.endings] == [
        (number, "2023-12-31") for number in names
    ]
    assert codes(found) == {}  # 7701 and so on are not gone: they came later


def test_a_county_ends_too() -> None:
    stored = {"77": Known("77", "Fjelland"), "66": Known("66", "Viddelen")}
    moved = [("2024-01-01", "66", "77"), ("2024-01-01", "66", "78")]
    found = compare(answers(county_changes=moved), counties=stored)
    assert found.endings == (Ending("66", dt.date(2023, 12, 31), ("77", "78")),)


def test_what_cannot_be_used_at_all() -> None:
    assert codes(compare(answers(day=dt.date(2026, 4, 1))))["future"] == "stop"
    strange = answers({"7801": "Elveby", "7702": "Myrvang", "7703": "Åsvang"})
    assert codes(compare(strange))["county"] == "stop"


def test_many_numbers_are_counted_instead_of_named() -> None:
    names = {f"77{n:02}": f"K{n}" for n in range(20)}
    found = compare(answers(names, {}, country=5), {})
    said = next(f for f in found.findings if f.code == "no_figure")
    assert said.english.endswith("7700, 7701, 7702, 7703, 7704, 7705, 7706, 7707 (+ 12)")
    assert said.message.startswith("20 kommuner mangler innbyggertall: 7700")


def test_the_fingerprint_is_of_what_is_shown() -> None:
    found = compare(answers())
    assert compare(answers()).fingerprint == found.fingerprint
    for other in (
        compare(answers(), known(_7701=29901)),
        compare(answers(), {}),
        compare(answers(country=36001)),
        compare(answers(values={"7701": 30001, "7702": 2000, "7703": 4000})),
        compare(answers(changes=[("2024-01-01", "7700", "7701")])),
    ):
        assert other.fingerprint != found.fingerprint


def test_every_message_is_there_in_two_languages() -> None:
    for table in (messages.FINDINGS, messages.FAULTS):
        for norwegian, english in table.values():
            assert norwegian[0].isupper() or norwegian.startswith("{")
            assert norwegian.endswith(".")
            assert not english.endswith(".")


NUMBERS = st.sampled_from([f"77{n:02}" for n in range(6)])
DATES = st.sampled_from(["2021-01-01", "2024-01-01", "2025-06-01", "2026-02-01"])


@given(
    st.dictionaries(NUMBERS, st.sampled_from(["A", "B - C"]), min_size=1),
    st.dictionaries(NUMBERS, st.integers(0, 9999)),
    st.lists(st.tuples(DATES, NUMBERS, NUMBERS), max_size=6),
    st.sets(NUMBERS),
)
def test_whatever_is_answered_can_be_compared(
    names: dict[str, str],
    values: dict[str, int],
    changes: list[tuple[str, str, str]],
    stored: set[str],
) -> None:
    register = {number: Known(number, "A", figures={BEFORE: 50}) for number in stored}
    found = compare(answers(names, values, changes=changes), register)
    assert found.total == sum(v for n, v in values.items() if n in names)
    ended = [ending.number for ending in found.endings]
    assert len(ended) == len(set(ended))
    for finding in found.findings:
        assert finding.message
        assert "{" not in finding.message + finding.english

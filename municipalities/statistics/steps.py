"""The questions to Statistics Norway, in the order they are asked. Pure: addresses and readers.

The figures come first, since the newest ones decide the day that everything else is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from municipalities.statistics import formats

TABLE = "01222"
SOURCE = "SSB, tabell 01222"
MUNICIPALITIES, COUNTIES = 131, 104  # the classifications' numbers in Klass
# Before this the numbers and borders were others, and no agreement here reaches further back.
EARLIEST = dt.date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What an address is made of: the day the figures are for (None for the newest), and today."""

    day: dt.date | None
    today: dt.date


@dataclass(frozen=True, slots=True)
class Step:
    """One question: what it is called, where it goes (below a service's base address), its reader.

    Where the `path` is refused, `otherwise` is another way to ask. An `optional` question that is
    refused both ways gets an empty answer.
    """

    key: str
    norwegian: str
    english: str
    service: str
    path: Callable[[Frame], str]
    read: Callable[[bytes], Any]
    otherwise: Callable[[Frame], str] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """Everything that was answered."""

    figures: formats.Figures
    country: formats.Figures
    municipalities: tuple[formats.Code, ...]
    counties: tuple[formats.Code, ...]
    changes: tuple[formats.Change, ...]
    county_changes: tuple[formats.Change, ...]


def _table(region: str, codelist: str = "") -> Callable[[Frame], str]:
    def path(frame: Frame) -> str:
        query = {
            "lang": "no",
            "outputFormat": "json-stat2",
            **({"codelist[Region]": codelist} if codelist else {}),
            "valueCodes[Region]": region,
            "valueCodes[ContentsCode]": "Folketallet1",  # at the start of the quarter
            "valueCodes[Tid]": formats.quarter(frame.day) if frame.day else "top(1)",
        }
        return f"tables/{TABLE}/data?{urlencode(query, quote_via=quote)}"

    return path


def _codes_at(classification: int) -> Callable[[Frame], str]:
    def path(frame: Frame) -> str:
        if frame.day is None:
            raise ValueError("the day is not known yet")
        return f"classifications/{classification}/codesAt?date={frame.day.isoformat()}"

    return path


def _changes(classification: int) -> Callable[[Frame], str]:
    def path(frame: Frame) -> str:
        # The last day of the period is not part of it. To today, so that a municipality of an
        # earlier day gets the day it ended.
        until = max(frame.today, frame.day or frame.today) + dt.timedelta(days=1)
        period = f"from={EARLIEST.isoformat()}&to={until.isoformat()}"
        return f"classifications/{classification}/changes?{period}"

    return path


STEPS = (
    Step(
        "figures",
        "Innbyggertall for kommunene",
        "population of the municipalities",
        "tables",
        _table("*", "vs_Kommun"),
        formats.figures,
    ),
    Step(
        "country",
        "Innbyggertall for hele landet",
        "population of the country",
        "tables",
        _table(formats.COUNTRY, "vs_Landet"),
        formats.figures,
        otherwise=_table(formats.COUNTRY),
        optional=True,
    ),
    Step(
        "municipalities",
        "Listen over kommuner",
        "list of municipalities",
        "classifications",
        _codes_at(MUNICIPALITIES),
        lambda content: formats.codes(content, 4),
    ),
    Step(
        "counties",
        "Listen over fylker",
        "list of counties",
        "classifications",
        _codes_at(COUNTIES),
        lambda content: formats.codes(content, 2),
    ),
    Step(
        "changes",
        "Endringer i kommunene",
        "changes of municipalities",
        "classifications",
        _changes(MUNICIPALITIES),
        lambda content: formats.changes(content, 4),
    ),
    Step(
        "county_changes",
        "Endringer i fylkene",
        "changes of counties",
        "classifications",
        _changes(COUNTIES),
        lambda content: formats.changes(content, 2),
    ),
)
BY_KEY: Mapping[str, Step] = {step.key: step for step in STEPS}


def read(step: Step, content: bytes, day: dt.date | None) -> Any:
    """Read an answer; UnreadableError also when its figures are for another day than asked for."""
    if step.optional and not content and day is not None:
        return formats.Figures(day, {}, {formats.COUNTRY: ""})
    answer = step.read(content)
    if isinstance(answer, formats.Figures):
        if day is not None and answer.day != day:
            raise formats.UnreadableError(f"figures of {answer.day}, {day} was asked for")
        if (step.key == "country") != (formats.COUNTRY in {*answer.values, *answer.missing}):
            raise formats.UnreadableError("figures of other regions than asked for")
    return answer


def days(today: dt.date) -> tuple[dt.date, ...]:
    """Return the days there may be figures for, newest first: every quarter begun since EARLIEST."""
    quarters = [
        dt.date(year, month, 1)
        for year in range(EARLIEST.year, today.year + 1)
        for month in (1, 4, 7, 10)
    ]
    return tuple(day for day in reversed(quarters) if day <= today)

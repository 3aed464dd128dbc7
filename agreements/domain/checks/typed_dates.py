"""Dates, months, quarters, spans of years and lengths of time as people type them in Norwegian text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_MONTH = (
    r"(?:jan(?:uar)?|feb(?:ruar)?|mars?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)"
)
_ORDINALS = {"første": 1, "fyrste": 1, "andre": 2, "tredje": 3, "fjerde": 4}

_DATE = re.compile(
    rf"""(?<![\w/-]) (?:
      (?P<day>\d{{1,2}}) \.?\s{{0,3}} (?P<month>{_MONTH})\b \.?\s{{0,3}} (?P<year>\d{{4}})
    | (?P<day2>\d{{1,2}}) \s?[./]\s? (?P<month2>\d{{1,2}}) \s?[./-]\s? (?P<year2>\d{{4}}|\d{{2}})
    | (?P<year3>\d{{4}}) - (?P<month3>\d{{2}}) - (?P<day3>\d{{2}})
    | (?: Q\s?(?P<quarter>[1-4]) | (?P<quarter2>[1-4])\.?\s{{0,3}}(?:kvartal|kv\b\.?)
        | (?P<ordinal>første|fyrste|andre|tredje|fjerde)\s{{1,3}}kvartal )
      \s{{0,3}} (?: [/,-] | i )? \s{{0,3}} (?P<year4>20\d{{2}}|\d{{2}})
    | (?P<year5>20\d{{2}}) \s?[KQ](?P<quarter3>[1-4])
    | (?P<month6>{_MONTH})\b \.?\s{{0,3}} (?P<year6>\d{{4}})
    ) (?![\w]) """,
    re.VERBOSE | re.IGNORECASE,
)


class Precision(Enum):
    """How much of a date was typed."""

    DAY = auto()
    MONTH = auto()
    QUARTER = auto()


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A date in a text. A month or quarter stands for all its days, first to last."""

    start: int
    end: int
    raw: str
    first: date
    last: date
    precision: Precision


def dates(typed: str) -> Iterator[TypedDate]:
    """Yield the dates in a text in order; what is no day in the calendar is passed over."""
    for match in _DATE.finditer(typed):
        try:
            first, precision = _first_day(match)
        except ValueError:
            continue
        months = {Precision.DAY: 0, Precision.MONTH: 1, Precision.QUARTER: 3}[precision]
        last = _plus_months(first, months) - timedelta(days=1) if months else first
        yield TypedDate(match.start(), match.end(), match.group(), first, last, precision)


def _first_day(match: re.Match[str]) -> tuple[date, Precision]:
    group = match.groupdict()
    if group["day"]:
        month = _month_number(group["month"])
        return date(int(group["year"]), month, int(group["day"])), Precision.DAY
    if group["day2"]:
        return date(_year(group["year2"]), int(group["month2"]), int(group["day2"])), Precision.DAY
    if group["day3"]:
        day, month = int(group["day3"]), int(group["month3"])
        return date(int(group["year3"]), month, day), Precision.DAY
    if group["month6"]:
        return date(int(group["year6"]), _month_number(group["month6"]), 1), Precision.MONTH
    digit = group["quarter"] or group["quarter2"] or group["quarter3"]
    quarter = int(digit) if digit else _ORDINALS[group["ordinal"].lower()]
    year = _year(group["year4"] or group["year5"])
    return date(year, 3 * quarter - 2, 1), Precision.QUARTER


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month_number(text: str) -> int:
    beginning = text.lower()[:3]
    return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(beginning))


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


_YEARS = re.compile(
    r"(?<![\w./-])(20\d\d)\s{0,2}(?:[-–—/]|til)\s{0,2}(20\d\d|\d\d)(?![\w/-])(?!\.\d)"
)


@dataclass(frozen=True, slots=True)
class TypedYears:
    """A span of years in a text, «2026–2028»."""

    start: int
    end: int
    raw: str
    first: int
    last: int


def year_spans(typed: str) -> Iterator[TypedYears]:
    """Yield the spans of years in a text in order."""
    for match in _YEARS.finditer(typed):
        first, last = int(match[1]), _year(match[2])
        if first <= last:
            yield TypedYears(match.start(), match.end(), match.group(), first, last)


_WORDS = {
    **dict.fromkeys(("en", "ei", "ett", "eitt"), 1),
    **dict.fromkeys(("sju", "syv"), 7),
    **dict(zip(("to", "tre", "fire", "fem", "seks"), range(2, 7), strict=True)),
    **dict(zip(("åtte", "ni", "ti"), range(8, 11), strict=True)),
    "tolv": 12,
}
_COUNT = "|".join(sorted(_WORDS, key=len, reverse=True))
_LENGTH = re.compile(
    rf"(?<![\w,./-])(?:(?P<count>\d{{1,2}}|{_COUNT})"
    r"(?:[- ]?årig\w{0,2}|\s{1,3}(?P<unit>år|måneder|månader|månadar)))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypedLength:
    """A length of time in a text, in months: «treårig», «tre år», «36 måneder»."""

    start: int
    end: int
    raw: str
    months: int


def lengths(typed: str) -> Iterator[TypedLength]:
    """Yield the lengths of time in a text in order."""
    for match in _LENGTH.finditer(typed):
        count = match["count"].lower()
        number = int(count) if count.isdigit() else _WORDS[count]
        in_months = match["unit"] is not None and match["unit"].lower() != "år"
        months = number if in_months else 12 * number
        yield TypedLength(match.start(), match.end(), match.group(), months)

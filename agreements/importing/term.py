"""Reading the first and last day of the agreement. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from agreements.importing.lines import Joined
from agreements.importing.numbers import MONTHS

_DATE = re.compile(
    rf"(?<!\d)(?:(\d{{1,2}})\.\s?({'|'.join(MONTHS)})\s+(\d{{4}})|(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\s*(?:(?:og\s+)?(?:var[ea]r\s+|gjeld(?:er)?\s+)?(?:til og med|til|t\.?\s?o\.?\s?m\.?)|[-–—])"
    r"\s*(?:den\s+)?",
    re.IGNORECASE,
)
DURATION_HEADING = re.compile(
    r"varigh|periode|løpetid|gyldig|tidsrom|(?:kor|hvor) lenge", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day, and the lines they stand on."""

    start: date
    end: date
    lines: tuple[int, ...]


def in_duration(texts: Iterable[Joined]) -> Term | None:
    """Return the term from a point about duration: the first two dates of a sentence or paragraph."""
    for text in texts:
        dates = _dates(text.text)
        if len(dates) >= 2 and dates[0][0] < dates[1][0]:
            return Term(dates[0][0], dates[1][0], text.lines(dates[0][1], dates[1][2]))
    return None


def anywhere(texts: Iterable[Joined]) -> Term | None:
    """Return the first «date to date» of any text, for agreements without a point on duration."""
    for text in texts:
        dates = _dates(text.text)
        for (start, begin, stop), (end, next_begin, last) in pairwise(dates):
            if start < end and _UNTIL.fullmatch(text.text[stop:next_begin]):
                return Term(start, end, text.lines(begin, last))
    return None


def _dates(text: str) -> list[tuple[date, int, int]]:
    """Return the dates with where they begin and end. A day that does not exist is no date."""
    found = []
    for match in _DATE.finditer(text):
        day, name, year, short_day, short_month, short_year = match.groups()
        try:
            if name:
                value = date(int(year), MONTHS.index(name.casefold()) + 1, int(day))
            else:
                value = date(int(short_year), int(short_month), int(short_day))
        except ValueError:
            continue
        found.append((value, match.start(), match.end()))
    return found

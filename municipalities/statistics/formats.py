"""Read what Statistics Norway answers: json-stat2 tables and Klass code lists. Pure.

Takes bytes and gives frozen facts, or UnreadableError. Nothing is guessed: a figure that is missing
is missing, with the sign Statistics Norway put in its place.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from municipalities.municipality_file import (
    LONGEST_COUNTY_NAME,
    LONGEST_NAME,
    LONGEST_OFFICIAL_NAME,
)

COUNTRY = "0"
LARGEST_FIGURE = 999_999_999
MOST_CELLS = 800_000
LONGEST_CODE = 10
# Svalbard, Jan Mayen, the continental shelf and «uoppgitt» have numbers but are no municipalities.
NOT_COUNTIES = frozenset({"21", "22", "23", "99"})
# Official names are in the order each municipality has chosen, mostly with the Norwegian name first.
# Where it is not, the Norwegian name is one of these.
NORWEGIAN_LATER = frozenset(
    {
        "Hamarøy",
        "Hattfjelldal",
        "Karasjok",
        "Kautokeino",
        "Kåfjord",
        "Lavangen",
        "Nesseby",
        "Røros",
        "Røyrvik",
        "Snåsa",
        "Tana",
        "Tjeldsund",
    }
)


class UnreadableError(ValueError):
    """The answer is not what the documentation of the service says. `is_json` tells how far off."""

    def __init__(self, what: str, *, is_json: bool = True) -> None:
        super().__init__(what)
        self.is_json = is_json


@dataclass(frozen=True, slots=True)
class Figures:
    """Inhabitants by region code on the first day of a quarter.

    `missing` holds the codes without a figure and the sign that stands there («.», «..», «:»).
    """

    day: dt.date
    values: Mapping[str, int]
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Code:
    """A municipality or county of a code list; `name` may be in several languages."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One code became another, or got a new name, from `day` on."""

    old: str
    old_name: str
    new: str
    new_name: str
    day: dt.date


def quarter(day: dt.date) -> str:
    """Return Statistics Norway's name of the quarter that begins on `day`: 2026K1.

    ValueError when no quarter begins then.
    """
    if day.day != 1 or day.month % 3 != 1:
        raise ValueError(f"{day} is not the first day of a quarter")
    return f"{day.year}K{day.month // 3 + 1}"


def first_day(text: str) -> dt.date:
    """Return the first day of a quarter: 2026K1 -> 2026-01-01."""
    found = re.fullmatch(r"([0-9]{4})K([1-4])", text)
    if not found or found[1] == "0000":
        raise UnreadableError(f"{text[:20]!r} is not a quarter")
    return dt.date(int(found[1]), int(found[2]) * 3 - 2, 1)


def name_parts(name: str) -> tuple[str, ...]:
    """Return the languages of an official name: «Gáivuotna - Kåfjord - Kaivuono» has three.

    What stands in parentheses only tells two of the same name apart: «Våler (Østfold)» is Våler.
    """
    bare = re.sub(r"\s*\([^()]*\)\s*\Z", "", name).strip()
    return tuple(part.strip() for part in re.split(r"\s+[-–]\s+", bare) if part.strip())


def norwegian_name(name: str, known: str = "") -> str:
    """Return the Norwegian part of an official name; the `known` name where it is one of them."""
    parts = name_parts(name)
    if known in parts:
        return known
    return next((part for part in parts if part in NORWEGIAN_LATER), parts[0])


# --- population ----------------------------------------------------------------------------------


def figures(content: bytes) -> Figures:
    """Read a json-stat2 table of regions with one content and one quarter."""
    table = _object(content)
    ids, sizes = table.get("id"), table.get("size")
    if table.get("class") != "dataset" or not isinstance(ids, list) or not isinstance(sizes, list):
        raise UnreadableError("not a json-stat2 dataset")
    if sorted(map(str, ids)) != ["ContentsCode", "Region", "Tid"] or len(sizes) != len(ids):
        raise UnreadableError("the dimensions are not Region, ContentsCode and Tid")
    codes = {name: _index(table, name) for name in ids}
    if [len(codes[name]) for name in ids] != sizes:
        raise UnreadableError("the size does not agree with the categories")
    for name in ("ContentsCode", "Tid"):
        if len(codes[name]) != 1:
            raise UnreadableError(f"{len(codes[name])} categories of {name} instead of one")
    regions = codes["Region"]
    # Only Region has more than one category: its place is the place among the cells.
    cells = _cells(table.get("value"), len(regions), "value")
    signs = _cells(table.get("status"), len(regions), "status")
    values, missing = {}, {}
    for place, code in enumerate(regions):
        if len(code) > LONGEST_CODE or not code.isprintable():
            raise UnreadableError(f"{code[:20]!r} is not a region's code")
        if cells[place] is None:
            missing[code] = str(signs[place] or "")[:10]
        else:
            values[code] = _figure(cells[place], code)
    return Figures(first_day(codes["Tid"][0]), values, missing)


def _index(table: dict[str, Any], name: str) -> list[str]:
    """Return the codes of a dimension in the order of the cells."""
    category = _within(_within(table.get("dimension"), name), "category")
    index = category.get("index")
    if isinstance(index, list):
        codes = index
    elif isinstance(index, dict):
        if any(type(place) is not int for place in index.values()):
            raise UnreadableError(f"the index of {name} is not numbered")
        codes = sorted(index, key=lambda code: index[code])
        if [index[code] for code in codes] != list(range(len(codes))):
            raise UnreadableError(f"the index of {name} has gaps")
    elif isinstance(category.get("label"), dict) and len(category["label"]) == 1:
        codes = list(category["label"])  # one category needs no index
    else:
        raise UnreadableError(f"{name} has no index")
    if not all(isinstance(code, str) for code in codes) or len(set(codes)) != len(codes):
        raise UnreadableError(f"the codes of {name} are not different texts")
    return codes


def _within(value: object, name: str) -> dict[str, Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        raise UnreadableError(f"{name} is missing")
    return inner


def _cells(given: object, count: int, what: str) -> list[Any]:
    """Return the cells in order: json-stat2 gives all of them, only some by place, or one for all."""
    if count > MOST_CELLS:
        raise UnreadableError(f"{count} cells")
    if isinstance(given, list):
        if len(given) != count:
            raise UnreadableError(f"{len(given)} of {what} for {count} cells")
        return given
    if isinstance(given, dict):
        places = {str(place) for place in range(count)}
        if not given.keys() <= places:
            raise UnreadableError(f"{what} has a place outside the table")
        return [given.get(str(place)) for place in range(count)]
    if what == "status" and (given is None or isinstance(given, str)):
        return [given] * count
    raise UnreadableError(f"{what} is missing")


def _figure(value: object, code: str) -> int:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if type(value) is not int or not 0 <= value <= LARGEST_FIGURE:
        raise UnreadableError(f"{str(value)[:20]!r} cannot be the inhabitants of {code}")
    return value


# --- code lists ----------------------------------------------------------------------------------


def codes(content: bytes, digits: int) -> tuple[Code, ...]:
    """Read a Klass code list: municipalities have four digits, counties two. Others are left out."""
    found = {}
    for item in _items(content, "codes"):
        number = _text(item, "code", 20)
        if not _counts(number, digits):
            continue
        if number in found:
            raise UnreadableError(f"the code {number} occurs twice")
        name = _text(item, "name", LONGEST_OFFICIAL_NAME)
        longest = LONGEST_COUNTY_NAME if digits == 2 else LONGEST_NAME
        if not name_parts(name) or len(norwegian_name(name)) > longest:
            raise UnreadableError(f"{number} has no name that can be used")
        found[number] = Code(number, name)
    if not found:
        raise UnreadableError("there are no codes in the list")
    return tuple(found.values())


def changes(content: bytes, digits: int) -> tuple[Change, ...]:
    """Read a Klass list of changes, in the order of their dates. It may be empty."""
    found = []
    for item in _items(content, "codeChanges"):
        old, new = (_text(item, name, 20, optional=True) for name in ("oldCode", "newCode"))
        if not all(_counts(number, digits) for number in (old, new) if number):
            continue
        try:
            day = dt.date.fromisoformat(_text(item, "changeOccurred", 10))
        except ValueError as error:
            raise UnreadableError("changeOccurred is not a date") from error
        names = [
            _text(item, name, LONGEST_OFFICIAL_NAME, optional=True)
            for name in ("oldName", "newName")
        ]
        found.append(Change(old, names[0], new, names[1], day))
    return tuple(sorted(found, key=lambda change: (change.day, change.old, change.new)))


def _counts(number: str, digits: int) -> bool:
    return bool(re.fullmatch(f"[0-9]{{{digits}}}", number)) and number[:2] not in NOT_COUNTIES


def _items(content: bytes, name: str) -> list[dict[str, Any]]:
    items = _object(content).get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableError(f"{name} is missing")
    return items


def _text(item: dict[str, Any], name: str, longest: int, *, optional: bool = False) -> str:
    value = item.get(name)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise UnreadableError(f"{name} is not a text of at most {longest} characters")
    if any(ord(sign) < 32 for sign in value):
        raise UnreadableError(f"{name} has control characters")
    return value.strip()


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON ({str(error)[:80]})", is_json=False) from error
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object")
    return value

"""Read a file of municipalities and population figures. Pure: takes bytes, gives rows or refuses.

The columns are those of a table with one line for each municipality: `municipality_number`,
`name_norwegian`, `official_name`, `county_number`, `county_name`, and for each date a column
`population_2025_01_01`. Other columns are left alone. The separator is a comma, semicolon or tab; the
text is UTF-8 (with or without byte order mark) or ISO-8859-1, which SSB's Klass still delivers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from municipalities import characters

REQUIRED = ("municipality_number", "name_norwegian", "county_number")
LONGEST_NAME = 80
LONGEST_OFFICIAL_NAME = 120
LONGEST_COUNTY_NAME = 60

_POPULATION = re.compile(r"population_([0-9]{4})_([0-9]{2})_([0-9]{2})")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class RefusedFileError(ValueError):
    """The file cannot be used. `row` is its line number, None when it is about the whole file."""

    def __init__(self, what: str, row: int | None = None) -> None:
        super().__init__(f"row {row}: {what}" if row else what)
        self.row = row


@dataclass(frozen=True, slots=True)
class FileRow:
    """One municipality as the file has it. `county_name` and `official_name` may be empty.

    `valid_from` is None where the source does not say when the municipality began.
    """

    row: int
    number: str
    name: str
    official_name: str
    county_number: str
    county_name: str
    population: Mapping[dt.date, int]
    valid_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A municipality (four digits) or county (two) that ended, and the numbers it became."""

    number: str
    last_day: dt.date
    successors: tuple[str, ...] = ()


def read(content: bytes) -> tuple[FileRow, ...]:
    """Read the whole file; RefusedFileError says what is wrong and where."""
    lines = csv.reader(io.StringIO(_text(content), newline=""), delimiter=_separator(content))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        dates = _dates(header)
        # The reader counts physical lines; a quoted line break is within the last of them.
        numbered = ((lines.line_num, cells) for cells in lines)
        rows = tuple(_rows(numbered, header, dates))
    except csv.Error as error:
        raise RefusedFileError(f"not a table ({error})", lines.line_num) from error
    if not rows:
        raise RefusedFileError("there are no municipalities in it")
    _refuse_contradictions(rows)
    return rows


def _text(content: bytes) -> str:
    if not content.strip():
        raise RefusedFileError("the file is empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("iso-8859-1")
    if _NOT_TEXT.search(text):
        raise RefusedFileError("not a text file")
    return text


def _separator(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return max(",;\t", key=lambda separator: first.count(separator.encode()))


def _dates(header: list[str]) -> dict[str, dt.date]:
    """Find the population columns, and refuse a header that is not this table's."""
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise RefusedFileError(f"the column {missing[0]} is missing", 1)
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise RefusedFileError(f"the column {twice} occurs twice", 1)
    dates = {}
    for name in header:
        if found := _POPULATION.fullmatch(name):
            try:
                dates[name] = dt.date(*map(int, found.groups()))
            except ValueError as error:
                raise RefusedFileError(f"the column {name} is not a date", 1) from error
        elif name.startswith("population"):
            raise RefusedFileError(f"the column {name} must be like population_2025_01_01", 1)
    return dates


def _rows(
    lines: Iterator[tuple[int, list[str]]], header: list[str], dates: dict[str, dt.date]
) -> Iterator[FileRow]:
    for row, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise RefusedFileError(f"{len(cells)} columns, the header has {len(header)}", row)
        yield _row(row, dict(zip(header, map(_cell, cells), strict=True)), dates)


def _cell(text: str) -> str:
    """What a cell says: names are printed in agreements, in NFC and without what cannot be seen."""
    return characters.clean(text).strip()


def _row(row: int, cells: dict[str, str], dates: dict[str, dt.date]) -> FileRow:
    number, county = cells["municipality_number"], cells["county_number"]
    if not re.fullmatch("[0-9]{4}", number):
        raise RefusedFileError(f"municipality_number must be four digits, not {number!r}", row)
    if not re.fullmatch("[0-9]{2}", county):
        raise RefusedFileError(f"county_number must be two digits, not {county!r}", row)
    if not number.startswith(county):
        raise RefusedFileError(f"municipality {number} cannot be in county {county}", row)
    for name, longest, needed in (
        ("name_norwegian", LONGEST_NAME, True),
        ("official_name", LONGEST_OFFICIAL_NAME, False),
        ("county_name", LONGEST_COUNTY_NAME, False),
    ):
        text = cells.get(name, "")
        if needed and not text:
            raise RefusedFileError(f"{name} is missing", row)
        if len(text) > longest or "\n" in text:
            raise RefusedFileError(f"{name} must be one line of at most {longest} characters", row)
        if characters.unprintable(text):
            raise RefusedFileError(f"{name} has characters that cannot be printed: {text!a}", row)
    return FileRow(
        row=row,
        number=number,
        name=cells["name_norwegian"],
        official_name=cells.get("official_name", ""),
        county_number=county,
        county_name=cells.get("county_name", ""),
        population={
            day: _population(row, name, cells[name]) for name, day in dates.items() if cells[name]
        },
    )


def _population(row: int, column: str, text: str) -> int:
    # Nine digits hold any country; longer numbers do not fit the database.
    if not re.fullmatch("[0-9]{1,9}", text):
        raise RefusedFileError(f"{column} must be a whole number, not {text[:40]!r}", row)
    return int(text)


def _refuse_contradictions(rows: tuple[FileRow, ...]) -> None:
    numbers: dict[str, int] = {}
    counties: dict[str, str] = {}
    for row in rows:
        first = numbers.setdefault(row.number, row.row)
        if first != row.row:
            raise RefusedFileError(f"municipality {row.number} is on row {first} too", row.row)
        if row.county_name:
            name = counties.setdefault(row.county_number, row.county_name)
            if name != row.county_name:
                raise RefusedFileError(
                    f"county {row.county_number} is {row.county_name!r} here and {name!r} above",
                    row.row,
                )

"""Tables whose cells are parted by a sign: Word and Excel (tab), CSV (; or ,), Markdown (|). Pure."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from financing.verification.numbers import Style, clean, is_absent, read_number
from financing.verification.words import is_year

Grid = list[list[str]]

_DELIMITERS = ("\t", ";", "|")


def find_delimiter(lines: Sequence[str]) -> str | None:
    """Return the sign between the cells, None where only spaces part them."""
    for sign in _DELIMITERS:
        if sum(1 for line in lines if sign in line.strip(" ")) >= 2:
            return sign
    # A comma also parts decimals: it is the sign only where the field before the first one is a
    # name and nothing else («Ringerike 31 793 14,50 …» is a line of a PDF).
    names = [line.partition(",") for line in lines if line.count(",") >= 2]
    plain = [name for name, _comma, _rest in names if name and not re.search(r"\d", name)]
    return "," if len(plain) >= 2 and len(plain) * 2 > len(names) else None


def read_grid(text: str, delimiter: str) -> Grid:
    """Return the cells, line by line. Cells that were broken over lines are put together again."""
    lines = text.splitlines()
    if delimiter == "|":
        lines = [line.strip().removeprefix("|").removesuffix("|") for line in lines]
        lines = [line for line in lines if not re.fullmatch(r"[\s|:\-]*", line)]
    quoting: Literal[0, 3] = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    try:
        raw = list(
            csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, quoting=quoting)
        )
    except csv.Error:
        raw = [line.split(delimiter) for line in lines]
    rows = [[cell.strip() for cell in row] for row in raw]
    rows = [row for row in rows if any(row)]
    width = _width(rows)
    return _join_broken(rows, width)


def _width(rows: Grid) -> int:
    """Return how many cells most lines have; of equally common widths, the widest."""
    counts = Counter(len(row) for row in rows if len(row) > 1)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _join_broken(rows: Grid, width: int) -> Grid:
    """Put lines together where a line break inside a cell has parted them.

    The last cell of one line and the first of the next are then one cell. Only done where the
    parts make exactly one line of the table, and the next line does not begin with a name.
    """
    joined: Grid = []
    at = _heading_end(rows, width)
    if at:
        joined.extend(_whole_heading(rows[:at], width))
    while at < len(rows):
        row, end = rows[at], at + 1
        while len(row) < width and end < len(rows) and _continues(row, rows[end], width):
            row = [*row[:-1], f"{row[-1]} {rows[end][0]}".strip(), *rows[end][1:]]
            end += 1
        while len(row) == width and end < len(rows) and _ends(row[-1], rows[end]):
            row = [*row[:-1], f"{row[-1]} {rows[end][0]}"]
            end += 1
        if len(row) <= width:
            joined.append(row)
            at = end
        else:  # the parts made too long a line: leave them as they are
            joined.append(rows[at])
            at += 1
    return joined


def _continues(row: list[str], following: list[str], width: int) -> bool:
    begins_with_name = re.match(r"[^\W\d]", following[0]) and not following[0].startswith("kr")
    wrapped_name = len(row) == 1 and following[0][:1].islower()
    return len(row) + len(following) - 1 <= width and (not begins_with_name or wrapped_name)


def _ends(cell: str, following: list[str]) -> bool:
    """Whether a line is no more than the end of the last cell above it: «1 148 » and «286,0»."""
    if len(following) != 1:
        return False
    if re.fullmatch(r"kr\.?|nok", cell, re.IGNORECASE):
        return is_data(["", *following])
    return bool(
        re.search(r"(?:^|\s)\d{1,3}$", cell)
        and re.fullmatch(r"\d{3}(?:\s\d{3})*(?:[.,]\d+|,-)?", following[0])
    )


def _heading_end(rows: Grid, width: int) -> int:
    """Return how many lines stand before the first line of data."""
    for at, row in enumerate(rows):
        if is_data(row):
            return at
    return len(rows) if width > 1 else 0


def is_data(row: Sequence[str]) -> bool:
    """Whether a line has a number that is not a year, after its first cell."""
    numbers = [cell for cell in row[1:] if not is_absent(cell) and not is_year(clean(cell))]
    return any(read_number(cell, Style.NORWEGIAN) or _english(cell) for cell in numbers)


def _english(cell: str) -> bool:
    return read_number(cell, Style.ENGLISH) is not None


def _whole_heading(rows: Grid, width: int) -> Grid:
    """Return the heading's lines as full lines; the broken ones put together where that fits."""
    if not any(len(row) == width for row in rows):
        for first in range(len(rows)):  # a title above the table is no part of the heading
            whole = [""]
            for row in rows[first:]:
                whole = [*whole[:-1], f"{whole[-1]} {row[0]}".strip(), *row[1:]]
            if len(whole) == width:
                return [whole]
    return [row for row in rows if len(row) > 1]

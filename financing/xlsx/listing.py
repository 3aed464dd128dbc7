"""Sheets that list: a heading, one table with a row of heads, and notes under it. Pure.

A number is a number with its format and a time is a time, so that a reader can sort and add; everything
else is text, which never becomes a formula. What is longer than a cell may be goes on in the row below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from financing.figures import printed_rows
from financing.terms import Row, Status, Table
from financing.words import table_words
from financing.xlsx import package, style

_HEAD = 4  # the row of the heads
_WIDEST, _NARROWEST = 60, 10  # letters of a column
_NUMBER = 14  # letters of a column of numbers, at least
SIGNED = "+#,##0.00;\u2212#,##0.00;0.00"
PLAIN = "0"  # a year, or a number in a row of numbers: without a space
MOMENT = "dd.mm.yyyy hh:mm:ss"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or a time without a zone, and how it is shown."""

    value: Decimal | int | dt.datetime
    form: str


Value = str | Figure | None
SUMS = ("sum", "total")


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `kind` is row, own (it stands out), sum or total."""

    values: tuple[Value, ...]
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class Listing:
    """A sheet. Columns from `numbers_from` have numbers, and their heads stand to the right."""

    name: str
    lead: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    numbers_from: int = 99
    notes: tuple[str, ...] = ()
    filtered: bool = False


def money(amount: Decimal | None) -> Figure | None:
    """Kroner; nothing where there is no amount."""
    return None if amount is None else Figure(amount, style.MONEY)


def signed(amount: Decimal | None) -> Figure | None:
    """A difference in kroner, with its sign."""
    return None if amount is None else Figure(amount, SIGNED)


def contributions(
    table: Table, name: str, lead: str, notes: Iterable[str], language: str
) -> Listing:
    """List a contribution table with all its years. The amounts are those of the table."""
    words = table_words(language)
    lines = []
    for line in printed_rows(table):
        if isinstance(line, Row):
            basis: tuple[Value, ...] = (
                words.status(line.status) or words.confirmed,
                None if line.population is None else Figure(line.population, style.INTEGER),
                None if line.rate is None else Figure(line.rate, style.RATE),
                money(line.base_amount),
            )
            label, kind, paid = line.name, "row", line.status is not Status.DECLINED
        else:
            basis = (None,) * 4
            label, paid = words.label(line), True
            kind = "total" if line.code == "total" else "sum"
        amounts = [money(cell) if paid else None for cell in line.cells]
        lines.append(Line((label, *basis, *amounts), kind))
    heads = (words.contributor, "Status", words.population, words.rate, words.base_amount)
    return Listing(
        name, lead, (*heads, *map(str, table.years)), tuple(lines), 2, notes=tuple(notes)
    )


def workbook(
    listings: Iterable[Listing], title: str, language: str, stamp: str, page: str = "Side"
) -> bytes:
    """Return the sheets as an XLSX file in this language (nb or nn): the same gives the same bytes.

    `stamp` is what the foot of every page says of the content.
    """
    book = Workbook()
    book.remove(book.active)
    taken: list[str] = []
    for listing in listings:
        taken.append(style.sheet_name(listing.name, taken))
        sheet = book.create_sheet(taken[-1])
        _write(sheet, title, listing)
        style.on_paper(sheet, title, stamp, page)
    return package.save(book, title, language)


def _write(sheet: Worksheet, title: str, listing: Listing) -> None:
    style.heading(sheet, 1, title, size=14)
    style.text(sheet, 2, 1, listing.lead)
    numbers_from = listing.numbers_from + 1
    style.heads(sheet, _HEAD, listing.heads, numbers_from=numbers_from)
    row = _HEAD
    for line in listing.lines:
        for values in _parted(line.values):
            row += 1
            _line(sheet, row, values)
        if line.kind in SUMS:
            style.sum_line(sheet, row, len(listing.heads))
        elif line.kind == "own":
            style.bold(sheet, row, len(listing.heads))
    last = get_column_letter(len(listing.heads))
    if listing.filtered and listing.lines:
        sheet.auto_filter.ref = f"A{_HEAD}:{last}{row}"
    for note in listing.notes:
        row += 2 if note is listing.notes[0] else 1
        style.text(sheet, row, 1, note)
    style.widths(sheet, *(_width(listing, column) for column in range(len(listing.heads))))
    sheet.freeze_panes = sheet.cell(
        _HEAD + 1, 2 if listing.numbers_from < len(listing.heads) else 1
    )
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"


def _line(sheet: Worksheet, row: int, values: Sequence[Value]) -> None:
    for column, value in enumerate(values, start=1):
        if isinstance(value, Figure):
            cell = sheet.cell(row, column, value.value)
            cell.number_format = value.form
            cell.alignment = Alignment(vertical="top")
        elif value:
            cell = style.text(sheet, row, column, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)


def _parted(values: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """The values as one row, or as more where a text is longer than a cell may be."""
    parts = [
        [value[at : at + style.LONGEST_TEXT] for at in range(0, len(value), style.LONGEST_TEXT)]
        if isinstance(value, str)
        else [value]
        for value in values
    ]
    yield from zip_longest(*parts)


def _width(listing: Listing, column: int) -> float:
    """As wide as the longest line of a text, within reason."""
    least = _NUMBER if column >= listing.numbers_from else _NARROWEST
    longest = least
    for line in listing.lines:
        value = line.values[column]
        if isinstance(value, str):
            longest = max(longest, *(len(part) for part in value.split("\n")))
        elif value is not None:
            longest = max(longest, len(MOMENT) if value.form == MOMENT else len(f"{value.value:,}"))
    return min(longest, _WIDEST) + 2

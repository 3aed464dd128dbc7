"""Sheets that list: a heading, one table with a row of heads, and notes under it. Pure.

A number is a number with its format and a time is a time, so that a reader can sort and add; everything
else is text, which never becomes a formula. What is longer than a cell can show goes on in the row below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from financing.figures import printed_rows
from financing.terms import Row, Status, Table
from financing.words import table_words
from financing.xlsx import package, style

_HEAD = 4  # the row of the heads
_WIDEST, _NARROWEST = 40, 10  # letters of a column
_POINTS = 15.0  # of a line
_TALLEST = 26  # lines: Excel has no higher rows than 409 points
_FULL = 0.9  # of a line, before it is parted: words are not cut, and fonts are not alike
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
    """A sheet. Columns from `numbers_from` have numbers, and their heads stand to the right.

    `widest` is how many letters wide the columns may be, in order; else forty. A text with more lines
    than a row can be high goes on in a row below, with what else the row has said again; where a line is
    one row whatever it holds (`whole`), no more than `tall` lines of it show. `printed` is how many of the
    columns are put on paper; none means all.
    """

    name: str
    lead: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    numbers_from: int = 99
    notes: tuple[str, ...] = ()
    filtered: bool = False
    widest: tuple[int, ...] = ()
    whole: bool = False
    tall: int = _TALLEST
    printed: int = 0


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
    widths = [_width(listing, column) for column in range(len(listing.heads))]
    row = _HEAD
    for line in listing.lines:
        for values in [line.values] if listing.whole else _parted(line.values, widths):
            row += 1
            _line(sheet, row, values, listing)
            on_paper = list(zip(values, widths, strict=True))[: listing.printed or None]
            lines = max(len(_shown(value, width)) for value, width in on_paper)
            if lines > 1:
                sheet.row_dimensions[row].height = _POINTS * min(lines, listing.tall)
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
    style.widths(sheet, *widths)
    if listing.printed:
        sheet.print_area = f"A1:{get_column_letter(listing.printed)}{row}"
    sheet.freeze_panes = sheet.cell(
        _HEAD + 1, 2 if listing.numbers_from < len(listing.heads) else 1
    )
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"


def _line(sheet: Worksheet, row: int, values: Sequence[Value], listing: Listing) -> None:
    """Write a row. What is not put on paper stays on one line, and makes no row higher."""
    wrapped = listing.printed or len(values)
    for column, value in enumerate(values, start=1):
        if isinstance(value, Figure):
            cell = sheet.cell(row, column, value.value)
            cell.number_format = value.form
            side = "right" if column > listing.numbers_from else "left"
            cell.alignment = Alignment(horizontal=side, vertical="top")
        elif value:
            cell = style.text(sheet, row, column, value)
            cell.alignment = Alignment(vertical="top", wrap_text=column <= wrapped)


def _shown(value: Value, width: float) -> list[str]:
    """The lines that a text takes in a column, roughly: what is typed as a line may be several."""
    if not isinstance(value, str):
        return [""]
    room = max(1, int(width * _FULL))
    return [
        line[at : at + room]
        for line in value.split("\n")
        for at in range(0, max(1, len(line)), room)
    ]


def _parted(values: Sequence[Value], widths: Sequence[float]) -> Iterator[tuple[Value, ...]]:
    """The values as one row, or as more where a text is longer than a cell can show."""
    parts = [_pieces(value, width) for value, width in zip(values, widths, strict=True)]
    for at in range(max(map(len, parts))):
        # What is whole is said again: every row can be found and sorted by it.
        yield tuple(
            piece[0] if len(piece) == 1 else piece[at] if at < len(piece) else None
            for piece in parts
        )


def _pieces(value: Value, width: float) -> list[Value]:
    """A text in pieces that each fit a cell, parted between lines or words; a number is one."""
    if not isinstance(value, str) or len(_shown(value, width)) <= _TALLEST:
        return [value]
    most = int(width * _FULL) * _TALLEST
    made: list[Value] = []
    kept: list[str] = []
    for whole in value.split("\n"):
        for number, line in enumerate(_cut(whole, most)):
            if number or (kept and len(_shown("\n".join([*kept, line]), width)) > _TALLEST):
                made.append("\n".join(kept))
                kept = []
            kept.append(line)
    return [*made, "\n".join(kept)]


def _cut(line: str, most: int) -> Iterator[str]:
    """A line in parts of so many letters at most, after a space where there is one near."""
    while len(line) > most:
        at = line.rfind(" ", most // 2, most) + 1 or most
        yield line[:at]
        line = line[at:]
    yield line


def _width(listing: Listing, column: int) -> float:
    """As wide as the longest line of a text, within reason."""
    most = listing.widest[column] if column < len(listing.widest) else _WIDEST
    longest = _NUMBER if column >= listing.numbers_from else _NARROWEST
    for line in listing.lines:
        value = line.values[column]
        if isinstance(value, str):
            longest = max(longest, *(len(part) for part in value.split("\n")))
        elif value is not None:
            longest = max(longest, len(MOMENT) if value.form == MOMENT else len(f"{value.value:,}"))
    return min(longest, most) + 2

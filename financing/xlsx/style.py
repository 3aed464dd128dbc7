"""How cells look, and how text gets into them without ever becoming a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from math import ceil

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MONEY = "#,##0.00"  # Excel shows it as 102 442,50 where Norwegian is set
RATE = "#,##0.00##"
INTEGER = "#,##0"
PERCENT = "General"  # 4,1 and 100, where 0.#### would print a lone comma
FACTOR = "0.00000000"
LONGEST_NAME = 31
LONGEST_TEXT = 32_000  # letters of a cell: Excel takes 767 more
_LONGEST_LINE = 100  # letters over and under a page
_NARROW = 12  # letters on a line of a heading
FIRST_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# What no XML file may hold: the workbook would not open.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Names that Excel keeps for itself, in the languages a Norwegian reader may have.
_RESERVED = {"history", "historikk", "logg"}

_INPUT = PatternFill("solid", fgColor="FFF6E5")
_HEAD = PatternFill("solid", fgColor="DCECE8")
_LINE = Side(style="thin", color="5B5D60")
_FONT = "Calibri"
BOLD = Font(name=_FONT, size=11, bold=True)


def text(sheet: Worksheet, row: int, column: int, value: str, *, bold: bool = False) -> Cell:
    """Write text, whatever it begins with."""
    cell = sheet.cell(row, column)
    written = _NO_XML.sub("", value)
    cell.value = written
    cell.data_type = "s"
    if written.startswith(FIRST_SIGNS):
        cell.quotePrefix = True  # nor does it become one when somebody edits the cell
    if bold:
        cell.font = BOLD
    return cell


def heading(sheet: Worksheet, row: int, value: str, *, size: int = 12) -> None:
    """Write a heading over what follows."""
    text(sheet, row, 1, value).font = Font(name=_FONT, size=size, bold=True)


def heads(sheet: Worksheet, row: int, names: Iterable[str], *, numbers_from: int = 99) -> None:
    """Write the headings of a table's columns; those of numbers to the right.

    The row is as high as the longest of them takes in the narrowest column there is.
    """
    names = list(names)
    sheet.row_dimensions[row].height = 15 * max(ceil(len(name) / _NARROW) for name in names)
    for column, name in enumerate(names, start=1):
        cell = text(sheet, row, column, name, bold=True)
        cell.fill = _HEAD
        side = "right" if column >= numbers_from else "left"
        cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True)
        cell.border = Border(bottom=_LINE)


def number(
    sheet: Worksheet, row: int, column: int, value: Decimal | int | None, form: str
) -> str | None:
    """Write a number that may be changed; return its address, None where there is none."""
    if value is None:
        return None
    cell = sheet.cell(row, column, value)
    cell.number_format = form
    cell.fill = _INPUT
    return address(cell)


def choice(sheet: Worksheet, row: int, column: int, value: str) -> str:
    """Write a word that may be changed for another."""
    cell = text(sheet, row, column, value)
    cell.fill = _INPUT
    return address(cell)


def formula(
    sheet: Worksheet, row: int, column: int, value: str, form: str, *, bold: bool = False
) -> Cell:
    """Write a formula, given without its sign of equality."""
    cell = sheet.cell(row, column, f"={value}")
    cell.number_format = form
    if bold:
        cell.font = BOLD
    return cell


def address(cell: Cell) -> str:
    """The cell from any sheet, never moved by copying."""
    return f"{quoted(cell.parent.title)}!${cell.column_letter}${cell.row}"


def span(sheet: Worksheet, column: int, first: int, last: int) -> str:
    """The cells of a column from row `first` to `last`, from any sheet."""
    letter = get_column_letter(column)
    return f"{quoted(sheet.title)}!${letter}${first}:${letter}${last}"


def quoted(name: str) -> str:
    """A sheet's name as it stands in a formula."""
    return "'" + name.replace("'", "''") + "'"


def sum_line(sheet: Worksheet, row: int, columns: int) -> None:
    """Draw the line over a sum, and print the row in bold."""
    for column in range(1, columns + 1):
        cell = sheet.cell(row, column)
        cell.font = BOLD
        cell.border = Border(top=_LINE)


def bold(sheet: Worksheet, row: int, columns: int) -> None:
    """Print a row in bold."""
    for column in range(1, columns + 1):
        sheet.cell(row, column).font = BOLD


def widths(sheet: Worksheet, *sizes: float) -> None:
    """Set the widths of the columns from the first, in letters."""
    for column, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = size


def on_paper(sheet: Worksheet, title: str, stamp: str, page: str) -> None:
    """A4 on its side, one page wide and as many high as need be.

    Over each page stands the title, under it the stamp and «Side 1 av 2»; `page` is the word for a page.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = _plain(title)
    sheet.oddFooter.left.text = _plain(stamp)
    sheet.oddFooter.right.text = f"{page} &P av &N"


def _plain(said: str) -> str:
    """A text in a header or footer, where & begins a field. Excel takes 255 letters of them all."""
    return _NO_XML.sub("", " ".join(said.split()))[:_LONGEST_LINE].replace("&", "&&")


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that Excel takes, and that no other sheet has: it knows no capitals from small."""
    used = {name.casefold() for name in taken}
    plain = (
        " ".join(_FORBIDDEN.sub(" ", _NO_XML.sub("", wanted)).split()).strip("'") or "Alternativ"
    )
    if plain.casefold() in _RESERVED:
        plain = f"{plain} (ark)"
    name, count = plain[:LONGEST_NAME].rstrip(" '"), 1
    while name.casefold() in used:
        count += 1
        ending = f" ({count})"
        name = plain[: LONGEST_NAME - len(ending)].rstrip(" '") + ending
    return name

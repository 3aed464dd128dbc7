"""A Report as a workbook: its text on the first sheet, and each of its tables on one of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agreements.documents import grids
from agreements.documents.chapters import Chapter, Note, Report
from agreements.documents.excel.text import lines_of
from agreements.documents.excel.words import SHEETS
from agreements.documents.word.content import Grid
from agreements.documents.words import WORDS
from financing.xlsx import listing, style
from financing.xlsx.listing import Figure, Line, Listing, Value
from municipalities import norwegian


def report_xlsx(report: Report, name: str) -> bytes:
    """Return the workbook; `name` is of the sheet with the text.

    A number on paper is a number in its cell: read back as it is printed, to the øre.
    """
    words = SHEETS[report.language]
    taken, tables = [name], []
    text: list[Line] = [Line((label, value)) for label, value in report.facts]
    for chapter in report.chapters:
        notes = tuple(block.text for block in chapter.blocks if isinstance(block, Note))
        found = grids.joined([block for block in chapter.blocks if isinstance(block, Grid)])
        names = []
        for grid in found:
            names.append(style.sheet_name(chapter.heading, taken))
            taken.append(names[-1])
            tables.append(_table(grid, names[-1], notes if grid is found[-1] else ()))
        text += [Line((chapter.heading, line)) for line in _lines(chapter)]
        text += [Line((chapter.heading, words.see_sheet.format(one))) for one in names]
    lead = f"{report.eyebrow}. {report.stamp}."
    first = Listing(name, lead, words.chapter_heads, tuple(text), filtered=True, widest=(40, 100))
    return listing.workbook(
        [first, *tables],
        report.title,
        report.language.value,
        report.stamp,
        WORDS[report.language].page,
    )


def _lines(chapter: Chapter) -> Iterator[str]:
    for block in chapter.blocks:
        if not isinstance(block, Grid | Note):
            yield from lines_of((block,))


def _table(grid: Grid, name: str, notes: tuple[str, ...]) -> Listing:
    head, *rows = grid.rows
    lines = tuple(
        Line(
            tuple(
                _value(cell) if column >= grid.numbers_from else cell
                for column, cell in enumerate(row.cells)
            ),
            row.kind,
        )
        for row in rows
    )
    return Listing(name, grid.caption, head.cells, lines, grid.numbers_from, notes)


def _value(cell: str) -> Value:
    """A printed number as the number it is; anything else as it stands."""
    try:
        value = norwegian.parse_decimal(cell.removeprefix("+"))
    except ValueError:
        return cell
    decimals = len(cell.partition(",")[2])
    if cell.startswith(("+", norwegian.MINUS)):
        return Figure(value, listing.SIGNED)
    if not decimals:
        return Figure(int(value), style.INTEGER)
    # As many decimals as are printed: 14,50 is not written as 14,5.
    return Figure(value.quantize(Decimal(1).scaleb(-decimals)), _form(decimals))


def _form(decimals: int) -> str:
    return style.MONEY if decimals == 2 else style.RATE

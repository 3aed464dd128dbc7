"""The sheets put together, the control, and the finished file."""

from __future__ import annotations

from decimal import Decimal

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from financing.study import Study
from financing.xlsx import alternative as own_sheet
from financing.xlsx import assumptions, keys, package, style
from financing.xlsx.alternative import Line
from financing.xlsx.words import Say, speaker

CONTROL = "Kontroll"
SAME = "Regnearket stemmer med programmet: ingen forskjeller."
_DIFFERING = " beløp er ikke som i programmet: noe er endret."
_KEPT = "«I programmet» er beløpene slik de var da filen ble laget. De endres ikke."


def workbook(study: Study, stamp: str = "") -> bytes:
    """Return the workbook of a plan as an XLSX file. The same plan gives the same bytes.

    `stamp` is what the foot of every page says of the content; without one nothing is said.
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    say = speaker(study.language)
    first.title = say(assumptions.NAME)
    known = assumptions.write(first, study)
    names = [say(name) for name in (assumptions.NAME, keys.NAME, CONTROL)]
    sheets = []
    for alternative, _table in study.alternatives:
        sheets.append(book.create_sheet(style.sheet_name(alternative.name, names)))
        names.append(sheets[-1].title)
    parts = (
        keys.write(book.create_sheet(say(keys.NAME)), study, known) if keys.has_keys(study) else {}
    )
    lines = [
        own_sheet.write(sheet, number, alternative, table, known, parts)
        for number, (sheet, (alternative, table)) in enumerate(
            zip(sheets, study.alternatives, strict=True)
        )
    ]
    control = book.create_sheet(say(CONTROL))
    _control(control, study, lines, say)
    for sheet in book.worksheets:
        style.on_paper(sheet, study.name, stamp, say("Side"))
    book.calculation.fullCalcOnLoad = True
    shown = _shown(lines, control, say)
    return package.save(book, study.name, study.language, study.population_date, shown)


def _control(sheet: Worksheet, study: Study, lines: list[tuple[Line, ...]], say: Say) -> None:
    """Hold every amount of the workbook against the program's own."""
    same, differing = say(SAME), say(_DIFFERING)
    style.heading(sheet, 1, say(CONTROL), size=14)
    style.text(sheet, 3, 1, say(_KEPT))
    heads = ("Alternativ", "Linje", "År", "I regnearket", "I programmet", "Forskjell")
    style.heads(sheet, 5, map(say, heads), numbers_from=3)
    row = 5
    for (alternative, _table), printed in zip(study.alternatives, lines, strict=True):
        for line in printed:
            for year, (place, amount) in zip(study.years, line.cells, strict=True):
                row += 1
                style.text(sheet, row, 1, alternative.name)
                style.text(sheet, row, 2, line.label)
                sheet.cell(row, 3, year)
                style.formula(sheet, row, 4, place, style.MONEY)
                sheet.cell(row, 5, amount).number_format = style.MONEY
                style.formula(sheet, row, 6, f"ROUND(D{row}-E{row},2)", style.MONEY)
    differ = f'COUNTIF(F6:F{max(row, 6)},"<>0")'
    told = f'IF({differ}=0,"{same}",{differ}&"{differing}")'
    style.formula(sheet, 2, 1, told if row > 5 else f'"{same}"', "General", bold=True)
    red = CellIsRule(
        operator="notEqual",
        formula=["0"],
        font=Font(bold=True, color="8A0F0F"),
        fill=PatternFill("solid", bgColor="FFE0E0"),
    )
    sheet.conditional_formatting.add(f"F6:F{max(row, 6)}", red)
    sheet.freeze_panes = "A6"
    sheet.print_title_rows = "5:5"
    style.widths(sheet, 40, 40, 8, 18, 18, 14)


def _shown(
    lines: list[tuple[Line, ...]], control: Worksheet, say: Say
) -> dict[str, dict[str, str]]:
    """What cells show before anything is reckoned, by sheet: a preview reckons nothing."""
    shown: dict[str, dict[str, str]] = {control.title: {"A2": say(SAME)}}
    row = 5
    for printed in lines:
        for place, amount in (cell for line in printed for cell in line.cells):
            row += 1
            title, _, cell = place.rpartition("!")
            name = title[1:-1].replace("''", "'")
            shown.setdefault(name, {})[cell.replace("$", "")] = f"{amount:f}"
            shown[control.title] |= {f"D{row}": f"{amount:f}", f"F{row}": f"{Decimal(0):f}"}
    return shown

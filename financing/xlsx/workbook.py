"""The sheets put together, the control, and the finished file."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from financing.study import Study
from financing.xlsx import alternative as own_sheet
from financing.xlsx import assumptions, keys, style
from financing.xlsx.alternative import Line
from financing.xlsx.words import Say, speaker

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROL = "Kontroll"
SAME = "Regnearket stemmer med programmet: ingen forskjeller."
_DIFFERING = " beløp er ikke som i programmet: noe er endret."
_KEPT = "«I programmet» er beløpene slik de var da filen ble laget. De endres ikke."
_MAKER = "Samarbeidsavtaler"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # of a file in a ZIP archive


def workbook(study: Study) -> bytes:
    """Return the workbook of a plan as an XLSX file. The same plan gives the same bytes."""
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
    book.properties.title = study.name
    book.properties.creator = book.properties.lastModifiedBy = _MAKER
    book.properties.language = f"{study.language}-NO"
    book.properties.created = dt.datetime.combine(study.population_date, dt.time())
    book.calculation.fullCalcOnLoad = True
    kept = io.BytesIO()
    book.save(kept)
    return _finished(kept.getvalue(), book, _shown(lines, control, say))


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
    style.widths(sheet, 40, 40, 8, 18, 18, 14)
    style.on_paper(sheet)


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


_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>')


def _finished(content: bytes, book: Workbook, shown: dict[str, dict[str, str]]) -> bytes:
    """Write the file once more: with what its formulas show, with our name, and without the clock."""
    sheets = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(book.sheetnames, 1)}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            if name in sheets:
                text = _with_values(text, shown.get(sheets[name], {}))
            elif name == "docProps/app.xml":
                text = re.sub("(?<=<Application>)[^<]*", _MAKER, text)
            elif name == "docProps/core.xml":
                created = book.properties.created
                assert created is not None
                stamp = f">{created:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>"
                text = re.sub(r">[^<]*</dcterms:modified>", stamp, text)
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, text.encode("utf-8"))
    return made.getvalue()


def _with_values(text: str, shown: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        value = shown.get(place)
        if value is None:
            return match.group()
        kind = "" if value.replace(".", "").isdigit() else ' t="str"'
        return f'<c r="{place}"{attributes}{kind}><f>{formula}</f><v>{escape(value)}</v></c>'

    return _FORMULA.sub(put, text)

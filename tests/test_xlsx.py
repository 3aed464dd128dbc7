"""The workbook of a plan: its formulas give the program's own amounts, and follow what is changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from financing import xlsx
from financing.calculation import Row, Status, calculate
from financing.figures import printed_rows
from financing.study import Study
from financing.xlsx import style
from financing.xlsx.workbook import SAME
from tests import spreadsheets
from tests.spreadsheets import YEARS, computed, needs_libreoffice, to_ore

FIRST_ROW, FIRST_YEAR = 4, 6
OWN = ("Forutsetninger", "Nøkler", "Kontroll")


def opened(study: Study, **options: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.workbook(study)), **options)


def amounts(book: Workbook, study: Study) -> Iterator[tuple[str, str, int, object, Decimal]]:
    """Yield (sheet, line, year, value of the cell, our own amount) for all that is printed."""
    sheets = [name for name in book.sheetnames if name not in OWN]
    for name, (_alternative, table) in zip(sheets, study.alternatives, strict=True):
        for at, line in enumerate(printed_rows(table), start=FIRST_ROW):
            label = line.name if isinstance(line, Row) else line.label
            assert book[name].cell(at, 1).value == label
            for column, amount in enumerate(line.cells):
                value = book[name].cell(at, FIRST_YEAR + column).value
                yield name, label, study.years[column], value, amount


def differing(book: Workbook, study: Study) -> list[tuple[object, ...]]:
    return [
        (name, label, year, value, amount)
        for name, label, year, value, amount in amounts(book, study)
        if to_ore(value) != amount
    ]


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return {"rules": spreadsheets.every_rule(), "keys": spreadsheets.every_key()}


@needs_libreoffice
def test_every_formula_gives_the_programs_own_amount(
    studies: dict[str, Study], tmp_path: Path
) -> None:
    books = computed({name: xlsx.workbook(study) for name, study in studies.items()}, tmp_path)
    for name, study in studies.items():
        assert differing(books[name], study) == []
        control = books[name]["Kontroll"]
        assert control["A2"].value == SAME
        differences = [row[5].value for row in control.iter_rows(min_row=6)]
        assert len(differences) >= len(list(amounts(books[name], study)))
        assert set(differences) == {0}


@needs_libreoffice
def test_what_is_changed_in_the_sheet_is_calculated_anew(tmp_path: Path) -> None:
    """A rate, a percent, a status and a key's whole are changed, as the program would do it."""
    before = spreadsheets.every_rule()
    book = opened(before)
    sheet = book["Forutsetninger"]
    places = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    sheet.cell(places["Eid"].row, 4).value = "bidrar ikke"
    rule_1 = next(c for row in sheet.iter_rows() for c in row if c.value == "Regel 1")
    sheet.cell(rule_1.row, 6).value = 20
    sheet.cell(rule_1.row + 5, 7).value = 777777
    growth = next(
        c for row in sheet.iter_rows() for c in row if c.value == "Vekst fra året før, prosent"
    )
    sheet.cell(growth.row, 3).value = 7
    kept = io.BytesIO()
    book.save(kept)
    payers = tuple(
        replace(p, status=Status.DECLINED) if p.name == "Eid" else p for p in before.contributors
    )
    first = before.alternatives[0][0]
    rules = list(first.rules)
    rules[0] = replace(rules[0], rate=Decimal(20))
    rules[5] = replace(rules[5], amount=Decimal(777777))
    index = (replace(first.index[0], percent=Decimal(7)), *first.index[1:])
    changed = replace(first, rules=tuple(rules), index=index)
    others = [(alt, calculate(payers, alt, YEARS)) for alt, _ in before.alternatives[1:]]
    after = replace(before, alternatives=((changed, calculate(payers, changed, YEARS)), *others))
    made = computed({"changed": kept.getvalue()}, tmp_path)["changed"]
    assert differing(made, after) == []
    assert re.fullmatch(
        r"\d+ beløp er ikke som i programmet: noe er endret\.", made["Kontroll"]["A2"].value
    )


def test_every_amount_is_a_formula_and_shows_our_own_before_it_is_computed(
    studies: dict[str, Study],
) -> None:
    for study in studies.values():
        for *place, value, _amount in amounts(opened(study), study):
            assert isinstance(value, str), place
            assert value.startswith("="), place
        shown = opened(study, data_only=True)
        assert differing(shown, study) == []
        assert shown["Kontroll"]["A2"].value == SAME


def test_an_amount_is_rounded_once(studies: dict[str, Study]) -> None:
    book = opened(studies["rules"])
    sheet = book.worksheets[1]
    assert sheet["F4"].value.count("ROUND") == 1
    assert re.search(r"MIN\(.*MAX\(", sheet["F4"].value)


def test_text_never_becomes_a_formula(studies: dict[str, Study]) -> None:
    book = opened(studies["rules"])
    texts = {
        cell.value: cell
        for row in book["Forutsetninger"].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "s"
    }
    for written in ("=1+1 kommune", "@Elveby sender faktura.", "+47 timer til kurs"):
        assert texts[written].quotePrefix
    evil = replace(studies["rules"], name="=cmd|' /C calc'!A0", region="\x07-2\x00\ufffe")
    sheet = opened(evil)["Forutsetninger"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert sheet["B2"].value == "-2"


def test_sheets_are_named_so_that_excel_opens_them(studies: dict[str, Study]) -> None:
    names = opened(studies["rules"]).sheetnames
    assert names[0] == "Forutsetninger"
    assert names[-2:] == ["Nøkler", "Kontroll"]
    assert "KONTROLL (2)" in names
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Alternativ 1", (), "Alternativ 1"),
        ("a/b:c", (), "a b c"),
        ("a\x01\uffff\n\tb", (), "a b"),
        ("'''", (), "Alternativ"),
        ("", ("alternativ",), "Alternativ (2)"),
        ("History", (), "History (ark)"),
        ("x" * 40, (), "x" * 31),
        ("x" * 40, ("x" * 31, "x" * 27 + " (2)"), "x" * 27 + " (3)"),
    ],
)
def test_a_sheet_name_is_short_plain_and_its_own(
    wanted: str, taken: tuple[str, ...], name: str
) -> None:
    assert style.sheet_name(wanted, taken) == name


def test_the_same_plan_gives_the_same_bytes_and_says_who_made_it(
    studies: dict[str, Study],
) -> None:
    content = xlsx.workbook(studies["rules"])
    assert content == xlsx.workbook(spreadsheets.every_rule())
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.title == "Plan for Fjordregionen"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<Application>Samarbeidsavtaler<" in archive.read("docProps/app.xml")
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_the_sheets_are_made_to_be_read(studies: dict[str, Study]) -> None:
    book = opened(studies["rules"])
    for sheet in book.worksheets[1:-2]:
        assert sheet.freeze_panes == "B4"
        assert sheet["F4"].number_format == "#,##0.00"
        assert sheet.page_setup.orientation == "landscape"
    notes = [row[0].value for row in book.worksheets[1].iter_rows() if row[0].value]
    assert any(str(note).startswith("Avrunding: nærmeste øre.") for note in notes)


def test_columns_that_no_rule_uses_are_hidden(studies: dict[str, Study]) -> None:
    whole = studies["rules"]
    plain = replace(whole.alternatives[0][0], rules=spreadsheets.RULES[:2])
    few = spreadsheets.a_study(plain)
    for study, hidden in ((whole, ""), (few, "HIJKMNO")):
        columns = opened(study)["Forutsetninger"].column_dimensions
        assert "".join(name for name in "EFGHIJKLMNOP" if columns[name].hidden) == hidden


def test_a_plan_without_alternatives_has_only_its_assumptions() -> None:
    book = opened(replace(spreadsheets.every_rule(), alternatives=()))
    assert book.sheetnames == ["Forutsetninger", "Kontroll"]

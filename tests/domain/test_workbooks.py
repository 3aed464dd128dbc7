"""Workbooks of an agreement and of a report: whatever is written comes out as it is, and is no formula."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings

from agreements.documents import grids
from agreements.documents.chapters import Chapter, Note, Report, paragraph
from agreements.documents.excel import agreement_xlsx, report_xlsx
from agreements.documents.excel.text import lines_of
from agreements.documents.issue import draft
from agreements.documents.word.content import Grid, GridRow
from agreements.domain.document import Clause, Document, Language
from agreements.domain.resolve import resolve
from financing.xlsx import listing
from financing.xlsx.listing import Line, Listing
from tests import builders
from tests.domain.agreement_documents import documents
from tests.office_documents import walk

HIGHEST, LONGEST = 409, 32_767  # points of a row and letters of a cell: Excel takes no more


def squeezed(text: str) -> str:
    return "".join(text.split())


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def points(document: Document) -> list[tuple[str, str]]:
    """Number and text of each point as they stand in the workbook, what goes on put together."""
    sheet = opened(agreement_xlsx(document, draft(document))).worksheets[1]
    found: dict[str, list[str]] = {}
    for row in sheet.iter_rows(min_row=5, values_only=True):
        if row[0]:
            found.setdefault(row[0], []).append(row[2] or "")
    return [(number, "\n".join(texts)) for number, texts in found.items()]


@settings(max_examples=25)
@given(documents())
def test_any_text_is_in_the_workbook_and_is_no_formula(document: Document) -> None:
    book = opened(agreement_xlsx(document, draft(document)))
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f"
            assert len(str(cell.value or "")) <= LONGEST
        assert all((d.height or 0) <= HIGHEST for d in sheet.row_dimensions.values())
    place = {Language.BOKMAL: "Se arket «Bidrag».", Language.NYNORSK: "Sjå arket «Bidrag»."}
    wanted = [
        (clause.number, squeezed("".join(lines_of(clause.blocks, place[document.language]))))
        for clause in walk(resolve(document).clauses)
    ]
    assert [(number, squeezed(text)) for number, text in points(document)] == wanted


@pytest.mark.parametrize(
    "text",
    ["\n\n".join(f"Avsnitt {n} av mange." for n in range(90)), "ord " * 12_000, "x" * 40_000],
    ids=["paragraphs", "words", "word"],
)
def test_a_text_longer_than_a_cell_can_show_goes_on_in_the_row_below(text: str) -> None:
    document = builders.a_document(
        clauses=(Clause("a", "Langt", text), Clause("b", "Kort", "Slutt."))
    )
    sheet = opened(agreement_xlsx(document, draft(document)))["Punkter"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    assert len(rows) > 3
    # Every row says which point it is of.
    assert {row[:2] for row in rows[:-1]} == {("1", "Langt")}
    assert rows[-1] == ("2", "Kort", "Slutt.")
    assert squeezed("".join(row[2] for row in rows[:-1])) == squeezed(text)
    assert all((d.height or 0) <= HIGHEST for d in sheet.row_dimensions.values())


def test_a_heading_that_looks_like_a_field_or_a_formula_is_text_over_the_page() -> None:
    document = builders.a_document(title="=A1 & B2 &P")
    sheet = opened(agreement_xlsx(document, draft(document))).worksheets[0]
    assert sheet.oddHeader.left.text == "=A1 && B2 &&P"
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=A1 & B2 &P", "s")


def test_sums_are_set_apart_and_notes_stand_under_the_table() -> None:
    table = builders.a_table()
    made = listing.contributions(table, "Bidrag", "Om.", ["En merknad."], "nb")
    sheet = opened(listing.workbook([made], "Tittel", "nb", "Utkast")).active
    bold = [row[0].value for row in sheet.iter_rows(min_row=5) if row[0].font.bold]
    assert bold == [
        *("Sum Fjelland", "Sum Skogland", "Sum alle bidrag", "Sum uten ubekreftede bidrag")
    ]
    assert sheet["A16"].value == "En merknad."
    assert [cell.value for cell in sheet[5]][2:] == [30005, 10.5, 0, 315052.5, 327969.65, 341416.41]


def test_sheets_of_one_name_are_two_sheets() -> None:
    same = Listing("Likt", "", ("A", "B"), (Line(("x", "y")),))
    assert opened(listing.workbook([same, same], "T", "nb", "")).sheetnames == ["Likt", "Likt (2)"]


def test_what_goes_on_in_the_row_below_is_parted_between_words() -> None:
    words = " ".join(f"ord{number:04}" for number in range(600))
    text = f"Først.\n{words}\n{'x' * 3000}"
    made = Listing("Ark", "", ("A", "B"), (Line(("1", text)),))
    sheet = opened(listing.workbook([made], "T", "nb", "")).active
    parts = [row[1] for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]]
    assert len(parts) > 5
    assert squeezed("".join(parts)) == squeezed(text)
    assert " ".join(parts).split()[:601] == ["Først.", *words.split()]
    assert max(len(line) for part in parts for line in part.split("\n")) <= 42 * 26


# --- reports -------------------------------------------------------------------------------------


def a_grid(*rows: tuple[str, ...]) -> Grid:
    head, *others = rows
    made = (GridRow("head", head), *(GridRow("row", row) for row in others))
    return Grid("contributions", made, (50.0,) * len(head), 1, "Tabell")


def test_a_table_that_was_parted_for_paper_is_one_table_again() -> None:
    first = a_grid(("Navn", "I dag", "A"), ("x", "1,00", "2,00"))
    second = a_grid(("Navn", "I dag", "B"), ("x", "1,00", "2,00"))
    other = a_grid(("Navn", "I dag"), ("y", "1,00"))
    made = grids.joined([first, second, other])
    assert [[row.cells for row in grid.rows] for grid in made] == [
        [("Navn", "I dag", "A", "B"), ("x", "1,00", "2,00", "2,00")],
        [("Navn", "I dag"), ("y", "1,00")],
    ]


def test_a_printed_number_is_a_number_in_its_cell_and_other_words_are_words() -> None:
    cells = (
        "102\u00a0442,50",
        "+34\u00a0780,00",
        "−23\u00a0180,00",
        "14,125",
        "7\u00a0065",
        "–",
        "",
    )
    grid = a_grid(("Navn", *map(str, range(len(cells)))), ("2026", *cells))
    report = Report(
        "Tittel",
        Language.BOKMAL,
        "Utkast",
        "Utkast",
        "Tittel",
        (("Til", "Hole"),),
        (Chapter("a", "Tall", 1, (paragraph("Først."), grid, Note("Merk."))),),
    )
    text, sheet = opened(report_xlsx(report, "Tekst")).worksheets
    assert list(text.iter_rows(min_row=5, values_only=True)) == [
        ("Til", "Hole"),
        ("Tall", "Først."),
        ("Tall", "Se arket «Tall»."),
    ]
    values = [cell.value for cell in sheet[5]]
    assert values == ["2026", 102442.5, 34780, -23180, 14.125, 7065, "–", None]
    assert [cell.number_format for cell in sheet[5]][1:6] == [
        *("#,##0.00", listing.SIGNED, listing.SIGNED, "#,##0.00##", "#,##0")
    ]
    assert sheet["A7"].value == "Merk."


def test_an_amount_goes_in_and_out_of_its_printed_form_unchanged() -> None:
    amounts = [Decimal(text) for text in ("0.00", "0.05", "-0.10", "1234567.89", "-102442.50")]
    grid = a_grid(("Navn", "Beløp"), *((str(n), grids.money(a)) for n, a in enumerate(amounts)))
    report = Report("T", Language.BOKMAL, "", "", "T", (), (Chapter("a", "Tall", 1, (grid,)),))
    sheet = opened(report_xlsx(report, "Tekst")).worksheets[1]
    found = [Decimal(repr(row[1])) for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert found == amounts

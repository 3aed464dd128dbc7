"""Word and Excel of every document, opened in LibreOffice and held against what they are made of."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import docx as python_docx
import openpyxl
import pytest
from openpyxl import Workbook
from pypdf import PdfReader

from agreements.documents.excel.text import lines_of
from agreements.domain.document import Language
from agreements.domain.resolve import resolve
from financing.calculation import Row, Status, Table
from financing.figures import printed_rows
from financing.words import table_words
from tests import libreoffice, office_documents
from tests.libreoffice import needs_calc, needs_writer, pages, squeezed
from tests.office_documents import CASES, a_document, a_study, events
from tests.spreadsheets import to_ore
from tests.test_xlsx import differing

NB, NN = Language.BOKMAL, Language.NYNORSK
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTRIBUTOR = {NB: "Bidragsyter", NN: "Bidragsytar"}
Files = dict[str, bytes]


def key(kind: str, language: Language) -> str:
    return f"{kind}-{language.value}"


@pytest.fixture(scope="module")
def word_files() -> Files:
    return {key(*case): office_documents.word(*case) for case in CASES}


@pytest.fixture(scope="module")
def excel_files() -> Files:
    return {key(*case): office_documents.excel(*case) for case in CASES}


@pytest.fixture(scope="module")
def word_pdfs(word_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """All the Word documents as LibreOffice prints them."""
    named = {f"{name}.docx": content for name, content in word_files.items()}
    return libreoffice.converted(named, "pdf", libreoffice.shared(tmp_path_factory, "word"))


@pytest.fixture(scope="module")
def excel_pdfs(excel_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    named = {f"{name}.xlsx": content for name, content in excel_files.items()}
    return libreoffice.converted(named, "pdf", libreoffice.shared(tmp_path_factory, "excel"))


@pytest.fixture(scope="module")
def books(excel_files: Files, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """All the workbooks as LibreOffice has read them, and computed what is a formula."""
    named = {f"{name}.xlsx": content for name, content in excel_files.items()}
    target = "xlsx:Calc MS Excel 2007 XML"
    made = libreoffice.converted(named, target, libreoffice.shared(tmp_path_factory, "books"))
    return {
        name: openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        for name, content in made.items()
    }


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows under the heads, to the first that is empty."""
    found = list(sheet.iter_rows(min_row=5, values_only=True))
    empty = next((at for at, row in enumerate(found) if not any(row)), len(found))
    return found[:empty]


# --- Word ----------------------------------------------------------------------------------------


@needs_writer
@pytest.mark.parametrize(("kind", "language"), CASES)
def test_libreoffice_shows_every_word_and_amount_of_a_word_document_in_order(
    kind: str, language: Language, word_pdfs: Files
) -> None:
    header, stamp = office_documents.title(kind, language), office_documents.stamp(kind, language)
    found = pages(word_pdfs[key(kind, language)])
    text = libreoffice.running_text(found, header, stamp)
    wanted = list(office_documents.words(kind, language))
    assert len(wanted) > 100
    assert libreoffice.in_order(text, wanted) == []


@needs_writer
@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_table_over_several_pages_has_its_heads_on_each(
    kind: str, language: Language, word_pdfs: Files
) -> None:
    found = pages(word_pdfs[key(kind, language)])
    row = r"\d+RitaRedaktør" if kind == "record" else r"Kommune\d\d(?:kommune)?[\d−–(]"
    head = "Nr.TidspunktHvemHvaKontrollsum" if kind == "record" else CONTRIBUTOR[language]
    with_rows = [page for page in found if len(re.findall(row, page)) > 3]
    assert len(with_rows) > 1
    assert [page[:200] for page in with_rows if head not in page] == []


@needs_writer
@pytest.mark.parametrize(("kind", "language"), CASES)
def test_word_pages_are_a4_and_the_outline_has_the_headings(
    kind: str, language: Language, word_pdfs: Files
) -> None:
    reader = PdfReader(io.BytesIO(word_pdfs[key(kind, language)]))
    sizes = {
        (round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in reader.pages
    }
    assert sizes == {(595, 842)}
    found = list(map(squeezed, libreoffice.outline(word_pdfs[key(kind, language)])))
    wanted = [squeezed(heading) for _, heading in office_documents.headings(kind, language)]
    if kind == "agreement":
        wanted += ["Vedlegg", "Underskrifter"]
    assert found == wanted


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_word_document_is_made_of_real_headings_tables_and_fields(
    kind: str, language: Language, word_files: Files
) -> None:
    read = python_docx.Document(io.BytesIO(word_files[key(kind, language)]))
    found = [
        (int(p.style.name.removeprefix("Heading ")), p.text)
        for p in read.paragraphs
        if p.style.name.startswith("Heading ")
    ]
    assert [level for level, _ in found] == [
        n for n, _ in office_documents.headings(kind, language)
    ]
    assert read.core_properties.title == office_documents.title(kind, language)
    figures = [table for table in read.tables if len(table.columns) > 2]
    assert figures
    for table in figures:
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
        assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in table.rows)
    footer = read.sections[0].footer._element.xml
    assert office_documents.stamp(kind, language) in footer
    for field in ("PAGE", "NUMPAGES"):
        assert f'w:instr=" {field} "' in footer
    # The record is in bokmål, but for the title of the agreement.
    own = NB if kind == "record" else language
    tag = f"{own.value}-NO"
    assert f'<w:lang w:val="{tag}"' in read.styles.element.xml
    assert read.core_properties.language == tag
    in_runs = re.findall(r'<w:lang w:val="([^"]+)"/>', read.element.xml)
    assert in_runs == (["nn-NO"] if (kind, language) == ("record", NN) else [])


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_the_numbers_of_word_tables_stand_to_the_right_with_all_their_decimals(
    kind: str, language: Language, word_files: Files
) -> None:
    read = python_docx.Document(io.BytesIO(word_files[key(kind, language)]))
    amounts = 0
    for cell in (c for table in read.tables for row in table.rows for c in row.cells[1:]):
        if re.fullmatch(r"[+−]?\d{1,3}(\u00a0\d{3})*,\d\d", cell.text):
            amounts += 1
            assert cell.paragraphs[0].paragraph_format.alignment == 2, cell.text
    assert amounts > 100 or kind == "record"


@needs_writer
def test_word_counts_the_points_of_an_agreement_itself(word_files: Files) -> None:
    """The numbers are in the printed text, and not in the file's."""
    read = python_docx.Document(io.BytesIO(word_files[key("agreement", NB)]))
    headings = [p.text for p in read.paragraphs if p.style.name.startswith("Heading ")]
    assert not [text for text in headings if re.match(r"\d", text)]
    level = read.styles["Heading 2"].element.find(f".//{W}ilvl")
    assert level.get(f"{W}val") == "1"


# --- Excel ---------------------------------------------------------------------------------------


@needs_calc
@pytest.mark.parametrize(("kind", "language"), CASES)
def test_libreoffice_reads_the_cells_that_were_written(
    kind: str, language: Language, excel_files: Files, books: dict[str, Workbook]
) -> None:
    ours = openpyxl.load_workbook(io.BytesIO(excel_files[key(kind, language)]))
    theirs = books[key(kind, language)]
    assert ours.sheetnames == theirs.sheetnames
    compared = formulas = 0
    for sheet in ours.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if cell.data_type == "f":
                formulas += 1
                continue
            read = theirs[sheet.title][cell.coordinate].value
            compared += 1
            if isinstance(cell.value, float):
                assert read == pytest.approx(cell.value)
            else:
                assert read == cell.value, (sheet.title, cell.coordinate)
    assert compared > 100
    assert bool(formulas) == (kind == "contributions"), "text is never a formula"


@needs_calc
@pytest.mark.parametrize("language", [NB, NN])
def test_the_workbook_of_an_agreement_is_the_document(
    language: Language, books: dict[str, Workbook]
) -> None:
    document, book = a_document(language), books[key("agreement", language)]
    parties, points, services, contributions, attachments = book.worksheets
    names = {
        NB: "Parter Punkter Tjenester Bidrag Vedlegg",
        NN: "Partar Punkt Tenester Bidrag Vedlegg",
    }
    assert book.sheetnames == names[language].split()
    assert [row[0] for row in rows(parties)] == [party.body.name for party in document.parties]
    assert [row[3] for row in rows(parties)] == [p.signatory_name for p in document.parties]
    told: dict[str, list[str]] = {}
    for number, heading, text in rows(points):
        told.setdefault(f"{number} {heading}", []).append(text or "")
    wanted = {}
    place = {NB: "Se arket «Bidrag».", NN: "Sjå arket «Bidrag»."}[language]
    for clause in office_documents.walk(resolve(document).clauses):
        wanted[f"{clause.number} {clause.heading}"] = "\n".join(lines_of(clause.blocks, place))
    assert list(told) == list(wanted)
    assert {name: "\n".join(texts) for name, texts in told.items()} == wanted
    found = rows(services)
    assert list(dict.fromkeys(row[0] for row in found)) == [s.text for s in document.services]
    assert [row[2:] for row in found[:3]] == [
        (None, None, None),
        ("Myrvang", {NB: "kjøpt i tillegg", NN: "kjøpt i tillegg"}[language], 12500.5),
        ("Åsvang", {NB: "ikke med", NN: "ikkje med"}[language], None),
    ]
    assert document.financing is not None
    assert amounts(contributions, document.financing.table, language) == 64
    notes = [str(row[0]) for row in contributions.iter_rows(values_only=True)]
    assert document.financing.invoicing in " ".join(notes)
    assert [row[1:] for row in rows(attachments)] == [
        ("Evaluering 2025", None),
        ("Databehandleravtale", "offl. § 13"),
    ]


def amounts(sheet: Any, table: Table, language: Language) -> int:
    """Hold every line of a contribution table against its row; return how many there are."""
    found = rows(sheet)
    lines = printed_rows(table)
    words = table_words(language.value)
    for line, row in zip(lines, found, strict=True):
        own = isinstance(line, Row)
        assert row[0] == (line.name if isinstance(line, Row) else words.label(line))
        if isinstance(line, Row) and line.status is Status.DECLINED:
            assert set(row[5:]) == {None}
            continue
        assert [to_ore(value) for value in row[5:]] == list(line.cells)
        if own and line.population is not None:
            assert row[2] == line.population
    return len(found)


@needs_calc
@pytest.mark.parametrize("language", [NB, NN])
def test_the_workbook_of_the_comparison_has_every_amount_of_every_year(
    language: Language, books: dict[str, Workbook]
) -> None:
    book = books[key("comparison", language)]
    beside, *alone = book.worksheets
    first, second = (table for _, table in a_study().alternatives)
    found = {(row[0], row[1]): row for row in rows(beside)}
    for place, year in enumerate(a_study().years):
        for one, other in zip(first.rows, second.rows, strict=True):
            row = found[year, one.name]
            if one.status is Status.DECLINED:
                assert set(row[3:]) == {None}
                continue
            both = one.cells[place], other.cells[place]
            assert [to_ore(value) for value in row[3:]] == [*both, both[1] - both[0]]
        total = found[year, first.total.label]
        assert to_ore(total[3]) == first.total.cells[place]
    for sheet, table in zip(alone, (first, second), strict=True):
        assert sheet.title == table.alternative
        assert amounts(sheet, table, language) == len(printed_rows(table))


@needs_calc
@pytest.mark.parametrize("language", [NB, NN])
def test_the_workbook_with_formulas_reckons_every_amount(
    language: Language, books: dict[str, Workbook]
) -> None:
    book = books[key("contributions", language)]
    if language is NB:
        assert differing(book, a_study()) == []
    assert {row[5] for row in book["Kontroll"].iter_rows(min_row=6, values_only=True)} == {0}


@needs_calc
@pytest.mark.parametrize("language", [NB, NN])
def test_the_workbook_of_the_case_paper_has_its_text_and_its_tables(
    language: Language, books: dict[str, Workbook]
) -> None:
    book, paper = books[key("casepaper", language)], office_documents.a_paper(language)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = squeezed(" ".join(value for value in cells if isinstance(value, str)))
    for piece in office_documents.words("casepaper", language):
        if not re.fullmatch(r"[+−]?[\d\u00a0]+(,\d+)?", piece):
            assert squeezed(piece) in texts, piece
    table = paper.tables[0]
    sheet = next(s for s in book.worksheets if s.title.startswith(table.alternative))
    for line, row in zip(printed_rows(table), rows(sheet), strict=True):
        assert [to_ore(value) for value in row[-3:]] == list(line.cells)


@needs_calc
@pytest.mark.parametrize("language", [NB, NN])
def test_the_workbook_of_the_record_has_a_row_with_real_times_for_each_event(
    language: Language, books: dict[str, Workbook]
) -> None:
    (sheet,) = books[key("record", language)].worksheets
    assert sheet["B4"].value == "Tidspunkt (norsk tid)"
    found = rows(sheet)
    assert len(found) == len(events())
    for event, row in zip(events(), found, strict=True):
        zone = f"{event.at:%z}"
        assert row[:3] == (event.number, event.at.replace(tzinfo=None), f"{zone[:3]}:{zone[3:]}")
        assert row[3:6] == (event.actor, event.organisation, event.text)
        assert (row[6], row[-1]) == (event.version, event.hash)
    # The hour that comes twice is told apart by how far it is from UTC.
    assert [row[1].hour for row in found[:2]] == [2, 2]
    assert [row[2] for row in found[:2]] == ["+02:00", "+01:00"]
    cut = found[6][8]
    assert len(cut) <= 32_767
    assert cut.endswith("hele teksten er i CSV-filen]")


@needs_calc
@pytest.mark.parametrize(("kind", "language"), CASES)
def test_excel_is_printed_on_a4_with_heads_and_numbers_on_every_page(
    kind: str, language: Language, excel_pdfs: Files
) -> None:
    content = excel_pdfs[key(kind, language)]
    reader = PdfReader(io.BytesIO(content))
    sizes = {
        (round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in reader.pages
    }
    assert sizes == {(842, 595)}
    found, stamp = pages(content), office_documents.stamp(kind, language)
    for number, page in enumerate(found, start=1):
        assert squeezed(f"Side {number} av {len(found)}") in page
        assert squeezed(stamp) in page
    row = r"RitaRedaktør" if kind == "record" else r"Kommune\d\d"
    head = "NummerTidspunkt(norsktid)" if kind == "record" else CONTRIBUTOR[language]
    with_rows = [page for page in found if len(re.findall(row, page)) > 3]
    assert len(with_rows) > 1
    # The control of the workbook with formulas has heads of its own.
    heads = (head, "AlternativLinjeÅr") if kind == "contributions" else (head,)
    assert [page[:200] for page in with_rows if not any(one in page for one in heads)] == []


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_workbook_is_made_to_be_read(kind: str, language: Language, excel_files: Files) -> None:
    content = excel_files[key(kind, language)]
    book = openpyxl.load_workbook(io.BytesIO(content))
    own = NB if kind == "record" else language
    plan = a_study().name if kind == "contributions" else office_documents.title(kind, language)
    assert (book.properties.title, book.properties.language) == (plan, f"{own.value}-NO")
    for sheet in book.worksheets:
        assert int(sheet.page_setup.paperSize) == 9, "A4"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter.right.text == "Side &P av &N"
        if kind != "contributions":
            assert sheet.freeze_panes in ("A5", "B5")
            assert sheet.print_title_rows == "$4:$4"
            for height in (d.height for d in sheet.row_dimensions.values() if d.height):
                assert height <= 409, "Excel has no higher rows"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_the_same_content_gives_the_same_bytes(
    kind: str, language: Language, word_files: Files, excel_files: Files
) -> None:
    assert office_documents.word(kind, language) == word_files[key(kind, language)]
    assert office_documents.excel(kind, language) == excel_files[key(kind, language)]


def test_amounts_in_a_workbook_are_whole_ore(excel_files: Files) -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel_files[key("agreement", NB)]))
    cells = [cell for row in book["Bidrag"].iter_rows(min_row=5, min_col=6) for cell in row]
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    assert {cell.number_format for cell in numbers} == {"#,##0.00"}
    assert all(Decimal(repr(cell.value)) == to_ore(cell.value) for cell in numbers)

"""The files of an agreement's plan: what is downloaded, what the command writes, what is on paper."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import page as page_validation
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from agreements import documents
from agreements.documents import comparison
from agreements.domain.document import Language
from agreements.domain.states import State
from agreements.models import Agreement
from financing import files, reader, xlsx
from financing.calculation import Row, Status
from financing.figures import municipal_sum, printed_rows
from financing.people_csv import people_csv
from financing.study import Study
from municipalities import norwegian
from tests import builders, pages, rounds, spreadsheets
from tests.spreadsheets import needs_libreoffice
from tests.test_xlsx import amounts, differing

SLUG = "ringeriksregionen-2026"
FOLDER = f"/avtaler/{SLUG}/dokumenter/"


@pytest.fixture
def demonstration(ringerike: Agreement) -> Study:
    return files.study(reader.load(ringerike.plan), ringerike.chosen_alternative_id)


# --- spreadsheets --------------------------------------------------------------------------------


@needs_libreoffice
def test_the_demonstrations_workbook_gives_every_cell(
    as_: Any, demonstration: Study, tmp_path: Path
) -> None:
    answer = as_("editor").get(f"{FOLDER}bidragstabell.xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="{SLUG}-bidragstabell.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    book = spreadsheets.computed({"demo": answer.content}, tmp_path)["demo"]
    assert len(list(amounts(book, demonstration))) == 2 * 11 * 3
    assert differing(book, demonstration) == []


def test_the_chosen_alternative_goes_first(ringerike: Agreement) -> None:
    second = ringerike.plan.alternatives.all()[1]
    made = files.study(reader.load(ringerike.plan), second.pk)
    assert [table.alternative for _, table in made.alternatives] == ["Alternativ 2", "Alternativ 1"]


def test_csv_is_read_by_a_norwegian_spreadsheet(as_: Any) -> None:
    content = as_("editor").get(f"{FOLDER}bidragstabell.csv").content
    assert content.startswith(b"\xef\xbb\xbfAlternativ;Bidragsyter;Status;")
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + 2 * 11
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [
        *("Alternativ 1", "Hole", "bekreftet", "7065", "14,50", "0,00"),
        *("102442,50", "106642,64", "111014,99"),
    ]
    assert rows[-1][:2] == ["Alternativ 2", "Sum uten ubekreftede bidrag"]
    assert {len(row) for row in rows} == {9}


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    study = spreadsheets.every_rule()
    tables = [replace(table, alternative="@SUM(A1)") for _, table in study.alternatives]
    rows = list(csv.reader(io.StringIO(people_csv(tables).decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:2] == ["'@SUM(A1)", "'=1+1 kommune"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_one_that_has_declined_has_no_amount_in_csv() -> None:
    table = builders.with_statuses(Status.DECLINED).financing
    assert table is not None
    row = people_csv([table.table]).decode("utf-8-sig").splitlines()[1].split(";")
    assert row[2] == "bidrar ikke"
    assert row[-3:] == ["", "", ""]


def test_json_has_every_alternative_as_exact_text(as_: Any, demonstration: Study) -> None:
    answer = as_("director").get(f"{FOLDER}bidragstabell.json")
    assert answer["Content-Type"] == "application/json"
    told = json.loads(answer.content)
    assert told["population_date"] == "2025-01-01"
    assert [one["name"] for one in told["alternatives"]] == ["Alternativ 1", "Alternativ 2"]
    for one, (_, table) in zip(told["alternatives"], demonstration.alternatives, strict=True):
        assert [Decimal(a) for a in one["total"]["amounts"].values()] == list(table.total.cells)


@pytest.mark.parametrize(
    "name",
    [*(f"bidragstabell.{ending}" for ending in files.FILES), "sammenligning.pdf"],
)
def test_there_is_no_file_without_a_table(as_: Any, ringerike: Agreement, name: str) -> None:
    ringerike.plan.participants.filter(organisation__key="3310").update(
        population=None, population_date=None
    )
    assert as_("editor").get(FOLDER + name).status_code == 404
    assert name not in as_("editor").get(FOLDER).content.decode()


def test_the_documents_page_leads_to_every_file(as_: Any) -> None:
    page = as_("editor").get(FOLDER).content.decode()
    for name in ("sammenligning.pdf", *(f"bidragstabell.{ending}" for ending in files.FILES)):
        assert f'href="{FOLDER}{name}"' in page


def test_exporting_the_workbook(ringerike: Agreement, tmp_path: Path) -> None:
    path = tmp_path / "tabell.xlsx"
    options = {"document": "contributions", "format": "xlsx", "output": path}
    call_command("export", SLUG, **options)
    sheets = ["Forutsetninger", "Alternativ 1", "Alternativ 2", "Kontroll"]
    assert openpyxl.load_workbook(path).sheetnames == sheets
    study = files.study(reader.load(ringerike.plan), ringerike.chosen_alternative_id)
    stamp = f"Utkast · innhold {comparison.sha256(study)[:12]}"
    assert path.read_bytes() == xlsx.workbook(study, stamp)


# --- the comparison on paper ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper() -> bytes:
    return documents.comparison_pdf(spreadsheets.every_rule())


def words(content: bytes) -> list[str]:
    return [
        " ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(content)).pages
    ]


def test_the_comparison_passes_the_rules_of_pdf_ua(paper: bytes) -> None:
    report = page_validation.validate_pdf_bytes(
        paper, profile=page_validation.ValidationProfile.PDF_UA_1
    )
    assert report.is_compliant, [str(failure) for failure in report.failures]
    catalogue: Any = PdfReader(io.BytesIO(paper)).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "nb"


def test_every_page_says_which_content_it_is_of(paper: bytes) -> None:
    start = comparison.sha256(spreadsheets.every_rule())[:12]
    pages = words(paper)
    for number, text in enumerate(pages, start=1):
        assert text.endswith(f"Utkast · innhold {start} Side {number} av {len(pages)}")


def test_the_hash_follows_every_amount_and_word() -> None:
    study = spreadsheets.every_rule()
    (first, table), *rest = study.alternatives
    cells = (table.rows[0].cells[0] + Decimal("0.01"), *table.rows[0].cells[1:])
    other = replace(table, rows=(replace(table.rows[0], cells=cells), *table.rows[1:]))
    for changed in (
        replace(study, alternatives=((first, other), *rest)),
        replace(study, invoicing="Ingen."),
        replace(study, excludes_vat=False),
    ):
        assert comparison.sha256(changed) != comparison.sha256(study)
    assert comparison.sha256(spreadsheets.every_rule()) == comparison.sha256(study)


def test_each_alternative_has_every_amount_of_every_year(paper: bytes) -> None:
    text = " ".join(words(paper))
    study = spreadsheets.every_rule()
    for _, table in study.alternatives:
        for line in (*printed_rows(table), municipal_sum(table)):
            if isinstance(line, Row) and line.status is Status.DECLINED:
                continue
            for cell in line.cells:
                assert norwegian.money(cell).replace("\u00a0", " ") in text.replace("\u00a0", " ")


def test_side_by_side_has_all_alternatives_evenly_and_the_sums(demonstration: Study) -> None:
    made = comparison.side_by_side(spreadsheets.every_rule(), Language.BOKMAL)
    assert [len(side.names) for side in made] == [3, 4] * 4
    assert not any(side.with_differences for side in made)
    first = comparison.side_by_side(demonstration, Language.BOKMAL)[0]
    assert first.year == 2026
    lines = {line.label: line for line in first.lines}
    hole = lines["Hole"]
    assert hole.amounts == (Decimal("102442.50"), Decimal("116572.50"))
    assert hole.differences == (Decimal(0), Decimal("14130.00"))
    assert hole.cells[1:] == [(Decimal("116572.50"), False), (Decimal("14130.00"), True)]
    labels = list(lines)
    assert labels[-4:-1] == ["Sum kommuner", "Sum alle bidrag", "Sum uten ubekreftede bidrag"]
    # 1 256 000,00 for 62 800 inhabitants
    assert lines["Alle bidrag, kroner per innbygger"].amounts[0] == Decimal("20.00")


def test_one_that_has_declined_has_no_amount_side_by_side() -> None:
    made = comparison.side_by_side(spreadsheets.every_rule(), Language.BOKMAL)
    declined = next(line for line in made[0].lines if line.label == "Dal")
    assert (declined.status, set(declined.amounts)) == ("bidrar ikke", {None})


def test_the_comparison_is_in_the_agreements_language(demonstration: Study) -> None:
    html = comparison.comparison_html(demonstration, Language.NYNORSK)
    for word in ("Samanlikning av alternativ", "Skilnad", "Innbyggjarar", "Sum utan ubekrefta"):
        assert word in html
    assert not re.search(r"Innbyggere|Forskjell", html)


def test_there_is_nothing_to_compare_without_alternatives(demonstration: Study) -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        comparison.comparison_pdf(replace(demonstration, alternatives=()))


def test_the_comparison_is_shown_in_the_browser(as_: Any) -> None:
    answer = as_("county").get(f"{FOLDER}sammenligning.pdf")
    assert answer["Content-Disposition"].startswith("inline;")
    assert answer.content.startswith(b"%PDF-")


def test_files_of_a_locked_version_are_not_headed_as_a_draft(
    ringerike: Agreement, as_: Any
) -> None:
    def heads() -> list[str]:
        return [node.text for node in pages.page(as_("editor").get(FOLDER)).all("h2")]

    rounds.ready(ringerike)
    assert "Utkast" in heads()
    assert "i utkastet" in pages.text(as_("editor").get(FOLDER))
    version = rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike)
    assert ringerike.state is State.ADOPTED
    assert "Filene til den låste versjonen" in heads()
    assert "Utkast" not in heads()
    shown = pages.text(as_("editor").get(FOLDER))
    assert "Filene til den låste versjonenVersjon 1" in shown
    assert "er merket «Versjon 1» på hver side" in shown
    assert "utkast" not in shown.lower()
    assert version.sha256 in shown
    assert "i utkastet" not in shown

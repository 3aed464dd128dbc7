"""`export`: every document in every format it has, of the draft and of versions; stored files as stored."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command, load_command_class

from agreements import documents, exporting, finals, snapshot, workflow
from agreements.domain import canonical, file_type
from agreements.importing import docx
from agreements.models import Agreement, StoredFile
from financing.models import Rule
from municipalities.commands import CannotRunError
from tests import final_files, inputs, rounds

SLUG = "ringeriksregionen-2026"
ALL = [(name, form) for name, forms in exporting.FORMATS.items() for form in forms]


def export(folder: Path, **options: Any) -> bytes:
    path = folder / "fil"
    call_command("export", SLUG, output=path, stdout=io.StringIO(), **options)
    return path.read_bytes()


@pytest.fixture
def frozen(ringerike: Agreement) -> Agreement:
    """With a version in review, and a draft that says something else by now."""
    rounds.freeze(ringerike)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Et nytt navn")
    return Agreement.objects.get(pk=ringerike.pk)


@pytest.mark.parametrize(("document", "form"), ALL)
def test_every_document_is_written_in_each_of_its_formats(
    ringerike: Agreement,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    document: str,
    form: str,
) -> None:
    for name in ("agreement", "contributions", "comparison", "case_paper", "record"):
        monkeypatch.setattr(documents, f"{name}_pdf", lambda *given: rounds.PDF)
    content = export(tmp_path, document=document, format=form)
    if form == "json":
        assert json.loads(content)
    elif form == "pdf":
        assert content == rounds.PDF
    else:
        assert file_type.recognise(content, f"fil.{form}").ending == form


def test_the_files_are_those_of_the_pages(ringerike: Agreement, tmp_path: Path, as_: Any) -> None:
    inputs.an_internal(ringerike)
    folder = f"/avtaler/{SLUG}/"
    # The record of a command is as those outside the team see it.
    for who, document, name in (
        ("editor", "agreement", "dokumenter/avtale"),
        ("editor", "contributions", "dokumenter/bidragstabell"),
        ("editor", "comparison", "dokumenter/sammenligning"),
        ("editor", "casepaper", "saksframlegg"),
        ("director", "record", "historikk/hendelser"),
    ):
        for form in ("docx", "xlsx"):
            if (document, form) == ("agreement", "docx"):
                continue  # the page has the reader's comments
            written = export(tmp_path, document=document, format=form)
            assert written == as_(who).get(f"{folder}{name}.{form}").content, (document, form)
    assert inputs.SECRET not in export(tmp_path, document="record", format="json").decode()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"document": "casepaper", "format": "json"}, "pdf, docx, xlsx, not json"),
        ({"document": "comparison", "number": 1}, "as it is now, and takes no --version"),
        ({"document": "record", "number": 1}, "as it is now, and takes no --version"),
        ({"document": "agreement", "recipient": "3310"}, "only the case paper takes --for"),
        ({"document": "agreement", "number": 9}, "there is no version 9"),
        ({"document": "contributions", "number": 9, "format": "xlsx"}, "there is no version 9"),
    ],
)
def test_what_there_is_no_file_of_is_one_line(
    ringerike: Agreement, tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(CannotRunError, match=words):
        export(tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


def test_without_a_table_there_is_nothing_to_compare(ringerike: Agreement, tmp_path: Path) -> None:
    ringerike.plan.participants.filter(organisation__key="3310").update(
        population=None, population_date=None
    )
    with pytest.raises(CannotRunError, match="no alternative can be calculated"):
        export(tmp_path, document="comparison", format="docx")


def test_a_version_is_exported_as_it_was_frozen(frozen: Agreement, tmp_path: Path) -> None:
    version = frozen.versions.get(number=1)
    document = workflow.document_of(version)
    found = export(tmp_path, format="json", number=1)
    assert found == bytes(version.document) + b"\n"
    assert snapshot.build(frozen).title == "Et nytt navn"
    word = export(tmp_path, format="docx", number=1)
    assert docx.read(word).title == document.title
    stamp = f"Versjon 1, til behandling · innhold {version.sha256[:12]}"
    book = openpyxl.load_workbook(io.BytesIO(export(tmp_path, format="xlsx", number=1)))
    assert book.properties.title == document.title
    for form in ("docx", "xlsx"):
        more = {"document": "contributions", "number": 1}
        assert stamp in _foot(export(tmp_path, format=form, **more), form)
        assert stamp in _foot(export(tmp_path, format=form, number=1), form)


def _foot(content: bytes, form: str) -> str:
    if form == "xlsx":
        return str(openpyxl.load_workbook(io.BytesIO(content)).worksheets[-1].oddFooter.left.text)
    import docx as python_docx

    return str(python_docx.Document(io.BytesIO(content)).sections[0].footer._element.xml)


def test_without_a_number_it_is_the_version_that_counts(frozen: Agreement, tmp_path: Path) -> None:
    from agreements.domain.states import Action

    for document, form in (
        ("agreement", "docx"),
        ("agreement", "json"),
        ("contributions", "docx"),
        ("contributions", "xlsx"),
    ):
        found = export(tmp_path, document=document, format=form)
        assert found == export(tmp_path, document=document, format=form, number=1)
    rounds.take(frozen, Action.WITHDRAW, "Feil.")
    assert "Utkast" in _foot(export(tmp_path, format="docx"), "docx")
    assert json.loads(export(tmp_path, format="json"))["title"] == "Et nytt navn"


def test_the_foot_of_a_version_says_what_has_become_of_it(
    frozen: Agreement, tmp_path: Path
) -> None:
    from agreements.domain.states import Action

    rounds.take(frozen, Action.WITHDRAW, "Feil.")
    assert "Versjon 1, trukket tilbake" in _foot(export(tmp_path, format="docx", number=1), "docx")


def test_a_workbook_with_other_formulas_than_the_version_is_not_made(
    frozen: Agreement, tmp_path: Path
) -> None:
    Rule.objects.filter(alternative=frozen.chosen_alternative).update(rate=99)
    with pytest.raises(CannotRunError, match="the plan has changed since"):
        export(tmp_path, document="contributions", format="xlsx", number=1)
    assert export(tmp_path, document="contributions", format="docx", number=1)


def test_of_a_final_version_the_stored_bytes_are_written(
    ringerike: Agreement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.quick(monkeypatch)
    version = final_files.finalised(ringerike)
    # Nothing is rendered any more.
    for name in ("agreement_pdf", "contributions_pdf"):
        monkeypatch.delattr(documents, name)
    kinds = StoredFile.Kind
    for document, form, kind in (
        ("agreement", "pdf", kinds.AGREEMENT),
        ("contributions", "pdf", kinds.CONTRIBUTIONS),
        ("contributions", "xlsx", kinds.CONTRIBUTIONS_XLSX),
    ):
        stored = finals.read(version.files.get(kind=kind))
        for number in (None, version.number):
            found = export(tmp_path, document=document, format=form, number=number)
            assert found == stored, (document, form, number)
    word = export(tmp_path, format="docx")
    assert word == export(tmp_path, format="docx", number=version.number)
    assert f"Versjon {version.number} · innhold {version.sha256[:12]}" in _foot(word, "docx")
    assert canonical.load(export(tmp_path, format="json")) == workflow.document_of(version)


def test_the_help_says_which_formats_each_document_has() -> None:
    parser = load_command_class("agreements", "export").create_parser("manage.py", "export")
    told = parser.format_help()
    for name, formats in exporting.FORMATS.items():
        line = next(one for one in told.splitlines() if one.split()[:1] == [name])
        assert line.split(None, 1)[1].startswith(", ".join(formats))
    assert "the stored bytes are written" in told

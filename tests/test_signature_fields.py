"""The signature fields of a final agreement, and all of them signed."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import page as page_validation
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader

from agreements import documents
from agreements.documents import engine, file_facts, renderer, signers
from agreements.documents.finisher import FinishError
from agreements.documents.issue import Issue, Kind
from agreements.domain import canonical
from agreements.domain.document import Document
from tests import builders, signing, stress_documents

KEYS = ["sig-77", "sig-7701", "sig-nav-fjelland", "sig-innovasjon-norge"]
# An earlier signature cannot cover what is added after it; this validator asks that it does.
EXCEPTIONS = {"SIGNATURE-BYTERANGE"}


def final(document: Document) -> Issue:
    return Issue(Kind.FINAL, 2, canonical.sha256(document), signature_fields=True)


@cache
def made(parties: int = 4) -> bytes:
    document = builders.a_document() if parties == 4 else stress_documents.with_parties(parties)
    return documents.agreement_pdf(document, final(document))


@cache
def signed() -> tuple[bytes, ...]:
    """The file after each signature."""
    files = [made()]
    for order, key in enumerate(KEYS):
        files.append(signing.sign(files[-1], key, f"Underskriver {order}", certifying=not order))
    return tuple(files)


def fields(pdf: bytes) -> list[Any]:
    form: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/AcroForm"]
    return [field.get_object() for field in form["/Fields"]]


def test_there_is_one_empty_field_for_each_party() -> None:
    found = fields(made())
    assert [field["/T"] for field in found] == KEYS
    for field, party in zip(found, builders.parties(), strict=True):
        assert field["/FT"] == "/Sig"
        assert "/V" not in field
        assert field["/F"] == 132
        assert field["/TU"] == f"Underskrift for {party.body.name}"
        left, low, right, high = field["/Rect"]
        assert right - left > 250
        assert high - low > 25
        appearance = field["/AP"]["/N"].get_object()
        assert list(appearance["/BBox"]) == pytest.approx([0, 0, right - left, high - low])
    form: Any = PdfReader(io.BytesIO(made())).trailer["/Root"]["/AcroForm"]
    assert form.keys() == {"/Fields", "/SigFlags"}
    assert form["/SigFlags"] == 0


def test_a_field_stands_in_the_block_of_its_party_and_in_its_table_cell() -> None:
    reader = PdfReader(io.BytesIO(made(20)))
    seen = []
    for sheet in reader.pages:
        for annotation in sheet.get("/Annots", ()):
            widget = annotation.get_object()
            if widget.get("/FT") != "/Sig":
                continue
            seen.append(widget["/T"])
            owner: Any = parent(reader, widget["/StructParent"])
            assert owner["/S"] == "/Form"
            assert owner["/K"]["/Obj"].get_object() == widget
            kinds = []
            while owner["/S"] != "/Document":
                kinds.append(owner["/S"])
                owner = owner["/P"]
            assert kinds[-2:] == ["/Sect", "/Sect"]
            assert {"/TD", "/TR", "/Table"} <= set(kinds)
    assert seen == signers.field_names(stress_documents.with_parties(20))


def parent(reader: PdfReader, key: int) -> Any:
    root: Any = reader.trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    return dict(zip(numbers[::2], numbers[1::2], strict=True))[key].get_object()


def test_the_name_of_a_field_is_that_of_the_party_whatever_else_changes() -> None:
    document = stress_documents.nynorsk()
    assert signers.field_names(document) == KEYS
    renamed = replace(document.parties[0], signatory_name="En annen", mandate="Ny fullmakt")
    assert signers.field_name(renamed) == KEYS[0]


def test_a_draft_and_a_table_have_no_form() -> None:
    document = builders.a_document()
    issue = documents.draft(document)
    for content in (
        documents.agreement_pdf(document, issue),
        documents.contributions_pdf(document, final(document)),
    ):
        assert file_facts.read(content).signature_fields == ()
        assert "/AcroForm" not in PdfReader(io.BytesIO(content)).trailer["/Root"]


def test_nothing_that_somebody_types_becomes_a_field() -> None:
    typed = '"><input type="checkbox" name="sig-9999" title="x">'
    party = replace(
        builders.parties()[0],
        body=replace(builders.FJELLAND, name=typed),
        signatory_name=typed,
        mandate=typed,
    )
    document = builders.a_document(
        title=typed,
        parties=(party, *builders.parties()[1:]),
        clauses=(builders.a_clause(f"{typed}\n\n- {typed}", heading=typed),),
    )
    content = documents.agreement_pdf(document, final(document))
    assert [field["/T"] for field in fields(content)] == KEYS


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ('<input type="checkbox" name="sig-1"><input type="checkbox" name="sig-2">', ["sig-1"]),
        ('<input type="checkbox" name="sig-1">', ["sig-1", "sig-2"]),
        (
            '<input type="checkbox" name="sig-2"><input type="checkbox" name="sig-1">',
            ["sig-1", "sig-2"],
        ),
        (
            '<input type="checkbox" name="sig-1"><input type="checkbox" name="sig-1">',
            ["sig-1", "sig-1"],
        ),
        ('<input type="text" name="sig-1">', ["sig-1"]),
        ("", ["sig-1"]),
    ],
)
def test_a_page_with_other_fields_than_expected_makes_no_file(
    inputs: str, expected: list[str]
) -> None:
    html = (
        f'<!doctype html><html lang="nb"><head><title>x</title></head><body>{inputs}</body></html>'
    )
    with pytest.raises(documents.PdfError, match="FinishError"):
        renderer.pdf(html, expected)
    with pytest.raises(FinishError):
        engine.write(html, expected)


def test_every_party_signs_after_the_other_and_all_stay_valid() -> None:
    files = signed()
    for number, content in enumerate(files):
        found = signing.statuses(content)
        assert len(found) == number
        for status in found:
            assert status.bottom_line, status.pretty_print_details()
            assert status.intact
            assert status.trusted
    assert all(
        len(after) > len(before) and after.startswith(before)
        for before, after in itertools.pairwise(files)
    )


def test_signed_files_keep_both_standards() -> None:
    for number, content in enumerate(signed()):
        for profile in (
            page_validation.ValidationProfile.PDF_A_2A,
            page_validation.ValidationProfile.PDF_UA_1,
        ):
            report = page_validation.validate_pdf_bytes(content, profile=profile)
            broken = {re.sub(r"^PDF[A-Z0-9]+-|-\d+$", "", f.rule_id) for f in report.failures}
            assert broken <= (EXCEPTIONS if number > 1 else set()), (number, profile, broken)


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs poppler-utils")
def test_another_program_finds_the_signatures_whole(tmp_path: Path) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed()[-1])
    said = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature Validation: Signature is Valid.") == len(KEYS)
    assert said.count("ETSI.CAdES.detached") == len(KEYS)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_changed_byte_breaks_every_signature(number: int) -> None:
    whole = signed()[number]
    at = len(made()) // 2  # in the font, which nothing has to read
    broken = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    found = signing.statuses(broken)
    assert len(found) == number
    assert not any(status.bottom_line or status.intact for status in found)


def test_a_field_more_than_was_agreed_breaks_the_certifying_signature() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()[1]))
    append_signature_field(writer, SigFieldSpec("sig-9999", on_page=0, box=(10, 10, 90, 40)))
    out = io.BytesIO()
    writer.write(out)
    (status,) = signing.statuses(out.getvalue())
    assert not status.bottom_line

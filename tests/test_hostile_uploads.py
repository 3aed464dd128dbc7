"""Every place that takes a file, and every hostile file: refused in words, soon, and nothing is stored."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from agreements.models import AttachmentFile, Upload
from tests import hostile_files, pages, permission_world
from tests.hostile_files import REFUSED, SOON
from tests.office_files import DOCX
from tests.permission_rows import Row
from tests.permission_world import TABLE, As, Real, everything, opener

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering

ROOT = Path(__file__).parents[1]
SECONDS = 15  # of the processor, for one file: a machine may be slow
# Address in the table, and the field that takes the file.
PLACES = {
    "upload-agreement": "file",
    "verify-table": "file",
    "new-attachment": "file",
    "attachment": "file",
    "signed-files": "file",
    "resolution": "extract",
}
OPEN = "check"  # only the sum of a file's bytes is computed there; it is not read
ROWS = {row.name: row for row in TABLE if row.method == "POST" and row.name in (*PLACES, OPEN)}
by_place = pytest.mark.parametrize("row", [ROWS[name] for name in PLACES], ids=list(PLACES))


def send(client: Client, row: Row, real: Real, name: str, content: bytes) -> HttpResponse:
    field = PLACES.get(row.name, "file")
    form = {k: v for k, v in real.data(row, client).items() if k not in (field, "text")}
    data = form | {field: SimpleUploadedFile(name, content)}
    return client.post(real.address(row), data)


def test_no_place_that_takes_a_file_is_missing() -> None:
    found = {
        f"{path.parent.parent.name}/{path.stem}"
        for path in ROOT.glob("*/views/**/*.py")
        if "request.FILES" in path.read_text(encoding="utf-8")
    }
    assert found == {
        *("agreements/importing", "financing/verification", "agreements/attachments"),
        *("agreements/signed", "agreements/resolutions", "agreements/check"),
    }
    assert set(ROWS) == {*PLACES, OPEN}


@by_place
def test_hostile_files_are_refused_at_the_field_and_nothing_is_stored(
    row: Row, real: Real, as_: As
) -> None:
    client, field = as_(opener(row)), PLACES[row.name]
    before = everything()
    wrong = []
    for what, (name, content) in REFUSED.items():
        started = time.process_time()
        answer = send(client, row, real, name, content)
        if answer.status_code != 422 or not pages.complaints(answer).get(field):
            wrong.append(f"{what}: {answer.status_code}")
        if time.process_time() - started > SECONDS:
            wrong.append(f"{what}: {time.process_time() - started:.0f} seconds")
    assert not wrong
    assert everything() == before


def test_the_open_check_only_counts_bytes(real: Real, as_: As) -> None:
    row = ROWS[OPEN]
    client = as_(opener(row))
    before = everything()
    for name, content in REFUSED.values():
        assert send(client, row, real, name, content).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("row", [ROWS["upload-agreement"], ROWS["verify-table"]], ids=str)
@pytest.mark.parametrize("what", SOON)
def test_what_is_endless_is_read_or_refused_soon(row: Row, what: str, real: Real, as_: As) -> None:
    client = as_(opener(row))
    name, content = SOON[what]
    started = time.process_time()
    answer = send(client, row, real, name, content)
    assert time.process_time() - started < SECONDS
    assert answer.status_code in (200, 302, 422)


SAFE = {
    "../../etc/x.docx": "x.docx",
    "..\\..\\x.docx": "x.docx",
    "C:\\temp\\x.docx": "x.docx",
    "a\x00b.docx": "ab.docx",
    "\u202excod.docx": "xcod.docx",
    "<script>.docx": "<script>.docx",
    "con.docx": "con.docx",
}
# As an attachment, and as what an agreement is made of; None where it is refused.
NAMES: dict[str, tuple[str | None, str | None]] = {
    **{name: (kept, kept) for name, kept in SAFE.items()},
    "a\r\nX: y.docx": (None, '"a'),
    "å" * 300 + ".docx": ("å" * 155 + ".docx", "å" * 195 + ".docx"),
    "å" * 3_000 + ".docx": (None, None),
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_hostile_name_is_only_a_name(name: str, real: Real, as_: As) -> None:
    """Sent as bytes: a test client would make the name safe itself."""
    client = as_("editor")
    taken = ((ROWS["new-attachment"], AttachmentFile), (ROWS["upload-agreement"], Upload))
    forms = [real.data(row, client) | {"title": ["T"], "kind": ["other"]} for row, _ in taken]
    addresses = [real.address(row) for row, _ in taken]
    for address, (_, model), form, expected in zip(
        addresses, taken, forms, NAMES[name], strict=True
    ):
        known = set(model.objects.values_list("pk", flat=True))
        form.pop("file", None)
        if model is Upload:
            form["text"] = [""]
        content = DOCX if model is AttachmentFile else _agreement()
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v[0]}\r\n'.encode()
            for k, v in form.items()
        ]
        parts.append(
            f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + content
            + b"\r\n--x--\r\n"
        )
        answer = client.generic("POST", address, b"".join(parts), "multipart/form-data; boundary=x")
        assert answer.status_code in (302, 400, 422), pages.text(answer)[:500]
        assert (answer.status_code == 302) == (expected is not None)
        stored = list(model.objects.exclude(pk__in=known).values_list("name", flat=True))
        assert stored == ([] if expected is None else [expected])
        assert not re.search(r"[\x00-\x1f/\\\u202a-\u202e]", "".join(stored))
        assert len("".join(stored)) <= 200


def _agreement() -> bytes:
    from tests import word_files

    return word_files.an_agreement()


def test_hostile_files_are_what_they_say() -> None:
    """The good ones they are made from are taken: it is the trap that is refused."""
    from agreements.domain.file_type import recognise
    from financing.table_files import text_from

    table = hostile_files.rows(
        "".join(
            f'<row r="{n}">{hostile_files.cell(f"A{n}", "Hole")}<c r="B{n}"><v>1</v></c></row>'
            for n in (1, 2)
        )
    )
    assert text_from(hostile_files.workbook(table)) == "Hole\t1\nHole\t1"
    assert recognise(hostile_files.workbook(table), "a.xlsx").ending == "xlsx"
    assert recognise(hostile_files.pdf_with(b"9 0 obj<</S/GoTo>>endobj"), "a.pdf").ending == "pdf"
    assert recognise(hostile_files.pdf_with(hostile_files.packed(b"1 0 <<>>")), "a.pdf")

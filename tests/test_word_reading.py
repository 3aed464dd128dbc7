"""A Word document or a long text is read by a process of its own: a bad one is refused, the next is read."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agreements import documents, importing_forms, reading
from agreements.importing import docx, plain_text
from agreements.importing.result import UnreadableAgreementError
from agreements.models import Upload
from municipalities.apart import process
from municipalities.models import Region, User
from tests import builders, pages, word_files, workers
from tests.conftest import CAST

UPLOAD = "/avtaler/ny/ringeriksregionen/dokument/"
GOOD = word_files.an_agreement()
OLDER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A document with this word in it never comes to an end, takes all memory or the process with it.
TURNS = workers.badly(
    """
from agreements.importing import docx
from agreements.importing.result import UnreadableAgreementError
read, refusal = docx.read, UnreadableAgreementError
""",
    "docx.read",
)


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that does badly when it is asked to."""
    workers.use(monkeypatch, TURNS)


def bad(word: str) -> bytes:
    """A Word document with a part, not packed, that has this word in it."""
    return word_files.package(word_files.h1("Formål"), extra={f"{word}.txt": word})


def send(client: Client, content: bytes) -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile("avtale.docx", content), "text": ""})


@pytest.mark.parametrize(
    "content",
    [GOOD, documents.agreement_docx(builders.a_document())],
    ids=["with changes and comments", "one of ours"],
)
def test_it_is_read_as_it_would_be_in_this_process(content: bytes) -> None:
    assert reading.read(content) == docx.read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04tull",
        word_files.package("<w:p/>"),
        word_files.package("<w:p>"),
        bad("x")[:-30],
        OLDER + "WordDocument".encode("utf-16-le"),
        OLDER + "EncryptedPackage".encode("utf-16-le"),
        b"{\\rtf1 hei}",
    ],
    ids=["no archive", "no points", "bad xml", "cut off", "older", "with a password", "rtf"],
)
def test_it_is_refused_in_the_same_words(content: bytes) -> None:
    with pytest.raises(UnreadableAgreementError) as here:
        docx.read(content)
    with pytest.raises(UnreadableAgreementError) as there:
        reading.read(content)
    assert str(there.value) == str(here.value)


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("word", workers.WORDS)
def test_one_that_breaks_its_reader_is_refused_and_the_next_is_read(
    word: str, ringerike: Any, as_: Any, settings: Any
) -> None:
    client = as_("editor")
    settings.PDF_TIME_LIMIT = 2 if word == "SNURR" else 60
    answer = send(client, bad(word))
    assert answer.status_code == 422
    assert pages.complaints(answer) == {"file": reading.TOO_HEAVY}
    assert not Upload.objects.exists()
    settings.PDF_TIME_LIMIT = 60
    assert send(client, GOOD).status_code == 302
    assert reading.read(GOOD) == docx.read(GOOD)


@pytest.mark.usefixtures("turns")
def test_the_reader_can_open_nothing_and_knows_nothing() -> None:
    with pytest.raises(UnreadableAgreementError, match="3 stengt, 0 hemmeligheter"):
        reading.read(bad("UTGANG"))


def test_a_file_is_not_refused_because_the_machine_is_busy(
    ringerike: Any, as_: Any, settings: Any
) -> None:
    client = as_("editor")
    settings.PDF_TIME_LIMIT = 0.1
    process._line.acquire()
    try:
        answer = send(client, GOOD)
    finally:
        process._line.release()
    assert answer.status_code == 503
    assert pages.complaints(answer) == {"file": importing_forms.NOT_NOW}


def test_it_is_read_once_and_what_was_read_is_kept(
    ringerike: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("editor")
    address = send(client, GOOD)["Location"]
    monkeypatch.setattr(reading, "read", None)
    assert client.get(address).status_code == 200
    assert client.post(address, pages.form(client.get(address), "Lag utkast")).status_code == 302


def test_a_file_that_an_earlier_program_kept_is_asked_for_again(ringerike: Any, as_: Any) -> None:
    row = Upload.objects.create(
        user=User.objects.get(email=CAST["editor"]),
        region=Region.objects.get(slug="ringeriksregionen"),
        name="avtale.docx",
        content=GOOD,
    )
    answer = as_("editor").get(f"{UPLOAD}{row.pk}/")
    assert answer.status_code == 404
    assert "Filen er ikke her lenger" in pages.text(answer)


LONG = "1. Formål\nPartene samarbeider om tjenesten.\n2. Økonomi\n" + "Kommunen betaler. " * 6_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_long_text_is_read_as_it_would_be_in_this_process(encoding: str) -> None:
    content = LONG.encode(encoding)
    assert len(content) > reading.SHORT
    found = reading.read(content)
    assert [clause.heading for clause in found.clauses] == ["Formål", "Økonomi"]
    assert found == plain_text.read(plain_text.decode(content))


def test_a_long_text_that_keeps_its_reader_busy_is_refused(settings: Any) -> None:
    settings.PDF_TIME_LIMIT = 2
    started = time.process_time()
    with pytest.raises(UnreadableAgreementError) as refused:
        reading.read(b"1.1.1.1 Punkt\n" * 140_000)
    assert str(refused.value) == reading.TOO_LONG
    assert time.process_time() - started < 2  # of this process: it only waits


def test_a_short_text_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(process, "call_once")
    assert len(reading.read(LONG[:50_000].encode()).clauses) == 2

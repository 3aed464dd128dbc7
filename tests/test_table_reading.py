"""A workbook from outside is read by a process of its own: a bad one is refused, the next is read."""

from __future__ import annotations

import datetime as dt
import io
import sys
import time
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from financing import table_files, verification_forms, workbooks, xlsx
from financing.verification import ReadingError
from municipalities.apart import process
from tests import hostile_files, office_files, pages, spreadsheets, workers

ADDRESS = "/okonomi/kontrollregning/"
# A workbook with this word in it never comes to an end, takes all memory or the process with it.
TURNS = workers.badly(
    """
from financing import workbooks
from financing.verification import ReadingError
read, refusal = workbooks.text, ReadingError
""",
    "workbooks.text",
)


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that does badly when it is asked to."""
    workers.use(monkeypatch, TURNS)


def book(**names: str) -> bytes:
    """A workbook with what a table may have: text, numbers of several formats, dates, a formula."""
    made = openpyxl.Workbook()
    made.active.append(["Kommune", "Innbyggere", "Sats", 2027, dt.date(2028, 1, 1)])
    made.active.append(["Gol", 4871, 12.5, 60887.5, 62835.9])
    made.active.append(["Sum", "=SUM(B2)", None, True, 1e20])
    made.active["D2"].number_format = '#,##0.00 "kr"'
    made.create_sheet("Æøå")["A1"] = "x"
    made.properties.title = names.get("title", "")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


GOOD = book()


def bad(word: str) -> bytes:
    """A file with this word in it that begins as a workbook does."""
    return b"PK\x03\x04" + word.encode()


def send(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("tabell.xlsx", content)
    return client.post(ADDRESS, {"table": "", "file": file, "rate": "12,50", "index": "3,2"})


def outcome(read: Callable[[bytes], str], content: bytes) -> str:
    try:
        return read(content)
    except ReadingError as refused:
        return f"refused: {refused}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD, "Gol\t4871"),
        (xlsx.workbook(spreadsheets.every_rule()), ""),
        (b"PK\x03\x04tull", "refused: Filen kunne ikke leses"),
        (GOOD[:-30], "refused: Filen kunne ikke leses"),
        (office_files.DOCX, "refused: Filen kunne ikke leses"),
    ],
    ids=["ordinary", "one of ours", "no archive", "cut off", "a Word file"],
)
def test_it_is_read_or_refused_as_it_would_be_in_this_process(content: bytes, said: str) -> None:
    found = outcome(table_files.text_from, content)
    assert said in found
    assert found == outcome(workbooks.text, content)


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("word", workers.WORDS)
def test_one_that_breaks_its_reader_is_refused_and_the_next_is_read(
    word: str, ringerike: Any, as_: Any, settings: Any
) -> None:
    client = as_("editor")
    settings.PDF_TIME_LIMIT = 2 if word == "SNURR" else 60
    answer = send(client, bad(word))
    assert answer.status_code == 422
    assert pages.complaints(answer) == {"file": table_files.TOO_HEAVY}
    form = pages.form(answer, "Kontroller")
    assert (form["rate"], form["index"]) == (["12,50"], ["3,2"])
    settings.PDF_TIME_LIMIT = 60
    assert send(client, GOOD).status_code == 200


@pytest.mark.usefixtures("turns")
def test_the_reader_can_open_nothing_and_knows_nothing() -> None:
    with pytest.raises(ReadingError, match="3 stengt, 0 hemmeligheter"):
        table_files.text_from(bad("UTGANG"))


@pytest.mark.parametrize("what", hostile_files.ENDLESS)
def test_one_that_openpyxl_would_go_on_reading_is_stopped(what: str, settings: Any) -> None:
    settings.PDF_TIME_LIMIT = 2
    started = time.process_time()
    with pytest.raises(ReadingError) as refused:
        table_files.text_from(hostile_files.ENDLESS[what])
    assert str(refused.value) == table_files.TOO_HEAVY
    assert time.process_time() - started < 2  # of this process: it only waits


def test_more_text_than_a_table_has_is_refused_as_too_large() -> None:
    with pytest.raises(ReadingError) as refused:
        table_files.text_from(hostile_files.LONG_TEXTS)
    assert str(refused.value) == workbooks.TOO_LARGE


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
    assert pages.complaints(answer) == {"file": verification_forms.NOT_NOW}
    assert pages.form(answer, "Kontroller")["rate"] == ["12,50"]


def test_while_one_is_read_and_one_waits_the_next_is_told_at_once(ringerike: Any, as_: Any) -> None:
    client = as_("editor")
    taken = [process._foreign.acquire(blocking=False) for _ in range(process.MOST_FOREIGN)]
    assert all(taken)
    try:
        answer = send(client, GOOD)
    finally:
        process._foreign.release(process.MOST_FOREIGN)
    assert answer.status_code == 503
    assert pages.complaints(answer) == {"file": verification_forms.NOT_NOW}
    assert send(client, GOOD).status_code == 200


@pytest.mark.parametrize(
    "said", ['{"size": -1}', '{"size": 1e3}', '{"size": 999999999999}', "[" * 9999]
)
def test_an_answer_that_is_none_is_a_file_that_is_refused(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies = 'import os, sys\nos.write(1, b\'{"size": 0, "ready": true}\\n\')\n' + (
        f"sys.stdin.buffer.readline()\nos.write(1, {said!r}.encode() + b'\\n')\n"
        "sys.stdin.buffer.read()\nos._exit(0)"
    )
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-P", "-c", lies))
    with pytest.raises(ReadingError, match=table_files.TOO_HEAVY[:20]):
        table_files.text_from(GOOD)


def test_no_workbook_takes_longer_than_a_table_may(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Others in the line wait no longer for it than that, whatever a document may take."""
    given = []
    monkeypatch.setattr(
        process.Worker, "ask", lambda *asked: given.append(asked[-1]) or (None, b"")
    )
    for limit in (5, 600):
        settings.PDF_TIME_LIMIT = limit
        table_files.text_from(GOOD)
    assert given == [5, table_files.SECONDS]

"""The process that makes PDF files: limited, without secrets, kept warm, and replaced when it dies."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from agreements import documents
from agreements.documents import bounded, inspection, renderer
from agreements.documents.errors import (
    BusyError,
    PdfUnavailableError,
    RenderingError,
    TooLargeError,
    TooSlowError,
)
from municipalities.apart import process
from tests import builders, pdf_reading, workers
from tests.workers import page, pid

Monkey = pytest.MonkeyPatch


@pytest.fixture
def turns(monkeypatch: Monkey) -> None:
    """A worker that does badly when it is asked to."""
    workers.use(monkeypatch, workers.TURNS)


def works() -> bool:
    """Whether the next one who asks gets a file."""
    return renderer.pdf(page(f"<p>{time.monotonic_ns()}</p>")).startswith(b"%PDF-1.7")


def is_gone(number: int, seconds: float = 20) -> bool:
    """Whether a process ends within this time."""
    end = time.monotonic() + seconds
    while workers.status(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not workers.status(number)


def test_it_is_another_process_and_stays_warm() -> None:
    first = pid()
    assert first != os.getpid()
    assert all(works() for _ in range(3))
    assert pid() == first


def test_the_size_of_whoever_starts_it_does_not_wear_it(settings: Any) -> None:
    """A large process starts a small one: the system counts the first one's memory as the second's peak."""
    settings.PDF_MEMORY_LIMIT = 500
    bounded.stop()
    large = bytearray(b"x" * 400_000_000)
    first = pid()
    del large
    assert works()
    assert pid() == first


def test_it_has_no_secret_and_no_database(monkeypatch: Monkey) -> None:
    secrets = {
        name: f"hemmelig-{number}"
        for number, name in enumerate(
            ("DATABASE_URL", "SECRET_KEY", "EMAIL_URL", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY")
        )
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    bounded.stop()
    told = Path(f"/proc/{pid()}/environ").read_bytes().decode().split("\0")
    assert not [line for line in told if "hemmelig" in line]
    names = {line.partition("=")[0] for line in told if line}
    own = {"PYTHONPATH", "NODE_MODULES", *process.SINGLE}
    assert names <= own | set(process.HANDED_ON)


def test_it_leaves_no_file_behind(monkeypatch: Monkey, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    bounded.stop()
    with_bold = renderer.pdf(page("<h1>Tittel</h1><p>Tekst med <strong>vekt</strong></p>"))
    assert list(tmp_path.iterdir()) == []
    assert "vekt" in PdfReader(io.BytesIO(with_bold)).pages[0].extract_text()
    number = pid()
    bounded.stop()
    assert is_gone(number)
    assert list(tmp_path.iterdir()) == []


def test_it_may_open_nothing_write_nothing_and_take_only_so_much_memory(settings: Any) -> None:
    settings.PDF_MEMORY_LIMIT = 700
    told = Path(f"/proc/{pid()}/limits").read_text()
    limits = {line[:25].strip(): line[25:].split()[:2] for line in told.splitlines()[1:]}
    assert limits["Max open files"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max address space"] == [str(700 * 1024 * 1024)] * 2
    assert limits["Max cpu time"][0].isdigit()
    assert Path(f"/proc/{pid()}/oom_score_adj").read_text().strip() == "1000"


@pytest.mark.parametrize(
    "reach",
    [
        "open('/etc/hostname').read()",
        "open('/proc/self/environ').read()",
        "import socket; socket.socket()",
        "import os; os.system('true') and 1 / 0",
        "import os; open(os.environ['HOME'] + '/x', 'w').write('x')",
    ],
)
def test_even_code_that_runs_in_it_reaches_nothing(
    reach: str, monkeypatch: Monkey, caplog: pytest.LogCaptureFixture
) -> None:
    workers.use(
        monkeypatch,
        "import socket\nfrom agreements.documents import engine\nwrite = engine.write\n"
        f"def turned(html, names=()):\n    if 'GRIP' in html:\n        exec({reach!r})\n"
        "    return write(html, names)\nengine.write = turned",
    )
    with pytest.raises(RenderingError):
        renderer.pdf(page("GRIP"))
    assert "Too many open files" in caplog.text or "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("word", ["EVIG", "SNURR"])
def test_one_that_takes_too_long_is_stopped_and_the_next_one_works(
    word: str, settings: Any
) -> None:
    before = pid()
    settings.PDF_TIME_LIMIT = 0.5
    with pytest.raises(TooSlowError, match=r"more than 0\.5 seconds"):
        renderer.pdf(page(word))
    assert is_gone(before)
    settings.PDF_TIME_LIMIT = 60
    assert works()


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("word", ["DREPT", "KRASJ"])
def test_one_that_kills_the_process_is_an_error_and_the_next_one_works(word: str) -> None:
    before = pid()
    with pytest.raises(RenderingError, match="ended in the middle of its work"):
        renderer.pdf(page(word))
    assert is_gone(before)
    assert works()


@pytest.mark.usefixtures("turns")
def test_one_that_takes_all_memory_is_stopped_and_the_next_one_works() -> None:
    with pytest.raises(TooLargeError, match="More than 1000 MB of memory"):
        renderer.pdf(page("TETT"))
    assert works()


@pytest.mark.usefixtures("turns")
def test_a_worker_that_failed_is_not_used_again() -> None:
    before = pid()
    with pytest.raises(RenderingError, match="ValueError"):
        renderer.pdf(page("FEIL"))
    assert is_gone(before)
    assert works()


@pytest.mark.usefixtures("turns")
def test_kill_9_from_outside_in_the_middle_of_a_render_is_an_error_and_the_next_one_works() -> None:
    number = pid()
    killer = threading.Timer(0.5, os.kill, (number, signal.SIGKILL))
    killer.start()
    with pytest.raises(RenderingError, match="ended in the middle of its work"):
        renderer.pdf(page("EVIG"))
    killer.join()
    assert works()


def test_one_that_was_killed_while_it_waited_is_replaced() -> None:
    number = pid()
    os.kill(number, signal.SIGKILL)
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)  # all of its threads are gone
    assert works()


@pytest.mark.usefixtures("turns")
def test_what_libraries_print_goes_to_the_log_and_not_into_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = renderer.pdf(page("PRAT"))
    assert made.startswith(b"%PDF-1.7")
    bounded.stop()  # and with it all it had to say
    end = time.monotonic() + 10
    while "sagt av C" not in caplog.text and time.monotonic() < end:
        time.sleep(0.02)
    assert "sagt av C" in caplog.text
    assert b"sagt av" not in made


@pytest.mark.parametrize("answer", ["tull", "[]", '{"size": 5}', '{"size": -1, "ready": 1}', ""])
def test_a_worker_that_talks_nonsense_is_told_off(answer: str, monkeypatch: Monkey) -> None:
    monkeypatch.setattr(process, "START_SECONDS", 5)
    workers.use(monkeypatch, f"print({answer!r}, flush=True); raise SystemExit")
    with pytest.raises(PdfUnavailableError, match="does not start"):
        renderer.pdf(page("<p>x</p>"))


def test_many_at_once_stand_in_line_and_all_get_their_own() -> None:
    number = pid()

    def one(name: str) -> int:
        made = renderer.pdf(page("".join(f"<p style='break-after:page'>{name}</p>" * len(name))))
        return len(inspection.facts(made).pages)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, ["x" * n for n in range(1, 25)]))
    assert found == list(range(1, 25))
    assert pid() == number


@pytest.mark.usefixtures("turns")
def test_those_who_wait_too_long_are_told_so_and_hold_nobody_up(settings: Any) -> None:
    pid()
    with bounded.turn():
        settings.PDF_TIME_LIMIT = 0.1
        with pytest.raises(BusyError), ThreadPoolExecutor(1) as pool:
            pool.submit(renderer.pdf, page("<p>vent</p>")).result()
    settings.PDF_TIME_LIMIT = 60
    assert works()


ORPHAN = f"""
import os, signal, threading, time, django
django.setup()
from agreements.documents import bounded, renderer
from municipalities.apart import process
process.COMMAND = {workers.command(workers.TURNS)!r}
renderer.pdf({page("<p>Varm</p>")!r})
busy = os.environ["BUSY"]
if busy:
    threading.Thread(target=renderer.pdf, args=({page("SNURR")!r},), daemon=True).start()
    time.sleep(1)
print(bounded._worker.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("busy", ["", "1"])
def test_a_parent_that_is_killed_leaves_no_orphan(busy: str) -> None:
    number = int(pdf_reading.run_python(ORPHAN, code=-signal.SIGKILL, BUSY=busy))
    assert is_gone(number, 10)


FORKED = f"""
import os, sys, django
django.setup()
from agreements.documents import bounded, renderer
renderer.pdf({page("<p>Varm</p>")!r})
mine = bounded._worker.process.pid
child = os.fork()
if not child:
    renderer.pdf({page("<p>Gaffel</p>")!r})
    own = bounded._worker.process.pid
    bounded.stop()
    os._exit(0 if own != mine else 1)
assert os.waitpid(child, 0)[1] == 0
renderer.pdf({page("<p>Etter</p>")!r})
assert bounded._worker.process.pid == mine
print(mine)
"""


def test_a_forked_process_starts_its_own_and_leaves_the_parents_alone() -> None:
    number = int(pdf_reading.run_python(FORKED))
    assert is_gone(number)  # the parent has ended in peace, and took it along


def test_a_process_that_ends_says_nothing_of_things_left_open() -> None:
    program = (
        "import django\ndjango.setup()\nfrom agreements.documents import renderer\n"
        f"renderer.pdf({page('<p>x</p>')!r})"
    )
    said = pdf_reading.run_python(program, errors=True, PYTHONWARNINGS="default", PYTHONDEVMODE="1")
    assert "ResourceWarning" not in said


def test_the_web_process_starts_it_before_anybody_asks() -> None:
    program = """
import time, config.wsgi
from agreements.documents import bounded
end = time.monotonic() + 60
while bounded._worker is None and time.monotonic() < end:
    time.sleep(0.05)
print(bounded._worker is not None)
"""
    assert pdf_reading.run_python(program) == "True"


def test_an_agreement_through_the_worker_is_the_same_bytes_as_without_it() -> None:
    from agreements.documents import engine
    from agreements.documents.agreement import agreement_html

    document = builders.a_document()
    issue = documents.draft(document)
    assert documents.agreement_pdf(document, issue) == engine.write(agreement_html(document, issue))

"""What people see when a document cannot be made: words, and everything as it was."""

from __future__ import annotations

import errno
import os
import signal
import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements import documents, finals
from agreements.documents import bounded, signatures
from agreements.domain.states import State
from agreements.models import Agreement, StoredFile
from municipalities.apart import process
from tests import final_files, pages, rounds, studies, workers
from tests.test_signature_fields import signed

DRAFT = "/avtaler/ringeriksregionen-2026/dokumenter/avtale.pdf"
STEP = "/avtaler/ringeriksregionen-2026/behandling/steg/prepare-signing/"
SIGNED = "/avtaler/ringeriksregionen-2026/dokumenter/signert/"
WORDS = {
    "EVIG": "Dokumentet tok for lang tid å lage",
    "DREPT": "Dokumentet kunne ikke lages",
    "TETT": "Dokumentet er for stort til å lages",
    "FEIL": "Dokumentet kunne ikke lages",
}


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does badly when it is asked to."""
    workers.use(monkeypatch, workers.TURNS)


@pytest.mark.parametrize("word", WORDS)
def test_the_page_says_so_in_words_and_the_next_one_gets_a_file(
    word: str, ringerike: Agreement, as_: Any, settings: Any
) -> None:
    workers.pid()
    title = ringerike.title
    Agreement.objects.filter(pk=ringerike.pk).update(title=f"Avtale {word}")
    settings.PDF_TIME_LIMIT = 3 if word == "EVIG" else 60
    client = as_("editor")
    answer = client.get(DRAFT)
    assert answer.status_code == 503
    text = pages.text(answer)
    assert WORDS[word] in text
    assert "Ingenting er endret." in text
    assert "Traceback" not in text
    settings.PDF_TIME_LIMIT = 60
    Agreement.objects.filter(pk=ringerike.pk).update(title=title)
    assert client.get(DRAFT).content.startswith(b"%PDF-1.7")


def test_too_many_in_line_is_a_page_with_words(as_: Any, settings: Any) -> None:
    client = as_("editor")
    settings.PDF_TIME_LIMIT = 0.1
    process._line.acquire()
    try:
        answer = client.get(DRAFT)
    finally:
        process._line.release()
    assert answer.status_code == 503
    assert "Mange lager dokumenter akkurat nå" in pages.text(answer)


def test_a_process_that_the_machine_has_no_room_for_is_a_page_with_words(
    ringerike: Agreement, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(terms: Any) -> Any:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    client = as_("editor")
    bounded.stop()
    with monkeypatch.context() as patched:
        patched.setattr(process.Terms, "start", full)
        answer = client.get(DRAFT)
        assert not documents.available()
    assert answer.status_code == 503
    assert "PDF kan ikke lages på denne maskinen" in pages.text(answer)
    assert client.get(DRAFT).content.startswith(b"%PDF-1.7")


def test_a_plan_without_an_agreement_says_the_same(ringerike: Agreement, as_: Any) -> None:
    plan = studies.a_study()
    plan.name = "Plan DREPT"
    plan.save()
    client = as_("editor")
    address = f"/okonomi/{plan.pk}/sammenligning.pdf"
    answer = client.get(address)
    assert answer.status_code == 503
    assert WORDS["DREPT"] in pages.text(answer)


def test_files_that_cannot_be_made_final_leave_the_agreement_as_it_was(
    ringerike: Agreement, as_: Any
) -> None:
    """The worker is killed from outside in the middle of the step; the step can be taken again."""
    final_files.adopted(ringerike)
    client = as_("administrator")
    form = pages.form(client.get(STEP), "Gjør klar")
    events = ringerike.events.count()
    ask = process.Worker.ask

    def killed(self: Any, job: str, *given: Any) -> Any:
        if job == "pdf":
            # It gets the question, cannot answer it, and is killed with it in hand.
            os.kill(self.process.pid, signal.SIGSTOP)
            threading.Timer(0.2, self.process.kill).start()
        return ask(self, job, *given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(process.Worker, "ask", killed)
        answer = client.post(STEP, form)
    assert answer.status_code == 503
    assert "Filene ble ikke laget, og avtalen er som før" in pages.text(answer)
    assert "Dokumentet kunne ikke lages" in pages.text(answer)
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED
    assert (StoredFile.objects.count(), ringerike.events.count()) == (0, events)
    assert client.post(STEP, form).status_code == 302
    ringerike.refresh_from_db()
    assert ringerike.state is State.READY_TO_SIGN
    assert StoredFile.objects.count() == 4


@pytest.mark.parametrize("step", ["gate", "facts"])
def test_nothing_is_kept_of_a_file_that_nobody_could_look_at(
    step: str, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.adopted(ringerike)
    workers.use(
        monkeypatch,
        "import os\nfrom agreements.documents import kinds\nfrom municipalities.apart.worker import Kind\n"
        "own = kinds.OWN.prepare\n"
        f"def turned():\n    return own() | {{{step!r}: lambda *given: os._exit(3)}}\n"
        "kinds.OWN = Kind(turned)",
    )
    with pytest.raises(documents.PdfError, match="ended in the middle"):
        finals.finalise(rounds.administrator(), ringerike, source=ringerike.status)
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED
    assert not StoredFile.objects.exists()


SLOW_READER = (
    "import time\nfrom agreements.documents import verification\n"
    "verification.verify = lambda *given: time.sleep(3600)"
)
DEAD_READER = (
    "import os\nfrom agreements.documents import verification\n"
    "verification.verify = lambda *given: os._exit(1)"
)


@pytest.mark.parametrize(
    ("reader", "said"),
    [(SLOW_READER, signatures.TOO_HEAVY), (DEAD_READER, signatures.UNREADABLE)],
)
def test_a_signed_file_that_breaks_its_reader_is_a_problem_with_the_file(
    reader: str, said: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers.use(monkeypatch, reader)
    settings.PDF_TIME_LIMIT = 1
    assert signatures.verify(b"%PDF-1.7").problems == (said,)


def test_signatures_are_read_in_another_process_as_they_are_in_this_one() -> None:
    from agreements.documents import verification

    content = signed()[-1]
    assert signatures.verify(content) == verification.verify(content)
    assert len(signatures.verify(content).signatures) == 4


def test_a_signed_file_is_not_refused_because_the_machine_is_busy(
    ringerike: Agreement, as_: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = final_files.finalised(ringerike)
    client = as_("administrator")
    form = pages.form(client.get(SIGNED), "Lagre filen")
    content = final_files.signed(version)
    settings.PDF_TIME_LIMIT = 0.1
    process._line.acquire()
    try:
        answer = client.post(SIGNED, form | {"file": SimpleUploadedFile("a.pdf", content)})
    finally:
        process._line.release()
    assert answer.status_code == 503
    assert "Filen kunne ikke kontrolleres akkurat nå" in pages.text(answer)
    assert not version.files.filter(kind=StoredFile.Kind.SIGNED).exists()

"""Two web processes and two workers on one database, as on several machines: no state of their own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from agreements.models import Delivery, Message
from config.embedded_place import PROJECT
from municipalities import outbox
from municipalities.models import User
from tests.conftest import CAST
from tests.production import Answer, ask, database_url, free_port, started, wait_for

PASSWORD = "eksempel-passord-2026"
LOGIN, PAGE = "/logg-inn/", "/avtaler/ringeriksregionen-2026/"
MESSAGES = 40


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """What all the processes have: the database, the secret, and mails as files in one folder."""
    return {
        "DATABASE_URL": database_url(),
        "LOCAL": "1",
        "VAR_DIR": str(tmp_path),
        "BASE_URL": "http://127.0.0.1",
    }


@pytest.fixture
def webs(tmp_path: Path, surroundings: dict[str, str]) -> Iterator[list[str]]:
    """Two web processes; their addresses."""
    with ExitStack() as stack:
        addresses = []
        for number in range(2):
            port, log = free_port(), tmp_path / f"web{number}.log"
            command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers=1"]
            command += ["--threads=2", "--no-control-socket", f"--bind=127.0.0.1:{port}"]
            process = stack.enter_context(started(command, PROJECT, log, **surroundings))
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda a=address: ask(f"{a}/health/").status == 200, process, log)
            addresses.append(address)
        yield addresses


class Visitor:
    """A browser that does not notice which process answers it."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, address: str, data: dict[str, str] | None = None) -> Answer:
        if data is not None:
            data = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **data}
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None if data is None else urlencode(data).encode()
        answer = ask(address, data=body, Cookie=sent)
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: found.value for name, found in SimpleCookie(line).items()}
        return answer


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whoever_logs_in_at_one_goes_on_at_the_other(ringerike: Any, webs: list[str]) -> None:
    first, second = webs
    # The tests' own quick hashes are not known to a server.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000))
    visitor = Visitor()
    visitor.ask(first + LOGIN)
    refused = visitor.ask(second + PAGE)
    assert refused.status == 302, "nobody is logged in yet"
    person = {"login": CAST["editor"], "password": PASSWORD}
    assert visitor.ask(second + LOGIN, person).status == 302  # a form from one, sent to the other
    for address in (first, second, first):
        assert visitor.ask(address + PAGE).status == 200
    clause = f"{PAGE}tekst/punkt/formaal/"
    form = visitor.ask(first + clause).body
    (revision,) = re.findall(r'name="revision" value="(\d+)"', form)
    typed = {"revision": revision, "heading": "Nytt formål", "text": "Skrevet hos den ene."}
    assert visitor.ask(first + clause, typed).status == 302
    assert "Skrevet hos den ene." in visitor.ask(second + f"{PAGE}tekst/").body
    stale = {**typed, "text": "Skrevet hos den andre."}
    assert visitor.ask(second + clause, stale).status == 409, "the other knows what was saved"
    assert visitor.ask(second + "/logg-ut/", {}).status == 302
    assert visitor.ask(first + PAGE).status == 302, "logged out of one is logged out of both"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_job_once(
    ringerike: Any, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    original = Message.objects.filter(recipient__is_active=True).first()
    Message.objects.all().delete()
    _empty_the_queue()
    rows = Message.objects.bulk_create(
        Message(
            recipient=original.recipient,
            agreement=original.agreement,
            event=original.event,
            kind=original.kind,
            key=f"flere-{number}",
            subject=f"Melding {number}",
            text="Tekst.",
            page=original.page,
            path=original.path,
            delivery=Delivery.NOW,
        )
        for number in range(MESSAGES)
    )
    command = [sys.executable, "manage.py", "procrastinate", "worker"]
    with ExitStack() as stack:
        logs = [tmp_path / f"worker{number}.log" for number in range(2)]
        processes = [
            stack.enter_context(started(command, PROJECT, log, **surroundings)) for log in logs
        ]
        for log, process in zip(logs, processes, strict=True):
            wait_for(lambda: _workers() == 2, process, log)
        # Each twice, as when `wake` nudges one that is in the queue already.
        outbox.enqueue("agreements.send_message", [row.pk for row in rows] * 2)
        wait_for(lambda: not _waiting(), processes[0], logs[0])
    sent = Message.objects.filter(pk__in=[row.pk for row in rows])
    assert {(row.sent_at is not None, row.attempts) for row in sent} == {(True, 1)}
    mails = [path.read_text() for path in (tmp_path / "mail").iterdir()]
    found = re.findall(r"^Message-ID: (.+)$", "\n".join(mails), re.M)
    assert sorted(found) == sorted(row.message_id for row in rows)


def _empty_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def _waiting() -> int:
    return ProcrastinateJob.objects.filter(
        task_name="agreements.send_message", status__in=["todo", "doing"]
    ).count()

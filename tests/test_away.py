"""While the database is away: a clear page with what was typed, and health addresses that tell the truth."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from agreements import documents, editing, notifying, record
from agreements.models import Agreement, Clause
from municipalities.away import is_away
from tests import pages, production
from tests.faults import cutting

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "En lang tekst som tok en halvtime å skrive."
CLAUSE = "/avtaler/ringeriksregionen-2026/tekst/punkt/{key}/"


@pytest.fixture
def clause(ringerike: Agreement) -> Clause:
    found = ringerike.clauses.filter(children=None).first()
    assert found is not None
    return found


@pytest.fixture
def editor(ringerike: Agreement) -> Client:
    return cutting.browser("editor")


@pytest.fixture
def client() -> Client:
    return cutting.browser()


def typed(clause: Clause) -> dict[str, Any]:
    return {"heading": "Ny overskrift", "text": TEXT, "revision": clause.revision}


# --- away from the start --------------------------------------------------------------------------


def test_a_page_says_that_the_database_is_away_and_comes_back_by_itself(
    editor: Client, clause: Clause
) -> None:
    with cutting.away():
        for address in ("/", "/avtaler/", CLAUSE.format(key=clause.key), "/logg-inn/?next=/"):
            answer = editor.get(address)
            if address.startswith("/logg-inn/") and answer.status_code == 200:
                continue  # a page that needs no database may be shown
            assert answer.status_code == 503, address
            assert answer["Retry-After"] == "30"
            page = answer.content.decode()
            assert "Ikke tilgjengelig akkurat nå" in page
            assert "Traceback" not in page
            assert f'href="{address}"' in page
    assert editor.get("/avtaler/").status_code == 200


def test_what_was_typed_comes_back_and_can_be_sent_again(editor: Client, clause: Clause) -> None:
    address = CLAUSE.format(key=clause.key)
    with cutting.away():
        answer = editor.post(address, typed(clause))
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "ikke lagret" in page
    assert TEXT in page
    again = pages.form(answer, "Send på nytt")
    assert again["text"] == [TEXT]
    assert again["revision"] == [str(clause.revision)]
    assert editor.post(address, again).status_code == 302
    clause.refresh_from_db()
    assert clause.text == TEXT


def test_passwords_are_not_given_back_and_files_are_asked_for(client: Client) -> None:
    with cutting.away():
        answer = client.post("/logg-inn/", {"username": "a@b.no", "password": "hemmelig-ord"})
        assert answer.status_code == 503
        assert "hemmelig-ord" not in answer.content.decode()
        assert "Send på nytt" not in answer.content.decode()
        file = SimpleUploadedFile("minutes.pdf", b"%PDF-", "application/pdf")
        answer = client.post("/logg-inn/", {"title": "Særutskrift", "file": file})
        assert answer.status_code == 503
        assert "Filen må du velge på nytt" in answer.content.decode()
        assert "Særutskrift" in answer.content.decode()
        assert "Send på nytt" not in answer.content.decode()


def test_only_a_database_that_is_away_is_taken_for_it() -> None:
    wrapped = ValueError()
    wrapped.__cause__ = InterfaceError("the connection is closed")
    assert is_away(OperationalError())
    assert is_away(wrapped)
    assert not is_away(ProgrammingError("no such column"))
    assert not is_away(ValueError())
    assert not is_away(None)


def test_a_fault_of_the_program_is_still_one(
    editor: Client, monkeypatch: pytest.MonkeyPatch, clause: Clause
) -> None:
    def fails(*given: Any) -> None:
        raise ProgrammingError("no such column")

    monkeypatch.setattr(editing, "save_clause", fails)
    answer = editor.post(CLAUSE.format(key=clause.key), typed(clause))
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.content.decode()


# --- cut in the middle ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name"),
    [(record, "entry"), (notifying, "tell")],
    ids=["after the row and before its event", "after the event and before the messages"],
)
def test_a_save_that_is_cut_in_the_middle_saves_nothing_and_keeps_the_text(
    editor: Client, clause: Clause, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    address, events = CLAUSE.format(key=clause.key), clause.agreement.events.count()
    was_cut = cutting.cut_before(monkeypatch, module, name)
    answer = editor.post(address, typed(clause))
    assert was_cut()
    assert answer.status_code == 503
    assert TEXT in answer.content.decode()
    before = clause.text, clause.revision
    clause.refresh_from_db()
    assert (clause.text, clause.revision) == before
    assert clause.agreement.events.count() == events
    assert record.first_break(clause.agreement) is None
    assert editor.post(address, pages.form(answer, "Send på nytt")).status_code == 302
    clause.refresh_from_db()
    assert clause.text == TEXT
    assert clause.agreement.events.count() == events + 1


def test_a_connection_that_was_cut_while_nobody_used_it_is_not_noticed(editor: Client) -> None:
    assert editor.get("/avtaler/").status_code == 200
    connection.ensure_connection()
    cutting.cut()
    assert editor.get("/avtaler/").status_code == 200


# --- health ---------------------------------------------------------------------------------------


def test_health_tells_whether_the_database_answers(client: Client) -> None:
    assert client.get("/health/").status_code == 200
    with cutting.away():
        assert client.get("/health/").status_code == 503
        assert client.head("/health/").status_code == 503
    connection.ensure_connection()
    cutting.cut()
    assert client.get("/health/").status_code == 200


def ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/health/ready/")
    return answer.status_code, json.loads(answer.content)


def test_ready_tells_what_works(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # those of tests before this one
    status, told = ready(client)
    assert status == 200
    assert told == {
        "database": "ok",
        "migrations": "ok",
        "documents": "ok",
        "worker": "not seen for a minute",
        "queue": "ok",
    }
    with monkeypatch.context() as patched:
        patched.setattr(documents, "available", lambda: False)
        status, told = ready(client)
        assert (status, told["documents"]) == (503, "unavailable")
    with cutting.away():
        status, told = ready(client)
        assert (status, told["database"]) == (503, "unreachable or not migrated")
        assert told["migrations"] == told["worker"] == "unknown"


def test_ready_waits_for_the_migrations(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM django_migrations WHERE app = 'agreements'
                RETURNING app, name, applied"""
        )
        rows = cursor.fetchall()
        try:
            assert ready(client)[0] == 503
            assert ready(client)[1]["migrations"] == "not applied"
        finally:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows
            )
    assert ready(client)[0] == 200


def test_ready_sees_workers_and_a_queue_that_stands(client: Client) -> None:
    """Told, and no more: pages are served without a worker."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert ready(client)[1]["worker"] == "ok"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 min'")
        assert ready(client) == (200, ready(client)[1] | {"worker": "not seen for a minute"})
    notifying.outbox.enqueue("agreements.send_message", [1])
    assert ready(client)[1]["queue"] == "ok"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '11 minutes'")
    status, told = ready(client)
    assert (status, told["queue"]) == (200, "a job has waited for more than ten minutes")


def test_ready_asks_little_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    ready(client)
    with django_assert_num_queries(2):
        ready(client)


def test_health_is_asked_over_plain_http(settings: Any) -> None:
    """By a load balancer, of a server."""
    production.use(settings)
    client = Client(headers={"Host": production.HOST})
    assert client.get("/health/").status_code == 200
    assert client.get("/health/ready/").status_code == 200
    assert client.get("/logg-inn/").status_code == 301

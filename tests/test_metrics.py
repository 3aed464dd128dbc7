"""/metrics: for those who show the token, in numbers that name nobody, with one question to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from agreements import documents
from agreements.documents import bounded, renderer
from agreements.documents.errors import RenderingError
from agreements.models import Agreement, Message
from config import metrics
from tests.conftest import CAST

As = Callable[[str], Client]
TOKEN = "a-token-for-prometheus-only"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def numbers() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What Prometheus reads: name and labels, and the value."""
    answer = Client().get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("samarbeidsavtaler_"), tuple(sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def number(name: str, **labels: str) -> float:
    return numbers().get((name, tuple(sorted(labels.items()))), 0)


@pytest.mark.parametrize(
    "shown", [{}, {"Authorization": "Bearer feil"}, {"Authorization": f"Basic {TOKEN}"}]
)
def test_without_the_token_there_is_no_such_page(
    token: None, as_: As, shown: dict[str, str]
) -> None:
    for who in ("nobody", "administrator"):
        answer = as_(who).get("/metrics", headers=shown)
        assert answer.status_code == 404
        assert b"samarbeidsavtaler_" not in answer.content
    assert Client().post("/metrics", headers=SHOWN).status_code == 404


def test_where_no_token_is_set_nothing_opens_it(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for shown in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert Client().get("/metrics", headers=shown).status_code != 200


def test_prometheus_asks_for_the_container_by_any_name(token: None, db: None) -> None:
    assert Client().get("/metrics", headers=SHOWN | {"Host": "web:8000"}).status_code == 200
    assert Client().get("/health/", headers={"Host": "web:8000"}).status_code == 400


def test_requests_are_counted_by_the_name_of_the_address(token: None, as_: As) -> None:
    of_page = {"method": "GET", "route": "agreement", "status": "200"}
    gone = {"method": "GET", "route": "none", "status": "404"}
    before, before_gone = number("requests_total", **of_page), number("requests_total", **gone)
    timed = number("request_seconds_count", route="agreement")
    as_("editor").get("/avtaler/ringeriksregionen-2026/")
    as_("editor").get("/finnes-ikke/kari@kommune.no/")
    Client().generic("SPØK", "/avtaler/")
    assert number("requests_total", **of_page) == before + 1
    assert number("requests_total", **gone) == before_gone + 1
    assert number("request_seconds_count", route="agreement") == timed + 1
    found = str(numbers())
    for secret in ("ringeriksregionen", "kari@", CAST["editor"], "SPØK"):
        assert secret not in found
    assert "'other'" in found


def test_pdfs_are_timed_and_failures_counted(
    token: None, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(turn: bounded.Turn, job: str, content: bytes, **given: Any) -> tuple[None, bytes]:
        if content == b"bad":
            raise RenderingError
        return None, b"%PDF"

    monkeypatch.setattr(bounded.Turn, "ask", ask)
    made, failed = number("rendering_seconds_count"), number("rendering_failures_total")
    assert renderer.pdf("good") == b"%PDF"
    with pytest.raises(documents.PdfError):
        renderer.pdf("bad")
    assert number("rendering_seconds_count") == made + 2
    assert number("rendering_failures_total") == failed + 1


def job(status: str, waited: int = 0, later: int = 0) -> None:
    """Put a job in the queue, `waited` seconds ago, to be done in `later` seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('q', 't', %s, CASE WHEN %s > 0 THEN now() + make_interval(secs => %s) END)"
            " RETURNING id",
            [status, later, later],
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s)"
            " WHERE job_id = %s",
            [waited, cursor.fetchone()[0]],
        )


def test_the_queue_and_the_mail_are_told_as_they_are(token: None, quiet: Agreement) -> None:
    names = ("queue_waiting", "queue_oldest_seconds", "queue_doing", "queue_failed", "workers")
    assert [number(name) for name in names] == [0, 0, 0, 0, 0]
    job("todo", waited=30)
    job("todo", waited=90)
    job("todo", waited=5000, later=3600)  # not due: it does not wait
    job("doing")
    job("failed")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()),"
            " (now() - interval '2 minutes')"
        )
    assert [number(name) for name in names] == [2, pytest.approx(90, abs=20), 1, 1, 1]

    now = timezone.now()
    recipient = quiet.region.contract_municipality.organisation.memberships.first().user
    sent = now - dt.timedelta(1)
    kinds = [("", None, None), ("Timeout", None, None), ("Timeout", now, None), ("", now, None)]
    for key, (error, dropped, went) in enumerate([*kinds, ("", None, sent)]):
        Message.objects.create(
            recipient=recipient,
            agreement=quiet,
            key=str(key),
            error=error,
            dropped_at=dropped,
            sent_at=went,
        )
    assert (number("mail_failing"), number("mail_given_up")) == (1, 1)
    assert number("database_up") == 1


def test_every_table_of_mail_is_asked() -> None:
    asked = metrics.question()
    for name in ("agreements_message", "agreements_digest", "municipalities_invitation"):
        assert f"FROM {name}" in asked


def test_it_asks_the_database_once_however_much_there_is(token: None, quiet: Agreement) -> None:
    for _ in range(30):
        job("todo")
    with CaptureQueriesContext(connection) as asked:
        numbers()
    assert len(asked) == 1


def test_a_database_that_is_down_is_told_and_no_error(
    token: None, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: Any) -> None:
        raise DatabaseError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", away)
        found = numbers()
    assert found["database_up", ()] == 0
    assert ("queue_waiting", ()) not in found
    assert any(name == "requests_total" for name, _ in found)

"""/metrics: for those who show the token, in numbers that name nobody, with one question to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from prometheus_client.parser import text_string_to_metric_families

from agreements import delivery, documents
from agreements.backup import restoring
from agreements.documents import bounded, renderer
from agreements.documents.errors import RenderingError
from agreements.models import Agreement, Message
from config import metrics
from municipalities import outbox
from municipalities.models import User
from municipalities.outbox import Outgoing
from tests import rounds
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


def wait(seconds: int) -> None:
    """Put a job in the queue that was due so many seconds ago."""
    due = timezone.now() - dt.timedelta(seconds=seconds)
    app.configure_task(delivery.DIGEST_TASK, schedule_at=due).defer(pk=0)


def test_the_queue_is_told_as_it_is(token: None, quiet: Agreement) -> None:
    """What the queue itself puts in its tables is what is counted."""
    names = ("queue_waiting", "queue_oldest_seconds", "queue_doing", "queue_failed", "workers")
    assert [number(name) for name in names] == [0, 0, 0, 0, 0]
    queue = app.job_manager
    gone, here = (async_to_sync(queue.register_worker)() for _ in range(2))
    with connection.cursor() as cursor:  # one that died without a word
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
            " WHERE id = %s",
            [gone],
        )
    wait(300)
    wait(200)
    taken, failed = (async_to_sync(queue.fetch_job)(None, here) for _ in range(2))
    async_to_sync(queue.finish_job)(failed, Status.FAILED, False)
    wait(90)
    wait(-3600)  # not yet
    outbox.enqueue(delivery.DIGEST_TASK, [1])
    assert taken is not None
    assert [number(name) for name in names] == [2, pytest.approx(90, abs=20), 1, 1, 1]
    async_to_sync(queue.finish_job)(taken, Status.SUCCEEDED, True)
    assert number("queue_doing") == 0


def test_mail_that_fails_is_told_and_mail_that_is_not_wanted_is_not(
    token: None, quiet: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what a restore holds back, nor what somebody who has left should not get, has failed."""
    rounds.freeze(quiet)
    again, old, left, sent, *_ = Message.objects.order_by("pk")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - 2 * outbox.GIVE_UP)

    def told() -> tuple[float, float]:
        return number("mail_failing"), number("mail_given_up")

    def refuse(*given: Any, **named: Any) -> None:
        raise TimeoutError

    assert told() == (0, 0)
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        for row in (again, old, left, sent):
            delivery.send_message(row.pk)
    assert told() == (3, 1)
    assert delivery.send_message(sent.pk)
    assert told() == (2, 1)
    User.objects.filter(pk=left.recipient_id).update(is_active=False)
    assert not delivery.send_message(left.pk)
    assert told() == (1, 1)
    restoring.hold_mail()
    assert told() == (0, 1)


def test_only_mail_in_trouble_is_read(token: None, db: None) -> None:
    """From an index of each table of mail there is: what has been sent is not read at each question."""
    every = {model._meta.db_table for model in apps.get_models() if issubclass(model, Outgoing)}
    assert len(every) > 3
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + metrics.question(), [outbox.HELD_BACK])
        ((plan,),) = cursor.fetchall()
    read = [step for step in steps(plan[0]["Plan"]) if step.get("Relation Name") in every]
    assert {step["Relation Name"] for step in read} == every
    for step in read:
        assert "_in_trouble" in str(step), step


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's steps."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)


def test_it_asks_the_database_once_however_much_there_is(token: None, quiet: Agreement) -> None:
    for _ in range(30):
        wait(0)
    with CaptureQueriesContext(connection) as asked:
        numbers()
    assert len(asked) == 1


def test_a_database_that_is_down_is_told_and_no_error(
    token: None, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: Any) -> None:
        raise DatabaseError("connection refused")

    Client().get("/tilgjengelighet/")
    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", away)
        found = numbers()
    assert found["database_up", ()] == 0
    assert ("queue_waiting", ()) not in found
    assert any(name == "requests_total" for name, _ in found)

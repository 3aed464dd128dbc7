"""The program behind PgBouncer in transaction mode, as docs/operation.md says to set it up."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.utils import timezone

from agreements import record
from agreements.domain.checks import Position
from agreements.domain.states import State
from agreements.models import Agreement, Message, Version
from config import environment
from tests import jobs, pages, rounds
from tests.faults import serving
from tests.faults.mail_server import mail_server
from tests.pooler import CONNECTIONS, needs_pgbouncer, pooler

BASE = "/avtaler/ringeriksregionen-2026/"
CLAUSE, REVIEW = f"{BASE}tekst/punkt/formaal/", f"{BASE}behandling/"
READ = (BASE, f"{BASE}tekst/", f"{BASE}okonomi/", f"{BASE}kontroll/", REVIEW, "/avtaler/", "/")


def send(browser: httpx.Client, page: str, button: str, **values: object) -> httpx.Response:
    """Open a page, fill its form in and press the button."""
    opened = browser.get(page)
    assert opened.status_code == 200, page
    sent = pages.changed(pages.form(opened, button), **values)
    sent["csrfmiddlewaretoken"] = [serving.field(opened.text, "csrfmiddlewaretoken")]
    return browser.post(page, data=sent)


@needs_pgbouncer
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_round_goes_through_a_pooler_that_has_fewer_connections_than_there_are_threads(
    ringerike: Agreement,
) -> None:
    jobs.drop()
    Message.objects.all().delete()
    with mail_server() as mails, pooler() as between:
        pooled = {"DATABASE_URL": between.url, "DATABASE_POOLED": "1"}
        with (
            serving.worker(EMAIL_URL=f"smtp://127.0.0.1:{mails.port}"),  # past the pooler
            serving.gunicorn(**pooled) as one,
            serving.gunicorn(**pooled) as other,
            serving.person(one) as editor,
            serving.person(other, "administrator") as administrator,
            serving.person(one, "director") as director,
        ):
            assert send(editor, CLAUSE, "Lagre", text="Skrevet gjennom en pooler.").is_redirect
            assert "Skrevet gjennom en pooler." in administrator.get(f"{BASE}tekst/").text
            rounds.ready(ringerike)
            deadline = str(timezone.localdate() + dt.timedelta(days=14))
            assert send(administrator, f"{REVIEW}las/", "Lås", deadline=deadline).is_redirect
            answered = send(director, f"{REVIEW}svar/3310/", "Send", stance="positive")
            assert answered.is_redirect
            made = director.get(f"{BASE}dokumenter/avtale.pdf")
            assert made.content.startswith(b"%PDF-"), made.status_code
            with ThreadPoolExecutor(12) as crowd:
                browsers = [editor, administrator] * 6
                asked = [(browser, page) for page in READ for browser in browsers]
                found = list(crowd.map(lambda given: given[0].get(given[1]).status_code, asked))
            assert set(found) == {200}
            serving.wait_until(lambda: not Message.objects.filter(sent_at=None).exists())
            servers = [row for row in between.show("SERVERS") if row["database"] == between.name]
            assert 0 < len(servers) <= CONNECTIONS
            modes = {
                row["pool_mode"] for row in between.show("POOLS") if row["database"] == between.name
            }
            assert modes == {"transaction"}
            sent = mails.ids()
    assert len(sent) == len(set(sent)) == Message.objects.count() > 5
    ringerike.refresh_from_db()
    assert ringerike.state is State.IN_REVIEW
    version = Version.objects.get()
    assert rounds.decision(version, rounds.HOLE).stance == Position.POSITIVE
    assert record.first_break(ringerike) is None


def test_behind_a_pooler_nothing_is_left_on_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@pooler:6432/b")
    alone = environment.database("DATABASE_URL", default="")
    assert (alone["CONN_MAX_AGE"], alone["DISABLE_SERVER_SIDE_CURSORS"]) == (60, False)
    pooled = environment.database("DATABASE_URL", default="", pooled=True)
    assert (pooled["CONN_MAX_AGE"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == (0, True)
    assert "prepare_threshold" not in pooled.get("OPTIONS", {}), (
        "Django's own: no prepared statements"
    )

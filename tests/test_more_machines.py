"""Two web servers and two workers on one database, as on several machines: no state of their own.

That a stale save is stopped wherever it comes is tried in `tests/faults/test_two_servers.py`.
"""

from __future__ import annotations

import httpx
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from agreements.models import Agreement, Delivery, Message
from municipalities import outbox
from municipalities.models import User
from tests.conftest import CAST
from tests.faults import serving
from tests.faults.mail_server import mail_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "eksempel-passord-2026"
LOGIN, LOGOUT, PAGE = "/logg-inn/", "/logg-ut/", "/avtaler/ringeriksregionen-2026/"
MESSAGES = 40


def test_whoever_logs_in_at_one_goes_on_at_the_other(ringerike: Agreement) -> None:
    # The tests' own quick hashes are not known to a server.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000))
    with (
        serving.gunicorn() as first,
        serving.gunicorn() as second,
        httpx.Client(timeout=60, trust_env=False) as browser,
    ):

        def code(server: serving.Server) -> int:
            return browser.get(server.url + PAGE).status_code

        def token(address: str) -> dict[str, str]:
            page = browser.get(address).text
            return {"csrfmiddlewaretoken": serving.field(page, "csrfmiddlewaretoken")}

        form = token(first.url + LOGIN)  # from one, sent to the other
        assert code(second) == 302, "nobody is logged in yet"
        sent = {**form, "login": CAST["editor"], "password": PASSWORD}
        assert browser.post(second.url + LOGIN, data=sent).status_code == 302
        assert [code(server) for server in (first, second, first)] == [200] * 3
        assert browser.post(second.url + LOGOUT, data=token(first.url + PAGE)).is_redirect
        assert code(first) == 302, "logged out of one is logged out of both"


def test_two_workers_do_each_job_once(ringerike: Agreement) -> None:
    original = Message.objects.filter(recipient__is_active=True).first()
    assert original is not None
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
    with mail_server() as mails:
        address = {"EMAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        with serving.worker(**address), serving.worker(**address):
            serving.wait_until(lambda: _workers() == 2)
            # Each twice, as when `wake` nudges one that is in the queue already.
            outbox.enqueue("agreements.send_message", [row.pk for row in rows] * 2)
            serving.wait_until(lambda: not _waiting())
        sent = Message.objects.filter(pk__in=[row.pk for row in rows])
        assert {(row.sent_at is not None, row.attempts) for row in sent} == {(True, 1)}
        assert mails.ids() == sorted(row.message_id for row in rows)


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

"""A worker is killed with a job in hand: another takes the job up, and the mail goes out once."""

from __future__ import annotations

import pytest
import yaml
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agreements import notifying
from agreements.backup import tables
from agreements.models import Agreement, Message
from config.embedded_place import PROJECT
from municipalities import outbox
from tests import jobs, rounds
from tests.faults import serving
from tests.faults.mail_server import mail_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_job_of_a_killed_worker_is_taken_up_by_another(quiet: Agreement) -> None:
    rounds.freeze(quiet)
    jobs.drop()
    message = Message.objects.order_by("pk")[0]
    Message.objects.exclude(pk=message.pk).delete()
    outbox.enqueue(notifying.TASK, [message.pk])
    mine = ProcrastinateJob.objects.filter(task_name=notifying.TASK)
    with mail_server() as server:
        server.mode = "hang"
        address = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        with serving.worker(**address) as first:
            serving.wait_until(server.hanging.is_set)
            assert mine.get().status == "doing"
            first.kill()
            first.wait()
        message.refresh_from_db()
        assert message.sent_at is None
        server.mode = "take"
        # A minute without a sign of life, as far as the others can see.
        tables.run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
        with serving.worker(**address):
            app.configure_task("municipalities.tidy_queue").defer(timestamp=0)
            serving.wait_until(lambda: Message.objects.filter(sent_at__isnull=False).exists())
            serving.wait_until(lambda: not mine.exists())
        assert server.ids() == [message.message_id]
    message.refresh_from_db()
    assert (message.attempts, message.error) == (1, "")


def test_a_worker_that_has_lost_the_database_is_started_again(quiet: Agreement) -> None:
    """Its connections are cut until it gives up; script/server starts another, and the mail goes out."""
    rounds.freeze(quiet)
    jobs.drop()
    message = Message.objects.order_by("pk")[0]
    Message.objects.exclude(pk=message.pk).delete()
    with (
        mail_server() as server,
        serving.everything(EMAIL_URL=f"smtp://127.0.0.1:{server.port}") as whole,
    ):
        serving.wait_until(lambda: workers(whole))
        (first,) = workers(whole)

        def another() -> bool:
            tables.run(CUT)
            return not {first} >= set(workers(whole))

        serving.wait_until(another)
        outbox.enqueue(notifying.TASK, [message.pk])
        serving.wait_until(lambda: Message.objects.filter(sent_at__isnull=False).exists())
        assert server.ids() == [message.message_id]
        assert whole.health() == 200


def workers(whole: serving.Server) -> list[int]:
    """The workers of the task queue that a server runs."""
    return [
        pid for pid, line in serving.children(whole.process.pid).items() if "procrastinate" in line
    ]


def test_the_container_of_the_worker_is_started_again_too() -> None:
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert compose["services"]["worker"]["restart"] == "unless-stopped"

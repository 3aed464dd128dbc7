"""The mail server is away for a day, or busy: nothing is lost, nothing goes out twice."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from agreements import tasks
from agreements.models import Agreement, Message
from municipalities import outbox
from tests import jobs, rounds
from tests.faults.clock import Clock
from tests.faults.mail_server import mail_server


@pytest.fixture
def smtp(settings: Any) -> None:
    """Send mail to a server, at a port where nobody answers yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]


def a_while(clock: Clock, hours: float) -> None:
    """Let time go, with the periodic job every ten minutes and a worker that does what is queued."""
    for _ in range(int(hours * 6)):
        clock.move(minutes=10)
        tasks.wake_messages.func(timestamp=0)
        jobs.run()


@pytest.mark.slow
def test_the_mail_server_is_away_for_a_day(
    quiet: Agreement, smtp: None, settings: Any, clock: Clock
) -> None:
    rounds.freeze(quiet, days=14)
    waiting = Message.objects.filter(sent_at=None, dropped_at=None)
    ids = sorted(waiting.values_list("message_id", flat=True))
    assert len(ids) >= 5
    jobs.run()
    a_while(clock, hours=24)
    assert waiting.count() == len(ids), "nothing is given up"
    first = waiting.order_by("pk")[0]
    assert first.error == "ConnectionRefusedError"
    # 2, 4, 8, 16 and 32 minutes, and then once an hour: a server that is away is not hammered.
    assert 20 <= first.attempts <= 30
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        a_while(clock, hours=1.5)
        assert server.ids() == ids, "each once"
        a_while(clock, hours=2)
        assert server.ids() == ids
    assert not waiting.exists()


def test_a_server_that_is_busy_is_asked_again(
    quiet: Agreement, smtp: None, settings: Any, clock: Clock
) -> None:
    with mail_server() as server:
        settings.EMAIL_PORT, server.mode = server.port, "refuse"
        rounds.freeze(quiet, days=14)
        ids = sorted(Message.objects.values_list("message_id", flat=True))
        jobs.run()
        assert server.ids() == []
        assert set(Message.objects.values_list("error", flat=True)) == {"SMTPSenderRefused 451"}
        server.mode = "take"
        a_while(clock, hours=0.5)
        assert server.ids() == ids


def test_a_clock_that_was_wrong_does_not_hold_mail_back(
    quiet: Agreement, smtp: None, settings: Any, clock: Clock
) -> None:
    """A day ahead while the server was away, then put right: what waits is not a day late."""
    clock.move(days=1)
    rounds.freeze(quiet, days=14)
    jobs.run()
    assert Message.objects.filter(attempts=1).exists()
    clock.move(days=-1)
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        a_while(clock, hours=0.2)
        assert len(server.taken) == Message.objects.count()
        assert not Message.objects.filter(sent_at=None).exists()


def test_waiting_is_never_longer_than_the_longest_pause(quiet: Agreement) -> None:
    """What `wake` takes for a clock that was moved is longer than any pause the program makes."""
    assert outbox.NUDGED.total_seconds() / 60 <= outbox.LONGEST_PAUSE

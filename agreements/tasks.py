"""The jobs of this room, for the worker: procrastinate finds them by the module's name.

Each may be run twice, or by two workers at once, with the same outcome.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from agreements import delivery, notifying
from agreements.models import Digest
from municipalities import outbox


@app.task(name=notifying.TASK)
def send_message(pk: int) -> None:
    """Mail one message."""
    delivery.send_message(pk)


@app.task(name=delivery.DIGEST_TASK)
def send_digest(pk: int) -> None:
    """Mail one person's summary."""
    delivery.send_digest(pk)


@app.periodic(cron="*/5 * * * *")
@app.task(name="agreements.wake_messages")
def wake_messages(timestamp: int) -> None:
    """Put what is not sent in the queue again, where it is due."""
    outbox.wake(delivery.waiting(), notifying.TASK)
    outbox.wake(Digest.objects.all(), delivery.DIGEST_TASK)


# Every hour of the day rather than once: a worker that was away at six makes up for it at seven.
@app.periodic(cron="15 5-17 * * *")
@app.task(name="agreements.daily")
def daily(timestamp: int) -> None:
    """Remind those who have not answered, and make the day's summaries."""
    notifying.remind()
    delivery.gather()

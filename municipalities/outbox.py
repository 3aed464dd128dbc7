"""Mail that is sent at least once: rows are written with what they tell of, and a job sends each.

A row has its Message-ID from the start. The job locks the row, sends, and stores `sent_at`: where it is
killed in between, the mail goes out once more with the same Message-ID, and mail programs show one. The
row is the truth and the job only a nudge: `wake` finds what is unsent and due, and puts it in the queue
again, so nothing is lost when a mail server is away for a day or a worker dies.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from smtplib import SMTPException, SMTPResponseException
from typing import Any, TypeVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

GIVE_UP = dt.timedelta(days=7)
LONGEST_PAUSE = 60  # minutes
NUDGED = dt.timedelta(
    minutes=10
)  # how long a row waits for the job that was put in the queue for it
AT_ONCE = 200  # rows that one run of `wake` puts in the queue
HELD_BACK = "held back by restore"  # as `error` of what no mail server has refused
log = logging.getLogger(__name__)


def new_message_id() -> str:
    """Make a Message-ID on the sender's domain."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def soon() -> dt.datetime:
    """When a new row is looked at again, in case its job is lost."""
    return timezone.now() + NUDGED


class Outgoing(models.Model):
    """A mail to be sent. `dropped_at` says that it never will be, `error` why the last try failed.

    Dropped without an error is what nobody should be sent any more.
    """

    message_id = models.CharField(max_length=160, default=new_message_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    try_after = models.DateTimeField(default=soon, editable=False)
    error = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        abstract = True
        # What /metrics asks for, every half minute: the few that went wrong among all that were sent.
        indexes = [
            models.Index(
                fields=["dropped_at"],
                name="%(class)s_in_trouble",
                condition=Q(sent_at=None) & ~Q(error=""),
            )
        ]


Row = TypeVar("Row", bound=Outgoing)


@dataclass(frozen=True)
class Mail:
    """What a row says. `template` names a pair under templates/: with .txt and with .html."""

    to: str
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


def enqueue(task: str, pks: Iterable[int]) -> None:
    """Put a job for each row in the queue, inside the caller's transaction."""
    from procrastinate.contrib.django import app

    if jobs := [{"pk": pk} for pk in pks]:
        app.configure_task(task).batch_defer(*jobs)


def deliver(rows: QuerySet[Row], pk: int, compose: Callable[[Row], Mail | None]) -> bool:
    """Send one row's mail unless it is sent already; tell whether it went out now.

    `compose` returns None for what should not be sent any more. A mail server that does not answer, or
    says no, is written down on the row, and `wake` tries again after a pause that grows.
    """
    try:
        with transaction.atomic():
            waiting = rows.filter(pk=pk, sent_at=None, dropped_at=None)
            row = waiting.select_for_update(of=("self",)).first()
            if row is None:
                return False
            mail = compose(row)
            if mail is None:
                row.dropped_at = timezone.now()
            else:
                send(mail, row.message_id)
                row.sent_at = timezone.now()
                row.attempts += 1
            row.error = ""  # of an earlier try
            row.save(update_fields=["sent_at", "dropped_at", "attempts", "error"])
            return mail is not None
    except (OSError, SMTPException) as problem:
        _put_off(rows, pk, problem)
        return False


def _put_off(rows: QuerySet[Row], pk: int, problem: Exception) -> None:
    """Write down why it failed, without anything a server has answered: that may quote the address."""
    reason = type(problem).__name__
    if isinstance(problem, SMTPResponseException):
        reason += f" {problem.smtp_code}"
    log.warning("Mail %s was not sent: %s", pk, reason)
    with transaction.atomic():
        row = rows.select_for_update(of=("self",)).filter(pk=pk, sent_at=None).first()
        if row is None:
            return
        now = timezone.now()
        row.attempts = min(row.attempts + 1, 30_000)
        row.error = reason[:120]
        row.try_after = now + dt.timedelta(minutes=min(2**row.attempts, LONGEST_PAUSE))
        if now - row.created_at > GIVE_UP:
            row.dropped_at = now
        row.save(update_fields=["attempts", "error", "try_after", "dropped_at"])


def send(mail: Mail, message_id: str) -> None:
    """Hand one mail to the mail server, as plain text and as HTML. Raises what the server does."""
    context = {"subject": mail.subject, "has_address": bool(settings.BASE_URL), **mail.context}
    made = EmailMultiAlternatives(
        " ".join(mail.subject.split()),
        render_to_string(f"{mail.template}.txt", context),
        to=[mail.to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    made.attach_alternative(render_to_string(f"{mail.template}.html", context), "text/html")
    made.send()


@transaction.atomic
def wake(rows: QuerySet[Row], task: str) -> int:
    """Put what is unsent and due in the queue again; return how many.

    What is to wait longer than the program ever lets it wait was put off by a clock that was wrong.
    """
    now = timezone.now()
    absurd = now + dt.timedelta(minutes=LONGEST_PAUSE + 1)
    is_due = Q(try_after__lte=now) | Q(try_after__gt=absurd)
    due = rows.filter(is_due, sent_at=None, dropped_at=None).order_by("pk")
    pks = list(
        due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:AT_ONCE]
    )
    rows.filter(pk__in=pks).update(try_after=now + NUDGED)
    enqueue(task, pks)
    return len(pks)


def address(path: str) -> str:
    """The whole address of a page; empty where the installation has not said what its own is."""
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else ""

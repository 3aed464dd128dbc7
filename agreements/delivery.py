"""Mailing messages: each by itself, or the day's in one summary. See `municipalities.outbox`."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agreements import access
from agreements.models import Delivery, Digest, Message
from municipalities import outbox
from municipalities.models import User

DIGEST_TASK = "agreements.send_digest"


def waiting() -> QuerySet[Message]:
    """The messages that are mailed one by one."""
    return Message.objects.filter(delivery=Delivery.NOW)


def send_message(pk: int) -> bool:
    """Mail one message, unless that is done; tell whether it went out now."""
    rows = waiting().select_related("recipient", "agreement__region")
    return outbox.deliver(rows, pk, _compose)


def may_still_read(message: Message) -> bool:
    """Whether the person is still there and may see what it is about: roles change while mail waits."""
    if not message.recipient.is_active:
        return False
    able = access.abilities(message.recipient, message.agreement)
    return able.versions and (able.team or not message.internal)


def _compose(message: Message) -> outbox.Mail | None:
    if not may_still_read(message):
        return None
    context = {
        "agreement": message.agreement,
        "text": message.text,
        "page": message.page,
        "link": outbox.address(message.path),
        "notices": outbox.address(reverse("notices")),
    }
    return outbox.Mail(message.recipient.email, message.subject, "mail/message", context)


def gather() -> int:
    """Make the day's summaries; return how many. Once a day for a person, however often it is run."""
    today = timezone.localdate()
    made = Digest.objects.filter(day=today).values("recipient")
    unsent = Message.objects.filter(
        delivery=Delivery.DIGEST, digest=None, sent_at=None, dropped_at=None
    )
    people = unsent.exclude(recipient__in=made).values("recipient")
    return sum(_gather(user) for user in User.objects.filter(pk__in=people).order_by("pk"))


@transaction.atomic
def _gather(user: User) -> bool:
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=user.pk)
    digest, new = Digest.objects.get_or_create(recipient=user, day=timezone.localdate())
    if not new:
        return False
    Message.objects.filter(
        recipient=user, delivery=Delivery.DIGEST, digest=None, sent_at=None, dropped_at=None
    ).update(digest=digest)
    outbox.enqueue(DIGEST_TASK, [digest.pk])
    return True


def send_digest(pk: int) -> bool:
    """Mail one summary, unless that is done; tell whether it went out now."""
    return outbox.deliver(Digest.objects.select_related("recipient"), pk, _compose_digest)


def _compose_digest(digest: Digest) -> outbox.Mail | None:
    rows = digest.messages.select_related("recipient", "agreement__region").order_by("pk")
    told = [row for row in rows if may_still_read(row)]
    now = timezone.now()
    digest.messages.exclude(pk__in=[row.pk for row in told]).update(dropped_at=now)
    digest.messages.filter(pk__in=[row.pk for row in told]).update(sent_at=now)
    if not told:
        return None
    items = [
        {
            "subject": row.subject,
            "text": row.text,
            "page": row.page,
            "title": row.agreement.title,
            "link": outbox.address(row.path),
        }
        for row in told
    ]
    context = {"items": items, "notices": outbox.address(reverse("notices"))}
    return outbox.Mail(
        digest.recipient.email, "Daglig oppsummering fra Samarbeidsavtaler", "mail/digest", context
    )

"""Telling people of what happens: messages are stored with the event, and jobs that mail them.

`record` calls `tell` for every event, inside its transaction: neither is there without the other, and
the same goes for the jobs, as the queue is in the same database. Nobody is told of what they did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agreements import recipients
from agreements.domain import notices
from agreements.domain.checks import Position
from agreements.domain.notices import Audience, Facts, Notice, Page
from agreements.models import (
    Agreement,
    AgreementEvent,
    Comment,
    Decision,
    Delivery,
    Message,
    NoticeChoice,
    Version,
)
from agreements.recipients import Recipient
from municipalities import outbox
from municipalities.models import User

TASK = "agreements.send_message"
STANCES = {
    Position.POSITIVE.value: "positiv",
    Position.CONDITIONAL.value: "positiv på vilkår",
    Position.NEGATIVE.value: "negativ",
}


def tell(agreement: Agreement, event: AgreementEvent) -> None:
    """Store the messages an event gives rise to. Call in the transaction that stores the event."""
    if event.action not in notices.TOLD:
        return
    told: set[int] = {event.actor_id} if event.actor_id else set()
    made: list[Message] = []
    for notice in notices.about(event.action, _facts(agreement, event)):
        for recipient in _audience(notice, agreement, event):
            if recipient.user.pk not in told:
                told.add(recipient.user.pk)
                made.append(_message(agreement, notice, recipient, f"event-{event.pk}", event))
    _store(made)


def _facts(agreement: Agreement, event: AgreementEvent) -> Facts:
    data, version = event.data, event.version
    deadline = data.get("deadline")
    if isinstance(deadline, list):
        deadline = deadline[1]
    days = data.get("days") or ("", "")
    return Facts(
        title=agreement.title,
        version=data.get("version") or (version.number if version else None),
        deadline=dt.date.fromisoformat(deadline) if deadline else None,
        name=str(data.get("name", "")),
        stance=STANCES.get(str(data.get("stance", "")), ""),
        to_name=str(data.get("to_name", "")),
        reason=str(data.get("reason", "")),
        days=(days[0], days[1]),
        about=str(data.get("about", "")),
        sender=str(data.get("from", "")),
        internal=data.get("visibility") == Comment.Visibility.INTERNAL,
        complete=event.action == "decision.given" and _all_answered(version),
    )


def _all_answered(version: Version | None) -> bool:
    if version is None:
        return False
    deciding = version.decisions.filter(kind=Decision.Kind.DECIDES)
    return not deciding.filter(stance=Position.UNDECIDED.value).exists()


def _audience(notice: Notice, agreement: Agreement, event: AgreementEvent) -> list[Recipient]:
    version = event.version
    if notice.audience in (Audience.ASKED, Audience.UNANSWERED):
        if version is None:
            return []
        return recipients.answering(version, unanswered=notice.audience is Audience.UNANSWERED)
    find: dict[Audience, Callable[[], list[Recipient]]] = {
        Audience.TEAM: lambda: recipients.team(agreement),
        Audience.ADMINISTRATORS: lambda: recipients.administrators(agreement),
        Audience.DELEGATE: lambda: _one(User.objects.filter(pk=event.data["to"]).first()),
        Audience.AUTHOR: lambda: _author(notice, agreement, event),
    }
    return find[notice.audience]()


def _one(user: User | None) -> list[Recipient]:
    return [Recipient(user)] if user is not None and user.is_active else []


def _author(notice: Notice, agreement: Agreement, event: AgreementEvent) -> list[Recipient]:
    """Who wrote the input; for what is internal only while they are of the team."""
    row = Comment.objects.select_related("author").filter(pk=event.data["pk"]).first()
    found = _one(row.author if row else None)
    if notice.internal and found:
        inside = {recipient.user.pk for recipient in recipients.team(agreement)}
        return [recipient for recipient in found if recipient.user.pk in inside]
    return found


def _message(
    agreement: Agreement,
    notice: Notice,
    recipient: Recipient,
    key: str,
    event: AgreementEvent | None = None,
) -> Message:
    page, path = notice.page, [agreement.slug]
    if page is Page.DECISION and len(recipient.bodies) == 1:
        path.append(recipient.bodies[0].key)
    elif page is Page.DECISION:
        page = Page.REVIEW
    elif page is Page.INPUT:
        assert event is not None
        path.append(event.data["pk"])
    bodies = " og ".join(body.name for body in recipient.bodies)
    return Message(
        recipient=recipient.user,
        kind=notice.kind.value,
        agreement=agreement,
        event=event,
        key=key,
        subject=notice.subject,
        text=notice.text.replace("{bodies}", bodies),
        page=notices.PAGES[page],
        path=reverse(page.value, args=path),
        internal=notice.internal,
    )


def _store(made: Iterable[Message]) -> int:
    """Store the messages that are not there yet, each as its person wants it, and jobs to mail them."""
    rows = list(made)
    if not rows:
        return 0
    people = {row.recipient_id for row in rows}
    wanted = {
        (choice.user_id, choice.kind): choice.delivery
        for choice in NoticeChoice.objects.filter(user__in=people)
    }
    for row in rows:
        row.delivery = wanted.get((row.recipient_id, row.kind), Delivery.NOW)
        if not settings.SENDS_MAIL:
            row.delivery = Delivery.NONE
    before = _already(rows)
    new = [row for row in rows if (row.recipient_id, row.kind, row.key) not in before]
    Message.objects.bulk_create(new)
    outbox.enqueue(TASK, [row.pk for row in new if row.delivery == Delivery.NOW])
    return len(new)


def _already(rows: list[Message]) -> set[tuple[int, str, str]]:
    stored = Message.objects.filter(key__in={row.key for row in rows})
    return set(stored.values_list("recipient", "kind", "key"))


def remind(today: dt.date | None = None) -> int:
    """Remind those who have not answered; return how many messages were made.

    Each reminder of a deadline goes out once, so this may be run as often as one likes.
    """
    today = today or timezone.localdate()
    rows = (
        Version.objects.filter(
            agreement__status="in_review",
            round__withdrawn_at=None,
            round__closed_at=None,
            round__deadline__gte=today - dt.timedelta(days=notices.LATE_FOR),
            round__deadline__lte=today + dt.timedelta(days=max(notices.MILESTONES)),
        )
        .select_related("agreement__region", "round")
        .defer("document", "findings")
    )
    return sum(_remind(version, today) for version in rows)


@transaction.atomic
def _remind(version: Version, today: dt.date) -> int:
    """Remind about one version, with its agreement locked: two workers do not both."""
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=version.agreement_id)
    version.round.refresh_from_db()
    deadline = version.round.deadline
    asked_on = timezone.localdate(version.frozen_at)
    due = notices.milestone(today, deadline, asked_on)
    if due is None or row.status != "in_review" or version.round.withdrawn_at:
        return 0
    agreement = version.agreement
    facts = Facts(title=agreement.title, version=version.number, deadline=deadline)
    notice = notices.reminder(facts, today)
    key = f"reminder-{version.pk}-{deadline}-{due}"
    return _store(
        _message(agreement, notice, recipient, key)
        for recipient in recipients.answering(version, unanswered=True)
    )

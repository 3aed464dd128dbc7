"""The record of an agreement: the only writer of its events, and what reads them back for the chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from agreements import notifying
from agreements.domain import chain
from agreements.models import Agreement, AgreementEvent, Version
from municipalities import request_ids
from municipalities.models import Organisation, User


@dataclass(frozen=True)
class Actor:
    """Who acts, and for which organisation. No user: a command run by the operator."""

    user: User | None
    organisation: Organisation | None


def record(
    actor: Actor,
    agreement: Agreement,
    action: str,
    data: dict[str, Any],
    *,
    seen_by_all: bool = True,
    version: Version | None = None,
) -> AgreementEvent:
    """Store the Event, the messages about it, and the time of the change. Call inside the change's
    transaction.

    The agreement's row is locked (most callers have done so already): events of one agreement queue
    up, and each knows the one before. What only the team may know of leaves the time alone: others
    see it on their desk.
    """
    Agreement.objects.select_for_update(of=("self",)).only("pk").get(pk=agreement.pk)
    last = agreement.events.order_by("-number").only("agreement", "number", "hash").first()
    event = AgreementEvent(
        agreement=agreement,
        number=last.number + 1 if last else 1,
        occurred_at=timezone.now(),
        actor=actor.user,
        organisation=actor.organisation,
        action=action,
        data=data,
        request_id=request_ids.current(),
        version=version,
        previous_hash=last.hash if last else chain.START,
    )
    event.hash = chain.digest(entry(event), event.previous_hash)
    event.save()
    notifying.tell(agreement, event)
    if seen_by_all:
        Agreement.objects.filter(pk=agreement.pk).update(updated_at=timezone.now())
    return event


def entry(event: AgreementEvent) -> chain.Entry:
    """Return what is hashed of an event, with agreement, organisation and version loaded."""
    return chain.Entry(
        agreement=event.agreement.slug,
        number=event.number,
        at=event.occurred_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        actor=event.actor_id,
        organisation=event.organisation.key if event.organisation else "",
        action=event.action,
        data=event.data,
        request_id=event.request_id,
        version_sha256=event.version.sha256 if event.version else "",
    )


def linked(agreement: Agreement) -> Iterator[chain.Linked]:
    """Read the agreement's whole record in order, a piece at a time."""
    rows = agreement.events.select_related("organisation", "version").defer("version__document")
    for row in rows.order_by("number").iterator(chunk_size=500):
        row.agreement = agreement
        yield chain.Linked(entry(row), row.previous_hash, row.hash)


def first_break(agreement: Agreement) -> chain.Break | None:
    """Return where the agreement's record does not hold; None where it is whole."""
    return chain.first_break(linked(agreement))

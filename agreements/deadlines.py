"""Moving the deadline of an open round, and asking for the draft to be frozen.

As everywhere, each function is one transaction that locks the agreement first and stores one Event.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agreements import workflow
from agreements.domain.states import State
from agreements.models import Agreement, AgreementEvent, Round
from agreements.record import Actor, record
from municipalities import revisions
from municipalities.prepared import Prepared

REQUEST = "freeze.requested"


@transaction.atomic
def move(actor: Actor, agreement: Agreement, revision: int, deadline: dt.date) -> bool:
    """Give the open round another deadline; tell whether it is another. Who has not answered is told.

    ValueError for a day that has been. MovedOnError unless the round is open, StaleRevisionError (with
    the Round as it is) where somebody has moved the deadline meanwhile.
    """
    if deadline < timezone.localdate():
        raise ValueError("a deadline is not moved into the past")
    row = workflow.lock(agreement)
    version = workflow.current(row)
    if row.state is not State.IN_REVIEW or version is None:
        raise workflow.MovedOnError(row)
    stored = Round.objects.select_for_update(of=("self",)).get(pk=version.round.pk)
    if stored.deadline == deadline:
        return False
    if stored.revision != revision:
        raise revisions.StaleRevisionError(stored)
    before = stored.deadline
    stored.deadline = deadline
    stored.revision += 1
    stored.save(update_fields=["deadline", "revision"])
    record(
        actor,
        row,
        "round.deadline_moved",
        {"version": version.number, "deadline": [str(before), str(deadline)]},
        version=version,
    )
    return True


@transaction.atomic
def request_freeze(actor: Actor, agreement: Agreement) -> bool:
    """Ask the administrators to freeze the draft; tell whether nobody had asked already.

    MovedOnError unless the agreement is a draft.
    """
    row = workflow.lock(agreement)
    if row.state is not State.DRAFT:
        raise workflow.MovedOnError(row)
    if standing_request(row) is not None:
        return False
    record(actor, row, REQUEST, {})
    return True


def standing_request(agreement: Agreement) -> AgreementEvent | None:
    """Return the request that nobody has met yet: one with no step of the process after it."""
    if agreement.state is not State.DRAFT:
        return None  # a step has been taken since any request
    last = _LAST_STEP.first(agreement.pk)
    return last if last is not None and last.action == REQUEST else None


_LAST_STEP = Prepared(
    lambda agreement: (
        AgreementEvent.objects.filter(
            Q(action__startswith="state.") | Q(action=REQUEST), agreement=agreement
        )
        .select_related("actor")
        .order_by("-number")[:1]
    )
)

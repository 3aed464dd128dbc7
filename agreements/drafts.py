"""Texts that people have begun in a clause: kept for them, never shown to others, no events.

Others see only who is writing. A begun text becomes an edit of the clause, with its one event, when
its writer saves it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements import editing
from agreements.models import Agreement, Clause, ClauseDraft
from agreements.record import Actor
from municipalities import revisions
from municipalities.models import User
from municipalities.prepared import Prepared

# Whoever has written within this time is said to be at work in the clause.
AT_WORK = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody else who is at work in a clause, and when they last wrote."""

    name: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A text as it stands in a form: written from `base_revision` of the clause."""

    base_revision: int
    heading: str
    text: str


def _of(agreement: Agreement, user: User | None, key: str) -> QuerySet[ClauseDraft]:
    return ClauseDraft.objects.filter(agreement=agreement, user=user, clause_key=key)


def around(agreement: Agreement, user: User, key: str) -> tuple[ClauseDraft | None, list[Writer]]:
    """Return this person's begun text of a clause, and who else is at work in it. One query."""
    since = timezone.now() - AT_WORK
    own, writers = None, []
    for row in _AROUND.all(agreement.pk, key):
        if row.user_id == user.pk:
            own = row
        elif row.saved_at >= since:
            writers.append(Writer(row.user.name, row.saved_at))
    return own, writers


def begun(agreement: Agreement, user: User) -> tuple[list[ClauseDraft], dict[str, list[Writer]]]:
    """Return this person's begun texts in an agreement, and who else is at work in which clause.

    One query.
    """
    since = timezone.now() - AT_WORK
    own: list[ClauseDraft] = []
    writers: dict[str, list[Writer]] = {}
    for row in _BEGUN.all(agreement.pk, user.pk, since):
        if row.user_id == user.pk:
            own.append(row)
        else:
            writers.setdefault(row.clause_key, []).append(Writer(row.user.name, row.saved_at))
    return own, writers


_AROUND = Prepared(
    lambda agreement, key: (
        ClauseDraft.objects.filter(agreement=agreement, clause_key=key)
        .select_related("user")
        .order_by("-saved_at", "pk")
    )
)
_BEGUN = Prepared(
    lambda agreement, user, since: (
        ClauseDraft.objects.filter(Q(user=user) | Q(saved_at__gte=since), agreement=agreement)
        .select_related("user")
        .defer("text")
        .order_by("-saved_at", "pk")
    )
)


@transaction.atomic
def keep(
    user: User, agreement: Agreement, key: str, begun: Begun, mark: str
) -> tuple[ClauseDraft | None, Clause | None]:
    """Keep what this person has begun; return the draft, and the clause as it is now.

    There is no draft where the text is as in the agreement, and no clause where it is deleted. `mark`
    is the draft the page knows of: StaleRevisionError when another page of the same person has kept
    something else meanwhile.
    """
    # A save of the clause that is under way is waited for: what it stores is no longer only begun.
    clause = agreement.clauses.select_for_update(of=("self",)).filter(key=key).first()
    row = _of(agreement, user, key).select_for_update().first()
    if row is not None and row.mark != mark and not _is_same(row, begun):
        raise revisions.StaleRevisionError(row)
    if clause is not None and _is_same(clause, begun):
        if row is not None:
            row.delete()
        return None, clause
    values: dict[str, Any] = {
        "base_revision": begun.base_revision,
        "heading": begun.heading,
        "text": begun.text,
        "saved_at": timezone.now(),
    }
    if row is None:
        return _first(user, agreement, key, values), clause
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
    return row, clause


def _is_same(row: Clause | ClauseDraft, begun: Begun) -> bool:
    return (row.heading, row.text) == (begun.heading, begun.text)


def _first(user: User, agreement: Agreement, key: str, values: dict[str, Any]) -> ClauseDraft:
    try:
        with transaction.atomic():
            return ClauseDraft.objects.create(
                user=user, agreement=agreement, clause_key=key, **values
            )
    except IntegrityError:
        raise revisions.StaleRevisionError(_of(agreement, user, key).get()) from None


@transaction.atomic
def save_clause(
    actor: Actor, clause: Clause, revision: int, heading: str, text: str, mark: str
) -> bool:
    """Save a clause as `editing.save_clause` does; the draft that has led to it is then done with."""
    changed = editing.save_clause(actor, clause, revision, heading, text)
    if actor.user is not None:
        row = _of(clause.agreement, actor.user, clause.key).select_for_update().first()
        if row is not None and (row.mark == mark or _is_same(row, Begun(0, heading, text))):
            row.delete()
    return changed


@transaction.atomic
def discard(user: User, agreement: Agreement, key: str, mark: str) -> bool:
    """Delete this person's draft if it is still the one with this mark; tell whether it was."""
    row = _of(agreement, user, key).select_for_update().first()
    if row is None or row.mark != mark:
        return False
    row.delete()
    return True

"""What the municipalities answer about a version: one answer each, given, taken back, or delegated.

As everywhere, each function is one transaction that locks the agreement first and stores one Event.
Who may answer for whom is asked of `access` by the page and asserted there again inside the lock.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agreements import access, workflow
from agreements.domain.checks import Position
from agreements.domain.states import State
from agreements.models import Agreement, Decision, Delegation, Version
from agreements.record import Actor, record
from municipalities import revisions
from municipalities.access import ask_again
from municipalities.models import Organisation, User


class NotAllowedError(PermissionDenied):
    """The person may not answer for this body, or no longer."""


class ClosedError(revisions.ConflictError):
    """Nobody may answer now: the round is over, or another version has taken this one's place."""

    def __init__(self, agreement: Agreement, version: Version | None) -> None:
        super().__init__(f"{agreement.slug} is {agreement.status}")
        self.agreement = agreement
        self.version = version  # the one that counts now; None while there is none


class AlreadyAnsweredError(revisions.ConflictError):
    """Somebody has answered for the body meanwhile. `current` is the answer as it is stored now."""

    def __init__(self, current: Decision) -> None:
        super().__init__(f"decision {current.pk} is {current.stance}")
        self.current = current


def _locked(decision: Decision) -> tuple[Agreement, Decision]:
    """Lock the agreement and the answer; ClosedError unless its version may be answered now."""
    agreement = workflow.lock(decision.version.agreement)
    current = workflow.current(agreement)
    open_for_answers = agreement.state is State.IN_REVIEW
    if not open_for_answers or current is None or current.pk != decision.version_id:
        raise ClosedError(agreement, current)
    rows = Decision.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.get(pk=decision.pk)
    row.version = current
    return agreement, row


def _mandate(actor: Actor, decision: Decision) -> access.Mandate:
    if actor.user is None:
        raise NotAllowedError
    ask_again(actor.user)
    found = access.mandate(actor.user, decision)
    if found is None:
        raise NotAllowedError
    return found


@transaction.atomic
def decide(
    actor: Actor,
    decision: Decision,
    revision: int,
    *,
    stance: Position,
    seen_sha256: str,
    preferred_alternative: str = "",
    comment: str = "",
) -> bool:
    """Answer for a body; tell whether anything was stored. The same answer sent again is not.

    ValueError for «not answered», for a comment that is missing where one is required, or for an
    alternative the version does not have. NotAllowedError, ClosedError, AlreadyAnsweredError, and
    StaleRevisionError where the hash is not that of the version the answer is about.
    """
    if stance is Position.UNDECIDED or (stance is not Position.POSITIVE and not comment):
        raise ValueError("an answer that is not positive says why")
    agreement, row = _locked(decision)
    mandate = _mandate(actor, row)
    if seen_sha256 != row.version.sha256:
        raise revisions.StaleRevisionError(row)
    said = (stance.value, preferred_alternative, comment)
    if row.given:
        if (row.stance, row.preferred_alternative, row.comment) == said:
            return False
        raise AlreadyAnsweredError(row)
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    row.stance, row.preferred_alternative, row.comment = said
    row.seen_sha256 = seen_sha256
    row.decided_at, row.decided_by = timezone.now(), actor.user
    row.delegation = mandate.delegation
    row.revision += 1
    row.save()
    record(
        Actor(actor.user, row.organisation),
        agreement,
        "decision.given",
        {
            **_named(row),
            "stance": row.stance,
            "preferred_alternative": preferred_alternative,
            "comment": comment,
            "delegation": mandate.delegation.pk if mandate.delegation else None,
        },
        version=row.version,
    )
    return True


@transaction.atomic
def take_back(actor: Actor, decision: Decision, revision: int, reason: str) -> bool:
    """Take an answer back while the round is open; tell whether there was one to take back.

    ValueError without a reason. Otherwise as `decide`.
    """
    if not reason:
        raise ValueError("an answer is taken back for a reason")
    agreement, row = _locked(decision)
    _mandate(actor, row)
    if not row.given:
        return False
    if row.revision != revision:
        raise AlreadyAnsweredError(row)
    before = {"stance": row.stance, "comment": row.comment}
    row.stance, row.preferred_alternative, row.comment = Position.UNDECIDED.value, "", ""
    row.seen_sha256, row.decided_at, row.decided_by, row.delegation = "", None, None, None
    row.revision += 1
    row.save()
    record(
        Actor(actor.user, row.organisation),
        agreement,
        "decision.taken_back",
        {**_named(row), "before": before, "reason": reason},
        version=row.version,
    )
    return True


def _named(row: Decision) -> dict[str, object]:
    return {
        "organisation": row.organisation.key,
        "name": row.organisation.name,
        "version": row.version.number,
        "kind": row.kind,
    }


@transaction.atomic
def delegate(
    actor: Actor,
    agreement: Agreement,
    organisation: Organisation,
    to: User,
    days: tuple[dt.date, dt.date],
    reason: str,
) -> Delegation:
    """Let somebody else answer for the municipality from one day to another, both included.

    ValueError for days back to front or a person who may not be given it: oneself, somebody without
    a role in the same body, and whoever drafts this agreement.
    """
    row = workflow.lock(agreement)
    assert actor.user is not None
    ask_again(actor.user)
    if days[1] < days[0] or to not in access.may_be_delegated(actor.user, row, organisation):
        raise ValueError("not somebody it can be delegated to")
    made = Delegation.objects.create(
        agreement=row,
        organisation=organisation,
        given_by=actor.user,
        given_to=to,
        first_day=days[0],
        last_day=days[1],
        reason=reason,
    )
    record(
        Actor(actor.user, organisation),
        row,
        "delegation.given",
        {
            "organisation": organisation.key,
            "name": organisation.name,
            "to": to.pk,
            "to_name": to.name,
            "days": [str(day) for day in days],
            "reason": reason,
        },
    )
    return made


@transaction.atomic
def revoke(actor: Actor, agreement: Agreement, delegation: Delegation) -> bool:
    """End a delegation at once; tell whether it was running."""
    row = workflow.lock(agreement)
    stored = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if stored.revoked_at is not None:
        return False
    stored.revoked_at = timezone.now()
    stored.save(update_fields=["revoked_at"])
    record(
        Actor(actor.user, stored.organisation),
        row,
        "delegation.revoked",
        {
            "organisation": stored.organisation.key,
            "name": stored.organisation.name,
            "to": stored.given_to_id,
            "to_name": stored.given_to.name,
        },
    )
    return True

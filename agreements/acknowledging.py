"""Letting a finding stand, with a reason, and taking that back. One transaction and one Event each.

`unacknowledged` is what stops freezing: the guard asks it, and the page shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from agreements import editing
from agreements.domain.checks import Finding, Level
from agreements.models import Acknowledgement, Agreement
from agreements.record import Actor
from municipalities.prepared import Prepared
from municipalities.revisions import ConflictError

BLOCKING = (Level.ERROR, Level.WARNING)


class AlreadyAcknowledgedError(ConflictError):
    """Somebody else has given a reason for letting the finding stand. `current` is theirs."""

    def __init__(self, current: Acknowledgement) -> None:
        super().__init__(f"finding is acknowledged by {current.pk}")
        self.current = current


def of(agreement: Agreement, findings: Iterable[Finding]) -> dict[Finding, Acknowledgement]:
    """Return the acknowledgement of each finding that has one; errors never have. One query."""
    known = {(row.code, row.anchor, row.message): row for row in _STANDING.all(agreement.pk)}
    found = {}
    for finding in findings:
        row = known.get((finding.code.value, finding.anchor, finding.message))
        if row is not None and finding.level != Level.ERROR:
            found[finding] = row
    return found


_STANDING = Prepared(
    lambda agreement: Acknowledgement.objects.filter(
        agreement=agreement, withdrawn_at=None
    ).select_related("user", "organisation")
)


def unacknowledged(agreement: Agreement, findings: Iterable[Finding]) -> list[Finding]:
    """Return the errors, and the warnings nobody has let stand with a reason, in order. One query."""
    listed = list(findings)
    known = of(agreement, listed)
    return [one for one in listed if one.level in BLOCKING and one not in known]


@transaction.atomic
def acknowledge(
    actor: Actor, agreement: Agreement, finding: Finding, reason: str
) -> Acknowledgement:
    """Let a warning, or what is good to know, stand. The same reason once more writes nothing.

    ValueError on an error or without a reason or a person; AlreadyAcknowledgedError where somebody
    has given another reason meanwhile.
    """
    if finding.level == Level.ERROR or not reason.strip():
        raise ValueError("an error must be mended, and the rest needs a reason to stand")
    if actor.user is None or actor.organisation is None:
        raise ValueError("somebody must answer for the reason")
    row = editing.lock_draft(agreement)
    current = of(row, [finding]).get(finding)
    if current is not None:
        if current.reason != reason:
            raise AlreadyAcknowledgedError(current)
        return current
    made = Acknowledgement.objects.create(
        agreement=row,
        code=finding.code.value,
        anchor=finding.anchor,
        message=finding.message,
        reason=reason,
        user=actor.user,
        organisation=actor.organisation,
    )
    editing.record(actor, row, "finding.acknowledged", {**_named(made), "reason": reason})
    return made


@transaction.atomic
def withdraw(actor: Actor, agreement: Agreement, pk: int) -> bool:
    """Take an acknowledgement back, so that the finding is shown again; tell whether it stood.

    Acknowledgement.DoesNotExist where the agreement has no such.
    """
    row = editing.lock_draft(agreement)
    current = row.acknowledgements.get(pk=pk)
    if current.withdrawn_at is not None:
        return False
    if actor.user is None:
        raise ValueError("somebody must take it back")
    current.withdrawn_by, current.withdrawn_at = actor.user, timezone.now()
    current.save(update_fields=["withdrawn_by", "withdrawn_at"])
    editing.record(actor, row, "finding.reopened", _named(current))
    return True


def _named(row: Acknowledgement) -> dict[str, object]:
    return {"pk": row.pk, "code": row.code, "anchor": row.anchor, "message": row.message}

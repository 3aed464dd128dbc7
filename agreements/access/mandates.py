"""Who may answer for a body about a version: its director, or somebody the director has chosen.

Nobody who drafts decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.access.roles import DRAFTING, Role, inside
from agreements.models import (
    Agreement,
    AgreementEvent,
    Decision,
    Delegation,
)
from municipalities.access import organisation_ids
from municipalities.models import Membership, Organisation, User


@dataclass(frozen=True)
class Mandate:
    """Why a person may answer for a body: as its director, or as somebody the director chose."""

    delegation: Delegation | None = None


def drafts(user: User, agreement: Agreement) -> bool:
    """Whether the person is one of those who write the agreement. One query, two more where the
    agreement was not fetched for them.
    """
    if any(own.role == Role.EDITOR for own in inside(user, agreement)):
        return True
    return _drafting(agreement).filter(actor=user).exists()


def drafting() -> Q:
    """Which events are of somebody who drafts."""
    written = Q()
    for prefix in DRAFTING:
        written |= Q(action__startswith=prefix)
    return written


def _drafting(agreement: Agreement) -> QuerySet[AgreementEvent]:
    """What has been drafted, as the record has it."""
    return agreement.events.filter(drafting())


def mandate(user: User, decision: Decision) -> Mandate | None:
    """Return why this person may answer, None where they may not. Nobody who drafts may."""
    if not user.is_active or drafts(user, decision.version.agreement):
        return None
    if decision.organisation_id in organisation_ids(user, Role.DIRECTOR):
        return Mandate()
    found = running_delegations(decision.version.agreement).filter(
        given_to=user, organisation=decision.organisation_id
    )
    delegation = found.first()
    # Whoever has left the body answers for it no more, whatever days the delegation has left.
    there = decision.organisation_id in organisation_ids(user)
    return Mandate(delegation) if delegation and there else None


def answers_for(
    user: User, agreement: Agreement, running: Iterable[Delegation], *, drafting: bool | None = None
) -> frozenset[int]:
    """The bodies this person may answer for, by primary key: `mandate` for all of them at once.

    `drafting` is whether they write the agreement, where the caller has asked already.
    """
    own, any_role = organisation_ids(user, Role.DIRECTOR), organisation_ids(user)
    given = {row.organisation_id for row in running if row.given_to_id == user.pk}
    bodies = own | (given & any_role)
    # Most people answer for nobody, and need not be asked about.
    if not bodies or (drafts(user, agreement) if drafting is None else drafting):
        return frozenset()
    return bodies


def running_delegations(agreement: Agreement) -> QuerySet[Delegation]:
    """The delegations that hold today."""
    today = timezone.localdate()
    return agreement.delegations.filter(
        revoked_at=None, first_day__lte=today, last_day__gte=today
    ).select_related("organisation", "given_to", "given_by")


def may_be_delegated(
    user: User, agreement: Agreement, organisation: Organisation
) -> QuerySet[User]:
    """Whom a director may let answer: others with a role in the municipality who do not draft."""
    if organisation.pk not in organisation_ids(user, Role.DIRECTOR):
        return User.objects.none()
    region = agreement.region
    members = region.members.all().values("pk")
    editors = Membership.objects.filter(role=Role.EDITOR).filter(
        Q(organisation__municipality__in=members)
        | Q(organisation__municipality=region.contract_municipality_id)
    )
    writers = _drafting(agreement).filter(actor__isnull=False)
    return (
        User.objects.filter(memberships__organisation=organisation, is_active=True)
        .exclude(pk=user.pk)
        .exclude(pk__in=editors.values("user"))
        .exclude(pk__in=writers.values("actor"))
        .distinct()
        .order_by("name")
    )

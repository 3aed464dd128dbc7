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
from municipalities.models import Membership, Organisation, Region, User
from municipalities.prepared import Prepared


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
    return bool(_DRAFTED.all(agreement.pk, user.pk))


def drafting() -> Q:
    """Which events are of somebody who drafts."""
    written = Q()
    for prefix in DRAFTING:
        written |= Q(action__startswith=prefix)
    return written


def mandate(user: User, decision: Decision) -> Mandate | None:
    """Return why this person may answer, None where they may not. Nobody who drafts may."""
    if not user.is_active or drafts(user, decision.version.agreement):
        return None
    if decision.organisation_id in organisation_ids(user, Role.DIRECTOR):
        return Mandate()
    # Whoever has left the body answers for it no more, whatever days the delegation has left.
    if decision.organisation_id not in organisation_ids(user):
        return None
    for row in running_delegations(decision.version.agreement):
        if row.given_to_id == user.pk and row.organisation_id == decision.organisation_id:
            return Mandate(row)
    return None


def answers_for(user: User, agreement: Agreement, running: Iterable[Delegation]) -> frozenset[int]:
    """The bodies this person may answer for, by primary key: `mandate` for all of them at once."""
    own, any_role = organisation_ids(user, Role.DIRECTOR), organisation_ids(user)
    given = {row.organisation_id for row in running if row.given_to_id == user.pk}
    bodies = own | (given & any_role)
    # Most people answer for nobody, and need not be asked about.
    if not bodies or drafts(user, agreement):
        return frozenset()
    return bodies


def running_delegations(agreement: Agreement) -> list[Delegation]:
    """The delegations that hold today. One query."""
    today = timezone.localdate()
    return _RUNNING.all(agreement.pk, today, today)


_RUNNING = Prepared(
    lambda agreement, started, ending: Delegation.objects.filter(
        agreement=agreement, revoked_at=None, first_day__lte=started, last_day__gte=ending
    ).select_related("organisation", "given_to", "given_by")
)
_DRAFTED = Prepared(
    lambda agreement, actor: (
        AgreementEvent.objects.filter(drafting(), agreement=agreement, actor=actor)
        .order_by()
        .values_list("pk")[:1]
    )
)


def may_be_delegated(user: User, agreement: Agreement, organisation: Organisation) -> list[User]:
    """Whom a director may let answer: others with a role in the municipality who do not draft. One query."""
    if organisation.pk not in organisation_ids(user, Role.DIRECTOR):
        return []
    region = agreement.region
    return _OTHERS.all(
        user.pk, organisation.pk, agreement.pk, region.pk, region.contract_municipality_id
    )


def _others(
    user: int, organisation: int, agreement: int, region: int, contract_municipality: int
) -> QuerySet[User]:
    members = Region.members.through.objects.filter(region=region).values("municipality")
    editors = Membership.objects.filter(role=Role.EDITOR).filter(
        Q(organisation__municipality__in=members)
        | Q(organisation__municipality=contract_municipality)
    )
    writers = AgreementEvent.objects.filter(
        drafting(), agreement=agreement, actor__isnull=False
    ).order_by()
    return (
        User.objects.filter(memberships__organisation=organisation, is_active=True)
        .exclude(pk=user)
        .exclude(pk__in=editors.values("user"))
        .exclude(pk__in=writers.values("actor"))
        .distinct()
        .order_by("name")
    )


_OTHERS = Prepared(_others)

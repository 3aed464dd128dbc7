"""Who belongs to each audience of a notice, as the agreement and its people are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements import access
from agreements.domain.checks import Position
from agreements.models import Agreement, AgreementEvent, Decision, Delegation, Version
from municipalities.models import Membership, Organisation, User

Role = Membership.Role


@dataclass(frozen=True)
class Recipient:
    """A person, and the bodies they may answer for where that is why they are told."""

    user: User
    bodies: tuple[Organisation, ...] = ()


def _people(memberships: QuerySet[Membership]) -> list[Recipient]:
    users = User.objects.filter(is_active=True, pk__in=memberships.values("user"))
    return [Recipient(user) for user in users.order_by("pk")]


def _of_region(agreement: Agreement) -> Q:
    region = agreement.region
    members = region.members.through.objects.filter(region=region).values("municipality")
    return Q(organisation__municipality__in=members) | Q(
        organisation__municipality=region.contract_municipality_id
    )


def team(agreement: Agreement) -> list[Recipient]:
    """The editors of the region's municipalities: those who may see internal input."""
    return _people(Membership.objects.filter(_of_region(agreement), role=Role.EDITOR))


def administrators(agreement: Agreement) -> list[Recipient]:
    """The administrators of the contract municipality."""
    contract = agreement.region.contract_municipality_id
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR, organisation__municipality=contract)
    return _people(rows)


def answering(version: Version, *, unanswered: bool = False) -> list[Recipient]:
    """Who may answer for the bodies that are asked about a version: directors and their delegates.

    With `unanswered` only for those that have not. Whoever drafts the agreement may not answer, and is
    not asked. Five queries, however many bodies.
    """
    asked = Decision.objects.filter(version=version).select_related("organisation")
    if unanswered:
        asked = asked.filter(stance=Position.UNDECIDED.value)
    bodies = {row.organisation_id: row.organisation for row in asked}
    if not bodies:
        return []
    agreement = version.agreement
    directors = Membership.objects.filter(organisation__in=bodies, role=Role.DIRECTOR)
    pairs = set(directors.values_list("user", "organisation"))
    pairs |= set(_delegated(agreement, bodies).values_list("given_to", "organisation"))
    writing = _drafting(agreement)
    held: dict[int, list[Organisation]] = {}
    for user, body in sorted(pairs):
        if user not in writing:
            held.setdefault(user, []).append(bodies[body])
    users = User.objects.filter(pk__in=held, is_active=True).order_by("pk")
    return [Recipient(user, tuple(held[user.pk])) for user in users]


def _delegated(agreement: Agreement, bodies: Iterable[int]) -> QuerySet[Delegation]:
    today = timezone.localdate()
    return agreement.delegations.filter(
        organisation__in=bodies, revoked_at=None, first_day__lte=today, last_day__gte=today
    )


def _drafting(agreement: Agreement) -> set[int]:
    """Those who write the agreement: the region's editors, and whoever has drafted it."""
    rows = AgreementEvent.objects.filter(
        access.drafting(), agreement=agreement, actor__isnull=False
    )
    editors = Membership.objects.filter(_of_region(agreement), role=Role.EDITOR)
    return set(rows.values_list("actor", flat=True)) | set(editors.values_list("user", flat=True))

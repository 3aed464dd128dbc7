"""Who may check a printed table, and do what with a plan studied by itself. A missing role means no.

A plan that belongs to an agreement follows the agreement's access instead, see agreements/access.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from financing.models import Participant, Plan
from municipalities.access import Person, held_memberships, region_ids, regions_of, roles
from municipalities.models import Membership, Organisation, Region, User

Role = Membership.Role
READERS = (Role.EDITOR, Role.DIRECTOR, Role.ADMINISTRATOR)
COUNTY_READERS = (Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class PlanAbilities:
    """What one person may do with one plan, and for whom they act."""

    read: bool = False
    edit: bool = False
    organisation: Organisation | None = None


def visible(user: User) -> QuerySet[Plan]:
    """The plans this person may read: of their region, or with their county authority in it."""
    own = Q(region__in=region_ids(user, *READERS))
    counties = [
        held.organisation_id
        for held in held_memberships(user)
        if held.role in COUNTY_READERS
        and held.organisation.kind == Organisation.Kind.COUNTY_AUTHORITY
    ]
    if not counties:  # nearly everybody: with «or» the database would read every plan
        return Plan.objects.filter(own)
    taking_part = Participant.objects.filter(plan=OuterRef("pk"), organisation__in=counties)
    return Plan.objects.filter(own | Exists(taking_part))


def regions_to_plan_for(user: User) -> QuerySet[Region]:
    """The regions this person may make a plan for: they edit for one of its municipalities."""
    return regions_of(user, Role.EDITOR)


def abilities(user: User, plan: Plan) -> PlanAbilities:
    """Work out what the person may do. Three queries at the most."""
    region = plan.region
    members = {row.pk for row in region.members.all()} | {region.contract_municipality_id}
    memberships = list(
        Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
    )
    inside = [m for m in memberships if m.organisation.municipality_id in members]
    editor = next((m for m in inside if m.role == Role.EDITOR), None)
    if editor is not None:
        return PlanAbilities(read=True, edit=True, organisation=editor.organisation)
    reader = next((m for m in inside if m.role in READERS), None)
    if reader is None:
        county = [m.organisation_id for m in memberships if m.role in COUNTY_READERS]
        taking_part = set(
            plan.participants.filter(
                organisation__in=county,
                organisation__kind=Organisation.Kind.COUNTY_AUTHORITY,
            ).values_list("organisation_id", flat=True)
            if county
            else ()
        )
        reader = next((m for m in memberships if m.organisation_id in taking_part), None)
    if reader is None:
        return PlanAbilities()
    return PlanAbilities(read=True, organisation=reader.organisation)


def may_verify_tables(user: Person) -> bool:
    """Check a table that somebody has pasted.

    Any person with a membership, whatever the role: the check reads nothing of ours and stores
    nothing. Somebody without a membership acts for no one, and has no table to check.
    """
    return bool(roles(user))

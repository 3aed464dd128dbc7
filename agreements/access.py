"""Who may do what with an agreement: design.md §9 as code. A missing role means no.

Views fetch through `fetch`: an outsider gets 404, an insider without the right 403. Templates ask the
same Abilities.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from agreements.domain.document import PartyRole
from agreements.models import Agreement, Comment, Party
from municipalities.access import regions_of
from municipalities.models import Membership, Organisation, Region, User

Role = Membership.Role
DRAFT_READERS = (Role.EDITOR, Role.DIRECTOR, Role.ADMINISTRATOR)
COUNTY_READERS = (Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Abilities:
    """What one person may do with one agreement, and for whom they act.

    `comment` is to write input and suggest wordings; `team` is to see what is internal: only the
    editors of the region's municipalities. `restricted` is to open attachments that are kept from the
    public: the same editors, and the directors of the municipalities, who are to decide.
    """

    read: bool = False
    edit: bool = False
    comment: bool = False
    team: bool = False
    restricted: bool = False
    organisation: Organisation | None = None


NOTHING = Abilities()


def visible(user: User) -> QuerySet[Agreement]:
    """The agreements whose draft this person may read."""
    county = Membership.objects.filter(user=user, role__in=COUNTY_READERS).values("organisation")
    county_party = Party.objects.filter(
        agreement=OuterRef("pk"),
        role=PartyRole.COUNTY_AUTHORITY.value,
        organisation__in=county,
    )
    return Agreement.objects.filter(
        Q(region__in=regions_of(user, *DRAFT_READERS).values("pk")) | Exists(county_party)
    )


def regions_to_draft_for(user: User) -> QuerySet[Region]:
    """The regions this person may start an agreement for: they edit for one of its municipalities."""
    return regions_of(user, Role.EDITOR)


def abilities(user: User, agreement: Agreement) -> Abilities:
    """Work out what the person may do. Two queries."""
    region = agreement.region
    members = {row.pk for row in region.members.all()} | {region.contract_municipality_id}
    memberships = list(
        Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
    )
    inside = [m for m in memberships if m.organisation.municipality_id in members]
    draft = agreement.status == Agreement.Status.DRAFT
    editor = next((m for m in inside if m.role == Role.EDITOR), None)
    if editor is not None:
        return Abilities(
            read=True,
            edit=draft,
            comment=draft,
            team=True,
            restricted=True,
            organisation=editor.organisation,
        )
    for role in (Role.DIRECTOR, Role.ADMINISTRATOR):
        reader = next((m for m in inside if m.role == role), None)
        if reader is not None:
            return Abilities(
                read=True,
                comment=draft and role == Role.DIRECTOR,
                restricted=role == Role.DIRECTOR,
                organisation=reader.organisation,
            )
    # Whoever edits for the county authority comes before whoever only administers it.
    county = {
        m.organisation_id: m.role
        for m in sorted(memberships, key=lambda m: m.role == Role.EDITOR)
        if m.role in COUNTY_READERS
    }
    party = (
        agreement.parties.filter(role=PartyRole.COUNTY_AUTHORITY.value, organisation__in=county)
        .select_related("organisation")
        .first()
        if county
        else None
    )
    if party is not None:
        return Abilities(
            read=True,
            comment=draft and county[party.organisation_id] == Role.EDITOR,
            organisation=party.organisation,
        )
    return NOTHING


def _open_comments(*visibilities: str) -> Coalesce:
    """Count the agreement's input that nobody has dealt with, in the query that fetches it."""
    rows = Comment.objects.filter(
        agreement=OuterRef("pk"),
        parent=None,
        state=Comment.State.OPEN,
        visibility__in=visibilities,
    )
    counted = rows.order_by().values("agreement").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def comments(agreement: Agreement, able: Abilities) -> QuerySet[Comment]:
    """The input that may be seen: all of it by the team, what is shared by the others who read."""
    rows = Comment.objects.filter(agreement=agreement)
    return rows if able.team else rows.filter(visibility=Comment.Visibility.SHARED)


def fetch(
    request: HttpRequest, slug: str, *, edit: bool = False, comment: bool = False
) -> tuple[Agreement, Abilities]:
    """Return the agreement and what this person may do; 404 for outsiders, 403 without the right.

    The agreement says how much open input there is, as `open_shared` and `open_all`.
    """
    shared, internal = Comment.Visibility.SHARED, Comment.Visibility.INTERNAL
    rows = (
        Agreement.objects.select_related(
            "region__contract_municipality__county",
            "plan__region",
            "chosen_alternative",
            "template__confirmed_by",
            "previous",
        )
        .prefetch_related("region__members")
        .annotate(open_shared=_open_comments(shared), open_all=_open_comments(shared, internal))
    )
    agreement = rows.filter(slug=slug).first()
    if agreement is None:
        raise Http404
    able = abilities(request.user, agreement)  # type: ignore[arg-type]
    if not able.read:
        raise Http404
    if (edit and not able.edit) or (comment and not able.comment):
        raise PermissionDenied
    return agreement, able

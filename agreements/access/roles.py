"""What a person may do with an agreement: design.md §9 as code, and the pages' way in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from agreements.domain.document import PartyRole
from agreements.domain.states import CASE_PAPER_STATES, INPUT_STATES, State
from agreements.models import (
    Agreement,
    Comment,
    Decision,
)
from agreements.template_versions import with_newer
from municipalities.access import held_memberships, organisation_ids, region_ids, regions_of
from municipalities.models import Membership, Organisation, Region, User
from municipalities.prepared import Prepared

Role = Membership.Role
DRAFT_READERS = (Role.EDITOR, Role.DIRECTOR, Role.ADMINISTRATOR)
COUNTY_READERS = (Role.EDITOR, Role.ADMINISTRATOR)
# What somebody does who drafts: whoever has one of these on record never decides.
DRAFTING = (
    *("clause.", "party.", "service.", "agreement.", "plan.", "attachment.", "template."),
    *("case_paper.", "finding.", "language.", "renewal."),
)


@dataclass(frozen=True)
class Abilities:
    """What one person may do with one agreement, and for whom they act.

    `read` is to see the draft, `versions` only what has been frozen and sent out. `comment` is to
    write input, `suggest` to propose wordings; `team` is to see what is internal: only the editors of
    the region's municipalities. `restricted` is to open attachments that are kept from the public: the
    same editors, and the directors of the municipalities, who are to decide. `administer` is to take
    the steps of the process, for the contract municipality.

    `paper` is to read the case paper: the team and the administrator while it is a draft, and whoever
    sees the version once that is sent out. `write_paper` is to write the team's parts of it, which the
    team may until the councils have it: they are no part of the agreement, and locking that does not
    lock them.

    `public` is to open the page of the public version: the team and the administrator, who alone marks
    what is withheld and makes the file. It hides nothing: the record says what is withheld, and why, to
    whoever reads it.
    """

    read: bool = False
    versions: bool = False
    edit: bool = False
    comment: bool = False
    suggest: bool = False
    team: bool = False
    restricted: bool = False
    administer: bool = False
    organisation: Organisation | None = None
    paper: bool = False
    write_paper: bool = False
    public: bool = False


NOTHING = Abilities()


def visible(user: User) -> QuerySet[Agreement]:
    """The agreements whose draft this person may read."""
    return visible_in(*drafts_of(user))


class Number(NamedTuple):
    """An agreement in a list, before it is read: the primary keys of it and of its region."""

    agreement: int
    region: int


def numbers(user: User) -> list[Number]:
    """The agreements this person meets in lists: readable drafts, and those with a version for them.

    In the order of lists: the last term first, then by title. One query.
    """
    return [Number(*row[:2]) for row in _NUMBERS.all(*places(user))]


def last_changed(user: User) -> list[int]:
    """The primary keys of the LAST of these that were changed last, the last one first. One query."""
    return [row[0] for row in _LAST_CHANGED.all(*places(user))]


Numbers = tuple[int, ...]


def drafts_of(user: User) -> tuple[Numbers, Numbers, Numbers]:
    """What `visible_in` goes by: the person may read the drafts of these regions, and those where these
    bodies are a party: the county authorities, and the partners.
    """
    return (
        tuple(region_ids(user, *DRAFT_READERS)),
        tuple(organisation_ids(user, *COUNTY_READERS)),
        tuple(organisation_ids(user, *DRAFT_READERS)),
    )


def places(user: User) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """What `listed_in` goes by: where they may read drafts, the other regions, where they meet versions,
    and the bodies, which are asked about versions.
    """
    drafts, *parties = drafts_of(user)
    others = region_ids(user, *Role.values).difference(drafts)
    counties, partners = parties
    return drafts, counties, partners, tuple(others), tuple(organisation_ids(user))


def visible_in(regions: Numbers, counties: Numbers, partners: Numbers) -> QuerySet[Agreement]:
    """The agreements of `visible`, for a prepared query."""
    return _any_of(_readable(regions, counties, partners))


def listed_in(*places: Numbers) -> QuerySet[Agreement]:
    """The agreements of `numbers` for the `places` of a person, for a prepared query."""
    return _any_of(_met(*places))


def _readable(regions: Numbers, counties: Numbers, partners: Numbers) -> list[QuerySet[Agreement]]:
    """The agreements whose draft is readable, by the reason why."""
    county = Q(parties__role=PartyRole.COUNTY_AUTHORITY, parties__organisation__in=counties)
    partner = Q(parties__role=PartyRole.PARTNER, parties__organisation__in=partners)
    return [
        Agreement.objects.filter(region__in=regions),
        Agreement.objects.filter(county | partner),
    ]


def _met(
    regions: Numbers, counties: Numbers, partners: Numbers, sent_in: Numbers, bodies: Numbers
) -> list[QuerySet[Agreement]]:
    """The agreements that are met in lists, by the reason why."""
    return [
        *_readable(regions, counties, partners),
        Agreement.objects.filter(region__in=sent_in, versions__isnull=False),
        Agreement.objects.filter(versions__decisions__organisation__in=bodies),
    ]


def _any_of(reasons: list[QuerySet[Agreement]]) -> QuerySet[Agreement]:
    """The agreements that are in one of these: a union, as with «or» the database reads every agreement."""
    first, *others = (reason.order_by().values("pk") for reason in reasons)
    return Agreement.objects.filter(pk__in=first.union(*others))


def _each(places: tuple[Numbers, ...], *columns: str) -> QuerySet[Any, Any]:
    """Each agreement of `listed_in` once, as these columns. `distinct` is for where one reason is left:
    Django writes no union then.
    """
    reasons = (reason.order_by().values_list(*columns).distinct() for reason in _met(*places))
    first, *others = reasons
    return first.union(*others)


_NUMBERS = Prepared(
    lambda *places: _each(places, "pk", "region", "term_start", "title").order_by(
        "-term_start", "title", "pk"
    )
)
LAST = 8
_LAST_CHANGED = Prepared(
    lambda *places: _each(places, "pk", "updated_at").order_by("-updated_at", "-pk")[:LAST]
)


def regions_to_draft_for(user: User) -> QuerySet[Region]:
    """The regions this person may start an agreement for: they edit for one of its municipalities."""
    return regions_of(user, Role.EDITOR)


def may_create(user: User) -> bool:
    """Whether there is a region this person may start an agreement for."""
    return bool(region_ids(user, Role.EDITOR))


def drafts_as(user: User, region: Region) -> Organisation | None:
    """The municipality of the region that this person edits for; None for none. One query."""
    rows = Organisation.objects.filter(
        memberships__user=user,
        memberships__role=Role.EDITOR,
        municipality__in=region.members.all(),
    )
    return rows.first()


def abilities(user: User, agreement: Agreement) -> Abilities:
    """Work out what the person may do. Two queries, a third for who is not of the region; one fewer for
    an agreement that was fetched here.
    """
    held = _held(user, agreement)
    sent = agreement.state is not State.DRAFT
    return replace(
        held,
        paper=held.team or held.administer or (held.versions and sent),
        write_paper=held.team and agreement.state in CASE_PAPER_STATES,
        public=held.team or held.administer,
    )


def inside(user: User, agreement: Agreement) -> list[Membership]:
    """The person's roles in the municipalities of the agreement's region.

    Two queries; none for an agreement that was fetched here for the same person.
    """
    region = agreement.region
    known = getattr(agreement, "member_ids", None)
    members = {*(_members(region.pk) if known is None else known), region.contract_municipality_id}
    return [m for m in held_memberships(user) if m.organisation.municipality_id in members]


def _held(user: User, agreement: Agreement) -> Abilities:
    """What follows from the person's roles and the agreement's state."""
    region = agreement.region
    own = inside(user, agreement)
    draft, saying = agreement.state is State.DRAFT, agreement.state in INPUT_STATES
    administers = any(
        m.role == Role.ADMINISTRATOR
        and m.organisation.municipality_id == region.contract_municipality_id
        for m in own
    )
    editor = next((m for m in own if m.role == Role.EDITOR), None)
    if editor is not None:
        return Abilities(
            read=True,
            versions=True,
            edit=draft,
            comment=saying,
            suggest=draft,
            team=True,
            restricted=True,
            administer=administers,
            organisation=editor.organisation,
        )
    for role in (Role.DIRECTOR, Role.ADMINISTRATOR):
        reader = next((m for m in own if m.role == role), None)
        if reader is not None:
            says = draft and role == Role.DIRECTOR
            return Abilities(
                read=True,
                versions=True,
                comment=says,
                suggest=says,
                restricted=role == Role.DIRECTOR,
                administer=administers,
                organisation=reader.organisation,
            )
    memberships = held_memberships(user)
    return _outside(agreement, memberships) or _reader(agreement, memberships, own)


def _members(region: int | OuterRef) -> QuerySet[Any]:
    """The primary keys of a region's municipalities."""
    rows = Region.members.through.objects.filter(region=region)
    return rows.order_by().values_list("municipality", flat=True)


def _outside(agreement: Agreement, memberships: list[Membership]) -> Abilities | None:
    """What those may do who act for a county authority or a partner that is a party; None for others."""
    # Whoever edits comes before whoever only administers.
    held = {
        m.organisation_id: m
        for m in sorted(memberships, key=lambda m: m.role == Role.EDITOR)
        if m.role in DRAFT_READERS
    }
    if not held:
        return None
    outside = (PartyRole.COUNTY_AUTHORITY, PartyRole.PARTNER)
    rows = agreement.parties.filter(role__in=outside, organisation__in=held)
    for party in rows.select_related("organisation").order_by("role", "position"):
        role = held[party.organisation_id].role
        county = party.role == PartyRole.COUNTY_AUTHORITY
        if county and role not in COUNTY_READERS:
            continue
        writes = role == Role.EDITOR or (not county and role == Role.DIRECTOR)
        return Abilities(
            read=True,
            versions=True,
            comment=writes and agreement.state in INPUT_STATES,
            suggest=county and writes and agreement.state is State.DRAFT,
            organisation=party.organisation,
        )
    return None


def _reader(
    agreement: Agreement, memberships: list[Membership], own: list[Membership]
) -> Abilities:
    """What is left for everybody else: versions that were sent to a body they belong to."""
    if not memberships:
        return NOTHING
    asked = Decision.objects.filter(version__agreement=agreement).values("organisation")
    if own and agreement.versions.exists():
        return Abilities(versions=True, organisation=own[0].organisation)
    bodies = [m.organisation_id for m in memberships]
    body = Organisation.objects.filter(pk__in=bodies).filter(pk__in=asked).first()
    return Abilities(versions=True, organisation=body) if body else NOTHING


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


def _with_members(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return agreements.annotate(member_ids=ArraySubquery(_members(OuterRef("region"))))


_BARE = Prepared(
    lambda slug: _with_members(Agreement.objects.filter(slug=slug).select_related("region"))
)
_WITH_COUNTS = Prepared(
    lambda slug: with_newer(
        _with_members(
            Agreement.objects.filter(slug=slug).select_related(
                "region__contract_municipality", "template", "plan"
            )
        )
    ).annotate(
        open_shared=_open_comments(Comment.Visibility.SHARED),
        open_all=_open_comments(Comment.Visibility.SHARED, Comment.Visibility.INTERNAL),
    )
)


def comments(agreement: Agreement, able: Abilities) -> QuerySet[Comment]:
    """The input that may be seen: all of it by the team, what is shared by the others who read."""
    return Comment.objects.filter(agreement=agreement, visibility__in=visibilities(able))


def visibilities(able: Abilities) -> tuple[Comment.Visibility, ...]:
    """Which input may be seen, by its visibility."""
    shared, internal = Comment.Visibility.SHARED, Comment.Visibility.INTERNAL
    return (shared, internal) if able.team else (shared,)


def fetch(
    request: HttpRequest,
    slug: str,
    *,
    edit: bool = False,
    comment: bool = False,
    suggest: bool = False,
    administer: bool = False,
    versions: bool = False,
    paper: bool = False,
    write_paper: bool = False,
    public: bool = False,
    bare: bool = False,
) -> tuple[Agreement, Abilities]:
    """Return the agreement and what this person may do; 404 for outsiders, 403 without the right.

    `versions` opens the page to those who may only see what has been frozen, `paper` to those who may
    read the case paper. The agreement says how
    much open input there is, as `open_shared` and `open_all`, which municipalities are of its region, as
    `member_ids`, and whether its template has come in a newer version, see `with_newer`. With `bare` it
    says of these the municipalities alone, which a file does with.
    """
    agreement = (_BARE if bare else _WITH_COUNTS).first(slug)
    if agreement is None:
        raise Http404
    able = abilities(request.user, agreement)
    if not able.versions:
        raise Http404
    asked = (
        (able.read or versions or paper, True),
        (able.edit, edit),
        (able.comment, comment),
        (able.suggest, suggest),
        (able.administer, administer),
        (able.paper, paper),
        (able.write_paper, write_paper),
        (able.public, public),
    )
    if any(wanted and not may for may, wanted in asked):
        raise PermissionDenied
    return agreement, able

"""Who may do what with the register, and which roles a person has. A missing role means no."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from municipalities.models import Membership, Organisation, Region, User
from municipalities.prepared import Prepared

Person = AbstractBaseUser | AnonymousUser
Roles = frozenset[tuple[int, str]]


def roles(user: Person) -> Roles:
    """Return the person's (organisation id, role) pairs. Nobody, and somebody shut out, has none."""
    return frozenset((row.organisation_id, row.role) for row in held_memberships(user))


def held_memberships(user: Person) -> list[Membership]:
    """Return the person's memberships with their organisations, in the order they were given.

    One query for each user object, which lives as long as the request.
    """
    if not user.is_authenticated or not user.is_active or user.pk is None:
        return []
    if not hasattr(user, "_held"):
        user._held = _HELD.all(user.pk)
    return user._held


_HELD = Prepared(
    lambda user: Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
)


def region_ids(user: Person, *wanted: str) -> frozenset[int]:
    """Return the regions with a municipality where the person has one of the wanted roles.

    The contract municipality is of its region too. One query for each user object, beside `roles`.
    """
    if not roles(user):
        return frozenset()
    if not hasattr(user, "_regions"):
        user._regions = frozenset(
            (role, region)
            for role, *both in _REGIONS.all(user.pk)
            for region in both
            if region is not None
        )
    return frozenset(region for role, region in user._regions if role in wanted)


_REGIONS = Prepared(
    lambda user: (
        Membership.objects.filter(user=user)
        .order_by()
        .values_list(
            "role",
            "organisation__municipality__regions",
            "organisation__municipality__contract_regions",
        )
    )
)


def ask_again(user: Person) -> None:
    """Let the roles be read anew the next time: they may have ended since the request began."""
    for name in ("_held", "_regions"):
        if hasattr(user, name):
            delattr(user, name)  # also where the person is a request's, which is looked up lazily


def organisation_ids(user: Person, *wanted: str) -> frozenset[int]:
    """Return the organisations where the person has one of the wanted roles; any role when none."""
    return frozenset(
        organisation for organisation, role in roles(user) if not wanted or role in wanted
    )


def may_see_register(user: Person) -> bool:
    """Everybody who acts for some organisation may look things up."""
    return bool(roles(user))


def may_administer(user: Person) -> bool:
    """Edit the register, people and roles on the administration pages."""
    return user.is_authenticated and user.is_active and user.is_superuser


def is_administrator(user: Person) -> bool:
    """Whoever runs the installation, or the people and agreements of a region."""
    return may_administer(user) or bool(organisation_ids(user, Membership.Role.ADMINISTRATOR))


def may_manage_people(user: Person, region: Region) -> bool:
    """Say who acts for the region's municipalities: the contract municipality's administrator.

    And whoever runs the installation, so that a region gets its first administrator.
    """
    if may_administer(user):
        return True
    own = organisation_ids(user, Membership.Role.ADMINISTRATOR)
    return Organisation.objects.filter(
        pk__in=own, municipality=region.contract_municipality_id
    ).exists()


def roles_to_give(user: Person, region: Region) -> tuple[str, ...]:
    """The roles that the person may give others in the region; none to whom manages no people there.

    Administrators are made by whoever runs the installation alone. They may take the role from one another,
    as from others: somebody who leaves must not keep it until the operator has time. They cannot give it
    back, and the pages say so before they take it.
    """
    if not may_manage_people(user, region):
        return ()
    given = (Membership.Role.DIRECTOR, Membership.Role.EDITOR, Membership.Role.READER)
    return (*given, Membership.Role.ADMINISTRATOR) if may_administer(user) else given


def bodies(region: Region) -> frozenset[int]:
    """The organisations that the region's people act for: its municipalities, by primary key."""
    members = {*region.members.values_list("pk", flat=True), region.contract_municipality_id}
    rows = Organisation.objects.filter(municipality__in=members)
    return frozenset(rows.values_list("pk", flat=True))


def may_reset_totp(user: Person, other: User, region: Region) -> bool:
    """Take the app and codes of somebody who has lost them away; never one's own.

    Only of the region's people, and not of those whose say goes beyond the region: whoever runs the
    installation, and administrators of a body outside it or of another region. They are helped by
    somebody who runs the installation.
    """
    if user.pk == other.pk or not may_manage_people(user, region):
        return False
    theirs = Membership.objects.filter(user=other)
    if not theirs.filter(organisation__in=bodies(region)).exists():
        return False
    if may_administer(user):
        return True
    managed = theirs.filter(role=Membership.Role.ADMINISTRATOR)
    others = Region.objects.exclude(pk=region.pk)
    return not (
        other.is_superuser
        or managed.exclude(organisation__in=bodies(region)).exists()
        or others.filter(contract_municipality__organisation__memberships__in=managed).exists()
    )


def regions_of(user: User, *wanted: str) -> QuerySet[Region]:
    """The regions of `region_ids`."""
    return Region.objects.filter(pk__in=region_ids(user, *wanted))

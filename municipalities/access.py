"""Who may do what with the register, and which roles a person has. A missing role means no."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from municipalities.models import Membership, Municipality, Organisation, Region, User

Person = AbstractBaseUser | AnonymousUser
Roles = frozenset[tuple[int, str]]


def roles(user: Person) -> Roles:
    """Return the person's (organisation id, role) pairs.

    One query for each user object, which lives as long as the request. Nobody, and somebody who has
    been shut out, has none.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        pairs = Membership.objects.filter(user_id=user.pk).order_by()
        user._roles = frozenset(pairs.values_list("organisation_id", "role"))
    return user._roles


def held_memberships(user: User) -> list[Membership]:
    """Return the person's memberships with their organisations, in the order they were given. One query.

    `roles` need not ask for them again.
    """
    rows = Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
    found = list(rows)
    user._roles = frozenset((row.organisation_id, row.role) for row in found)
    return found


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
    """Say who acts for the region's municipalities: the contract municipality's administrator."""
    own = organisation_ids(user, Membership.Role.ADMINISTRATOR)
    return Organisation.objects.filter(
        pk__in=own, municipality=region.contract_municipality_id
    ).exists()


def municipalities_of(user: User, *wanted: str) -> QuerySet[Municipality]:
    """The municipalities where the person has one of the wanted roles."""
    return Municipality.objects.filter(
        organisation__memberships__user=user, organisation__memberships__role__in=wanted
    )


def regions_of(user: User, *wanted: str) -> QuerySet[Region]:
    """The regions with a municipality where the person has one of the wanted roles.

    A union: with «or» the database takes it that most regions are theirs, and reads everything.
    """
    own = municipalities_of(user, *wanted).order_by().values("pk")
    members = Region.members.through.objects.filter(municipality__in=own).values("region")
    contract = Region.objects.filter(contract_municipality__in=own).order_by().values("pk")
    return Region.objects.filter(pk__in=members.union(contract))

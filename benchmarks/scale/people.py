"""The made-up country: counties, municipalities, regions of five, and people with roles in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from municipalities.models import (
    County,
    Membership,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    User,
)

DAY = dt.date(2025, 1, 1)
MUNICIPALITIES = 357  # in all, those of the shipped register among them
IN_A_COUNTY, IN_A_REGION = 25, 5
PEOPLE = 2_000
Role = Membership.Role
# The roles of a municipality's people, in order; an administrator there is of the contract municipality.
ROLES = (Role.EDITOR, Role.DIRECTOR, Role.ADMINISTRATOR, Role.READER, Role.EDITOR, Role.READER)


@dataclass(frozen=True)
class Place:
    """A region and those in it, in an order that is the same in all: the contract municipality first."""

    region: Region
    county: County
    authority: Organisation
    bodies: tuple[Organisation, ...]
    people: tuple[User, ...]  # an editor, an administrator, and each municipality's director


def make() -> list[Place]:
    """Fill a database that has the shipped register; return the regions that have agreements."""
    wanted = MUNICIPALITIES - Municipality.objects.count()
    counties = County.objects.bulk_create(
        County(number=str(60 + number), name=f"Fylke {60 + number}")
        for number in range(-(-wanted // IN_A_COUNTY))
    )
    authorities = Organisation.objects.bulk_create(
        Organisation(
            key=county.number,
            kind=Organisation.Kind.COUNTY_AUTHORITY,
            name=f"{county.name} fylkeskommune",
            short_name=county.name,
            county=county,
        )
        for county in counties
    )
    numbers = [(counties[i // IN_A_COUNTY], i % IN_A_COUNTY) for i in range(wanted)]
    municipalities = Municipality.objects.bulk_create(
        Municipality(
            number=f"{county.number}{place:02}",
            name=f"Kommune {county.number}{place:02}",
            county=county,
            language=Municipality.LanguageForm.BOKMAL,
        )
        for county, place in numbers
    )
    bodies = Organisation.objects.bulk_create(
        Organisation(
            key=row.number,
            kind=Organisation.Kind.MUNICIPALITY,
            name=f"{row.name} kommune",
            short_name=row.name,
            municipality=row,
        )
        for row in municipalities
    )
    PopulationFigure.objects.bulk_create(
        PopulationFigure(
            municipality=row,
            reference_date=DAY,
            value=3_000 + 2_517 * (number % IN_A_REGION),
            source="Oppdiktet",
        )
        for number, row in enumerate(municipalities)
    )
    held = _people(bodies)
    return [
        _place(counties[n // IN_A_COUNTY], authorities[n // IN_A_COUNTY], bodies[n : n + 5], held)
        for n in range(0, wanted - IN_A_REGION + 1, IN_A_REGION)
    ]


def _people(bodies: list[Organisation]) -> dict[tuple[int, str], User]:
    """Make the people; return the first in each municipality with each role."""
    users = User.objects.bulk_create(
        User(email=f"person{number}@scale.example", name=f"Person {number}")  # no password
        for number in range(PEOPLE)
    )
    held: dict[tuple[int, str], User] = {}
    rows = []
    for number, user in enumerate(users):
        place, turn = number % len(bodies), number // len(bodies)
        role = ROLES[min(turn, len(ROLES) - 1)]
        if role is Role.ADMINISTRATOR and place % IN_A_REGION:
            role = Role.READER
        held.setdefault((bodies[place].pk, role), user)
        rows.append(Membership(user=user, organisation=bodies[place], role=role))
    Membership.objects.bulk_create(rows)
    return held


def _place(
    county: County,
    authority: Organisation,
    bodies: list[Organisation],
    held: dict[tuple[int, str], User],
) -> Place:
    contract = bodies[0].municipality
    region = Region.objects.create(
        name=f"Region {contract.number}",
        slug=f"region-{contract.number}",
        contract_municipality=contract,
        county_rate=Decimal("5.50"),
        municipal_rate=Decimal("14.50"),
    )
    region.members.set([body.municipality for body in bodies])
    people = [held[bodies[0].pk, Role.EDITOR], held[bodies[0].pk, Role.ADMINISTRATOR]]
    people += [held[body.pk, Role.DIRECTOR] for body in bodies]
    return Place(region, county, authority, tuple(bodies), tuple(people))

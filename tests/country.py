"""Plans as large as the country: made-up counties and municipalities in Ringeriksregionen's name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from financing import alternatives as changes
from financing import editing
from financing.models import Participant, Plan
from municipalities.models import County, Municipality, Organisation, Region


def plan(
    *, municipalities: int, counties: int, years: int, alternatives: int, day: dt.date
) -> Plan:
    """Make a plan whose contributors are as many municipalities and county authorities."""
    region = Region.objects.get(slug="ringeriksregionen")
    made = Plan.objects.create(
        region=region,
        name=f"{municipalities} kommuner",
        first_year=2026,
        last_year=2025 + years,
        population_date=day,
    )
    rows = []
    for county in _counties(counties):
        rows.append(Participant(plan=made, organisation=county.authority, county=county))
        wanted = municipalities // counties + (int(county.number) % 60 < municipalities % counties)
        for municipality in _municipalities(county, wanted):
            rows.append(
                Participant(
                    plan=made,
                    organisation=municipality.organisation,
                    county=county,
                    population=1000 + 37 * len(rows),
                    population_date=day,
                )
            )
    for position, row in enumerate(rows):
        row.position, row.status = position, Participant.Status.CONFIRMED
    Participant.objects.bulk_create(rows)
    for number in range(alternatives):
        changes.add_alternative(
            editing.Actor(None),
            made,
            f"Alternativ {number + 1}",
            municipal_rate=Decimal("14.50") + number,
            county_rate=Decimal("5.50"),
            index_percent=Decimal("4.1"),
        )
    return made


def _counties(count: int) -> list[County]:
    made = []
    for number in range(60, 60 + count):
        county, _ = County.objects.get_or_create(
            number=str(number), defaults={"name": f"Fylke {number}"}
        )
        if not hasattr(county, "authority"):
            Organisation.objects.create(
                key=county.number,
                kind="county_authority",
                name=f"Fylke {number} fylkeskommune",
                short_name=f"Fylke {number}",
                county=county,
            )
            county = County.objects.get(pk=county.pk)
        made.append(county)
    return made


def _municipalities(county: County, count: int) -> list[Municipality]:
    made = []
    for place in range(count):
        number = f"{county.number}{place:02}"
        municipality, is_new = Municipality.objects.get_or_create(
            number=number, defaults={"name": f"Kommune {number}", "county": county}
        )
        if is_new:
            Organisation.objects.create(
                key=number,
                kind="municipality",
                name=f"Kommune {number} kommune",
                short_name=f"Kommune {number}",
                municipality=municipality,
            )
        made.append(Municipality.objects.select_related("organisation").get(pk=municipality.pk))
    return made

"""A plan that no agreement has: the same region and rates as the demonstration's agreement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from financing import alternatives, editing
from financing.models import Plan
from municipalities import register
from municipalities.models import Region

NAME = "Ringeriksregionen 2029–2031"


def a_study() -> Plan:
    """Make the plan, with one alternative that has an index."""
    region = Region.objects.get(slug="ringeriksregionen")
    day = dt.date(2025, 1, 1)
    actor = editing.Actor(None)
    plan = editing.create_plan(
        actor,
        region,
        name=NAME,
        years=(2029, 2031),
        population_date=day,
        populations=register.population_on(region.members.all(), day),
    )
    alternatives.add_alternative(
        actor,
        plan,
        "Alternativ A",
        municipal_rate=Decimal("14.50"),
        county_rate=Decimal("5.50"),
        index_percent=Decimal("4.1"),
    )
    return plan

"""Every change to a plan. Each function is one transaction that stores the rows and one PlanEvent.

A stale save is stopped with StaleRevisionError; nothing is written when nothing changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from financing.models import (
    IndexFactor,
    Participant,
    Plan,
    PlanEvent,
)
from municipalities import register, revisions
from municipalities.models import (
    County,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    User,
)


@dataclass(frozen=True)
class Actor:
    """Who edits, and for which organisation."""

    user: User | None
    organisation: Organisation | None = None


def record(actor: Actor, plan: Plan, action: str, data: dict[str, Any]) -> None:
    """Store the Event. Call inside the transaction of the change."""
    PlanEvent.objects.create(
        plan=plan,
        actor=actor.user,
        organisation=actor.organisation,
        action=action,
        data=data,
    )


@transaction.atomic
def create_plan(
    actor: Actor,
    region: Region,
    *,
    name: str,
    years: tuple[int, int],
    population_date: dt.date,
    populations: Mapping[int, PopulationFigure],
    counties: dict[int, County] | None = None,
    invoicing: str = "",
) -> Plan:
    """Make a plan with the region's municipalities and their county authorities, none of them confirmed.

    A county authority outside the region's own county has not been part of the talks: it is conditional.
    `populations` holds the municipalities' figures at `population_date`, by primary key.
    `counties` overrides a municipality's county of today, for plans of years gone by.
    """
    plan = Plan.objects.create(
        region=region,
        name=name,
        first_year=years[0],
        last_year=years[1],
        population_date=population_date,
        invoicing=invoicing,
    )
    members = region.members.select_related("county__authority", "organisation")
    county_of = {m.pk: (counties or {}).get(m.pk, m.county) for m in members}
    own_county = county_of.get(region.contract_municipality_id, region.contract_municipality.county)
    rows: list[Participant] = []
    for county in sorted(set(county_of.values()), key=lambda c: (c.pk != own_county.pk, c.number)):
        inside = [m for m in members if county_of[m.pk] == county]
        rows += [_municipality(plan, m, county, populations, population_date) for m in inside]
        if hasattr(county, "authority"):
            rows.append(_authority(plan, county, outside=county.pk != own_county.pk))
    for position, row in enumerate(rows):
        row.position = position
    Participant.objects.bulk_create(rows)
    record(
        actor,
        plan,
        "plan.created",
        {
            "name": name,
            "years": list(years),
            "population_date": str(population_date),
            "participants": [row.organisation.key for row in rows],
        },
    )
    return plan


def _municipality(
    plan: Plan,
    municipality: Municipality,
    county: County,
    populations: Mapping[int, PopulationFigure],
    date: dt.date,
) -> Participant:
    figure = populations.get(municipality.pk)
    return Participant(
        plan=plan,
        organisation=municipality.organisation,
        county=county,
        population=figure.value if figure else None,
        population_date=date if figure else None,
        population_source=figure.source if figure else "",
    )


def _authority(plan: Plan, county: County, *, outside: bool) -> Participant:
    status = Participant.Status.CONDITIONAL if outside else Participant.Status.UNDECIDED
    return Participant(plan=plan, organisation=county.authority, county=county, status=status)


@transaction.atomic
def add_participant(actor: Actor, plan: Plan, organisation: Organisation) -> Participant:
    """Add a municipality or county authority, not yet part of the calculation and undecided.

    Its population is taken from the register where it has one on the plan's date. ConflictError
    where it is in the plan already, ValueError for a body that belongs to no county.
    """
    row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if row.participants.filter(organisation=organisation).exists():
        raise revisions.ConflictError(f"plan {plan.pk} has {organisation.key}")
    municipality = organisation.municipality
    county = municipality.county if municipality else organisation.county
    if county is None:
        raise ValueError(f"{organisation.key} belongs to no county")
    figures = register.population_on([municipality], row.population_date) if municipality else {}
    last = row.participants.aggregate(last=Max("position"))["last"]
    if municipality is not None:
        made = _municipality(row, municipality, county, figures, row.population_date)
    else:
        made = Participant(plan=row, organisation=organisation, county=county)
    made.included, made.position = False, 0 if last is None else last + 1
    made.save()
    row.revision += 1
    row.save(update_fields=["revision"])
    record(actor, row, "participant.added", {"organisation": organisation.key})
    return made


@transaction.atomic
def save_plan(
    actor: Actor,
    plan: Plan,
    revision: int,
    values: dict[str, object],
    participants: Sequence[tuple[int, dict[str, object]]],
) -> bool:
    """Save the plan's own fields and its participants ({pk: values}); tell whether anything changed."""
    row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    people = {p.pk: p for p in row.participants.select_related("organisation")}
    changed: dict[str, Any] = dict(revisions.changes(row, values))
    fields = list(changed)
    edited: list[Participant] = []
    for pk, new in participants:
        difference = revisions.changes(people[pk], new)
        if difference:
            changed[people[pk].organisation.key] = difference
            edited.append(people[pk])
    if not changed:
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(Plan.objects.get(pk=plan.pk))
    row.revision += 1
    row.save(update_fields=[*fields, "revision"])
    for person in edited:
        person.save()
    if "first_year" in changed or "last_year" in changed:
        _fit_index(row)
    record(actor, row, "plan.edited", changed)
    return True


def _fit_index(plan: Plan) -> None:
    """Keep one index factor for each year after the first, where an alternative has an index at all."""
    years = plan.years[1:]
    for alternative in plan.alternatives.prefetch_related("index"):
        rows = {row.year: row for row in alternative.index.all()}
        if not rows:
            continue
        last = rows[max(rows)].percent
        alternative.index.exclude(year__in=years).delete()
        IndexFactor.objects.bulk_create(
            [
                IndexFactor(alternative=alternative, year=year, percent=last)
                for year in years
                if year not in rows
            ]
        )

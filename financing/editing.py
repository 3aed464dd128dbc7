"""Every change to a plan. Each function is one transaction that stores the rows and one PlanEvent.

A stale save is stopped with StaleRevisionError; nothing is written when nothing changed.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from financing.models import (
    Alternative,
    IndexFactor,
    Participant,
    Plan,
    PlanEvent,
    Rule,
    RuleWeight,
)
from municipalities import norwegian, revisions
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
def add_alternative(
    actor: Actor,
    plan: Plan,
    name: str,
    *,
    municipal_rate: Decimal,
    county_rate: Decimal,
    index_percent: Decimal | None = None,
    index_source: str = "",
    rounding_rule: str | None = None,
) -> Alternative:
    """Add the usual alternative: a rate for municipalities, indexed, and a flat rate for county authorities.

    Rates are kroner per inhabitant; `index_percent` is the same growth into each year after the first.
    """
    last = plan.alternatives.aggregate(last=Max("position"))["last"]
    row = Alternative(
        plan=plan,
        position=0 if last is None else last + 1,
        name=name,
        index_source=index_source,
    )
    if rounding_rule:
        row.rounding_rule = rounding_rule
    row.save()
    Rule.objects.bulk_create(
        [
            Rule(
                alternative=row,
                position=0,
                applies_to=Rule.AppliesTo.MUNICIPALITIES,
                rate=municipal_rate,
                indexed=index_percent is not None,
            ),
            Rule(
                alternative=row,
                position=1,
                applies_to=Rule.AppliesTo.COUNTY_AUTHORITIES,
                rate=county_rate,
                basis=Rule.Basis.COUNTY,
                indexed=False,
            ),
        ]
    )
    if index_percent is not None:
        IndexFactor.objects.bulk_create(
            [
                IndexFactor(alternative=row, year=year, percent=index_percent)
                for year in plan.years[1:]
            ]
        )
    record(actor, plan, "alternative.added", {"name": name, **describe(row)})
    return row


def describe(alternative: Alternative) -> dict[str, Any]:
    """Return an alternative's rules and index as JSON-ready values for the Event."""
    fields = (
        "applies_to",
        "kind",
        "base_amount",
        "rate",
        "basis",
        "amount",
        "equal_percent",
        "population_percent",
        "table_percent",
        "indexed",
    )
    return {
        "rounding_rule": alternative.rounding_rule,
        "index_source": alternative.index_source,
        "rules": [
            {name: revisions.jsonable(_plain(getattr(rule, name))) for name in fields}
            | {"participant": rule.participant.organisation.key if rule.participant else None}
            for rule in alternative.rules.select_related("participant__organisation")
        ],
        "index": [
            [row.year, norwegian.percent(row.percent), row.is_estimate]
            for row in alternative.index.all()
        ],
    }


def _reserve_name(plan: Plan, name: str, but: Alternative | None = None) -> None:
    """Lock the plan, so that nobody else takes the name; ConflictError where somebody has."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    others = plan.alternatives.exclude(pk=but.pk if but else None)
    if others.filter(name=name).exists():
        raise revisions.ConflictError(f"plan {plan.pk} has an alternative {name!r}")


def _plain(value: object) -> object:
    """Drop a decimal's trailing zeros, so that 14.5 as typed and 14.5000 as stored compare equal."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


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


@transaction.atomic
def save_alternative(
    actor: Actor,
    alternative: Alternative,
    revision: int,
    values: dict[str, object],
    rules: Iterable[Rule],
    index: Iterable[IndexFactor],
) -> bool:
    """Replace an alternative's fields, rules and index; tell whether anything changed.

    Rules keep the weights of their distribution key where the rule is the same row. ConflictError
    where another alternative has taken the name.
    """
    _reserve_name(alternative.plan, str(values["name"]), but=alternative)
    row = (
        Alternative.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=alternative.pk)
    )
    before = {"name": row.name, **describe(row)}
    stored = copy.copy(row)
    for name, value in values.items():
        setattr(row, name, value)
    kept: list[int] = []
    with transaction.atomic():
        row.revision += 1
        row.save()
        for position, rule in enumerate(rules):
            rule.alternative, rule.position = row, position
            rule.save()
            kept.append(rule.pk)
        row.rules.exclude(pk__in=kept).delete()
        row.index.all().delete()
        IndexFactor.objects.bulk_create(
            [
                IndexFactor(
                    alternative=row, year=f.year, percent=f.percent, is_estimate=f.is_estimate
                )
                for f in index
            ]
        )
        after = {"name": row.name, **describe(row)}
        if after == before:
            transaction.set_rollback(True)
    if after == before:
        return False
    if stored.revision != revision:
        # The whole transaction is rolled back by the exception: nothing above is kept.
        raise revisions.StaleRevisionError(stored)
    record(
        actor,
        row.plan,
        "alternative.edited",
        {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        | {"alternative": row.name},
    )
    return True


@transaction.atomic
def copy_alternative(actor: Actor, source: Alternative, name: str) -> Alternative:
    """Add an alternative with the rules, weights and index of another one of the same plan.

    ConflictError where another alternative has taken the name.
    """
    _reserve_name(source.plan, name)
    last = source.plan.alternatives.aggregate(last=Max("position"))["last"]
    made = Alternative.objects.create(
        plan=source.plan,
        position=last + 1,
        name=name,
        rounding_rule=source.rounding_rule,
        index_source=source.index_source,
    )
    for rule in source.rules.prefetch_related("weights"):
        weights = list(rule.weights.all())
        rule.pk, rule.alternative = None, made
        rule._state.adding = True
        rule.save()
        RuleWeight.objects.bulk_create(
            [
                RuleWeight(rule=rule, participant_id=w.participant_id, weight=w.weight)
                for w in weights
            ]
        )
    IndexFactor.objects.bulk_create(
        [
            IndexFactor(alternative=made, year=f.year, percent=f.percent, is_estimate=f.is_estimate)
            for f in source.index.all()
        ]
    )
    record(
        actor,
        made.plan,
        "alternative.added",
        {"name": name, "copy_of": source.name, **describe(made)},
    )
    return made


@transaction.atomic
def delete_alternative(actor: Actor, alternative: Alternative, revision: int) -> None:
    """Delete an alternative. ProtectedError where an agreement has chosen it."""
    row = revisions.lock(Alternative.objects.select_related("plan"), alternative.pk, revision)
    record(actor, row.plan, "alternative.deleted", {"name": row.name, **describe(row)})
    row.delete()

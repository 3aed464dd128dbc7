"""A new plan for the period after: the same contributors and rules, with populations and rates renewed.

Transactions and events as in `editing`.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from financing import editing, renewal
from financing.editing import Actor
from financing.index import IndexFactor as Factor
from financing.models import (
    Alternative,
    IndexFactor,
    Instalment,
    Participant,
    Plan,
    Rule,
    RuleWeight,
)
from financing.reader import PlanFacts
from municipalities.models import Organisation, PopulationFigure

Steps = tuple[tuple[int, Decimal], ...]


def steps_of(row: Alternative, plan: Plan, first: int) -> Steps:
    """The growth from a plan's first year to the new first year, by an alternative's index."""
    index = [Factor(f.year, f.percent, "", f.is_estimate) for f in row.index.all()]
    try:
        return renewal.factors(index, plan.years, first)
    except ValueError:  # an index with a gap is not moved on by guessing
        return ()


def suggested_rates(
    facts: PlanFacts, chosen: int | None, first: int, minimum: Mapping[str, Decimal | None]
) -> dict[str, renewal.Renewed]:
    """Suggest the rates of the chosen alternative's rules for a whole group, by who they apply to."""
    row = next((row for row in facts.rows if row.pk == chosen), None)
    if row is None:
        return {}
    steps = steps_of(row, facts.plan, first)
    return {
        rule.applies_to: renewal.renewed_rate(
            rule.rate, steps if rule.indexed else (), minimum.get(rule.applies_to)
        )
        for rule in row.rules.all()
        if _by_rate(rule)
    }


def _by_rate(rule: Rule) -> bool:
    return rule.kind == Rule.Kind.PER_INHABITANT and rule.applies_to != Rule.AppliesTo.ONE


@transaction.atomic
def renew_plan(
    actor: Actor,
    facts: PlanFacts,
    *,
    name: str,
    years: tuple[int, int],
    population_date: dt.date,
    populations: Mapping[int, PopulationFigure],
    chosen: int | None,
    rates: Mapping[str, Decimal],
) -> tuple[Plan, dict[int, Alternative]]:
    """Make the plan; return it with the copies of the alternatives by the old ones' primary keys.

    Nobody has taken a stance on the new period. Who took part keeps doing so; a county authority
    that has been dissolved gives way to those of today. `rates` replace the chosen alternative's.
    """
    old = facts.plan
    plan = editing.create_plan(
        actor,
        old.region,
        name=name,
        years=years,
        population_date=population_date,
        populations=populations,
        invoicing=old.invoicing,
    )
    if plan.excludes_vat != old.excludes_vat:
        plan.excludes_vat = old.excludes_vat
        plan.save(update_fields=["excludes_vat"])
    _contributors(actor, plan, facts)
    Instalment.objects.bulk_create(
        Instalment(
            plan=plan, month=row.month, day=row.day, percent=row.percent, condition=row.condition
        )
        for row in old.instalments.all()
    )
    by_organisation = {
        p.organisation_id: p for p in plan.participants.select_related("organisation")
    }
    people = {p.pk: _same(p, by_organisation) for p in facts.participants}
    copied = {
        row.pk: _copy(row, plan, old, people, rates if row.pk == chosen else {})
        for row in facts.rows
    }
    plan.refresh_from_db()
    return plan, copied


def _contributors(actor: Actor, plan: Plan, facts: PlanFacts) -> None:
    """Let those outside the region be in the plan too, and those left out stay out."""
    made = {p.organisation_id: p for p in plan.participants.all()}
    for person in facts.participants:
        body = person.organisation
        if body.pk not in made and body.kind == Organisation.Kind.MUNICIPALITY:
            made[body.pk] = editing.add_participant(actor, plan, body)
    included = {p.organisation_id: p.included for p in facts.participants}
    for pk, row in made.items():
        row.status = Participant.Status.UNDECIDED
        row.included = included.get(pk, True)
        row.save(update_fields=["status", "included"])


def _same(person: Participant, by_organisation: Mapping[int, Participant]) -> Participant | None:
    """The new plan's participant for an old one; a county authority's heir where it is the only one."""
    found = by_organisation.get(person.organisation_id)
    if found is not None or person.organisation.kind != Organisation.Kind.COUNTY_AUTHORITY:
        return found
    heirs = [
        p
        for p in by_organisation.values()
        if p.organisation.kind == Organisation.Kind.COUNTY_AUTHORITY
    ]
    return heirs[0] if len(heirs) == 1 else None


def _copy(
    row: Alternative,
    plan: Plan,
    old: Plan,
    people: Mapping[int, Participant | None],
    rates: Mapping[str, Decimal],
) -> Alternative:
    steps = steps_of(row, old, plan.first_year)
    percents = [f.percent for f in row.index.all()]
    source = f"Anslag ført videre fra forrige periode. {row.index_source}".strip()
    made = Alternative.objects.create(
        plan=plan,
        position=row.position,
        name=row.name,
        rounding_rule=row.rounding_rule,
        index_source=source[:200] if percents else row.index_source,
    )
    for rule in row.rules.all():
        weights = list(rule.weights.all()) if rule.table_percent else []
        target = people.get(rule.participant_id or 0)
        if rule.applies_to == Rule.AppliesTo.ONE and target is None:
            continue  # whom it applied to is not there any more
        new = _renewed(rule, steps if rule.indexed else ())
        new.alternative, new.participant = made, target
        if _by_rate(rule) and rule.applies_to in rates:
            new.rate = rates[rule.applies_to]
        new.save()
        RuleWeight.objects.bulk_create(
            RuleWeight(rule=new, participant=same, weight=weight.weight)
            for weight in weights
            if (same := people.get(weight.participant_id)) is not None
        )
    if percents:
        IndexFactor.objects.bulk_create(
            IndexFactor(alternative=made, year=year, percent=percents[-1])
            for year in plan.years[1:]
        )
    return made


def _renewed(rule: Rule, steps: Steps) -> Rule:
    """An unsaved copy in the kroner of the new first year. A step-up goes on from where it came."""
    new = copy.copy(rule)
    new._state = copy.copy(rule._state)
    new.pk, new._state.adding = None, True
    reached = rule.steps[-1] if rule.steps else Decimal(100)
    new.steps = [] if reached == 100 else [reached]
    for name in ("base_amount", "rate", "amount", "hour_price", "floor", "cap"):
        value = getattr(rule, name)
        if steps and value:
            setattr(new, name, renewal.moved_on(value, steps))
    return new

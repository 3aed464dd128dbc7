"""Every change to an alternative: its rules and index. Transactions and events as in `editing`."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from financing.editing import Actor, record
from financing.models import Alternative, IndexFactor, Plan, Rule, RuleWeight
from municipalities import norwegian, revisions


@dataclass(frozen=True)
class TypedRule:
    """A rule to store, with the weights of its key's table by the participant's primary key."""

    row: Rule
    weights: Mapping[int, Decimal] = field(default_factory=dict)


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
        "hours",
        "hour_price",
        "floor",
        "cap",
        "label",
    )
    return {
        "rounding_rule": alternative.rounding_rule,
        "index_source": alternative.index_source,
        "rules": [
            {name: revisions.jsonable(_plain(getattr(rule, name))) for name in fields}
            | {
                "steps": [norwegian.percent(percent) for percent in rule.steps],
                "participant": rule.participant.organisation.key if rule.participant else None,
                "weights": {
                    weight.participant.organisation.key: norwegian.rate(weight.weight)
                    for weight in rule.weights.all()
                },
            }
            for rule in alternative.rules.select_related(
                "participant__organisation"
            ).prefetch_related("weights__participant__organisation")
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


def _replace_weights(rule: Rule, weights: Mapping[int, Decimal]) -> None:
    rule.weights.all().delete()
    RuleWeight.objects.bulk_create(
        [RuleWeight(rule=rule, participant_id=pk, weight=w) for pk, w in weights.items()]
    )


def _plain(value: object) -> object:
    """Drop a decimal's trailing zeros, so that 14.5 as typed and 14.5000 as stored compare equal."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


@transaction.atomic
def save_alternative(
    actor: Actor,
    alternative: Alternative,
    revision: int,
    values: dict[str, object],
    rules: Iterable[TypedRule],
    index: Iterable[IndexFactor],
) -> bool:
    """Replace an alternative's fields, rules and index; tell whether anything changed.

    ConflictError where another alternative has taken the name.
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
        for position, typed in enumerate(rules):
            rule = typed.row
            rule.alternative, rule.position = row, position
            rule.save()
            kept.append(rule.pk)
            _replace_weights(rule, typed.weights)
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
def store_alternative(
    actor: Actor,
    plan: Plan,
    values: dict[str, object],
    rules: Iterable[TypedRule],
    index: Sequence[IndexFactor],
) -> Alternative:
    """Add an alternative as it was typed. Rules that are stored elsewhere are copied, not moved.

    ConflictError where another alternative has taken the name.
    """
    _reserve_name(plan, str(values["name"]))
    last = plan.alternatives.aggregate(last=Max("position"))["last"]
    made = Alternative.objects.create(plan=plan, position=0 if last is None else last + 1, **values)
    for position, typed in enumerate(rules):
        rule = copy.copy(typed.row)
        rule._state = copy.copy(rule._state)
        rule.pk, rule.alternative, rule.position, rule._state.adding = None, made, position, True
        rule.save()
        _replace_weights(rule, typed.weights)
    for factor in index:
        factor.alternative = made
    IndexFactor.objects.bulk_create(index)
    record(actor, plan, "alternative.added", {"name": made.name, **describe(made)})
    return made


@transaction.atomic
def delete_alternative(actor: Actor, alternative: Alternative, revision: int) -> None:
    """Delete an alternative. ProtectedError where an agreement has chosen it."""
    row = revisions.lock(Alternative.objects.select_related("plan"), alternative.pk, revision)
    record(actor, row.plan, "alternative.deleted", {"name": row.name, **describe(row)})
    row.delete()

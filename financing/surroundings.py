"""Every change to what surrounds a plan's alternatives: current contributions and instalments.

Transactions and events as in `editing`; the plan's revision stops a stale save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from financing.editing import Actor, record
from financing.models import CurrentContribution, Instalment, Plan
from municipalities import norwegian, revisions


def _lock(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def _stored(actor: Actor, row: Plan, revision: int, action: str, data: dict[str, Any]) -> None:
    """Count the revision up and store the event; StaleRevisionError where the plan has moved on."""
    if row.revision != revision:
        raise revisions.StaleRevisionError(Plan.objects.get(pk=row.pk))
    row.revision += 1
    row.save(update_fields=["revision"])
    record(actor, row, action, data)


@transaction.atomic
def save_current(
    actor: Actor, plan: Plan, revision: int, year: int, rows: Mapping[int, tuple[Decimal, str]]
) -> bool:
    """Replace the current contributions by `rows` of one year; tell whether anything changed.

    `rows` maps an organisation's primary key to (kroner, source). StaleRevisionError as usual.
    """
    row = _lock(plan)
    stored = {
        (c.organisation_id, c.year): (c.amount, c.source) for c in row.current_contributions.all()
    }
    wanted = {(pk, year): value for pk, value in rows.items()}
    if stored == wanted:
        return False
    row.current_contributions.all().delete()
    CurrentContribution.objects.bulk_create(
        CurrentContribution(plan=row, organisation_id=pk, year=year, amount=amount, source=source)
        for pk, (amount, source) in rows.items()
    )
    names = dict(row.participants.values_list("organisation_id", "organisation__key"))
    data = {
        "year": year,
        "amounts": {names.get(pk, str(pk)): str(amount) for pk, (amount, _) in rows.items()},
    }
    _stored(actor, row, revision, "current_contributions.edited", data)
    return True


@transaction.atomic
def save_instalments(
    actor: Actor, plan: Plan, revision: int, rows: Sequence[Mapping[str, Any]]
) -> bool:
    """Replace the payment plan by `rows` (month, day, percent, condition); tell of any change."""
    row = _lock(plan)
    fields = ("month", "day", "percent", "condition")
    stored = [tuple(getattr(old, name) for name in fields) for old in row.instalments.all()]
    wanted = sorted(tuple(new[name] for name in fields) for new in rows)
    if stored == wanted:
        return False
    row.instalments.all().delete()
    Instalment.objects.bulk_create(
        Instalment(plan=row, **dict(zip(fields, new, strict=True))) for new in wanted
    )
    data = {
        "instalments": [
            [f"{day}.{month}.", norwegian.percent(percent), condition]
            for month, day, percent, condition in wanted
        ]
    }
    _stored(actor, row, revision, "instalments.edited", data)
    return True

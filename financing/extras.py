"""What contributors buy on top of every alternative. Transactions and events as in `editing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from financing.editing import Actor, record
from financing.models import Extra, Plan
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase: kroner a year, printed under the table with its label. Not indexed by default."""

    label: str
    amount: Decimal
    indexed: bool = False


@transaction.atomic
def save_extras(actor: Actor, plan: Plan, bought: Mapping[tuple[int, str], Bought]) -> bool:
    """Make these the plan's extras, by (organisation, key); tell whether anything changed.

    The caller has locked what the extras come from, so no revision is asked for.
    """
    row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    before = _described(row)
    stored = {(extra.organisation_id, extra.key): extra for extra in row.extras.all()}
    for place, extra in stored.items():
        if place not in bought:
            extra.delete()
    for (organisation, key), new in bought.items():
        extra = stored.get((organisation, key)) or Extra(
            plan=row, organisation_id=organisation, key=key
        )
        if (extra.label, extra.amount, extra.indexed) != (new.label, new.amount, new.indexed):
            extra.label, extra.amount, extra.indexed = new.label, new.amount, new.indexed
            extra.save()
    after = _described(row)
    if after == before:
        return False
    record(actor, row, "extras.edited", {"extras": [before, after]})
    return True


def _described(plan: Plan) -> list[list[object]]:
    return [
        [extra.key, extra.organisation.key, extra.label, norwegian.rate(extra.amount)]
        + (["indeksreguleres"] if extra.indexed else [])
        for extra in Extra.objects.filter(plan=plan).select_related("organisation")
    ]

"""Every change to the service checklist, and what it costs. Transactions and events as in `editing`.

What municipalities buy on top goes into the agreement's plan in the same transaction, so that text
and table never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from agreements.domain.document import Choice
from agreements.editing import (
    Actor,
    lock_draft,
    move,
    next_position,
    record,
    save_child,
    unused_key,
)
from agreements.models import Agreement, ServiceChoice, ServiceItem
from financing import editing as plan_editing
from financing import extras
from municipalities import norwegian, revisions
from municipalities.models import Organisation

# A price stands as it is for all years: what is bought on top is agreed a year at a time, and the
# index in the plan is for the service itself.
INDEXED = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a municipality has chosen; `price` is kroner a year, None where it is not agreed."""

    choice: Choice = Choice.IN
    price: Decimal | None = None

    @property
    def bought(self) -> bool:
        """Whether there is a price to show, or to ask for."""
        return self.choice is Choice.BOUGHT

    def __post_init__(self) -> None:
        if self.price is not None and (self.choice is not Choice.BOUGHT or self.price < 0):
            raise ValueError(f"a price of {self.price} for {self.choice}")


@transaction.atomic
def save_service(actor: Actor, item: ServiceItem, revision: int, level: str, text: str) -> bool:
    """Save a line of the service checklist; tell whether anything changed."""
    changed = save_child(
        actor,
        ServiceItem.objects.all(),
        item.pk,
        revision,
        {"level": level, "text": text},
        "service.edited",
    )
    if changed:
        update_extras(actor, item.agreement)
    return changed


@transaction.atomic
def add_service(
    actor: Actor, agreement: Agreement, level: str, text: str, key: str = ""
) -> ServiceItem:
    """Add a line at the end of the checklist. `key` is given for one the template suggests."""
    row = lock_draft(agreement)
    taken = set(row.services.values_list("key", flat=True))
    item = ServiceItem.objects.create(
        agreement=row,
        key=key if key and key not in taken else unused_key(taken, text, "tjeneste"),
        level=level,
        position=next_position(row.services.all()),
        text=text,
    )
    record(actor, row, "service.added", {"key": item.key, "level": level, "text": text})
    return item


@transaction.atomic
def delete_service(actor: Actor, item: ServiceItem, revision: int) -> None:
    """Remove a line of the checklist. The Event keeps its text and what was chosen."""
    row = lock_draft(item.agreement)
    locked = revisions.lock(ServiceItem.objects.all(), item.pk, revision)
    chosen = {own.organisation.key: _described(own) for own in _stored(locked).values()}
    data = {"key": locked.key, "level": locked.level, "text": locked.text}
    record(actor, row, "service.deleted", data | ({"choices": chosen} if chosen else {}))
    locked.delete()
    update_extras(actor, row)


@transaction.atomic
def move_service(actor: Actor, item: ServiceItem, step: int) -> bool:
    """Move a line one place up (-1) or down (+1) within its list; tell whether it moved."""
    row = lock_draft(item.agreement)
    siblings = list(row.services.filter(level=item.level))
    return move(actor, row, siblings, item.pk, step, "service.moved")


@transaction.atomic
def save_choices(
    actor: Actor, item: ServiceItem, revision: int, chosen: Mapping[Organisation, Chosen]
) -> bool:
    """Save what these municipalities have chosen about a line; tell whether anything changed.

    Choices of others stay as they are.
    """
    agreement = lock_draft(item.agreement)
    row = ServiceItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    stored = _stored(row)
    changed: dict[str, list[str]] = {}
    for organisation, new in chosen.items():
        own = stored.get(organisation.pk)
        before = _described(own)
        if own is not None and new.choice is Choice.IN:
            own.delete()
        elif new.choice is not Choice.IN:
            own = own or ServiceChoice(service=row, organisation=organisation)
            own.choice, own.price = new.choice.value, new.price
        after = _described(own if new.choice is not Choice.IN else None)
        if after != before:
            changed[organisation.key] = [before, after]
            if own is not None and new.choice is not Choice.IN:
                own.save()
    if not changed:
        return False
    if row.revision != revision:
        # The whole transaction is rolled back by the exception: nothing above is kept.
        raise revisions.StaleRevisionError(row)
    row.revision += 1
    row.save(update_fields=["revision"])
    data = {"pk": row.pk, "key": row.key, "text": row.text, "choices": changed}
    record(actor, agreement, "service.chosen", data)
    update_extras(actor, agreement)
    return True


def update_extras(actor: Actor, agreement: Agreement) -> None:
    """Let the plan have what is bought on top, as the choices stand. Call with the draft locked."""
    rows = ServiceChoice.objects.filter(
        service__agreement=agreement, choice=Choice.BOUGHT.value, price__isnull=False
    ).select_related("service")
    bought = {
        (row.organisation_id, f"tjeneste:{row.service.key}"): extras.Bought(
            f"Kjøpt i tillegg: {row.service.text}", row.price, INDEXED
        )
        for row in rows
        if row.price is not None
    }
    plan_actor = plan_editing.Actor(actor.user, actor.organisation)
    extras.save_extras(plan_actor, agreement.plan, bought)


def _stored(item: ServiceItem) -> dict[int, ServiceChoice]:
    rows = ServiceChoice.objects.filter(service=item).select_related("organisation")
    return {row.organisation_id: row for row in rows}


def _described(own: ServiceChoice | None) -> str:
    """The choice as the Event has it: «in», «out», «bought» or «bought 50 000,00»."""
    if own is None:
        return Choice.IN.value
    return own.choice if own.price is None else f"{own.choice} {norwegian.money(own.price)}"

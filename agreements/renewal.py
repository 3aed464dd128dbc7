"""A new period from an old agreement: text, parties, services and rules copied, figures renewed.

Clauses, services and parties keep their keys, so that the two can be compared. Nothing of the old
agreement changes but its record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from agreements.checklist import update_extras
from agreements.creation import unused_slug
from agreements.domain.document import AttachmentKind, Choice
from agreements.domain.renewal import Former
from agreements.editing import Actor, lock_draft, record
from agreements.models import (
    Agreement,
    Clause,
    Party,
    ServiceChoice,
    ServiceItem,
)
from financing import editing as plan_editing
from financing import reader, renewing, surroundings
from financing.models import Alternative, Participant, Plan
from municipalities.models import Organisation, PopulationFigure


@dataclass(frozen=True)
class Period:
    """What is asked about the new period. Rates are kroner per inhabitant; None keeps the suggestion."""

    title: str
    term_start: dt.date
    term_end: dt.date
    population_date: dt.date
    populations: Mapping[int, PopulationFigure]
    rates: Mapping[str, Decimal]  # by who a rule of the chosen alternative applies to


@transaction.atomic
def renew(actor: Actor, old: Agreement, period: Period) -> Agreement:
    """Make the draft of the next period, with a plan of its own. One event in each agreement."""
    # Two who renew at once queue up, and the address is taken once.
    Agreement.objects.select_for_update(of=("self",)).get(pk=old.pk)
    slug = unused_slug(old.region, period.term_start.year)
    facts = reader.load(old.plan)
    plan_actor = plan_editing.Actor(actor.user, actor.organisation)
    plan, copied = renewing.renew_plan(
        plan_actor,
        facts,
        name=f"{old.region.name} {period.term_start.year}–{period.term_end.year}",
        years=(period.term_start.year, period.term_end.year),
        population_date=period.population_date,
        populations=period.populations,
        chosen=old.chosen_alternative_id,
        rates=period.rates,
    )
    _today(plan_actor, plan, facts, old)
    new = Agreement.objects.create(
        slug=slug,
        region=old.region,
        plan=plan,
        template=old.template,
        previous=old,
        title=period.title,
        language=old.language,
        term_start=period.term_start,
        term_end=period.term_end,
        chosen_alternative=_alternative(copied, old),
    )
    _copy_clauses(old, new)
    _copy_parties(old, new, plan)
    _copy_services(old, new)
    update_extras(actor, new)
    record(actor, new, "agreement.renewed", {"title": old.title, "from": old.slug})
    record(actor, old, "agreement.followed", {"title": new.title, "by": new.slug})
    return new


def _alternative(copied: Mapping[int, Alternative], old: Agreement) -> Alternative | None:
    return copied.get(old.chosen_alternative_id or 0)


def _today(actor: plan_editing.Actor, plan: Plan, facts: reader.PlanFacts, old: Agreement) -> None:
    """What is paid today is the old period's last year."""
    table = facts.table(old.chosen_alternative_id or 0)
    if table is None:
        return
    keys = {
        p.organisation.key: p.organisation_id
        for p in plan.participants.select_related("organisation")
    }
    source = f"Bidrag i {table.years[-1]} etter «{old.title}»"[:200]
    rows = {
        keys[row.key]: (row.cells[-1], source)
        for row in table.rows
        if row.key in keys and row.status != Participant.Status.DECLINED
    }
    if rows:
        surroundings.save_current(actor, plan, plan.revision, table.years[-1], rows)


def _copy_clauses(old: Agreement, new: Agreement) -> None:
    rows = list(old.clauses.all())
    made = {
        row.pk: Clause(
            agreement=new,
            key=row.key,
            position=row.position,
            heading=row.heading,
            text=row.text,
            source=row.source,
        )
        for row in rows
    }
    Clause.objects.bulk_create(made.values())
    children = []
    for row in rows:
        if row.parent_id is not None:
            made[row.pk].parent = made[row.parent_id]
            children.append(made[row.pk])
    Clause.objects.bulk_update(children, ["parent"])


def _copy_parties(old: Agreement, new: Agreement, plan: Plan) -> None:
    """Copy the parties, to be confirmed. A body that no longer exists gives way to the one in the plan."""
    authorities = [
        p.organisation
        for p in plan.participants.select_related("organisation")
        if p.organisation.kind == Organisation.Kind.COUNTY_AUTHORITY
    ]
    taken: set[int] = set()
    for row in old.parties.select_related("organisation__successor").prefetch_related(
        "on_behalf_of"
    ):
        organisation, replaced = _heir(row.organisation, new.term_start, authorities)
        if organisation.pk in taken:
            continue
        taken.add(organisation.pk)
        made = Party.objects.create(
            agreement=new,
            organisation=organisation,
            role=row.role,
            position=row.position,
            signatory_name="" if replaced else row.signatory_name,
            signatory_title=row.signatory_title,
            mandate="" if replaced else row.mandate,
            to_confirm=True,
        )
        made.on_behalf_of.set(row.on_behalf_of.all())


def _heir(
    body: Organisation, day: dt.date, authorities: list[Organisation]
) -> tuple[Organisation, bool]:
    """Return who takes a party's place on that day, and whether it is somebody else."""
    if body.valid_to is None or body.valid_to >= day:
        return body, False
    if body.kind == Organisation.Kind.COUNTY_AUTHORITY and authorities:
        return authorities[0], True
    return (body.successor, True) if body.successor else (body, False)


def _copy_services(old: Agreement, new: Agreement) -> None:
    rows = list(old.services.prefetch_related("choices"))
    made = {
        row.pk: ServiceItem(
            agreement=new, key=row.key, level=row.level, position=row.position, text=row.text
        )
        for row in rows
    }
    ServiceItem.objects.bulk_create(made.values())
    ServiceChoice.objects.bulk_create(
        ServiceChoice(
            service=made[row.pk],
            organisation_id=own.organisation_id,
            choice=own.choice,
            price=own.price,
        )
        for row in rows
        for own in row.choices.all()
    )


def former(agreement: Agreement) -> Former | None:
    """Read what is asked about the period before; None where there is none. Two queries."""
    old = agreement.previous
    if old is None:
        return None
    prices = ServiceChoice.objects.filter(
        service__agreement=old, choice=Choice.BOUGHT.value, price__isnull=False
    )
    return Former(
        term_start=old.term_start,
        term_end=old.term_end,
        attached=frozenset(
            AttachmentKind(kind)
            for kind in old.attachments.filter(deleted_at=None).values_list("kind", flat=True)
        ),
        prices=frozenset(prices.values_list("service__key", "organisation__key", "price")),
    )


def unconfirmed(agreement: Agreement) -> frozenset[str]:
    """The keys of the parties whose signatories were copied and not looked over. One query."""
    rows = agreement.parties.filter(to_confirm=True)
    return frozenset(rows.values_list("organisation__key", flat=True))


@transaction.atomic
def settle(actor: Actor, agreement: Agreement, key: str, text: str, *, settled: bool) -> bool:
    """Mark a point as settled, or as open again; tell whether anything changed."""
    row = lock_draft(agreement)
    marked = [one for one in row.settled if one != key] + ([key] if settled else [])
    if marked == row.settled:
        return False
    row.settled = marked
    row.save(update_fields=["settled"])
    action = "renewal.settled" if settled else "renewal.opened"
    record(actor, row, action, {"point": key, "text": text})
    return True

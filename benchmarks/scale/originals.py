"""The agreements that all others are copies of, made by the program's own services, step by step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from agreements import acknowledging, creation, deciding, editing, finals, resolutions, workflow
from agreements import input as services
from agreements.domain import canonical
from agreements.domain.checks import Level, Position
from agreements.domain.guards import Outcome
from agreements.domain.states import Action
from agreements.models import Agreement, AgreementTemplate, Comment, Version
from agreements.record import Actor
from benchmarks.scale.people import DAY, Place
from financing import alternatives, current, surroundings
from financing import editing as plans
from financing.models import Participant
from municipalities import register
from municipalities.models import Organisation

EVENTS = 100  # in the record of each agreement
# How far an agreement has come, and how many events that is after the last change of its text.
AFTER = {"draft": 0, "in_review": 3, "in_resolution": 9, "ready_to_sign": 16}
KINDS = tuple(AFTER)


def make(place: Place, kind: str) -> Agreement:
    """Make one agreement that has come so far, with a record of EVENTS events."""
    editor = Actor(place.people[0], place.bodies[0])
    agreement = _draft(place, editor)
    left = EVENTS - agreement.events.count() - AFTER[kind]
    if left % 2:
        _say(editor, agreement)
    _write(editor, agreement, left // 2)
    if kind != "draft":
        version = _freeze(place, editor, agreement)
        _answer(place, version, 1 if kind == "in_review" else len(place.bodies))
        if kind != "in_review":
            _take(place, agreement, Action.RECOMMEND)
            _take(place, agreement, Action.SEND_TO_COUNCILS)
        if kind == "ready_to_sign":
            _resolve(place, agreement)
            finals.finalise(_administrator(place), agreement, source=agreement.status)
            agreement.refresh_from_db()
    assert (agreement.status, agreement.events.count()) == (kind, EVENTS)
    return agreement


def _administrator(place: Place) -> Actor:
    return Actor(place.people[1], place.bodies[0])


def _draft(place: Place, editor: Actor) -> Agreement:
    template = AgreementTemplate.objects.get(slug="etablerertjenesten_nb")
    actor = plans.Actor(editor.user, editor.organisation)
    plan = plans.create_plan(
        actor,
        place.region,
        name=f"{place.region.name} 2026–2028",
        years=(2026, 2028),
        population_date=DAY,
        populations=register.population_on(place.region.members.all(), DAY),
        invoicing=template.invoicing,
    )
    plan.participants.update(status=Participant.Status.CONFIRMED)
    for name, rate in (("Alternativ 1", "14.50"), ("Alternativ 2", "16.50")):
        alternatives.add_alternative(
            actor,
            plan,
            name,
            municipal_rate=Decimal(rate),
            county_rate=Decimal("5.50"),
            index_percent=Decimal("4.1"),
            index_source="Oppdiktet",
        )
    amounts = current.old_model(
        {p.organisation.key: p.population for p in plan.participants.all() if p.population},
        Decimal(50_000),
        Decimal("2.50"),
    )
    keys = {body.key: body.pk for body in place.bodies}
    rows = {keys[key]: (amount, "Oppdiktet") for key, amount in amounts.items()}
    surroundings.save_current(actor, plan, plan.revision, 2025, rows)
    agreement = creation.create_agreement(
        editor,
        region=place.region,
        template=template,
        plan=plan,
        title=creation.suggested_title(template, place.region, 2026, 2028),
        term_start=dt.date(2026, 1, 1),
        term_end=dt.date(2028, 12, 31),
        partners=Organisation.objects.filter(key__in=["nav-vest-viken", "innovasjon-norge"]),
    )
    for party in agreement.parties.all():
        party.signatory_name = "Oppdiktet Person"
        party.signatory_title = party.signatory_title or "leder"
        party.signatory_email = "signatar@scale.example"
        party.mandate = party.mandate or "Oppdiktet fullmakt"
        party.save()
    _say(editor, agreement)
    return agreement


def _write(editor: Actor, agreement: Agreement, times: int) -> None:
    """Save clauses so many times, each with another heading, and then as it was."""
    rows = list(agreement.clauses.filter(children=None))
    for turn in range(times):
        clause = rows[turn % len(rows)]
        for heading in (f"{clause.heading} {turn}", clause.heading):
            clause.refresh_from_db()
            editing.save_clause(editor, clause, clause.revision, heading, clause.text)


def _say(editor: Actor, agreement: Agreement) -> None:
    services.add_comment(
        editor,
        agreement,
        services.Target(clause_key="formaal"),
        "Kan dette sies kortere?",
        Comment.Visibility.SHARED.value,
    )


def _freeze(place: Place, editor: Actor, agreement: Agreement) -> Version:
    for finding in workflow.read_draft(agreement).waiting:
        assert finding.level is not Level.ERROR, finding
        acknowledging.acknowledge(editor, agreement, finding, "Vi har sett på det.")
    version = workflow.freeze(
        _administrator(place),
        agreement,
        deadline=timezone.localdate() + dt.timedelta(days=14),
        seen_sha256=canonical.sha256(workflow.read_draft(agreement).document),
    )
    agreement.refresh_from_db()
    return version


def _answer(place: Place, version: Version, count: int) -> None:
    rows = version.decisions.select_related("version__agreement__region", "organisation")
    for body, director in list(zip(place.bodies, place.people[2:], strict=True))[-count:]:
        row = rows.get(organisation=body)
        deciding.decide(
            Actor(director, body),
            row,
            row.revision,
            stance=Position.POSITIVE,
            seen_sha256=version.sha256,
        )


def _take(place: Place, agreement: Agreement, action: Action) -> None:
    workflow.take(_administrator(place), agreement, action, source=agreement.status)
    agreement.refresh_from_db()


def _resolve(place: Place, agreement: Agreement) -> None:
    for number, body in enumerate(place.bodies):
        said = resolutions.Said(f"{number}/25", dt.date(2025, 6, 1), Outcome.ADOPTED, "")
        resolutions.save_resolution(_administrator(place), agreement, body, said)
    agreement.refresh_from_db()

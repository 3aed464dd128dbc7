"""What the councils decide: recorded one by one, and the agreement's state follows from them.

Each function is one transaction that locks the agreement first, as in `workflow`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction

from agreements import workflow
from agreements.domain.document import PartyRole
from agreements.domain.guards import Outcome
from agreements.domain.states import Action, State
from agreements.models import (
    Agreement,
    Decision,
    Party,
    Resolution,
    ResolutionExtract,
    Version,
)
from agreements.record import Actor, record
from financing import editing as plan_editing
from financing.models import Participant
from municipalities import revisions
from municipalities.models import Organisation


@dataclass(frozen=True)
class Said:
    """What a council has decided, as its minutes have it."""

    case_number: str
    decided_on: dt.date
    outcome: Outcome
    conditions: str = ""


@dataclass(frozen=True)
class Extract:
    """The extract of the minutes: a PDF that has been looked at by whoever took it in."""

    file_name: str
    content: bytes


def _locked(agreement: Agreement) -> tuple[Agreement, Version]:
    row = workflow.lock(agreement)
    version = workflow.current(row)
    if row.state is not State.IN_RESOLUTION or version is None:
        raise workflow.MovedOnError(row)
    return row, version


@transaction.atomic
def save_resolution(
    actor: Actor,
    agreement: Agreement,
    organisation: Organisation,
    said: Said,
    *,
    revision: int | None = None,
    extract: Extract | None = None,
) -> Action | None:
    """Record or correct a council's decision; return the step that follows when it was the last one.

    `revision` is the recorded decision's, None for the first. The same sent again stores nothing.
    MovedOnError unless the agreement is with the councils, StaleRevisionError where somebody has
    recorded it meanwhile, ValueError for a body whose council is not asked, and for conditions
    without words.
    """
    if said.outcome is Outcome.CONDITIONAL and not said.conditions:
        raise ValueError("conditions are said in words")
    row, version = _locked(agreement)
    asked = version.decisions.filter(kind=Decision.Kind.DECIDES, organisation=organisation)
    if not asked.exists():
        raise ValueError(f"{organisation.key} is not asked")
    values: dict[str, object] = {
        "case_number": said.case_number,
        "decided_on": said.decided_on,
        "outcome": said.outcome.value,
        "conditions": said.conditions,
    }
    stored = (
        version.resolutions.select_for_update(of=("self",))
        .filter(organisation=organisation)
        .first()
    )
    changed: dict[str, object] = {}
    if stored is None:
        stored = Resolution.objects.create(
            version=version, organisation=organisation, registered_by=actor.user, **values
        )
        changed = {name: [None, revisions.jsonable(value)] for name, value in values.items()}
    else:
        changed = dict(revisions.changes(stored, values))
        if changed:
            if stored.revision != revision:
                raise revisions.StaleRevisionError(
                    Resolution.objects.select_related("organisation").get(pk=stored.pk)
                )
            stored.revision += 1
            stored.save(update_fields=[*changed, "revision"])
    if extract is not None:
        changed |= _add_extract(actor, stored, extract)
    if changed:
        about = {
            "organisation": organisation.key,
            "name": organisation.name,
            "version": version.number,
        }
        record(actor, row, "resolution.recorded", {**about, **changed}, version=version)
    return workflow.conclude(actor, row)


def _add_extract(actor: Actor, resolution: Resolution, extract: Extract) -> dict[str, object]:
    """Keep the extract beside the earlier ones; nothing where the very same is the newest already."""
    sha256 = hashlib.sha256(extract.content).hexdigest()
    newest = resolution.extracts.only("resolution", "sha256").first()
    if newest is not None and newest.sha256 == sha256:
        return {}
    ResolutionExtract.objects.create(
        resolution=resolution,
        file_name=extract.file_name,
        content=extract.content,
        sha256=sha256,
        size=len(extract.content),
        added_by=actor.user,
    )
    return {"extract": [newest.sha256 if newest else None, sha256]}


@transaction.atomic
def go_on_without(actor: Actor, agreement: Agreement, *, source: str, reason: str) -> list[str]:
    """Take those who said no out of the economy and the parties, and open the draft again.

    Returns their keys. Their participation becomes «declined», nobody signs for them, and the team
    lets the text follow; the others are asked anew about the next version. Errors as `workflow.take`.
    """
    row = workflow.lock(agreement)
    version = workflow.current(row)
    gone: list[str] = []
    if version is not None:
        no = version.resolutions.filter(outcome=Outcome.REJECTED.value)
        gone = sorted(no.values_list("organisation__key", flat=True))
    if not gone:
        raise workflow.MovedOnError(row)
    workflow.take(actor, row, Action.GO_ON_WITHOUT, source=source, reason=reason)
    row.refresh_from_db()
    _decline(actor, row, gone)
    _sign_without(actor, row, gone)
    return gone


def leaving_contract_municipality(version: Version) -> str:
    """Return the name of the contract municipality where its own council has said no; else empty.

    It stays a party when the others go on, and the check stops the draft until another takes its place.
    """
    document = workflow.document_of(version)
    contract = {
        party.body.key: party.body.name
        for party in document.parties
        if party.role is PartyRole.CONTRACT_MUNICIPALITY
    }
    no = version.resolutions.filter(outcome=Outcome.REJECTED.value, organisation__key__in=contract)
    key = no.values_list("organisation__key", flat=True).first()
    return contract[key] if key else ""


def _decline(actor: Actor, agreement: Agreement, gone: list[str]) -> None:
    plan = agreement.plan
    people = plan.participants.filter(organisation__key__in=gone)
    values: dict[str, object] = {"status": Participant.Status.DECLINED.value, "included": False}
    plan_editing.save_plan(
        plan_editing.Actor(actor.user, actor.organisation),
        plan,
        plan.revision,
        {},
        [(person.pk, values) for person in people],
    )


def _sign_without(actor: Actor, agreement: Agreement, gone: list[str]) -> None:
    for party in Party.objects.filter(agreement=agreement).select_related("organisation"):
        behalf = sorted(party.on_behalf_of.values_list("key", flat=True))
        after = [key for key in behalf if key not in gone]
        if party.organisation.key in gone and party.role == PartyRole.PARTNER:
            name = party.organisation.name
            record(actor, agreement, "party.deleted", {"key": party.organisation.key, "name": name})
            party.delete()
        elif after != behalf:
            party.on_behalf_of.set(Organisation.objects.filter(key__in=after))
            party.revision += 1
            party.save(update_fields=["revision"])
            said = {"key": party.organisation.key, "on_behalf_of": [behalf, after]}
            record(actor, agreement, "party.edited", said)

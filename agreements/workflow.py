"""The only writer of an agreement's status. Each function is one transaction: state, rows and Event.

Whoever calls has asked `access` whether the person may; here the agreement is locked, the table of
`domain.states` and the guards are asked again on what is stored now, and a step that has been taken
already (a double click) is a ConflictError with the state as it is, never a second event.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements import acknowledging, remembered, snapshot, versions
from agreements.documents.limits import document_limits
from agreements.domain import canonical, checks, guards
from agreements.domain.document import Document
from agreements.domain.states import Action, Asker, IllegalStepError, State, step
from agreements.domain.states import transition as line_of
from agreements.models import Agreement, Decision, Resolution, Round, Version
from agreements.record import Actor, record
from financing.calculation import ContributorKind, paying
from municipalities import revisions
from municipalities.models import Organisation


class MovedOnError(revisions.ConflictError):
    """The agreement is in another state than the page showed. `agreement` is as it is stored now."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(f"{agreement.slug} is {agreement.status}")
        self.agreement = agreement


class NotReadyError(Exception):
    """Something stands in the way of the step; `obstacles` says what, in bokmål."""

    def __init__(self, obstacles: Iterable[guards.Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__(" ".join(obstacle.message for obstacle in self.obstacles))


def lock(agreement: Agreement) -> Agreement:
    """Lock and return the agreement's row, in whatever state it is. Call inside a transaction."""
    return Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)


def current(agreement: Agreement) -> Version | None:
    """Return the version that counts now: the newest, unless it is withdrawn."""
    found = versions.newest(agreement)
    return None if found is None or found.round.withdrawn_at else found


# A version never changes, and is looked at by many.
_loaded = lru_cache(maxsize=16)(canonical.load)


def document_of(version: Version) -> Document:
    """Read a version's Document; ValueError where the stored bytes are not what the hash says."""
    data = bytes(version.document)
    document = _loaded(data)
    if canonical.digest(data) != version.sha256:
        raise ValueError(f"{version} of {version.agreement_id} does not have its hash")
    return document


@dataclass(frozen=True)
class Draft:
    """A draft as it would be frozen, with what the check says of it."""

    document: Document
    findings: tuple[checks.Finding, ...]
    waiting: tuple[checks.Finding, ...]  # that nobody has acknowledged
    sha256: str  # that it would have as a version


def read_draft(agreement: Agreement) -> Draft:
    """Return the draft for a page to show, with what waits in it. Two queries once it is remembered."""
    kept = remembered.draft(agreement)
    waiting = acknowledging.unacknowledged(agreement, kept.findings)
    return Draft(kept.document, kept.findings, tuple(waiting), kept.sha256)


def _stored_draft(agreement: Agreement) -> tuple[Draft, bytes]:
    """Build and check the draft from what is stored, which freezing goes by; with the bytes to store."""
    document = snapshot.build(agreement)
    data = canonical.dump(document)
    found = checks.run(document, snapshot.context(agreement.region))
    waiting = acknowledging.unacknowledged(agreement, found)
    return Draft(document, tuple(found), tuple(waiting), canonical.digest(data)), data


# Each municipality with its answer, and with what its council has decided, None where it has not.
Said = tuple[tuple[tuple[str, checks.Position], ...], tuple[tuple[str, guards.Outcome | None], ...]]
NOTHING_SAID: Said = ((), ())


def facts(agreement: Agreement, draft: Draft | None = None) -> guards.Facts:
    """Read what the guards of the agreement's next steps look at."""
    if draft is None:
        version = current(agreement)
        return facts_of(agreement, version, _said(version) if version else NOTHING_SAID)
    return replace(
        facts_of(agreement, None, NOTHING_SAID),
        has_financing=draft.document.financing is not None,
        findings=draft.waiting,
    )


def facts_of(agreement: Agreement, version: Version | None, said: Said) -> guards.Facts:
    """The facts of an agreement whose version, answers and decisions have been read already."""
    answers, outcomes = said
    deadline, findings = None, ()
    limits: tuple[str, ...] = ()
    if version is not None:
        deadline = version.round.deadline
        if agreement.state in line_of(Action.PREPARE_SIGNING).sources:
            limits = tuple(document_limits(document_of(version)))
        findings = tuple(_stored_finding(item) for item in version.findings)
    return guards.Facts(
        today=timezone.localdate(),
        term_start=agreement.term_start,
        term_end=agreement.term_end,
        has_financing=True,
        findings=findings,
        answers=answers,
        deadline=deadline,
        outcomes=outcomes,
        limits=limits,
    )


def _said(version: Version) -> Said:
    """What each municipality has answered, and what its council has decided. Two queries."""
    rows = version.decisions.select_related("organisation")
    return said_of(rows, version.resolutions.all())


def said_of(rows: Iterable[Decision], resolutions: Iterable[Resolution]) -> Said:
    """The same of rows that have been read already, with their organisations."""
    decided = {row.organisation_id: row.outcome for row in resolutions}
    names = [
        (row.organisation.short_name, row) for row in rows if row.kind == Decision.Kind.DECIDES
    ]
    answers = tuple((name, checks.Position(row.stance)) for name, row in names)
    outcomes = tuple(
        (name, guards.Outcome(said) if (said := decided.get(row.organisation_id)) else None)
        for name, row in names
    )
    return answers, outcomes


def _stored_finding(item: dict[str, Any]) -> checks.Finding:
    return checks.Finding(
        checks.Level(item["level"]), checks.Code(item["code"]), item["message"], item["anchor"]
    )


def _move(
    actor: Actor,
    agreement: Agreement,
    action: Action,
    data: dict[str, Any],
    version: Version | None,
) -> None:
    """Take a step of the table on a locked agreement, with its Event."""
    source = agreement.state
    agreement.status = step(source, action).value
    agreement.revision += 1
    agreement.save(update_fields=["status", "revision"])
    record(
        actor,
        agreement,
        f"state.{action}",
        {"from": source.value, "to": agreement.status, **data},
        version=version,
    )


def _locked_for(agreement: Agreement, action: Action) -> Agreement:
    row = lock(agreement)
    try:
        step(row.state, action)
    except IllegalStepError:
        raise MovedOnError(row) from None
    return row


def _require(action: Action, known: guards.Facts) -> None:
    if found := guards.obstacles(action, known):
        raise NotReadyError(found)


@transaction.atomic
def freeze(
    actor: Actor,
    agreement: Agreement,
    *,
    deadline: dt.date,
    seen_sha256: str,
    message: str = "",
    base_address: str = "",
) -> Version:
    """Lock text, numbers and parties as the next version, and ask every municipality that pays.

    `seen_sha256` is the hash of the draft the person looked at: StaleRevisionError where it has
    changed meanwhile. MovedOnError unless the agreement is a draft, NotReadyError with what is missing.
    """
    row = _locked_for(agreement, Action.FREEZE)
    draft, data = _stored_draft(row)
    if draft.sha256 != seen_sha256:
        raise revisions.StaleRevisionError(row)
    _require(Action.FREEZE, facts(row, draft))
    last = versions.newest(row)
    version = Version.objects.create(
        agreement=row,
        number=last.number + 1 if last else 1,
        document=data,
        sha256=draft.sha256,
        findings=_findings(row, draft),
        message=message,
        base_address=base_address,
        frozen_by=actor.user,
        organisation=actor.organisation,
    )
    Round.objects.create(version=version, deadline=deadline)
    asked = _ask(version, draft.document)
    _move(
        actor,
        row,
        Action.FREEZE,
        {"version": version.number, "deadline": str(deadline), "asked": asked},
        version,
    )
    return version


def _findings(agreement: Agreement, draft: Draft) -> list[dict[str, Any]]:
    """The findings as they are kept beside the version, each with who acknowledged it and why."""
    known = acknowledging.of(agreement, draft.findings)
    kept = []
    for finding in draft.findings:
        item: dict[str, Any] = {
            "level": finding.level.value,
            "code": finding.code.value,
            "message": finding.message,
            "anchor": finding.anchor,
        }
        if seen := known.get(finding):
            item |= {
                "reason": seen.reason,
                "by": seen.user.name,
                "at": seen.created_at.isoformat(),
            }
        kept.append(item)
    return kept


def _ask(version: Version, document: Document) -> list[str]:
    """Make a pending Decision for everybody who is asked; return their keys.

    Every municipality that contributes decides, also one that is known to be against. The other
    contributors, and the parties without a contribution, confirm their own part.
    """
    assert document.financing is not None
    rows = paying(document.financing.table.rows)
    deciding = [row.key for row in rows if row.kind is ContributorKind.MUNICIPALITY]
    signing = [party.body.key for party in document.parties]
    others = dict.fromkeys([*(row.key for row in rows), *signing])
    keys = [*deciding, *(key for key in others if key not in deciding)]
    bodies = {body.key: body for body in Organisation.objects.filter(key__in=keys)}
    Decision.objects.bulk_create(
        Decision(
            version=version,
            organisation=bodies[key],
            position=position,
            kind=Decision.Kind.DECIDES if key in deciding else Decision.Kind.CONFIRMS,
        )
        for position, key in enumerate(keys)
        if key in bodies
    )
    return keys


@transaction.atomic
def take(
    actor: Actor,
    agreement: Agreement,
    action: Action,
    *,
    source: str,
    reason: str = "",
    files: dict[str, str] | None = None,
) -> Agreement:
    """Take a step that an administrator asks for and that needs nothing but a reason.

    `source` is the state the page showed; `files` are the hashes of those that `finals` has stored.
    MovedOnError where it is another now, NotReadyError with what is missing, ValueError without a
    reason where one is required, without files where they come first, or for a step of the program.
    """
    line = line_of(action)
    if line.asker is not Asker.ADMINISTRATOR or action is Action.FREEZE:
        raise ValueError(f"{action} is not asked for like this")
    if line.reason and not reason:
        raise ValueError(f"{action} needs a reason")
    row = _locked_for(agreement, action)
    if row.status != source:
        raise MovedOnError(row)
    if (action is Action.PREPARE_SIGNING) != bool(files):
        raise ValueError("files are stored where signing is prepared, and nowhere else")
    _require(action, facts(row))
    version = current(row)
    if line.target is State.DRAFT and version is not None:
        _withdraw(actor, version, reason)
    elif version is not None and action is Action.RECOMMEND:
        Round.objects.filter(pk=version.round.pk, closed_at=None).update(closed_at=timezone.now())
    data: dict[str, Any] = {"version": version.number} if version else {}
    data |= {"reason": reason} if reason else {}
    _move(actor, row, action, data | ({"files": files} if files else {}), version)
    return row


def _withdraw(actor: Actor, version: Version, reason: str) -> None:
    now = timezone.now()
    Round.objects.filter(pk=version.round.pk).update(
        withdrawn_at=now, withdrawn_by=actor.user, withdrawn_reason=reason
    )
    Round.objects.filter(pk=version.round.pk, closed_at=None).update(closed_at=now)


@transaction.atomic
def conclude(actor: Actor, agreement: Agreement) -> Action | None:
    """Take the step that follows from the councils' decisions, once all are recorded.

    Call in the transaction that records one. None while somebody has not decided.
    """
    row = lock(agreement)
    version = current(row)
    if row.state is not State.IN_RESOLUTION or version is None:
        return None
    _answers, outcomes = _said(version)
    action = guards.conclusion(outcome for _, outcome in outcomes)
    if action is not None:
        _move(actor, row, action, {"version": version.number}, version)
    return action


def signed(actor: Actor, agreement: Agreement, data: dict[str, Any], *, complete: bool) -> None:
    """Take the step that follows from a signed file, on the locked agreement. MovedOnError elsewhere.

    `data` says which file it is and who has signed it; with `complete` all have.
    """
    action = Action.SIGN if complete else Action.SIGN_PARTLY
    row = _locked_for(agreement, action)
    version = current(row)
    assert version is not None, "what is to be signed has a version"
    _move(actor, row, action, {"version": version.number, **data}, version)


def unsigned(actor: Actor, agreement: Agreement, data: dict[str, Any], *, nobody: bool) -> None:
    """Take the step back that follows where a signature was taken back, on the locked agreement.

    `data` says of whom and why; with `nobody` no signature is left. MovedOnError elsewhere.
    """
    action = Action.UNSIGN if nobody else Action.UNSIGN_PARTLY
    row = _locked_for(agreement, action)
    version = current(row)
    assert version is not None, "what was signed has a version"
    _move(actor, row, action, {"version": version.number, **data}, version)


__all__ = [
    "Draft",
    "MovedOnError",
    "NotReadyError",
    "conclude",
    "current",
    "document_of",
    "facts",
    "facts_of",
    "freeze",
    "lock",
    "read_draft",
    "said_of",
    "signed",
    "take",
    "unsigned",
]

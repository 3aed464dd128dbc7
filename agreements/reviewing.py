"""What the pages of the review show, read in a fixed number of queries. Reads, never writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from agreements import access, versions, workflow
from agreements.domain import guards, states
from agreements.domain.states import Action, Asker, State, Transition
from agreements.models import Agreement, Decision, Delegation, Resolution, Version
from municipalities.models import User
from municipalities.prepared import Prepared


@dataclass(frozen=True)
class Answer:
    """One body's line in the round."""

    decision: Decision
    opened_at: dt.datetime | None
    late: bool  # has not answered, and the deadline has passed
    after_deadline: bool  # answered, but after it
    resolution: Resolution | None
    mine: bool  # the person may answer for it now
    delegations: tuple[Delegation, ...] = ()


@dataclass(frozen=True)
class NextStep:
    """A step an administrator may ask for, with what stands in its way."""

    line: Transition
    obstacles: tuple[guards.Obstacle, ...] = ()


@dataclass(frozen=True)
class Review:
    """Where the agreement stands: its version, what everybody has said, and what can follow."""

    version: Version | None
    answers: tuple[Answer, ...] = ()
    steps: tuple[NextStep, ...] = ()
    earlier: tuple[Version, ...] = ()
    days_left: int | None = None  # until the deadline, negative after it; None when nobody is asked
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def deciding(self) -> tuple[Answer, ...]:
        """The municipalities."""
        return tuple(a for a in self.answers if a.decision.kind == Decision.Kind.DECIDES)

    @property
    def confirming(self) -> tuple[Answer, ...]:
        """The others, who confirm their own part."""
        return tuple(a for a in self.answers if a.decision.kind == Decision.Kind.CONFIRMS)

    @property
    def mine(self) -> tuple[Answer, ...]:
        """The answers this person may give or take back."""
        return tuple(a for a in self.answers if a.mine)


@dataclass(frozen=True)
class Asked:
    """The versions, the one that counts, if any, and everybody who is asked about that."""

    versions: tuple[Version, ...]
    version: Version | None
    decisions: tuple[Decision, ...]


def asked(agreement: Agreement) -> Asked:
    """Read who is asked about what. Two queries."""
    rows = versions.listed(agreement)
    newest = rows[0] if rows else None
    version = newest if newest and newest.round.withdrawn_at is None else None
    if version is None:
        return Asked(tuple(rows), None, ())
    version.agreement = agreement
    return Asked(tuple(rows), version, tuple(_DECISIONS.under(version=version)))


def last_asked(agreement: Agreement, key: str) -> Decision | None:
    """The body's answer about the newest version it was asked about, withdrawn or not."""
    row = _LAST_ASKED.first(agreement.pk, key)
    if row is not None:
        row.version.agreement = agreement
    return row


_LAST_ASKED = Prepared(
    lambda agreement, key: (
        Decision.objects.filter(version__agreement=agreement, organisation__key=key)
        .select_related("organisation", "version__round")
        .defer("version__document")
        .order_by("-version__number")[:1]
    )
)
_DECISIONS = Prepared(
    lambda version: Decision.objects.filter(version=version).select_related(
        "organisation", "decided_by", "delegation__given_by"
    )
)
_RESOLUTIONS = Prepared(lambda version: Resolution.objects.filter(version=version))


def read(
    agreement: Agreement,
    user: User,
    able: access.Abilities,
) -> Review:
    """Read the review as one person sees it."""
    known = asked(agreement)
    version = known.version
    resolutions = tuple(_RESOLUTIONS.all(version.pk)) if version else ()
    answers = _answers(agreement, known, resolutions, user)
    said = workflow.said_of(known.decisions, resolutions)
    return Review(
        version=version,
        answers=answers,
        steps=_steps(agreement, version, said) if able.administer else (),
        earlier=tuple(row for row in known.versions if row is not version),
        days_left=days_left(agreement, version),
        counts=_counts(answers),
    )


def days_left(agreement: Agreement, version: Version | None) -> int | None:
    """Days until the deadline, negative after it; None where nobody is asked now."""
    if version is None or agreement.state is not State.IN_REVIEW:
        return None
    return (version.round.deadline - timezone.localdate()).days


def _answers(
    agreement: Agreement,
    known: Asked,
    resolutions: tuple[Resolution, ...],
    user: User,
) -> tuple[Answer, ...]:
    version, rows = known.version, known.decisions
    if version is None:
        return ()
    seen = versions.openings(version, [row.organisation_id for row in rows])
    decided = {row.organisation_id: row for row in resolutions}
    running = access.running_delegations(agreement)
    open_now = agreement.state is State.IN_REVIEW
    own = access.answers_for(user, agreement, running) if open_now else frozenset()
    passed = version.round.deadline < timezone.localdate()
    return tuple(
        Answer(
            decision=row,
            opened_at=seen.get(row.organisation_id),
            late=open_now and passed and not row.given,
            after_deadline=row.decided_at is not None
            and timezone.localdate(row.decided_at) > version.round.deadline,
            resolution=decided.get(row.organisation_id),
            mine=row.organisation_id in own,
            delegations=tuple(d for d in running if d.organisation_id == row.organisation_id),
        )
        for row in rows
    )


def _counts(answers: tuple[Answer, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for answer in answers:
        if answer.decision.kind == Decision.Kind.DECIDES:
            stance = answer.decision.stance
            counts[stance] = counts.get(stance, 0) + 1
    return counts


def _steps(
    agreement: Agreement, version: Version | None, said: workflow.Said
) -> tuple[NextStep, ...]:
    """The steps from here. What freezing needs is said on its own page, after a check of the draft."""
    lines = states.from_state(agreement.state, Asker.ADMINISTRATOR)
    known = workflow.facts_of(agreement, version, said)
    return tuple(
        NextStep(line, () if line.action is Action.FREEZE else guards.obstacles(line.action, known))
        for line in lines
    )

"""The trace from input to clause: who asked for what, and what became of it, as frozen facts.

For the page and for the case paper, which take these and never rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.db.models import QuerySet

from agreements import remembered
from agreements.domain import numbering, resolve
from agreements.domain.document import Document
from agreements.models import Agreement, Comment, Version
from municipalities.prepared import Prepared

Frozen = tuple[tuple[int, dt.datetime], ...]  # versions by number, with when they were frozen


class Outcome(Enum):
    """What became of an input; the same words as Comment.State."""

    OPEN = "open"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Place:
    """What an input is about. Neither key: the whole agreement.

    `label` is the place as it is printed now («5.4.1 Lokalt samarbeid»), or as it was printed when
    the input was written where it is no longer there; `exists` tells which.
    """

    clause_key: str
    service_key: str
    label: str
    exists: bool


@dataclass(frozen=True, slots=True)
class TracedInput:
    """One input from the first word to its outcome. Times are with a time zone.

    `closed_at` is the time of the event that closed it. `revision` is the one the clause had when the
    suggestion had been accepted, `version` the first that was frozen after that; both are None for every
    other outcome.
    """

    number: int
    is_suggestion: bool
    shared: bool
    author: str
    organisation: str
    place: Place
    text: str
    written_at: dt.datetime
    outcome: Outcome
    closed_by: str
    closed_at: dt.datetime | None
    reason: str
    revision: int | None
    version: int | None = None


def inputs(
    agreement: Agreement, *, internal: bool = False, document: Document | None = None
) -> tuple[TracedInput, ...]:
    """Return every input in the order it was written; what is internal only where asked for.

    `document` is the draft as it is now, where the caller has built it already.
    """
    document = document or remembered.draft(agreement).document
    return traced(agreement, document, frozen(agreement), internal=internal)


def frozen(agreement: Agreement) -> Frozen:
    """Return when each of the agreement's versions was frozen, by number, in order. One query."""
    return tuple(_FROZEN.all(agreement.pk))


_FROZEN = Prepared(
    lambda agreement: (
        Version.objects.filter(agreement=agreement)
        .order_by("number")
        .values_list("number", "frozen_at")
    )
)


def traced(
    agreement: Agreement, document: Document, versions: Frozen = (), *, internal: bool = False
) -> tuple[TracedInput, ...]:
    """Turn comments into facts. Replies are left out: they are talk on the way. One query."""
    places = Places(document)
    rows = (_ALL if internal else _SHARED).all(agreement.pk)
    return tuple(_traced(row, places, versions) for row in rows)


def _first_ones(agreement: int) -> QuerySet[Comment]:
    rows = Comment.objects.filter(agreement=agreement, parent=None).order_by("pk")
    return rows.select_related("author", "organisation", "closed_by")


_ALL = Prepared(_first_ones)
_SHARED = Prepared(
    lambda agreement: _first_ones(agreement).filter(visibility=Comment.Visibility.SHARED)
)


def _first_with(row: Comment, versions: Frozen) -> int | None:
    """The first version that was frozen after a wording was taken in."""
    if row.state != Comment.State.ACCEPTED or row.closed_at is None:
        return None
    return next((number for number, at in versions if at >= row.closed_at), None)


def _traced(row: Comment, places: Places, versions: Frozen) -> TracedInput:
    return TracedInput(
        number=row.pk,
        is_suggestion=row.kind == Comment.Kind.SUGGESTION,
        shared=row.visibility == Comment.Visibility.SHARED,
        author=row.author.name,
        organisation=row.organisation.name,
        place=places.of(row),
        text=row.text,
        written_at=row.created_at,
        outcome=Outcome(row.state),
        closed_by=row.closed_by.name if row.closed_by else "",
        closed_at=row.closed_at,
        reason=row.reason,
        revision=row.accepted_revision,
        version=_first_with(row, versions),
    )


class Places:
    """The places of one draft, as they are printed now."""

    def __init__(self, document: Document) -> None:
        numbers = numbering.numbers(document.clauses)
        self.clauses = {
            key: f"{numbers[key]} {heading}" for key, heading in resolve.headings(document).items()
        }
        self.services = {service.key: service.text for service in document.services}

    def label(self, clause_key: str, service_key: str) -> str | None:
        """The place as it is printed now; None where it is not in the draft."""
        if clause_key:
            return self.clauses.get(clause_key)
        return self.services.get(service_key) if service_key else "Avtalen som helhet"

    def of(self, row: Comment) -> Place:
        """What a comment is about."""
        label = self.label(row.clause_key, row.service_key)
        return Place(
            row.clause_key,
            row.service_key,
            row.about if label is None else label,
            label is not None,
        )

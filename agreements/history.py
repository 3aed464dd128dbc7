"""A clause's earlier wordings, read from its events, and bringing one back.

The events hold what was before and after each edit, and the whole text of what was deleted. The first
wording of a clause that came from a template or an imported text stands in no event: it is what is
left when every edit has been taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from agreements import editing
from agreements.domain.structure import MAX_DEPTH
from agreements.editing import Actor
from agreements.models import Agreement, AgreementEvent, Clause


@dataclass(frozen=True, slots=True)
class State:
    """A wording of a clause from one event to the next. `revision` counts them, 1 for the first.

    `action` is the event's. A deletion has no wording: heading and text are empty. `source` names
    the input or the earlier revision that the wording comes from.
    """

    event: int
    action: str
    at: dt.datetime
    by: str
    organisation: str
    heading: str
    text: str
    revision: int
    restored: int = 0
    input: int = 0
    input_from: str = ""

    @property
    def deleted(self) -> bool:
        """Whether the clause was deleted here."""
        return self.action == "clause.deleted"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A clause that is not in the draft now, with how many were deleted from under it."""

    event: int
    key: str
    heading: str
    at: dt.datetime
    by: str
    under: int


def states(agreement: Agreement, key: str, *, internal: bool = False) -> list[State]:
    """Return a clause's wordings, the newest first; none when there never was such a clause.

    Where a wording came from internal input is only said with `internal`. Three queries at most.
    """
    row = agreement.clauses.filter(key=key).first()
    events = list(
        agreement.events.filter(
            Q(action__in=("clause.edited", "clause.added"), data__key=key)
            | Q(
                action__in=("clause.deleted", "clause.restored", "language.swapped"),
                data__clauses__contains=[{"key": key}],
            )
            | Q(action__in=("agreement.created", "agreement.imported"))
        )
        .select_related("actor", "organisation")
        .order_by("-pk")
    )
    now = (row.heading, row.text, row.revision) if row else ("", "", 0)
    found: list[State] = []
    for event in events:
        heading, text, revision = now
        if event.action == "clause.deleted":
            gone = _entry(event, key)
            found.append(_state(event, ("", "", 0), internal=internal))
            # Before the event held it, the revision was not known: one more than nothing.
            now = (gone["heading"], gone["text"], gone.get("revision", 1))
            continue
        if not revision:
            break
        found.append(_state(event, now, internal=internal))
        if event.action == "clause.restored":
            now = ("", "", 0)
            continue
        if event.action not in ("clause.edited", "language.swapped"):
            break
        edit = _entry(event, key) if event.action == "language.swapped" else event.data
        before = {name: edit[name][0] for name in ("heading", "text") if name in edit}
        now = (before.get("heading", heading), before.get("text", text), max(revision - 1, 1))
    return found


def wording_at(found: Iterable[State], revision: int) -> tuple[str, str] | None:
    """Return the (heading, text) a clause had at a revision; None where the record does not say.

    `found` is what `states` gives. The newest, where a clause has been deleted and brought back.
    """
    return next(
        (
            (state.heading, state.text)
            for state in found
            if state.revision == revision and not state.deleted
        ),
        None,
    )


def was_deleted(agreement: Agreement, key: str) -> bool:
    """Whether there was a clause with this key that somebody has deleted. One query."""
    return agreement.events.filter(
        action="clause.deleted", data__clauses__contains=[{"key": key}]
    ).exists()


def _entry(event: AgreementEvent, key: str) -> dict[str, Any]:
    return next(entry for entry in event.data["clauses"] if entry["key"] == key)


def _state(event: AgreementEvent, now: tuple[str, str, int], *, internal: bool) -> State:
    data = event.data
    told = bool(data.get("input")) and (internal or data.get("visibility") == "shared")
    return State(
        event=event.pk,
        action=event.action,
        at=event.occurred_at,
        by=event.actor.name if event.actor else "Drift",
        organisation=event.organisation.name if event.organisation else "",
        heading=now[0],
        text=now[1],
        revision=now[2],
        restored=data.get("restored", 0),
        input=data["input"] if told else 0,
        input_from=data["from"] if told else "",
    )


def deleted(agreement: Agreement, present: Container[str]) -> list[Deleted]:
    """Return the clauses that can be brought back, the last deleted first. One query.

    `present` has the keys of the clauses in the draft.
    """
    events = agreement.events.filter(action="clause.deleted").select_related("actor")
    found: dict[str, Deleted] = {}
    for event in events.order_by("-pk"):
        top, *under = event.data["clauses"]
        if top["key"] not in present:
            row = Deleted(
                event=event.pk,
                key=top["key"],
                heading=top["heading"],
                at=event.occurred_at,
                by=event.actor.name if event.actor else "Drift",
                under=sum(entry["key"] not in present for entry in under),
            )
            found.setdefault(row.key, row)
    return list(found.values())


@transaction.atomic
def restore_wording(actor: Actor, clause: Clause, revision: int, wording: State) -> bool:
    """Store an earlier wording as a new edit; tell whether anything changed.

    StaleRevisionError when the clause is no longer at `revision`.
    """
    origin = {"restored": wording.revision}
    return editing.save_clause(actor, clause, revision, wording.heading, wording.text, origin)


@transaction.atomic
def restore_deleted(actor: Actor, agreement: Agreement, event_pk: int) -> str:
    """Bring back a clause and those deleted with it, with their keys. Return the clause's key.

    Last under its old parent, or last in the agreement where the parent is gone. What has been
    brought back already is left alone. AgreementEvent.DoesNotExist without such a deletion.
    """
    row = editing.lock_draft(agreement)
    event = row.events.get(pk=event_pk, action="clause.deleted")
    entries = event.data["clauses"]
    present = {clause.key: clause for clause in row.clauses.select_related("parent")}
    if entries[0]["key"] in present:
        return str(entries[0]["key"])
    missing = [entry for entry in entries if entry["key"] not in present]
    made = []
    for entry in missing:
        parent = present.get(entry.get("parent", ""))
        if parent is not None and editing.depth(parent) >= MAX_DEPTH:
            parent = None
        clause = Clause.objects.create(
            agreement=row,
            key=entry["key"],
            parent=parent,
            position=editing.next_position(row.clauses.all()),
            heading=entry["heading"],
            text=entry["text"],
            source=entry.get("source", ""),
            revision=entry.get("revision", 1) + 1,
        )
        present[clause.key] = clause
        made.append({"key": clause.key, "heading": clause.heading})
    editing.record(actor, row, "clause.restored", {"clauses": made})
    return str(entries[0]["key"])

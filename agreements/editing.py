"""Every change to a draft. Each function is one transaction that stores the rows and one Event.

The checklist has `checklist`.

Functions assert again what forms have checked, lock the agreement first (so that edits of one
agreement queue up, never interleave), stop a stale save with StaleRevisionError, and write nothing
when nothing changed.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from agreements import contacts, slugs
from agreements.domain.document import PartyRole, walk
from agreements.domain.states import State
from agreements.domain.structure import MAX_DEPTH
from agreements.models import Agreement, Clause, Party
from agreements.record import Actor as Actor
from agreements.record import record as record
from agreements.snapshot import clause_tree
from financing.models import Alternative
from municipalities import revisions
from municipalities.models import Organisation


class NotEditableError(revisions.ConflictError):
    """The agreement is no longer a draft."""


def lock_draft(agreement: Agreement) -> Agreement:
    """Lock the agreement's row for this transaction; NotEditableError unless it is a draft."""
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.status != State.DRAFT:
        raise NotEditableError(row.slug)
    return row


@transaction.atomic
def save_agreement(
    actor: Actor, agreement: Agreement, revision: int, values: dict[str, object]
) -> bool:
    """Save title, language, term or chosen alternative; tell whether anything changed.

    Alternative.DoesNotExist where somebody has deleted the alternative meanwhile.
    """
    row = lock_draft(agreement)
    chosen = values.get("chosen_alternative")
    if isinstance(chosen, Alternative):
        row.plan.alternatives.get(pk=chosen.pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor, row, "agreement.edited", changed)
    return True


def save_child(
    actor: Actor,
    rows: QuerySet[Any],
    pk: int,
    revision: int,
    values: dict[str, object],
    action: str,
    origin: dict[str, Any] | None = None,
) -> bool:
    """Save a clause, party or service of a locked draft; tell whether anything changed.

    The same values posted again (a double click, a page reloaded) change nothing and are no conflict.
    """
    agreement = lock_draft(rows.get(pk=pk).agreement)
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    key = getattr(row, "key", "")
    record(actor, agreement, action, {"pk": pk, "key": key, **(origin or {}), **changed})
    return True


@transaction.atomic
def save_clause(
    actor: Actor,
    clause: Clause,
    revision: int,
    heading: str,
    text: str,
    origin: dict[str, Any] | None = None,
) -> bool:
    """Save a point's heading and text.

    `origin` goes into the Event where the wording comes from somewhere: `{"input": …}` from an
    accepted suggestion, `{"restored": revision}` from the point's own history.
    """
    return save_child(
        actor,
        Clause.objects.all(),
        clause.pk,
        revision,
        {"heading": heading, "text": text},
        "clause.edited",
        origin,
    )


def unused_key(taken: set[str], heading: str, fallback: str) -> str:
    """Return a key made of a heading that no other in `taken` has."""
    base = slugs.slug(heading)[:50].strip("-") or fallback
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def deleted_keys(agreement: Agreement) -> set[str]:
    """The keys of points that have been deleted: their history and input are theirs for ever."""
    deletions = agreement.events.filter(action="clause.deleted").values_list("data", flat=True)
    return {entry["key"] for data in deletions for entry in data["clauses"]}


def next_position(rows: QuerySet[Any]) -> int:
    """Return the position after all the rows."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def add_clause(
    actor: Actor, agreement: Agreement, parent: Clause | None, heading: str, text: str
) -> Clause:
    """Add a point at the end of its parent (or of the agreement).

    ValueError when it would lie too deep, Clause.DoesNotExist when the parent has been deleted meanwhile.
    """
    row = lock_draft(agreement)
    if parent is not None and depth(row.clauses.get(pk=parent.pk)) >= MAX_DEPTH:
        raise ValueError("the parent lies too deep")
    taken = set(row.clauses.values_list("key", flat=True)) | deleted_keys(row)
    clause = Clause.objects.create(
        agreement=row,
        key=unused_key(taken, heading, "punkt"),
        parent=parent,
        position=next_position(row.clauses.all()),
        heading=heading,
        text=text,
        source="Eget punkt",
    )
    record(
        actor,
        row,
        "clause.added",
        {
            "key": clause.key,
            "parent": parent.key if parent else "",
            "heading": heading,
            "text": text,
        },
    )
    return clause


def depth(clause: Clause) -> int:
    """Return how deep a point lies: 1 for a main point."""
    level = 1
    while clause.parent is not None:
        clause, level = clause.parent, level + 1
    return level


@transaction.atomic
def delete_clause(actor: Actor, clause: Clause, revision: int) -> None:
    """Delete a point with everything under it. The Event keeps the whole text."""
    row = lock_draft(clause.agreement)
    revisions.lock(Clause.objects.all(), clause.pk, revision)
    rows = list(row.clauses.all())
    tree = next(c for c in walk(clause_tree(rows)) if c.key == clause.key)
    gone = list(walk((tree,)))
    stored = {other.key: other for other in rows}
    keys = {other.pk: other.key for other in rows}
    record(
        actor,
        row,
        "clause.deleted",
        {
            "clauses": [
                {
                    "key": c.key,
                    "parent": keys.get(stored[c.key].parent_id or 0, ""),
                    "heading": c.heading,
                    "text": c.text,
                    "source": c.source,
                    "revision": stored[c.key].revision,
                }
                for c in gone
            ]
        },
    )
    # Deepest first: a parent is protected while it has children.
    for key in reversed([c.key for c in gone]):
        row.clauses.filter(key=key).delete()


def move(
    actor: Actor, agreement: Agreement, siblings: list[Any], pk: int, step: int, action: str
) -> bool:
    """Move a row of a locked draft among its siblings, in their order; tell whether it moved."""
    index = next((i for i, row in enumerate(siblings) if row.pk == pk), None)
    if index is None or not 0 <= index + step < len(siblings):
        return False
    positions = sorted({row.position for row in siblings})
    siblings.insert(index + step, siblings.pop(index))
    if len(positions) < len(siblings):
        positions = list(range(len(siblings)))
    for row, position in zip(siblings, positions, strict=True):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    record(actor, agreement, action, {"key": siblings[index + step].key, "step": step})
    return True


@transaction.atomic
def save_party(
    actor: Actor,
    party: Party,
    revision: int,
    values: dict[str, object],
    on_behalf_of: list[Organisation],
) -> bool:
    """Save who signs and on whose behalf; tell whether anything changed.

    How the signatory is reached has an event of its own, without the address: see `contacts`.
    ConflictError where another party has become the contract municipality.
    """
    agreement = lock_draft(party.agreement)
    contract = PartyRole.CONTRACT_MUNICIPALITY.value
    others = agreement.parties.exclude(pk=party.pk).filter(role=contract)
    if values.get("role") == contract and others.exists():
        raise revisions.ConflictError(f"{agreement.slug} has a contract municipality")
    row = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    before = {other.pk: other.key for other in row.on_behalf_of.all()}
    after = {other.pk: other.key for other in on_behalf_of}
    same = before.keys() == after.keys()
    if same and all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    kept_apart = contacts.apart(changed)
    if not same:
        row.on_behalf_of.set(on_behalf_of)
        changed["on_behalf_of"] = [sorted(before.values()), sorted(after.values())]
    if changed:
        record(actor, agreement, "party.edited", {"key": row.organisation.key, **changed})
    contacts.tell(actor, agreement, [(row, kept_apart)])
    return True


@transaction.atomic
def add_party(
    actor: Actor,
    agreement: Agreement,
    organisation: Organisation,
    values: dict[str, object],
    on_behalf_of: list[Organisation],
) -> Party:
    """Add a party at the end."""
    row = lock_draft(agreement)
    party = Party.objects.create(
        agreement=row,
        organisation=organisation,
        position=next_position(row.parties.all()),
        **values,
    )
    party.on_behalf_of.set(on_behalf_of)
    record(
        actor,
        row,
        "party.added",
        {
            "key": organisation.key,
            "on_behalf_of": sorted(other.key for other in on_behalf_of),
            **{
                name: revisions.jsonable(value)
                for name, value in values.items()
                if name not in contacts.COLUMNS
            },
        },
    )
    kept_apart = {name: values[name] for name in contacts.COLUMNS if values.get(name)}
    contacts.tell(actor, row, [(party, kept_apart)])
    return party


@transaction.atomic
def delete_party(actor: Actor, party: Party, revision: int) -> None:
    """Remove a party from the draft."""
    row = lock_draft(party.agreement)
    locked = revisions.lock(Party.objects.all(), party.pk, revision)
    organisation = locked.organisation
    record(actor, row, "party.deleted", {"key": organisation.key, "name": organisation.name})
    locked.delete()

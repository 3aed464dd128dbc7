"""Moving a clause with all under it to another place in the draft; one transaction, one Event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from agreements import editing
from agreements.domain import numbering, structure
from agreements.domain.document import Clause as DocumentClause
from agreements.domain.structure import Place, Step
from agreements.editing import Actor
from agreements.models import Agreement
from agreements.snapshot import clause_tree

_Tree = tuple[DocumentClause, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """The clause's number before and after; the same where it stood there already."""

    before: str
    after: str


def step_clause(actor: Actor, agreement: Agreement, key: str, step: Step) -> Moved:
    """Move a clause one step from where it stands now, whoever has moved it meanwhile.

    IllegalMoveError where there is no such step, or the clause has been deleted.
    """
    return _move(actor, agreement, key, lambda tree: structure.step(tree, key, step))


def place_clause(actor: Actor, agreement: Agreement, key: str, place: Place) -> Moved:
    """Move a clause to a place that was pointed out on a page.

    IllegalMoveError where the place is not there any more, or the clause may not stand there.
    """
    return _move(actor, agreement, key, lambda _: place)


@transaction.atomic
def _move(actor: Actor, agreement: Agreement, key: str, choose: Callable[[_Tree], Place]) -> Moved:
    """Choose the place from the tree as it is when everybody before us has finished."""
    row = editing.lock_draft(agreement)
    rows = {clause.key: clause for clause in row.clauses.all()}
    tree = clause_tree(list(rows.values()))
    place = choose(tree)
    after = structure.moved(tree, key, place)
    number, now = numbering.numbers(tree)[key], numbering.numbers(after)[key]
    if after == tree:
        return Moved(number, number)
    clause = rows[key]
    clause.parent = rows[place.parent] if place.parent else None
    changed = [clause]
    for position, child in enumerate(structure.children(after, place.parent)):
        sibling = rows[child.key]
        if sibling.position != position:
            sibling.position = position
            changed.append(sibling)
    row.clauses.bulk_update({one.pk: one for one in changed}.values(), ["parent", "position"])
    editing.record(
        actor,
        row,
        "clause.moved",
        {"key": key, "parent": place.parent, "from": number, "to": now},
    )
    return Moved(number, now)

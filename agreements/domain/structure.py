"""Where a clause may stand in the tree, and the tree with it moved there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from agreements.domain.document import Clause

MAX_DEPTH = 4  # 1.2.3.4 is as deep as a reader can follow


class Step(StrEnum):
    """One move from where a clause stands: among its siblings, or a level in or out."""

    UP = "up"
    DOWN = "down"
    IN = "in"  # last under the sibling before it
    OUT = "out"  # after the clause it lies under


@dataclass(frozen=True, slots=True)
class Place:
    """Under the clause `parent` («» at the top), right before its child `before` («» for last)."""

    parent: str = ""
    before: str = ""


class Refusal(StrEnum):
    """Why a clause cannot stand somewhere."""

    CLAUSE_GONE = "clause_gone"
    PARENT_GONE = "parent_gone"
    NEIGHBOUR_GONE = "neighbour_gone"
    UNDER_ITSELF = "under_itself"
    TOO_DEEP = "too_deep"
    NO_SUCH_STEP = "no_such_step"


class IllegalMoveError(ValueError):
    """A clause cannot be moved there; the tree stays as it is."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Spot:
    """A clause with what is around it. `height` counts the levels of its subtree, itself included."""

    clause: Clause
    parent: str
    siblings: tuple[Clause, ...]
    index: int
    depth: int
    height: int


def moved(clauses: tuple[Clause, ...], key: str, place: Place) -> tuple[Clause, ...]:
    """Return the tree with the clause and all under it at `place`; IllegalMoveError where it may not.

    A clause deeper than MAX_DEPTH, which only an imported text has, may move but not deeper.
    """
    spots = _spots(clauses)
    spot = spots.get(key)
    if spot is None:
        raise IllegalMoveError(Refusal.CLAUSE_GONE)
    _refuse(spots, spot, place)
    if place == Place(spot.parent, key):  # right before itself
        return clauses
    return _put(_without(clauses, key), spot.clause, place)


def step(clauses: tuple[Clause, ...], key: str, step: Step) -> Place:
    """Return where one step takes the clause; IllegalMoveError where there is no such step."""
    spots = _spots(clauses)
    if key not in spots:
        raise IllegalMoveError(Refusal.CLAUSE_GONE)
    place = _step(spots, spots[key], step)
    if place is None:
        raise IllegalMoveError(Refusal.NO_SUCH_STEP)
    return place


def steps(clauses: tuple[Clause, ...]) -> dict[str, frozenset[Step]]:
    """Return the steps each clause can take, by key. Linear in the number of clauses."""
    spots = _spots(clauses)
    return {
        key: frozenset(one for one in Step if _step(spots, spot, one) is not None)
        for key, spot in spots.items()
    }


def children(clauses: tuple[Clause, ...], parent: str) -> tuple[Clause, ...]:
    """Return the clauses right under `parent`, «» for the top; none where it is not there."""
    if not parent:
        return clauses
    spot = _spots(clauses).get(parent)
    return spot.clause.children if spot else ()


def _spots(clauses: tuple[Clause, ...]) -> dict[str, _Spot]:
    found: dict[str, _Spot] = {}

    def visit(siblings: tuple[Clause, ...], parent: str, depth: int) -> int:
        highest = 0
        for index, clause in enumerate(siblings):
            height = 1 + visit(clause.children, clause.key, depth + 1)
            found[clause.key] = _Spot(clause, parent, siblings, index, depth, height)
            highest = max(highest, height)
        return highest

    visit(clauses, "", 1)
    return found


def _step(spots: dict[str, _Spot], spot: _Spot, step: Step) -> Place | None:
    siblings, index = spot.siblings, spot.index
    before = siblings[index - 1].key if index else ""
    match step:
        case Step.UP:
            return Place(spot.parent, before) if before else None
        case Step.DOWN:
            if index + 1 == len(siblings):
                return None
            return Place(spot.parent, _key_at(siblings, index + 2))
        case Step.IN:
            too_deep = spot.depth + spot.height > MAX_DEPTH
            return None if not before or too_deep else Place(before)
        case Step.OUT:
            if not spot.parent:
                return None
            parent = spots[spot.parent]
            return Place(parent.parent, _key_at(parent.siblings, parent.index + 1))


def _key_at(siblings: tuple[Clause, ...], index: int) -> str:
    return siblings[index].key if index < len(siblings) else ""


def _refuse(spots: dict[str, _Spot], spot: _Spot, place: Place) -> None:
    if place.parent:
        parent = spots.get(place.parent)
        if parent is None:
            raise IllegalMoveError(Refusal.PARENT_GONE)
        above: _Spot | None = parent
        while above is not None:
            if above.clause.key == spot.clause.key:
                raise IllegalMoveError(Refusal.UNDER_ITSELF)
            above = spots.get(above.parent)
        deeper = parent.depth + 1 > spot.depth
        if deeper and parent.depth + spot.height > MAX_DEPTH:
            raise IllegalMoveError(Refusal.TOO_DEEP)
    if place.before and place != Place(spot.parent, spot.clause.key):
        neighbour = spots.get(place.before)
        if neighbour is None or neighbour.parent != place.parent or neighbour is spot:
            raise IllegalMoveError(Refusal.NEIGHBOUR_GONE)


def _without(clauses: tuple[Clause, ...], key: str) -> tuple[Clause, ...]:
    return tuple(
        replace(clause, children=_without(clause.children, key))
        for clause in clauses
        if clause.key != key
    )


def _put(clauses: tuple[Clause, ...], made: Clause, place: Place) -> tuple[Clause, ...]:
    if place.parent:
        return tuple(
            replace(clause, children=_put(clause.children, made, Place(before=place.before)))
            if clause.key == place.parent
            else replace(clause, children=_put(clause.children, made, place))
            for clause in clauses
        )
    keys = [clause.key for clause in clauses]
    index = keys.index(place.before) if place.before else len(keys)
    return (*clauses[:index], made, *clauses[index:])

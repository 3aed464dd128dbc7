"""Clauses move to any legal place, and nothing but that is changed by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.document import Clause, walk
from agreements.domain.numbering import numbers
from agreements.domain.structure import (
    MAX_DEPTH,
    IllegalMoveError,
    Place,
    Refusal,
    Step,
    moved,
    step,
    steps,
)

Tree = tuple[Clause, ...]


def tree(*parts: Any) -> Tree:
    """«a», or («a», …what lies under it)."""
    made = []
    for part in parts:
        key, under = (part, ()) if isinstance(part, str) else (part[0], part[1:])
        made.append(Clause(key, key.upper(), children=tree(*under)))
    return tuple(made)


def shape(clauses: Tree) -> str:
    """«a(b c) d»."""
    parts = [c.key + (f"({shape(c.children)})" if c.children else "") for c in clauses]
    return " ".join(parts)


START = tree("a", ("b", "c", ("d", "e")), "f")


@pytest.mark.parametrize(
    ("key", "way", "after"),
    [
        ("b", Step.UP, "b(c d(e)) a f"),
        ("b", Step.DOWN, "a f b(c d(e))"),
        ("a", Step.DOWN, "b(c d(e)) a f"),
        ("d", Step.UP, "a b(d(e) c) f"),
        ("b", Step.IN, "a(b(c d(e))) f"),
        ("f", Step.IN, "a b(c d(e) f)"),
        ("d", Step.IN, "a b(c(d(e))) f"),
        ("e", Step.OUT, "a b(c d e) f"),
        ("c", Step.OUT, "a b(d(e)) c f"),
        ("d", Step.OUT, "a b(c) d(e) f"),
    ],
)
def test_a_step_moves_the_clause_with_all_under_it(key: str, way: Step, after: str) -> None:
    assert shape(moved(START, key, step(START, key, way))) == after


@pytest.mark.parametrize(
    ("key", "way"),
    [("a", Step.UP), ("f", Step.DOWN), ("a", Step.IN), ("c", Step.IN), ("a", Step.OUT)],
)
def test_where_there_is_no_such_step_it_is_refused(key: str, way: Step) -> None:
    with pytest.raises(IllegalMoveError) as refused:
        step(START, key, way)
    assert refused.value.reason is Refusal.NO_SUCH_STEP
    assert way not in steps(START)[key]


@pytest.mark.parametrize(
    ("key", "place", "after"),
    [
        ("f", Place("", "a"), "f a b(c d(e))"),
        ("a", Place("d", "e"), "b(c d(a e)) f"),
        ("a", Place("e"), "b(c d(e(a))) f"),
        ("e", Place(), "a b(c d) f e"),
        ("c", Place("b"), "a b(d(e) c) f"),
        ("c", Place("b", "c"), "a b(c d(e)) f"),
        ("f", Place(), "a b(c d(e)) f"),
    ],
)
def test_a_clause_is_put_where_it_is_dropped(key: str, place: Place, after: str) -> None:
    assert shape(moved(START, key, place)) == after


@pytest.mark.parametrize(
    ("key", "place", "reason"),
    [
        ("x", Place(), Refusal.CLAUSE_GONE),
        ("a", Place("x"), Refusal.PARENT_GONE),
        ("a", Place("", "x"), Refusal.NEIGHBOUR_GONE),
        ("a", Place("", "c"), Refusal.NEIGHBOUR_GONE),
        ("c", Place("", "c"), Refusal.NEIGHBOUR_GONE),
        ("b", Place("b"), Refusal.UNDER_ITSELF),
        ("b", Place("e"), Refusal.UNDER_ITSELF),
    ],
)
def test_an_impossible_place_is_refused_with_the_reason(
    key: str, place: Place, reason: Refusal
) -> None:
    with pytest.raises(IllegalMoveError) as refused:
        moved(START, key, place)
    assert refused.value.reason is reason


def test_four_levels_are_the_most_counting_what_lies_under() -> None:
    start = tree(("a", ("b", ("c", "d"))), ("e", "f"), "g")
    assert shape(moved(start, "g", Place("c"))) == "a(b(c(d g))) e(f)"
    for key, place in (("g", Place("d")), ("e", Place("c"))):
        with pytest.raises(IllegalMoveError) as refused:
            moved(start, key, place)
        assert refused.value.reason is Refusal.TOO_DEEP
    assert shape(moved(start, "e", Place("b"))) == "a(b(c(d) e(f))) g"


def test_what_lies_too_deep_already_moves_but_not_deeper() -> None:
    start = tree(("a", ("b", ("c", ("d", "e", "f")))))
    assert shape(moved(start, "f", Place("d", "e"))) == "a(b(c(d(f e))))"
    assert steps(start)["f"] == {Step.UP, Step.OUT}


# --- any tree, any move ---------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Up to a dozen clauses, each under one of those before it that may have more."""
    under: dict[int, list[int]] = {-1: []}
    depth = {-1: 0}
    for number in range(draw(st.integers(1, 12))):
        parent = draw(st.sampled_from([n for n in depth if depth[n] < MAX_DEPTH]))
        under[parent].append(number)
        under[number], depth[number] = [], depth[parent] + 1

    def build(number: int) -> Tree:
        return tuple(Clause(f"k{n}", f"K{n}", children=build(n)) for n in under[number])

    return build(-1)


def depth(clauses: Tree) -> int:
    return max((1 + depth(clause.children) for clause in clauses), default=0)


def find(clauses: Tree, key: str) -> Clause:
    return next(clause for clause in walk(clauses) if clause.key == key)


@given(st.data(), trees())
def test_a_move_keeps_every_clause_and_never_goes_too_deep(
    data: st.DataObject, start: Tree
) -> None:
    keys = [clause.key for clause in walk(start)]
    key = data.draw(st.sampled_from(keys))
    place = Place(data.draw(st.sampled_from(["", *keys])), data.draw(st.sampled_from(["", *keys])))
    try:
        after = moved(start, key, place)
    except IllegalMoveError:
        return
    assert sorted(clause.key for clause in walk(after)) == sorted(keys)
    assert depth(after) <= MAX_DEPTH
    assert find(after, key) == find(start, key)
    siblings = find(after, place.parent).children if place.parent else after
    order = [clause.key for clause in siblings]
    if place.before not in ("", key):
        assert order.index(key) + 1 == order.index(place.before)
    elif not place.before:
        assert order[-1] == key
    rest = [clause.key for clause in walk(start) if clause not in walk(find(start, key).children)]
    stayed = [k for k in rest if k != key]
    assert [k for k in (c.key for c in walk(after)) if k in stayed] == stayed


@given(st.data(), trees())
def test_the_steps_that_are_offered_are_those_that_can_be_taken(
    data: st.DataObject, start: Tree
) -> None:
    offered = steps(start)
    for clause in walk(start):
        for way in Step:
            if way not in offered[clause.key]:
                continue
            after = moved(start, clause.key, step(start, clause.key, way))
            assert after != start
            assert numbers(after)[clause.key] != numbers(start)[clause.key]


@given(st.data(), trees())
def test_up_and_down_undo_each_other(data: st.DataObject, start: Tree) -> None:
    key = data.draw(st.sampled_from([clause.key for clause in walk(start)]))
    if Step.UP in steps(start)[key]:
        up = moved(start, key, step(start, key, Step.UP))
        assert moved(up, key, step(up, key, Step.DOWN)) == start

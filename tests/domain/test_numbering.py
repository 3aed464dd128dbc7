"""Clause numbers follow from the place in the tree alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.document import Clause, walk
from agreements.domain.numbering import child_number, numbers
from tests.builders import clauses


def test_numbers_of_three_levels() -> None:
    assert numbers(clauses()) == {
        "parter": "1",
        "formaal": "2",
        "varighet": "3",
        "ansvar": "4",
        "fylkeskommunen": "4.1",
        "kontraktskommunen": "4.2",
        "innhold": "4.2.1",
        "partnere": "4.3",
        "okonomi": "5",
        "oppgjor": "6",
        "oppsigelse": "7",
        "tvister": "8",
    }


def test_nothing_has_no_numbers() -> None:
    assert numbers(()) == {}


def test_moving_a_clause_renumbers_it_and_those_after_it() -> None:
    first, second, *rest = clauses()
    moved = numbers((second, first, *rest))
    assert (moved["formaal"], moved["parter"], moved["varighet"]) == ("1", "2", "3")


def test_the_first_clause_keeps_a_key_used_twice() -> None:
    assert numbers((Clause("a", "A"), Clause("b", "B", children=(Clause("a", "C"),)))) == {
        "a": "1",
        "b": "2",
    }


def test_child_number() -> None:
    assert child_number("", 5) == "5"
    assert child_number("5.2", 10) == "5.2.10"


# A tree of clauses without keys, given as nested lists.
shapes = st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=4), max_leaves=20)


@given(shapes)
def test_reading_order_is_number_order(shape: list[object]) -> None:
    keys = iter(range(1000))

    def build(children: list[object]) -> tuple[Clause, ...]:
        return tuple(Clause(str(next(keys)), "", children=build(child)) for child in children)

    tree = build(shape)
    found = numbers(tree)
    in_order = [tuple(map(int, found[clause.key].split("."))) for clause in walk(tree)]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(in_order)

"""A new version of a model brought into an agreement: what is proposed, and what is carried out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import template_merge as tm
from agreements.domain.document import Clause, Service, ServiceLevel, walk
from agreements.domain.template_merge import Choice, Decision, Kind

Tree = tuple[Clause, ...]


def clause(key: str, *children: Clause, text: str = "", heading: str = "") -> Clause:
    return Clause(key, heading or key.title(), text or f"Teksten i {key}.", "Malen 1", children)


BASE: Tree = (
    clause("a"),
    clause("b", clause("b1"), clause("b2"), clause("b3")),
    clause("c", text="Hver part kan si opp avtalen med fire ukers varsel. Det gjøres skriftlig."),
    clause("d"),
)


def edited(tree: Tree, key: str, **changes: Any) -> Tree:
    """The tree with other words in one clause."""
    return tuple(
        replace(
            replace(c, **changes) if c.key == key else c,
            children=edited(c.children, key, **changes)
            if c.key != key or "children" not in changes
            else changes["children"],
        )
        for c in tree
    )


def without(tree: Tree, key: str) -> Tree:
    return tuple(replace(c, children=without(c.children, key)) for c in tree if c.key != key)


def found(base: Tree, theirs: Tree, ours: Tree) -> list[tuple[str, bool]]:
    return [(p.id, p.conflict) for p in tm.propose(base, theirs, ours)]


def outline(tree: Tree) -> list[Any]:
    return [(c.key, outline(c.children)) if c.children else c.key for c in tree]


def text(tree: Tree, key: str) -> str:
    return next(c.text for c in walk(tree) if c.key == key)


FIRST = "Hver part kan si opp avtalen med fire ukers varsel."


def test_what_only_the_model_changed_is_taken_and_what_only_we_changed_stays() -> None:
    theirs, ours = edited(BASE, "a", text="Ny tekst i malen."), edited(BASE, "d", text="Vår tekst.")
    (proposal,) = tm.propose(BASE, theirs, ours)
    assert (proposal.id, proposal.conflict, proposal.both) == ("edit-a", False, False)
    result = tm.merge(BASE, theirs, ours)
    assert (text(result, "a"), text(result, "d")) == ("Ny tekst i malen.", "Vår tekst.")
    kept = tm.carry_out(BASE, theirs, ours, {"edit-a": Decision(Choice.KEEP)})
    assert kept == ours


def test_changes_apart_in_one_clause_are_merged_word_by_word() -> None:
    c = text(BASE, "c")
    theirs = edited(
        BASE, "c", text=c.replace("skriftlig", "skriftlig og begrunnet"), heading="Slutt"
    )
    ours = edited(BASE, "c", text=c.replace("Hver part", "Partene"))
    (proposal,) = tm.propose(BASE, theirs, ours)
    assert (proposal.conflict, proposal.both, proposal.default) == (False, True, Choice.TAKE)
    assert proposal.taken is not None
    assert proposal.taken.text == c.replace("Hver part", "Partene").replace(
        "skriftlig", "skriftlig og begrunnet"
    )
    assert proposal.taken.heading == "Slutt"
    assert text(tm.merge(BASE, theirs, ours), "c") == proposal.taken.text


def test_the_same_words_changed_by_both_are_a_conflict_and_ours_stays_until_somebody_chooses() -> (
    None
):
    c = text(BASE, "c")
    theirs = edited(BASE, "c", text=c.replace("fire", "åtte"), heading="Oppsigelse")
    ours = edited(BASE, "c", text=c.replace("fire", "seks"))
    (proposal,) = tm.propose(BASE, theirs, ours)
    assert (proposal.id, proposal.conflict) == ("edit-c", True)
    assert tm.merge(BASE, theirs, ours) == ours
    taken = tm.carry_out(BASE, theirs, ours, {"edit-c": Decision(Choice.TAKE)})
    assert text(taken, "c") == c.replace("fire", "åtte")
    written = Decision(Choice.WRITE, "Oppsigelse", "Sju ukers varsel.")
    (new,) = (x for x in tm.carry_out(BASE, theirs, ours, {"edit-c": written}) if x.key == "c")
    assert (new.heading, new.text) == ("Oppsigelse", "Sju ukers varsel.")


def test_the_same_change_by_both_is_nothing_to_choose() -> None:
    both = edited(BASE, "c", text="Det samme.")
    assert found(BASE, both, both) == []


def test_a_new_clause_stands_after_the_one_it_follows_that_is_here() -> None:
    theirs = edited(BASE, "b", children=(clause("b1"), clause("ny"), clause("b2"), clause("b3")))
    assert outline(tm.merge(BASE, theirs, BASE))[1] == ("b", ["b1", "ny", "b2", "b3"])
    ours = without(BASE, "b1")
    assert found(BASE, theirs, ours) == [("add-ny", False)]
    assert outline(tm.merge(BASE, theirs, ours))[1] == ("b", ["ny", "b2", "b3"])
    # A clause of our own that stands after the same one goes after the new one.
    ours = edited(BASE, "b", children=(clause("b1"), clause("vart"), clause("b2"), clause("b3")))
    assert outline(tm.merge(BASE, theirs, ours))[1] == ("b", ["b1", "ny", "vart", "b2", "b3"])


def test_a_new_clause_under_one_that_is_left_out_here_is_only_offered() -> None:
    theirs = edited(BASE, "b", children=(clause("b1"), clause("ny"), clause("nyere")))
    ours = without(BASE, "b")
    assert outline(tm.merge(BASE, theirs, ours)) == ["a", "c", "d"]
    take = {f"add-{key}": Decision(Choice.TAKE) for key in ("ny", "nyere")}
    assert outline(tm.carry_out(BASE, theirs, ours, take)) == ["a", "ny", "nyere", "c", "d"]


def test_a_clause_the_model_removed_is_proposed_removed_where_we_left_it_alone() -> None:
    theirs = without(BASE, "d")
    assert found(BASE, theirs, BASE) == [("remove-d", False)]
    assert outline(tm.merge(BASE, theirs, BASE)) == outline(theirs)
    ours = edited(BASE, "d", text="Vår tekst.")
    assert found(BASE, theirs, ours) == [("remove-d", True)]
    assert tm.merge(BASE, theirs, ours) == ours


def test_a_clause_of_our_own_under_a_removed_one_makes_it_a_conflict_and_is_never_lost() -> None:
    theirs = without(BASE, "d")
    ours = edited(BASE, "d", children=(clause("vart"),))
    assert found(BASE, theirs, ours) == [("remove-d", True)]
    taken = tm.carry_out(BASE, theirs, ours, {"remove-d": Decision(Choice.TAKE)})
    assert outline(taken) == ["a", ("b", ["b1", "b2", "b3"]), "c", "vart"]


def test_what_we_left_out_stays_out_and_is_only_told_of_when_it_has_new_words() -> None:
    ours = without(BASE, "a")
    assert found(BASE, BASE, ours) == []
    theirs = edited(BASE, "a", text="Ny tekst.")
    assert found(BASE, theirs, ours) == [("restore-a", False)]
    assert tm.merge(BASE, theirs, ours) == ours
    taken = tm.carry_out(BASE, theirs, ours, {"restore-a": Decision(Choice.TAKE)})
    assert taken == theirs


def test_what_the_model_moved_is_moved_here_unless_we_moved_it_elsewhere() -> None:
    theirs = (BASE[3], *BASE[:3])
    assert found(BASE, theirs, BASE) == [("move-d", False)]
    assert outline(tm.merge(BASE, theirs, BASE))[0] == "d"
    assert found(BASE, theirs, theirs) == []
    ours = (BASE[0], BASE[3], *BASE[1:3])
    assert found(BASE, theirs, ours) == [("move-d", True)]
    assert tm.merge(BASE, theirs, ours) == ours
    taken = tm.carry_out(BASE, theirs, ours, {"move-d": Decision(Choice.TAKE)})
    assert outline(taken)[0] == "d"


def test_a_clause_and_the_one_over_it_may_change_places_and_half_of_it_may_be_kept() -> None:
    base = (clause("over", clause("under")), clause("sist"))
    theirs = (clause("under", clause("over")), clause("sist"))
    assert tm.merge(base, theirs, base) == theirs
    for kept in ("move-over", "move-under"):
        result = tm.carry_out(base, theirs, base, {kept: Decision(Choice.KEEP)})
        assert sorted(c.key for c in walk(result)) == ["over", "sist", "under"]


def test_nothing_is_put_deeper_than_a_reader_can_follow() -> None:
    deep = (clause("1", clause("2", clause("3", clause("4")))), clause("x", clause("y")))
    theirs = (clause("1", clause("2", clause("3", clause("4", clause("ny"))))), *deep[1:])
    result = tm.merge(deep, theirs, deep)
    assert outline(result)[0] == ("1", [("2", [("3", ["4", "ny"])])])


def test_a_new_source_follows_along_where_the_source_was_the_models() -> None:
    theirs = edited(BASE, "a", source="Malen 2")
    assert found(BASE, theirs, BASE) == []
    assert tm.merge(BASE, theirs, BASE) == theirs
    ours = edited(BASE, "a", source="Eget punkt")
    assert tm.merge(BASE, theirs, ours) == ours


def test_the_same_key_in_two_new_clauses_is_a_conflict() -> None:
    theirs, ours = (*BASE, clause("e", text="Deres.")), (*BASE, clause("e", text="Vår."))
    assert found(BASE, theirs, ours) == [("edit-e", True)]
    assert tm.merge(BASE, theirs, ours) == ours


def test_lines_of_the_checklist_are_merged_as_clauses_are() -> None:
    quality, minimum = ServiceLevel.QUALITY, ServiceLevel.MINIMUM
    base = (Service("kort", quality, "Kort ventetid"), Service("kurs", minimum, "Kurs"))
    theirs = (
        Service("kurs", quality, "Kurs"),
        Service("minimum", minimum, "Veiledning"),
        Service("ny", minimum, "Mentor"),
    )
    ours = (*base, Service("eget", minimum, "Egen tjeneste"))
    trees = [tm.as_clauses(side) for side in (base, theirs, ours)]
    assert {p.id for p in tm.propose(*trees)} == {
        *("remove-kort", "move-kurs", "add-minimum", "add-ny")
    }
    # Where none of the model's lines is left in a list, its new ones come last.
    assert tm.as_services(tm.merge(*trees)) == (theirs[0], ours[2], *theirs[1:])
    assert tm.as_services(tm.as_clauses(theirs)) == theirs


# Trees at random: twelve keys, three levels, few words so that the sides often meet.
WORDS = st.lists(st.sampled_from(["en", "to", "tre", "fire"]), max_size=5).map(" ".join)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    keys = draw(st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=9))

    def build(level: int) -> Tree:
        found = []
        while keys and (level == 1 or draw(st.booleans())):
            key = keys.pop()
            below = build(level + 1) if level < 3 else ()
            found.append(Clause(key, draw(WORDS), draw(WORDS), draw(WORDS), below))
        return tuple(found)

    return build(1)


def keys_of(tree: Tree) -> set[str]:
    return {c.key for c in walk(tree)}


@given(trees(), trees())
def test_without_a_new_version_nothing_happens(base: Tree, ours: Tree) -> None:
    assert tm.propose(base, base, ours) == ()
    assert tm.merge(base, base, ours) == ours


@given(trees(), trees())
def test_an_agreement_like_its_model_becomes_the_new_version(base: Tree, theirs: Tree) -> None:
    assert not any(p.conflict for p in tm.propose(base, theirs, base))
    assert tm.merge(base, theirs, base) == theirs


@given(trees(), trees())
def test_an_agreement_like_the_new_version_has_nothing_to_choose(base: Tree, theirs: Tree) -> None:
    assert tm.merge(base, theirs, theirs) == theirs


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Decision]:
    base, theirs, ours = (draw(trees()) for _ in range(3))
    every = [p.id for p in tm.propose(base, theirs, ours)]
    picked = {p: Decision(draw(st.sampled_from([Choice.TAKE, Choice.KEEP]))) for p in every}
    return {"sides": (base, theirs, ours), "picked": picked}


@given(choices())
def test_no_clause_is_lost_or_doubled_whatever_is_chosen(drawn: Any) -> None:
    (base, theirs, ours), picked = drawn["sides"], drawn["picked"]
    result = tm.carry_out(base, theirs, ours, picked)
    listed = [c.key for c in walk(result)]
    assert len(listed) == len(set(listed))
    taken = {name for name, decision in picked.items() if decision.choice is Choice.TAKE}
    gone = {name.removeprefix("remove-") for name in taken if name.startswith("remove-")}
    come = {name.partition("-")[2] for name in taken if name.startswith(("add-", "restore-"))}
    assert set(listed) == keys_of(ours) - gone | come


@given(choices())
def test_once_carried_out_there_is_nothing_more_to_do(drawn: Any) -> None:
    (base, theirs, ours), picked = drawn["sides"], drawn["picked"]
    result = tm.carry_out(base, theirs, ours, picked)
    assert tm.propose(theirs, theirs, result) == ()
    assert tm.merge(theirs, theirs, result) == result


@given(trees(), trees(), trees())
def test_our_own_words_are_never_replaced_without_a_choice(
    base: Tree, theirs: Tree, ours: Tree
) -> None:
    conflicts = {
        p.key for p in tm.propose(base, theirs, ours) if p.conflict and p.kind is Kind.EDIT
    }
    result = {c.key: (c.heading, c.text) for c in walk(tm.merge(base, theirs, ours))}
    for own in walk(ours):
        if own.key in conflicts:
            assert result[own.key] == (own.heading, own.text)


@pytest.mark.parametrize("side", range(3))
def test_a_key_used_twice_is_refused(side: int) -> None:
    sides = [BASE, BASE, BASE]
    sides[side] = (*BASE, clause("a"))
    with pytest.raises(ValueError, match="the key a"):
        tm.propose(*sides)


def test_the_fingerprint_changes_with_what_is_merged() -> None:
    one, other = tm.fingerprint(1, BASE), tm.fingerprint(1, edited(BASE, "b2", text="x"))
    assert one == tm.fingerprint(1, BASE)
    assert one != other

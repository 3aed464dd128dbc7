"""Two wordings written from the same one, put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import merging
from agreements.domain.merging import Piece, conflicts, merge

words = st.text(alphabet="ab \n.{}[]:-æ\u00a0", max_size=60)
# Sentences of words that are all different: then there is no doubt about which of them was changed.
NAMES = [f"ord{chr(97 + number)}" for number in range(20)]
SENTENCE = " ".join(NAMES) + " slutt."
places = st.dictionaries(st.integers(0, 19), st.sampled_from(["mitt", "ditt", "", "to ord"]))


def changed(edits: dict[int, str]) -> str:
    kept = (edits.get(number, name) for number, name in enumerate(NAMES))
    return " ".join([*filter(None, kept), "slutt."])


def merged(base: str, one: str, other: str) -> str:
    pieces = merge(base, one, other)
    assert not conflicts(pieces)
    return merging.text(pieces, "one")


def turned(piece: Piece) -> Piece:
    kinds = {"one": "other", "other": "one"}
    return Piece(kinds.get(piece.kind, piece.kind), piece.base, piece.other, piece.one)


def test_changes_in_two_places_are_both_taken() -> None:
    base = "Partene skal møtes hvert år.\n\nKommunene betaler i mars."
    one = "Partene skal møtes to ganger i året.\n\nKommunene betaler i mars."
    other = "Partene kan møtes hvert år.\n\nKommunene betaler innen 1. april."
    both = "Partene kan møtes to ganger i året.\n\nKommunene betaler innen 1. april."
    assert merged(base, one, other) == both


def test_the_same_words_changed_differently_are_shown_side_by_side() -> None:
    base, one, other = (
        f"Partene skal møtes {when} år. Ellers likt." for when in ("hvert", "annethvert", "tredje")
    )
    (found,) = conflicts(merge(base, one, other))
    assert [part.strip() for part in (found.base, found.one, found.other)] == [
        "hvert",
        "annethvert",
        "tredje",
    ]
    assert merging.text(merge(base, one, other), "one") == one
    assert merging.text(merge(base, one, other), "other") == other


def test_the_same_words_changed_alike_are_no_conflict() -> None:
    base, both = "Partene skal møtes.", "Partene kan møtes."
    assert merged(base, both, both) == both
    assert {piece.kind for piece in merge(base, both, both)} == {"same", "both"}


def test_a_sentence_each_in_the_same_place_is_a_conflict() -> None:
    """Nobody but a person knows which of them comes first."""
    assert len(conflicts(merge("Først.\nSist.", "Først.\nEn.\nSist.", "Først.\nTo.\nSist."))) == 1


def test_what_one_deleted_and_the_other_changed_is_a_conflict() -> None:
    base = "Behold dette.\nMidt i.\nBehold også dette."
    (found,) = conflicts(
        merge(base, "Behold dette.\nBehold også dette.", base.replace("Midt", "Langt"))
    )
    assert found.base.startswith("Midt")
    assert found.one == ""


def test_a_word_put_in_where_the_other_changed_the_next_is_no_conflict() -> None:
    assert merged("Vi kommer snart.", "Vi alle kommer snart.", "Vi kommer straks.") == (
        "Vi alle kommer straks."
    )


def test_one_who_adds_behind_a_word_the_other_changes_is_no_conflict() -> None:
    assert merged("Vi kommer snart", "Vi kommer snart og gjerne.", "De kommer snart") == (
        "De kommer snart og gjerne."
    )


def test_facts_and_references_are_never_cut_up() -> None:
    base = "Fra {{ avtale.start }} til {{ avtale.slutt }}."
    one = "Fra {{ avtale.periode }} til {{ avtale.slutt }}."
    other = "Fra {{ avtale.start }} til [[punkt:opphor]]."
    assert merged(base, one, other) == "Fra {{ avtale.periode }} til [[punkt:opphor]]."


@given(base=words, mine=words)
def test_where_only_one_has_changed_the_text_is_that_ones(base: str, mine: str) -> None:
    assert merged(base, base, mine) == mine
    assert merged(base, mine, base) == mine
    assert merged(base, mine, mine) == mine


@given(base=words, one=words, other=words)
def test_it_does_not_matter_who_is_the_one_and_who_the_other(
    base: str, one: str, other: str
) -> None:
    assert merge(base, other, one) == tuple(turned(piece) for piece in merge(base, one, other))


@given(base=words, one=words, other=words)
def test_the_pieces_spell_all_three(base: str, one: str, other: str) -> None:
    pieces = merge(base, one, other)
    assert "".join(piece.base for piece in pieces) == base
    assert "".join(piece.one for piece in pieces) == one
    assert "".join(piece.other for piece in pieces) == other


@given(one=places, other=places)
def test_there_is_a_conflict_exactly_where_both_changed_the_same_words_differently(
    one: dict[int, str], other: dict[int, str]
) -> None:
    """Every second word can be changed, so that no change reaches into the next."""
    one, other = ({place & ~1: word for place, word in side.items()} for side in (one, other))
    pieces = merge(SENTENCE, changed(one), changed(other))
    clash = {place for place in one.keys() & other.keys() if one[place] != other[place]}
    assert {NAMES.index(piece.base.strip()) for piece in conflicts(pieces)} == clash
    assert merging.text(pieces, "one") == changed({**other, **one})
    assert merging.text(pieces, "other") == changed({**one, **other})

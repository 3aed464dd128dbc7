"""Two changes of one wording put together, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.merging import merged as merge

TEXT = st.text(alphabet="ab .\n*{}", max_size=30)
BASE = "Hver part kan si opp avtalen med fire ukers varsel. Oppsigelsen skal være skriftlig."


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        (
            BASE.replace("Hver part", "Partene"),
            BASE.replace("skriftlig", "skriftlig og begrunnet"),
            BASE.replace("Hver part", "Partene").replace("skriftlig", "skriftlig og begrunnet"),
        ),
        # The same change by both is made once, beside one that only one of them made.
        (
            BASE.replace("fire", "seks"),
            BASE.replace("fire", "seks").replace("skriftlig", "kort"),
            BASE.replace("fire", "seks").replace("skriftlig", "kort"),
        ),
        (
            "Ny setning. " + BASE,
            BASE + "\n\nMegling prøves først.",
            "Ny setning. " + BASE + "\n\nMegling prøves først.",
        ),
        (
            BASE.replace("Oppsigelsen skal være skriftlig.", ""),
            BASE.replace("part", "kommune"),
            BASE.replace("Oppsigelsen skal være skriftlig.", "").replace("part", "kommune"),
        ),
    ],
)
def test_changes_in_different_places_are_both_made(ours: str, theirs: str, result: str) -> None:
    merged = merge(BASE, ours, theirs)
    assert (merged.text, merged.conflict) == (result, False)
    assert merge(BASE, theirs, ours).text == result


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BASE.replace("fire", "seks"), BASE.replace("fire", "åtte")),
        # Next to each other: «seks måneders varsel» is what neither of them meant.
        (BASE.replace("fire", "seks"), BASE.replace("ukers", "måneders")),
        (BASE + " Alltid.", BASE + " Aldri."),
        (BASE.replace("Oppsigelsen skal være skriftlig.", ""), BASE.replace("skriftlig", "kort")),
        ("", BASE.replace("fire", "seks")),
    ],
)
def test_changes_of_the_same_words_are_a_conflict_and_ours_is_kept_whole(
    ours: str, theirs: str
) -> None:
    merged = merge(BASE, ours, theirs)
    assert (merged.text, merged.conflict) == (ours, True)


def test_a_fact_is_one_word() -> None:
    base = "Med {{ okonomi.kommunesats }} kroner per innbygger hvert eneste år."
    theirs = base.replace("kommunesats", "fylkessats")
    assert merge(base, base.replace("kommunesats", "sum"), theirs).conflict
    both = merge(base, base.replace("eneste ", ""), theirs)
    assert both.text == theirs.replace("eneste ", "")


@given(TEXT, TEXT)
def test_one_side_alone_is_taken_as_it_is(base: str, other: str) -> None:
    for merged in (
        merge(base, base, other),
        merge(base, other, base),
        merge(base, other, other),
    ):
        assert (merged.text, merged.conflict) == (other, False)


@given(TEXT, TEXT, TEXT)
def test_both_sides_get_the_same_and_a_conflict_loses_nothing_of_ours(
    base: str, ours: str, theirs: str
) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert one.conflict == other.conflict
    if one.conflict:
        assert (one.text, other.text) == (ours, theirs)
    else:
        assert one.text == other.text


@given(TEXT, TEXT, TEXT)
def test_what_is_merged_needs_nothing_more(base: str, ours: str, theirs: str) -> None:
    text = merge(base, ours, theirs).text
    again = merge(theirs, text, theirs)
    assert (again.text, again.conflict) == (text, False)

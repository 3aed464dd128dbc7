"""Words are found however they are spaced and written, and always whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import phrases

LETTERS = st.text(st.sampled_from("abåÅé-– \u00a0\u00ad12,.ß«»\n"), max_size=30)


def hidden(text: str, *wanted: str, exact: bool = False) -> str:
    """The text with a mark where the phrases are."""
    found = [one for n, word in enumerate(wanted) for one in phrases.phrase(word, n, exact=exact)]
    at, made = 0, ""
    for place in phrases.places(text, found):
        made += text[at : place.start] + "[" + "".join(map(str, place.owners)) + "]"
        at = place.stop
    return made + text[at:]


@pytest.mark.parametrize(
    ("text", "wanted", "left"),
    [
        ("Kontakt Kari Nordmann i dag", "kari nordmann", "Kontakt [0] i dag"),
        ("Prisen er 10\u00a0000,50 kroner", "10 000,50", "Prisen er [0] kroner"),
        ("Prisen er 10\u202f000 kroner", "10 000 KRONER", "Prisen er [0]"),
        ("i årene 2026–2028", "2026-2028", "i årene [0]"),
        ("Nord\u00admann kommer", "Nordmann", "[0] kommer"),
        ("Pa\u030al og Pål", "pål", "[0] og [0]"),
        ("en  to\nord", "EN TO ORD", "[0]"),
        ("Karianne sier", "Kari", "[0] sier"),
        ("Nordmanns svar", "Nordmann", "[0] svar"),
        ("102\u00a0442,50 kroner", "442", "[0] kroner"),
        ("i 2026 442 personer", "442", "i 2026 [0] personer"),
        ("håndbok", "ha", "håndbok"),
        ("Straße", "strasse", "[0]"),
        ("den ﬁne", "fine", "den [0]"),
    ],
)
def test_words_are_found_however_they_are_written(text: str, wanted: str, left: str) -> None:
    assert hidden(text, wanted) == left


def test_an_exact_amount_is_never_a_part_of_another() -> None:
    assert hidden("0,00 og 10 000,00 og 000,00", "0,00", exact=True) == "[0] og 10 000,00 og 000,00"


def test_places_that_overlap_are_one_and_have_both_owners() -> None:
    assert hidden("Kari Nordmann og Ola", "Kari Nordmann", "Nordmann og") == "[01] Ola"


@pytest.mark.parametrize("nothing", ["", " ", "\u00ad", "\u200d \u00a0"])
def test_what_cannot_be_seen_is_no_phrase(nothing: str) -> None:
    assert phrases.phrase(nothing, 0) == []


@given(text=LETTERS, wanted=LETTERS)
def test_nothing_of_a_phrase_is_left_and_no_word_is_cut(text: str, wanted: str) -> None:
    found = phrases.places(text, phrases.phrase(wanted, 0))
    left, at = [], 0
    for place in found:
        assert at <= place.start < place.stop <= len(text)
        left.append(text[at : place.start])
        at = place.stop
    left.append(text[at:])
    if phrases.fold(wanted):
        assert all(wanted.strip().casefold() not in part.casefold() for part in left)
        assert not any(phrases.places(part, phrases.phrase(wanted, 0)) for part in left)
    for before, place in zip(left, found, strict=False):
        assert not (before[-1:].isalpha() and text[place.start].isalpha())

"""What of a draft still is the model's words in the other language, decided without rows."""

from __future__ import annotations

import pytest

from agreements.domain.document import Language
from agreements.domain.editions import Kind, Piece, begins, decide, edition, sibling


def clause(key: str, text: str, heading: str = "Formål", source: str = "") -> Piece:
    return Piece(Kind.CLAUSE, key, heading, text, source)


BOKMAL = edition([clause("a", "Én tjeneste."), clause("b", "To ting.", "Parter"), clause("c", "")])
NYNORSK = edition(
    [clause("a", "Éi teneste.", source="ny"), clause("b", "To ting.", "Partar"), clause("c", "")]
)


def test_what_is_exactly_the_other_editions_is_swapped() -> None:
    found = decide([clause("a", "Én tjeneste.")], NYNORSK, BOKMAL)
    [swap] = found.swaps
    assert swap.after == clause("a", "Éi teneste.", source="ny")
    assert (found.by_hand, found.done) == ((), 0)


def test_a_heading_that_differs_is_enough() -> None:
    assert len(decide([clause("b", "To ting.", "Parter")], NYNORSK, BOKMAL).swaps) == 1
    mixed = decide([clause("b", "To ting.", "Deltakere")], NYNORSK, BOKMAL)
    assert [piece.heading for piece in mixed.by_hand] == ["Deltakere"]


@pytest.mark.parametrize("text", ["Én tjeneste. Og mer.", "én tjeneste.", "Én  tjeneste."])
def test_a_changed_text_is_somebodys_own(text: str) -> None:
    found = decide([clause("a", text)], NYNORSK, BOKMAL)
    assert (found.swaps, [p.text for p in found.by_hand]) == ((), [text])


def test_what_is_in_the_right_language_is_left_alone_also_where_the_editions_agree() -> None:
    own = [clause("a", "Éi teneste."), clause("c", "")]
    found = decide(own, NYNORSK, BOKMAL)
    assert (found.swaps, found.by_hand, found.done) == ((), (), 2)


def test_line_breaks_and_blanks_at_the_ends_are_no_change() -> None:
    long = edition([clause("a", "Én.\n\n- to")]), edition([clause("a", "Ein.\n\n- to")])
    found = decide([clause("a", "Én.  \r\n\r\n- to\n")], long[1], long[0])
    assert len(found.swaps) == 1


def test_a_point_of_ones_own_and_one_that_only_the_other_edition_has_are_for_the_hand() -> None:
    one_sided = edition([clause("d", "Bare her.")])
    found = decide([clause("x", "Eget."), clause("d", "Bare her.")], NYNORSK, one_sided)
    assert [piece.key for piece in found.by_hand] == ["x", "d"]


def test_the_same_key_of_another_kind_is_not_taken_for_it() -> None:
    service = Piece(Kind.SERVICE, "a", "Formål", "Én tjeneste.")
    assert decide([service], NYNORSK, BOKMAL).by_hand == (service,)


def test_a_title_keeps_what_follows_the_models_name() -> None:
    assert begins("Avtale om hjelp i Hol 2026", "Avtale om hjelp", "Avtala") == "Avtala i Hol 2026"
    assert begins("Avtale om hjelpen i Hol", "Avtale om hjelp", "Avtala") is None
    assert begins("Vår avtale", "Avtale om hjelp", "Avtala") is None
    assert begins("Vår avtale", "", "Avtala") is None


@pytest.mark.parametrize(
    ("slug", "found"),
    [("hjelp_nb", "hjelp_nn"), ("hjelp_nn", "hjelp_nn"), ("hjelp", None), ("_nb", None)],
)
def test_editions_are_found_by_their_address(slug: str, found: str | None) -> None:
    assert sibling(slug, Language.NYNORSK) == found

"""The difference between two wordings, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.wordings import MOST_PAIRS, WordRun, word_runs

words = st.text(alphabet="ab \n.{}[]:-æ\u00a0", max_size=60)


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.kind, run.text) for run in word_runs(before, after)]


def test_a_changed_word_is_removed_and_added_and_the_rest_is_kept() -> None:
    assert shown("Partene skal møtes hvert år.", "Partene kan møtes hvert år.") == [
        ("same", "Partene "),
        ("removed", "skal "),
        ("added", "kan "),
        ("same", "møtes hvert år."),
    ]


def test_a_fact_and_a_reference_are_one_word_each() -> None:
    before = "Se [[punkt:bidrag]] for {{ avtale.periode }}."
    after = "Se [[punkt:endring]] for {{ avtale.start }}."
    changed = [run.text.strip() for run in word_runs(before, after) if run.kind != "same"]
    assert changed == [
        "[[punkt:bidrag]]",
        "[[punkt:endring]]",
        "{{ avtale.periode }}",
        "{{ avtale.start }}",
    ]


def test_a_new_line_at_the_end_is_only_added() -> None:
    assert shown("Ett.\nTo.", "Ett.\nTo.\nTre.")[-1] == ("added", "\nTre.")
    assert "removed" not in {kind for kind, _ in shown("Ett.\nTo.", "Ett.\nTo.\nTre.")}


def test_a_lone_short_word_between_two_changes_does_not_cut_them_up() -> None:
    assert shown("Partene kan i stedet avtale det.", "Partene må møtes i rådhuset.") == [
        ("same", "Partene "),
        ("removed", "kan i stedet avtale det"),
        ("added", "må møtes i rådhuset"),
        ("same", "."),
    ]


def test_a_word_is_not_changed_by_what_is_put_in_behind_it() -> None:
    assert shown("Først. Sist", "Først. Sist og mer.") == [
        ("same", "Først. Sist"),
        ("added", " og mer."),
    ]
    assert shown("Sist og mer.", "Sist") == [("same", "Sist"), ("removed", " og mer.")]


def test_equal_texts_have_no_difference_and_no_text_has_no_runs() -> None:
    assert word_runs("Likt.", "Likt.") == (WordRun("same", "Likt."),)
    assert word_runs("", "") == ()
    assert shown("", "Nytt") == [("added", "Nytt")]


@given(before=words, after=words)
def test_the_runs_spell_both_wordings(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)


def test_what_is_too_long_to_compare_is_shown_whole() -> None:
    """A text made to be slow is not compared word by word, and nothing of it is lost."""
    count = int(MOST_PAIRS**0.5) + 1
    before = " ".join(f"a{number} x" for number in range(count))
    after = " ".join(f"x b{number}" for number in range(count))
    assert shown(before, after) == [("removed", before), ("added", after)]

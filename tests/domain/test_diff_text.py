"""Two texts of a clause: what was deleted and added, word by word, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agreements.domain import diff_order, diff_text, markup
from agreements.domain.diff_text import Change, Line, Run
from tests.domain.markup_texts import HOSTILE, marked_up

WORDS = st.lists(
    st.sampled_from(["og", "ikke", "skal", "kommunen", "i", "regionen", "tjenesten", "for"])
)
A_LIST = "Tjenesten skal:\n\n- gi råd\n- holde kurs\n- måle resultater"


def said(runs: tuple[Run, ...], *changes: Change) -> str:
    """The text of the runs with these changes, facts and references as they are written."""
    parts = tuple(part for run in runs if run.change in changes for part in run.parts)
    return written(markup.Paragraph(parts))


def written(block: markup.Block) -> str:
    """A paragraph as it is typed. Whether a space is bold cannot be seen, and is not kept."""
    return markup.serialise([block]).replace("** **", " ")


def side(lines: tuple[Line, ...], change: Change) -> list[str]:
    """The older text (with DELETED) or the newer one (with ADDED), a line each."""
    there = [x for x in lines if (x.before if change is Change.DELETED else x.after) is not None]
    return [said(line.runs, Change.KEPT, change) for line in there]


def flat(text: str) -> list[str]:
    """The lines of a text, each as a paragraph."""
    found: list[str] = []

    def visit(blocks: tuple[markup.Block, ...]) -> None:
        for block in blocks:
            match block:
                case markup.ListBlock(_, items):
                    for item in items:
                        visit(item)
                case markup.BlockFact(name):
                    found.append(f"{{{{ {name} }}}}")
                case _:
                    found.append(written(block))

    visit(markup.parse(text))
    return found


def edits(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    """What was deleted and added, in order."""
    return [
        (run.change.value, said((run,), run.change))
        for line in lines
        for run in line.runs
        if run.change is not Change.KEPT
    ]


@given(marked_up, marked_up)
@example("a b c d e f g", "a x c y e z g")
@example("**a** b", "a **b**")
@example("- a\n- b", "1. a\n1. b")
@example("{{ a }}, [[punkt:b]]", "{{ b }} [[punkt:a]]")
def test_the_runs_give_back_both_texts(before: str, after: str) -> None:
    lines = diff_text.compare(before, after)
    assert side(lines, Change.DELETED) == flat(before)
    assert side(lines, Change.ADDED) == flat(after)


@given(marked_up)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    lines = diff_text.compare(text, text)
    assert all(line.change is Change.KEPT for line in lines)
    assert diff_text.words_in(lines) == 0


@given(marked_up)
def test_nor_from_itself_written_another_way(text: str) -> None:
    assert not edits(diff_text.compare(text, markup.serialise(markup.parse(text))))


@given(marked_up, marked_up)
def test_what_is_added_one_way_is_deleted_the_other(one: str, other: str) -> None:
    there, back = diff_text.compare(one, other), diff_text.compare(other, one)
    assert side(there, Change.ADDED) == side(back, Change.DELETED)
    assert side(there, Change.DELETED) == side(back, Change.ADDED)


@given(st.integers(0, 999), st.integers(0, 999), st.randoms(use_true_random=False), st.booleans())
def test_two_edited_words_of_a_thousand_are_two_edited_words(
    first: int, second: int, random: object, in_a_list: bool
) -> None:
    vocabulary = [
        "og",
        "ikke",
        "skal",
        "kommunen",
        "i",
        "regionen",
        "tjenesten",
        "for",
        "etablerere",
    ]
    old = [random.choice(vocabulary) for _ in range(1000)]
    new = list(old)
    places = sorted({first, second})
    for place in places:
        new[place] = f"nyttord{place}"

    def text(words: list[str]) -> str:
        if not in_a_list:
            return " ".join(words)
        return "\n".join("- " + " ".join(words[i : i + 10]) for i in range(0, 1000, 10))

    lines = diff_text.compare(text(old), text(new))
    assert diff_text.words_in(lines) == len(places)
    gone = " ".join(words for change, words in edits(lines) if change == "deleted").split()
    come = " ".join(words for change, words in edits(lines) if change == "added").split()
    assert gone == [old[place] for place in places]
    assert come == [new[place] for place in places]


def test_two_edited_words_are_shown_as_two() -> None:
    lines = diff_text.compare(
        "Kommunen skal ikke dele ut mer enn 14,50 kroner.",
        "Kommunen skal dele ut mer enn 15,00 kroner.",
    )
    assert edits(lines) == [("deleted", "ikke"), ("deleted", "14,50"), ("added", "15,00")]


def test_a_comma_put_in_is_a_comma() -> None:
    assert edits(diff_text.compare("kurs og råd", "kurs, og råd")) == [("added", ",")]


def test_a_fact_and_a_reference_are_single_tokens() -> None:
    lines = diff_text.compare(
        "{{ nav.navn }} følger [[punkt:okonomi]].", "{{ fylke.navn }} følger [[punkt:oppgjor]]."
    )
    assert edits(lines) == [
        ("deleted", "{{ nav.navn }}"),
        ("added", "{{ fylke.navn }}"),
        ("deleted", "[[punkt:okonomi]]"),
        ("added", "[[punkt:oppgjor]]"),
    ]
    assert diff_text.words_in(lines) == 2


def test_lists_keep_their_items() -> None:
    lines = diff_text.compare(A_LIST, A_LIST.replace("- holde kurs\n", "- gi lån\n- holde kurs\n"))
    assert [(line.change, line.shape.marker) for line in lines] == [
        (Change.KEPT, ""),
        (Change.KEPT, "-"),
        (Change.ADDED, "-"),
        (Change.KEPT, "-"),
        (Change.KEPT, "-"),
    ]


def test_an_item_edited_is_one_item() -> None:
    lines = diff_text.compare(A_LIST, A_LIST.replace("holde kurs", "holde flere kurs"))
    assert [line.change for line in lines] == [Change.KEPT, Change.KEPT, None, Change.KEPT]
    assert edits(lines) == [("added", "flere")]


def test_another_shape_of_the_same_words_is_told_but_is_no_word() -> None:
    lines = diff_text.compare("- a\n- b", "1. a\n2. b")
    assert [line.change for line in lines] == [None, None]
    assert diff_text.words_in(lines) == 0


def test_a_number_that_an_item_gets_from_its_place_is_no_change() -> None:
    lines = diff_text.compare("1. en\n2. to", "1. null komma fem\n2. en\n3. to")
    assert [line.change for line in lines] == [Change.ADDED, Change.KEPT, Change.KEPT]


def test_a_paragraph_written_anew_is_not_torn_to_pieces() -> None:
    lines = diff_text.compare(
        "Fylkeskommunen inviterer alltid kommunene til to møter og skriver deretter referat.",
        "Kontraktskommunen sender ut rapport hvert halvår og innen utgangen av mars.",
    )
    assert [line.change for line in lines] == [Change.DELETED, Change.ADDED]


def test_a_single_word_between_two_passages_goes_with_them() -> None:
    same = "Alle parter skal møtes to ganger i året for å snakke om saken. "
    lines = diff_text.compare(
        same + "Ola Nordmann Berg og Kari Marie Hansen", same + "Per Anders Lie og Eva Linn Moe"
    )
    assert [change for change, _ in edits(lines)] == ["deleted", "added"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_compared(name: str) -> None:
    text = HOSTILE[name] * (8000 // len(HOSTILE[name]))
    lines = diff_text.compare(text, text[len(text) // 7 :] + "b")
    assert side(lines, Change.DELETED) == flat(text)


@pytest.mark.parametrize("unit", ["a b ", "a\n\n", "- a\n"])
def test_a_text_that_only_repeats_itself_costs_no_more_than_its_length(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = diff_order.SequenceMatcher

    def counted(junk: None, old: list[str], new: list[str], autojunk: bool) -> object:
        asked.append(sum(new.count(item) for item in set(old)) * len(old))
        return real(junk, old, new, autojunk)

    monkeypatch.setattr(diff_order, "SequenceMatcher", counted)
    text = unit * (40_000 // len(unit))
    diff_text.compare("x " + text + " y", "z " + text + text + " w")
    assert max(asked, default=0) <= 2 * diff_order.MOST_PAIRS


@given(st.permutations(range(9)))
def test_moved_items_are_the_fewest_that_explain_the_order(order: list[int]) -> None:
    moved = diff_order.moved(list(range(9)), order)
    assert [i for i in order if i not in moved] == sorted(set(range(9)) - moved)
    longest = max(
        sum(1 for _ in chosen)
        for mask in range(512)
        if (chosen := [x for x in order if mask >> x & 1]) == sorted(chosen)
    )
    assert len(moved) == 9 - longest


def test_what_is_put_in_or_taken_out_moves_nothing() -> None:
    assert diff_order.moved("abcde", "xbcyde") == frozenset()
    assert diff_order.moved("abcde", "bcdea") == {"a"}


@given(WORDS, WORDS)
def test_everything_of_both_is_in_the_merged_order(old: list[str], new: list[str]) -> None:
    one, other = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    merged = diff_order.merged(one, other)
    assert sorted(merged) == sorted({*one, *other})
    assert [item for item in merged if item in other] == other

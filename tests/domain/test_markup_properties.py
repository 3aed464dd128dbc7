"""Clause text of any sort: nothing is lost, writing is the inverse of reading, size does no harm."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agreements.domain.markup import (
    Block,
    BlockFact,
    ClauseRef,
    FactRef,
    Inline,
    ListBlock,
    Paragraph,
    Text,
    clean,
    parse,
    serialise,
)
from tests.domain.markup_texts import HOSTILE, letters, marked_up, shown

plain = st.text(st.characters(exclude_characters="*\\{}[]-+.)", exclude_categories=["Cs", "Cc"]))


@given(st.one_of(marked_up, st.text()))
@example("1. \n17. a")
@example("- - - - - - - - - - - -")
@example("**a** **b\n\n- **c**")
def test_no_letter_is_lost_or_moved(text: str) -> None:
    assert letters(shown(parse(text))) == letters(clean(text))


@given(plain)
def test_text_without_marks_is_shown_word_for_word(text: str) -> None:
    assert shown(parse(text)).split() == clean(text).split()


@given(marked_up)
@example("- a\n\n  - b\n\n  c\n\n1. d\n\n   2. e")
@example("a\n\n\\- b\n\n1\\. c")
@example("1. a\n17. b\n1. c")
@example("**a\\\\** b")
def test_reading_what_was_written_gives_the_same_tree(text: str) -> None:
    blocks = parse(text)
    written = serialise(blocks)
    assert parse(written) == blocks
    assert serialise(parse(written)) == written


words = st.text(st.sampled_from("ab*\\{[-+1.) \u00a0}]å"), min_size=1, max_size=12)
weights = st.booleans()
inlines = st.one_of(
    st.builds(Text, words, weights),
    st.builds(FactRef, st.sampled_from(["region.navn", "tabell.bidrag", "x"]), weights),
    st.builds(ClauseRef, st.sampled_from(["formaal", "x"]), weights),
)
paragraphs = st.builds(Paragraph, st.lists(inlines, max_size=5).map(tuple))
blocks_of = st.recursive(
    st.one_of(paragraphs, st.just(BlockFact("tabell.bidrag"))),
    lambda inner: st.builds(
        ListBlock, weights, st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple)
    ),
    max_leaves=12,
)
trees = st.lists(blocks_of, max_size=4).map(tuple)


@given(trees)
def test_any_tree_is_written_with_all_its_text(tree: tuple[Block, ...]) -> None:
    """Also a tree that parse cannot give: empty parts, split texts, spaces inside bold ends."""
    once = parse(serialise(tree))
    assert "".join(shown(once).split()) == "".join(shown(tree).split())
    assert parse(serialise(once)) == once


@given(trees)
def test_a_normal_tree_comes_back_unchanged(tree: tuple[Block, ...]) -> None:
    assert parse(serialise(tree)) == normal(tree)


def normal(tree: tuple[Block, ...]) -> tuple[Block, ...]:
    """The nearest tree that parse can give, worked out independently of serialise and parse."""
    made: list[Block] = []
    for block in tree:
        match block:
            case Paragraph(parts):
                joined = normal_inlines(parts)
                if len(joined) == 1 and isinstance(joined[0], FactRef):
                    fact = joined[0].name
                    made.append(BlockFact(fact) if fact == "tabell.bidrag" else Paragraph(joined))
                elif joined:
                    made.append(Paragraph(joined))
            case ListBlock(ordered, items):
                kept = tuple(item for item in map(normal, items) if item)
                previous = made[-1] if made else None
                if isinstance(previous, ListBlock) and kept and previous.ordered == ordered:
                    made[-1] = ListBlock(ordered, previous.items + kept)
                elif kept:
                    made.append(ListBlock(ordered, kept))
            case BlockFact():
                made.append(block)
    return tuple(made)


def normal_inlines(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Character by character: each is its weight and itself; spaces are never bold at the ends."""
    cells: list[tuple[object, bool]] = []
    for part in parts:
        if isinstance(part, Text):
            cells += [(character, part.bold) for character in part.text]
        else:
            cells.append((type(part)(*[getattr(part, part.__slots__[0])]), part.bold))
    spaces = {" ", "\u00a0"}
    for order in (range(len(cells)), reversed(range(len(cells)))):
        before_is_bold = False
        for place in order:
            thing, bold = cells[place]
            if thing in spaces and bold and not before_is_bold:
                cells[place] = (thing, False)
            before_is_bold = cells[place][1]
    cells = [
        cell
        for index, cell in enumerate(cells)
        if not (cell[0] == " " and index and cells[index - 1][0] == " ")
    ]
    while cells and cells[0][0] in spaces:
        del cells[0]
    while cells and cells[-1][0] in spaces:
        del cells[-1]
    made: list[Inline] = []
    for thing, bold in cells:
        if isinstance(thing, str):
            last = made[-1] if made else None
            if isinstance(last, Text) and last.bold == bold:
                made[-1] = Text(last.text + thing, bold)
            else:
                made.append(Text(thing, bold))
        else:
            made.append(type(thing)(getattr(thing, thing.__slots__[0]), bold))
    return tuple(made)


def calls(text: str) -> int:
    """How many calls reading and writing a text takes: work that can be counted, unlike time."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        serialise(parse(text))
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_grows_with_length(piece: str) -> None:
    """Four times the text takes about four times the work. Seconds: benchmarks/clause_text.py."""
    short, long = ((piece * (size // len(piece) + 1))[:size] for size in (3_000, 12_000))
    assert letters(shown(parse(long))) == letters(clean(long))
    assert calls(long) < 5 * calls(short) + 100


def test_deep_nesting_by_growing_indentation() -> None:
    text = "\n".join(" " * level + "- a" for level in range(1500))
    assert letters(shown(parse(text))) == "a" * 1500

"""Clause text: what each mark means, that nothing is lost, and that odd input does no harm."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agreements.domain import markup
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
    parse_inline,
    serialise,
)


def says(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def bullets(*items: str) -> ListBlock:
    return ListBlock(False, tuple((says(item),) for item in items))


def numbered(*items: str) -> ListBlock:
    return ListBlock(True, tuple((says(item),) for item in items))


def shown(blocks: tuple[Block, ...] | tuple[Inline, ...]) -> str:
    """The characters of a tree in reading order, names of facts and keys included."""
    words = []
    for part in blocks:
        match part:
            case Text(text):
                words.append(text)
            case FactRef(name) | BlockFact(name):
                words.append(f" {name} ")
            case ClauseRef(key):
                words.append(f" punkt {key} ")
            case Paragraph(inlines):
                words.append(shown(inlines) + "\n")
            case ListBlock(_, items):
                words.extend(shown(item) for item in items)
    return "".join(words)


def letters(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character)[0] == "L")


def depth(blocks: tuple[Block, ...]) -> int:
    return max(
        (
            1 + max((depth(item) for item in block.items), default=0)
            for block in blocks
            if isinstance(block, ListBlock)
        ),
        default=0,
    )


# What the marks mean


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        (" \n\t\n ", ()),
        (
            "En linje\nog en til.\n\nNeste avsnitt.",
            (says("En linje og en til."), says("Neste avsnitt.")),
        ),
        ("med   mange\t  mellomrom  ", (says("med mange mellomrom"),)),
        ("- a\n- b", (bullets("a", "b"),)),
        ("* a\n+ b\n- c", (bullets("a", "b", "c"),)),
        ("1. a\n2. b\n3. c", (numbered("a", "b", "c"),)),
        ("1. a\n1. b\n1. c", (numbered("a", "b", "c"),)),
        ("1) a\n2) b", (numbered("a", "b"),)),
        ("Dette:\n- a\n- b", (says("Dette:"), bullets("a", "b"))),
        ("- a\n\nEtter.", (bullets("a"), says("Etter."))),
        ("- a\n1. b", (bullets("a"), numbered("b"))),
        ("- a\n\n  mer om a", (ListBlock(False, ((says("a"), says("mer om a")),)),)),
        ("- a\n  1. b\n  2. c", (ListBlock(False, ((says("a"), numbered("b", "c")),)),)),
        ("- a\n-\n- b", (bullets("a", "b"),)),
        ("- {{ region.navn }}", (ListBlock(False, ((Paragraph((FactRef("region.navn"),)),),)),)),
    ],
)
def test_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    assert parse(text) == blocks


@pytest.mark.parametrize(
    ("text", "inlines"),
    [
        ("**a**", (Text("a", bold=True),)),
        ("a **b c** d", (Text("a "), Text("b c", bold=True), Text(" d"))),
        ("**«a»**b", (Text("«a»", bold=True), Text("b"))),
        ("{{ region.navn }}", (FactRef("region.navn"),)),
        ("{{region.navn}}", (FactRef("region.navn"),)),
        ("{{\u00a0region.navn\u00a0}}", (FactRef("region.navn"),)),
        ("{{ Ukjent navn }}", (FactRef("Ukjent navn"),)),
        ("**Om {{ a.b }}**", (Text("Om ", bold=True), FactRef("a.b", bold=True))),
        ("se [[punkt:formaal]].", (Text("se "), ClauseRef("formaal"), Text("."))),
        ("[[ punkt: formaal ]]", (ClauseRef("formaal"),)),
        ("**[[punkt:x]]**", (ClauseRef("x", bold=True),)),
        ("{{{ a }}}", (Text("{"), FactRef("a"), Text("}"))),
        ("{{ tabell.bidrag }} her", (FactRef("tabell.bidrag"), Text(" her"))),
    ],
)
def test_inline_marks(text: str, inlines: tuple[Inline, ...]) -> None:
    assert parse(text) == (Paragraph(inlines),)
    assert parse_inline(text) == inlines


@pytest.mark.parametrize(
    "text",
    [
        "**a",
        "a**",
        "** a **",
        "*a*",
        "***a***",
        "2 * 3 ** 4",
        "__a__ og _b_",
        "~~a~~ `b` # c",
        "# Ikke overskrift",
        "> Ikke sitat",
        "---",
        "-",
        "1.",
        "a-b - c",
        "{{ }}",
        "{{}}",
        "{ region.navn }",
        "{{ a { b }}",
        "[[punkt:]]",
        "[[avsnitt:x]]",
        "[a](http://eksempel.no)",
        "![a](b.png)",
        "<b>a</b> <script>alert(1)</script> &amp; &lt;",
        "{% load static %} {# merknad #}",
        "\\ \\a C:\\x",
        "17. mai er fri.",
        "2026. Dette året begynner avtalen.",
        "01. januar",
        "{{ " + "x" * 200 + " }}",
        "נוסח \u200fעברי\u200e og norsk",
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert parse(text) == (says(text),)
    assert parse(serialise(parse(text))) == parse(text)


def test_backslash_makes_a_mark_a_character() -> None:
    assert parse(r"\- a \**b\** \{{ c }} \[[punkt:d]] \\ 1\. 2\)") == (
        says(r"- a **b** {{ c }} [[punkt:d]] \ 1. 2)"),
    )


def test_a_number_out_of_order_is_text_so_that_no_date_changes() -> None:
    assert parse("1. januar begynner avtalen\n17. mai er fri\n18. mai ikke") == (
        numbered("januar begynner avtalen"),
        says("17. mai er fri"),
        says("18. mai ikke"),
    )
    assert parse("1. a\n5.\n   - b") == (numbered("a"), says("5."), bullets("b"))
    assert parse("1) a\n7) b\n1) c") == (numbered("a"), says("7) b"), numbered("c"))


def test_block_fact_fills_a_paragraph() -> None:
    assert parse("Slik:\n\n**{{ tabell.bidrag }}**") == (says("Slik:"), BlockFact("tabell.bidrag"))
    assert parse("- {{ liste.parter }}") == (ListBlock(False, ((BlockFact("liste.parter"),),)),)
    assert parse("{{ region.navn }}") == (Paragraph((FactRef("region.navn"),)),)


def test_walk_yields_in_reading_order() -> None:
    blocks = parse("a {{ b }}\n\n- [[punkt:c]]\n  - d\n\n{{ tabell.bidrag }}")
    assert list(markup.walk(blocks)) == [
        Text("a "),
        FactRef("b"),
        ClauseRef("c"),
        Text("d"),
        BlockFact("tabell.bidrag"),
    ]


def test_lists_nest_to_a_depth_and_are_text_below_it() -> None:
    text = "\n".join("  " * level + f"- n{level}" for level in range(20))
    blocks = parse(text)
    assert depth(blocks) == markup.MAX_DEPTH
    assert shown(blocks).split() == [
        *(f"n{level}" for level in range(markup.MAX_DEPTH)),
        *(word for level in range(markup.MAX_DEPTH, 20) for word in ("-", f"n{level}")),
    ]
    outer = text + "\n- ytterst"
    assert parse(outer)[0].items[-1] == (says("ytterst"),)  # type: ignore[union-attr]
    assert parse(serialise(blocks)) == blocks


# Cleaning


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x07\x1b[31m\x7f\x9f", "ab[31m"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        (
            "gods\u00adtog \u200fa\u200e b\u200dc\u00a0d",
            "gods\u00adtog \u200fa\u200e b\u200dc\u00a0d",
        ),
        ("\ufeffa\u200bb\u2060c", "abc"),
        ("100\u202e001\u202c \u2066x\u2069", "100001 x"),
        ("a\ud800b\uffffc\ufdd0d\U0001fffee", "abcde"),
        ("Bla\u030ahei", "Blåhei"),
        ("a\x00\u030a", "å"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_one_line() -> None:
    assert markup.one_line(" a\t b\n\nc\u00a0\u00a0d\x00 ") == "a b c\u00a0\u00a0d"


@given(st.text())
def test_clean_is_idempotent_and_storable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
    assert "\x00" not in cleaned


# Nothing is lost, and writing is the inverse of reading

MARKS = ["**", "*", "- ", "-", "+ ", "1. ", "2. ", "1) ", "17. ", "\\", "{{", "}}", "[[", "]]"]
PIECES = [
    *MARKS,
    *("{{ region.navn }}", "{{ tabell.bidrag }}", "[[punkt:x]]", "[[punkt:", "{{ a"),
    *("\n", "\n\n", "\n  ", "\n    ", "\n   - ", "\n- ", "\n1. ", "\n3. ", " ", "\t", "\u00a0"),
    *("a", "bc", "å", ".", "e\u0301", "\u0301", "{", "[", "#", "_", ">", "\x00", "\u202e", "\r"),
]
marked_up = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
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
            made.append(type(thing)(getattr(thing, thing.__slots__[0]), bold))  # type: ignore
    return tuple(made)


# Size

HOSTILE = {
    "ett ord": "a",
    "linjer": "a\n",
    "tomme linjer": "\n",
    "punkter": "- a\n",
    "punkter på rad": "- ",
    "nummer på rad": "1. ",
    "nummererte": "1. a\n",
    "ute av rekkefølge": "1. a\n7. b\n",
    "stjerner": "*",
    "åpne stjerner": "**a ",
    "lukkede stjerner": "a** ",
    "uthevet": "**a** ",
    "krøllparenteser": "{",
    "åpne fakta": "{{ a ",
    "fakta": "{{ a }} ",
    "hakeparenteser": "[[punkt:",
    "omvendte skråstreker": "\\",
    "harde mellomrom": "{{\u00a0",
    "nuller": "\x00",
    "innrykk": "\t- a\n",
    "maler": "{% for x in y %}{{ x|safe }}{% endfor %}",
}


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

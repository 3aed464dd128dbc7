"""Clause text: what each mark means, that nothing is lost, and that odd input does no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
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
from tests.domain.markup_texts import shown


def says(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def bullets(*items: str) -> ListBlock:
    return ListBlock(False, tuple((says(item),) for item in items))


def numbered(*items: str) -> ListBlock:
    return ListBlock(True, tuple((says(item),) for item in items))


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
    assert parse(outer)[0].items[-1] == (says("ytterst"),)
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

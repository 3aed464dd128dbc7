"""Clause texts, ordinary and hostile, for tests and benchmarks, and what is to be seen of a tree."""

from __future__ import annotations

import unicodedata

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
)

MARKS = ["**", "*", "- ", "-", "+ ", "1. ", "2. ", "1) ", "17. ", "\\", "{{", "}}", "[[", "]]"]
PIECES = [
    *MARKS,
    *("{{ region.navn }}", "{{ tabell.bidrag }}", "[[punkt:x]]", "[[punkt:", "{{ a"),
    *("\n", "\n\n", "\n  ", "\n    ", "\n   - ", "\n- ", "\n1. ", "\n3. ", " ", "\t", "\u00a0"),
    *("a", "bc", "å", ".", "e\u0301", "\u0301", "{", "[", "#", "_", ">", "\x00", "\u202e", "\r"),
]
marked_up = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)

# Pieces that fill a text by being repeated.
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

"""Which characters can be printed: those of the font, and what people write in Norwegian and Sami."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from municipalities import characters

FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "inter-ui" / "web"
LAID_OUT = "\t\n\u00ad\u200c\u200d\u200e\u200f"  # never drawn


@pytest.mark.parametrize("name", ["Inter-Regular", "Inter-SemiBold"])
def test_what_is_let_through_is_in_the_font(name: str) -> None:
    drawn = TTFont(FONTS / f"{name}.woff2").getBestCmap()
    let_through = [
        character
        for character in map(chr, range(0x20, 0x110000))
        if unicodedata.category(character) != "Cn" and not characters.unprintable(character)
    ]
    assert len(let_through) > 2000
    assert {c for c in let_through if ord(c) not in drawn} <= set(LAID_OUT)


@pytest.mark.parametrize(
    "text",
    [
        "Én «prøve» – § 20-4, 14,50 kr; 102\u00a0442,50\u202fkr (æøå ÆØÅ) … • 2 × 3 ≥ 5 €",
        "Čáhput, šaddat, ŋ, ŧ, ž, đ, ï, ǥ, ǧ, ǩ, ʒ, ǯ. Kvænangen, Ørje og Vadsø.",
        "linje\nlinje\ttabulator\u00adbindestrek",
        "",
    ],
)
def test_what_people_write_can_be_printed(text: str) -> None:
    assert characters.unprintable(text) == []


def test_what_cannot_be_printed_is_named_once_and_in_order() -> None:
    assert characters.unprintable("Bra 😀 og \uf0b7 og 😀 og 中") == ["😀", "\uf0b7", "中"]


@given(st.text())
def test_every_character_is_let_through_or_named(text: str) -> None:
    named = characters.unprintable(text)
    assert set(named) <= set(text)
    assert characters.unprintable("".join(c for c in text if c not in named)) == []

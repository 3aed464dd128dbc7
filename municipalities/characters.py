"""The characters that may be stored and printed, in whatever people type or a file holds. Pure."""

from __future__ import annotations

import re
import unicodedata

_NEWLINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\u202a-\u202e"  # with \u2066-\u2069 above: change the order in which characters are shown
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # not characters; cannot be stored or printed
    + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_SPACE = re.compile(r"[ \t\n]+")


def clean(text: str) -> str:
    """Return `text` as it may be stored: NFC, `\\n` as line break, only printable characters.

    Every kind of line and page break becomes `\\n`. Dropped, because they cannot be printed, are not
    seen, or make a reader see another text than the one that is stored: control characters other
    than newline and tab, zero width spaces, bidirectional embeddings, overrides and isolates, lone
    surrogates and noncharacters. Left-to-right and right-to-left marks, joiners and soft hyphens
    stay. Forms call this on everything people type, and clause text is cleaned when it is read too.
    Idempotent.
    """
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _NEWLINE.sub("\n", text)))


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line, with single spaces; no-break spaces are kept."""
    return _SPACE.sub(" ", clean(text)).strip()


# What the font of the documents has, apart from private use, as ranges of code points; what is not on
# the list would be drawn in another font, or as an empty box. A test reads the font.
_PRINTABLE = (
    "20-7e a0-ac ae-148 14a-1c3 1c5-254 256-27b 27e-284 286-290 292-2a4 2a6-304 306-30a 30c "
    "30f 313 315 31b 323 326-328 32c 337-338 342-343 346-36f 374-376 37a-3d7 3dc-3dd "
    "3f0-3f6 3f9-3fa 3fc-479 480-49d 4a0-4ff 52f e3f 1d00 1d0d 1d1b 1d43 1d47-1d49 1d4d "
    "1d4f-1d50 1d52 1d56-1d58 1d5b 1d62-1d65 1d9c 1da0 1dbb 1dbf-1df5 1dfc-1e9b 1e9d-200a "
    "2010-2027 202f-2055 2057 205f 2070-20af 20b1-20b5 20b8-20ba 20bc-20c0 20db-20de 20e8 "
    "20f0-2101 2103 2105-2106 2109 2113 2116-2117 211e-2122 2126 212a-212b 212e 2132 213b "
    "214d 2150-217f 2183-2186 2189 2190-2199 21a9-21aa 21b0-21b1 21b3-21b5 21ba-21bb 21d0 "
    "21d2 21d4 21de-21df 21e4-21e5 21e7 21ea 2202 2205-2206 220f 2211-2212 221a 221e 222b "
    "2236 2248 2260 2264-2265 2295-2298 2303-2305 2318 2325-2327 232b 2380 2387 238b "
    "23ce-23cf 2423 2460-2468 24b6-24cf 24ea 25a0-25a2 25aa 25b2-25b3 25b6-25b7 25ba-25bd "
    "25c0-25c1 25c4-25c7 25ca-25cb 25cf 25e6 25ef 2600 2605-2606 263c 2661 2665 266a-266b "
    "26a0 2713 2717 2756 2764 2780-2788 27ef 27f5-27fa 2913 2a38 2b06 2b12-2b13 2b1c 2b24 "
    "2c7c 2c7f 2dff 2e18 a69f a7ff a92e"
)
_INVISIBLE = "\t\n\u00ad\u200c-\u200f"  # laid out, never drawn
_UNPRINTABLE = re.compile(
    "[^"
    + _INVISIBLE
    + "".join(
        "-".join(re.escape(chr(int(end, 16))) for end in part.split("-"))
        for part in _PRINTABLE.split()
    )
    + "]"
)


def unprintable(text: str) -> list[str]:
    """Return the characters of `text` that the documents cannot print, each once, in order."""
    return list(dict.fromkeys(_UNPRINTABLE.findall(text)))


_NAMED = 5  # characters that a message names
# Private use, unassigned, control and combining characters show nothing, or not themselves.
_UNSEEN = ("C", "M", "Z")


def name(character: str) -> str:
    """Return the character as a message names it: «😀», or «U+E000» for what nobody would see."""
    unseen = unicodedata.category(character).startswith(_UNSEEN)
    return f"«U+{ord(character):04X}»" if unseen else f"«{character}»"


def refusal(found: list[str]) -> str:
    """Return the sentences in bokmål that refuse these characters."""
    named = ", ".join(map(name, found[:_NAMED]))
    more = " og flere" if len(found) > _NAMED else ""
    which = f"Tegnet {named}" if len(found) == 1 else f"Tegnene {named}{more}"
    return f"{which} kan ikke skrives ut. Bruk vanlige bokstaver og tegn."


def spelled_out(text: str) -> str:
    """Return `text` with each character that cannot be printed as its code: «[U+1F600]».

    For what must be printed as it is, such as the record: nothing is left out, and nothing is drawn
    as an empty box.
    """
    return _UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)

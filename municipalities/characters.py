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

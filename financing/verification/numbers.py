"""Numbers as they stand in printed tables, in Norwegian and English form. Pure.

`102 442,50`, `102.442,50`, `kr 5,5`, `124.890`, `64,0` and `1,148,286.0` are read. Only a lone
`204,920` or `124.890` can mean two things; which one is decided for the table as a whole.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from financing.verification.table import PrintedNumber
from municipalities.norwegian import parse_decimal

# Longer numbers are no amounts, and bounded ones keep the exact arithmetic cheap.
_MAX_WHOLE_DIGITS = 12
_MAX_DECIMALS = 12


class Style(StrEnum):
    """Which sign parts the decimals where a number can be read both ways."""

    NORWEGIAN = "norwegian"
    ENGLISH = "english"


# A mark after a number that refers to a note: `102 442*`, `38 736²`.
FOOTNOTE = " ?[*\u2020\u2021\u00b9\u00b2\u00b3\u2070-\u2079]+"
_FOOTNOTE = re.compile(rf"(?<=\d){FOOTNOTE}$")
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\u205f\u3000 ]+")
_CURRENCY = re.compile(r"^(?:kr\b\.?|nok\b|kroner\b)\s*|\s*(?:kr\b\.?|nok|kroner)$", re.IGNORECASE)
_PER_INHABITANT = re.compile(
    r"\s*(?:kr\.?|kroner)?\s*(?:/|per\b|pr\b\.?)\s*innb\w*\.?$", re.IGNORECASE
)
_ENGLISH = re.compile(r"-?(?P<whole>\d{1,3}(?:,\d{3})*|\d+)(?:\.(?P<decimals>\d+))?", re.ASCII)
# These can only be English: several commas, a comma before a dot, or a dot that parts no thousands.
_ONLY_ENGLISH = re.compile(
    r"-?(?:\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d{4,}\.\d+|0\.\d+)", re.ASCII
)
_ABSENT = re.compile(r"[-\u2013\u2014\u2212.]*|n/?a|\u2026", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text with every kind of space and line break as one ordinary space."""
    return " ".join(_SPACES.sub(" ", text).split())


def is_absent(text: str) -> bool:
    """Whether a cell says that there is no number: empty, or only dashes."""
    return _ABSENT.fullmatch(clean(text)) is not None


def read_number(text: str, style: Style) -> PrintedNumber | None:
    """Read one printed number; None where the text is something else, or too long a number."""
    text = clean(text).replace("\u2212", "-")
    if len(text) > 60:
        return None
    text = _CURRENCY.sub("", _PER_INHABITANT.sub("", _FOOTNOTE.sub("", text)))
    english = _ENGLISH.fullmatch(text)
    if english and (style is Style.ENGLISH or _ONLY_ENGLISH.fullmatch(text)):
        value = Decimal(text.replace(",", ""))
        decimals = len(english["decimals"] or "")
    else:
        try:
            value = parse_decimal(text)
        except ValueError:
            return None
        decimals = _decimals(text)
    if value.adjusted() >= _MAX_WHOLE_DIGITS:
        return None
    decimals = min(decimals, _MAX_DECIMALS)  # a spreadsheet's noise: 102442.50000000000000001
    return PrintedNumber(round(value, decimals), decimals)


def _decimals(norwegian: str) -> int:
    """Count the decimals of a number that parse_decimal has taken: after a comma, or a lone dot."""
    match = re.search(r",(\d+)|(?<![.\d])[\d ]*\.(\d{1,2}|\d{4,})$", norwegian)
    return len(match[1] or match[2]) if match else 0

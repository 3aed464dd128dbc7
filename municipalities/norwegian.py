"""How numbers, amounts, dates and names are written and read in Norwegian.

Pure: no clock, no settings, no locale of the machine. Thousands are parted by U+00A0, decimals by a
comma, and a negative number begins with U+2212. Reading is strict: what could mean two different
amounts is refused, because a guessed amount ends up in an agreement.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"

# Both written languages name the months and join names alike; a table keeps other codes out.
_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_AND = {"nb": "og", "nn": "og"}

# Longer than any amount a public budget holds, short enough to keep odd input cheap.
_MAX_LENGTH = 60


def money(amount: Decimal) -> str:
    """Write kroner with two decimals: `102 442,50`.

    Never rounds: the financing rule has done that, once. ValueError when the amount is not whole
    øre, or is not a number.
    """
    text = _exact(amount, least=2)
    if len(text.rpartition(",")[2]) > 2:
        raise ValueError(f"the amount {amount} is not rounded to whole øre")
    return text


def integer(value: int) -> str:
    """Write a whole number: `55 757`."""
    return _exact(Decimal(value), least=0)


def rate(value: Decimal) -> str:
    """Write kroner per inhabitant exactly, with at least two decimals: `14,50`, `5,125`."""
    return _exact(value, least=2)


def decimal(value: Decimal, decimals: int) -> str:
    """Write a number exactly, with at least so many decimals: `32 407,0`."""
    return _exact(value, least=decimals)


def percent(value: Decimal) -> str:
    """Write a percentage exactly, without needless decimals and without the sign: `4,1`."""
    return _exact(value, least=0)


def _exact(value: Decimal, *, least: int) -> str:
    """Write every digit of `value`, with at least `least` decimals."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    whole, _, decimals = f"{value.copy_abs():f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    grouped = f"{int(whole):,}".replace(",", NO_BREAK_SPACE)
    sign = MINUS if value < 0 else ""
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def date_long(day: dt.date, language: str = "nb") -> str:
    """Write a date in full: `1. januar 2026`. ValueError for a language that is not nb or nn."""
    _require_language(language)
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def join(names: Iterable[str], language: str = "nb") -> str:
    """Join names as in a sentence: `a, b og c`. Nothing gives the empty string."""
    _require_language(language)
    *head, last = list(names) or [""]
    return f"{', '.join(head)} {_AND[language]} {last}" if head else last


def _require_language(language: str) -> None:
    if language not in _AND:
        raise ValueError(f"unknown language {language!r}")


# Letters that do not come apart into a base letter and an accent. «ü» is filed as y, «ä» and «ö»
# with æ and ø, as in Norwegian phone books and encyclopedias.
_LETTERS = str.maketrans("äöœüđðŋŧł-–", "æøøyddntl  ", "'’")
# The three characters after z in ASCII, so that keys sort by code point here and in the database.
_AFTER_Z = str.maketrans({"æ": "{", "ø": "|", "å": "}"})


def sort_key(name: str) -> str:
    """Return a key that sorts by code point in Norwegian alphabetical order.

    … z æ ø å, «aa» as å, without regard to case and accents. Hyphens count as spaces.
    """
    text = unicodedata.normalize("NFC", name).lower().replace("aa", "å").translate(_LETTERS)
    key = "".join(
        letter.translate(_AFTER_Z) if letter in "æøå" else _without_accents(letter)
        for letter in text
    )
    return " ".join(key.split())


def _without_accents(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in decomposed if not unicodedata.combining(part))


_SPACE = "[ \u00a0\u202f]"
_NUMBER = re.compile(
    rf"""
    (?P<sign1>[-\u2212])? {_SPACE}*
    (?:(?:kr\.?|kroner) {_SPACE}*)?
    (?P<sign2>[-\u2212])? {_SPACE}*
    (?:
        (?P<whole>[0-9]+ | [0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+ | [1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+)
        (?: ,(?P<decimals>[0-9]+) | ,[-\u2013\u2014] )?
      | (?P<dotted_whole>[0-9]+ | [0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+)
        \.(?P<dotted_decimals>[0-9]{{1,2}} | [0-9]{{4,}})
    )
    (?:{_SPACE}* (?:kr\.?|kroner))?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_AMBIGUOUS = re.compile(r"[0-9]\.[0-9]{3}(?![0-9])")


def parse_decimal(text: str) -> Decimal:
    """Read a Norwegian number or amount exactly.

    Decimals follow a comma, or a dot that cannot be taken for a thousands separator: `14.50` is
    14,50 and `124.890` is 124 890. ValueError, with a message in Norwegian for the person who typed
    it, on anything else.
    """
    stripped = text.strip()
    if not stripped:
        raise ValueError("Skriv et tall.")
    match = _NUMBER.fullmatch(stripped) if len(stripped) <= _MAX_LENGTH else None
    if match is None or (match["sign1"] and match["sign2"]):
        if _AMBIGUOUS.search(stripped):
            raise ValueError(
                "Tallet kan leses på flere måter. Bruk komma foran desimaler og mellomrom mellom "
                "tusener, for eksempel 102 442,50."
            )
        raise ValueError("Skriv tallet med bare sifre, for eksempel 14,50 eller 102 442,50.")
    whole = re.sub(r"[^0-9]", "", match["whole"] or match["dotted_whole"])
    decimals = match["decimals"] or match["dotted_decimals"] or "0"
    value = Decimal(f"{whole}.{decimals}")
    return value.copy_negate() if value and (match["sign1"] or match["sign2"]) else value


def parse_integer(text: str) -> int:
    """Read a whole number, written as parse_decimal takes it. ValueError in Norwegian else."""
    value = parse_decimal(text)
    if value != value.to_integral_value():
        raise ValueError("Skriv et helt tall, uten desimaler.")
    return int(value)


_IDENTITY_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{6}}{_SPACE}?[0-9]{{5}}(?![0-9])")


def has_identity_number(text: str) -> bool:
    """Whether a text has eleven digits in a row, as an identity number (fødselsnummer) has.

    Its control digits are not looked at: a number with a digit typed wrong is no less personal.
    """
    return _IDENTITY_NUMBER.search(text) is not None

"""Words found in a text however they are spaced and written. Pure.

Texts are compared without regard to case, to the kind of space or dash, to how a letter with an accent is
stored, and to what cannot be seen (soft hyphens, joiners). A place is always whole words and whole
numbers: of «Karianne» nothing is left where «Kari» is looked for, and of «102 442,50» nothing where «442»
is.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What is never parted: a number with its groups and decimals, or a word.
_UNIT = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f\u2007\u2009]\d{3})+(?:[.,]\d+)*(?!\d)|\d+(?:[.,]\d+)*"
    r"|[\w\u00ad\u200c-\u200f\u0300-\u036f]+"
)
_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is looked for, folded, and for whom. `exact`: only where it is whole words by itself."""

    folded: str
    owners: tuple[int, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a text, and for whom it was found."""

    start: int
    stop: int
    owners: tuple[int, ...]


def fold(text: str) -> str:
    """Return the text as it is compared; empty where it has nothing that can be seen."""
    return _folded(text)[0].strip()


def phrase(text: str, owner: int, *, exact: bool = False) -> list[Phrase]:
    """Return what to look for; nothing for a text without anything that can be seen."""
    folded = fold(text)
    return [Phrase(folded, (owner,), exact)] if folded else []


def merged(found: Iterable[Phrase]) -> list[Phrase]:
    """Return each phrase once, with all it is looked for by."""
    owners: dict[tuple[str, bool], dict[int, None]] = {}
    for one in found:
        owners.setdefault((one.folded, one.exact), {}).update(dict.fromkeys(one.owners))
    return [Phrase(folded, tuple(own), exact) for (folded, exact), own in owners.items()]


def places(text: str, phrases: Sequence[Phrase]) -> list[Place]:
    """Return where the phrases are, in order. Those that touch or overlap are one."""
    folded, origin = _folded(text)
    units = [unit.span() for unit in _UNIT.finditer(text)]
    starts, stops = [unit[0] for unit in units], [unit[1] for unit in units]
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for wanted in phrases:
        at = folded.find(wanted.folded)
        while at >= 0:
            last = at + len(wanted.folded) - 1
            if not _inside_a_letter(folded, origin, last):
                start, stop = origin[at], origin[last] + 1
                whole = _widened(start, stop, starts, stops)
                if not wanted.exact or whole == (start, stop):
                    found.append((*whole, wanted.owners))
            at = folded.find(wanted.folded, at + 1)
    return _joined(sorted(found))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each character of that where it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cf":
            continue
        if character.isspace() or category[0] == "Z":
            if letters and letters[-1] == " ":
                continue
            plain = " "
        elif category == "Pd" or character == _MINUS:
            plain = "-"
        else:
            decomposed = unicodedata.normalize("NFKD", character)
            plain = unicodedata.normalize("NFKD", decomposed.casefold())
        letters += plain
        origin += [at] * len(plain)
    return "".join(letters), origin


def _inside_a_letter(folded: str, origin: list[int], last: int) -> bool:
    """Whether a match ends between a letter and its own accent: «ha» is not in «hå»."""
    following = last + 1
    return (
        following < len(folded)
        and origin[following] == origin[last]
        and unicodedata.combining(folded[following]) > 0
    )


def _widened(start: int, stop: int, starts: list[int], stops: list[int]) -> tuple[int, int]:
    """Take in the rest of every word and number that is begun on."""
    first, after = bisect_right(stops, start), bisect_left(starts, stop)
    if first >= after:
        return start, stop
    return min(start, starts[first]), max(stop, stops[after - 1])


def _joined(found: Sequence[tuple[int, int, tuple[int, ...]]]) -> list[Place]:
    joined: list[Place] = []
    for start, stop, owners in found:
        if joined and start <= joined[-1].stop:
            before = joined.pop()
            both = tuple(sorted({*before.owners, *owners}))
            joined.append(Place(before.start, max(before.stop, stop), both))
        else:
            joined.append(Place(start, stop, tuple(sorted(owners))))
    return joined

"""Making the tree of points of the headings. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agreements.importing.blocks import Block
from agreements.importing.headings import Heading
from agreements.importing.numbers import skips

_KEY_LENGTH = 50  # leaves room for «-2» in the field


@dataclass(slots=True)
class Point:
    """A numbered point: its heading, the text under it and the points below it."""

    heading: Heading
    line_from: int
    line_to: int
    blocks: list[Block] = field(default_factory=list)
    below: list[Point] = field(default_factory=list)

    @property
    def label(self) -> str:
        """«Punkt 5.4 1 «Samarbeid lokalt»», as printed."""
        return f"Punkt {self.heading.number.printed.rstrip('.): ')} «{self.heading.text}»"


def tree(points: Sequence[Point]) -> list[Point]:
    """Put each point under the nearest one above whose number begins its own. Return the top ones."""
    top: list[Point] = []
    path: list[Point] = []
    for point in points:
        parts = point.heading.number.parts
        while path and not _begins(path[-1].heading.number.parts, parts):
            path.pop()
        (path[-1].below if path else top).append(point)
        path.append(point)
    return top


def computed_numbers(points: Sequence[Point], above: str = "") -> Iterator[tuple[Point, str]]:
    """Yield every point with the number its place gives it."""
    for position, point in enumerate(points, start=1):
        number = f"{above}{position}"
        yield point, number
        yield from computed_numbers(point.below, f"{number}.")


def number_notes(points: Sequence[Point], top: Sequence[Point]) -> Iterator[tuple[int, str]]:
    """Yield (line number, remark) where the numbers typed by hand do not add up."""
    seen: set[tuple[int, ...]] = set()
    last: tuple[int, ...] = ()
    computed = {id(point): number for point, number in computed_numbers(top)}
    for point in points:
        number = point.heading.number
        printed = number.printed.rstrip(".): ")
        if number.broken:
            yield (
                point.line_from,
                f"Nummeret «{printed}» er skrevet for hånd og er lest som {number.dotted}.",
            )
        if number.parts in seen:
            yield point.line_from, f"Nummeret {number.dotted} er brukt mer enn én gang."
        elif skips(last, number.parts):
            before = ".".join(map(str, last)) or "starten"
            yield point.line_from, f"Det mangler nummer mellom {before} og {number.dotted}."
        if computed[id(point)] != number.dotted:
            yield (
                point.line_from,
                f"Punktet er skrevet som {printed} og får nummer {computed[id(point)]}. "
                "Se etter henvisninger til det gamle nummeret.",
            )
        seen.add(number.parts)
        last = number.parts


class Keys:
    """Gives each heading a key of its own: ASCII, «ansvar-og-oppgaver», «ansvar-og-oppgaver-2»."""

    def __init__(self, reserved: Sequence[str] = ()) -> None:
        self._taken = set(reserved)

    def key(self, heading: str) -> str:
        """Return a key that was not given before."""
        base = _slug(heading) or "punkt"
        key, number = base, 2
        while key in self._taken:
            key, number = f"{base}-{number}", number + 1
        self._taken.add(key)
        return key


def _begins(above: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    return len(above) < len(parts) and parts[: len(above)] == above


def _slug(text: str) -> str:
    folded = text.casefold().replace("ø", "o").replace("æ", "ae")
    ascii_text = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return (
        slug
        if len(slug) <= _KEY_LENGTH
        else slug[: _KEY_LENGTH + 1].rpartition("-")[0] or slug[:_KEY_LENGTH]
    )

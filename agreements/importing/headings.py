"""Finding the headings of numbered points among the lines. Pure.

Layout is lost in plain text, so a heading is told from a list item, a date or a sentence by three
signs together: its number can come next, it looks like a heading, and a text follows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agreements.importing.lines import Line, join, open_ended, starts_lower, typical_width
from agreements.importing.numbers import Number, follows, readings

_MAX_STARTS = 8  # places to try as the first point
_MAX_LENGTH = 150  # characters; the field of a heading holds 160
_MAX_WORDS = 12
_BULLET = re.compile(r"[•●▪*\uf0b7-] ?|o ")
_ORDERED = re.compile(r"(\d{1,2})[.)]\s+\S")
_LEADER = re.compile(r"\.{3,}|…|\. \. ")  # a table of contents: «Formål ........ 2»
_REFERS = re.compile(  # the end of a line that a number must follow
    r"(?:\b(?:punkt\w*|pkt\.?|kapittel|kap\.?|avsnitt|artikkel|jfr?\.?|se|nr\.?)|§)\Z",
    re.IGNORECASE,
)
_SENTENCE_BREAK = re.compile(r"[a-zæøå]{3,}\. [A-ZÆØÅ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a point on the lines with index `start` up to, not including, `stop`."""

    start: int
    stop: int
    number: Number
    text: str


def find(lines: Sequence[Line]) -> tuple[Heading, ...]:
    """Return the headings in order. Empty where the text has no numbered points.

    A numbered list or a table of contents before the first point is tried as the beginning too;
    the beginning that gives most points with text under them, and fewest numbers used twice, wins;
    of equals the earliest.
    """
    scan = _Scan(lines)
    starts = [index for index in scan.numbered if scan.first_candidate(index, (1,))]
    if not starts:
        starts = [index for index in scan.numbered if scan.first_candidate(index, None)]
    best: tuple[Heading, ...] = ()
    best_score = 0
    for start in starts[:_MAX_STARTS]:
        headings = scan.run(start)
        twice = len(headings) - len({heading.number.parts for heading in headings})
        score = sum(scan.has_text(headings, n) for n in range(len(headings))) - twice
        if score > best_score:
            best, best_score = headings, score
    # One lone number that is not 1 is a stray line, not an agreement.
    return best if len(best) > 1 or (best and best[0].number.parts == (1,)) else ()


class _Scan:
    """The lines with what is asked about them again and again."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.width = typical_width(lines)
        self.before = [-1] * len(lines)  # index of the nearest line above with text
        self.after = [-1] * len(lines)  # the same below
        last = -1
        for index, line in enumerate(lines):
            self.before[index] = last
            last = index if line.text else last
        last = -1
        for index in range(len(lines) - 1, -1, -1):
            self.after[index] = last
            last = index if lines[index].text else last
        self.numbered = {
            index: found
            for index, line in enumerate(lines)
            if line.text and (found := readings(line.text))
        }

    def first_candidate(self, index: int, parts: tuple[int, ...] | None) -> bool:
        return any(
            (parts is None or number.parts == parts)
            and self.heading(index, number, rest, in_list=False)
            for number, rest in self.numbered[index]
        )

    def run(self, start: int) -> tuple[Heading, ...]:
        """Return the headings from `start` on."""
        found: list[Heading] = []
        seen: set[tuple[int, ...]] = set()
        item = 0  # number of the last item of an open numbered list
        index = start
        while 0 <= index < len(self.lines):
            heading = self._next_heading(index, found, seen, item)
            if heading:
                found.append(heading)
                seen.add(heading.number.parts)
                item = 0
                index = self.after[heading.stop - 1]
                continue
            match = _ORDERED.match(self.lines[index].text)
            if match and int(match[1]) in (1, item + 1):
                item = int(match[1])
            index = self.after[index]
        return tuple(found)

    def has_text(self, headings: Sequence[Heading], position: int) -> bool:
        """Tell whether a point has text or points of its own below it."""
        if position + 1 == len(headings):
            return True
        this, following = headings[position], headings[position + 1]
        return self.after[this.stop - 1] != following.start or len(following.number.parts) > len(
            this.number.parts
        )

    def _next_heading(
        self, index: int, found: list[Heading], seen: set[tuple[int, ...]], item: int
    ) -> Heading | None:
        for number, rest in self.numbered.get(index, ()):
            if found and not follows(found[-1].number.parts, seen, number.parts):
                continue
            in_list = item > 0 and number.parts == (item + 1,)
            if in_list and self._list_goes_on(index, item + 1):
                continue
            heading = self.heading(index, number, rest, in_list=in_list)
            if heading:
                return heading
        return None

    def _list_goes_on(self, index: int, item: int) -> bool:
        """Tell whether the next line is an item too, or begins the numbers anew: then this is one."""
        below = self.after[index]
        match = _ORDERED.match(self.lines[below].text) if below >= 0 else None
        return match is not None and int(match[1]) <= item + 1

    def heading(self, index: int, number: Number, rest: str, *, in_list: bool) -> Heading | None:
        """Read the heading that begins at `index`, or return None where it does not look like one."""
        if self._goes_on_from_above(index, number):
            return None
        first = replace(self.lines[index], text=rest)
        used = [first]
        if self._continues_below(index + 1) and not rest.endswith((".", ":", ";")):
            used.append(self.lines[index + 1])
            # A short line was not wrapped: what follows is text that begins with a small letter.
            short = len(rest) < 0.5 * self.width and not open_ended(rest)
            if short:
                used.pop()
            elif self._continues_below(index + 2):
                return None  # three lines: a sentence
        text = join(used).text
        if not _looks_like_heading(text, in_list=in_list):
            return None
        stop = index + len(used)
        below = self.after[stop - 1]
        if len(text.split()) > 6 and below >= 0 and self._continues_below(below):
            return None  # a sentence that goes on after an empty line
        return Heading(index, stop, number, text.removesuffix(":").rstrip())

    def _continues_below(self, index: int) -> bool:
        if index >= len(self.lines):
            return False
        text = self.lines[index].text
        return starts_lower(text) and not _BULLET.match(text)

    def _goes_on_from_above(self, index: int, number: Number) -> bool:
        """Tell whether the line above needs this one: «se punkt» / «5.2 Ansvar» is a reference."""
        above = self.before[index]
        if above < 0:
            return False
        text = self.lines[above].text
        if _REFERS.search(text) or (above == index - 1 and open_ended(text)):
            return True
        close = above == index - 1 and len(number.parts) == 1 and above not in self.numbered
        room = len(text) + 1 + len(self.lines[index].text.split()[0])
        return close and not text.endswith((".", ":", ";", "!", "?")) and room > 0.85 * self.width


def _looks_like_heading(text: str, *, in_list: bool) -> bool:
    words = len(text.split())
    if len(text) > _MAX_LENGTH or words > _MAX_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if (
        text.endswith(";")
        or open_ended(text)
        or _LEADER.search(text)
        or _SENTENCE_BREAK.search(text)
    ):
        return False
    return not text.endswith(".") or (words <= 4 and not in_list)

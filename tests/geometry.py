"""Where things stand on the pages of a PDF: words by Poppler, parts of the text by the structure tree.

Each function returns what is wrong, as sentences: nothing for a page that is as it should be.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from pypdf import PdfReader

from tests import structure

MILLIMETRE = 72 / 25.4
SIDE, TOP, FOOT = 24 * MILLIMETRE, 25 * MILLIMETRE, 24 * MILLIMETRE  # margins, as in print.css
A4 = (595.28, 841.89)
PAGE = re.compile(r"<page .*?</page>", re.DOTALL)
WORD = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">([^<]*)</word>')


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def is_body(self) -> bool:
        """Whether it stands between the running title and the foot."""
        return self.top > TOP - 3 and self.bottom < A4[1] - FOOT + 6


class Printed:
    """A file, read once."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reader = PdfReader(io.BytesIO(content))

    @cached_property
    def words(self) -> list[list[Word]]:
        """The words of each page."""
        told = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=self.content, check=True, capture_output=True
        ).stdout.decode()
        return [
            [Word(*map(float, found[:4]), found[4]) for found in WORD.findall(sheet)]
            for sheet in PAGE.findall(told)
        ]

    @cached_property
    def elements(self) -> list[Any]:
        """The structure elements in reading order."""
        return structure.elements(self.reader)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {
            sheet.indirect_reference.idnum: number
            for number, sheet in enumerate(self.reader.pages, start=1)
            if sheet.indirect_reference is not None
        }

    def pages(self, element: Any) -> list[int]:
        """The numbers of the pages that an element stands on, in order."""
        return sorted({self._numbers[page] for page in _pages(element)})


def _pages(element: Any) -> Iterator[int]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        part = kid.get_object()
        if isinstance(part, dict) and "/S" in part:
            yield from _pages(part)
        elif isinstance(part, dict) and "/Pg" in part:
            yield part.raw_get("/Pg").idnum
        else:
            yield element.raw_get("/Pg").idnum


def outside(printed: Printed) -> Iterator[str]:
    """Words outside the margins, and bodies that do not begin where every page begins."""
    for number, words in enumerate(printed.words, start=1):
        for word in words:
            if word.left < SIDE - 1 or word.right > A4[0] - SIDE + 1:
                yield f"side {number}: «{word.text}» is outside the sides"
            if word.top < 30 or word.bottom > A4[1] - 30:
                yield f"side {number}: «{word.text}» is outside the page"
        body = [word.top for word in words if word.is_body]
        if number > 1 and body and not TOP - 2 < min(body) < TOP + 15:
            yield f"side {number}: begins {min(body) - TOP:.0f} points down"
        if not body:
            yield f"side {number}: has nothing on it"


def overlapping(printed: Printed) -> Iterator[str]:
    """Words that are printed over each other."""
    for number, words in enumerate(printed.words, start=1):
        ordered = sorted(words, key=lambda word: word.top)
        for place, word in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if other.top > word.bottom - 2.5:
                    break
                across = min(word.right, other.right) - max(word.left, other.left)
                if across > 0.8 and min(word.bottom, other.bottom) - other.top > 2.5:
                    yield f"side {number}: «{word.text}» and «{other.text}»"


def parted(printed: Printed) -> Iterator[str]:
    """Rows of tables and blocks for signatures that stand on two pages."""
    for element in printed.elements:
        block = element["/S"] == "/Sect" and any(
            part["/S"] == "/Form" for part in _below(element, depth=6)
        )
        own = block and not any(
            part["/S"] == "/Sect" and part is not element for part in _below(element, depth=2)
        )
        if (element["/S"] == "/TR" or own) and len(printed.pages(element)) > 1:
            yield f"{element['/S']} on the pages {printed.pages(element)}"


def _below(element: Any, depth: int) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        part = kid.get_object()
        if isinstance(part, dict) and "/S" in part:
            yield part
            if depth > 1:
                yield from _below(part, depth - 1)


def stranded(printed: Printed) -> Iterator[str]:
    """Headings without what they are the heading of, and lonely rows and points of lists."""
    leaves = [e for e in printed.elements if not any(_below(e, 1)) and list(_pages(e))]
    first_after: dict[int, int] = {}
    for leaf, following in pairwise(leaves):
        first_after[id(leaf)] = printed.pages(following)[0]
    for element in printed.elements:
        if re.fullmatch("/H[1-6]", element["/S"]):
            inside = [part for part in (*_below(element, 9), element) if id(part) in first_after]
            last = max(inside, key=lambda part: leaves.index(part), default=None)
            if last is not None and first_after[id(last)] != printed.pages(element)[-1]:
                yield f"a heading is last on page {printed.pages(element)[-1]}"
        if element["/S"] == "/Table":
            yield from _lonely(printed, element, "/TBody", "/TR", first=3, last=2)
        if element["/S"] == "/L":
            yield from _lonely(printed, element, "", "/LI", first=2, last=2)


def _lonely(
    printed: Printed, element: Any, inside: str, kind: str, *, first: int, last: int
) -> Iterator[str]:
    """Fewer parts than `first` on the first page, or than `last` on the last, of those on several.

    Of one with no more parts than that, all must be together.
    """
    holders = [p for p in _below(element, 1) if p["/S"] == inside] if inside else [element]
    parts = [part for holder in holders for part in _below(holder, 1) if part["/S"] == kind]
    starts = [printed.pages(part)[0] for part in parts]
    ends = [printed.pages(part)[-1] for part in parts]
    if len(parts) < 2 or len({*starts, *ends}) == 1:
        return
    first, last = min(first, len(parts)), min(last, len(parts))
    whole = starts[:first] == ends[:first]
    if starts[first - 1] != starts[0] and whole:
        yield f"{kind} alone under a heading on page {starts[0]}"
    if starts[-last] != ends[-1] and starts[-1] == ends[-1] and starts[-last] == ends[-last]:
        yield f"{kind} alone at the top of page {ends[-1]}"

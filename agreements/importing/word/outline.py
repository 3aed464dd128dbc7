"""Finding the title and the numbered points of a Word document. Pure.

Styles and outline levels decide where there are any. A document without them is read as plain text is:
by the numbers before its paragraphs, typed or counted by Word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.importing import headings as typed_headings
from agreements.importing.headings import Heading
from agreements.importing.lines import Line
from agreements.importing.numbers import Number, readings
from agreements.importing.word import numbering, styles
from agreements.importing.word.body import Element, Grid, Para
from agreements.importing.word.layout import line, spoken

_LONGEST = 150  # characters of a heading that is told from its number and weight
_DEEPEST = 9
_FEW = 2  # headings with a style in a text that else has only numbers


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings, by their places among the elements, and the place of the title if it has one."""

    headings: tuple[Heading, ...]
    title: int | None
    styled: bool  # told from styles: the numbers are counted, and need no remarks


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    level: int
    printed: str
    parts: tuple[int, ...]  # as printed; empty where it has no number
    text: str


def find(elements: Sequence[Element]) -> Outline:
    """Find title and points. No points where the text has neither heading styles nor numbers."""
    title = next(
        (i for i, e in enumerate(elements) if isinstance(e, Para) and e.style.title and e.runs),
        None,
    )
    found = _styled(elements)
    if title is None and _is_title(elements, found):
        title = found[0].place
        found = found[1:]
    found = [candidate for candidate in found if candidate.place != title]
    if len(found) <= _FEW:
        typed = _typed(elements)
        if not found or len(typed) > len(found) + _FEW:
            return Outline(typed, title, styled=False)
    if all(candidate.parts for candidate in found) and len({c.level for c in found}) == 1:
        # One style for every heading: the numbers alone tell how deep each is.
        found = [_Candidate(c.place, len(c.parts), c.printed, c.parts, c.text) for c in found]
    return Outline(tuple(_counted(found)), title, styled=True)


def heading_text(para: Para) -> tuple[str, str, tuple[int, ...]]:
    """Part a heading in its number as printed, its parts, and its text: (printed, text, parts)."""
    label = para.label
    if label is not None and label.form not in ("bullet", "none") and label.text:
        return label.text, para.text, numbering.parts(label.text)
    for number, rest in readings(para.text):
        return number.printed, rest.strip(), number.parts
    return "", para.text, ()


def _styled(elements: Sequence[Element]) -> list[_Candidate]:
    """Headings by style, and short bold paragraphs between them that carry the next number."""
    lists = {
        e.label.list_id
        for e in elements
        if isinstance(e, Para) and e.level is not None and e.label is not None
    }
    found: list[_Candidate] = []
    for place, element in enumerate(elements):
        if not isinstance(element, Para) or not element.runs or element.style.contents:
            continue
        if element.style.title:
            continue
        printed, text, parts = heading_text(element)
        level = element.level
        own = element.style.name == styles.TEXT
        short = not own and len(element.text) <= _LONGEST
        if level is None and found and short and text[:1].isupper():
            # A child or the next sibling of a point that stands above it.
            above = {c.parts[: len(parts) - 1] for c in found if c.parts}
            known = len(parts) > 1 and parts[:-1] in above
            listed = element.label is not None and element.label.list_id in lists
            ends = element.text.endswith((".", ":", ";", ","))
            if known and (element.bold or (listed and not ends)):
                level = min(len(parts), _DEEPEST)
        if level is not None:
            found.append(_Candidate(place, level, printed, parts, text))
    return found


def _is_title(elements: Sequence[Element], found: Sequence[_Candidate]) -> bool:
    """Tell whether the first heading is the title: it comes first, and the points are below it."""
    if len(found) < 2:
        return False
    first, *rest = found
    before = any(isinstance(e, Grid) or e.runs for e in elements[: first.place])
    alone = all(candidate.level > first.level for candidate in rest)
    unlike = not first.printed and all(c.printed for c in rest if c.level == first.level)
    return not before and not first.printed and (alone or unlike)


def _counted(found: Sequence[_Candidate]) -> list[Heading]:
    """Give each heading the number of its place. A level that is jumped over counts as none."""
    counted: list[Heading] = []
    levels: list[int] = []
    counts: list[int] = []
    for candidate in found:
        while levels and levels[-1] > candidate.level:
            levels.pop()
            counts.pop()
        if levels and levels[-1] == candidate.level:
            counts[-1] += 1
        elif levels and levels[-1] < candidate.level:
            levels.append(candidate.level)
            counts.append(1)
        else:
            # Deeper headings came first: they were the outermost.
            levels, counts = [candidate.level], [_outermost(counted) + 1]
        number = Number(candidate.printed or ".".join(map(str, counts)), tuple(counts))
        counted.append(Heading(candidate.place, candidate.place + 1, number, candidate.text))
    return counted


def _outermost(counted: Sequence[Heading]) -> int:
    return max((heading.number.parts[0] for heading in counted), default=0)


def _typed(elements: Sequence[Element]) -> tuple[Heading, ...]:
    """Find headings as in plain text, a paragraph a line."""
    lines: list[Line] = []
    places: list[int] = []
    for place, element in enumerate(elements):
        rows = (
            [line(row) for row in element.rows] if isinstance(element, Grid) else [_line(element)]
        )
        for made in (*rows, Line(0, 1, 0, "")):
            lines.append(made)
            places.append(place)
    return tuple(
        Heading(places[found.start], places[found.start] + 1, found.number, found.text)
        for found in typed_headings.find(lines)
        if isinstance(elements[places[found.start]], Para)
    )


def _line(para: Para) -> Line:
    counted = para.label is not None and numbering.parts(para.label.text)
    text = spoken(para) if counted else para.text
    bullet = para.label is not None and para.label.form == "bullet"
    return Line(
        para.number, 1, 0, f"• {text}" if bullet and text else text, (text,) if text else ()
    )

"""Reading an agreement from plain text: the way in to this package. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agreements.importing.assembly import Assembly
from agreements.importing.blocks import Block, build
from agreements.importing.headings import Heading, find
from agreements.importing.lines import Line, clean, decode, join, split, typical_width
from agreements.importing.pages import furniture
from agreements.importing.result import (
    Imported,
    Left,
    UnreadableAgreementError,
)
from agreements.importing.structure import Point, number_notes, tree
from agreements.importing.tables import find_signatures

__all__ = ["UnreadableAgreementError", "decode", "read"]

_TITLE_LIMIT = 160  # characters; the field holds no more
_CONTENTS = "Innholdsfortegnelse. Lages på nytt når avtalen skrives ut."
_SIGNATURES = "Signaturfelt. Lages på nytt av partene i avtalen."
_BEFORE = "Står foran det første nummererte punktet."
_AFTER = "Står etter signaturfeltene."
_PLAN_NOTE = "Tallene i avtalen hentes fra finansieringsplanen; radene her er beholdt som tekst."


def read(text: str) -> Imported:
    """Read the plain text of an agreement.

    Every word of the text is found again, in order, in the title, the clauses, the services or
    `left`. Nothing is guessed from what other agreements say.
    Raises UnreadableAgreementError (message in bokmål) for text that is empty, binary, over 2 MB or
    without numbered points; for nothing else.
    """
    cleaned, unseen = clean(text)
    reader = _Reader(split(cleaned))
    if unseen:
        reader.note(1, f"{unseen} usynlige tegn i filen er tatt bort.")
    return reader.run()


@dataclass(slots=True)
class _Reader:
    """The lines, and what has been found out about them so far."""

    lines: list[Line]
    found: Assembly = field(default_factory=Assembly)
    unplaced: list[Line] = field(default_factory=list)

    def run(self) -> Imported:
        for index, why in furniture(self.lines).items():
            self._leave(index, why)
        headings = find(self.lines)
        if not headings:
            raise UnreadableAgreementError(
                "Fant ingen nummererte punkter i teksten. En avtale må ha overskrifter med nummer, "
                "for eksempel «1. Parter» og «5.1 Kommunens ansvar»."
            )
        width = typical_width(self.lines)
        title, preamble = self._before(headings, width)
        self._after(headings)
        points = self._points(headings, width)
        top = tree(points)
        for line, remark in number_notes(points, top):
            self.note(line, remark)
        return self.found.finish(title, preamble, points, top, build(self.unplaced, width))

    def note(self, line: int, what: str, line_to: int | None = None) -> None:
        """Add an entry to the report."""
        self.found.note(line, what, line_to)

    def _leave(self, index: int, why: str, *, kept: bool = False) -> None:
        """Take a line out of the text, to `left`; where it is kept, to the unplaced text too."""
        line = self.lines[index]
        if line.text:
            self.found.left.append(Left(line.number, line.text, why, kept))
        if kept:
            self.unplaced.append(line)
        self.lines[index] = replace(line, text="", cells=())

    def _before(self, headings: Sequence[Heading], width: int) -> tuple[str, list[Block]]:
        """Read what stands before the first point: the title, a table of contents, other text."""
        stop = headings[0].start
        self._leave_contents(headings, stop)
        first = next((i for i in range(stop) if self.lines[i].text), stop)
        end = first
        while end < stop and self.lines[end].text:
            end += 1
        joined_title = join(self.lines[first:end])
        title = joined_title.text
        if title and len(title) <= _TITLE_LIMIT:
            self.note(joined_title.first, f"Tittel: «{title}».", joined_title.last)
            first = end
        else:
            title = ""
            self.note(1, "Fant ingen tittel før det første punktet.")
        preamble = build(self.lines[first:stop], width)
        for index in range(first, stop):
            self._leave(index, _BEFORE, kept=True)
        return title, preamble

    def _leave_contents(self, headings: Sequence[Heading], stop: int) -> None:
        """Take out the lines before the first point that repeat the headings."""
        known = {
            f"{heading.number.printed.rstrip('.')} {heading.text}".casefold()
            for heading in headings
        }
        contents = [
            index
            for index in range(stop)
            if self.lines[index].text and _contents_entry(self.lines[index].text) in known
        ]
        if len(contents) < 2:
            return
        above = next((i for i in range(contents[0] - 1, -1, -1) if self.lines[i].text), None)
        if (
            above is not None
            and self.lines[above].text.casefold().rstrip(":") in _CONTENTS_HEADINGS
        ):
            contents.insert(0, above)
        for index in contents:
            self._leave(index, _CONTENTS)

    def _after(self, headings: Sequence[Heading]) -> None:
        """Take out the signature block after the last heading, and what stands below it."""
        start = headings[-1].stop
        region = find_signatures(self.lines[start:])
        if region is None:
            return
        block = [
            line for line in self.lines[start + region.start : start + region.stop] if line.text
        ]
        names = "; ".join(cell for line in block for cell in line.cells)
        self.note(block[0].number, f"Signaturfelt: {names}.", block[-1].number)
        for index in range(start + region.start, start + region.stop):
            self._leave(index, _SIGNATURES)
        for index in range(start + region.stop, len(self.lines)):
            self._leave(index, _AFTER, kept=True)

    def _points(self, headings: Sequence[Heading], width: int) -> list[Point]:
        points = []
        for position, heading in enumerate(headings):
            last = position + 1 == len(headings)
            end = len(self.lines) if last else headings[position + 1].start
            section = self.lines[heading.start : end]
            numbers = [line.number for line in section if line.text]
            blocks = build(self.lines[heading.stop : end], width)
            points.append(Point(heading, numbers[0], numbers[-1], blocks))
        return points


_CONTENTS_HEADINGS = ("innhold", "innhald", "innholdsfortegnelse", "innhaldsliste")


def _contents_entry(text: str) -> str:
    """Return a line of a table of contents as «1 parter»: without dots and page number."""
    bare = text.casefold().rstrip("0123456789").rstrip(" .…").rstrip(":")
    number, _, heading = bare.partition(" ")
    return f"{number.rstrip('.')} {heading}"

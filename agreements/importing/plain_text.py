"""Reading an agreement from plain text: the way in to this package. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from agreements.domain import markup
from agreements.domain.document import PartyRole, ServiceLevel
from agreements.importing import parties, services, term
from agreements.importing.blocks import Block, Bullets, Paragraph, build, joined, to_markup
from agreements.importing.headings import Heading, find
from agreements.importing.lines import Line, clean, decode, join, split, typical_width
from agreements.importing.pages import furniture
from agreements.importing.result import (
    UNPLACED_HEADING,
    UNPLACED_KEY,
    Imported,
    ImportedClause,
    ImportedParty,
    Left,
    Understood,
    UnreadableAgreementError,
)
from agreements.importing.structure import Keys, Point, number_notes, tree
from agreements.importing.tables import Table, find_signatures

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
    report: list[Understood] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unplaced: list[Line] = field(default_factory=list)
    services: list[tuple[ServiceLevel, str]] = field(default_factory=list)

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
        found_parties = self._parties(points, preamble)
        found_term = self._term(points)
        self._take_services(points)
        for point in points:
            self._describe(point)
        return Imported(
            title,
            self._clauses(top, width),
            tuple(self.services),
            found_parties,
            found_term,
            tuple(sorted(self.report, key=lambda entry: (entry.line_from, -entry.line_to))),
            tuple(sorted(self.left, key=lambda entry: entry.line_number)),
        )

    def note(self, line: int, what: str, line_to: int | None = None) -> None:
        """Add an entry to the report."""
        self.report.append(Understood(line, line if line_to is None else line_to, what))

    def _leave(self, index: int, why: str, *, kept: bool = False) -> None:
        """Take a line out of the text, to `left`; where it is kept, to the unplaced text too."""
        line = self.lines[index]
        if line.text:
            self.left.append(Left(line.number, line.text, why, kept))
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

    def _parties(self, points: Sequence[Point], preamble: list[Block]) -> tuple[ImportedParty, ...]:
        named = [p for p in points if parties.PARTIES_HEADING.search(p.heading.text)]
        found: tuple[ImportedParty, ...] = ()
        for blocks in [*(point.blocks for point in named), preamble, points[0].blocks]:
            found = parties.find(blocks)
            if found:
                break
        if not found and named:
            found = parties.in_list(named[0].blocks)
        if not found:
            self.note(points[0].line_from, "Fant ingen parter. Legg dem til under «Parter».")
        for party in found:
            behalf = f", på vegne av {', '.join(party.on_behalf_of)}" if party.on_behalf_of else ""
            self.note(
                min(party.lines),
                f"Part: {party.name} ({_ROLES[party.role]}{behalf}).",
                max(party.lines),
            )
        return found

    def _term(self, points: Sequence[Point]) -> tuple[date, date] | None:
        named = [p for p in points if term.DURATION_HEADING.search(p.heading.text)]
        found = term.in_duration(text for point in named for text in joined(point.blocks))
        found = found or term.anywhere(text for point in points for text in joined(point.blocks))
        if found is None:
            line = (named or points)[0].line_from
            self.note(line, "Fant ikke både første og siste dag i avtaleperioden.")
            return None
        self.note(
            min(found.lines),
            f"Avtaleperiode: {found.start:%d.%m.%Y}–{found.end:%d.%m.%Y}.",
            max(found.lines),
        )
        return found.start, found.end

    def _take_services(self, points: Sequence[Point]) -> None:
        free = set(ServiceLevel)
        for point in points:
            point.blocks, taken = services.take(point.heading.text, point.blocks, free)
            for found in taken:
                free.discard(found.level)
                self.services += [(found.level, text) for text in found.texts]
                nested = " Underpunkter er blitt egne linjer." if found.nested else ""
                self.note(
                    found.line_from,
                    f"{services.NAMES[found.level]}: {len(found.texts)} linjer til tjenestelisten.{nested}",
                    found.line_to,
                )
        if free:
            names = ", ".join(
                services.NAMES[level].lower() for level in ServiceLevel if level in free
            )
            self.note(points[0].line_from, f"Fant ingen liste over {names}.")

    def _describe(self, point: Point) -> None:
        """Report a point, its tables, and the words that a line end may have divided."""
        paragraphs = sum(isinstance(block, Paragraph) for block in point.blocks)
        items = sum(len(block.items) for block in point.blocks if isinstance(block, Bullets))
        parts = [
            _count(paragraphs, "avsnitt", "avsnitt"),
            _count(items, "kulepunkt", "kulepunkter"),
        ]
        parts.append(_count(len(point.below), "underpunkt", "underpunkter"))
        what = ", ".join(filter(None, parts)) or "ingen tekst under overskriften"
        self.note(point.line_from, f"{point.label}: {what}.", point.line_to)
        for block in point.blocks:
            if isinstance(block, Table):
                self._describe_table(block)
        for text in joined(point.blocks):
            for line, word in text.hyphens:
                self.note(
                    line, f"Linjen slutter med bindestrek. Satt sammen til «{word}».", line + 1
                )

    def _describe_table(self, table: Table) -> None:
        lines = [line.number for row in (*table.head, *table.rows) for line in row]
        columns = f" og {table.columns} kolonner" if table.columns else ""
        names = ", ".join(_row_name(row[0].text) for row in table.rows)
        self.note(
            lines[0],
            f"Tabell med {len(table.rows)} rader{columns} ({names}). {_PLAN_NOTE}",
            lines[-1],
        )

    def _clauses(self, top: Iterable[Point], width: int) -> tuple[ImportedClause, ...]:
        keys = Keys((UNPLACED_KEY,))
        clauses = tuple(_clause(point, keys) for point in top)
        text = to_markup(build(self.unplaced, width))
        if not text:
            return clauses
        return (*clauses, ImportedClause(UNPLACED_KEY, "", UNPLACED_HEADING, text))


_CONTENTS_HEADINGS = ("innhold", "innhald", "innholdsfortegnelse", "innhaldsliste")
_ROLES = {
    PartyRole.COUNTY_AUTHORITY: "fylkeskommune",
    PartyRole.CONTRACT_MUNICIPALITY: "foreslått som kontraktskommune",
    PartyRole.PARTNER: "partner",
}


def _clause(point: Point, keys: Keys) -> ImportedClause:
    heading = point.heading.text
    if markup.parse_inline(heading) != (markup.Text(heading),):
        heading = markup.serialise((markup.Paragraph((markup.Text(heading),)),))
    return ImportedClause(
        keys.key(point.heading.text),
        point.heading.number.printed,
        heading,
        to_markup(point.blocks),
        tuple(_clause(below, keys) for below in point.below),
    )


def _contents_entry(text: str) -> str:
    """Return a line of a table of contents as «1 parter»: without dots and page number."""
    bare = text.casefold().rstrip("0123456789").rstrip(" .…").rstrip(":")
    number, _, heading = bare.partition(" ")
    return f"{number.rstrip('.')} {heading}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _row_name(text: str) -> str:
    """Return what stands before the figures of a row."""
    words = takewhile(lambda word: not any(map(str.isdigit, word)), text.split())
    return " ".join(words) or text

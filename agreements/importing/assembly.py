"""What readers of every format do with the points they have found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from agreements.domain import markup
from agreements.domain.document import PartyRole, ServiceLevel
from agreements.importing import parties, services, term
from agreements.importing.blocks import Block, Bullets, Paragraph, joined, to_markup
from agreements.importing.result import (
    UNPLACED_HEADING,
    UNPLACED_KEY,
    Imported,
    ImportedClause,
    ImportedParty,
    Left,
    Understood,
)
from agreements.importing.services import Taken
from agreements.importing.structure import Keys, Point
from agreements.importing.tables import Table

_PLAN_NOTE = "Tallene i avtalen hentes fra finansieringsplanen; radene her er beholdt som tekst."


@dataclass(slots=True)
class Assembly:
    """What has been found out about an agreement so far."""

    report: list[Understood] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    services: list[tuple[ServiceLevel, str]] = field(default_factory=list)
    taken: dict[int, list[Taken]] = field(default_factory=dict)  # by place among the points

    def note(self, line: int, what: str, line_to: int | None = None) -> None:
        """Add an entry to the report."""
        self.report.append(Understood(line, line if line_to is None else line_to, what))

    def finish(
        self,
        title: str,
        preamble: list[Block],
        points: Sequence[Point],
        top: Iterable[Point],
        unplaced: list[Block],
    ) -> Imported:
        """Read parties, term and services out of the points, and make the agreement of them."""
        found_parties = self._parties(points, preamble)
        found_term = self._term(points)
        self._take_services(points)
        for point in points:
            self._describe(point)
        return Imported(
            title,
            _clauses(top, unplaced),
            tuple(self.services),
            found_parties,
            found_term,
            tuple(sorted(self.report, key=lambda entry: (entry.line_from, -entry.line_to))),
            tuple(sorted(self.left, key=lambda entry: entry.line_number)),
        )

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
        for place, point in enumerate(points):
            point.blocks, taken = services.take(point.heading.text, point.blocks, free)
            self.taken[place] = taken
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


def _clauses(top: Iterable[Point], unplaced: list[Block]) -> tuple[ImportedClause, ...]:
    keys = Keys((UNPLACED_KEY,))
    clauses = tuple(_clause(point, keys) for point in top)
    text = to_markup(unplaced)
    if not text:
        return clauses
    return (*clauses, ImportedClause(UNPLACED_KEY, "", UNPLACED_HEADING, text))


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


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _row_name(text: str) -> str:
    """Return what stands before the figures of a row."""
    words = takewhile(lambda word: not any(map(str.isdigit, word)), text.split())
    return " ".join(words) or text

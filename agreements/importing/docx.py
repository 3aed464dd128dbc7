"""Reading an agreement from a Word document: the way in to `agreements.importing.word`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from agreements.importing.assembly import Assembly
from agreements.importing.blocks import Block, Paragraph
from agreements.importing.headings import Heading
from agreements.importing.lines import Joined, Line
from agreements.importing.result import (
    UNPLACED_KEY,
    Imported,
    ImportedClause,
    ImportedComment,
    Left,
    UnreadableAgreementError,
)
from agreements.importing.structure import Point, number_notes, tree
from agreements.importing.tables import find_signatures
from agreements.importing.word import archive, body, layout, outline, proposals, remarks, styles
from agreements.importing.word.body import AS_IT_STOOD, Body, Element, Grid, Para
from agreements.importing.word.names import W

__all__ = ["read"]

_TITLE_LIMIT = 160  # characters; the field holds no more
_BEFORE = "Står foran det første punktet."
_AFTER = "Står etter signaturfeltene."
_EDGES = {
    "header": "Topptekst. Settes på nytt når avtalen skrives ut.",
    "footer": "Bunntekst. Settes på nytt når avtalen skrives ut.",
}
_NOTES = {"footnotes": "Fotnote", "endnotes": "Sluttnote"}
_HIDDEN = "Skjult tekst i Word."
_PICTURE = "Beskrivelse av et bilde. Bilder leses ikke."
_SIGN_HEADING = re.compile(r"(?:underskrift|signatur|signering)\w*", re.IGNORECASE)
_NO_POINTS = (
    "Fant ingen punkter i dokumentet. Bruk overskriftsstilene i Word (Overskrift 1, Overskrift 2), "
    "eller gi overskriftene nummer, for eksempel «1. Parter» og «5.1 Kommunens ansvar»."
)


def read(data: bytes) -> Imported:
    """Read a Word document (.docx).

    Clauses hold the text as it stood before all tracked changes; what each author proposes is in
    `suggestions`, and what is no wording of a clause in `comments`. Every word of the file is found
    again in one of these, in the services or in `left`.
    Raises UnreadableAgreementError (message in bokmål) for what is no Word document, is encrypted,
    has macros, is dangerous or too large, or has no headings; for nothing else.
    """
    opened = archive.open_archive(data)
    try:
        return _Reader(opened).run()
    except RecursionError as problem:
        raise UnreadableAgreementError(archive.DAMAGED) from problem


@dataclass(slots=True)
class _Reader:
    opened: archive.Archive
    found: Assembly = field(default_factory=Assembly)
    unplaced: list[Block] = field(default_factory=list)

    def run(self) -> Imported:
        known = styles.read(self.opened.first("styles"))
        text = Body(self.opened.document, known, self.opened.first("numbering"))
        elements, furniture = layout.parted(text.view(AS_IT_STOOD))
        for element, why in furniture:
            self._leave([element], why)
        hidden, pictures = text.hidden, text.pictures
        shape = outline.find(elements)
        if not shape.headings:
            raise UnreadableAgreementError(_NO_POINTS)
        title, before = self._before(elements, shape)
        preamble = layout.blocks(before)
        points, closing = self._points(elements, shape)
        if not points:
            raise UnreadableAgreementError(_NO_POINTS)
        self.unplaced[:0] = preamble
        self._asides(known, [*hidden, *pictures])
        top = tree(points)
        if not shape.styled:
            for number, remark in number_notes(points, top):
                self.found.note(number, remark)
        imported = self.found.finish(title, preamble, points, top, self.unplaced)
        return self._with_proposals(
            text, imported, points, before, closing, [e for e, _ in furniture]
        )

    # What stands around the points

    def _leave(self, elements: Iterable[Element], why: str, *, kept: bool = False) -> None:
        """Take elements out of the text, to `left`; where they are kept, to the unplaced text too."""
        elements = list(elements)
        for element in elements:
            for number, words in layout.told(element):
                self.found.left.append(Left(number, words, why, kept))
        if kept:
            self.unplaced += layout.blocks(elements)

    def _before(
        self, elements: Sequence[Element], shape: outline.Outline
    ) -> tuple[str, list[Element]]:
        """Read what stands before the first point: the title, and other text."""
        before = list(elements[: shape.headings[0].start])
        place = shape.title
        if place is None:
            place = next((i for i, e in enumerate(before) if isinstance(e, Para)), None)
        title = ""
        if place is not None:
            element = elements[place]
            assert isinstance(element, Para)  # the only kind that is a title
            if len(element.text) <= _TITLE_LIMIT:
                title = element.text
                self.found.note(element.number, f"Tittel: «{title}».")
                before = [e for e in before if e is not element]
        if not title:
            self.found.note(1, "Fant ingen tittel før det første punktet.")
        for element in before:
            for number, words in layout.told(element):
                self.found.left.append(Left(number, words, _BEFORE, True))
        return title, before

    def _points(
        self, elements: Sequence[Element], shape: outline.Outline
    ) -> tuple[list[Point], list[Element]]:
        """Read the points, and take the signatures out of the last one."""
        points: list[Point] = []
        closing: list[Element] = []
        headings = list(shape.headings)
        ends = [heading.start for heading in headings[1:]] + [len(elements)]
        for place, (heading, end) in enumerate(zip(headings, ends, strict=True)):
            section = [
                e
                for i, e in enumerate(elements[heading.stop : end], heading.stop)
                if i != shape.title
            ]
            if place + 1 == len(headings) and place:
                if _SIGN_HEADING.fullmatch(heading.text) and not any(map(_long, section)):
                    closing = [elements[heading.start], *section]
                    self._leave(closing, layout.SIGNATURES)
                    break
                section, closing = self._signatures(section)
            points.append(self._point(elements[heading.start], heading, section))
        return points, closing

    def _point(self, element: Element, heading: Heading, section: list[Element]) -> Point:
        number = _number(element)
        short, long = proposals.fitted(heading.text, number)
        last = max([number, *(n for e in section for n, _ in layout.told(e))])
        blocks = [*long, *layout.blocks(section)]
        return Point(replace(heading, text=short), number, last, blocks)

    def _signatures(self, section: list[Element]) -> tuple[list[Element], list[Element]]:
        """Part the last point's text from the signatures below it."""
        lines: list[Line] = []
        places: list[int] = []
        for place, element in enumerate(section):
            rows = (
                [layout.line(row) for row in element.rows]
                if isinstance(element, Grid)
                else [Line(element.number, 1, 0, element.text, (element.text,))]
            )
            for line in (*rows, Line(0, 1, 0, "")):
                lines.append(line)
                places.append(place)
        # A table of figures has names side by side in its head, and is no signature.
        figures = [i for i, line in enumerate(lines) if re.search(r"\d{3}", line.text)]
        start = figures[-1] + 1 if figures else 0
        region = find_signatures(lines[start:])
        if region is None:
            return section, []
        first, stop = places[start + region.start], places[start + region.stop - 1] + 1
        names = "; ".join(words for e in section[first:stop] for _, words in layout.told(e))
        self.found.note(_number(section[first]), f"Signaturfelt: {names[:500]}.")
        self._leave(section[first:stop], layout.SIGNATURES)
        self._leave(section[stop:], _AFTER, kept=True)
        return section[:first], section[first:]

    def _asides(self, known: styles.Styles, asides: Sequence[body.Aside]) -> None:
        """Report text that is in the file and not in the running text."""
        for aside in asides:
            why = _HIDDEN if aside.what == "Skjult tekst" else _PICTURE
            self.found.left.append(Left(aside.number, aside.text, why, False))
        for kind, name in _NOTES.items():
            root = self.opened.first(kind)
            notes = [] if root is None else [n for n in root if not n.get(W + "type")]
            for count, note in enumerate(notes, start=1):
                self._apart(known, note, f"{name} {count}.", kept=True)
        for kind, why in _EDGES.items():
            seen: set[str] = set()
            for part in self.opened.parts.get(kind, ()):
                self._apart(known, part, why, seen=seen)
        if {"aFChunk", "subDocument"} & self.opened.parts.keys():
            self.found.note(
                1, "Et innfelt dokument er ikke lest. Lim inn teksten fra det i Word først."
            )
        formatted = sum(
            1
            for _ in self.opened.document.iter(W + "rPrChange", W + "pPrChange", W + "tblPrChange")
        )
        if formatted:
            self.found.note(1, f"{formatted} sporede endringer av utseendet er ikke tatt med.")

    def _apart(
        self,
        known: styles.Styles,
        root: etree._Element,
        why: str,
        *,
        kept: bool = False,
        seen: set[str] | None = None,
    ) -> None:
        """Report the text of a note, header or footer, as it stood and as it is proposed."""
        part = Body(root, known, None)
        as_it_stood = _words(part.view(AS_IT_STOOD))
        proposed = _words(part.view(frozenset(part.authors())))
        for words, what in ((as_it_stood, why), (proposed, f"{why} Foreslått endret til dette.")):
            new = words and words not in (seen or ()) and not (what != why and words == as_it_stood)
            if not new:
                continue
            if seen is not None:
                seen.add(words)
            self.found.left.append(Left(1, words, what, kept))
            if kept:
                self.unplaced.append(Paragraph(Joined(words, ((0, 1),))))

    # Changes and comments

    def _with_proposals(
        self,
        text: Body,
        imported: Imported,
        points: Sequence[Point],
        before: Sequence[Element],
        closing: Sequence[Element],
        furniture: Sequence[Element],
    ) -> Imported:
        """Add what the tracked changes propose, and the comments, to the clauses they stand in."""
        title = [imported.title] if imported.title else []
        sections = proposals.Sections(
            tuple(point.line_from for point in points),
            tuple(self._sections(points, imported)),
            (*title, *layout.lines_of(before)),
            _number(closing[0]) if closing else None,
            layout.lines_of(closing),
            layout.lines_of(furniture),
        )
        suggestions, proposed = proposals.read(text, sections)
        said = remarks.read(
            self.opened.document,
            text.numbers,
            self.opened.first("comments"),
            self.opened.first("commentsExtended"),
        )
        comments = [
            ImportedComment(
                sections.key(remark.number),
                *(remark.author, remark.day, remark.quote, remark.text),
                *(remark.resolved, remark.replies),
            )
            for remark in said
        ]
        return replace(
            imported,
            suggestions=tuple(suggestions),
            comments=(*proposed, *comments),
            unit="avsnitt",
        )

    def _sections(self, points: Sequence[Point], imported: Imported) -> Iterable[proposals.Section]:
        clauses = [c for c in _walk(imported.clauses) if c.key != UNPLACED_KEY]
        for place, (point, clause) in enumerate(zip(points, clauses, strict=True)):
            taken = tuple(self.found.taken.get(place, ()))
            yield proposals.Section(clause.key, clause.heading, clause.text, point, taken)


def _number(element: Element) -> int:
    """The first paragraph of an element."""
    if isinstance(element, Grid):
        return next((para.number for para in element.paragraphs()), 1)
    return element.first


def _long(element: Element) -> bool:
    """Whether an element has more text than a signature."""
    return any(len(words) > 150 for _, words in layout.told(element))


def _words(elements: Iterable[Element]) -> str:
    return " ".join(words for element in elements for _, words in layout.told(element))


def _walk(clauses: Iterable[ImportedClause]) -> Iterable[ImportedClause]:
    for clause in clauses:
        yield clause
        yield from _walk(clause.children)

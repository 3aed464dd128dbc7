"""What the authors of tracked changes propose, clause by clause. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from agreements.domain import markup
from agreements.importing import services
from agreements.importing.blocks import Block, Paragraph, to_markup
from agreements.importing.lines import Joined
from agreements.importing.result import ImportedComment, ImportedSuggestion
from agreements.importing.structure import Point
from agreements.importing.word import layout
from agreements.importing.word.body import CHANGES, Body, Element, Grid, author
from agreements.importing.word.names import W
from agreements.importing.word.outline import heading_text
from agreements.importing.word.remarks import day
from agreements.importing.word.runs import Run

MOST_AUTHORS = 8  # each is a reading of the whole file; the changes of the rest are taken together
MOST_HEADING = 160  # characters; the field holds no more
OTHERS = "flere forfattere"
BEFORE = -1  # the section before the first point


@dataclass(frozen=True, slots=True)
class Section:
    """A point as it stood, and what was made of it."""

    key: str
    heading: str  # as clause text
    text: str
    point: Point
    taken: tuple[services.Taken, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """The points of the text as it stood, by the paragraphs they begin with."""

    starts: tuple[int, ...]
    sections: tuple[Section, ...]
    before: tuple[str, ...]  # the lines before the first point
    closing: int | None  # the paragraph where the signatures begin
    after: tuple[str, ...]  # the lines from there on
    furniture: tuple[str, ...]  # what is made anew, wherever it stands

    def of(self, number: int) -> int:
        """Which section a paragraph is in: BEFORE, or a place among `sections`."""
        return bisect_right(self.starts, number) - 1

    def key(self, number: int | None) -> str:
        """The clause that a paragraph is in; empty for none of them."""
        if number is None or (self.closing is not None and number >= self.closing):
            return ""
        place = self.of(number)
        return "" if place == BEFORE else self.sections[place].key


@dataclass(frozen=True, slots=True)
class _Group:
    """Authors whose changes are read together, where they changed something, and when last."""

    name: str
    authors: frozenset[str]
    days: dict[int, date | None]  # by section


def read(body: Body, sections: Sections) -> tuple[list[ImportedSuggestion], list[ImportedComment]]:
    """Return a new wording per clause and author, and as comments what is no wording of a clause."""
    suggestions: list[ImportedSuggestion] = []
    comments: list[ImportedComment] = []
    for group in _groups(body, sections):
        elements, furniture = layout.parted(body.view(group.authors))
        if said := line_changes(sections.furniture, layout.lines_of(e for e, _ in furniture)):
            last = max(filter(None, group.days.values()), default=None)
            words = f"Forside, innhold eller signaturfelt foreslås endret:{said}"
            comments.append(ImportedComment("", group.name, last, "", words, proposal=True))
        divided = _divided(elements, sections)
        for place in sorted(group.days):
            reader = _Reader(group, place, sections)
            if place == BEFORE:
                comments += reader.before(divided.get(place, []))
            else:
                wording, remarks = reader.point(divided.get(place, []))
                suggestions += wording
                comments += remarks
    return suggestions, comments


def _groups(body: Body, sections: Sections) -> list[_Group]:
    authors = body.authors()
    alone = authors if len(authors) <= MOST_AUTHORS else authors[: MOST_AUTHORS - 1]
    groups = [_Group(name, frozenset({name}), {}) for name in alone]
    if len(alone) < len(authors):
        groups.append(_Group(OTHERS, frozenset(authors[len(alone) :]), {}))
    owner = {name: group for group in groups for name in group.authors}
    for node in body.root.iter(*CHANGES):
        days = owner[author(node)].days
        for number in _paragraphs(body, node):
            place = sections.of(number)
            found = day(node)
            known = days.get(place)
            days[place] = found if known is None or (found and found > known) else known
    return groups


def _paragraphs(body: Body, node: etree._Element) -> Iterable[int]:
    """The paragraphs that a change touches; a mark that goes or comes touches the one after it too."""
    around = next(node.iterancestors(W + "p"), None)
    if around is not None:
        here = body.numbers[around]
        return (here, here + 1)
    inside = next(node.iter(W + "p"), None)
    if inside is None:  # in the properties of a row or cell
        owner = next(node.iterancestors(W + "tr"), None)
        inside = None if owner is None else next(owner.iter(W + "p"), None)
    return () if inside is None else (body.numbers[inside],)


def _divided(elements: Iterable[Element], sections: Sections) -> dict[int, list[Element]]:
    found: dict[int, list[Element]] = {}
    for element in elements:
        if isinstance(element, Grid):
            first = next(element.paragraphs(), None)
            if first is not None:
                found.setdefault(sections.of(first.number), []).append(element)
        elif element.runs:
            found.setdefault(sections.of(element.number), []).append(element)
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    group: _Group
    place: int
    sections: Sections

    def before(self, elements: list[Element]) -> list[ImportedComment]:
        """The title and what else stands before the first point."""
        said = line_changes(self.sections.before, layout.lines_of(elements))
        words = f"Teksten foran det første punktet foreslås endret:{said}"
        return [self._comment("", words)] if said else []

    def point(
        self, elements: list[Element]
    ) -> tuple[list[ImportedSuggestion], list[ImportedComment]]:
        """A new wording of the point, and what is proposed besides."""
        section = self.sections.sections[self.place]
        closing = self.sections.closing
        comments: list[ImportedComment] = []
        if closing is not None:
            after = [e for e in elements if _number(e) >= closing]
            elements = [e for e in elements if _number(e) < closing]
            if said := line_changes(self.sections.after, layout.lines_of(after)):
                comments.append(self._comment("", f"Signaturfeltene foreslås endret:{said}"))
        heading, long, rest = self._heading(elements)
        found = [*long, *layout.blocks(rest)]
        found, taken = services.take(
            section.point.heading.text, found, {list_.level for list_ in section.taken}
        )
        text = to_markup(found)
        comments += self._services(section, taken)
        if heading == section.heading and text == section.text:
            return [], comments
        if not heading and not text:
            comments.append(self._comment(section.key, "Hele punktet foreslås tatt ut."))
            return [], comments
        if not heading:
            comments.append(self._comment(section.key, "Overskriften foreslås tatt ut."))
        made = ImportedSuggestion(
            section.key,
            self.group.name,
            self.group.days[self.place],
            heading or section.heading,
            text,
        )
        if (made.heading, made.text) == (section.heading, section.text):
            return [], comments
        return [made], comments

    def _heading(self, elements: list[Element]) -> tuple[str, list[Block], list[Element]]:
        """Part the heading, empty where it is gone, from the rest. Headings that are new become text."""
        start = self.sections.starts[self.place]
        heading, long, rest = "", list[Block](), list[Element]()
        for index, element in enumerate(elements):
            if isinstance(element, Grid):
                rest.append(element)
            elif index == 0 and element.first <= start <= element.number:
                short, long = fitted(heading_text(element)[1], element.number)
                heading = clause_heading(short)
            elif element.level is not None:
                bold = tuple(Run(run.text, True) for run in layout.as_text(element).runs)
                rest.append(replace(element, runs=bold, label=None, level=None))
            else:
                rest.append(element)
        return heading, long, rest

    def _services(self, section: Section, taken: Sequence[services.Taken]) -> list[ImportedComment]:
        comments = []
        now = {list_.level: list_.texts for list_ in taken}
        for list_ in section.taken:
            lines = now.get(list_.level)
            if lines is None or lines == list_.texts:
                continue
            words = f"{services.NAMES[list_.level]} foreslås endret:"
            words += line_changes(list_.texts, lines)
            comments.append(self._comment(section.key, words))
        return comments

    def _comment(self, key: str, text: str) -> ImportedComment:
        when = self.group.days[self.place]
        return ImportedComment(key, self.group.name, when, "", text, proposal=True)


def _number(element: Element) -> int:
    if isinstance(element, Grid):
        return next((para.number for para in element.paragraphs()), 0)
    return element.number


def line_changes(before: Sequence[str], after: Sequence[str]) -> str:
    """Say which lines are new and which are gone, a line each; empty where nothing differs."""
    if list(before) == list(after):
        return ""
    old, new = set(before), set(after)
    said = [f"\nNytt: «{line}»" for line in after if line not in old]
    said += [f"\nUt: «{line}»" for line in before if line not in new]
    return "".join(said) or "\nAnnen rekkefølge."


def clause_heading(text: str) -> str:
    """A heading as the field of a clause has it, with what would be read as marks escaped."""
    if markup.parse_inline(text) == (markup.Text(text),):
        return text
    return markup.serialise((markup.Paragraph((markup.Text(text),)),))


def fitted(text: str, number: int) -> tuple[str, list[Block]]:
    """A heading that there is room for and, where it had to be cut, the whole of it as text."""
    if len(clause_heading(text)) <= MOST_HEADING:
        return text, []
    short = text[:MOST_HEADING].rpartition(" ")[0] or text[:MOST_HEADING]
    while len(clause_heading(short)) >= MOST_HEADING:
        short = short[: len(short) * 9 // 10]
    return f"{short.rstrip()}…", [Paragraph(Joined(text, ((0, number),)))]

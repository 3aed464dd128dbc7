"""The text of a Word document with some people's tracked changes made and all others' not. Pure.

A view is the set of authors whose changes are made: none of them gives the text as it stood. Formatting
that was changed counts as it is now. A paragraph whose mark is not there in a view goes on in the next
one, as in Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from agreements.importing.lines import MAX_BYTES as MOST_TEXT
from agreements.importing.lines import seen
from agreements.importing.result import UnreadableAgreementError
from agreements.importing.word import numbering as lists
from agreements.importing.word.archive import TOO_MUCH
from agreements.importing.word.names import MC, WP, M, W, child, number, on, value
from agreements.importing.word.runs import Run, tidy
from agreements.importing.word.styles import NO_STYLE, Style, Styles, outline

View = frozenset[str]
AS_IT_STOOD: View = frozenset()
NOBODY = "Ukjent"

_ADDED = {W + "ins", W + "moveTo"}
_REMOVED = {W + "del", W + "moveFrom"}
CHANGES = (W + "ins", W + "moveTo", W + "del", W + "moveFrom", W + "cellIns", W + "cellDel")
_TEXT = {W + "t", W + "delText", M + "t"}
_SPACE = {W + "tab", W + "br", W + "cr", W + "ptab"}
_SKIPPED = {
    *(W + name for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "instrText", "tblPr")),
    *(W + name for name in ("delInstrText", "tblGrid", "trPr", "tcPr", "fldData", "ffData", "rt")),
    *(W + name for name in ("smartTagPr", "customXmlPr", "rubyPr", "binData")),
}


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of a view. `first` differs from `number` where it begins in an earlier one's text."""

    number: int  # which paragraph of the file it is, from 1
    first: int
    runs: tuple[Run, ...]
    style: Style = NO_STYLE
    level: int | None = None  # of a heading, 1 for the outermost
    label: lists.Label | None = None
    breaks: bool = False  # has a line break or a tab within

    @property
    def text(self) -> str:
        """The text without its number."""
        return "".join(run.text for run in self.runs)

    @property
    def bold(self) -> bool:
        """Whether everything in it is bold."""
        return self.style.bold or all(run.bold for run in self.runs if run.text.strip())


Cell = tuple[Para, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells of paragraphs."""

    rows: tuple[tuple[Cell, ...], ...]

    def paragraphs(self) -> Iterator[Para]:
        """Every paragraph, row by row."""
        for row in self.rows:
            for cell in row:
                yield from cell


Element = Para | Grid


@dataclass(slots=True)
class Aside:
    """Text that is in the file, and not in the running text."""

    number: int  # of the paragraph it belongs to
    what: str
    text: str


@dataclass(slots=True)
class Body:
    """The body of a document, ready to be read in any view."""

    root: etree._Element
    styles: Styles
    numbering: etree._Element | None
    numbers: dict[etree._Element, int] = field(default_factory=dict)
    hidden: list[Aside] = field(default_factory=list)
    pictures: list[Aside] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)  # paragraph, kind, id
    _view: View | None = None
    _lists: lists.Numbering | None = None
    _private: int = 0

    def __post_init__(self) -> None:
        """Number the paragraphs. UnreadableAgreementError for more text than any agreement has."""
        self.numbers = {p: n for n, p in enumerate(self.root.iter(W + "p"), start=1)}
        if sum(len(node.text or "") for node in self.root.iter(*_TEXT)) > MOST_TEXT:
            raise UnreadableAgreementError(TOO_MUCH)

    def authors(self) -> list[str]:
        """Who has changed something, in the order of their first change."""
        return list(dict.fromkeys(author(node) for node in self.root.iter(*CHANGES)))

    def view(self, accepted: View) -> tuple[Element, ...]:
        """The text with these authors' changes made and nobody else's."""
        self._view = accepted
        self._lists = lists.read(self.numbering)
        self.hidden, self.pictures, self.notes = [], [], []
        body = child(self.root, "body")
        return tuple(self._container(self.root if body is None else body))

    # Blocks

    def _container(self, container: etree._Element) -> list[Element]:
        found: list[Element] = []
        carried: list[Run] = []
        last: Para | None = None  # the paragraph whose mark is not there
        for node in self._blocks(container):
            if node.tag == W + "p":
                para, boxes = self._paragraph(node, carried, last)
                if self._mark_shows(node):
                    found += [self._labelled(node, para), *boxes]
                    carried, last = [], None
                else:
                    carried = list(para.runs)
                    words = "".join(run.text for run in carried).strip()
                    last = replace(para, runs=()) if words else None
                    found += boxes
            else:
                if last is not None and "".join(run.text for run in carried).strip():
                    found.append(replace(last, runs=tuple(carried)))
                carried, last = [], None
                if rows := self._rows(node):
                    found.append(Grid(rows))
        if last is not None and "".join(run.text for run in carried).strip():
            found.append(replace(last, runs=tuple(carried)))
        return found

    def _blocks(self, container: etree._Element) -> Iterator[etree._Element]:
        """Yield the paragraphs and tables of a container, through everything that wraps them."""
        for node in container:
            if node.tag in (W + "p", W + "tbl"):
                yield node
            elif node.tag in (W + "tr", W + "tc"):  # where they should not be
                yield from self._blocks(node)
            elif isinstance(node.tag, str) and node.tag not in _SKIPPED and self._shows(node):
                yield from self._blocks(_chosen(node))

    def _rows(self, table: etree._Element) -> tuple[tuple[Cell, ...], ...]:
        rows = []
        for row in _nearest(table, W + "tr"):
            properties = child(row, "trPr")
            if properties is not None and not all(map(self._shows, properties)):
                continue
            cells = []
            for cell in _nearest(row, W + "tc"):
                of_cell = child(cell, "tcPr")
                changes = [] if of_cell is None else [n for n in of_cell if n.tag in CHANGES]
                if all(map(self._shows, changes)):
                    cells.append(tuple(_flat(self._container(cell))))
            if any(para.text.strip() for cell in cells for para in cell):
                rows.append(tuple(cells))
        return tuple(rows)

    def _mark_shows(self, paragraph: etree._Element) -> bool:
        mark = child(child(paragraph, "pPr"), "rPr")
        return mark is None or all(map(self._shows, mark))

    def _shows(self, node: etree._Element) -> bool:
        """Tell whether what is marked with a change is there in this view."""
        assert self._view is not None
        if node.tag in _ADDED or node.tag == W + "cellIns":
            return author(node) in self._view
        if node.tag in _REMOVED or node.tag == W + "cellDel":
            return author(node) not in self._view
        return True

    def _paragraph(
        self, node: etree._Element, carried: list[Run], last: Para | None
    ) -> tuple[Para, list[Element]]:
        properties = child(node, "pPr")
        here = self.numbers[node]
        found = _Found(here, list(carried))
        self._inline(node, found)
        style = self.styles.of(properties)
        own = child(properties, "outlineLvl")
        para = Para(
            here,
            here if last is None else last.first,
            tuple(found.runs),
            style,
            style.level if own is None else outline(properties),
            None,
            found.breaks,
        )
        boxes: list[Element] = []
        for box in found.boxes:
            boxes += self._container(box)
        return para, boxes

    def _labelled(self, node: etree._Element, para: Para) -> Para:
        """Give a paragraph its tidy text and, where there is text, its number."""
        runs = tidy(para.runs)
        para = replace(para, runs=runs)
        if not runs:
            return para
        assert self._lists is not None
        properties = child(node, "pPr")
        numbered = child(properties, "numPr")
        key, level = para.style.num_id, para.style.num_level
        bound = self._lists.styles.get(value(properties, "pStyle") or "")
        if key is not None and bound is not None and bound[0] == key:
            level = bound[1]
        if numbered is not None:
            key = value(numbered, "numId") or key
            level = number(value(numbered, "ilvl"), level, 8)
        if key is None or key == "0":
            return para
        return replace(para, label=self._lists.label(key, level))

    # Inside a paragraph

    def _inline(self, node: etree._Element, found: _Found) -> None:
        """Gather the text of a paragraph. The parser has held the depth to 256."""
        for part in node:
            tag = part.tag
            if not isinstance(tag, str) or tag in _SKIPPED or not self._shows(part):
                continue
            if tag == W + "r":
                self._run(part, found)
            elif tag == W + "txbxContent":
                found.boxes.append(part)
            elif tag in _TEXT:
                found.add(part.text or "")
            elif tag in _SPACE:
                found.breaks = True
                found.add(" ")
            elif tag == W + "noBreakHyphen":
                found.add("-")
            elif tag == W + "sym":
                self._symbol(part, found)
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnotes" if tag == W + "footnoteReference" else "endnotes"
                self.notes.append((found.number, kind, part.get(W + "id", "")))
            elif tag == WP + "docPr":
                if words := " ".join(seen(part.get("descr") or "").split()):
                    self.pictures.append(Aside(found.number, "Bilde", words[:1000]))
            else:
                self._inline(_chosen(part), found)

    def _run(self, run: etree._Element, found: _Found) -> None:
        properties = child(run, "rPr")
        bold = on(properties, "b")
        if bold is None:
            bold = (value(properties, "rStyle") or "") in self.styles.bold_characters
        if not on(properties, "vanish"):
            before, found.bold = found.bold, bold
            self._inline(run, found)
            found.bold = before
            return
        away = _Found(found.number, [])
        self._inline(run, away)
        if words := "".join(part.text for part in tidy(away.runs)):
            self.hidden.append(Aside(found.number, "Skjult tekst", words))

    def _symbol(self, part: etree._Element, found: _Found) -> None:
        code = part.get(W + "char", "")
        try:
            character = chr(int(code, 16))
        except (ValueError, OverflowError):
            return
        # The private characters of Word's symbol fonts are bullets and arrows: no text.
        found.add(" • " if "\ue000" <= character <= "\uf8ff" else character)


@dataclass(slots=True)
class _Found:
    """What a paragraph has been found to hold."""

    number: int
    runs: list[Run]
    boxes: list[etree._Element] = field(default_factory=list)
    bold: bool = False
    breaks: bool = False

    def add(self, text: str) -> None:
        self.runs.append(Run(text, self.bold))


def author(node: etree._Element) -> str:
    """Who made a change or a comment."""
    return " ".join(seen(node.get(W + "author", "")).split())[:100] or NOBODY


def _chosen(node: etree._Element) -> etree._Element:
    """Of what is written in two ways, for newer and older programs, the first; else the node."""
    if node.tag != MC + "AlternateContent":
        return node
    choice = node.find(MC + "Choice")
    if choice is not None and any(True for _ in choice.iter(*_TEXT, WP + "docPr")):
        return choice
    fallback = node.find(MC + "Fallback")
    found = choice if fallback is None else fallback
    return node if found is None else found


def _nearest(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows or cells of a table, through what wraps them, and none of a table within."""
    for part in node:
        if part.tag == tag:
            yield part
        elif part.tag in (W + "sdt", W + "sdtContent", W + "customXml"):
            yield from _nearest(part, tag)


def _flat(elements: Iterable[Element]) -> Iterator[Para]:
    for element in elements:
        if isinstance(element, Grid):
            yield from element.paragraphs()
        else:
            yield element

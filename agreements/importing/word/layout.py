"""Making paragraphs, lists and tables of a Word document's paragraphs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agreements.domain.markup import MAX_DEPTH
from agreements.importing.blocks import Block, Bullets, Item, Paragraph
from agreements.importing.lines import Line
from agreements.importing.numbers import starts_with_month
from agreements.importing.tables import Table
from agreements.importing.word import numbering, styles
from agreements.importing.word.body import Element, Grid, Para
from agreements.importing.word.runs import Run, joined

CONTENTS = "Innholdsfortegnelse. Lages på nytt når avtalen skrives ut."
SIGNATURES = "Signaturfelt. Lages på nytt av partene i avtalen."
FURNITURE = {
    styles.FRONT: "Forside. Lages på nytt når avtalen skrives ut.",
    styles.SIGNATURES: SIGNATURES,
    styles.ATTACHMENTS: "Liste over vedlegg. Legg ved filene på nytt, så lages den av dem.",
}
BETWEEN = " | "  # cells of one row
_TYPED_BULLET = re.compile(r"(?:[•●▪◦‣■□►➢✓∙⁃\uf0a7\uf0b7\uf0d8\uf0fc]\s*|[-–—*]\s+)(?=\S)")
_CONTINUED = re.compile(r"list continue(?: ([2-9]))?", re.IGNORECASE)
_TYPED_NUMBER = re.compile(r"([1-9]\d?)[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Mark:
    """What makes a paragraph a list item."""

    ordered: bool
    depth: int  # from 0
    value: int = 0  # the number it has
    skip: int = 0  # characters of the text that are the mark
    typed: bool = False


def blocks(elements: Sequence[Element]) -> list[Block]:
    """Read the elements of a point. A list item whose number cannot be kept becomes text with it."""
    builder = _Builder()
    paragraphs = list(_with_tables_opened(elements))
    marks = [_mark(element) if isinstance(element, Para) else None for element in paragraphs]
    for place, (element, mark) in enumerate(zip(paragraphs, marks, strict=True)):
        if isinstance(element, Grid):
            builder.table(element)
        elif _CONTINUED.fullmatch(element.style.name) and builder.continued(element):
            continue
        elif mark and builder.fits(mark, marks[place + 1 : place + 2]):
            builder.item(element, mark)
        else:
            builder.paragraph(element)
    return builder.blocks


def line(row: Sequence[Sequence[Para]]) -> Line:
    """A row of a table as a line of text."""
    cells = tuple(" ".join(spoken(para) for para in cell if para.runs) for cell in row)
    numbers = [para.number for cell in row for para in cell]
    # Single spaces, also around empty cells; fixed spaces within numbers stay.
    text = " ".join(filter(None, BETWEEN.join(cells).split(" ")))
    return Line(numbers[0] if numbers else 0, 1, 0, text, tuple(filter(None, cells)))


def spoken(para: Para) -> str:
    """The text with the number that Word puts before it."""
    label = para.label
    counted = label is not None and label.form not in ("bullet", "none") and label.text
    return f"{label.text} {para.text}" if label and counted else para.text


def lines_of(elements: Iterable[Element]) -> tuple[str, ...]:
    """The elements as lines of text."""
    return tuple(words for element in elements for _, words in told(element))


def told(element: Element) -> list[tuple[int, str]]:
    """(number, words) of each line of an element."""
    if isinstance(element, Grid):
        rows = map(line, element.rows)
        return [(row.number, row.text) for row in rows if row.text]
    return [(element.number, spoken(element))] if element.runs else []


def parted(elements: Iterable[Element]) -> tuple[list[Element], list[tuple[Element, str]]]:
    """Part the text from what is made anew when an agreement is printed, with why it is left out.

    That is a table of contents, and the front page and signatures of this program's own documents.
    """
    text: list[Element] = []
    furniture: list[tuple[Element, str]] = []
    for element in _frames_opened(elements):
        paras = list(element.paragraphs()) if isinstance(element, Grid) else [element]
        with_text = [para for para in paras if para.runs]
        if not with_text:
            continue
        why = {_made_anew(para.style.name) for para in with_text}
        if "" not in why:
            furniture.append((element, max(why)))
        elif all(para.style.contents for para in with_text):
            furniture.append((element, CONTENTS))
        else:
            text.append(element)
    return text, furniture


def _made_anew(style: str) -> str:
    """Why text of a style is left out; empty for text that is not."""
    return next((why for name, why in FURNITURE.items() if style.startswith(name)), "")


def _frames_opened(elements: Iterable[Element]) -> Iterable[Element]:
    """Take tables of one column apart: they are frames around text."""
    for element in elements:
        if isinstance(element, Grid) and all(len(row) <= 1 for row in element.rows):
            yield from element.paragraphs()
        else:
            yield element


def as_text(para: Para) -> Para:
    """Put the number that Word counts into the text itself."""
    words = spoken(para)
    if len(words) == len(para.text):
        return para
    prefix = Run(words[: len(words) - len(para.text)])
    return replace(para, runs=(prefix, *para.runs))


def opened(grid: Grid) -> bool:
    """Tell whether a table only lays out text: one column, or cells of several paragraphs."""
    if all(len(row) <= 1 for row in grid.rows):
        return True
    cells = [[para for para in cell if para.runs] for row in grid.rows for cell in row]
    return any(len(cell) > 2 or any(map(_mark, cell)) for cell in cells)


def _with_tables_opened(elements: Iterable[Element]) -> Iterable[Element]:
    for element in elements:
        if isinstance(element, Grid):
            yield from element.paragraphs() if opened(element) else [element]
        elif element.runs:
            yield element


def _mark(para: Para) -> _Mark | None:
    label = para.label
    if label is not None:
        depth = min(label.level, MAX_DEPTH - 1)
        if label.form == "bullet":
            return _Mark(False, depth)
        single = len(numbering.parts(label.text.strip("()"))) == 1
        return _Mark(True, depth, label.value) if single and label.form == "decimal" else None
    if para.style.name == styles.TEXT:
        return None
    if bullet := _TYPED_BULLET.match(para.text):
        return _Mark(False, 0, 0, bullet.end(), True)
    typed = _TYPED_NUMBER.match(para.text)
    if typed and not starts_with_month(para.text[typed.end() :]):
        return _Mark(True, 0, int(typed[1]), typed.end(), True)
    return None


class _Builder:
    """Goes through the paragraphs once, with the lists that are open."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open: list[tuple[int, Bullets]] = []  # (depth in the file, list), outermost first

    def fits(self, mark: _Mark, following: Sequence[_Mark | None]) -> bool:
        """Tell whether an item can be written with the number it has."""
        if not mark.ordered:
            return True
        now = self._list_for(mark)
        if mark.value != (1 if now is None else len(now.items) + 1):
            return False
        if now is None and self._joins_another(mark):
            return False
        after = following[0] if following else None
        # A number typed once is a sentence; a numbered list has at least two items.
        return not mark.typed or mark.value > 1 or bool(after and after.typed and after.value == 2)

    def item(self, para: Para, mark: _Mark) -> None:
        """Add a list item."""
        bullets = self._list_for(mark)
        while self.open and self.open[-1][0] > mark.depth:
            self.open.pop()
        if bullets is None:
            if self.open and self.open[-1][0] == mark.depth:
                self.open.pop()  # a list of the other kind at the same place
            bullets = self._begin(mark)
        text = joined(para.runs, para.number, mark.skip)
        bullets.items.append(Item(text))

    def continued(self, para: Para) -> bool:
        """Add a paragraph more to the item that is open; False where there is none so deep."""
        match = _CONTINUED.fullmatch(para.style.name)
        depth = int((match and match[1]) or 1) - 1
        if not any(place == depth for place, _ in self.open):
            return False
        while self.open[-1][0] > depth:
            self.open.pop()
        text = joined(as_text(para).runs, para.number)
        self.open[-1][1].items[-1].lists.append(Paragraph(text))
        return True

    def paragraph(self, para: Para) -> None:
        """Add running text; it ends every list."""
        self.open.clear()
        self.blocks.append(Paragraph(joined(as_text(para).runs, para.number)))

    def table(self, grid: Grid) -> None:
        """Add the rows of a table as lines."""
        self.open.clear()
        first, *rest = [(line(row),) for row in grid.rows]
        widths = {len(row) for row in grid.rows}
        self.blocks.append(Table((first,), tuple(rest), widths.pop() if len(widths) == 1 else None))

    def _list_for(self, mark: _Mark) -> Bullets | None:
        """The open list that the item goes on; None where it begins one."""
        for depth, bullets in reversed(self.open):
            if depth == mark.depth:
                return bullets if bullets.ordered == mark.ordered else None
            if depth < mark.depth:
                return None
        return None

    def _joins_another(self, mark: _Mark) -> bool:
        """Tell whether a new list would be written as one with a list right before it."""
        above = [bullets for depth, bullets in self.open if depth < mark.depth]
        before = above[-1].items[-1].lists if above else self.blocks
        last = before[-1] if before else None
        return isinstance(last, Bullets) and last.ordered == mark.ordered

    def _begin(self, mark: _Mark) -> Bullets:
        above = self.open[-1][1].items[-1].lists if self.open else None
        last = (above if above is not None else self.blocks)[-1:]
        if last and isinstance(last[0], Bullets) and last[0].ordered == mark.ordered:
            bullets = last[0]  # written as one list in any case
        else:
            bullets = Bullets(mark.ordered)
            if above is None:
                self.blocks.append(bullets)
            else:
                above.append(bullets)
        self.open.append((mark.depth, bullets))
        return bullets

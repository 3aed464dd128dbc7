"""Making paragraphs and lists of a point's lines. Pure.

A PDF breaks lines where the page ends, not where the sentence does, and sets empty lines at random.
What belongs together is judged from how the line above ends and how the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from agreements.domain import markup
from agreements.importing.lines import (
    Joined,
    Line,
    ended,
    join,
    open_ended,
    starts_lower,
    starts_upper,
)
from agreements.importing.numbers import starts_with_month
from agreements.importing.tables import Table, find_tables, read_table

_STRONG = "•●▪◦‣■□►➢✓∙⁃\uf0a7\uf0b7\uf0d8\uf0fc"  # the last four: Word's symbol fonts
_WEAK = "-–—*o+"  # also a dash, a placeholder or a letter in running text
_MARKER = re.compile(rf"([{_STRONG}])\s*(.*)|([{_WEAK}])\s+(\S.*)|([1-9]\d?)[.)]\s+(\S.*)")
_LETTERED = re.compile(r"[a-zæøå]\)\s")
_RANK = {**dict.fromkeys("•●■►➢✓*\uf0b7\uf0d8\uf0fc", 0), **dict.fromkeys("▪∙⁃\uf0a7", 2)}
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Joined


@dataclass(slots=True)
class Item:
    """A list item: its text, and the lists under it. A Word file may have more paragraphs there."""

    text: Joined
    lists: list[Bullets | Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Bullets:
    """A list, bulleted or numbered from 1."""

    ordered: bool
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fact:
    """The place of a block fact, where a list has been read into the service checklist."""

    name: str


Block = Paragraph | Bullets | Table | Fact


def build(lines: Sequence[Line], width: int) -> list[Block]:
    """Read the lines of a point. `width` is where the PDF wrapped its lines, in characters."""
    blocks: list[Block] = []
    position = 0
    for region in find_tables(lines):
        blocks += _Builder(lines[position : region.start], width).run()
        blocks.append(read_table(lines[region.start : region.stop]))
        position = region.stop
    return blocks + _Builder(lines[position:], width).run()


def to_markup(blocks: Iterable[Block]) -> str:
    """Write blocks as clause text. Every character of the text is escaped where it would be a mark."""
    return markup.serialise(_markup(blocks))


def joined(blocks: Iterable[Block]) -> Iterable[Joined]:
    """Yield every run of text in paragraphs and lists, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            for item in block.items:
                yield item.text
                yield from joined(item.lists)


@dataclass(slots=True)
class _Open:
    """The text that is being put together: lines, and the item they are in."""

    lines: list[Line]
    item: Item | None = None


@dataclass(slots=True)
class _Level:
    """An open list: its marker and how far in it stands."""

    glyph: str
    indent: int
    bullets: Bullets


class _Builder:
    """Goes through lines once: each begins an item or a paragraph, or goes on with the one above."""

    def __init__(self, lines: Sequence[Line], width: int) -> None:
        self.lines = lines
        self.width = width
        self.blocks: list[Block] = []
        self.levels: list[_Level] = []
        self.open: _Open | None = None
        # Numbers that begin a line further down: a numbered list has at least two items.
        self.twos = [i for i, line in enumerate(lines) if re.match(r"2[.)]\s+\S", line.text)]

    def run(self) -> list[Block]:
        gap = True
        for index, line in enumerate(self.lines):
            if not line.text:
                gap = True
                continue
            marker = self._marker(index, gap)
            if marker:
                self._begin_item(line, *marker)
            elif self.open and self._goes_on(self.open, line, gap):
                self.open.lines.append(line)
            else:
                self._close()
                self.levels.clear()
                self.open = _Open([line])
            gap = False
        self._close()
        return self.blocks

    def _marker(self, index: int, gap: bool) -> tuple[str, str] | None:
        """Return the list marker the line begins with and the rest, or None.

        A sign that also stands in running text counts where its list is open, where the line above
        has ended or was not full, or where the next line has the same sign.
        """
        line = self.lines[index]
        match = _MARKER.match(line.text)
        if not match:
            return None
        strong, strong_rest, weak, weak_rest, number, number_rest = match.groups()
        above = self.open.lines[-1].text if self.open and self.open.lines else ""
        if strong:
            return strong, strong_rest
        if number:
            fits = self._number_fits(int(number), index) and not starts_with_month(number_rest)
            return (number, number_rest) if fits and not (above and open_ended(above)) else None
        wrapped = len(above) + len(weak_rest.split()[0]) + 3 > 0.7 * self.width
        if gap or ended(above) or not wrapped or any(level.glyph == weak for level in self.levels):
            return weak, weak_rest
        below = self.lines[index + 1].text if index + 1 < len(self.lines) else ""
        return (weak, weak_rest) if below.startswith(f"{weak} ") else None

    def _number_fits(self, number: int, index: int) -> bool:
        if number > 1:
            return any(
                level.bullets.ordered and len(level.bullets.items) + 1 == number
                for level in self.levels
            )
        # Two numbered lists in a row would be written as one, and the second lose its numbers.
        last = self.blocks[-1] if self.blocks and self.levels else None
        taken = any(level.bullets.ordered for level in self.levels) or (
            isinstance(last, Bullets) and last.ordered
        )
        return not taken and bool(self.twos) and self.twos[-1] > index

    def _begin_item(self, line: Line, glyph: str, rest: str) -> None:
        self._close()
        ordered = glyph.isdigit()
        glyph = "1" if ordered else glyph
        while self.levels and not self._same_or_above(line, glyph, ordered):
            self.levels.pop()
        if not self.levels or self.levels[-1].glyph != glyph:
            self._open_list(line, glyph, ordered)
        item = Item(Joined("", ()))
        self.levels[-1].bullets.items.append(item)
        self.open = _Open([replace(line, text=rest)] if rest else [], item)

    def _same_or_above(self, line: Line, glyph: str, ordered: bool) -> bool:
        """Tell whether the innermost open list takes the item, or a list inside it does."""
        level = self.levels[-1]
        if level.glyph == glyph:
            return True
        if any(other.glyph == glyph for other in self.levels) or len(self.levels) == _MAX_DEPTH:
            return False
        deeper = line.indent > level.indent + 1
        return deeper or ordered or level.bullets.ordered or _rank(glyph) > _rank(level.glyph)

    def _open_list(self, line: Line, glyph: str, ordered: bool) -> None:
        if self.levels:
            lists = self.levels[-1].bullets.items[-1].lists
            last = lists[-1] if lists else None
            bullets = last if isinstance(last, Bullets) else Bullets(ordered)
            if last is not bullets or bullets.ordered or ordered:
                bullets = Bullets(ordered)
                lists.append(bullets)
        else:
            above = self.blocks[-1] if self.blocks else None
            if isinstance(above, Bullets) and not above.ordered and not ordered:
                bullets = above  # written as one list in any case
            else:
                bullets = Bullets(ordered)
                self.blocks.append(bullets)
        self.levels.append(_Level(glyph, line.indent, bullets))

    def _goes_on(self, text: _Open, line: Line, gap: bool) -> bool:
        """Tell whether the line belongs to the text above it."""
        if not text.lines:
            return True  # a marker on a line of its own: this is its text
        above = text.lines[-1]
        # The room the first word would have taken above: a full line was wrapped.
        room = len(above.text) + 1 + len(line.text.split()[0])
        if _LETTERED.match(line.text):
            return False
        if above.divided or open_ended(above.text) or _bracket_open(text.lines):
            return True
        if gap:
            numbered = re.match(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-ZÆØÅ]", line.text)
            if ended(above.text) or starts_upper(line.text) or numbered:
                return False
            return starts_lower(line.text) or room > 0.6 * self.width
        if starts_lower(line.text):
            return True
        if ended(above.text):
            return room > 0.85 * self.width and line.indent <= above.indent
        return not starts_upper(line.text) or room > 0.7 * self.width

    def _close(self) -> None:
        if self.open is None:
            return
        text, item = join(self.open.lines), self.open.item
        self.open = None
        if item is None:
            self.blocks.append(Paragraph(text))
        elif text.text:
            item.text = text
        else:
            self._drop(item)

    def _drop(self, item: Item) -> None:
        """Take out an item without text: a marker with nothing behind it."""
        for level in self.levels:
            if level.bullets.items and level.bullets.items[-1] is item:
                level.bullets.items.pop()
                if not level.bullets.items:
                    self.levels = self.levels[: self.levels.index(level)]
                    self.blocks = [block for block in self.blocks if block is not level.bullets]
                break


def _bracket_open(lines: Sequence[Line]) -> bool:
    """Tell whether a «(» of the last two lines lacks its «)». Farther up it is a slip of the pen."""
    text = "".join(line.text for line in lines[-2:])
    return text.rfind("(") > text.rfind(")")


def _rank(glyph: str) -> int:
    return _RANK.get(glyph, 1)


def _markup(blocks: Iterable[Block]) -> tuple[markup.Block, ...]:
    found: list[markup.Block] = []
    for block in blocks:
        match block:
            case Paragraph(text):
                found.append(_paragraph(text))
            case Fact(name):
                found.append(markup.BlockFact(name))
            case Bullets(ordered, items):
                found.append(
                    markup.ListBlock(
                        ordered,
                        tuple((_paragraph(i.text), *_markup(i.lists)) for i in items),
                    )
                )
            case Table(head, rows):
                found += [_paragraph(join(row)) for row in (*head, *rows)]
    return tuple(found)


def _paragraph(text: Joined) -> markup.Paragraph:
    inlines: list[markup.Inline] = []
    position = 0
    for start, end in text.bold:
        inlines += [
            markup.Text(text.text[position:start]),
            markup.Text(text.text[start:end], bold=True),
        ]
        position = end
    return markup.Paragraph((*inlines, markup.Text(text.text[position:])))

"""What differs between two texts of a clause: paragraph by paragraph, and in each word by word. Pure.

Texts are compared as they are read, not as they are typed: two ways of writing the same list do not
differ. A word, a number, a mark, a `{{ fact }}` and a `[[punkt:key]]` are each one token, bold or
not, and a space belongs to the token after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from agreements.domain import markup
from agreements.domain.diff_order import Opcode, opcodes

# Two paragraphs are the same one, edited, when so much of them is alike.
_ALIKE = 0.4
_SHORT = 3  # words; so short a line is its old self also with every word changed
_MOST_LINES = 4000  # pairs of lines whose likeness is worked out at one place
_TORN = 3  # words changed on both sides of a single word, which then is no help to the reader

_TOKEN = re.compile(
    r"(?P<space> *)(?P<token>\d+(?:[.,\u00a0\u202f]\d+)*|\w+(?:[-\u2019'/]\w+)*|[^\w ]|$)"
)


class Change(StrEnum):
    """What became of a part of the older text, or where a part of the newer one came from."""

    KEPT = "kept"
    DELETED = "deleted"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring tokens with one fate. A kept run is the same in both texts.

    The runs of one text put together are the text after a space, so that every word has its space.
    """

    change: Change
    parts: tuple[markup.Inline, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a line stands: «-» or «1.» before a list item, and how many lists it is inside."""

    marker: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a list item. `before` and `after` are its shapes, None where it is not there."""

    before: Shape | None
    after: Shape | None
    runs: tuple[Run, ...]

    @property
    def change(self) -> Change | None:
        """What became of the line as a whole; None where it is in both texts and differs."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.DELETED
        kept = self.before == self.after and all(run.change is Change.KEPT for run in self.runs)
        return Change.KEPT if kept else None

    @property
    def shape(self) -> Shape:
        """Where the line stands in the newer text, else in the older."""
        return self.after or self.before or Shape()


@dataclass(frozen=True, slots=True)
class _Token:
    space: str
    part: markup.Inline


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line parted in its tokens."""

    shape: Shape
    tokens: tuple[_Token, ...]

    @property
    def words(self) -> int:
        return sum(map(_is_word, self.tokens))


def compare(before: str, after: str) -> tuple[Line, ...]:
    """Compare two clause texts; lines in the order of the newer, deleted ones where they stood."""
    old = _lines(before)
    return compare_lines(old, _lines(after) if after != before else old)


def prepared(shape: Shape, inlines: Iterable[markup.Inline]) -> Prepared:
    """A line of a text that is no clause text, to be compared by `compare_lines`."""
    return Prepared(shape, _tokens(inlines))


def compare_lines(old: Sequence[Prepared], new: Sequence[Prepared]) -> tuple[Line, ...]:
    """Compare two texts given as lines. Each line of each is in the answer once, in order."""
    found: list[Line] = []
    for tag, i1, i2, j1, j2 in opcodes(old, new):
        if tag == "equal":
            found += [_line(line, line) for line in new[j1:j2]]
        else:
            found += [_line(*pair) for pair in _pairs(old[i1:i2], new[j1:j2])]
    return tuple(found)


def compare_inline(before: str, after: str) -> tuple[Run, ...]:
    """Compare two texts of one line, such as headings."""
    return _runs(_tokens(markup.parse_inline(before)), _tokens(markup.parse_inline(after)))


def compare_plain(before: str, after: str) -> tuple[Run, ...]:
    """Compare two texts in which no mark means anything, such as lines of the checklist."""
    old, new = markup.one_line(before), markup.one_line(after)
    return _runs(_tokens((markup.Text(old),)), _tokens((markup.Text(new),)))


def words(runs: Iterable[Run]) -> int:
    """Count the words that were changed: where some became others, the larger of the two numbers."""
    total = 0
    for kept, group in groupby(runs, lambda run: run.change is Change.KEPT):
        if not kept:
            counts = dict.fromkeys(Change, 0)
            for run in group:
                counts[run.change] += sum(map(_is_word, _tokens(run.parts)))
            total += max(counts.values())
    return total


def words_in(lines: Iterable[Line]) -> int:
    """Count the changed words of a text. Lines that took the place of others count as words do."""
    apart = Run(Change.KEPT, ())
    runs: list[Run] = []
    for line in lines:
        paired = line.before is not None and line.after is not None
        runs += [apart, *line.runs, apart] if paired else line.runs
    return words(runs)


def _is_word(token: _Token) -> bool:
    match token.part:
        case markup.Text(text):
            return any(letter.isalnum() for letter in text)
        case _:
            return True


# Reading


def _lines(text: str) -> list[Prepared]:
    return list(_flat(markup.parse(text), "", 0))


def _flat(blocks: Sequence[markup.Block], marker: str, depth: int) -> Iterator[Prepared]:
    """Yield the lines of a tree; the first one has the marker of the item it begins."""
    for block in blocks:
        match block:
            case markup.Paragraph(inlines):
                yield Prepared(Shape(marker, depth), _tokens(inlines))
            case markup.BlockFact(name):
                yield Prepared(Shape(marker, depth), _tokens((markup.FactRef(name),)))
            case markup.ListBlock(ordered, items):
                for item in items:
                    yield from _flat(item, "1." if ordered else "-", depth + 1)
        marker = ""


def _tokens(inlines: Iterable[markup.Inline]) -> tuple[_Token, ...]:
    """Part a line in its tokens. A line begins as if after a space, so that a word that comes first
    is the same word as elsewhere."""
    found: list[_Token] = []
    space = " "
    for inline in inlines:
        if not isinstance(inline, markup.Text):
            found.append(_Token(space, inline))
            space = ""
            continue
        for match in _TOKEN.finditer(inline.text):
            space += match["space"]
            if match["token"]:
                found.append(_Token(space, markup.Text(match["token"], inline.bold)))
                space = ""
    if space and found:
        found.append(_Token(space, markup.Text("")))
    return tuple(found)


# Comparing


def _pairs(
    old: Sequence[Prepared], new: Sequence[Prepared]
) -> Iterator[tuple[Prepared | None, Prepared | None]]:
    """Pair the lines of two passages that differ, so that most of their text is with its like.

    Lines keep their order. One without a like is paired with None. Between pairs, what was deleted
    comes first.
    """
    if len(old) * len(new) > _MOST_LINES:
        yield from ((line, None) for line in old)
        yield from ((None, line) for line in new)
        return
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(old) or j < len(new):
        if (
            i < len(old)
            and j < len(new)
            and likeness[i][j]
            and best[i][j] == best[i + 1][j + 1] + likeness[i][j]
        ):
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def _likeness(one: Prepared, other: Prepared) -> float:
    """How much of two lines is alike, from 0 to 1; 0 where they are not one line, edited."""
    common = sum((Counter(one.tokens) & Counter(other.tokens)).values())
    share = 2 * common / max(1, len(one.tokens) + len(other.tokens))
    if share >= _ALIKE:
        return share
    short = one.shape == other.shape and max(one.words, other.words) <= _SHORT
    return 0.01 if short else 0.0


def _line(old: Prepared | None, new: Prepared | None) -> Line:
    if old is new and new is not None:
        runs: tuple[Run, ...] = (Run(Change.KEPT, _parts(new.tokens)),)
    else:
        runs = _runs(old.tokens if old else (), new.tokens if new else ())
    return Line(old.shape if old else None, new.shape if new else None, runs)


def _runs(old: tuple[_Token, ...], new: tuple[_Token, ...]) -> tuple[Run, ...]:
    found: list[Run] = []
    for tag, i1, i2, j1, j2 in _readable(opcodes(old, new), old, new):
        if tag == "equal":
            found.append(Run(Change.KEPT, _parts(new[j1:j2])))
            continue
        found += [Run(Change.DELETED, _parts(old[i1:i2]))] if i1 < i2 else []
        found += [Run(Change.ADDED, _parts(new[j1:j2]))] if j1 < j2 else []
    return tuple(found)


def _readable(codes: list[Opcode], old: Sequence[_Token], new: Sequence[_Token]) -> list[Opcode]:
    """Let a single word that happens to stand between two rewritten passages go with them."""
    found: list[Opcode] = []
    for code in codes:
        if len(found) > 1 and code[0] != "equal":
            before, (_, i1, i2, _, _) = found[-2], found[-1]
            single = sum(map(_is_word, old[i1:i2])) <= 1
            if single and all(_rewritten(side, old, new) for side in (before, code)):
                found[-2:] = [("replace", before[1], code[2], before[3], code[4])]
                continue
        found.append(code)
    return found


def _rewritten(code: Opcode, old: Sequence[_Token], new: Sequence[_Token]) -> bool:
    _, i1, i2, j1, j2 = code
    return min(sum(map(_is_word, old[i1:i2])), sum(map(_is_word, new[j1:j2]))) >= _TORN


def _parts(tokens: Iterable[_Token]) -> tuple[markup.Inline, ...]:
    """Put tokens together again, each after its space."""
    found: list[markup.Inline] = []
    for token in tokens:
        match token.part:
            case markup.Text(text, bold):
                text = token.space + text
                last = found[-1] if found else None
                if isinstance(last, markup.Text) and last.bold == bold:
                    found[-1] = markup.Text(last.text + text, bold)
                elif text:
                    found.append(markup.Text(text, bold))
            case _:
                found += [markup.Text(token.space)] if token.space else []
                found.append(token.part)
    return tuple(found)

r"""Clause text: a small Markdown subset, read into a tree and written back. Pure.

    paragraphs            parted by an empty line; a single line break is a space
    - item / 1. item      lists, nested by indentation (also `+`, `*` and `1)`)
    **bold**
    {{ fact.name }}       a fact from the agreement, see `facts`
    [[punkt:key]]         a reference to another clause
    \*                    a mark that is meant as a character

markdown-it-py (preset zero, so no HTML, links, headings or code) finds the blocks; the four inline
marks are found by one regular expression, so that reading takes time in proportion to the length.
Whatever is not one of the marks above is text, and no visible character is ever dropped. That is
why two things differ from ordinary Markdown:

- A numbered list starts at 1 and goes on with 1 or the next number. «17. mai» at the start of a
  line is text: a list would show it as «1. mai».
- Lists nest to MAX_DEPTH levels; deeper markers are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.token import Token

from agreements.domain.facts import BLOCK_NAMES
from municipalities.characters import clean as clean
from municipalities.characters import one_line as one_line

MAX_DEPTH = 8
# Longer names are text. Far longer than any fact or key, and it keeps a stray `{{` cheap.
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Text:
    """Characters to be shown as they are."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FactRef:
    """`{{ name }}`: the place of a fact. The name may be one that does not exist."""

    name: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """`[[punkt:key]]`: a reference to a clause. The key may be one that does not exist."""

    key: str
    bold: bool = False


Inline = Text | FactRef | ClauseRef


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list; each item holds blocks, lists among them."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class BlockFact:
    """A fact that fills a paragraph of its own: a table, a list or a set sentence."""

    name: str


Block = Paragraph | ListBlock | BlockFact

_SPACE = re.compile(r"[ \t\n]+")
_MARK = re.compile(
    rf"""
    \\(?P<escaped>[\\*{{\[\-+.)])
    | \{{\{{ (?P<fact>[^{{}}]{{1,{MAX_NAME}}}) \}}\}}
    | \[\[[ ]?punkt[ ]?: (?P<clause>[^\[\]]{{1,{MAX_NAME}}}) \]\]
    | (?P<stars>\*+)
    """,
    re.VERBOSE,
)
_LIST_START = re.compile(r"(?:[-+*]|1[.)])[ \t]\s*\S")
_SPECIAL = re.compile(r"[\\*]|\{(?=\{|$)|\[(?=\[|$)")
_LEADING_MARKER = re.compile(r"\A(?:[0-9]{1,9}(?=[.)])|(?=[-+]))(?=.(?:\s|\Z))")


def parse(text: str) -> tuple[Block, ...]:
    """Read clause text into blocks. Never raises; unknown facts and references come out as such.

    Texts of ordinary length are remembered: a draft is read again with one point changed.
    """
    return _remembered(text) if len(text) <= _SHORT else _parsed(text)


def _parsed(text: str) -> tuple[Block, ...]:
    return _tree(_blocks.parse(clean(text)))


_SHORT = 4000  # characters; of longer ones the blocks may take megabytes
_remembered = lru_cache(maxsize=1024)(_parsed)


def parse_inline(text: str) -> tuple[Inline, ...]:
    """Read one line, such as a heading: only the inline marks mean anything."""
    return _inlines(clean(text))


def walk(blocks: Iterable[Block]) -> Iterator[Inline | BlockFact]:
    """Yield every inline and block fact in reading order."""
    for block in blocks:
        match block:
            case Paragraph(inlines):
                yield from inlines
            case ListBlock(_, items):
                for item in items:
                    yield from walk(item)
            case BlockFact():
                yield block


# Reading


def _list_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's list rule, within the limits in the module's docstring.

    A line indented less than the current block belongs to an outer list that has already begun, and
    is left to the original rule.
    """
    if state.sCount[start] >= state.blkIndent:
        position = state.bMarks[start] + state.tShift[start]
        too_deep = state.level >= 2 * MAX_DEPTH  # a list and its item are a level each
        if too_deep or not _LIST_START.match(state.src, position, state.eMarks[start]):
            return False
    return list_block(state, start, end, silent)


def _block_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 2 * MAX_DEPTH + 4}).enable("list")
    parser.block.ruler.at("list", _list_rule, {"alt": ["paragraph"]})
    return parser.disable(["inline", "text_join"])


_blocks = _block_parser()


def _tree(tokens: Iterable[Token]) -> tuple[Block, ...]:
    """Build the tree from markdown-it's flat sequence of opening and closing tokens."""
    open_blocks: list[list[Block]] = [[]]
    open_lists: list[list[tuple[str, tuple[Block, ...]]]] = []
    open_markers: list[str] = []
    for token in tokens:
        match token.type:
            case "inline":
                _append(open_blocks[-1], _paragraph(token.content))
            case "bullet_list_open" | "ordered_list_open":
                open_lists.append([])
            case "list_item_open":
                open_markers.append(token.info + token.markup)
                open_blocks.append([])
            case "list_item_close":
                open_lists[-1].append((open_markers.pop(), tuple(open_blocks.pop())))
            case "bullet_list_close":
                items = tuple(item for _, item in open_lists.pop() if item)
                _append(open_blocks[-1], ListBlock(False, items))
            case "ordered_list_close":
                _append_numbered(open_blocks[-1], open_lists.pop())
    return tuple(open_blocks[0])


def _append(blocks: list[Block], block: Block) -> None:
    """Add a block, unless it is empty; a list right after a list of its kind continues it."""
    previous = blocks[-1] if blocks else None
    match block:
        case Paragraph(()) | ListBlock(_, ()):
            return
        case ListBlock(ordered, items) if (
            isinstance(previous, ListBlock) and previous.ordered == ordered
        ):
            blocks[-1] = ListBlock(ordered, previous.items + items)
        case _:
            blocks.append(block)


def _append_numbered(blocks: list[Block], items: list[tuple[str, tuple[Block, ...]]]) -> None:
    """Add a numbered list. An item whose number is out of order becomes text with its number."""
    run: list[tuple[Block, ...]] = []
    expected = {"1"}
    for marker, item in items:
        if (number := marker[:-1]) in expected:
            expected = {"1", str(int(number) + 1)}
            if item:
                run.append(item)
            continue
        _append(blocks, ListBlock(True, tuple(run)))
        run, expected = [], {"1"}
        inlines: tuple[Inline, ...] = (Text(marker),)
        if item and isinstance(item[0], Paragraph):
            inlines, item = (Text(f"{marker} "), *item[0].inlines), item[1:]
        _append(blocks, Paragraph(_merged(inlines)))
        for block in item:
            _append(blocks, block)
    _append(blocks, ListBlock(True, tuple(run)))


def _paragraph(content: str) -> Block:
    inlines = _inlines(content)
    match inlines:
        case (FactRef(name),) if name in BLOCK_NAMES:
            return BlockFact(name)
        case _:
            return Paragraph(inlines)


def _inlines(content: str) -> tuple[Inline, ...]:
    """Read the inline marks. Bold begins before and ends after a visible character.

    Only a pair of stars can be bold; a longer or shorter run, and a pair without its other half, is
    text.
    """
    text = _SPACE.sub(" ", content).strip()
    parts: list[Inline] = []
    opened: int | None = None  # where in `parts` the pair of stars stands that may begin bold
    position = 0
    for mark in _MARK.finditer(text):
        before, position = text[position : mark.start()], mark.end()
        parts.append(Text(before))
        fact = " ".join((mark["fact"] or "").split())
        key = " ".join((mark["clause"] or "").split())
        if fact:
            parts.append(FactRef(fact))
        elif key:
            parts.append(ClauseRef(key))
        elif mark["stars"] != "**":
            parts.append(Text(mark["escaped"] or mark.group()))
        elif opened is None and position < len(text) and not text[position].isspace():
            opened = len(parts)
            parts.append(Text("**"))
        elif opened is not None and not text[mark.start() - 1].isspace():
            parts[opened:] = [replace(part, bold=True) for part in parts[opened + 1 :]]
            opened = None
        else:
            parts.append(Text("**"))
    parts.append(Text(text[position:]))
    return _merged(parts)


def _merged(parts: Iterable[Inline]) -> tuple[Inline, ...]:
    """Join neighbouring texts of the same weight and drop empty ones."""
    merged: list[Inline] = []
    for (is_text, bold), group in groupby(parts, lambda part: (isinstance(part, Text), part.bold)):
        if not is_text:
            merged.extend(group)
        elif text := "".join(part.text for part in group if isinstance(part, Text)):
            if merged and isinstance(previous := merged[-1], Text) and previous.bold == bold:
                text, _ = previous.text + text, merged.pop()
            merged.append(Text(text, bold))
    return tuple(merged)


# Writing


def serialise(blocks: Iterable[Block]) -> str:
    """Write blocks as clause text, so that `parse` gives the same tree back.

    The tree must be one that `parse` can give. Any other is written with all its text, and read
    back as its nearest such tree: spaces at the ends of bold text move out, neighbouring lists
    join. Characters that would be read as marks get a backslash.
    """
    return _written(blocks, nested=False)


def _written(blocks: Iterable[Block], *, nested: bool) -> str:
    written: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(inlines):
                text = _written_inlines(inlines)
            case BlockFact(name):
                text = f"{{{{ {name} }}}}"
            case ListBlock(ordered, items):
                text = _written_list(ordered, items)
        if not text:
            continue
        if written:
            written.append("\n" if nested and isinstance(block, ListBlock) else "\n\n")
        written.append(text)
    return "".join(written)


def _written_list(ordered: bool, items: Iterable[tuple[Block, ...]]) -> str:
    lines: list[str] = []
    number = 0
    for item in items:
        text = _written(item, nested=True)
        if not text:
            continue
        number += 1
        marker = f"{number}. " if ordered else "- "
        first, *rest = text.split("\n")
        lines.append(marker + first)
        lines.extend(" " * len(marker) + line if line else "" for line in rest)
    return "\n".join(lines)


def _written_inlines(inlines: Iterable[Inline]) -> str:
    written: list[str] = []
    for bold, group in groupby(_merged(inlines), lambda part: part.bold):
        text = "".join(map(_written_inline, group))
        visible = text.strip()
        if bold and visible:
            before, _, after = text.partition(visible)
            text = f"{before}**{visible}**{after}"
        written.append(text)
    paragraph = "".join(written).strip()
    return _LEADING_MARKER.sub(lambda marker: marker.group() + "\\", paragraph)


def _written_inline(part: Inline) -> str:
    match part:
        case Text(text):
            return _SPECIAL.sub(r"\\\g<0>", _SPACE.sub(" ", text))
        case FactRef(name):
            return f"{{{{ {name} }}}}"
        case ClauseRef(key):
            return f"[[punkt:{key}]]"

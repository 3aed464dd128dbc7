"""Clause text as the document that the editor in the browser starts from. Pure.

The form is ProseMirror's JSON, with the node names of `static/js/editor/nodes.js`. The way back is
`static/js/editor/write.js`, which writes what `markup.serialise` writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agreements.domain.markup import (
    Block,
    BlockFact,
    ClauseRef,
    FactRef,
    Inline,
    ListBlock,
    Paragraph,
    Text,
    parse,
)

_EMPTY = {"type": "paragraph"}


def from_text(text: str) -> dict[str, Any]:
    """Read clause text, in whatever state, into the editor's document."""
    return from_blocks(parse(text))


def from_blocks(blocks: Iterable[Block]) -> dict[str, Any]:
    """Return the editor's document; where there is nothing, a paragraph to write in."""
    return {"type": "doc", "content": [_block(block) for block in blocks] or [_EMPTY]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(inlines):
            return {"type": "paragraph", "content": [_inline(inline) for inline in inlines]}
        case BlockFact(name):
            # Alone in its paragraph: that is what makes it fill one.
            return {"type": "paragraph", "content": [_inline(FactRef(name))]}
        case ListBlock(ordered, items):
            return {
                "type": "orderedList" if ordered else "bulletList",
                "content": [
                    {"type": "listItem", "content": [_block(part) for part in item] or [_EMPTY]}
                    for item in items
                ],
            }


def _inline(inline: Inline) -> dict[str, Any]:
    node: dict[str, Any]
    match inline:
        case Text(text):
            node = {"type": "text", "text": text}
        case FactRef(name):
            node = {"type": "fact", "attrs": {"name": name}}
        case ClauseRef(key):
            node = {"type": "reference", "attrs": {"key": key}}
    return node | ({"marks": [{"type": "bold"}]} if inline.bold else {})

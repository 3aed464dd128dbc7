"""The document that the editor starts from holds the whole tree, and nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from agreements.domain.editor_document import from_blocks, from_text
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
from tests.domain.markup_texts import marked_up


def inline(node: dict[str, Any]) -> Inline:
    """Read one inline node back."""
    bold = node.get("marks") == [{"type": "bold"}]
    match node:
        case {"type": "text", "text": str(text)}:
            return Text(text, bold)
        case {"type": "fact", "attrs": {"name": name}}:
            return FactRef(name, bold)
        case {"type": "reference", "attrs": {"key": key}}:
            return ClauseRef(key, bold)
    raise AssertionError(node)


def block(node: dict[str, Any]) -> Block:
    """Read one block back."""
    if node["type"] == "paragraph":
        inlines = tuple(map(inline, node["content"]))
        match inlines:
            case (FactRef(name),) if name.startswith(("tabell.", "liste.", "avsnitt.")):
                return BlockFact(name)
        return Paragraph(inlines)
    items = tuple(tuple(map(block, item["content"])) for item in node["content"])
    return ListBlock({"orderedList": True, "bulletList": False}[node["type"]], items)


@given(marked_up)
def test_the_document_can_be_read_back(text: str) -> None:
    tree = parse(text)
    assert not tree or tuple(map(block, from_blocks(tree)["content"])) == tree


def test_an_empty_text_is_a_paragraph_to_write_in() -> None:
    assert from_text("  \n") == {"type": "doc", "content": [{"type": "paragraph"}]}


def test_a_text_with_everything() -> None:
    text = "**Se** [[punkt:x]]\n\n- a\n  1. {{ region.navn }}"
    assert from_text(text)["content"] == [
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "Se", "marks": [{"type": "bold"}]},
                {"type": "text", "text": " "},
                {"type": "reference", "attrs": {"key": "x"}},
            ],
        },
        {
            "type": "bulletList",
            "content": [
                {
                    "type": "listItem",
                    "content": [
                        {"type": "paragraph", "content": [{"type": "text", "text": "a"}]},
                        {
                            "type": "orderedList",
                            "content": [
                                {
                                    "type": "listItem",
                                    "content": [
                                        {
                                            "type": "paragraph",
                                            "content": [
                                                {"type": "fact", "attrs": {"name": "region.navn"}}
                                            ],
                                        }
                                    ],
                                }
                            ],
                        },
                    ],
                }
            ],
        },
    ]

"""What is printed on every page and read on none: running titles, page numbers, repeated headings."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import pydyf

from agreements.documents.finisher.tree import Tree

NOTHING = b"null"


def mark(tree: Tree) -> None:
    """Make an artifact of all marked content whose element is not in the tree.

    WeasyPrint marks the text of margin boxes as content, of elements that nothing leads to.
    """
    reached = {element.number for element, _ in tree.elements()}
    for page in tree.pages():
        owners = tree.owners(page)
        loose = {
            number for number, owner in enumerate(owners) if tree.at(owner).number not in reached
        }
        _mark_stream(tree.at(page["Contents"]).stream, loose)
        for number in loose:
            owners[number] = NOTHING
    for element in tree.pdf.objects:
        if getattr(element, "number", None) not in reached and _is_element(element):
            element.clear()  # an empty dictionary: its number cannot be given back


def _is_element(element: Any) -> bool:
    return isinstance(element, dict) and element.get("Type") == "/StructElem"


def _mark_stream(stream: list[Any], loose: Set[int]) -> None:
    """Rewrite «/Span <</MCID n>> BDC» as an artifact. pydyf keeps operands and operators one by one."""
    for place, operand in enumerate(stream):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in loose:
            stream[place - 1] = "/Artifact"
            stream[place] = pydyf.Dictionary({"Type": "/Pagination"})

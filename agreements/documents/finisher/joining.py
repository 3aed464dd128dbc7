"""A paragraph, a list, a table or a point that a page break parts is one element, not two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pydyf

from agreements.documents.finisher.tree import STRUCTURE, Tree

# Those whose kids are all references: numbers of marked content hold for one page only.
JOINED = {
    *("/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/NonStruct", "/P"),
    *("/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/LI", "/LBody"),
    *("/Table", "/TBody", "/TR", "/TH", "/TD"),
}


def join(tree: Tree, boxes: Mapping[int, Any]) -> None:
    """Join what came from one HTML element and stands on pages after one another.

    A heading of columns that is printed again on the next page falls out of the tree, and so becomes an
    artifact: it says nothing new.
    """
    pending = [tree.document]
    while pending:
        element = pending.pop()
        _join_below(tree, boxes, element)
        pending += tree.kids(element)


def _join_below(tree: Tree, boxes: Mapping[int, Any], parent: Any) -> None:
    latest: dict[tuple[int, str], Any] = {}
    kept = []
    for kid in parent["K"]:
        part = tree.at(kid) if isinstance(kid, bytes) else None
        if part is None or part.get("Type") != STRUCTURE or part.number not in boxes:
            kept.append(kid)
            continue
        key = (id(boxes[part.number].element), part["S"])
        first = latest.get(key)
        if first is not None and part["S"] in JOINED and part["Pg"] != first[-1]["Pg"]:
            _move(tree, first[0], part)
            latest[key] = (first[0], part)
        elif first is not None and part["S"] == "/THead":
            _drop_heading(tree, parent, first[0], part)
        else:
            latest[key] = (part, part)
            kept.append(kid)
    parent["K"] = pydyf.Array(kept)


def _move(tree: Tree, first: Any, part: Any) -> None:
    """Move what a later part holds to the end of the first. The part itself is left empty."""
    if not all(isinstance(kid, bytes) for kid in part["K"]):
        raise AssertionError("marked content would lose its page")
    for kid in tree.kids(part):
        kid["P"] = first.reference
    first["K"].extend(part["K"])
    part["K"] = pydyf.Array()


def _drop_heading(tree: Tree, table: Any, first: Any, again: Any) -> None:
    """Let the cells of a table's later pages name the headings that are read, not those printed again."""
    same = {
        new["ID"].string: old["ID"]
        for old, new in zip(_headings(tree, first), _headings(tree, again), strict=True)
    }
    pending = [table]
    while pending:
        element = pending.pop()
        pending += tree.kids(element)
        attributes = element.get("A", {})
        if "Headers" in attributes:
            named = [same.get(name.string, name) for name in attributes["Headers"]]
            attributes["Headers"] = pydyf.Array(named)


def _headings(tree: Tree, heading: Any) -> list[Any]:
    return [cell for row in tree.kids(heading) for cell in tree.kids(row) if cell["S"] == "/TH"]

"""What screen readers need to know of an element beside its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pydyf

from agreements.documents.finisher.tree import Tree

POINTS = 0.75  # in a CSS pixel
NUMBERINGS = {"disc": "/Disc", "circle": "/Circle", "square": "/Square", "decimal": "/Decimal"}


def name_headers(tree: Tree) -> None:
    """Say what each heading of a table is the heading of, and list the headings that cells name."""
    named = {}
    for element, above in tree.elements():
        if element["S"] != "/TH":
            continue
        of_column = any(outer["S"] == "/THead" for outer in above)
        element["A"]["Scope"] = "/Column" if of_column else "/Row"
        named[element["ID"].string] = element
    if named:
        names = pydyf.Array()
        for name in sorted(named):
            names.extend((pydyf.String(name), named[name].reference))
        index = pydyf.Dictionary({"Names": names})
        tree.pdf.add_object(index)
        tree.root["IDTree"] = index.reference


def number_lists(tree: Tree, boxes: Mapping[int, Any]) -> None:
    """Say whether a list's marks are bullets or numbers."""
    for element in tree.of_kind("/L"):
        style = boxes[element.number].style["list_style_type"]
        numbering = NUMBERINGS.get(style, "/None") if isinstance(style, str) else "/None"
        if boxes[element.number].element_tag == "dl":
            numbering = "/None"
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})


def mark_languages(tree: Tree, boxes: Mapping[int, Any]) -> None:
    """Say in which language a part is, where the HTML says so. The whole file's is in the catalogue."""
    for element, _ in tree.elements():
        box = boxes.get(element.number)
        source = None if box is None else box.element
        if source is None or source.tag == "html":
            continue
        if language := source.get("lang"):
            element["Lang"] = pydyf.String(language)


def place_figures(tree: Tree, heights: Sequence[float]) -> None:
    """Give the place of a figure in points from the foot of the page, as PDF reckons.

    `heights` are those of the pages in CSS pixels, from whose top WeasyPrint reckons.
    """
    height_of = dict(zip(tree.pdf.page_references, heights, strict=True))
    for element in tree.of_kind("/Figure"):
        left, top, right, bottom = element["A"]["BBox"]
        height = height_of[element["Pg"]]
        box = (left, height - bottom, right, height - top)
        element["A"]["BBox"] = pydyf.Array(round(POINTS * edge, 3) for edge in box)

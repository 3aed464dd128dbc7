"""The structure tree of a PDF that has been laid out and is not written yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

STRUCTURE = "/StructElem"


class FinishError(Exception):
    """The laid out file is not as the finisher expects it: nothing is written."""


class Tree:
    """The elements by number, as pydyf keeps them: a kid is a reference, or the number of marked content."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.document = self.at(self.root["K"][0])

    def at(self, reference: bytes) -> Any:
        """Return the object that b"12 0 R" refers to."""
        return self.pdf.objects[int(reference.split()[0])]

    def kids(self, element: Any) -> list[Any]:
        """Return the structure elements right below an element, in reading order."""
        below = (self.at(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in below if kid.get("Type") == STRUCTURE]

    def elements(self) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        """Yield every element in reading order, with those it stands in, the nearest last."""
        pending: list[tuple[Any, tuple[Any, ...]]] = [(self.document, ())]
        while pending:
            element, above = pending.pop()
            yield element, above
            pending += [(kid, (*above, element)) for kid in reversed(self.kids(element))]

    def of_kind(self, kind: str) -> list[Any]:
        """Return the elements of a kind, such as «/TH», in reading order."""
        return [element for element, _ in self.elements() if element["S"] == kind]

    def pages(self) -> list[Any]:
        """Return the page dictionaries in order."""
        return [self.at(reference) for reference in self.pdf.page_references]

    def owners(self, page: Any) -> Any:
        """Return, by number of marked content on a page, references to the elements it belongs to."""
        numbers = self.at(self.root["ParentTree"])["Nums"]
        return numbers[2 * int(page["StructParents"]) + 1]

"""The structure tree of a PDF as a screen reader meets it, read by Poppler and by pypdf."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pypdf import PdfReader

_LINE = re.compile(r'(?P<indent> *)(?:"(?P<text>.*)"|(?P<kind>[A-Za-z]+[1-6]?)(?: .*|:)?)$', re.S)
INLINE = {"Span", "Link", "Object", "NonStruct"}


@dataclass
class Element:
    """A structure element: its kind, and its text and kids in reading order."""

    kind: str
    parts: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Yield the element and everything in it."""
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.walk()

    def find(self, kind: str) -> list[Element]:
        """The elements of a kind, in reading order."""
        return [element for element in self.walk() if element.kind == kind]

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """What is read out: a line for each block, the kinds named in `without` left out."""
        if self.kind in without:
            return ""
        said = "".join(
            part if isinstance(part, str) else part.text(without=without) for part in self.parts
        )
        return said if self.kind in INLINE else f"\n{said}\n"


@lru_cache(maxsize=16)
def spoken(pdf: bytes) -> Element:
    """Return the tree with its text as `pdfinfo` reads it: once, as a long file takes it half a minute."""
    told = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    top = Element("Root")
    open_ones = [(-1, top)]
    for line in told.splitlines():
        found = _LINE.fullmatch(line)
        if not found or line.lstrip().startswith("/"):
            continue
        depth = len(found["indent"])
        while open_ones[-1][0] >= depth:
            open_ones.pop()
        if found["text"] is not None:
            open_ones[-1][1].parts.append(found["text"])
        else:
            made = Element(found["kind"])
            open_ones[-1][1].parts.append(made)
            open_ones.append((depth, made))
    return top


def elements(pdf: bytes | PdfReader) -> list[Any]:
    """Return the dictionaries of all structure elements in reading order, as the file has them."""
    reader = PdfReader(io.BytesIO(pdf)) if isinstance(pdf, bytes) else pdf
    root: Any = reader.trailer["/Root"]["/StructTreeRoot"]
    found = []
    pending = [root["/K"][0].get_object()]
    while pending:
        element = pending.pop()
        found.append(element)
        kids = element.get("/K", [])
        listed = kids if isinstance(kids, list) else [kids]
        below = [kid.get_object() for kid in listed]
        pending += reversed([k for k in below if isinstance(k, dict) and "/S" in k])
    return found

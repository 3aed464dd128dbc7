"""The names of Word's elements. Pure."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child with a name of Word's own; None where there is none."""
    return None if element is None else element.find(W + name)


def value(element: etree._Element | None, name: str) -> str | None:
    """The `w:val` of a child; None where the child or the value is missing."""
    found = child(element, name)
    return None if found is None else found.get(W + "val")


def on(element: etree._Element | None, name: str) -> bool | None:
    """A switch such as `w:b`: None where it is not set here."""
    found = child(element, name)
    if found is None:
        return None
    return found.get(W + "val", "true").lower() not in ("0", "false", "off", "none")


def number(text: str | None, default: int, most: int = 10_000) -> int:
    """A whole number of the file from 0 to `most`; the default for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    return min(int(text), most)

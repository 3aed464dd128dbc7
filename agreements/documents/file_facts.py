"""What a PDF is as a file, read without trusting it: size, pages, attachments, fields."""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import misc
from pyhanko.pdf_utils.reader import PdfFileReader

from agreements.documents.limits import Facts

MOST_PAGES = 10_000
DEEPEST = 50  # levels of the tree of pages
DEFAULT_BOX = (0, 0, 0, 0)


class UnreadableError(Exception):
    """The bytes are no PDF, or one that is broken."""


def read(pdf: bytes) -> Facts:
    """Return the facts of a file. UnreadableError for bytes that are not a whole PDF."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            return Facts(len(pdf), _version(pdf), True, 0, (), ())
        root = reader.root
        return Facts(
            size=len(pdf),
            version=_version(pdf),
            encrypted=False,
            attachments=_attachments(root) + sum(_attached(leaf) for leaf in _leaves(root)),
            pages=tuple(_size(leaf) for leaf in _leaves(root)),
            signature_fields=tuple(_signature_fields(root)),
        )
    except (misc.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        raise UnreadableError(str(problem)) from problem
    except (RecursionError, OverflowError, NotImplementedError) as problem:
        raise UnreadableError(type(problem).__name__) from problem


def _version(pdf: bytes) -> str:
    header = pdf[:16].split()[0] if pdf[:16].split() else b""
    return header.removeprefix(b"%PDF-").decode("ascii", "replace")


def _leaves(root: Any) -> list[dict[str, Any]]:
    """The pages in order, with what they inherit."""
    found: list[dict[str, Any]] = []
    pending = [(root["/Pages"], {}, 0)]
    while pending:
        node, inherited, depth = pending.pop()
        if depth > DEEPEST or len(found) > MOST_PAGES:
            raise UnreadableError("the tree of pages has no end")
        own = {key: node[key] for key in ("/MediaBox", "/Rotate", "/Annots") if key in node}
        known = {**inherited, **own}
        if "/Kids" in node:
            kids = [(kid.get_object(), known, depth + 1) for kid in node["/Kids"]]
            pending += reversed(kids)
        else:
            found.append(known)
    return found


def _size(leaf: dict[str, Any]) -> tuple[float, float]:
    left, low, right, high = (float(edge) for edge in leaf.get("/MediaBox", DEFAULT_BOX))
    width, height = abs(right - left), abs(high - low)
    return (height, width) if int(leaf.get("/Rotate", 0)) % 180 else (width, height)


def _at(dictionary: Any, key: str, default: Any) -> Any:
    """A value with what it refers to looked up, which pyHanko's own `get` does not do."""
    if key in dictionary:
        return dictionary[key]
    return default


def _attachments(root: Any) -> int:
    embedded = _at(_at(root, "/Names", {}), "/EmbeddedFiles", {})
    listed = len(_at(embedded, "/Names", ())) // 2 + len(_at(embedded, "/Kids", ()))
    return max(listed, len(_at(root, "/AF", ())))


def _attached(leaf: dict[str, Any]) -> int:
    kinds = [_at(note.get_object(), "/Subtype", "") for note in leaf.get("/Annots", ())]
    return kinds.count("/FileAttachment")


def _signature_fields(root: Any) -> list[str]:
    fields = [field.get_object() for field in _at(_at(root, "/AcroForm", {}), "/Fields", ())]
    return [str(field["/T"]) for field in fields if _at(field, "/FT", "") == "/Sig"]

"""Which box each structure element came from: the one place that uses private API of WeasyPrint.

A PDF has no trace of which elements are parts of the same paragraph, nor of the style of a list. The
version is held, so that an upgrade is a decision; `tests/test_finisher.py` shows what has to be seen to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint
from weasyprint.pdf import tags

from agreements.documents.finisher.tree import FinishError

VERSION = "70.0"


@contextmanager
def recorded() -> Iterator[dict[int, Any]]:
    """Give a dictionary that fills with boxes, by number of element, while a PDF is made inside.

    Only one at a time: `municipalities.apart.process` sees to that. FinishError for another version.
    """
    if weasyprint.__version__ != VERSION:
        raise FinishError(f"the finisher is made for WeasyPrint {VERSION}: see docs/documents.md")
    build = tags._build_box_tree
    boxes: dict[int, Any] = {}

    def build_and_record(box: Any, *arguments: Any) -> Iterator[Any]:
        for element in build(box, *arguments):
            boxes.setdefault(element.number, getattr(box, "_box", box))  # innermost comes first
            yield element

    tags._build_box_tree = build_and_record
    try:
        yield boxes
    finally:
        tags._build_box_tree = build

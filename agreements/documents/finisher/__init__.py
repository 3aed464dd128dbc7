"""What is mended in a PDF after the layout and before it is written: see docs/documents.md.

WeasyPrint 70 makes tagged PDF/A or tagged PDF/UA, not both, and what it tags passes validators with
gaps that people notice. `finish` is its public hook. It is a pure function of its arguments, so the
same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pydyf

from agreements.documents.finisher import (
    artifacts,
    colours,
    fields,
    joining,
    metadata,
    streams,
    tags,
)
from agreements.documents.finisher.recording import recorded
from agreements.documents.finisher.streams import is_mistakable
from agreements.documents.finisher.tree import FinishError, Tree

__all__ = ["FinishError", "finish", "is_mistakable", "recorded"]


def finish(
    document: Any,
    pdf: pydyf.PDF,
    boxes: Mapping[int, Any],
    field_names: Sequence[str],
    spare: int = 0,
) -> None:
    """Make `pdf` pass PDF/A-2a and PDF/UA-1, with exactly these signature fields, in this order.

    `document` is WeasyPrint's, laid out; `boxes` are those of `recorded`. `spare` is the number of
    empty objects to add: see `streams`. FinishError where the file is not as it is expected to be.
    """
    tree = Tree(pdf)
    joining.join(tree, boxes)
    artifacts.mark(tree)
    tags.name_headers(tree)
    tags.number_lists(tree, boxes)
    tags.mark_languages(tree, boxes)
    tags.place_figures(tree, [page.height for page in document.pages])
    fields.make_signature_fields(tree, field_names)
    colours.mean_srgb(pdf)
    metadata.claim_both_standards(pdf)
    for _ in range(spare):
        pdf.add_object(pydyf.Dictionary())
    streams.end_unmistakably(pdf)

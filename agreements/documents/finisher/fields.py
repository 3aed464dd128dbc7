"""Empty signature fields, one for each party, at its block.

The template has a check box for each: of what HTML forms know it is the one that neither changes how fonts
are embedded nor prints anything. WeasyPrint tags it in its place in the text, and here it becomes a
field for a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydyf

from agreements.documents.finisher.tree import FinishError, Tree

PRINTED_AND_LOCKED = 4 + 128  # the field can be signed, not moved
OF_A_CHECK_BOX = ("AS", "MK", "V", "Border", "Ff", "DA")


def make_signature_fields(tree: Tree, expected: Sequence[str]) -> None:
    """Turn the check boxes into signature fields. FinishError unless they are exactly the expected."""
    form = tree.pdf.catalog.get("AcroForm")
    widgets = [tree.at(reference) for reference in form["Fields"]] if form else []
    found = [widget["T"].string for widget in widgets]
    if found != list(expected) or len(set(found)) != len(found):
        raise FinishError(f"the fields are {found}, and not {list(expected)}")
    for widget in widgets:
        _make_signature(tree.pdf, widget)
    if form:
        # The fields have an appearance, and no text of their own that needs a font.
        form.pop("NeedAppearances")
        form.pop("DR")
        form["SigFlags"] = 0
    for element in tree.of_kind("/Form"):
        # An array of one is read as a changed document by those who compare revisions.
        (element["K"],) = element["K"]


def _make_signature(pdf: pydyf.PDF, widget: Any) -> None:
    if widget["FT"] != "/Btn":
        raise FinishError(f"the field {widget['T'].string} is no check box")
    for key in OF_A_CHECK_BOX:
        widget.pop(key, None)
    x1, y1, x2, y2 = widget["Rect"]
    left, right = sorted((round(x1, 3), round(x2, 3)))
    low, high = sorted((round(y1, 3), round(y2, 3)))
    appearance = pydyf.Stream(
        [],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, round(right - left, 3), round(high - low, 3)]),
            "Resources": pydyf.Dictionary(),
        },
    )
    pdf.add_object(appearance)
    widget["FT"] = "/Sig"
    widget["F"] = PRINTED_AND_LOCKED
    widget["Rect"] = pydyf.Array([left, low, right, high])
    widget["AP"] = pydyf.Dictionary({"N": appearance.reference})

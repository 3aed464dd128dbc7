"""Which red is red: the profile that the colours of the file are meant in.

WeasyPrint would do this itself, and read the file anew, without closing it, for every document.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import pydyf

NAME = "sRGB2014"  # of the International Color Consortium, free to use; comes with WeasyPrint
PARTS = 3  # of a colour: red, green and blue


@cache
def profile() -> bytes:
    """Return the colour profile, read once. OSError where it is not installed."""
    return (resources.files("weasyprint.pdf") / f"{NAME}.icc").read_bytes()


def mean_srgb(pdf: pydyf.PDF) -> None:
    """Say that all colours of the file are sRGB."""
    stream = pydyf.Stream([profile()], {"N": PARTS}, compress=True)
    pdf.add_object(stream)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String(NAME),
        "Info": pydyf.String(NAME),
        "DestOutputProfile": stream.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])

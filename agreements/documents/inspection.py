"""A finished file looked at by a process beside this one: see `gate`, `file_facts` and `bounded`."""

from __future__ import annotations

from agreements.documents import bounded
from agreements.documents.limits import Facts


def problems(pdf: bytes) -> list[str]:
    """Return why the file may not be kept, as `gate.problems`. PdfError where nobody could look."""
    return list(bounded.call("gate", pdf))


def facts(pdf: bytes) -> Facts:
    """Return what the file is, as `file_facts.read`. PdfError where it cannot be read."""
    told = bounded.call("facts", pdf)
    pages = tuple((width, height) for width, height in told["pages"])
    return Facts(
        **{**told, "pages": pages, "signature_fields": tuple(told["signature_fields"])},
    )

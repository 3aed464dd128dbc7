"""What a signed file is, held against the file that was to be signed. Pure.

A signature is put last in a PDF, as a new revision after the bytes that were there. So a file signed
here begins with the very bytes that were stored. A signing service may make a file of its own, with a
front page: that one is foreign, and a person must vouch for it.

Who has signed each field, and whether it holds, is found by `documents.verification`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_SIGNATURE = b"/ByteRange"  # every signature has one

UNSIGNED = "Filen er den usignerte avtalen. Last opp den som er signert."
TRUNCATED = "Filen er avkortet: slutten av avtalen mangler. Hent den på nytt der den ble signert."
CHANGED = (
    "Filen er avtalen med noe lagt til, men det som er lagt til, er ingen signatur. "
    "Hent den på nytt der den ble signert."
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is known of a file that somebody says is signed.

    `signed` and `missing` are fields among those expected; `verified` says whether the program has
    checked the signatures, without which `signed` is empty and somebody must say who has signed.
    `problems` are bokmål; with one the file is not taken. `foreign`: it is not the stored file with
    something added.
    """

    signed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()  # whom each is issued to
    times: tuple[dt.datetime | None, ...] = ()
    foreign: bool = False
    verified: bool = False


def inspect(original: bytes, uploaded: bytes, expected: list[str]) -> Inspection:
    """Hold an uploaded file against the original; `expected` are the fields that should be signed."""
    missing = tuple(expected)
    if uploaded.startswith(original):
        added = uploaded[len(original) :]
        if not added.strip(b"\0 \r\n\t"):
            return Inspection(missing=missing, problems=(UNSIGNED,))
        return Inspection(missing=missing, problems=() if _SIGNATURE in added else (CHANGED,))
    if original.startswith(uploaded):
        return Inspection(missing=missing, problems=(TRUNCATED,))
    return Inspection(missing=missing, foreign=True)

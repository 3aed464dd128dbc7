"""A printed table from a file: CSV or text as it is, an Excel workbook as text with tabs between cells."""

from __future__ import annotations

from financing.verification import ReadingError, text_of
from financing.workbooks import MAX_BYTES, TOO_LARGE
from municipalities.apart import process
from municipalities.apart.errors import RenderingError

# By the clock, for a workbook: one as large as a table may be takes one, and a machine may be busy.
SECONDS = 20
TOO_HEAVY = (
    "Filen er for stor eller for innviklet til å leses her. Lagre arket med tabellen som en egen fil, "
    "eller lim inn bare tabellen."
)
_KIND = "financing.kinds:TABLE"


def text_from(data: bytes) -> str:
    """Return the table in a file as text for `read`.

    Of a workbook with several sheets, the first one with at least two rows and a number. Raises
    ReadingError, with a message in Norwegian, for a file that is too large or no table; PdfError where
    nobody could read it now: many wait, or the machine has no room for a process.
    """
    if len(data) > MAX_BYTES:
        raise ReadingError(TOO_LARGE)
    if data.startswith(b"PK\x03\x04"):
        return _text_from_workbook(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingError(
            "Dette er en eldre Excel- eller Word-fil. Lagre den som .xlsx, eller lim inn tabellen."
        )
    return text_of(data)


def _text_from_workbook(data: bytes) -> str:
    """Have a process of its own read it: what breaks its reader is wrong with the file."""
    try:
        refused, found = process.call_once(_KIND, "text", data, most_seconds=SECONDS)
    except RenderingError as problem:  # the log has the whole story
        raise ReadingError(TOO_HEAVY) from problem
    if refused is not None:
        raise ReadingError(str(refused))
    return found.decode("utf-8", "replace")

"""What a process beside this one does for this room: see `municipalities.apart.worker`."""

from __future__ import annotations

import codecs
from typing import Any

from municipalities.apart.worker import Answer, Job, Kind


def _tables() -> dict[str, Job]:
    """Import what it takes to read a workbook, and what a file may need in the middle of it."""
    from financing import workbooks
    from financing.verification import ReadingError

    def text(content: bytes, given: dict[str, Any]) -> Answer:
        try:
            return None, workbooks.text(content).encode("utf-8", "replace")
        except ReadingError as problem:
            return str(problem), b""

    codecs.lookup("cp437")  # names in older ZIP archives
    return {"text": text}


TABLE = Kind(_tables)

"""Reading an agreement from a file of any kind that is taken: Word, PDF or plain text.

What a file is, is told from its content and never from its name.
"""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

from agreements.importing import passing, pdf, plain_text
from agreements.importing.result import Imported, UnreadableAgreementError
from agreements.importing.word import archive
from municipalities.apart import process
from municipalities.apart.errors import RenderingError

MAX_BYTES, TOO_LARGE = archive.MAX_BYTES, archive.TOO_LARGE
TOO_SLOW = (
    "PDF-filen er for stor eller for innviklet til å leses her. Bruk Word-dokumentet den er laget av, "
    "eller kopier teksten inn i en tekstfil."
)
TOO_HEAVY = (
    "Word-filen er for stor eller for innviklet til å leses her. Åpne den i Word, lagre den på nytt og "
    "prøv igjen, eller kopier teksten inn i en tekstfil."
)
TOO_LONG = (
    "Teksten er for lang eller for innviklet til å leses her. Ta bort det som ikke hører til avtalen, og "
    "prøv igjen."
)
# Bytes of text that are read at once: more than most agreements have, and the worst takes a second.
SHORT = 100_000
_KIND = "agreements.documents.kinds:AGREEMENT"
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def read(data: bytes) -> Imported:
    """Read an agreement. UnreadableAgreementError (message in bokmål) where that cannot be done.

    PdfError where nobody could read it now: many wait, or the machine has no room for a process.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableAgreementError(TOO_LARGE)
    if data.startswith(_OFFICE):
        return _apart("word", data, TOO_HEAVY)
    if b"%PDF-" in data[:1024]:
        data = _pdf_text(data).encode()
        if len(data) > MAX_BYTES:
            raise UnreadableAgreementError(TOO_LARGE)
    if len(data) > SHORT:
        return _apart("text", data, TOO_LONG)
    return plain_text.read(plain_text.decode(data))


def _apart(job: str, data: bytes, too_heavy: str) -> Imported:
    """Read a file in a process of its own: what breaks its reader is wrong with the file."""
    try:
        refused, found = process.call_once(_KIND, job, data)
    except RenderingError as problem:  # the log has the whole story
        raise UnreadableAgreementError(too_heavy) from problem
    if refused is not None:
        raise UnreadableAgreementError(str(refused))
    try:
        return passing.load(found)
    except ValueError as problem:  # the process was made to answer something else
        raise UnreadableAgreementError(too_heavy) from problem


def _pdf_text(data: bytes) -> str:
    """Read a PDF in a process of its own, which is stopped when it takes too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "agreements.importing.pdf"],
            input=data,
            capture_output=True,
            timeout=3 * pdf.SECONDS,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONHASHSEED": "0"},
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise UnreadableAgreementError(TOO_SLOW) from problem
    answer = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return answer
    raise UnreadableAgreementError(answer if done.returncode == 1 and answer else TOO_SLOW)

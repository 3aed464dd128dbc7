"""Taking the text out of a PDF file, a line for each line on the page. Pure.

`agreements.reading` runs this module as a program of its own, with limits on time and memory: a PDF can
be made to keep a reader busy for ever. Nobody else should call it.
"""

from __future__ import annotations

import io
import sys

from agreements.importing.result import UnreadableAgreementError

MAX_BYTES = 10_000_000
MAX_PAGES = 300
SECONDS = 20  # of one processor
MEMORY = 1_000_000_000  # bytes
NO_TEXT = (
    "Fant ingen tekst i PDF-filen. Den er trolig skannet: bruk Word-dokumentet den er laget av, eller "
    "kjør tekstgjenkjenning først."
)
ENCRYPTED = "PDF-filen er beskyttet med passord. Lagre den uten passord, og prøv igjen."
DAMAGED = "PDF-filen er skadet og kan ikke leses."
TOO_LONG = f"PDF-filen har mer enn {MAX_PAGES} sider. En avtale er mye kortere."


def text(data: bytes) -> str:
    """Return the text, a form feed between pages. UnreadableAgreementError (message in bokmål)."""
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableAgreementError(ENCRYPTED)
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableAgreementError(TOO_LONG)
        pages = [page.extract_text() for page in reader.pages]
    except UnreadableAgreementError:
        raise
    except PyPdfError as problem:
        raise UnreadableAgreementError(DAMAGED) from problem
    except Exception as problem:  # a broken file may break anything in its reader
        raise UnreadableAgreementError(DAMAGED) from problem
    found = "\n\f".join(pages)
    if len("".join(found.split())) < 20:
        raise UnreadableAgreementError(NO_TEXT)
    return found


def _main() -> int:
    """Read a PDF from stdin; write its text, or with exit code 1 what is wrong, to stdout."""
    import logging
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    code = 0
    try:
        answer = text(sys.stdin.buffer.read(MAX_BYTES + 1))
    except UnreadableAgreementError as problem:
        answer, code = str(problem), 1
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))
    return code


if __name__ == "__main__":
    sys.exit(_main())

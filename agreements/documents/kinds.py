"""What a process beside this one does for this room: see `municipalities.apart.worker`.

`OWN` makes the program's own documents and looks at them; it is kept warm (`bounded`). It is sealed: the
fonts are in its memory. So is `AGREEMENT`, which reads a Word document or a long text. `SIGNED` imports more
when a signed file needs it. These two read a single file.
"""

from __future__ import annotations

import codecs
import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from municipalities.apart.worker import Answer, Job, Kind, MissingError

NO_LIBRARIES = (
    "PDF files cannot be made on this machine: install Pango and HarfBuzz "
    "(libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0)."
)
NO_FONT = (
    "PDF files cannot be made on this machine: the font Inter is missing, "
    "which npm ci puts in node_modules."
)
WARM_UP = (
    '<!doctype html><html lang="nb"><head><title>Varm</title></head>'
    "<body><h1>Varm</h1><p>Opp <strong>nå</strong></p></body></html>"
)


def _own_files() -> dict[str, Job]:
    """Import what it takes to make documents and look at them, and do a little of it."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it says what it refuses to fetch
    try:
        # WeasyPrint prints advice about a missing library; there are words here that fit this project.
        with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
            from agreements.documents import engine, file_facts, gate
    except (ImportError, OSError) as problem:
        raise MissingError(NO_LIBRARIES) from problem
    with _passing_files():
        try:
            engine.style()
        except OSError as problem:
            raise MissingError(NO_FONT) from problem
        warm = engine.write(WARM_UP)
    gate.problems(warm)
    file_facts.read(warm)
    return {
        "pdf": lambda content, given: (None, engine.write(content.decode(), given["fields"])),
        "gate": lambda content, given: (gate.problems(content), b""),
        "facts": lambda content, given: (asdict(file_facts.read(content)), b""),
    }


@contextlib.contextmanager
def _passing_files() -> Iterator[None]:
    """Have temporary files in a folder that is gone afterwards.

    WeasyPrint unpacks fonts to files and removes them when it ends; this process may open nothing by then.
    """
    with tempfile.TemporaryDirectory(prefix="samarbeidsavtaler-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = None


def _signed_files() -> dict[str, Job]:
    """Import what it takes to read a signed file: much of it is imported when a file needs it."""
    from agreements.documents import verification

    def signatures(content: bytes, given: dict[str, Any]) -> Answer:
        return verification.verify(content, given["names"]).as_json(), b""

    return {"signatures": signatures}


def _agreements() -> dict[str, Job]:
    """Import what it takes to read an agreement, and what a file may need in the middle of it."""
    from agreements.importing import docx, passing, plain_text
    from agreements.importing.result import Imported, UnreadableAgreementError

    def job(read: Callable[[bytes], Imported]) -> Job:
        def agreement(content: bytes, given: dict[str, Any]) -> Answer:
            try:
                return None, passing.dump(read(content))
            except UnreadableAgreementError as problem:
                return str(problem), b""

        return agreement

    # Of names in older ZIP archives and in older Word files, and of text.
    for encoding in ("cp437", "utf-16-le", "utf-8-sig", "utf-16", "cp1252"):
        codecs.lookup(encoding)
    return {
        "word": job(lambda content: docx.read(content)),
        "text": job(lambda content: plain_text.read(plain_text.decode(content))),
    }


OWN, SIGNED, AGREEMENT = Kind(_own_files), Kind(_signed_files, is_sealed=False), Kind(_agreements)

"""The one way from HTML to PDF. Deterministic: the same HTML gives the same bytes.

WeasyPrint needs libraries that Python does not bring, so it is imported with the first document:
everything else works on a machine without them.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType

from municipalities import measures

logger = logging.getLogger(__name__)
_one_at_a_time = Lock()  # the style sheet and the fonts are shared between the threads of a worker


class PdfError(Exception):
    """There is no PDF. The message is one sentence for whoever runs the installation."""


class PdfUnavailableError(PdfError):
    """This machine lacks what PDF files are made with."""


class RenderingError(PdfError):
    """The document could not be laid out; the log has the whole story."""


class RefusedError(PdfError):
    """A file was made, and must not be kept. `problems` are sentences in bokmål for those who asked."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("the file breaks a rule: " + " ".join(problems))
        self.problems = tuple(problems)


@cache
def _engine() -> ModuleType:
    """Import WeasyPrint and read the fonts. PdfUnavailableError where either is missing."""
    try:
        # WeasyPrint prints advice about a missing library; the message below fits this project.
        with contextlib.redirect_stdout(io.StringIO()):
            engine = import_module("agreements.documents.engine")
    except (ImportError, OSError) as problem:
        raise PdfUnavailableError(
            "PDF files cannot be made on this machine: install Pango and HarfBuzz "
            "(libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0)."
        ) from problem
    try:
        engine.style()
    except OSError as problem:
        raise PdfUnavailableError(
            "PDF files cannot be made on this machine: the font Inter is missing, "
            "which npm ci puts in node_modules."
        ) from problem
    return engine


def available() -> bool:
    """Say whether this machine can make PDF files; without waiting for one that is being made."""
    if not _one_at_a_time.acquire(blocking=False):
        return True
    try:
        _engine()
    except PdfUnavailableError:
        return False
    finally:
        _one_at_a_time.release()
    return True


def pdf(html: str, field_names: Sequence[str] = ()) -> bytes:
    """Render a complete HTML page with these signature fields and no others.

    PdfError where that cannot be done, whatever the cause.
    """
    with _one_at_a_time:
        engine = _engine()
        try:
            with measures.RENDERING_SECONDS.time():
                content: bytes = engine.write(html, field_names)
        except Exception as problem:
            measures.RENDERING_FAILURES.inc()
            logger.exception("a document could not be made")
            raise RenderingError(
                f"The document could not be laid out ({type(problem).__name__}); see the log."
            ) from problem
        return content

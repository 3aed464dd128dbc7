"""The process beside this one that makes documents and looks at them: see `municipalities.apart`.

Each process of the program has one of its own, started when it is first needed and kept warm. One that
dies is replaced: the question it had gets an error, the next one gets a new worker.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from agreements.documents.errors import BusyError, PdfError, PdfUnavailableError
from municipalities.apart import process

logger = logging.getLogger(__name__)

KIND = "agreements.documents.kinds:OWN"

_worker: process.Worker | None = None
# Of a parent; kept, as an open pipe that is forgotten is a warning.
_abandoned: list[process.Worker] = []


class Turn:
    """The right to ask the worker, for one who stood in line."""

    def ask(self, job: str, content: bytes, **given: Any) -> tuple[Any, bytes]:
        """Have a job done, see `kinds`: what it says and the bytes it made.

        RenderingError where it fails, TooSlowError and TooLargeError among them, PdfUnavailableError
        where the machine lacks what it takes.
        """
        return _ready().ask(job, content, given, settings.PDF_TIME_LIMIT)


@contextlib.contextmanager
def turn() -> Iterator[Turn]:
    """Stand in line. BusyError for one who waits in vain."""
    with process.in_line():
        yield Turn()


def call(job: str, content: bytes, **given: Any) -> Any:
    """Have one job done and return what it says. Errors as in `Turn.ask` and `turn`."""
    with turn() as mine:
        return mine.ask(job, content, **given)[0]


def available() -> bool:
    """Say whether this machine can make PDF files; without waiting for one that is being made."""
    try:
        with process.in_line(0):
            _ready()
    except BusyError:
        return True
    except PdfUnavailableError:
        return False
    return True


def warm_up() -> None:
    """Start the worker in the background, so that whoever asks first need not wait for it."""

    def start() -> None:
        try:
            with turn():
                _ready()
        except PdfError as problem:
            logger.error("%s", problem)

    threading.Thread(target=start, daemon=True).start()


def stop() -> None:
    """End the worker, if there is one. The next question starts another."""
    global _worker
    worker, _worker = _worker, None
    if worker is not None:
        worker.end()


def _ready() -> process.Worker:
    global _worker
    terms = process.Terms.now(KIND)
    if _worker is not None and (_worker.terms != terms or not _worker.is_usable):
        stop()
    if _worker is None:
        _worker = process.Worker(terms)
    return _worker


def _after_fork() -> None:
    """Leave the parent's worker to the parent: a forked process starts its own."""
    global _worker
    if _worker is not None:
        _worker.leave_to_parent()
        _abandoned.append(_worker)
    _worker = None


os.register_at_fork(after_in_child=_after_fork)
atexit.register(stop)

"""Work on what people wrote, done by a process beside this one (`worker`), with limits on time and memory.

Each process of the program has one worker at a time at work: those who ask stand in line. A worker that
takes too long is killed, and one that dies harms nobody else: the question it had gets an error.

Why not a library: those for pools (pebble, loky, concurrent.futures) hand the whole environment on,
secrets too, import the main program again in the child, and unpickle what the child says.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from municipalities.apart.errors import (
    BusyError,
    PdfUnavailableError,
    RenderingError,
    TooLargeError,
    TooSlowError,
)

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "municipalities.apart.worker")
# What a child gets of our environment: where programs, libraries, fonts and temporary files are.
HANDED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_CACHE_HOME"),
    *("FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
)
# One thread of work: more would only lay claim to memory, most on a machine with many processors.
SINGLE = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
START_SECONDS = 60  # a worker is ready in two; the machine may be busy
MOST_LINE = 10_000_000  # bytes of an answer's first line
MOST_LOGGED = 2000
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Terms:
    """What a worker is started with; where one of these has changed, a new one is started."""

    kind: str  # where it is: `package.module:NAME`, see `worker`
    command: tuple[str, ...]
    memory: int  # megabytes
    node_modules: str

    @classmethod
    def now(cls, kind: str) -> Terms:
        return cls(kind, COMMAND, settings.PDF_MEMORY_LIMIT, str(settings.NODE_MODULES))

    def start(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        own = {"PYTHONPATH": str(settings.BASE_DIR), "NODE_MODULES": self.node_modules, **SINGLE}
        return subprocess.Popen(  # noqa: S603 - no one else's words get into it
            [*self.command, self.kind, str(self.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env=kept | own,
        )


class Worker:
    """One child process."""

    def __init__(self, terms: Terms) -> None:
        """Start it and wait until it is ready. PdfUnavailableError where it never is."""
        self.terms = terms
        try:
            self.process = terms.start()
        except OSError as problem:  # no memory, no more processes or open files
            raise PdfUnavailableError(
                f"The process for PDF files does not start: {problem}"
            ) from None
        self._is_late = False
        threading.Thread(target=self._log, daemon=True).start()
        try:
            said, _ = self._talk(b"", START_SECONDS)
        except RenderingError as problem:
            raise PdfUnavailableError(
                f"The process for PDF files does not start: {problem}"
            ) from None
        if "missing" in said:
            self.end()
            raise PdfUnavailableError(str(said["missing"]))

    def ask(
        self, job: str, content: bytes, given: dict[str, Any], seconds: float
    ) -> tuple[Any, bytes]:
        """Have a job done: what it says and the bytes it made. RenderingError where it does neither."""
        question = {"job": job, "given": given, "seconds": seconds, "size": len(content)}
        said, made = self._talk(json.dumps(question).encode() + b"\n" + content, seconds)
        if said.get("last", True):
            self.end()
        if "failed" not in said:
            return said.get("value"), made
        if said["failed"] == "MemoryError":
            raise TooLargeError(f"More than {self.terms.memory} MB of memory was needed ({job}).")
        logger.error("%s could not be done:\n%s", job, said.get("trace"))
        raise RenderingError(f"The document could not be laid out ({said['failed']}); see the log.")

    def _talk(self, question: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send and receive. The process is gone after anything unexpected, also in this one."""
        asking, answering = self._pipes()
        alarm = threading.Timer(seconds, self._too_late)
        alarm.daemon = True
        alarm.start()
        try:
            asking.write(question)
            asking.flush()
            said = json.loads(answering.readline(MOST_LINE))
            size = said["size"]
            if not 0 <= size <= MOST_BYTES:
                raise ValueError(size)
            made = answering.read(size)
            if len(made) != size:
                raise EOFError
            return said, made
        except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError):
            raise self._why_dead(seconds) from None
        except BaseException:
            self.end()
            raise
        finally:
            alarm.cancel()

    def _log(self) -> None:
        """Put into the log what the process and its libraries have to say, until it is gone."""
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            while line := stream.readline(MOST_LOGGED):
                logger.warning("worker: %s", line.decode("utf-8", "replace").rstrip())

    def _too_late(self) -> None:
        self._is_late = True
        self.process.kill()

    def _why_dead(self, seconds: float) -> RenderingError:
        """Clear up after a process that did not answer, and say what happened."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)  # its own reason to leave, not ours
        code = self.end()
        if self._is_late or code == -signal.SIGXCPU:
            return TooSlowError(f"It took more than {seconds:g} seconds and was stopped.")
        return RenderingError(
            f"The process for PDF files ended in the middle of its work ({code})."
        )

    def end(self) -> int:
        """Stop it, whatever it does; return its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in self._pipes():
            with contextlib.suppress(OSError):
                pipe.close()
        return code

    def leave_to_parent(self) -> None:
        """In a forked process: let go of the pipes, without a word to whoever reads them."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for pipe in self._pipes():
            with contextlib.suppress(ValueError):  # it is closed already
                os.dup2(nowhere, pipe.fileno(), inheritable=False)
        os.close(nowhere)
        self.process.returncode = 0  # not ours to wait for

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin, self.process.stdout

    @property
    def is_usable(self) -> bool:
        return self.process.poll() is None


_line = threading.Lock()
# Whoever stands in line holds a thread that could have shown somebody a page. Of foreign files, which
# may be made to take long, one is read and one waits.
MOST_FOREIGN = 2
_foreign = threading.BoundedSemaphore(MOST_FOREIGN)


@contextlib.contextmanager
def in_line(seconds: float | None = None) -> Iterator[None]:
    """Stand in line. BusyError for one who waits in vain: longer than this, or than two may take."""
    longest = 2 * settings.PDF_TIME_LIMIT if seconds is None else seconds
    if not _line.acquire(timeout=longest):
        raise BusyError("Too many wait for the process for PDF files.")
    try:
        yield
    finally:
        _line.release()


def call_once(
    kind: str, job: str, content: bytes, *, most_seconds: float = math.inf, **given: Any
) -> tuple[Any, bytes]:
    """Have a foreign file read by a worker of this kind that does nothing else. See `Worker.ask`.

    BusyError as in `in_line`, and at once where another waits already. It may take PDF_TIME_LIMIT, and
    no more than `most_seconds`.
    """
    waiting = _foreign
    if not waiting.acquire(blocking=False):
        raise BusyError("Another foreign file is read, and one waits.")
    try:
        with in_line():
            worker = Worker(Terms.now(kind))
            try:
                return worker.ask(job, content, given, min(settings.PDF_TIME_LIMIT, most_seconds))
            finally:
                worker.end()
    finally:
        waiting.release()


def _after_fork() -> None:
    """Nobody stands in line in a forked process."""
    global _line, _foreign
    _line, _foreign = threading.Lock(), threading.BoundedSemaphore(MOST_FOREIGN)


os.register_at_fork(after_in_child=_after_fork)

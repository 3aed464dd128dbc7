"""The process that lays out documents and reads foreign files: python -m agreements.documents.worker.

`bounded` starts it, and nobody else. What it works on was written by people, so it is given as little
as it needs: no secret and no database in its environment, so much memory, so much time, and no file to
write. There are three kinds. The one for the program's own files is kept warm, and when it is ready it may
open nothing more, neither a file nor a connection: the fonts are in its memory. Nor may the one that reads
a Word document. The one for signed files imports more when a file needs it. These two read a single file.

On stdin come questions, on stdout go answers: a line of JSON, and after it as many bytes as it says.
The end of stdin is the end of the process, also in the middle of its work: whoever asked is gone.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import json
import logging
import os
import queue
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

MOST_ANSWERS = 300  # then a new process: what the libraries keep in memory grows slowly
WORN = 0.6  # of the memory that it may have
WARM_UP = (
    '<!doctype html><html lang="nb"><head><title>Varm</title></head>'
    "<body><h1>Varm</h1><p>Opp <strong>nå</strong></p></body></html>"
)

Answer = tuple[Any, bytes]  # something that JSON has, and bytes
Job = Callable[[bytes, dict[str, Any]], Answer]


class _MissingError(Exception):
    """What this machine lacks: «libraries» or «font»."""


def _own_files() -> dict[str, Job]:
    """Import what it takes to make documents and look at them, and do a little of it."""
    try:
        # WeasyPrint prints advice about a missing library; `bounded` has words that fit this project.
        with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
            from agreements.documents import engine, file_facts, gate
    except (ImportError, OSError) as problem:
        raise _MissingError("libraries") from problem
    with _passing_files():
        try:
            engine.style()
        except OSError as problem:
            raise _MissingError("font") from problem
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


def _foreign_files() -> dict[str, Job]:
    """Import what it takes to read a file from outside: much of it is imported when a file needs it."""
    from agreements.documents import verification

    def signatures(content: bytes, given: dict[str, Any]) -> Answer:
        return verification.verify(content, given["names"]).as_json(), b""

    return {"signatures": signatures}


def _word_files() -> dict[str, Job]:
    """Import what it takes to read a Word document, and what a file may need in the middle of it."""
    from agreements.importing import docx, passing
    from agreements.importing.result import UnreadableAgreementError

    def agreement(content: bytes, given: dict[str, Any]) -> Answer:
        try:
            return None, passing.dump(docx.read(content))
        except UnreadableAgreementError as problem:
            return str(problem), b""

    for encoding in ("cp437", "utf-16-le"):  # names in older ZIP archives and in older Word files
        codecs.lookup(encoding)
    return {"agreement": agreement}


KINDS = {"own": _own_files, "foreign": _foreign_files, "word": _word_files}
SEALED = frozenset({"own", "word"})  # when they are ready they open nothing more


def _at_most(kind: int, value: int) -> None:
    """Set a limit that this process cannot raise again."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # Not every system has every limit; the parent's own, on time, holds everywhere.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))


def _stop_at(seconds: float) -> None:
    """Let the system stop this process when the work takes so much processor time from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _memory_meter() -> Callable[[], int]:
    """Return what tells the bytes of memory in use; to be made while files may be opened.

    Not `ru_maxrss` where that can be helped: what the process that started this one took counts in it.
    """
    try:
        told = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return lambda: int(os.pread(told, 100, 0).split()[1]) * resource.getpagesize()


def _read(stream: BinaryIO, questions: queue.SimpleQueue[tuple[dict[str, Any], bytes]]) -> None:
    """Take in questions. Reading goes on during the work, so that the end of stdin is seen at once."""
    while line := stream.readline():
        question = json.loads(line)
        content = stream.read(question["size"])
        if len(content) < question["size"]:
            break
        questions.put((question, content))
    os._exit(0)


def _answer(stream: BinaryIO, content: bytes = b"", **said: Any) -> None:
    stream.write(json.dumps(said | {"size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def _work(jobs: dict[str, Job], question: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """Do one job; give what `_answer` takes. Whatever goes wrong is an answer too."""
    try:
        _stop_at(question["seconds"])
        value, made = jobs[question["job"]](content, question["given"])
        return {"value": value}, made
    except MemoryError:
        return {"failed": "MemoryError", "trace": ""}, b""
    except Exception as problem:
        return {"failed": type(problem).__name__, "trace": traceback.format_exc(limit=-20)}, b""


def main() -> None:
    """Answer questions until there are no more, or until this process is worn."""
    answers = os.fdopen(os.dup(1), "wb")
    questions_in = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)  # what a library prints goes to the log, and not into an answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where memory runs out, this goes first
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it says what it refuses to fetch
    memory = int(sys.argv[2]) * 1024 * 1024
    in_use = _memory_meter()
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_AS, memory)
    try:
        jobs = KINDS[sys.argv[1]]()
    except _MissingError as missing:
        _answer(answers, missing=str(missing))
        return
    questions: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(questions_in, questions), daemon=True).start()
    _at_most(resource.RLIMIT_FSIZE, 0)
    if sys.argv[1] in SEALED:
        _at_most(resource.RLIMIT_NOFILE, 0)
    # A document is a great many objects that live until it is made: looking for rubbish among them takes
    # a seventh of the time and finds nothing. It is looked for when the answer has gone.
    gc.collect()
    gc.freeze()
    gc.disable()
    _answer(answers, ready=True)
    for number in range(1, MOST_ANSWERS + 1):
        question, content = questions.get()
        said, made = _work(jobs, question, content)
        last = "failed" in said or in_use() > WORN * memory or number == MOST_ANSWERS
        _answer(answers, made, **said, last=last)
        if last:
            break
        del question, content, said, made
        gc.collect()
    os._exit(0)  # the reading thread may stand in the middle of a read


if __name__ == "__main__":
    main()

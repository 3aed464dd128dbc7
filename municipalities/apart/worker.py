"""The process that lays out documents and reads foreign files: python -m municipalities.apart.worker.

`process` starts it, and nobody else. What it works on was written by people, so it is given as little
as it needs: no secret and no database in its environment, so much memory, so much time, and no file to
write. What it can do is its kind, named by where it is (`package.module:NAME`): each room has its own. A
sealed kind may open nothing more once it is ready.

On stdin come questions, on stdout go answers: a line of JSON, and after it as many bytes as it says.
The end of stdin is the end of the process, also in the middle of its work: whoever asked is gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import os
import queue
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

MOST_ANSWERS = 300  # then a new process: what the libraries keep in memory grows slowly
WORN = 0.6  # of the memory that it may have
Answer = tuple[Any, bytes]  # something that JSON has, and bytes
Job = Callable[[bytes, dict[str, Any]], Answer]


class MissingError(Exception):
    """What this machine lacks for a kind of work: a sentence in English, for whoever runs it."""


@dataclass(frozen=True)
class Kind:
    """Work of one kind. `prepare` imports what it takes, and returns the jobs by name.

    One that is sealed opens nothing more when it is ready, neither a file nor a connection.
    """

    prepare: Callable[[], dict[str, Job]]
    is_sealed: bool = True


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


def _kind(name: str) -> Kind:
    place, _, name = name.partition(":")
    found = getattr(importlib.import_module(place), name)
    assert isinstance(found, Kind)
    return found


def main() -> None:
    """Answer questions until there are no more, or until this process is worn."""
    answers = os.fdopen(os.dup(1), "wb")
    questions_in = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)  # what a library prints goes to the log, and not into an answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where memory runs out, this goes first
    logging.basicConfig(level=logging.ERROR)
    memory = int(sys.argv[2]) * 1024 * 1024
    in_use = _memory_meter()
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_AS, memory)
    try:
        kind = _kind(sys.argv[1])
        jobs = kind.prepare()
    except MissingError as missing:
        _answer(answers, missing=str(missing))
        return
    questions: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(questions_in, questions), daemon=True).start()
    _at_most(resource.RLIMIT_FSIZE, 0)
    if kind.is_sealed:
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
    # By the name that the kinds import it by: there must not be two of each class.
    from municipalities.apart import worker

    worker.main()

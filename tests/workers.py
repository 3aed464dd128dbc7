"""Workers for PDF files that something is wrong with."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from agreements.documents import bounded, renderer
from municipalities.apart import process

# For a program that measures or changes its own process: the work is then done in it, by nobody else.
IN_THIS_PROCESS = (
    "from agreements.documents import engine, renderer\n"
    "renderer.pdf = lambda html, names=(): engine.write(html, names)\n"
)


def command(source: str) -> tuple[str, ...]:
    """The command of a worker that runs these lines first."""
    start = "from municipalities.apart import worker"
    return (sys.executable, "-P", "-c", f"{source}\n{start}\nworker.main()")


def use(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Let every worker of this test be such a one."""
    monkeypatch.setattr(process, "COMMAND", command(source))


# A page with this word in it never comes to an end, falls over or takes all memory.
TURNS = """
import ctypes, os, signal, time
from agreements.documents import engine
write = engine.write
def turned(html, names=()):
    if "EVIG" in html:
        time.sleep(3600)
    if "SNURR" in html:
        while True:
            pass
    if "DREPT" in html:
        os.kill(os.getpid(), signal.SIGKILL)
    if "KRASJ" in html:
        ctypes.string_at(0)
    if "TETT" in html:
        return bytearray(10**12)
    if "FEIL" in html:
        raise ValueError("too <deep>")
    if "PRAT" in html:
        print("sagt av et bibliotek")
        os.write(2, b"sagt av C\\n")
    return write(html, names)
engine.write = turned
"""


# A file with one of these in it never comes to an end, takes all memory, or takes the process with it.
WORDS = ("SNURR", "VOKS", "DREPT", "FEIL")
_BADLY = """
import os, signal, socket
def turned(content):
    if b"SNURR" in content:
        while True:
            pass
    if b"VOKS" in content:
        kept = []
        while True:
            kept.append(bytearray(10_000_000))
    if b"DREPT" in content:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"FEIL" in content:
        raise KeyError("not foreseen")
    if b"UTGANG" in content:
        refused = []
        for try_out in (lambda: open("/etc/hostname"), lambda: open("ny", "w"), socket.socket):
            try:
                try_out()
            except OSError as problem:
                refused.append(type(problem).__name__)
        secrets = [name for name in os.environ if "SECRET" in name or "DATABASE" in name]
        raise refusal(f"{len(refused)} stengt, {len(secrets)} hemmeligheter")
    return read(content)
"""


def badly(start: str, where: str) -> str:
    """Lines that put a reader that does badly in the place of one; `start` names `read` and `refusal`."""
    return f"{start}{_BADLY}{where} = turned\n"


def page(body: str) -> str:
    """A whole page to render."""
    return f'<!doctype html><html lang="nb"><head><title>Prøve</title></head><body>{body}</body></html>'


def pid() -> int:
    """The process of the worker that is in use now."""
    renderer.pdf(page("<p>Varm</p>"))
    assert bounded._worker is not None
    return bounded._worker.process.pid


def status(number: int) -> dict[str, Any]:
    """What the system tells of a process; nothing where it is gone."""
    try:
        with open(f"/proc/{number}/status", encoding="utf-8") as file:
            told = dict(line.split(":", 1) for line in file)
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {} if told["State"].split()[0] == "Z" else told

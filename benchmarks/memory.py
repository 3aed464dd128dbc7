"""What a process and all below it take: memory (PSS: shared pages are shared out), processor time."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

EVERY = 0.02  # seconds


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    found = [root]
    for number in found:
        with contextlib.suppress(OSError):  # it has ended
            for children in Path(f"/proc/{number}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def pss(number: int) -> int:
    """Kilobytes of one process; nothing where it has ended."""
    try:
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def processor() -> float:
    """Seconds of processor time that this process and all below it have had, also those that have ended."""
    ticks = 0
    for number in tree(os.getpid()):
        with contextlib.suppress(OSError):  # it has ended
            told = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(each) for each in told[11:15])  # its own and its children's
    return ticks / os.sysconf("SC_CLK_TCK")


def peak(work: Callable[[], object], roots: Callable[[], list[int]] | None = None) -> float:
    """The most megabytes that the trees of processes have while the work is done.

    Without `roots`: all below this process that were not there before.
    """
    before = set(tree(os.getpid()))
    most, done = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(EVERY):
            if roots is None:
                numbers = set(tree(os.getpid())) - before
            else:
                numbers = {number for root in roots() for number in tree(root)}
            most = max(most, sum(map(pss, numbers)))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        work()
    finally:
        done.set()
        looking.join()
    return most / 1024

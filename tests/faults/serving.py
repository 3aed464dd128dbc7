"""The program as it runs on a server: gunicorn and the worker as processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.conf import settings
from django.test import Client

from config.embedded_place import PROJECT
from municipalities.models import User
from tests import database
from tests.conftest import CAST
from tests.ports import free_port

PATIENCE = 240  # seconds; the machine may be busy


def wait_until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until it is so; fail where it never is."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.05)


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process that uses the database of this test."""
    return os.environ | {"DATABASE_URL": database.database_url(), "LOCAL": "1"} | changes


@dataclass(frozen=True)
class Server:
    """A gunicorn that runs."""

    process: subprocess.Popen[bytes]
    url: str

    def health(self, path: str = "/health/") -> int:
        """The answer's code; 0 where there is none."""
        try:
            return httpx.get(self.url + path, timeout=30, trust_env=False).status_code
        except httpx.TransportError:
            return 0

    def told(self) -> dict[str, str]:
        """What /health/ready/ says."""
        answer = httpx.get(f"{self.url}/health/ready/", timeout=30, trust_env=False)
        return dict(answer.json())


def children(pid: int) -> dict[int, str]:
    """The processes that a process has started, with their command lines."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found[int(child)] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
    return found


@contextmanager
def gunicorn(**changes: str) -> Iterator[Server]:
    """Serve from this test's database on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers=2", "--threads=4"]
    command += [f"--bind=127.0.0.1:{port}", "--no-control-socket", "--log-level=error"]
    with _process(command, environment(**changes)) as process:
        server = Server(process, f"http://127.0.0.1:{port}")
        wait_until(server.health)
        yield server


@contextmanager
def everything(**changes: str) -> Iterator[Server]:
    """Do what script/server does: prepare the database, serve, and keep a worker running."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "config.launch", "server"]
    with _process(command, environment(PORT=str(port), **changes)) as process:
        server = Server(process, f"http://127.0.0.1:{port}")
        wait_until(server.health)
        yield server


@contextmanager
def worker(**changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of the task queue."""
    command = [sys.executable, "manage.py", "procrastinate", "worker"]
    command += ["--shutdown-graceful-timeout=5"]
    with _process(command, environment(**changes)) as process:
        yield process


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process with what it starts, and end all of it."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def person(server: Server, who: str = "editor") -> Iterator[httpx.Client]:
    """A browser of somebody who is logged in; on any server of the same installation."""
    made = Client()
    made.force_login(User.objects.get(email=CAST[who]))
    cookies = {settings.SESSION_COOKIE_NAME: made.cookies[settings.SESSION_COOKIE_NAME].value}
    with httpx.Client(base_url=server.url, cookies=cookies, timeout=60, trust_env=False) as browser:
        yield browser


def field(page: str, name: str) -> str:
    """The value of a hidden field of a page; empty where there is none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found.group(1) if found else ""

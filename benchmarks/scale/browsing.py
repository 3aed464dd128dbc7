"""The program on gunicorn, as in production, and people who are logged in and ask it for pages."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from benchmarks.scale import filling
from config.launch import GUNICORN, WORKER
from municipalities.models import User
from tests import pages
from tests.ports import free_port

FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back, how long it took from the first byte sent to the last received, and queries."""

    status: int
    body: bytes
    seconds: float
    headers: Any
    queries: int = -1
    processor: float = 0.0

    def form(self, button: str, action: str = "") -> pages.Sent:
        """What a browser would send if the form's button were pressed at once."""
        return pages.form(SimpleNamespace(content=self.body), button, action)


@dataclass
class Browser:
    """Somebody who is logged in. Keeps the token that forms are sent with."""

    port: int
    session: str
    token: str = ""
    asked: int = field(default=0)

    def ask(
        self,
        path: str,
        data: pages.Sent | None = None,
        *,
        htmx: bool = False,
        count: bool = False,
    ) -> Answer:
        """Fetch a page, or send a form."""
        headers = {"Cookie": f"sessionid={self.session}", "Connection": "close"}
        body = None
        if self.token:
            headers["Cookie"] += f"; csrftoken={self.token}"
        if data is not None:
            body = urlencode(data, doseq=True)
            headers |= {"X-CSRFToken": self.token, "Content-Type": FORM}
        if htmx:
            headers["HX-Request"] = "true"
        if count:
            headers["X-Count-Queries"] = "1"
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        begun = time.perf_counter()
        try:
            wire.request("GET" if data is None else "POST", path, body, headers)
            got = wire.getresponse()
            content = got.read()
            seconds = time.perf_counter() - begun
        finally:
            wire.close()
        for cookie in got.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            if name == "csrftoken":
                self.token = rest.partition(";")[0]
        queries = int(got.headers.get("X-Count-Queries", -1))
        processor = float(got.headers.get("X-Processor-Time", 0))
        return Answer(got.status, content, seconds, got.headers, queries, processor)


def use(url: str) -> None:
    """Make this process's own questions go to another database on the same server."""
    connection.close()
    connection.settings_dict["NAME"] = url.partition("?")[0].rpartition("/")[2]


def log_in(port: int, user: User) -> Browser:
    """Give a person a session, as the login page does once the password is right."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return Browser(port, store.session_key)


@contextmanager
def served(url: str, *, workers: int = 0) -> Iterator[tuple[int, int]]:
    """Serve a database with gunicorn, and so many workers; give the port and gunicorn's process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}"]
    with ExitStack() as stack:
        web = stack.enter_context(_process(command, url))
        for _ in range(workers):
            stack.enter_context(_process(WORKER, url))
        for _ in range(600):
            if web.poll() is None and _answers(port):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError("the web server does not start")
        yield port, web.pid


def _answers(port: int) -> bool:
    try:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        wire.request("GET", "/health/")
        return wire.getresponse().status == 200
    except OSError:
        return False


@contextmanager
def _process(command: list[str], url: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        Path(filling.PROJECT, "var", "scale.log").open("ab") as log,
        subprocess.Popen(
            command, cwd=filling.PROJECT, env=filling.environment(url), stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def memory(parent: int) -> dict[int, float]:
    """The memory of the processes that a process has begun, MiB, shared pages parted between them."""
    found = {}
    for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
        found[int(number)] = (
            sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            / 1024
        )
    return found

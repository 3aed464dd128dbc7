"""PgBouncer in front of this test's database, giving each transaction whichever connection is free."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg.rows import dict_row

from config.embedded_place import find_place, run_as
from tests.faults import serving
from tests.ports import free_port

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="needs PgBouncer (pgbouncer)")
CONNECTIONS = 3  # fewer than the threads that ask
SETTINGS = """
[databases]
* = {database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
"""


@dataclass(frozen=True)
class Pooler:
    """One that runs; `url` leads through it to the database of this test."""

    port: int
    name: str

    @property
    def url(self) -> str:
        return f"postgresql://somebody@127.0.0.1:{self.port}/{quote(self.name)}"

    def show(self, what: str) -> list[dict[str, Any]]:
        """What it tells of itself: SHOW SERVERS, SHOW CONFIG …"""
        params: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "user": "somebody"}
        with psycopg.connect(**params, dbname="pgbouncer", autocommit=True) as console:
            cursor = psycopg.ClientCursor(console, row_factory=dict_row)
            return cursor.execute(f"SHOW {what}".encode()).fetchall()

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(self.show("VERSION"))
        return False


@contextmanager
def pooler() -> Iterator[Pooler]:
    """Run one, as the account that the database runs as: it refuses to be root."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    made = Pooler(free_port(), str(given["dbname"]))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = Path(folder, "pgbouncer.ini")
        database = " ".join(f"{key}={value}" for key, value in wanted.items())
        text = SETTINGS.format(database=database, port=made.port, connections=CONNECTIONS)
        settings.write_text(text, encoding="utf-8")
        account = find_place().account
        with subprocess.Popen(
            [str(PROGRAM), str(settings)], cwd="/", stderr=subprocess.DEVNULL, **run_as(account)
        ) as process:
            try:
                serving.wait_until(made.answers, 30)
                yield made
            finally:
                process.terminate()

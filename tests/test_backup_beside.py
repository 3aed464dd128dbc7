"""A backup and what may go wrong beside it: a migration that begins meanwhile, a pipe that is cut off."""

from __future__ import annotations

import re
import subprocess
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from agreements.backup import making, tables
from agreements.backup.file import Manifest
from config.embedded_place import PROJECT
from municipalities import schema_lock
from tests import database
from tests.faults import serving

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def silent(said: str) -> None:
    """Nobody listens."""


def test_a_backup_that_begins_during_a_migration_is_of_what_comes_after_it(tmp_path: Path) -> None:
    made: list[Manifest] = []

    def back_up() -> None:
        try:
            made.append(making.save(tmp_path / "all.backup", silent)[0])
        finally:
            connection.close()

    with database.empty():
        given: dict[str, Any] = connection.get_connection_params()
        with psycopg.connect(**given, autocommit=True) as migrating:
            migrating.execute("SELECT pg_advisory_lock(%s)", [schema_lock.LOCK])
            thread = threading.Thread(target=back_up)
            thread.start()
            serving.wait_until(lambda: migrating.execute(WAITS).fetchone() or made)
            assert not made
            migrating.execute("ALTER TABLE agreements_agreement ADD COLUMN later text")
            migrating.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('agreements', '9999_later', now())"
            )
            migrating.execute("SELECT pg_advisory_unlock(%s)", [schema_lock.LOCK])
            thread.join(60)
    (manifest,) = made
    (table,) = [table for table in manifest.tables if table.name == "agreements_agreement"]
    assert "later" in table.columns
    assert ("agreements", "9999_later") in manifest.migrations


def test_no_migration_begins_during_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, read = tables.lock, []
    given: dict[str, Any] = connection.get_connection_params()

    def watched(found: list[tables.Stored]) -> None:
        with psycopg.connect(**given) as other:
            read.append(
                other.execute("SELECT pg_try_advisory_lock(%s)", [schema_lock.LOCK]).fetchone()
            )
        lock(found)

    monkeypatch.setattr(tables, "lock", watched)
    making.save(tmp_path / "all.backup", silent)
    assert read == [(False,)]
    with psycopg.connect(**given) as other:
        free = other.execute("SELECT pg_try_advisory_lock(%s)", [schema_lock.LOCK]).fetchone()
    assert free == (True,)


@pytest.mark.parametrize(
    ("document", "name"), [("docs/backup.md", "avtaler.backup"), ("docs/drift.md", "$fil")]
)
def test_the_documented_line_tells_whether_a_file_came_whole(
    tmp_path: Path, document: str, name: str
) -> None:
    """It is all there is to what went through a pipe: `backup -` cannot read it back."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    (line,) = re.findall(r"^    (test \".*\"\$\(tail .*)$", text, re.M)
    assert line.count(name) == 2
    file = tmp_path / "avtaler.backup"
    with file.open("wb") as target:
        making.write(target, silent)

    def whole() -> bool:
        script = line.replace(name, str(file))
        return subprocess.run(["bash", "-c", script], capture_output=True).returncode == 0

    assert whole()
    content = file.read_bytes()
    for hurt in (
        content[:-1],
        content[: len(content) // 2],
        content[:50] + b"?" + content[51:],
        b"",
    ):
        file.write_bytes(hurt)
        assert not whole()

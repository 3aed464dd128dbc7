"""A backup and a migration do not meet: either waits for the other."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from agreements.backup import making, tables
from agreements.backup.file import Manifest
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

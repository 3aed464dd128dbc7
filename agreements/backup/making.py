"""Making a backup while the program runs: everything as it was at one moment."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from agreements.backup import tables
from agreements.backup.file import BackupError, Manifest, Reader, Writer
from config import VERSION
from municipalities import schema_lock

Say = Callable[[str], None]


def write(target: BinaryIO, say: Say) -> tuple[Manifest, str]:
    """Write a backup to a stream; return what is in it and its checksum. `say` is told of each table.

    One transaction that only reads, at one moment: people go on working and are not in the way. A migration
    waits, as it would else change tables between that moment and when they are locked.
    """
    with schema_lock.held(), transaction.atomic(), Writer(target) as writer:
        tables.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables.run(tables.STEADY)
        applied = sorted(MigrationRecorder(connection).applied_migrations())
        if not applied:
            raise BackupError("There is nothing to back up: the database is not migrated.")
        found = tables.found()
        tables.lock(found)
        for number, table in enumerate(found, 1):
            writer.add(table.name, table.columns, tables.rows(table, table.columns))
            if count := writer.tables[-1].rows:
                say(f"[{number}/{len(found)}] {table.name}: {count} rows")
        manifest = Manifest(
            version=VERSION,
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            postgresql=str(tables.run("SHOW server_version")[0][0]),
            migrations=applied,
            tables=writer.tables,
            sequences=tables.sequences(found),
        )
        return manifest, writer.finish(manifest)


def save(path: Path, say: Say, *, replace: bool = False) -> tuple[Manifest, str]:
    """Write a backup to a file that only its owner may read, and read it back.

    It has another name until it is whole. BackupError where there is such a file already, or where it
    cannot be written.
    """
    if path.exists() and not replace:
        raise BackupError(f"{path} is there already: choose another name, or --force.")
    try:
        with _unfinished(path) as part:
            made = write(cast(BinaryIO, part), say)
            os.fsync(part.fileno())
            with open(part.name, "rb") as written:
                Reader(written)
            os.replace(part.name, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        raise BackupError(f"{path} cannot be written: {problem.strerror}.") from problem
    return made


@contextmanager
def _unfinished(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path`, readable by its owner alone; it is removed unless it was renamed."""
    with NamedTemporaryFile(
        dir=path.parent, prefix=f"{path.name}.", suffix=".part", delete=False
    ) as part:
        try:
            yield cast(BinaryIO, part)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part.name)

"""Restoring: the tables as they were built then, filled and compared, and then brought up to today.

All of that is done beside the installation, in a schema of its own. Only when everything is there and
holds, one transaction puts it in place of what was: where anything fails, the installation is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from agreements import record
from agreements.backup import tables
from agreements.backup.file import BackupError, Manifest, Reader
from agreements.backup.making import Say
from agreements.models import Agreement
from municipalities import schema_lock
from municipalities.models import User
from municipalities.outbox import HELD_BACK, Outgoing

WAIT = "60s"  # for others who use the tables
ASIDE = "samarbeidsavtaler_restore"


def in_the_way() -> dict[str, int]:
    """Return what would be lost, {kind: how many}: empty where there is nobody and no agreement yet.

    The register and the model agreements do not count: they are put into every new installation.
    """
    kept = {}
    for word, model in (
        ("people", User),
        ("agreements", Agreement),
        ("plans", apps.get_model("financing", "Plan")),
    ):
        table = model._meta.db_table
        if tables.run("SELECT to_regclass(%s)", [table])[0][0] is not None:
            ((count,),) = tables.run(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own name
            if count:
                kept[word] = count
    return kept


def check(manifest: Manifest) -> None:
    """Raise BackupError where a newer version of the program made the backup."""
    known = MigrationLoader(connection, ignore_no_migrations=True).disk_migrations
    missing = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if missing:
        raise BackupError(
            f"The backup was made by a newer version of the program ({manifest.version}), which has"
            f" {missing[0]}: restore it with that version, or a newer one."
        )


def restore(reader: Reader, say: Say, *, send_waiting: bool = False) -> list[str]:
    """Replace everything with what is in the backup; return what does not hold in it, in words.

    Mail that waited then is not sent unless `send_waiting`: it has most likely gone out since.
    """
    check(reader.manifest)
    with schema_lock.held(), _aside() as put_in_place:
        say("building the tables as they were …")
        _build(reader.manifest)
        with transaction.atomic():
            tables.run(tables.STEADY)
            _fill(reader, say)
        say("bringing them up to this version …")
        call_command("migrate", verbosity=0, interactive=False)
        if not send_waiting:
            hold_mail()
        say("verifying records and files …")
        found = problems()
        put_in_place()
    return found


@contextmanager
def _aside() -> Iterator[Callable[[], None]]:
    """Work in an empty schema instead of the installation's own; the value puts it in its place."""
    ((live,),) = tables.run("SELECT current_schema()")
    if live is None:
        raise BackupError("The database has no schema that this program may use.")
    _leave(live)
    tables.run(f"CREATE SCHEMA {ASIDE}")
    tables.run(f"SET search_path TO {ASIDE}")

    def put_in_place() -> None:
        with transaction.atomic():
            tables.run(f"SET LOCAL lock_timeout = '{WAIT}'")
            moved = tables.objects()
            tables.run(SQL("SET LOCAL search_path TO {}").format(Identifier(live)))
            tables.drop()
            tables.run(f"SET LOCAL search_path TO {ASIDE}")
            for kind, name in moved:
                tables.run(SQL(f"ALTER {kind} {name} SET SCHEMA {{}}").format(Identifier(live)))
            tables.run(f"DROP SCHEMA {ASIDE}")  # which fails where anything was left in it

    try:
        yield put_in_place
    finally:
        if connection.is_usable():
            _leave(live)
            ContentType.objects.clear_cache()


def _leave(live: str) -> None:
    """Go back to the installation, and remove what an earlier try has left beside it."""
    tables.run(SQL("SET search_path TO {}").format(Identifier(live)))
    tables.run(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")


def _build(manifest: Manifest) -> None:
    """Take the migrations of the backup, and no others."""
    recorded = set(manifest.migrations)
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    last = [
        key
        for key in manifest.migrations
        if key in nodes
        and not any(
            child.key[0] == key[0] and child.key in recorded for child in nodes[key].children
        )
    ]
    executor.migrate(last)
    built = set(executor.recorder.applied_migrations())
    if built != recorded:
        odd = sorted(built ^ recorded)[0]
        raise BackupError(f"The migrations of the backup cannot be taken: {'.'.join(odd)} differs.")


def _fill(reader: Reader, say: Say) -> None:
    """Put every row in, and see that each table is the same, byte for byte, as what was backed up."""
    manifest = reader.manifest
    found = {table.name: table for table in tables.found()}
    if odd := {table.name for table in manifest.tables} ^ set(found):
        raise BackupError(
            f"The table {sorted(odd)[0]} is not both in the backup and in the program."
        )
    every = list(found.values())
    tables.triggers(every, on=False)
    tables.clear(every)  # a migration may have put rows in
    for number, table in enumerate(manifest.tables, 1):
        if table.rows:
            say(f"[{number}/{len(every)}] {table.name}: {table.rows} rows")
        tables.fill(table.name, table.columns, reader.blocks(table))
        seen = tables.digest(found[table.name], table.columns)
        if (seen.rows, seen.sha256) != (table.rows, table.sha256):
            raise BackupError(f"The table {table.name} is not the same after it was put back.")
    tables.run("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys are checked here
    tables.triggers(every, on=True)
    for sequence in manifest.sequences:
        tables.go_on(sequence)


def hold_mail() -> None:
    """Take the mail that waits as handled: it is in the program for its reader, but is not sent."""
    for model in apps.get_models():
        if issubclass(model, Outgoing):
            waiting = model._default_manager.filter(sent_at=None, dropped_at=None)
            waiting.update(dropped_at=timezone.now(), error=HELD_BACK)


def problems() -> list[str]:
    """Return what does not hold: a record whose chain is broken, bytes that are not those of their hash."""
    found = []
    for agreement in Agreement.objects.order_by("slug"):
        if broken := record.first_break(agreement):
            found.append(f"{agreement.slug}: event {broken.number}: {broken.reason}")
    for model, content in hashed():
        for pk in _other_hash(model, content):
            found.append(f"{model._meta.label} {pk}: the content is not that of its SHA-256")
    return found


def hashed() -> list[tuple[type[models.Model], str]]:
    """Return the models that keep bytes with their SHA-256, and the field of the bytes."""
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        for field in model._meta.fields:
            if isinstance(field, models.BinaryField) and "sha256" in names:
                found.append((model, field.name))
    return found


def _other_hash(model: type[models.Model], content: str) -> list[Any]:
    """Return the rows whose bytes have another hash. The database computes it: no file leaves it."""
    stated = models.Func(
        models.Func(models.F(content), function="sha256"),
        models.Value("hex"),
        function="encode",
        output_field=models.CharField(),
    )
    rows = model._default_manager.annotate(computed=stated).filter(~Q(sha256=models.F("computed")))
    return list(rows.order_by("pk").values_list("pk", flat=True))

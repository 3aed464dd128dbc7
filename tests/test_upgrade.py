"""From the first release's schema to today's, with the data of an installation of that time.

`tests/data/first_release.backup` is the demonstration of the first release, with a row more in each table
that it left empty, written by `backup`. Restoring builds the tables as they were, puts the rows in, and
takes every migration since, each in a transaction of its own as `migrate` does on a server.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from agreements import record
from agreements.backup import making, restoring, tables
from agreements.backup.file import Manifest, Reader, Table
from agreements.models import Agreement, AgreementEvent, Message
from municipalities.models import User
from tests import database, rounds
from tests.conftest import CAST

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = Path(__file__).parent / "data" / "first_release.backup"
ROOMS = ("municipalities", "financing", "agreements")
# Columns whose values a migration has changed on purpose. Everything else must be as it was.
REWRITTEN: dict[str, set[str]] = {}
PAGES = (
    "",
    "tekst/",
    "parter/",
    "tjenester/",
    "okonomi/",
    "kontroll/",
    "historikk/",
    "dokumenter/",
)

Rows = dict[str, list[list[str]]]


def split(blocks: Iterator[bytes]) -> list[list[str]]:
    """Return the rows of COPY text."""
    return [line.split("\t") for line in b"".join(blocks).decode().splitlines()]


def test_every_row_of_the_first_release_is_there_today() -> None:
    with FIRST.open("rb") as source, database.empty():
        reader = Reader(source)
        tables.drop()
        assert restoring.restore(reader, lambda said: None, send_waiting=True) == []
        _rows_are_kept(reader)
        _rooms_began_with_one_migration(reader.manifest)
        call_command("migrate", check_unapplied=True, verbosity=0)
        _it_is_an_installation_to_work_in()


def _rows_are_kept(reader: Reader) -> None:
    now = {table.name: table for table in tables.found()}
    tables.run("SET TimeZone = 'UTC'")
    for table in reader.manifest.tables:
        assert table.rows, f"{table.name}: a table without rows shows nothing"
        before = split(reader.blocks(table))
        assert len(before) == table.rows
        columns = _still_there(table, now[table.name])
        places = [table.columns.index(column) for column in columns]
        after = split(tables.rows(now[table.name], columns))
        missing = [
            row for row in ([row[at] for at in places] for row in before) if row not in after
        ]
        assert not missing, f"{table.name}: {missing[0]}"


def _still_there(table: Table, now: tables.Stored) -> list[str]:
    rewritten = REWRITTEN.get(table.name, set())
    kept = [name for name in table.columns if name in now.columns and name not in rewritten]
    assert len(kept) > len(table.columns) / 2, f"{table.name}: hardly anything is compared"
    return kept


def _rooms_began_with_one_migration(manifest: Manifest) -> None:
    taken = [(app, name) for app, name in manifest.migrations if app in ROOMS]
    assert sorted(taken) == [(room, "0001_initial") for room in sorted(ROOMS)]


def _it_is_an_installation_to_work_in() -> None:
    """Records hold, pages open, and the agreement goes on to a version that is answered."""
    assert {event.number for event in AgreementEvent.objects.all()} >= {1, 2}
    for agreement in Agreement.objects.all():
        assert record.first_break(agreement) is None
    client = Client()
    client.force_login(User.objects.get(email=CAST["editor"]))
    for page in PAGES:
        address = f"/avtaler/ringeriksregionen-2026/{page}"
        assert client.get(address).status_code == 200, address
    call_command("load_register", stdout=io.StringIO())
    call_command("load_templates", stdout=io.StringIO())
    agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
    call_command("check_agreement", agreement.slug, format="json", stdout=io.StringIO())
    version = rounds.freeze(agreement)
    assert rounds.answer(version, rounds.HOLE)
    assert Message.objects.exists()
    assert record.first_break(agreement) is None


def test_no_change_of_the_models_lacks_a_migration(ringerike: Agreement) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=io.StringIO())


def test_a_database_that_is_not_upgraded_yet_can_be_backed_up(tmp_path: Path) -> None:
    """The new program backs up what the old one left, before it migrates: the same file again."""
    with FIRST.open("rb") as source, database.empty():
        reader = Reader(source)
        tables.drop()
        restoring._build(reader.manifest)
        tables.run("BEGIN")
        restoring._fill(reader, lambda said: None)
        tables.run("COMMIT")
        made, _ = making.save(tmp_path / "again.backup", lambda said: None)
        assert made.tables == reader.manifest.tables
        assert made.migrations == reader.manifest.migrations
        connection.close()

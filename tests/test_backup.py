"""Backup and restore: every version, decision and file comes back byte for byte, or nothing changes."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import subprocess
import sys
import threading
import tomllib
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from agreements import record
from agreements.backup import making, restoring, tables
from agreements.backup.file import Manifest, Reader, Seen, Writer
from agreements.models import Agreement, Message, StoredFile, Version
from config.embedded_place import PROJECT
from municipalities import outbox
from municipalities.models import User
from tests import database, final_files, jobs, rounds
from tests.conftest import CAST

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "ringeriksregionen-2026"


def silent(said: str) -> None:
    """Nobody listens."""


@pytest.fixture
def finished(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    """An agreement with two versions, answers, council decisions, final files and a signed one."""
    final_files.quick(monkeypatch)
    rounds.freeze(ringerike)
    rounds.take(ringerike, rounds.Action.WITHDRAW, "Feil i § 4.")
    version = final_files.finalised(ringerike)
    final_files.sign(ringerike, version, final_files.everybody(version)[0])
    return version


def state() -> dict[str, tuple[int, str]]:
    """Count and hash every table."""
    tables.run("SET TimeZone = 'UTC'")
    found = {table.name: tables.digest(table, table.columns) for table in tables.found()}
    return {name: (seen.rows, seen.sha256) for name, seen in found.items()}


def said(command: str, *arguments: str, **options: Any) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


def test_everything_comes_back_byte_for_byte(finished: Version, tmp_path: Path) -> None:
    file, before = tmp_path / "all.backup", state()
    stored = {row.sha256: bytes(row.content) for row in StoredFile.objects.all()}
    document, events = bytes(finished.document), Agreement.objects.get(slug=SLUG).events.count()
    out, progress = said("backup", str(file))
    assert f"checksum {file.read_bytes()[-64:].decode()}" in out
    assert "agreements_storedfile: 5 rows" in progress
    with database.empty():
        tables.drop()
        assert not tables.found()
        out, _ = said("restore", str(file), "--send-waiting")
        assert "restored" in out
        assert state() == before
        assert before["agreements_version"][0] == 2
        assert before["agreements_decision"][0] >= 10
        for sha256, content in stored.items():
            row = StoredFile.objects.get(sha256=sha256)
            assert bytes(row.content) == content
            assert hashlib.sha256(row.content).hexdigest() == sha256
        again = Version.objects.get(pk=finished.pk)
        assert bytes(again.document) == document
        assert hashlib.sha256(again.document).hexdigest() == again.sha256
        out, _ = said("verify_record", SLUG)
        assert f"{events} events, whole" in out
        client = Client()
        client.force_login(User.objects.get(email=CAST["administrator"]))
        page = client.get(f"/avtaler/{SLUG}/dokumenter/")
        assert page.status_code == 200
        # New rows get numbers of their own, and what may not be changed still may not.
        agreement = Agreement.objects.get(slug=SLUG)
        with transaction.atomic():
            record.record(rounds.administrator(), agreement, "test.done", {})
        assert agreement.events.order_by("-number")[0].number == events + 1
        with pytest.raises(Exception, match="append-only"):
            tables.run("UPDATE agreements_version SET number = 9")


def test_a_backup_is_of_one_moment_while_people_write(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another connection commits between two tables: none of it, in any table, is in the backup."""
    before, read, written = state(), tables.rows, threading.Event()

    def write() -> None:
        try:
            agreement = Agreement.objects.get(pk=ringerike.pk)
            with transaction.atomic():
                record.record(rounds.administrator(), agreement, "test.meanwhile", {})
            User.objects.create_user("ny@eksempel.no", "x", name="Ny Person")
            written.set()
        finally:
            connection.close()

    def watched(table: tables.Stored, columns: list[str]) -> Any:
        if table.name == "agreements_agreementevent":
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(30)
        return read(table, columns)

    monkeypatch.setattr(tables, "rows", watched)
    manifest, _ = making.save(tmp_path / "all.backup", silent)
    monkeypatch.undo()
    assert written.is_set()
    assert {table.name: (table.rows, table.sha256) for table in manifest.tables} == before
    assert state() != before


@pytest.mark.slow
def test_mail_that_waited_is_not_sent_again_unless_asked(
    ringerike: Agreement, tmp_path: Path
) -> None:
    jobs.drop()
    rounds.freeze(ringerike)
    waiting = Message.objects.filter(sent_at=None, dropped_at=None).count()
    assert waiting
    making.save(tmp_path / "all.backup", silent)
    with database.empty():
        said("restore", str(tmp_path / "all.backup"))
        assert Message.objects.filter(error=outbox.HELD_BACK).count() == waiting
        assert not Message.objects.filter(sent_at=None, dropped_at=None).exists()
        assert not jobs.queued()
        said("restore", str(tmp_path / "all.backup"), "--yes", "--send-waiting")
        assert Message.objects.filter(sent_at=None, dropped_at=None).count() == waiting


def test_restoring_over_data_asks_first(
    ringerike: Agreement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.backup"
    making.save(file, silent)
    User.objects.create_user("ny@eksempel.no", "x", name="Ny Person")
    before = state()
    with pytest.raises(CommandError, match=r"3 agreements.*Nothing is changed; --yes") as problem:
        said("restore", str(file))
    assert problem.value.returncode == 2
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    with pytest.raises(CommandError, match="Nothing is changed"):
        said("restore", str(file))
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    with pytest.raises(CommandError, match="Nothing is changed"):
        said("restore", str(file))
    assert state() == before
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    _, asked = said("restore", str(file), send_waiting=True)
    assert "Go on? [y/N]" in asked
    assert not User.objects.filter(email="ny@eksempel.no").exists()


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        return True


# --- what is refused, before anything is changed ---------------------------------------------------


def refused(file: Path) -> str:
    with pytest.raises(CommandError) as problem:
        said("restore", str(file), "--yes")
    assert problem.value.returncode == 2
    return str(problem.value)


def test_a_damaged_file_is_refused_and_nothing_is_changed(
    ringerike: Agreement, tmp_path: Path
) -> None:
    whole, hurt = tmp_path / "all.backup", tmp_path / "hurt.backup"
    making.save(whole, silent)
    before, content = state(), whole.read_bytes()
    for place in (len(content) // 3, len(content) - 200, len(content) - 1):
        hurt.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert "damaged or cut off" in refused(hurt)
    for length in (len(content) - 1, len(content) // 2, 3):
        hurt.write_bytes(content[:length])
        assert "damaged or cut off" in refused(hurt)
    for odd in (b"", b"PDF", b"PK"):
        hurt.write_bytes(odd)
        assert refused(hurt)
    assert refused(tmp_path / "missing.backup").endswith("No such file or directory")
    assert refused(tmp_path).endswith("Is a directory")
    assert state() == before


def changed(made: Path, target: Path, change: Callable[[Manifest], Manifest]) -> Path:
    """Write a backup whose checksum is right, and whose manifest says something else."""
    with made.open("rb") as source, target.open("wb") as written, Writer(written) as writer:
        reader = Reader(source)
        for table in reader.manifest.tables:
            writer.add(table.name, table.columns, reader.blocks(table))
        writer.finish(change(reader.manifest))
    return target


def test_a_backup_of_a_newer_program_is_refused_in_a_sentence(
    ringerike: Agreement, tmp_path: Path
) -> None:
    made, odd, before = tmp_path / "all.backup", tmp_path / "odd.backup", state()
    making.save(made, silent)

    def newer(manifest: Manifest) -> Manifest:
        more = [*manifest.migrations, ("agreements", "9999_from_tomorrow")]
        return replace(manifest, migrations=more, version="7.0")

    assert "newer version of the program (7.0)" in refused(changed(made, odd, newer))
    assert state() == before


@pytest.mark.slow
def test_rows_that_are_not_those_backed_up_leave_everything_as_it_was(
    ringerike: Agreement, tmp_path: Path
) -> None:
    """The file is whole, but says of one table what is not so: found after all has been put in."""
    made, odd, before = tmp_path / "all.backup", tmp_path / "odd.backup", state()
    making.save(made, silent)

    def other(manifest: Manifest) -> Manifest:
        lied = [replace(table, sha256="0" * 64) for table in manifest.tables]
        return replace(manifest, tables=lied)

    assert "not the same after it was put back" in refused(changed(made, odd, other))
    assert state() == before
    schemas = tables.run("SELECT 1 FROM pg_namespace WHERE nspname = %s", [restoring.ASIDE])
    assert not schemas, "nothing is left beside it"


@pytest.mark.slow
def test_a_broken_record_is_restored_and_told(ringerike: Agreement, tmp_path: Path) -> None:
    """What is in the backup comes back as it is, and the command says what does not hold."""
    event = ringerike.events.order_by("number")[1]
    tables.run("ALTER TABLE agreements_agreementevent DISABLE TRIGGER USER")
    tables.run(
        "UPDATE agreements_agreementevent SET action = 'was.forged' WHERE id = %s", [event.pk]
    )
    tables.run("ALTER TABLE agreements_agreementevent ENABLE TRIGGER USER")
    making.save(tmp_path / "all.backup", silent)
    out = io.StringIO()
    with pytest.raises(SystemExit) as found:
        call_command(
            "restore", str(tmp_path / "all.backup"), "--yes", stdout=out, stderr=io.StringIO()
        )
    assert found.value.code == 1
    assert f"{SLUG}: event 2" in out.getvalue()


# --- the file -----------------------------------------------------------------------------------


def test_the_file_is_private_and_is_not_written_over(ringerike: Agreement, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    said("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    first = file.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        said("backup", str(file))
    assert file.read_bytes() == first
    said("backup", str(file), "--force")
    assert [path.name for path in tmp_path.iterdir()] == ["all.backup"]


def test_a_backup_that_cannot_be_written_leaves_no_file(
    ringerike: Agreement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file") as problem:
        said("backup", str(tmp_path / "missing" / "all.backup"))
    assert problem.value.returncode == 2
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limit[1]))  # as on a disk that runs full
    try:
        with pytest.raises(CommandError, match="cannot be written: File too large"):
            said("backup", str(tmp_path / "all.backup"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_large_file_is_never_held_whole_by_the_file_format(tmp_path: Path) -> None:
    """60 MB go through in pieces: what is held at once is a small part of it."""
    block, path = os.urandom(1 << 20), tmp_path / "large"
    tracemalloc.start()
    with path.open("wb") as target, Writer(target) as writer:
        writer.add("large", ["content"], (block for _ in range(60)))
        writer.finish(Manifest("1", "now", "18", [], writer.tables, []))
    with path.open("rb") as source:
        reader = Reader(source)
        seen = Seen()
        for read in reader.blocks(reader.manifest.tables[0]):
            seen.update(read)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen.sha256 == reader.manifest.tables[0].sha256
    assert seen.size == 60 << 20
    assert most < 8 << 20


def test_a_backup_says_what_made_it(ringerike: Agreement, tmp_path: Path) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest, checksum = making.save(tmp_path / "all.backup", silent)
    assert manifest.version == project["version"]
    assert ("agreements", "0001_initial") in manifest.migrations
    with (tmp_path / "all.backup").open("rb") as source:
        reader = Reader(source)
    assert (reader.manifest, reader.checksum) == (manifest, checksum)
    whole = (tmp_path / "all.backup").read_bytes()
    assert hashlib.sha256(whole[:-64]).hexdigest() == checksum


def test_every_table_of_the_models_is_in_a_backup(ringerike: Agreement) -> None:
    kept = {table.name for table in tables.found()}
    every = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }
    left = {name for name in every - kept if not name.startswith(tuple(tables.LEFT_OUT))}
    assert not left
    assert all(table.key for table in tables.found()), "the order of rows is by the primary key"


@pytest.mark.slow
def test_a_backup_goes_through_a_pipe(ringerike: Agreement, tmp_path: Path) -> None:
    """As in a container without a folder of its own: backup - and restore -."""
    manage = [sys.executable, "manage.py"]
    environment = os.environ | {"DATABASE_URL": database.database_url()}
    before = state()
    connection.close()
    made = subprocess.run(
        [*manage, "backup", "-"], env=environment, capture_output=True, check=True
    )
    User.objects.create_user("ny@eksempel.no", "x", name="Ny Person")
    connection.close()
    restore = [*manage, "restore", "-"]
    again = {"env": environment, "input": made.stdout, "capture_output": True}
    asked = subprocess.run(restore, check=False, **again)
    assert (asked.returncode, asked.stdout) == (2, b"")
    subprocess.run([*restore, "--yes", "--send-waiting"], check=True, **again)
    assert state() == before


@pytest.mark.slow
def test_tables_of_others_in_the_database_are_left_alone(
    ringerike: Agreement, tmp_path: Path
) -> None:
    making.save(tmp_path / "all.backup", silent)
    with database.empty():
        tables.run("CREATE TABLE somebody_elses AS SELECT 'Å' AS name")
        said("restore", str(tmp_path / "all.backup"))
        assert tables.run("SELECT name FROM somebody_elses") == [("Å",)]
        assert "somebody_elses" not in {table.name for table in tables.found()}

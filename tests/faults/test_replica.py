"""A read replica: a backup is taken from it, and it takes over when the first database is gone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import InternalError, connection

from agreements import editing, record
from agreements.backup import making, tables
from agreements.models import Agreement
from config import embedded
from config.embedded_place import run_as
from municipalities.models import User
from tests import database, rounds
from tests.faults import serving
from tests.faults.own import OwnServer, own_server
from tests.test_backup import silent, state

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def replica(first: OwnServer) -> Iterator[OwnServer]:
    """Make a copy that follows the first server, and run it."""
    made = OwnServer(first.place, "replica", embedded.SETTINGS)
    found = first.postmaster()
    assert found is not None
    subprocess.run(
        [
            *(first.place.programs / "pg_basebackup", "--host", found.socket_folder),
            *("--username=postgres", "--write-recovery-conf", "--checkpoint=fast"),
            *("--pgdata", made.data),
        ],
        check=True,
        cwd=first.place.home,
        **run_as(first.place.account),
    )
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_a_backup_is_taken_from_a_replica_and_it_takes_over(tmp_path: Path) -> None:
    with own_server() as first, replica(first) as second:
        User.objects.create_user("ny@eksempel.no", "x", name="Ny Person")  # it follows
        before = state()
        ((written,),) = tables.run("SELECT pg_current_wal_lsn()")
        database.point_at(second.url(), embedded.NAME)
        follows = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        serving.wait_until(lambda: tables.run(follows, [written])[0][0])

        manifest, _ = making.save(tmp_path / "all.backup", silent)
        assert {table.name: (table.rows, table.sha256) for table in manifest.tables} == before
        with pytest.raises(InternalError, match="read-only"):
            User.objects.create_user("en@eksempel.no", "x", name="En Annen")

        first.kill()
        assert tables.run("SELECT pg_promote()") == [(True,)]
        connection.close()
        assert state() == before
        agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
        clause = agreement.clauses.select_related("agreement").get(key="formaal")
        assert editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Etter skiftet.")
        assert agreement.clauses.get(key="formaal").text == "Etter skiftet."
        assert record.first_break(agreement) is None

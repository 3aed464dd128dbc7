"""A restore that is killed, or that somebody is in the way of, leaves the installation as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from agreements.backup import making, restoring, tables
from agreements.models import Agreement
from config.embedded_place import PROJECT
from municipalities.models import User
from tests.faults import serving
from tests.test_backup import said, silent, state

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(ringerike: Agreement, tmp_path: Path) -> Path:
    """A backup; then somebody is added who is not in it."""
    made = tmp_path / "all.backup"
    making.save(made, silent)
    User.objects.create_user("ny@eksempel.no", "x", name="Ny Person")
    return made


def test_a_restore_that_is_killed_changes_nothing_and_can_be_done_again(file: Path) -> None:
    before = state()
    connection.close()
    with subprocess.Popen(
        [sys.executable, "manage.py", "restore", str(file), "--yes"],
        cwd=PROJECT,
        env=serving.environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        seen = next((line for line in process.stderr if line.startswith("verifying")), "")
        process.kill()
    assert seen, "it was killed when everything but the last step was done"
    assert state() == before
    said("restore", str(file), "--yes", "--send-waiting")
    assert not User.objects.filter(email="ny@eksempel.no").exists()


def test_a_restore_gives_up_when_somebody_keeps_a_table(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state()
    monkeypatch.setattr(restoring, "WAIT", "500ms")
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM agreements_agreement")
        with pytest.raises(CommandError, match="lock timeout") as problem:
            said("restore", str(file), "--yes")
        assert problem.value.returncode == 2
    assert state() == before
    assert not tables.run("SELECT 1 FROM pg_namespace WHERE nspname = %s", [restoring.ASIDE])

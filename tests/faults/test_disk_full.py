"""The database's disk is full: what is being stored is refused with a clear page, and nothing is lost."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from agreements import record
from agreements.models import Agreement, AttachmentFile
from config.embedded_place import find_place
from tests import database, pages
from tests.desk import BASE
from tests.faults import cutting
from tests.office_files import PDF

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW = BASE + "vedlegg/nytt/"
FILE_SIZE = 4 << 20
ROOM = 64  # MB, of which an empty database takes a good part


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a disk that is soon full. Only root may, and not in every container."""
    folder = Path(tempfile.mkdtemp(prefix="samarbeidsavtaler-disk-", dir="/tmp"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs root and the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@pytest.fixture
def on_a_small_disk(ringerike: Agreement) -> Iterator[Path]:
    """The installation, with its database on a small disk."""
    if os.environ.get("DATABASE_URL") and not os.environ.get("EMBEDDED_DATABASE"):
        pytest.skip("needs the embedded database, on this machine")
    name = f"small_{os.getpid()}"
    with small_disk() as disk:
        account = find_place().account
        assert account is not None, "root runs the database as somebody else"
        os.chown(disk, account.pw_uid, account.pw_gid)
        before = connection.settings_dict["NAME"]
        connection.close()
        parameters = connection.get_connection_params() | {"dbname": "postgres"}
        with psycopg.connect(**parameters, autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE {name} LOCATION '{disk}'")
            try:
                with database.copied(before):
                    moved = connection.settings_dict["NAME"]
                    server.execute(f"ALTER DATABASE {moved} SET TABLESPACE {name}")
                    yield disk
            finally:
                connection.close()
                server.execute(f"DROP TABLESPACE {name}")


def upload(client: Client, number: int) -> dict[str, object]:
    sent = pages.form(client.get(NEW), "Legg ved")
    typed = pages.changed(sent, title=f"Evaluering {number}", kind="evaluation")
    header, newline, rest = PDF.partition(b"\n")
    noise = b"%" + os.urandom(FILE_SIZE // 2).hex().encode() + b"\n"  # a comment of that length
    content = header + newline + noise + rest
    return typed | {"file": SimpleUploadedFile("evaluering.pdf", content)}


def test_a_full_disk_refuses_with_a_page_and_goes_on_when_there_is_room(
    on_a_small_disk: Path,
) -> None:
    client, agreement = (
        cutting.browser("editor"),
        Agreement.objects.get(slug="ringeriksregionen-2026"),
    )
    stored = 0
    for number in range(ROOM):
        events = agreement.events.count()
        answer = client.post(NEW, upload(client, number))
        if answer.status_code != 302:
            break
        stored += 1
    assert stored >= 1, "there was room for one at least"
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Det du sendte, er ikke lagret" in page
    assert f"Evaluering {number}" in page
    assert agreement.attachments.filter(title=f"Evaluering {number}").count() == 0
    assert agreement.events.count() == events
    _all_is_whole(agreement, stored)
    assert client.get(BASE).status_code == 200, "reading goes on"
    assert client.get("/health/").status_code == 200
    remount = ["mount", "-o", f"remount,size={2 * ROOM}m", on_a_small_disk]
    subprocess.run(remount, check=True)
    assert client.post(NEW, upload(client, number)).status_code == 302
    _all_is_whole(agreement, stored + 1)


def _all_is_whole(agreement: Agreement, stored: int) -> None:
    files = list(AttachmentFile.objects.filter(attachment__agreement=agreement))
    large = [file for file in files if file.size > FILE_SIZE]
    assert len(large) == stored
    for file in large:
        assert hashlib.sha256(file.content).hexdigest() == file.sha256
    assert record.first_break(agreement) is None

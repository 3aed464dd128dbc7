"""A database server of a test's own, to be stopped, killed and started."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from agreements import demo
from config import embedded
from config.embedded_place import find_place
from tests import database


class OwnServer(embedded.Cluster):
    """An embedded server in a folder of its own; data is as safe in it as on a real one."""

    def kill(self) -> None:
        """End it as the kernel would: it has to recover when it is started."""
        found = self.postmaster()
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Start a server, with the demonstration in it, and make Django use it for a while."""
    place = find_place()
    home = Path(tempfile.mkdtemp(prefix="samarbeidsavtaler-own-", dir="/tmp"))
    home.chmod(0o755)
    if place.account is not None:
        os.chown(home, place.account.pw_uid, place.account.pw_gid)
    server = OwnServer(replace(place, home=home), "own", embedded.SETTINGS)
    before = dict(connection.settings_dict)
    try:
        server.start()
        database.point_at(server.url(), embedded.NAME)
        call_command("migrate", verbosity=0)
        demo.load(usable_accounts=True)
        yield server
    finally:
        connection.close()
        for target in (settings.DATABASES["default"], connection.settings_dict):
            target.update(before)
        server.stop()
        shutil.rmtree(home)

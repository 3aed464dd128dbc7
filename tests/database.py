"""The test database: migrated once, then copied for each process of a test run.

The migrated template is kept under the hash of the migrations, so the next run starts at once. A
run makes its copies under names of its own and drops them: two runs at a time do not meet. Without
DATABASE_URL the embedded test server is started, or joined if it runs.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

from config import embedded

LOCK = 7_261_983  # any number, the same for all who make or copy a template


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Give this process a database of its own (in place of pytest-django's fixture)."""
    with django_db_blocker.unblock(), fresh():
        yield


@contextmanager
def fresh() -> Iterator[None]:
    """Make Django use a migrated database without rows, and drop it afterwards."""
    given = os.environ.get("DATABASE_URL")
    with nullcontext(given) if given else embedded.test_server() as url, closing(connection):
        name = f"run_{os.getpid()}_{os.urandom(4).hex()}"
        _copy_template(url, name)
        point_at(url, name)
        try:
            yield
        finally:
            connection.close()
            with _server(url) as server:
                server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def empty() -> AbstractContextManager[str]:
    """Make Django use a migrated database without rows for a while, then go back."""
    return copied(f"template_{_hash_of_migrations()}")


@contextmanager
def copied(source: str = "") -> Iterator[str]:
    """Make Django use a copy of a database, the current one by default; then drop it and go back.

    For tests that cannot be undone by a rollback, as a server's threads have connections of their
    own. The copy has what is committed in the source, which nobody may be connected to.
    """
    before = connection.settings_dict["NAME"]
    name = f"run_{os.getpid()}_{os.urandom(4).hex()}"
    connection.close()
    server_parameters = connection.get_connection_params() | {"dbname": "postgres"}
    with psycopg.connect(**server_parameters, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        server.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(
                Identifier(name), Identifier(source or before)
            )
        )
        server.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _server(url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(url, dbname="postgres", autocommit=True)


def point_at(url: str, name: str) -> None:
    """Make Django, whose connection object exists already, use this database."""
    import dj_database_url

    parsed = dj_database_url.parse(url) | {"NAME": name}
    for target in (settings.DATABASES["default"], connection.settings_dict):
        target.update(
            {key: parsed[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
        )
    connection.close()


def _copy_template(url: str, name: str) -> None:
    template = f"template_{_hash_of_migrations()}"
    with _server(url) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [template]
        ).fetchone():
            _drop_unused(server)
            server.execute(SQL("CREATE DATABASE {}").format(Identifier("unfinished_template")))
            point_at(url, "unfinished_template")
            call_command("migrate", verbosity=0)
            connection.close()
            server.execute(
                SQL("ALTER DATABASE unfinished_template RENAME TO {}").format(Identifier(template))
            )
        server.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )


def _drop_unused(server: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Drop old templates, and what killed runs left: databases named after a process that is gone."""
    left = server.execute(
        """SELECT datname FROM pg_database
            WHERE datname ~ '^(run_[0-9]+_.*|template_.{16}|unfinished_template)$'
            AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = pg_database.datname)"""
    )
    for (name,) in left.fetchall():
        kind, _, rest = name.partition("_")
        if kind != "run" or not _is_alive(int(rest.partition("_")[0])):
            server.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _hash_of_migrations() -> str:
    digest = hashlib.sha256(version("django").encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label} {path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def database_url() -> str:
    """DATABASE_URL of the database that Django uses in this test, for a process of its own."""
    given = connection.get_connection_params()
    user, host = quote(str(given.get("user", ""))), quote(str(given.get("host", "")), safe="")
    password = f":{quote(str(given['password']), safe='')}" if given.get("password") else ""
    port = f":{given['port']}" if given.get("port") else ""
    return f"postgresql://{user}{password}@{host}{port}/{given['dbname']}"

"""Databases of so many agreements, made once and kept: the next run uses them again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

PROJECT = Path(__file__).resolve().parent.parent.parent
SETTINGS = "benchmarks.scale.settings"


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a PostgreSQL server: SCALE_DATABASE_URL, else the embedded one of the tests."""
    from config import embedded

    given = os.environ.get("SCALE_DATABASE_URL")
    with nullcontext(given) if given else embedded.test_server() as url:
        yield url


def name_of(agreements: int) -> str:
    """What the database of so many agreements is called."""
    return f"scale_{agreements}"


def url_of(url: str, name: str) -> str:
    """The address of another database on the same server."""
    before, _, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{after}" if after else "")


def environment(url: str) -> dict[str, str]:
    """The environment of a process of the program on this database."""
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "LOCAL": "1",
        "BASE_URL": "http://127.0.0.1",
        "LOG_FORMAT": "json",
    }


def ready(url: str, agreements: int, *, anew: bool = False) -> str:
    """Return the address of a database with so many agreements, made where it is not there."""
    name = name_of(agreements)
    wanted = url_of(url, name)
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as own:
        there = own.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there and not anew:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                cwd=PROJECT,
                env=environment(wanted),
                check=True,
            )
            return wanted
        unfinished = f"{name}_unfinished"
        for old in (name, unfinished):
            own.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(old)))
        own.execute(SQL("CREATE DATABASE {}").format(Identifier(unfinished)))
        begun = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.scale.filling", str(agreements)]
        subprocess.run(command, cwd=PROJECT, env=environment(url_of(url, unfinished)), check=True)
        print(f"{name}: {time.monotonic() - begun:.0f} s to fill", file=sys.stderr)
        own.execute(
            SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name))
        )
    return wanted


def fill(agreements: int) -> None:
    """Fill the empty database that Django is set up for."""
    from django.core.management import call_command

    from agreements import templates_store
    from benchmarks.scale import copies, originals, people
    from municipalities import register

    call_command("migrate", verbosity=0)
    register.load()
    templates_store.load_shipped()
    places = people.make()
    made = {
        kind: copies.watched(lambda kind=kind: originals.make(places[0], kind))
        for kind in originals.KINDS
    }
    copies.make(made, places, copies.copies(agreements, len(places)))


if __name__ == "__main__":
    import django

    django.setup()
    fill(int(sys.argv[1]))

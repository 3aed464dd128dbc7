"""The demonstration, loaded once in each test process and copied into every test that wants it.

`demo.load` takes hundreds of queries. The rows it makes are kept as COPY text, and put back with one
COPY for each table: the same rows, some twenty times faster.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from psycopg.sql import SQL, Composed, Identifier

from agreements import demo

ROOMS = ("municipalities", "financing", "agreements")
Rows = list[tuple[str, bytes]]
_kept: dict[str, Rows] = {}
_said: dict[str, Any] = {}


def load() -> None:
    """Put the demonstration, with accounts that can log in, into an empty database."""
    if "" not in _kept:
        demo.load(usable_accounts=True)
        _kept[""] = _keep()
    else:
        _put_back(_kept[""])


def further(name: str, more: Callable[[], Any]) -> Any:
    """Put the demonstration into an empty database as `more` leaves it; return what `more` returned.

    `more` is done once for each name, and its rows kept like the demonstration's own.
    """
    if name not in _kept:
        load()
        _said[name] = more()
        _kept[name] = _keep()
    else:
        _put_back(_kept[name])
    return _said[name]


@cache
def _tables() -> list[str]:
    tables = [
        model._meta.db_table
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    # The database takes no more text into a published template: its text is put back before it.
    return sorted(tables, key=lambda table: table == "agreements_agreementtemplate")


def _keep() -> Rows:
    kept: Rows = []
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                kept.append((table, b"".join(bytes(block) for block in rows)))
    return kept


@transaction.atomic
def _put_back(kept: Rows) -> None:
    # Foreign keys are checked when the transaction ends: the order of the tables does not matter.
    with connection.cursor() as cursor:
        for table, content in kept:
            if content:
                with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as rows:
                    rows.write(content)
        # New rows must not take the numbers of those that were copied in.
        cursor.execute(_numbers())


@cache
def _numbers() -> Composed:
    """Let each table number its next row after the last. Looking for the sequences takes longer than all
    the rest: that is done once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sequencename, column_name, table_name
                 FROM pg_sequences
                 JOIN information_schema.columns
                   ON sequencename = table_name || '_' || column_name || '_seq'
                WHERE table_name = ANY(%s)""",
            [_tables()],
        )
        next_row = SQL("setval({}, COALESCE((SELECT max({}) FROM {}), 0) + 1, false)")
        return SQL("SELECT {}").format(
            SQL(", ").join(
                next_row.format(sequence, Identifier(column), Identifier(table))
                for sequence, column, table in cursor
            )
        )

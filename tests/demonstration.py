"""The demonstration, loaded once in each test process and copied into every test that wants it.

`demo.load` takes hundreds of queries. The rows it makes are kept as COPY text, and put back with one
COPY for each table: the same rows, some twenty times faster.
"""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from agreements import demo

ROOMS = ("municipalities", "financing", "agreements")
_kept: list[tuple[str, bytes]] = []


def load() -> None:
    """Put the demonstration, with accounts that can log in, into an empty database."""
    if _kept:
        with transaction.atomic():
            _put_back()
    else:
        demo.load(usable_accounts=True)
        _keep()


@cache
def _tables() -> list[str]:
    tables = [
        model._meta.db_table
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    # The database takes no more text into a published template: its text is put back before it.
    return sorted(tables, key=lambda table: table == "agreements_agreementtemplate")


def _keep() -> None:
    # Foreign keys are checked when the transaction ends: the order of the tables does not matter.
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                _kept.append((table, b"".join(bytes(block) for block in rows)))


def _put_back() -> None:
    with connection.cursor() as cursor:
        for table, content in _kept:
            if content:
                with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as rows:
                    rows.write(content)
        # New rows must not take the numbers of those that were copied in.
        cursor.execute(
            """SELECT sequencename, column_name, table_name
                 FROM pg_sequences
                 JOIN information_schema.columns
                   ON sequencename = table_name || '_' || column_name || '_seq'
                WHERE table_name = ANY(%s)""",
            [_tables()],
        )
        for sequence, column, table in cursor.fetchall():
            cursor.execute(
                SQL("SELECT setval({}, COALESCE((SELECT max({}) FROM {}), 0) + 1, false)").format(
                    sequence, Identifier(column), Identifier(table)
                )
            )

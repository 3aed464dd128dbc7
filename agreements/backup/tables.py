"""The database's side of a backup: which tables there are, and their rows as COPY text.

Tables, columns and keys are read from the database's own catalogue rather than from the models, so that
a database of an older schema can be backed up and restored too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg.sql import SQL, Composable, Identifier

from agreements.backup.file import Seen, Sequence

# Sessions: everybody logs in again. The queue is only a nudge: what waits to be mailed is in tables of
# ours, see municipalities/outbox.py. Counted guesses are old by then. Migrations are in the manifest.
LEFT_OUT = ["django_migrations", "django_session", "procrastinate_", "municipalities_sharedcache"]

# The text of a value must be the same on every server.
STEADY = """
    SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""
FIND = """
    SELECT c.relname,
           array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
           (SELECT array_agg(k.attname::text || CASE WHEN k.attcollation <> 0 THEN ' C' ELSE '' END
                             ORDER BY array_position(i.indkey::int2[], k.attnum))
              FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary)
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
       AND c.relname::text ^@ ANY(%s) AND NOT c.relname::text ^@ ANY(%s)
     GROUP BY c.oid ORDER BY c.relname COLLATE "C"
"""
# What has to go before the tables can be built anew; the schema itself, and who may use it, stay.
FUNCTIONS = """
    SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
       AND c.relname::text ^@ ANY(%(ours)s)
     UNION
    SELECT p.oid::regprocedure::text FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace AND p.proname::text ^@ ANY(%(ours)s)
"""
TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
       AND c.relname::text ^@ ANY(%(ours)s)
"""
TYPES = """
    SELECT t.oid::regtype::text FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typnamespace = current_schema()::regnamespace AND t.typname::text ^@ ANY(%(ours)s)
       AND (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c')
"""


@dataclass(frozen=True)
class Stored:
    """A table of the database: `key` says how its rows are put in order."""

    name: str
    columns: list[str]
    key: list[str]


def run(statement: str | Composable, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def ours() -> list[str]:
    """Return how the names of this program's tables begin: others in the database are left alone."""
    return ["django_", *(f"{app.label}_" for app in apps.get_app_configs())]


def objects() -> list[tuple[str, str]]:
    """Return this program's tables, functions and types in the current schema, as (kind, name) in SQL.

    What belongs to a table (indexes, sequences, triggers) comes with it.
    """
    names = {"ours": ours()}
    return [
        (kind, name)  # PostgreSQL has quoted it
        for kind, query in (("TABLE", TABLES), ("ROUTINE", FUNCTIONS), ("TYPE", TYPES))
        for (name,) in run(query, names)
    ]


def drop() -> None:
    """Remove this program's tables from the current schema, with its functions and types."""
    for kind, name in objects():
        run(f"DROP {kind} IF EXISTS {name} CASCADE")


def found() -> list[Stored]:
    """Return the tables that a backup has, by name."""
    rows = run(FIND, [ours(), LEFT_OUT])
    return [Stored(name, columns, key or []) for name, columns, key in rows]


def clear(tables: list[Stored]) -> None:
    """Empty the tables."""
    run(SQL("TRUNCATE {}").format(SQL(", ").join(Identifier(table.name) for table in tables)))


def lock(tables: list[Stored]) -> None:
    """Keep the tables as they are built until the transaction ends; people may go on writing rows."""
    names = SQL(", ").join(Identifier(table.name) for table in tables)
    run(SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))


def rows(table: Stored, columns: list[str]) -> Iterator[bytes]:
    """Read a table as COPY text, in the order of its key whatever the database's language is."""
    order = [
        SQL('{} COLLATE "C"' if kind else "{}").format(Identifier(name))
        for name, _, kind in (part.partition(" ") for part in table.key or columns)
    ]
    query = SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        SQL(", ").join(map(Identifier, columns)), Identifier(table.name), SQL(", ").join(order)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def fill(name: str, columns: list[str], blocks: Iterable[bytes]) -> None:
    """Put COPY text into a table."""
    query = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(name), SQL(", ").join(map(Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in blocks:
            copy.write(block)


def digest(table: Stored, columns: list[str]) -> Seen:
    """Count and hash a table's rows as they are stored now."""
    seen = Seen()
    for block in rows(table, columns):
        seen.update(block)
    return seen


def sequences(tables: list[Stored]) -> list[Sequence]:
    """Return where the numbers of each table go on; those that have not begun are left out."""
    owned = run(
        """SELECT c.relname, a.attname, pg_sequence_last_value(d.objid)
             FROM pg_depend d
             JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
             JOIN pg_class c ON c.oid = d.refobjid
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
            WHERE d.deptype IN ('a', 'i') AND c.relname = ANY(%s)
              AND c.relnamespace = current_schema()::regnamespace
            ORDER BY 1, 2""",
        [[table.name for table in tables]],
    )
    return [Sequence(*row) for row in owned if row[2] is not None]


def go_on(sequence: Sequence) -> None:
    """Let a column's numbers go on where they were."""
    run(
        "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
        [f'"{sequence.table}"', sequence.column, sequence.value],
    )


def triggers(tables: list[Stored], *, on: bool) -> None:
    """Turn our own triggers off or on: they refuse what rows of the past have to get past.

    Foreign keys and other constraints stay on. The owner of a table may do this; no superuser is needed.
    """
    for table in tables:
        word = SQL("ENABLE" if on else "DISABLE")
        run(SQL("ALTER TABLE {} {} TRIGGER USER").format(Identifier(table.name), word))

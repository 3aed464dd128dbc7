"""Queries whose SQL is written once in a process, for what nearly every page asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Stands where the wanted primary key goes while the SQL is written. No row has it.
_WANTED = -7_236_451_908


class Prepared:
    """A query about the row with one primary key. Gives values, no objects.

    For a query with subqueries Django takes longer to write the SQL than the database to answer it:
    some milliseconds each time, of the ten or so that a page takes. `rows` says what is asked, for a
    primary key it is given; it must end in `values_list`, and may ask for numbers, texts and lists of
    them, which come as the database gives them.
    """

    def __init__(self, rows: Callable[[int], QuerySet[Any, Any]]) -> None:
        self._rows = rows

    @cached_property
    def _written(self) -> tuple[str, tuple[Any, ...]]:
        sql, given = self._rows(_WANTED).query.sql_with_params()
        assert _WANTED in given, "the primary key is in the query"
        return sql, given

    def all(self, pk: int) -> list[tuple[Any, ...]]:
        """Every row of the answer. One query."""
        sql, given = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [pk if value == _WANTED else value for value in given])
            return cursor.fetchall()

"""Queries whose SQL is written once in a process, for what nearly every page asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

One = int | str | dt.date
Value = One | tuple[One, ...]
Row = tuple[Any, ...]
_Shape = tuple[int | None, ...]
_PLAIN = (int, str, dt.date)
_GIVEN = (ModelIterable, ValuesListIterable, FlatValuesListIterable)


class Prepared:
    """A query that is asked with other values each time. The SQL is written once for each shape of them.

    Django takes longer to put a query together and write its SQL than the database to answer it: half a
    millisecond each time, of the ten or so that a page takes. `rows` says what is asked for the values it
    is given: whole numbers, texts, days and times, or tuples of these, of which each length has SQL of
    its own. It gives what a query set gives: objects, with `select_related` and annotations, or what
    `values_list` gives. Prefetching is not for it, nor is a value the SQL has in another form, as in
    `icontains`, nor None.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._written: dict[_Shape, _Written] = {}

    def all(self, *given: Value) -> list[Any]:
        """Every row of the answer. One query; none where an empty tuple leaves nothing to find."""
        assert None not in given, "None makes other SQL"
        shape = tuple(len(value) if isinstance(value, tuple) else None for value in given)
        written = self._written.get(shape)
        if written is None:
            written = self._written[shape] = _Written(self._rows, given)
        return written.ask(given)

    def under(self, **parent: Model) -> list[Any]:
        """The rows of one parent, `under(version=version)`, each with it as that relation: what a related
        manager gives. One query.
        """
        ((name, owner),) = parent.items()
        assert owner.pk is not None, "what is not stored has no rows"
        rows = self.all(owner.pk)
        for row in rows:
            setattr(row, name, owner)
        return rows

    def first(self, *given: Value) -> Any:
        """The first row of the answer, None where there is none."""
        return next(iter(self.all(*given)), None)


class _Written:
    """The SQL for values of one shape, and how its rows become what the query set would give."""

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], given: tuple[Value, ...]) -> None:
        stand_ins = list(_stand_ins(given))
        self._query = rows(*stand_ins)
        assert not self._query._prefetch_related_lookups, "prefetching is not prepared"
        assert issubclass(self._query._iterable_class, _GIVEN), "objects or values_list"
        places = {value: place for place, value in enumerate(_flat(stand_ins))}
        compiler = self._query.query.get_compiler(connection=connection)
        try:
            self._sql, params = compiler.as_sql()
        except EmptyResultSet:
            if () not in given:
                raise  # a value that no row can have, and others like it may
            self._sql = ""
            return
        # What is put in: either a value that is always the same, or the place of one that is given.
        self._params = [(places.get(p) if isinstance(p, _PLAIN) else None, p) for p in params]
        put = {place for place, _ in self._params if place is not None}
        assert put == set(places.values()), "each value is in the SQL as it was given"
        fields = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(fields)
        self._compiler = compiler

    def ask(self, given: tuple[Value, ...]) -> list[Any]:
        if not self._sql:
            return []
        values = list(_flat(given))
        with connection.cursor() as cursor:
            cursor.execute(
                self._sql,
                [fixed if place is None else values[place] for place, fixed in self._params],
            )
            rows: list[Row] = cursor.fetchall()
        if self._converters:
            converted = self._compiler.apply_converters(rows, self._converters)
            rows = [tuple(row) for row in converted]
        kind = self._query._iterable_class
        if issubclass(kind, ModelIterable):
            return list(ModelIterable(self._answered(rows)))
        return [row[0] for row in rows] if issubclass(kind, FlatValuesListIterable) else rows

    def _answered(self, rows: list[Row]) -> Any:
        """What `ModelIterable` asks of a query set and its compiler, where the rows are there already."""
        compiler = SimpleNamespace(
            execute_sql=lambda **_: rows,
            results_iter=iter,
            select=self._compiler.select,
            klass_info=self._compiler.klass_info,
            annotation_col_map=self._compiler.annotation_col_map,
        )
        return SimpleNamespace(
            db=connection.alias,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            model=self._query.model,
            _known_related_objects={},
        )


def _flat(given: Iterable[Value]) -> Iterator[One]:
    for value in given:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _stand_ins(given: Iterable[Value]) -> Iterator[Value]:
    """Values that stand where these go while the SQL is written: no two alike, and none a query has else."""
    number = count(1)
    for value in given:
        if isinstance(value, tuple):
            yield tuple(_stand_in(one, next(number)) for one in value)
        else:
            yield _stand_in(value, next(number))


def _stand_in(value: One, number: int) -> One:
    if isinstance(value, dt.datetime):
        return dt.datetime(1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
    if isinstance(value, dt.date):
        return dt.date(1, 1, 1) + dt.timedelta(days=number)
    if isinstance(value, str):
        return f"\x00{number}"
    assert isinstance(value, int), "others make other SQL"
    return (
        31_415 + number
    )  # within the smallest of columns: outside it Django finds nothing, unasked

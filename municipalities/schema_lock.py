"""One at a time: two servers that start on one database, or a restore, do not migrate it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LOCK = 5_071_944_128  # any number, the same for all


@contextmanager
def held() -> Iterator[None]:
    """Wait until nobody else builds tables in this database; the same connection may ask again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        if connection.is_usable():  # a connection that is gone has let go of it
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

"""The append-only event every room keeps: who did what, when, on whose behalf.

Each room has its own event table with explicit keys; a database trigger (see the migrations)
refuses UPDATE and DELETE, so that not even a mistake in the program can rewrite the record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyModel(models.Model):
    """Rows are added, never changed. The database's trigger guards; this gives a clear error."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Insert the row; raise AppendOnlyError when it is stored already."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnlyError(f"{type(self).__name__} is append-only")


class NeverDeletedModel(models.Model):
    """Rows that may change but stay for ever. The database's trigger guards; this gives a clear error."""

    class Meta:
        abstract = True

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnlyError(f"{type(self).__name__} is never deleted")


class Event(AppendOnlyModel):
    """One thing that happened. `action` is a dotted name; `data` holds before and after.

    `actor` is empty only for what the program does by itself (loading the register).
    """

    occurred_at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["pk"]


APPEND_ONLY_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only_trigger(table: str) -> tuple[str, str]:
    """Return (SQL, reverse SQL) for a migration that makes `table` append-only in the database."""
    name = f"{table}_append_only"
    return (
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER IF EXISTS {name} ON {table};",
    )


def never_deleted_trigger(table: str) -> tuple[str, str]:
    """Return (SQL, reverse SQL) for a migration that makes the database refuse DELETE in `table`."""
    name = f"{table}_never_deleted"
    return (
        f"CREATE TRIGGER {name} BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER IF EXISTS {name} ON {table};",
    )

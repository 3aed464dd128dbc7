"""A column that puts names in Norwegian alphabetical order in any PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import models

from municipalities import norwegian


class SortKeyField(models.CharField):
    """Holds norwegian.sort_key of another column of the row, renewed whenever the row is saved.

    Compared by code point (collation C): the embedded database has no Norwegian collation, and
    another server's may differ. QuerySet.update() on the source column does not renew it.
    """

    def __init__(self, source: str, **options: Any) -> None:
        self.source = source
        super().__init__(
            **{
                "max_length": 120,
                "editable": False,
                "db_index": True,
                "db_collation": "C",
                **options,
            }
        )

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Let migrations remember the source column."""
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute the key from the name about to be stored."""
        key = norwegian.sort_key(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key

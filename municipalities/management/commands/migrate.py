"""Django's own migrate, one at a time: several servers may start on one database in the same moment."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Django

from municipalities import schema_lock


class Command(Django):
    """The second one waits, and finds that there is nothing left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        with schema_lock.held():
            super().handle(*args, **options)

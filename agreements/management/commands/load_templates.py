"""Store the shipped model agreements that the database does not have yet."""

from __future__ import annotations

from typing import Any

from agreements import templates_store
from municipalities.commands import Command as Base


class Command(Base):
    """Loading twice changes nothing."""

    help = "Store the shipped model agreements (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was added."""
        added = templates_store.load_shipped()
        for template in added:
            self.stdout.write(f"added: {template}")
        if not added:
            self.stdout.write("nothing to add")

"""Follow the chain of an agreement's record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from agreements import lookup, record
from municipalities.commands import Command as Base


class Command(Base):
    """Exit code 1 where an event has been changed, removed or put in between, else 0."""

    help = "Verify that nothing in an agreement's record has been changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug and the hash that was kept."""
        parser.add_argument("slug")
        parser.add_argument(
            "--last",
            metavar="HASH",
            help="a hash that was noted earlier: it must be in the chain, else events have been cut off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        agreement = lookup.agreement(options["slug"])
        found = record.first_break(agreement)
        if found is not None:
            self.stdout.write(f"event {found.number}: {found.reason}")
            self.findings()
        kept = options["last"]
        if kept and not agreement.events.filter(hash=kept).exists():
            self.stdout.write(f"no event has the hash {kept}: events have been cut off")
            self.findings()
        newest = agreement.events.order_by("-number").first()
        count = newest.number if newest else 0
        self.stdout.write(f"{count} events, whole, the last is {newest.hash if newest else '-'}")

"""Load the demonstration: Ringeriksregionen 2026-2028 and Mosseregionen 2022-2025."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from agreements import demo
from agreements.models import Agreement
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base
from municipalities.models import User


class Command(Base):
    """On an empty embedded database it just loads; anywhere else it must be told, and nobody can log in."""

    help = "Load the demonstration agreements and people."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two switches."""
        parser.add_argument(
            "--yes",
            action="store_true",
            help="load into a database that is not the embedded one, or not empty; "
            "the demonstration accounts are then disabled",
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing, successfully, where there are agreements or people already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and print the slugs."""
        embedded = settings.LOCAL and os.environ.get("EMBEDDED_DATABASE") == "1"
        empty = not Agreement.objects.exists() and not User.objects.exists()
        if options["if_empty"] and not (embedded and empty):
            return
        if not options["yes"] and not embedded:
            raise CannotRunError("this is not the embedded database: say --yes to load anyway")
        if not options["yes"] and not empty:
            raise CannotRunError("the database is not empty: say --yes to load anyway")
        try:
            made = demo.load(usable_accounts=embedded and empty)
        except demo.DemoExistsError:
            raise CannotRunError("there are agreements here already; nothing was loaded") from None
        for agreement in made:
            self.stdout.write(agreement.slug)

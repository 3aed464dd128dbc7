"""manage.py load_register: put the shipped facts into the register."""

from __future__ import annotations

from typing import Any

from municipalities import register
from municipalities.commands import Command as BaseCommand


class Command(BaseCommand):
    help = (
        "Load the counties, municipalities, organisations, regions and population figures that "
        "come with the program. May be run again: what was changed by hand is left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done for each kind of row."""
        for line in register.lines(register.load()):
            self.stdout.write(line)

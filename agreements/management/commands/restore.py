"""Put back what a backup has."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from agreements.backup import restoring
from agreements.backup.file import BackupError, Reader
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """Exit code 0; 1 where it is restored but a record or file in it does not hold; else 2, with
    nothing changed.
    """

    help = "Replace everything in the database with what is in a backup. Stop the program first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the choices."""
        parser.add_argument("file", help="a file that backup has written; - for stdin")
        parser.add_argument(
            "--yes", action="store_true", help="replace what is there without asking"
        )
        parser.add_argument(
            "--send-waiting",
            action="store_true",
            help="send the mail that waited when the backup was made: for moving an installation",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at the file, ask, restore, and print what does not hold."""
        piped = options["file"] == "-"
        try:
            with tempfile.TemporaryFile() if piped else Path(options["file"]).open("rb") as source:
                if piped:
                    shutil.copyfileobj(sys.stdin.buffer, source)
                reader = Reader(source)
                restoring.check(reader.manifest)
                self.ask(options["yes"], piped)
                found = restoring.restore(
                    reader, self.stderr.write, send_waiting=options["send_waiting"]
                )
        except OSError as problem:
            raise CannotRunError(f"{options['file']}: {problem.strerror or problem}") from problem
        except (BackupError, ValueError) as problem:
            raise CannotRunError(problem) from problem
        made = reader.manifest
        rows = sum(table.rows for table in made.tables)
        self.stdout.write(f"restored {len(made.tables)} tables, {rows} rows, made {made.made_at}")
        for line in found:
            self.stdout.write(line)
        if found:
            self.findings()

    def ask(self, yes: bool, piped: bool) -> None:
        """Go on only where there is nothing to lose, or somebody has said yes."""
        kept = restoring.in_the_way()
        if not kept or yes:
            return
        there = ", ".join(f"{count} {word}" for word, count in kept.items())
        where = f"The database {connection.settings_dict['NAME']} has {there}."
        if piped or not sys.stdin.isatty():
            raise CannotRunError(f"{where} Nothing is changed; --yes replaces all of it.")
        self.stderr.write(f"{where} Restoring replaces all of it.")
        self.stderr.write("Go on? [y/N] ", ending="")
        self.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
            raise CannotRunError("Nothing is changed.")

"""Write everything to one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements.backup import making
from agreements.backup.file import BackupError
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """Exit code 0 where the backup is written, and read back unless it went to stdout, else 2."""

    help = "Write the whole installation, files too, to one file, while the program runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file."""
        parser.add_argument("file", help="where to write it; - for stdout")
        parser.add_argument("--force", action="store_true", help="replace the file if it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and print what was written."""
        path = Path(options["file"])
        try:
            if options["file"] == "-":
                made, checksum = making.write(sys.stdout.buffer, self.stderr.write)
            else:
                made, checksum = making.save(path, self.stderr.write, replace=options["force"])
        except (BackupError, OSError, ValueError) as problem:
            raise CannotRunError(problem) from problem
        rows = sum(table.rows for table in made.tables)
        said = f"{path}: {len(made.tables)} tables, {rows} rows, checksum {checksum}"
        (self.stderr if options["file"] == "-" else self.stdout).write(said)

"""manage.py import_municipalities: bring the register in line with a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from municipalities import importing, municipality_file, register
from municipalities.commands import CannotRunError
from municipalities.commands import Command as BaseCommand

# Every municipality in the country with a hundred years of figures is a tenth of this.
LARGEST_FILE = 10 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Import municipalities, their organisations and population figures from a CSV file with "
        "the columns municipality_number, name_norwegian, county_number and, as far as they are "
        "known, official_name, county_name and population_YYYY_MM_DD. Everything is stored, or "
        "nothing. Municipalities that are not in the file are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("--from-file", metavar="FILE", required=True, help="the CSV file")
        parser.add_argument(
            "--source",
            help="where the figures come from, shown with each («SSB, tabell 07459»); "
            "the file's name unless given",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and store nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, store, and say what was done. Warnings go to stderr and stop nothing."""
        path = Path(options["from_file"])
        source = options["source"] or f"Importert fra {path.name}"[:200]
        if len(source) > 200:
            raise CannotRunError("--source can have at most 200 characters")
        content = self._content(path)
        try:
            outcome = importing.apply(
                municipality_file.read(content),
                source=source,
                file={"file": path.name, "sha256": hashlib.sha256(content).hexdigest()},
                dry_run=options["dry_run"],
            )
        except municipality_file.RefusedFileError as problem:
            raise CannotRunError(f"{path}: {problem}") from problem
        for warning in outcome.warnings:
            self.stderr.write(f"warning: {warning}")
        for line in (*outcome.changes, *register.lines(outcome.tally)):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was stored.")

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise CannotRunError(f"{path}: {reason}") from problem
        if len(content) > LARGEST_FILE:
            raise CannotRunError(f"{path}: larger than {LARGEST_FILE // 1024 // 1024} MB")
        return content

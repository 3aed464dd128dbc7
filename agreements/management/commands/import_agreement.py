"""Read an existing agreement from a Word document, a PDF or plain text into a draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements import imported, lookup, reading
from agreements.documents import PdfError
from agreements.editing import Actor
from agreements.importing.result import UnreadableAgreementError
from financing.models import MAX_YEARS
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """Prints what was understood and what was left; the last word on stdout is the draft's slug."""

    help = "Read an agreement (Word document, PDF or plain text) into a draft of a region."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add file, region and term."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, metavar="NAME")
        parser.add_argument(
            "--term",
            nargs=2,
            type=dt.date.fromisoformat,
            metavar=("FIRST", "LAST"),
            help="first and last day (2026-01-01 2028-12-31), where the text does not say",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, store and report."""
        path: Path = options["file"]
        region = lookup.region(options["region"])
        try:
            found = reading.read(_content(path))
        except (UnreadableAgreementError, PdfError) as problem:
            raise CannotRunError(f"{path}: {problem}") from problem
        term = tuple(options["term"]) if options["term"] else found.term
        if term is None:
            raise CannotRunError(f"{path}: the text does not say from when to when; give --term")
        if term[1] <= term[0] or term[1].year - term[0].year >= MAX_YEARS:
            raise CannotRunError(
                f"{path}: the term {term[0]} to {term[1]} cannot be used; give --term"
            )
        stored = imported.store(Actor(None, None), region, found, term)
        for part in found.report:
            self.stdout.write(f"{found.unit} {part.line_from}–{part.line_to}: {part.what}")
        for left in found.left:
            self.stdout.write(
                f"{found.unit} {left.line_number}: ikke plassert ({left.why}): {left.text}"
            )
        for note in stored.notes:
            self.stdout.write(note)
        self.stdout.write(stored.agreement.slug)


def _content(path: Path) -> bytes:
    """Read the file, but never more than the reader takes."""
    try:
        with path.open("rb") as file:
            return file.read(reading.MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise CannotRunError(f"{path}: {reason}") from problem

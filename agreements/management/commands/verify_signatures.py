"""Look at the signatures of a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements.documents import PdfError
from agreements.documents.signatures import verify
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base

MOST_BYTES = 50 * 1024 * 1024


class Command(Base):
    """Exit code 1 where a signature does not hold or there is none, else 0."""

    help = "List who has signed a PDF, when, and whether each signature holds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and the unsigned one it should begin with."""
        parser.add_argument("file")
        parser.add_argument(
            "--original",
            metavar="FILE",
            help="the stored file that was to be signed: the signed one must begin with its very bytes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        content = self._read(options["file"])
        try:
            seen = verify(content)
        except PdfError as problem:
            raise CannotRunError(problem) from problem
        problems = list(seen.problems)
        if options["original"] and not content.startswith(self._read(options["original"])):
            problems.append("Filen begynner ikke med den lagrede filen.")
        for signed in seen.signatures:
            at = signed.at.isoformat() if signed.at else "-"
            self.stdout.write(f"{signed.field}: {signed.signer}, {at}, {signed.problem or 'ok'}")
        if not seen.signatures and not problems:
            problems.append("Filen har ingen signaturer.")
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            self.findings()

    def _read(self, name: str) -> bytes:
        path = Path(name)
        try:
            if path.stat().st_size > MOST_BYTES:
                raise CannotRunError(f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB")
            return path.read_bytes()
        except (OSError, ValueError) as problem:
            raise CannotRunError(
                f"{name}: {getattr(problem, 'strerror', None) or problem}"
            ) from problem

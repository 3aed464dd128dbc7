"""Write a document of an agreement to a file."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements import documents, exporting, lookup
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base

_EPILOG = """documents and their formats:
  agreement      pdf, docx, xlsx, json   the agreement (json: the canonical Document)
  contributions  pdf, docx, xlsx, json   the chosen alternative's table; of a draft, xlsx is a workbook
                                         with formulas of all the alternatives, the chosen one first
  casepaper      pdf, docx, xlsx         the case paper of the version that counts; before one, of the draft
  comparison     pdf, docx, xlsx, json   the plan's alternatives side by side, as they are now
  record         pdf, docx, xlsx, json   the events as everybody sees them: internal ones without words

Without --version, the agreement and its table are those of the version that counts; before one, of the
draft as it is now. Of a version with final files, the stored bytes are written (agreement pdf,
contributions pdf and xlsx); everything else is made from the version's frozen content, and says so at the
foot of each page.
"""


class Command(Base):
    """One file, written whole or not at all. Which documents and formats there are is in the help."""

    help = "Write a document of an agreement to a file."

    def create_parser(self, *names: Any, **options: Any) -> CommandParser:
        """Let `--version` be the agreement's and not the program's, which every command has."""
        made = super().create_parser(*names, conflict_handler="resolve", epilog=_EPILOG, **options)
        made.formatter_class = RawDescriptionHelpFormatter
        return made

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug, document, format and file, which version, and which case paper."""
        parser.add_argument("slug")
        parser.add_argument("--document", choices=list(exporting.FORMATS), default="agreement")
        parser.add_argument("--format", choices=["pdf", "docx", "xlsx", "json"], default="pdf")
        parser.add_argument("--output", required=True, type=Path, metavar="F")
        parser.add_argument(
            "--version",
            dest="number",
            type=int,
            metavar="N",
            help="of agreement, contributions and casepaper: the frozen version with this number",
        )
        parser.add_argument(
            "--for",
            dest="recipient",
            default="",
            metavar="KEY",
            help="of the case paper: the number of the municipality it is for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the file, and write all of it or nothing."""
        agreement = lookup.agreement(options["slug"])
        wanted = exporting.Wanted(
            options["document"], options["format"], options["number"], options["recipient"]
        )
        try:
            content, sha256 = exporting.export(agreement, wanted)
        except (exporting.CannotExportError, documents.PdfError) as problem:
            raise CannotRunError(problem) from problem
        path: Path = options["output"]
        _write(path, content)
        self.stdout.write(f"{path}: {len(content)} bytes, content {sha256}")


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing; a folder, a device or a pipe is not replaced by a file."""
    partial = None
    try:
        if not path.name or (path.exists() and not path.is_file()):
            raise CannotRunError(f"{path}: this is not the name of a file")
        partial = path.with_name(path.name + ".part")
        partial.write_bytes(content)
        partial.replace(path)
    except (OSError, ValueError) as problem:
        with suppress(OSError, ValueError):
            if partial:
                partial.unlink()
        reason = getattr(problem, "strerror", None) or problem
        raise CannotRunError(f"{path}: {reason}") from problem

"""Look through an archive package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements.domain import package
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """Exit code 1 where something has been changed, removed or put in, else 0. Needs no database."""

    help = "Verify that an archive package is whole and that nothing in it has been changed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and hashes that were kept elsewhere."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--last",
            metavar="HASH",
            help="a hash of the record that was noted: it must be in the package, else events are cut off",
        )
        parser.add_argument(
            "--sha256", metavar="HASH", help="the hash of the whole package, where it was noted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                found = package.verify(file)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise CannotRunError(f"{path}: {reason}") from problem
        problems = list(found.problems)
        if (kept := options["sha256"]) and kept.lower() != digest:
            problems.append(f"the package has the hash {digest}, not {kept}")
        if (last := options["last"]) and last not in found.events:
            problems.append(f"no event has the hash {last}: events have been cut off")
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            self.findings()
        self.stdout.write(
            f"{found.title}, version {found.version}: {found.files} files, whole\n"
            f"content {found.sha256}\nlast event {found.newest_event}\npackage {digest}"
        )
        if found.left_out:
            self.stdout.write(f"{found.left_out} attachments are described, but left out")
        if found.hidden_events:
            self.stdout.write(f"{found.hidden_events} internal events have only their place")

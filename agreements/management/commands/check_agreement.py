"""Print what the consistency check finds in an agreement."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from agreements import lookup, snapshot
from agreements.domain import checks
from municipalities.commands import Command as Base


class Command(Base):
    """Exit code 1 where anything is found that must be mended (an error), else 0."""

    help = "Check an agreement's text, figures and parties against each other."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug and format."""
        parser.add_argument("slug")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print."""
        agreement = lookup.agreement(options["slug"])
        findings = checks.run(snapshot.build(agreement), snapshot.context(agreement.region))
        if options["format"] == "json":
            rows = [
                {
                    "level": finding.level.value,
                    "code": finding.code,
                    "message": finding.message,
                    "anchor": finding.anchor,
                }
                for finding in findings
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.stdout.write(
                    f"{finding.level.value:<8} {finding.anchor:<24} {finding.code}: {finding.message}"
                )
            self.stdout.write(f"{len(findings)} finding{'s' if len(findings) != 1 else ''}")
        if any(finding.level == checks.Level.ERROR for finding in findings):
            self.findings()

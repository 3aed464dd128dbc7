"""Print the contribution tables of an agreement's plan."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.management.base import CommandParser

from agreements import lookup
from financing import reader
from financing.export import table_as_json, table_as_rows
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """Amounts are kroner with two decimals, as strings, each rounded by the rule that is named."""

    help = "Print every alternative's cells and totals (or one alternative's)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug, alternative and format."""
        parser.add_argument("slug")
        parser.add_argument("--alternative", metavar="NAME")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Calculate and print."""
        agreement = lookup.agreement(options["slug"])
        facts = reader.load(agreement.plan)
        if facts.missing_population:
            names = ", ".join(facts.missing_population)
            raise CannotRunError(f"{agreement.slug}: population is missing for {names}")
        tables = []
        for pk, alternative in facts.alternatives:
            if options["alternative"] in (None, alternative.name):
                if pk not in facts.tables:
                    raise CannotRunError(
                        f"{agreement.slug}: {alternative.name} cannot be calculated: a distribution "
                        "key has nobody left to share it, or a number is too large"
                    )
                tables.append(facts.tables[pk])
        if options["alternative"] is not None and not tables:
            known = ", ".join(alternative.name for _, alternative in facts.alternatives)
            raise CannotRunError(
                f"{agreement.slug}: no alternative {options['alternative']!r}; there is {known}"
            )
        if options["format"] == "json":
            answer = {
                "agreement": agreement.slug,
                "population_date": agreement.plan.population_date.isoformat(),
                "alternatives": [table_as_json(table) for table in tables],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for number, table in enumerate(tables):
            writer.writerows(table_as_rows(table, header=number == 0))
        self.stdout.write(out.getvalue(), ending="")

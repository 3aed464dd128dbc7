"""manage.py import_municipalities: bring the register in line with Statistics Norway, or with a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from municipalities import importing, municipality_file, register
from municipalities.commands import CannotRunError
from municipalities.commands import Command as BaseCommand
from municipalities.statistics import client as polite
from municipalities.statistics import messages, service, steps
from municipalities.statistics.review import Review

# Every municipality in the country with a hundred years of figures is a tenth of this.
LARGEST_FILE = 10 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Import municipalities, their organisations and population figures from Statistics Norway: "
        "table 01222, and the lists of municipalities and counties in Klass. With --from-file from "
        "a CSV file instead, with the columns municipality_number, name_norwegian, county_number "
        "and, as far as they are known, official_name, county_name and population_YYYY_MM_DD. "
        "Everything is stored, or nothing. Figures are added, never changed, and plans keep the "
        "figures they have. Ends with 1 when what was fetched has serious findings: nothing is "
        "stored then unless --accept is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("--from-file", metavar="FILE", help="a CSV file to read instead")
        parser.add_argument(
            "--source",
            help="with --from-file: where the figures come from, shown with each («SSB, tabell "
            "07459»); the file's name unless given",
        )
        parser.add_argument(
            "--date",
            metavar="YYYY-MM-DD",
            help="the first day of a quarter; the newest figures unless given",
        )
        parser.add_argument(
            "--accept", action="store_true", help="store also where there are serious findings"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and store nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import. Warnings go to stderr and stop nothing."""
        if options["from_file"] is None:
            if options["source"]:
                raise CannotRunError("--source is for --from-file")
            self._fetch(_date(options["date"]), options["accept"], options["dry_run"])
            return
        if options["date"] or options["accept"]:
            raise CannotRunError("--date and --accept are not for --from-file")
        self._from_file(Path(options["from_file"]), options["source"], options["dry_run"])

    # --- from Statistics Norway --------------------------------------------------------------------

    def _fetch(self, day: dt.date | None, accept: bool, dry_run: bool) -> None:
        client = polite.Client(told=self._wait)
        answers: dict[str, service.Answer] = {}
        for number, step in enumerate(steps.STEPS, start=1):
            self.stderr.write(f"[{number}/{len(steps.STEPS)}] {step.english} …")
            try:
                answers[step.key] = service.ask(step, day, client)
            except polite.FetchError as problem:
                raise CannotRunError(_fault(problem)) from problem
            if step.key == "figures":
                day = answers[step.key].value.day
        found = service.compare(service.fetched({key: a.value for key, a in answers.items()}))
        refused = self._findings(found, accept)
        if found.of_level("stop"):
            self.stdout.write("Nothing was stored.")
            self.findings()
        outcome = service.import_answers(
            answers.values(), found, accept=True, dry_run=dry_run or refused
        )
        with_figure = sum(1 for row in found.rows if row.population)
        self.stdout.write(f"{found.day}: {found.total} inhabitants in {with_figure} municipalities")
        self._say(outcome)
        if refused:
            self.stdout.write("Nothing was stored: use --accept if the findings are right.")
            self.findings()
        if dry_run:
            self.stdout.write("Dry run: nothing was stored.")

    def _wait(self, problem: polite.FetchError, seconds: float) -> None:
        self.stderr.write(f"  {_fault(problem)}; trying again in {seconds:.0f} s")

    def _findings(self, found: Review, accept: bool) -> bool:
        """Write the findings; tell whether they are a reason to store nothing."""
        for finding in found.findings:
            word = "warning" if finding.level == "warning" else "serious"
            self.stderr.write(f"{word}: {finding.english}")
        return bool(found.of_level("error")) and not accept

    # --- from a file -------------------------------------------------------------------------------

    def _from_file(self, path: Path, source: str | None, dry_run: bool) -> None:
        source = source or f"Importert fra {path.name}"[:200]
        if len(source) > 200:
            raise CannotRunError("--source can have at most 200 characters")
        content = self._content(path)
        try:
            outcome = importing.apply(
                municipality_file.read(content),
                source=source,
                file={"file": path.name, "sha256": hashlib.sha256(content).hexdigest()},
                dry_run=dry_run,
            )
        except municipality_file.RefusedFileError as problem:
            raise CannotRunError(f"{path}: {problem}") from problem
        for warning in outcome.warnings:
            self.stderr.write(f"warning: {warning}")
        self._say(outcome)
        if dry_run:
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

    def _say(self, outcome: importing.Outcome) -> None:
        for line in (*outcome.changes, *register.lines(outcome.tally)):
            self.stdout.write(line)


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    days = steps.days(timezone.localdate())
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as problem:
        raise CannotRunError(f"--date must be like {days[0]}, not {text[:40]!r}") from problem
    if day not in days:
        raise CannotRunError(
            f"--date must be the first day of a quarter from {days[-1]} to {days[0]}, not {day}"
        )
    return day


def _fault(problem: polite.FetchError) -> str:
    sentence = messages.FAULTS[problem.code][1]
    return f"{sentence} ({problem.detail})" if problem.detail else sentence

"""Check a printed contribution table, and print every cell that deviates."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from financing import table_files
from financing.verification import CheckedCell, ReadingError, Verification, read, verify
from municipalities.apart.errors import PdfError
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base
from municipalities.norwegian import parse_decimal


def _number(text: str) -> Decimal:
    """Read a number as it is written in Norwegian: `14,50`."""
    try:
        return parse_decimal(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r}: {problem}") from problem


class Command(Base):
    """Exit code 1 where a cell deviates, else 0. What was not read is said, and does not change it."""

    help = (
        "Check a printed contribution table, cell by cell. The columns are name, inhabitants, rate "
        "and one column of amounts for each year, with headings; CSV, text from a PDF or .xlsx."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add file, rate, index and format."""
        parser.add_argument("file", help="the table; - reads standard input")
        parser.add_argument(
            "--rate",
            type=_number,
            metavar="KRONER",
            help="kroner per inhabitant (14,50), for rows without a printed rate",
        )
        parser.add_argument(
            "--index", type=_number, metavar="PERCENT", help="yearly growth in percent (4,1)"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check and print."""
        name = options["file"]
        try:
            table = read(table_files.text_from(_content(name)))
            checked = verify(table, options["rate"], options["index"])
        except (ReadingError, ValueError, PdfError) as problem:
            raise CannotRunError(f"{name}: {problem}") from problem
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_json(checked), ensure_ascii=False, indent=2))
        else:
            for line in _as_text(checked):
                self.stdout.write(line)
        if checked.deviations:
            self.findings()


def _content(name: str) -> bytes:
    """Read the file, but never more than a table can be."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(table_files.MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(table_files.MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise CannotRunError(f"{name}: {reason}") from problem


def _as_text(checked: Verification) -> list[str]:
    lines = list(checked.table.understood())
    for problem in checked.table.problems:
        lines.append(
            f"Ikke lest: {problem.row}: {problem.message}"
            if problem.row
            else f"Ikke lest: {problem.message}"
        )
    lines += [*checked.rule_notes, *checked.notes]
    for cell in checked.deviations:
        code = cell.cause.value if cell.cause else ""
        lines.append(
            f"rad {cell.row_number} {cell.row}, {cell.year or cell.column}: trykt {cell.printed}, "
            f"riktig {cell.expected}, avvik {cell.deviation:+}, {code}: {cell.detail}"
        )
    lines.append(f"{len(checked.deviations)} of {len(checked.cells)} amounts deviate")
    return lines


def _as_json(checked: Verification) -> dict[str, Any]:
    """Return what was understood, the rule and every checked cell; amounts as strings, in kroner."""
    rule = checked.rule
    return {
        "understood": list(checked.table.understood()),
        "problems": [
            {"row": problem.row, "message": problem.message} for problem in checked.table.problems
        ],
        "rule": {
            "base_amount": str(rule.base_amount),
            "index": [str(percent) for percent in rule.percents],
            "rounding": rule.rounding.label,
            "rows": [
                {
                    "row": row.label,
                    "rate": None if found is None or found.rate is None else str(found.rate),
                    "indexed": found is not None and found.indexed,
                }
                for row, found in zip(checked.table.rows, rule.rows, strict=True)
            ],
            "notes": list(checked.rule_notes),
        },
        "notes": list(checked.notes),
        "checked": len(checked.cells),
        "deviations": [_cell_as_json(cell) for cell in checked.deviations],
    }


def _cell_as_json(cell: CheckedCell) -> dict[str, Any]:
    return {
        "row_number": cell.row_number,
        "row": cell.row,
        "column": cell.column,
        "year": cell.year,
        "printed": str(cell.printed),
        "expected": str(cell.expected),
        "right": str(cell.right),
        "deviation": str(cell.deviation),
        "cause": cell.cause.value if cell.cause else None,
        "detail": cell.detail,
    }

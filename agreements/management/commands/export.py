"""Write a document of an agreement to a file."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements import documents, lookup, snapshot
from agreements.domain import canonical
from agreements.domain.document import Document
from financing import files, reader
from financing.export import table_as_json
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """The draft as it is now: the agreement or its contribution table, as PDF or JSON; the agreement as Word.

    The contribution table as XLSX is a workbook of all the plan's alternatives, the chosen one first.
    """

    help = "Write the agreement or its contribution table to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug, document, format and file."""
        parser.add_argument("slug")
        parser.add_argument(
            "--document", choices=["agreement", "contributions"], default="agreement"
        )
        parser.add_argument("--format", choices=["pdf", "docx", "json", "xlsx"], default="pdf")
        parser.add_argument("--output", required=True, type=Path, metavar="F")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the Document, render it, and write the whole file or nothing."""
        agreement = lookup.agreement(options["slug"])
        facts = reader.load(agreement.plan)
        document = snapshot.build(agreement, facts)
        if options["document"] == "agreement" and options["format"] == "xlsx":
            raise CannotRunError("only the contribution table has the format xlsx: see --help")
        if options["document"] == "contributions" and options["format"] == "docx":
            raise CannotRunError("only the agreement has the format docx: see --help")
        if options["document"] == "contributions" and document.financing is None:
            raise CannotRunError(
                f"{options['slug']}: no alternative is chosen, so there is no table"
            )
        path: Path = options["output"]
        if not path.name:
            raise CannotRunError(f"{path}: this is not the name of a file")
        if options["format"] == "xlsx":
            content = files.xlsx_file(facts, agreement.chosen_alternative_id, agreement.language)
        else:
            content = _content(document, options["document"], options["format"])
        partial = path.with_name(path.name + ".part")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as problem:
            with suppress(OSError):
                partial.unlink()
            raise CannotRunError(f"{path}: {problem.strerror}") from problem
        self.stdout.write(f"{path}: {len(content)} bytes, content {canonical.sha256(document)}")


def _content(document: Document, kind: str, form: str) -> bytes:
    if form == "pdf":
        make = documents.agreement_pdf if kind == "agreement" else documents.contributions_pdf
        try:
            return make(document, documents.draft(document))
        except documents.PdfError as problem:
            raise CannotRunError(problem) from problem
    if form == "docx":
        return documents.agreement_docx(document)
    if kind == "agreement":
        return canonical.dump(document) + b"\n"
    assert document.financing is not None, "asked before"
    table = table_as_json(document.financing.table)
    return (json.dumps(table, ensure_ascii=False, indent=2) + "\n").encode()

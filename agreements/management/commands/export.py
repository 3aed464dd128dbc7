"""Write a document of an agreement to a file."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agreements import case_papers, documents, lookup, snapshot
from agreements.domain import canonical
from agreements.domain.document import Document
from agreements.models import Agreement
from financing import files, reader
from financing.export import table_as_json
from municipalities.commands import CannotRunError
from municipalities.commands import Command as Base


class Command(Base):
    """The draft as it is now: the agreement or its contribution table, as PDF or JSON; the agreement as Word.

    The contribution table as XLSX is a workbook of all the plan's alternatives, the chosen one first. The
    case paper is about the version that counts now, as PDF or Word; while there is none, about the draft.
    """

    help = "Write the agreement, its contribution table or its case paper to a file."

    def create_parser(self, *names: Any, **options: Any) -> CommandParser:
        """Let `--version` be the agreement's and not the program's, which every command has."""
        return super().create_parser(*names, conflict_handler="resolve", **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Add slug, document, format and file, and which case paper."""
        parser.add_argument("slug")
        parser.add_argument(
            "--document", choices=["agreement", "contributions", "casepaper"], default="agreement"
        )
        parser.add_argument("--format", choices=["pdf", "docx", "json", "xlsx"], default="pdf")
        parser.add_argument("--output", required=True, type=Path, metavar="F")
        parser.add_argument(
            "--version", dest="number", type=int, metavar="N", help="of the case paper: the version"
        )
        parser.add_argument(
            "--for",
            dest="recipient",
            default="",
            metavar="KEY",
            help="of the case paper: the number of the municipality it is for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the Document, render it, and write the whole file or nothing."""
        agreement = lookup.agreement(options["slug"])
        if options["document"] == "casepaper":
            content, sha256 = _case_paper(agreement, options)
        else:
            content, sha256 = _of_draft(agreement, options)
        path: Path = options["output"]
        if not path.name:
            raise CannotRunError(f"{path}: this is not the name of a file")
        partial = path.with_name(path.name + ".part")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as problem:
            with suppress(OSError):
                partial.unlink()
            raise CannotRunError(f"{path}: {problem.strerror}") from problem
        self.stdout.write(f"{path}: {len(content)} bytes, content {sha256}")


def _of_draft(agreement: Agreement, options: dict[str, Any]) -> tuple[bytes, str]:
    """The file, and the hash of what it is made from."""
    if options["number"] is not None or options["recipient"]:
        raise CannotRunError("only the case paper takes --version and --for: see --help")
    facts = reader.load(agreement.plan)
    document = snapshot.build(agreement, facts)
    if options["document"] == "agreement" and options["format"] == "xlsx":
        raise CannotRunError("only the contribution table has the format xlsx: see --help")
    if options["document"] == "contributions" and options["format"] == "docx":
        raise CannotRunError("only the agreement has the format docx: see --help")
    if options["document"] == "contributions" and document.financing is None:
        raise CannotRunError(f"{options['slug']}: no alternative is chosen, so there is no table")
    if options["format"] == "xlsx":
        content = files.xlsx_file(facts, agreement.chosen_alternative_id, agreement.language)
    else:
        content = _content(document, options["document"], options["format"])
    return content, canonical.sha256(document)


def _case_paper(agreement: Agreement, options: dict[str, Any]) -> tuple[bytes, str]:
    """The file, and the hash of the agreement it is about."""
    if options["format"] not in ("pdf", "docx"):
        raise CannotRunError("the case paper has the formats pdf and docx: see --help")
    try:
        source = case_papers.read(agreement, options["number"])
        paper = source.paper(options["recipient"])
    except case_papers.NoSuchVersionError as missing:
        raise CannotRunError(f"{options['slug']}: there is no version {missing}") from None
    except case_papers.NoSuchRecipientError as missing:
        known = ", ".join(f"{body.key} {body.short_name}" for body in source.recipients)
        raise CannotRunError(
            f"{missing} does not contribute; there are {known or 'none'}"
        ) from None
    make = documents.case_paper_pdf if options["format"] == "pdf" else documents.case_paper_docx
    try:
        content = make(paper)
    except documents.PdfError as problem:
        raise CannotRunError(problem) from problem
    sha256 = paper.frozen.sha256 if paper.frozen else canonical.sha256(paper.document)
    return content, sha256


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

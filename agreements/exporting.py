"""The documents of an agreement as files, by name and format: what the command writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agreements import (
    case_papers,
    documents,
    finals,
    record,
    record_lines,
    snapshot,
    versions,
    workflow,
)
from agreements.domain import canonical, package
from agreements.domain.document import Document, Language
from agreements.domain.states import State
from agreements.models import Agreement, StoredFile, Version
from financing import files, reader
from financing.export import study_sha256, table_as_json

FORMATS = {
    "agreement": ("pdf", "docx", "xlsx", "json"),
    "contributions": ("pdf", "docx", "xlsx", "json"),
    "casepaper": ("pdf", "docx", "xlsx"),
    "comparison": ("pdf", "docx", "xlsx", "json"),
    "record": ("pdf", "docx", "xlsx", "json"),
}
_OF_A_VERSION = ("agreement", "contributions", "casepaper")
_STORED = {
    ("agreement", "pdf"): StoredFile.Kind.AGREEMENT,
    ("contributions", "pdf"): StoredFile.Kind.CONTRIBUTIONS,
    ("contributions", "xlsx"): StoredFile.Kind.CONTRIBUTIONS_XLSX,
}


# The councils have not adopted it, or not all of them.
UNDECIDED = frozenset(
    {State.IN_REVIEW, State.RECOMMENDED, State.IN_RESOLUTION, State.PARTLY_ADOPTED}
)


class CannotExportError(Exception):
    """There is no such file. The message says why, in English: it is an operator's."""


@dataclass(frozen=True)
class Wanted:
    """Which document, in which format; of which version, and for whom."""

    document: str
    form: str
    number: int | None = None
    recipient: str = ""


def issue_of(version: Version) -> documents.Issue:
    """Return in which capacity a version is printed that has no stored file of it.

    It is before those who decide until the councils have adopted it. What is archived without final files
    was rejected.
    """
    state = version.agreement.state
    if version.round.withdrawn_at is not None:
        kind = documents.Kind.WITHDRAWN
    elif state in (State.REJECTED, State.ARCHIVED):
        kind = documents.Kind.REJECTED
    elif state in UNDECIDED:
        kind = documents.Kind.VERSION
    else:
        kind = documents.Kind.DECIDED
    return documents.Issue(kind, version.number, version.sha256)


def export(agreement: Agreement, wanted: Wanted) -> tuple[bytes, str]:
    """Return the file and the SHA-256 of what it is made from.

    CannotExportError where there is no such file, PdfError where the PDF cannot be made.
    """
    formats = FORMATS[wanted.document]
    if wanted.form not in formats:
        raise CannotExportError(
            f"the document {wanted.document} has the formats {', '.join(formats)}, not {wanted.form}"
        )
    if wanted.recipient and wanted.document != "casepaper":
        raise CannotExportError("only the case paper takes --for: see --help")
    if wanted.number is not None and wanted.document not in _OF_A_VERSION:
        raise CannotExportError(
            f"the document {wanted.document} is of the agreement as it is now, and takes no --version"
        )
    return _MAKERS[wanted.document](agreement, wanted)


def _agreement(agreement: Agreement, wanted: Wanted) -> tuple[bytes, str]:
    """The agreement or its contribution table: of a version, else of the draft."""
    version = _version(agreement, wanted.number)
    if version is not None and (stored := _stored(version, wanted)) is not None:
        return stored, version.sha256
    facts = None
    if version is not None:
        document, issue = workflow.document_of(version), issue_of(version)
    else:
        facts = reader.load(agreement.plan)
        document = snapshot.build(agreement, facts)
        issue = documents.draft(document)
    if wanted.document == "agreement":
        return _of_agreement(document, issue, wanted.form), issue.sha256
    if document.financing is None:
        raise CannotExportError(f"{agreement.slug}: no alternative is chosen, so there is no table")
    if wanted.form != "xlsx":
        return _of_table(document, issue, wanted.form), issue.sha256
    if facts is not None:
        chosen, language = agreement.chosen_alternative_id, agreement.language
        return files.xlsx_file(facts, chosen, language), issue.sha256
    assert version is not None, "a draft has its facts"
    if issue.is_withdrawn:
        raise CannotExportError(f"{agreement.slug}: version {version.number} is withdrawn")
    try:
        return finals.workbook(version, document, issue), issue.sha256
    except finals.RefusedError as refused:
        raise CannotExportError(
            "the plan has changed since this version was frozen, and the formulas of the workbook "
            "would not give its amounts; pdf, docx and json are made from the version alone"
        ) from refused


def _of_agreement(document: Document, issue: documents.Issue, form: str) -> bytes:
    match form:
        case "pdf":
            return documents.agreement_pdf(document, issue)
        case "docx":
            return documents.agreement_docx(document, issue=issue)
        case "xlsx":
            return documents.agreement_xlsx(document, issue)
        case _:
            return canonical.dump(document) + b"\n"


def _of_table(document: Document, issue: documents.Issue, form: str) -> bytes:
    if form == "pdf":
        return documents.contributions_pdf(document, issue)
    if form == "docx":
        return documents.contributions_docx(document, issue)
    assert document.financing is not None, "asked before"
    return _json(table_as_json(document.financing.table))


def _version(agreement: Agreement, number: int | None) -> Version | None:
    """The version with the number; without one the version that counts, as only it is true."""
    if number is None:
        counts = workflow.current(agreement)
        if counts is None:
            return None
        number = counts.number
    found = versions.find(agreement, number)
    if found is None:
        raise CannotExportError(f"{agreement.slug}: there is no version {number}")
    return found


def _stored(version: Version, wanted: Wanted) -> bytes | None:
    """The bytes that were stored when the version became final; None where there are none."""
    kind = _STORED.get((wanted.document, wanted.form))
    found = next((file for file in finals.listed(version) if file.kind == kind), None)
    return finals.read(found) if found is not None else None


def _case_paper(agreement: Agreement, wanted: Wanted) -> tuple[bytes, str]:
    """The file, and the hash of the agreement it is about."""
    try:
        source = case_papers.read(agreement, wanted.number)
        paper = source.paper(wanted.recipient)
    except case_papers.NoSuchVersionError as missing:
        raise CannotExportError(f"{agreement.slug}: there is no version {missing}") from None
    except case_papers.NoSuchRecipientError as missing:
        known = ", ".join(f"{body.key} {body.short_name}" for body in source.recipients)
        raise CannotExportError(
            f"{missing} does not contribute; there are {known or 'none'}"
        ) from None
    make = {
        "pdf": documents.case_paper_pdf,
        "docx": documents.case_paper_docx,
        "xlsx": documents.case_paper_xlsx,
    }[wanted.form]
    return make(paper), paper.frozen.sha256 if paper.frozen else canonical.sha256(paper.document)


def _comparison(agreement: Agreement, wanted: Wanted) -> tuple[bytes, str]:
    facts, language = reader.load(agreement.plan), Language(agreement.language)
    if not facts.tables:
        raise CannotExportError(f"{agreement.slug}: no alternative can be calculated")
    study = files.study(facts, agreement.chosen_alternative_id)
    if wanted.form == "json":
        return files.json_file(facts, agreement.chosen_alternative_id), study_sha256(study)
    make = {
        "pdf": documents.comparison_pdf,
        "docx": documents.comparison_docx,
        "xlsx": documents.comparison_xlsx,
    }[wanted.form]
    return make(study, language), study_sha256(study)


def _record(agreement: Agreement, wanted: Wanted) -> tuple[bytes, str]:
    """The record as everybody sees it; its hash is that of the newest event."""
    rows = record_lines.rows(agreement).iterator(chunk_size=500)
    lines = tuple(record_lines.lines(rows, snapshot.build(agreement), team=False))
    newest = lines[-1].hash if lines else ""
    if wanted.form == "json":
        hidden = frozenset(line.number for line in lines if line.hidden)
        return package.as_json(package.record_lines(record.linked(agreement), hidden)), newest
    said = (agreement.title, agreement.region.name, lines)
    if wanted.form == "xlsx":
        return documents.record_xlsx(*said), newest
    make = documents.record_pdf if wanted.form == "pdf" else documents.record_docx
    return make(*said, Language(agreement.language)), newest


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


_MAKERS: dict[str, Callable[[Agreement, Wanted], tuple[bytes, str]]] = {
    "agreement": _agreement,
    "contributions": _agreement,
    "casepaper": _case_paper,
    "comparison": _comparison,
    "record": _record,
}

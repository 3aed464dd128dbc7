"""The final files: rendered once from the frozen version, stored with their hash, and read back.

They are rendered outside any transaction, as that takes seconds and may fail. Then one transaction
locks the agreement, looks again at what it is about, stores the files and takes the step. A process
that is killed before leaves nothing behind; of two at once one stores, and the other is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from agreements import documents, workflow
from agreements.documents import inspection
from agreements.documents.limits import signing_limits
from agreements.domain import guards
from agreements.domain.document import Document
from agreements.domain.states import Action
from agreements.models import Agreement, PartySignature, StoredFile, Version
from agreements.record import Actor
from financing import files, people_csv, reader, xlsx
from municipalities.prepared import Prepared

Kind = StoredFile.Kind

PDF = "application/pdf"
# By kind: the name of the file after that of the version, and what it is sent as.
RENDERED = {
    Kind.AGREEMENT: ("avtale.pdf", PDF),
    Kind.CONTRIBUTIONS: ("bidragstabell.pdf", PDF),
    Kind.CONTRIBUTIONS_CSV: ("bidragstabell.csv", people_csv.MEDIA_TYPE),
    Kind.CONTRIBUTIONS_XLSX: ("bidragstabell.xlsx", xlsx.MEDIA_TYPE),
}


RefusedError = documents.RefusedError  # the files are not fit to be kept for ever


def gate(content: bytes) -> list[str]:
    """What both standards have against a PDF, in bokmål; nothing lets it through."""
    return inspection.problems(content)


def limits(content: bytes, document: Document) -> list[str]:
    """Why the signing service would not take the file, in bokmål."""
    return list(signing_limits(inspection.facts(content), document))


def render(version: Version) -> dict[StoredFile.Kind, bytes]:
    """Make the files of a version from its frozen Document. PdfError where that cannot be done.

    The workbook has formulas, and so needs the plan's rules. They stand still while a version is
    decided on; RefusedError where they do not give the frozen table all the same.
    """
    document = workflow.document_of(version)
    issue = documents.Issue(
        documents.Kind.FINAL, version.number, version.sha256, version.base_address
    )
    to_sign = replace(issue, signature_fields=True)
    made = {Kind.AGREEMENT: documents.agreement_pdf(document, to_sign)}
    if document.financing is not None:
        table, language = document.financing.table, document.language.value
        made |= {
            Kind.CONTRIBUTIONS: documents.contributions_pdf(document, issue),
            Kind.CONTRIBUTIONS_CSV: people_csv.people_csv([table], language),
            Kind.CONTRIBUTIONS_XLSX: workbook(version, document, issue),
        }
    return made


def workbook(version: Version, document: Document, issue: documents.Issue) -> bytes:
    """Make the chosen alternative's workbook of a version that has a table. RefusedError as above."""
    agreement = version.agreement
    facts, chosen = reader.load(agreement.plan), agreement.chosen_alternative_id
    assert document.financing is not None
    if chosen is None or facts.tables.get(chosen) != document.financing.table:
        raise RefusedError(
            [
                "Økonomien er en annen enn i den låste versjonen. Trekk versjonen, og lås den på nytt."
            ]
        )
    alone = tuple(item for item in facts.alternatives if item[0] == chosen)
    language, stamp = document.language, issue.stamp(document.language)
    return files.xlsx_file(replace(facts, alternatives=alone), chosen, language.value, stamp)


def finalise(actor: Actor, agreement: Agreement, *, source: str) -> list[StoredFile]:
    """Render, store and make ready to sign; return what was stored.

    `source` is the state the page showed. MovedOnError where the agreement is in another state or
    has another version by the time the files are made, NotReadyError with what is missing,
    RefusedError with what is wrong with the files, PdfError where there are none.
    """
    version = workflow.current(agreement)
    if agreement.status != source or version is None:
        raise workflow.MovedOnError(agreement)
    if found := guards.obstacles(Action.PREPARE_SIGNING, workflow.facts(agreement)):
        raise workflow.NotReadyError(found)
    version.agreement = agreement
    made = render(version)
    problems = [
        f"{kind.label[:1].upper()}{kind.label[1:]}: {problem}"
        for kind, content in made.items()
        if RENDERED[kind][1] == PDF
        for problem in gate(content)
    ]
    if not problems:
        problems = limits(made[Kind.AGREEMENT], workflow.document_of(version))
    if problems:
        raise RefusedError(problems)
    return _store(actor, agreement, version, made, source)


@transaction.atomic
def _store(
    actor: Actor,
    agreement: Agreement,
    version: Version,
    made: dict[StoredFile.Kind, bytes],
    source: str,
) -> list[StoredFile]:
    row = workflow.lock(agreement)
    now = workflow.current(row)
    if row.status != source or now is None or now.pk != version.pk:
        raise workflow.MovedOnError(row)
    stored = [keep(actor, version, kind, content) for kind, content in made.items()]
    hashes = {str(file.kind): file.sha256 for file in stored}
    workflow.take(actor, row, Action.PREPARE_SIGNING, source=source, files=hashes)
    return stored


def keep(actor: Actor, version: Version, kind: StoredFile.Kind, content: bytes) -> StoredFile:
    """Store a rendered file. Call inside the transaction of the step."""
    name, media_type = RENDERED[kind]
    return StoredFile.objects.create(
        version=version,
        kind=kind,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=media_type,
        file_name=f"{version.agreement.slug}-versjon-{version.number}-{name}",
        created_by=actor.user,
    )


def listed(version: Version) -> list[StoredFile]:
    """Return the files of a version in the order they came, without their bytes. One query.

    Not the public versions, which say more of themselves: see `public_versions.listed`.
    `vouched`: the names of those whose word stands that others have signed in a file, and
    `taken_back`: one about which all such words were taken back.
    """
    return _LISTED.under(version=version)


def _files(version: int) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.filter(version=version).exclude(kind=Kind.PUBLIC)
    words = PartySignature.objects.filter(file=OuterRef("pk"), checked=False)
    name = Coalesce(NullIf("vouched_by__name", Value("")), Value("Drift"))
    standing = words.filter(taken_back__isnull=True).order_by(name).values_list(name).distinct()
    said = rows.annotate(taken_back=taken_back(), vouched=ArraySubquery(standing))
    return said.defer("content").select_related("created_by")


_LISTED = Prepared(_files)


def taken_back() -> Q:
    """Whether everything that was said of who has signed in a file was taken back, as an expression."""
    given = PartySignature.objects.filter(file=OuterRef("pk"))
    back = Exists(given.filter(taken_back__isnull=False))
    return back & ~Exists(given.filter(taken_back__isnull=True))


def of_current(agreement: Agreement, kind: StoredFile.Kind) -> StoredFile | None:
    """Return a final file of the version that counts, without its bytes; None before there is one."""
    return _CURRENT.first(agreement.pk, kind)


def _without_bytes() -> QuerySet[StoredFile]:
    return StoredFile.objects.defer("content", "version__document").select_related("version")


_CURRENT = Prepared(
    lambda agreement, kind: (
        _without_bytes()
        .filter(version__agreement=agreement, kind=kind, version__round__withdrawn_at=None)
        .order_by("-version__number")[:1]
    )
)
_FOUND = Prepared(
    lambda agreement, pk: _without_bytes().filter(version__agreement=agreement, pk=pk)
)


def find(agreement: Agreement, pk: int) -> StoredFile | None:
    """Return one of the agreement's files without its bytes; None where there is no such."""
    return _FOUND.first(agreement.pk, pk)


def read(file: StoredFile, start: int = 0, length: int | None = None) -> bytes:
    """Return the stored bytes, or a part of them: only that part leaves the database."""
    if length is None and not start:
        return bytes(StoredFile.objects.values_list("content", flat=True).get(pk=file.pk))
    asked = file.size - start if length is None else length
    part = Func(
        F("content"),
        Value(start + 1),
        Value(asked),
        function="SUBSTRING",
        output_field=models.BinaryField(),
    )
    rows = StoredFile.objects.annotate(part=part).values_list("part", flat=True)
    return bytes(rows.get(pk=file.pk))

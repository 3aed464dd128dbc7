"""The archive package of an agreement: everything about one version, with hashes and metadata, as a zip.

The same state gives the same bytes. Nothing of the database is changed by making one, and each part is
read when it is written, so that only one file at a time is in memory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from agreements import (
    documents,
    finals,
    public_versions,
    record,
    record_lines,
    signed_files,
    slugs,
    workflow,
)
from agreements.domain import chain, noark, package
from agreements.domain.document import Document
from agreements.domain.noark import Case, Item, Removed, Screening
from agreements.domain.states import State
from agreements.models import (
    Agreement,
    ArchiveFacts,
    AttachmentFile,
    Decision,
    Resolution,
    ResolutionExtract,
    StoredFile,
    Version,
)
from agreements.record import Actor
from municipalities import revisions

ENDED = (State.REJECTED, State.ARCHIVED)  # these have a package without final files too
IN_MEMORY = 8 * 1024 * 1024  # of a package; a larger one is written to a temporary file
_FOLDERS = {
    StoredFile.Kind.AGREEMENT: (package.AGREEMENT, "Avtale"),
    StoredFile.Kind.CONTRIBUTIONS: ("tabell/bidragstabell.pdf", "Tabell"),
    StoredFile.Kind.CONTRIBUTIONS_CSV: ("tabell/bidragstabell.csv", "Tabell"),
    StoredFile.Kind.CONTRIBUTIONS_XLSX: ("tabell/bidragstabell.xlsx", "Tabell"),
}
_MAIN = (StoredFile.Kind.AGREEMENT, StoredFile.Kind.SIGNED)


class ChangedFileError(Exception):
    """Stored bytes do not have the hash they were stored with. The message says which."""


@dataclass(frozen=True)
class Part:
    """A file of the package, and how its bytes are fetched."""

    item: Item
    fetch: Callable[[], bytes]


def facts_of(agreement: Agreement) -> ArchiveFacts | None:
    """Return what the archive has been told; None before anything is."""
    return ArchiveFacts.objects.filter(agreement=agreement).first()


@transaction.atomic
def describe(
    actor: Actor, agreement: Agreement, revision: int | None, values: dict[str, str]
) -> bool:
    """Store case number, access code and legal basis; tell whether anything changed.

    StaleRevisionError where somebody has changed them meanwhile.
    """
    row = workflow.lock(agreement)
    stored = ArchiveFacts.objects.select_for_update().filter(agreement=row).first()
    if stored is None:
        if not any(values.values()):
            return False
        ArchiveFacts.objects.create(agreement=row, **values)
        changed: dict[str, Any] = {name: ["", value] for name, value in values.items() if value}
    else:
        changed = dict(revisions.changes(stored, dict(values)))
        if not changed:
            return False
        if stored.revision != revision:
            raise revisions.StaleRevisionError(stored)
        stored.revision += 1
        stored.save()
    record.record(actor, row, "archive.described", changed)
    return True


def version_of(agreement: Agreement) -> Version | None:
    """Return the version a package is about; None where there is none to make yet."""
    found = workflow.current(agreement)
    if found is None:
        return None
    final = found.files.filter(kind=StoredFile.Kind.AGREEMENT).exists()
    return found if final or agreement.state in ENDED else None


def case_of(agreement: Agreement, version: Version) -> Case:
    """Read what the archive must know."""
    facts, document = facts_of(agreement), workflow.document_of(version)
    stored = finals.listed(version)
    first = next((f for f in stored if f.kind == StoredFile.Kind.AGREEMENT), None)
    given = signed_files.signatures(version)
    complete = len(given) == len(document.parties)
    owner = agreement.region.contract_municipality
    return Case(
        slug=agreement.slug,
        document=document,
        version=version.number,
        sha256=version.sha256,
        case_number=facts.case_number if facts else "",
        screening=Screening(facts.access_code, facts.legal_basis) if facts else Screening(),
        created=timezone.localdate(agreement.created_at),
        frozen=timezone.localdate(version.frozen_at),
        finalised=timezone.localdate(first.created_at) if first else None,
        signed=max(_signed_day(row.signed_on, row.created_at) for row in given)
        if complete and given
        else None,
        owner_key=owner.number,
        owner_name=owner.organisation.name,
    )


def _signed_day(said: dt.date | None, stored: dt.datetime) -> dt.date:
    return said or timezone.localdate(stored)


def build(agreement: Agreement, version: Version, *, restricted: bool) -> IO[bytes]:
    """Return the package as a file at its beginning.

    Attachments that are kept from the public are in it when `restricted`, and only described when not.
    PdfError where the record cannot be printed, ChangedFileError where stored bytes are not as they were.
    """
    case = case_of(agreement, version)
    # Something may be recorded while the parts are made: then they are made again, of one moment.
    for _ in range(3):
        newest = _newest(agreement)
        found = _parts(agreement, version, case, restricted=restricted)
        parts = sorted(found, key=lambda part: part.item.path)
        if _newest(agreement) == newest:
            break
    items = [part.item for part in parts]
    about = package.as_json(noark.manifest(case, items, newest))
    manifest = Part(_small(package.MANIFEST, "", "", about).item, lambda: about)
    large = sum(item.size for item in items) > IN_MEMORY
    # The caller closes it.
    # Whoever is given it closes it: it is sent after this has returned.
    out: IO[bytes] = tempfile.TemporaryFile() if large else io.BytesIO()  # noqa: SIM115
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for part in sorted([*parts, manifest], key=lambda part: part.item.path):
                if not part.item.left_out:
                    made.writestr(package.entry(part.item.path), _as_it_was(part))
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _as_it_was(part: Part) -> bytes:
    content = part.fetch()
    if hashlib.sha256(content).hexdigest() != part.item.sha256:
        raise ChangedFileError(part.item.path)
    return content


def _newest(agreement: Agreement) -> str:
    hashes = agreement.events.order_by("-number").values_list("hash", flat=True)
    return hashes.first() or chain.START


def _small(path: str, title: str, kind: str, content: bytes, **more: Any) -> Part:
    """A part that is made here and now."""
    digest = hashlib.sha256(content).hexdigest()
    return Part(Item(path, title, kind, len(content), digest, **more), lambda: content)


def _parts(
    agreement: Agreement, version: Version, case: Case, *, restricted: bool
) -> Iterator[Part]:
    document = case.document
    yield _small(
        package.DOCUMENT, "Avtalen som data", "Avtale", bytes(version.document), made=case.frozen
    )
    yield from _stored(version, document)
    yield from _public(version)
    yield from _attachments(agreement, document, restricted=restricted)
    yield from _handled(agreement)
    yield from _record(agreement, document)
    guide = render_to_string("agreements/archive/guide.txt", {"case": case})
    yield _small(package.GUIDE, "Veiledning til pakken", "Veiledning", guide.encode())


def _stored(version: Version, document: Document) -> Iterator[Part]:
    """The final files and the signed ones."""
    signed = 0
    for file in finals.listed(version):
        kind = StoredFile.Kind(file.kind)
        if kind is StoredFile.Kind.SIGNED:
            signed += 1
            path = f"{package.SIGNED}{signed:02}.pdf"
            what = "Tatt tilbake" if file.taken_back else "Signert avtale"
        else:
            path, what = _FOLDERS[kind]
        title = f"{kind.label[:1].upper()}{kind.label[1:]}: {document.title}"
        if file.taken_back:
            title = f"Bekreftelsen er tatt tilbake: {file.file_name}"
        yield Part(
            Item(
                path,
                title,
                what,
                file.size,
                file.sha256,
                made=timezone.localdate(file.created_at),
                main=kind in _MAIN and not file.taken_back,
                archival=file.media_type == finals.PDF,
            ),
            partial(finals.read, file),
        )


def _public(version: Version) -> Iterator[Part]:
    """The public versions, each with what is taken out of it."""
    for one in public_versions.listed(version):
        assert one.file is not None, "those that are listed are made"
        yield Part(
            Item(
                f"{package.PUBLIC}{one.number:02}.pdf",
                f"Offentlig versjon: {one.title}",
                "Offentlig versjon",
                one.file.size,
                one.file.sha256,
                made=timezone.localdate(one.file.created_at),
                archival=True,
                removed=tuple(Removed(**said) for said in one.removed),
            ),
            partial(finals.read, one.file),
        )


def _attachments(agreement: Agreement, document: Document, *, restricted: bool) -> Iterator[Part]:
    """The attachments of the frozen agreement, also where the draft has other files by now."""
    rows = AttachmentFile.objects.filter(attachment__agreement=agreement).defer("content")
    stored = {row.sha256: row for row in rows.order_by("-pk")}
    for number, attachment in enumerate(document.attachments, start=1):
        file = stored[attachment.sha256]
        ending = file.name.rpartition(".")[2].lower()
        name = slugs.slug(attachment.title)[:60].strip("-") or "vedlegg"
        yield Part(
            Item(
                f"{package.ATTACHMENTS}{number:02}-{name}.{ending}",
                attachment.title,
                "Vedlegg",
                file.size,
                file.sha256,
                made=timezone.localdate(file.uploaded_at),
                archival=ending == "pdf",
                screening=Screening(legal_basis=attachment.access_code),
                left_out=bool(attachment.access_code) and not restricted,
            ),
            partial(_content, AttachmentFile.objects.all(), file.pk),
        )


def _content(rows: QuerySet[Any], pk: int) -> bytes:
    return bytes(rows.values_list("content", flat=True).get(pk=pk))


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else None


def _handled(agreement: Agreement) -> Iterator[Part]:
    """What was answered and decided, about every version, and the extracts of the minutes."""
    versions = agreement.versions.select_related("round", "round__withdrawn_by", "frozen_by")
    rows = list(versions.defer("document").order_by("number"))
    answers = Decision.objects.filter(version__agreement=agreement)
    answers = answers.select_related("organisation", "decided_by", "delegation__given_by")
    said = [
        {
            "versjon": row.number,
            "sha256": row.sha256,
            "laast": _moment(row.frozen_at),
            "laastAv": row.frozen_by.name if row.frozen_by else None,
            "svarfrist": row.round.deadline.isoformat(),
            "avsluttet": _moment(row.round.closed_at),
            "trukket": _moment(row.round.withdrawn_at),
            "grunn": row.round.withdrawn_reason,
            "svar": [_answer(answer) for answer in answers if answer.version_id == row.pk],
        }
        for row in rows
    ]
    yield _small(package.DECISIONS, "Svarene fra partene", "Svar", package.as_json(said))
    resolved = Resolution.objects.filter(version__agreement=agreement).select_related(
        "organisation", "version", "registered_by"
    )
    extracts = list(
        ResolutionExtract.objects.filter(resolution__in=resolved)
        .select_related("resolution__organisation")
        .defer("content")
        .order_by("pk")
    )
    paths = {
        row.pk: f"{package.EXTRACTS}{number:02}-{slugs.slug(row.resolution.organisation.key)}.pdf"
        for number, row in enumerate(extracts, start=1)
    }
    decided = [
        {
            "versjon": row.version.number,
            "organisasjon": row.organisation.key,
            "navn": row.organisation.name,
            "saksnummer": row.case_number,
            "vedtaksdato": row.decided_on.isoformat(),
            "utfall": row.outcome,
            "vilkaar": row.conditions,
            "registrert": _moment(row.registered_at),
            "registrertAv": row.registered_by.name if row.registered_by else None,
            "saerutskrifter": [paths[e.pk] for e in extracts if e.resolution_id == row.pk],
        }
        for row in resolved.order_by("version__number", "pk").defer("version__document")
    ]
    yield _small(package.RESOLUTIONS, "Vedtakene", "Vedtak", package.as_json(decided))
    for row in extracts:
        yield Part(
            Item(
                paths[row.pk],
                f"Særutskrift: {row.resolution.organisation.name}",
                "Særutskrift",
                row.size,
                row.sha256,
                made=timezone.localdate(row.added_at),
                archival=True,
            ),
            partial(_content, ResolutionExtract.objects.all(), row.pk),
        )


def _answer(row: Decision) -> dict[str, Any]:
    return {
        "organisasjon": row.organisation.key,
        "navn": row.organisation.name,
        "rolle": row.kind,
        "svar": row.stance,
        "begrunnelse": row.comment,
        "foretrukketAlternativ": row.preferred_alternative,
        "svart": _moment(row.decided_at),
        "svartAv": row.decided_by.name if row.decided_by else None,
        "delegertAv": row.delegation.given_by.name if row.delegation else None,
        "lest": row.seen_sha256,
    }


def _record(agreement: Agreement, document: Document) -> Iterator[Part]:
    """The record three times: to compute the chain from, for a spreadsheet, and on paper.

    As everybody sees it: what is internal to the team is its links alone.
    """
    rows = record_lines.rows(agreement).iterator(chunk_size=500)
    lines = tuple(record_lines.lines(rows, document, team=False))
    hidden = frozenset(line.number for line in lines if line.hidden)
    data = package.as_json(package.record_lines(record.linked(agreement), hidden))
    yield _small(package.RECORD, "Hendelsene som data", "Hendelser", data)
    name = "hendelser/hendelser"
    table = record_lines.as_csv(lines)
    yield _small(f"{name}.csv", "Hendelsene som tabell", "Hendelser", table)
    printed = documents.record_pdf(document.title, agreement.region.name, lines)
    yield _small(f"{name}.pdf", "Hendelsene", "Hendelser", printed, archival=True)

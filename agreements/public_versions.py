"""Public versions: what is withheld in the version that counts, and the file that the public gets.

What is marked, and by whom, is in `withholding`. As with the final files, the file is made outside any
transaction, once: one transaction then looks again at what it is about before it is stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements import documents, finals, slugs, workflow
from agreements.domain import legal_basis, public_view, redaction
from agreements.domain import marks as marking
from agreements.domain.document import Document
from agreements.domain.marks import Mark, MarkKind
from agreements.domain.public_view import View
from agreements.models import (
    MARK_KINDS,
    Agreement,
    PublicVersion,
    StoredFile,
    Version,
    Withholding,
)
from agreements.record import Actor, record
from municipalities import revisions
from municipalities.prepared import Prepared

NOTHING_MARKED = (
    "Ingenting er merket. Er alt offentlig, kan avtalen selv gis ut: da trengs det ingen offentlig "
    "versjon."
)
THE_SAME = "Den offentlige versjonen blir helt lik en som er laget før. Gi ut den."


class MovedOnError(revisions.ConflictError):
    """Somebody has changed the marks, made the public version or withdrawn the version meanwhile."""


@dataclass(frozen=True)
class Work:
    """What is withheld in the version that counts. `rows` are those of `edition`, in order.

    `edition` is the one being marked, else the one made last; None before anything is marked.
    `made` are all that are made, oldest first, with their files.
    """

    version: Version
    document: Document
    edition: PublicVersion | None
    rows: tuple[Withholding, ...]
    made: tuple[PublicVersion, ...]

    @property
    def is_open(self) -> bool:
        """Whether marks may come and go."""
        return self.edition is None or self.edition.file_id is None

    @property
    def marks(self) -> list[Mark]:
        """The marks as the pure core takes them."""
        return [mark_of(row, self.document) for row in self.rows]

    def view(self, *, reveal: bool = False) -> View:
        """What the public will see; with `reveal` what stands there now, marked."""
        return redaction.redact(self.document, self.marks, reveal=reveal)


def mark_of(row: Withholding, document: Document) -> Mark:
    """Return a stored mark with its provision as it is printed."""
    return Mark(
        kind=MarkKind(row.kind),
        basis=legal_basis.citation(row.basis, row.other_basis, document.language),
        target=row.target,
        phrase=row.phrase,
        with_heading=row.with_heading,
        with_sums=row.with_sums,
    )


def work_on(agreement: Agreement) -> Work | None:
    """Return what is withheld in the version that counts; None where there is none. Four queries."""
    version = workflow.current(agreement)
    if version is None:
        return None
    version.agreement = agreement
    return _work(version)


def _work(version: Version) -> Work:
    editions = list(version.public_versions.select_related("file").defer("file__content"))
    edition = editions[-1] if editions else None
    rows = edition.withheld.select_related("created_by") if edition else ()
    return Work(
        version,
        workflow.document_of(version),
        edition,
        tuple(rows),
        tuple(item for item in editions if item.file_id is not None),
    )


def listed(version: Version) -> list[PublicVersion]:
    """Return the public versions that are made, oldest first, without the files' bytes. One query."""
    return _LISTED.under(version=version)


_LISTED = Prepared(
    lambda version: (
        PublicVersion.objects.filter(version=version, file__isnull=False)
        .select_related("file")
        .defer("file__content")
        .order_by("number")
    )
)


def describe(row: Withholding, document: Document) -> str:
    """Say in bokmål what a mark is about: «punkt 5 Økonomi», «ordene «Kari Nordmann»»."""
    if row.kind == MarkKind.PHRASE:
        return f"ordene «{row.phrase}»"
    label = next(
        (
            target.label
            for target in marking.targets(document)
            if target.kind == row.kind and target.key == row.target
        ),
        row.target,
    )
    match MarkKind(row.kind):
        case MarkKind.CLAUSE:
            said = f"teksten i punkt {label}"
            return f"{said}, også overskriften" if row.with_heading else said
        case MarkKind.SIGNATORY:
            return f"hvem som signerer for {label}"
        case MarkKind.SERVICE:
            return f"kjøpet av {label}"
        case MarkKind.ROW:
            said = f"beløpene til {label}"
            return f"{said}, også summene" if row.with_sums else said
        case _:
            return f"tittelen på vedlegg {label}"


def locked(agreement: Agreement, seen: int) -> tuple[Agreement, Work]:
    """Lock the agreement and read what is withheld; MovedOnError where another version counts now."""
    row = workflow.lock(agreement)
    work = work_on(row)
    if work is None or work.version.pk != seen:
        raise MovedOnError
    return row, work


def issue_of(work: Work, view: View, *, preview: bool = False) -> documents.Issue:
    """In which capacity the public version is printed. It has the hash of what the public sees."""
    kind = documents.Kind.PUBLIC_PREVIEW if preview else documents.Kind.PUBLIC
    address = "" if preview else work.version.base_address
    return documents.Issue(kind, work.version.number, public_view.sha256(view), address)


def preview(work: Work) -> bytes:
    """Make the public version as it would be now, marked as a draft. PdfError where it cannot be done."""
    view = work.view()
    return documents.public_pdf(view, issue_of(work, view, preview=True))


def obstacles(work: Work) -> list[str]:
    """Say in bokmål why the public version cannot be made now; nothing where it can."""
    today = timezone.localdate()
    if not work.rows:
        return [NOTHING_MARKED]
    ended = [row for row in work.rows if not legal_basis.still_valid(row.basis, today)]
    cited = dict.fromkeys(mark_of(row, work.document).basis for row in ended)
    return [
        f"{basis} gjelder ikke lenger. Fjern unntaket, og velg en annen hjemmel." for basis in cited
    ]


def make(actor: Actor, agreement: Agreement, version: Version, seen: str) -> StoredFile:
    """Render the public version, look it through, and store it; return the file.

    `seen` is the hash of what the person looked at: MovedOnError where it is another by now, or where
    another version counts. RefusedError with what is wrong, PdfError where there is no file.
    """
    work = work_on(agreement)
    if work is None or work.version.pk != version.pk or not work.is_open:
        raise MovedOnError
    view = work.view()
    if public_view.sha256(view) != seen:
        raise MovedOnError
    if problems := obstacles(work):
        raise documents.RefusedError(problems)
    if left := redaction.remaining(view, work.marks):
        raise documents.RefusedError([f"«{text}» er ikke tatt ut." for text in left])
    content = documents.public_pdf(view, issue_of(work, view))
    if problems := finals.gate(content):
        raise documents.RefusedError(problems)
    return _store(actor, agreement, work, view, content)


@transaction.atomic
def _store(
    actor: Actor, agreement: Agreement, seen: Work, view: View, content: bytes
) -> StoredFile:
    row, work = locked(agreement, seen.version.pk)
    if work.edition is None or not work.is_open or work.marks != seen.marks:
        raise MovedOnError
    digest = hashlib.sha256(content).hexdigest()
    if work.version.files.filter(kind=StoredFile.Kind.PUBLIC, sha256=digest).exists():
        raise documents.RefusedError([THE_SAME])
    file = StoredFile.objects.create(
        version=work.version,
        kind=StoredFile.Kind.PUBLIC,
        content=content,
        sha256=digest,
        size=len(content),
        media_type=finals.PDF,
        file_name=file_name(row.slug, work),
        created_by=actor.user,
    )
    work.edition.file = file
    work.edition.content_sha256 = public_view.sha256(view)
    work.edition.title = public_view.plain(view.title)
    work.edition.removed = removed(view)
    work.edition.save()
    data = {
        "version": work.version.number,
        "public_version": work.edition.number,
        "file": file.sha256,
        "content": work.edition.content_sha256,
        "removed": work.edition.removed,
    }
    record(actor, row, "public.made", data, version=work.version)
    return file


def removed(view: View) -> list[dict[str, Any]]:
    """What is taken out, as data: what sort, the provision, and in how many places. No word of it."""
    labels = dict(MARK_KINDS)
    return [
        {"what": labels[one.kind.value], "legal_basis": one.basis, "places": one.places}
        for one in view.withheld
    ]


def file_name(slug: str, work: Work, *, preview: bool = False) -> str:
    """Return the name of the file; without the address of the agreement where that has withheld words.

    A `preview` is named as one.
    """
    wanted = [slugs.slug(row.phrase) for row in work.rows if row.phrase]
    name = "avtale" if any(word and word in slug for word in wanted) else slug
    made = work.edition.number if work.edition else 1
    last = "utkast" if preview else str(made)
    return f"{name}-versjon-{work.version.number}-offentlig-{last}.pdf"

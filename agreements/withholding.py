"""Marks: what is withheld from the public, by which provision. Every change has its event.

Marks belong to one frozen version. They come and go until the public version is made; then it stands, and
one that withholds something else is begun from its marks. Whoever calls has asked `access`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.domain import legal_basis, phrases, redaction
from agreements.domain import marks as marking
from agreements.domain.marks import Mark, MarkKind
from agreements.models import Agreement, PublicVersion, Version, Withholding
from agreements.public_versions import MovedOnError, Work, describe, locked
from agreements.record import Actor, record

MOST = 500  # marks of one public version


class RefusedMarkError(ValueError):
    """The mark cannot be made. `field` is of the form, and the message is bokmål."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Marking:
    """What somebody wants to withhold. `basis` is a key of `legal_basis`."""

    kind: MarkKind
    basis: str
    other_basis: str = ""
    target: str = ""
    phrase: str = ""
    with_heading: bool = False
    with_sums: bool = False


@transaction.atomic
def mark(actor: Actor, agreement: Agreement, version: Version, asked: Marking) -> Withholding:
    """Withhold something in a version; a mark that says less about the same is replaced.

    RefusedMarkError with what is wrong. MovedOnError where another version counts by now, or where the
    public version is made.
    """
    row, work = locked(agreement, version.pk)
    if not work.is_open:
        raise MovedOnError
    asked = _checked(work, asked)
    edition = work.edition or PublicVersion.objects.create(version=work.version, number=1)
    same = next((one for one in work.rows if _same(one, asked)), None)
    if same is not None:
        if same.with_heading >= asked.with_heading and same.with_sums >= asked.with_sums:
            return same
        _take_away(actor, row, work, same)
    made = Withholding.objects.create(
        public_version=edition, created_by=actor.user, **_columns(asked)
    )
    record(actor, row, "public.marked", _told(work, edition, made), version=work.version)
    return made


def _columns(asked: Marking) -> dict[str, Any]:
    return {
        "kind": asked.kind.value,
        "target": asked.target,
        "phrase": asked.phrase,
        "with_heading": asked.with_heading,
        "with_sums": asked.with_sums,
        "basis": asked.basis,
        "other_basis": asked.other_basis,
    }


def _same(row: Withholding, asked: Marking) -> bool:
    names = ("kind", "target", "phrase", "basis", "other_basis")
    return all(getattr(row, name) == getattr(asked, name) for name in names)


def _checked(work: Work, asked: Marking) -> Marking:
    """Hold a mark against the document and the law of today, and leave out what is not its own."""
    if len(work.rows) >= MOST:
        raise RefusedMarkError("", f"En offentlig versjon kan ha høyst {MOST} unntak")
    known = {basis.key for basis in legal_basis.on(timezone.localdate())}
    if asked.basis not in known | {legal_basis.OTHER}:
        raise RefusedMarkError("basis", "Velg en hjemmel som gjelder i dag")
    other = asked.other_basis if asked.basis == legal_basis.OTHER else ""
    if asked.basis == legal_basis.OTHER and not other:
        raise RefusedMarkError("other_basis", "Skriv hjemmelen")
    if asked.kind is MarkKind.PHRASE:
        made = Marking(asked.kind, asked.basis, other, phrase=asked.phrase)
    else:
        there = {(target.kind, target.key) for target in marking.targets(work.document)}
        if (asked.kind, asked.target) not in there:
            raise RefusedMarkError("what", "Velg noe som står i avtalen")
        made = Marking(
            asked.kind,
            asked.basis,
            other,
            target=asked.target,
            with_heading=asked.with_heading and asked.kind is MarkKind.CLAUSE,
            with_sums=asked.with_sums and asked.kind is MarkKind.ROW,
        )
    _withholds(work, made)
    _not_in_a_provision(work, made)
    return made


def _withholds(work: Work, asked: Marking) -> None:
    """A mark that withholds nothing is a mistake: words that are nowhere, a point without text."""
    if asked.kind is MarkKind.PHRASE and not phrases.fold(asked.phrase):
        raise RefusedMarkError("phrase", "Skriv ordene som skal unntas")
    tried = Mark(asked.kind, "", asked.target, asked.phrase, asked.with_heading, asked.with_sums)
    if any(redaction.redact(work.document, [tried]).places):
        return
    if asked.kind is not MarkKind.PHRASE:
        raise RefusedMarkError("what", "Det er ingenting å unnta der")
    raise RefusedMarkError(
        "phrase",
        f"«{asked.phrase}» står ingen steder i avtalen. Skriv ordene slik de står, i ett avsnitt.",
    )


def _not_in_a_provision(work: Work, asked: Marking) -> None:
    """A provision that somebody wrote is printed: it must not say what is withheld."""
    written = {row.other_basis for row in work.rows} | {asked.other_basis}
    marks = [*work.marks, Mark(asked.kind, "", asked.target, asked.phrase)]
    wanted = marking.phrases_of(work.document, marks)
    for text in written:
        if text and phrases.places(text, wanted):
            field = "other_basis" if text == asked.other_basis else "phrase"
            raise RefusedMarkError(field, f"Hjemmelen «{text}» har ord i seg som er unntatt")


@transaction.atomic
def unmark(actor: Actor, agreement: Agreement, version: Version, pk: int) -> bool:
    """Let something be public again; False where somebody has done so. MovedOnError as `mark`."""
    row, work = locked(agreement, version.pk)
    if not work.is_open:
        raise MovedOnError
    found = next((one for one in work.rows if one.pk == pk), None)
    if found is None:
        return False
    _take_away(actor, row, work, found)
    return True


def _take_away(actor: Actor, agreement: Agreement, work: Work, row: Withholding) -> None:
    assert work.edition is not None
    told = _told(work, work.edition, row)
    row.delete()
    record(actor, agreement, "public.unmarked", told, version=work.version)


def _told(work: Work, edition: PublicVersion, row: Withholding) -> dict[str, Any]:
    """What the record says of a mark."""
    return {
        "version": work.version.number,
        "public_version": edition.number,
        "kind": row.kind,
        "target": row.target,
        "phrase": row.phrase,
        "with_heading": row.with_heading,
        "with_sums": row.with_sums,
        "text": describe(row, work.document),
        "basis": legal_basis.citation(row.basis, row.other_basis, work.document.language),
    }


@transaction.atomic
def begin(actor: Actor, agreement: Agreement, version: Version) -> PublicVersion:
    """Begin a public version that will withhold something else, with the marks of the last one.

    The one being marked where it is begun already. MovedOnError where another version counts by now, or
    where none is made yet.
    """
    row, work = locked(agreement, version.pk)
    if work.edition is None:
        raise MovedOnError
    if work.is_open:
        return work.edition
    made = PublicVersion.objects.create(version=work.version, number=work.edition.number + 1)
    Withholding.objects.bulk_create(
        Withholding(
            public_version=made,
            kind=one.kind,
            target=one.target,
            phrase=one.phrase,
            with_heading=one.with_heading,
            with_sums=one.with_sums,
            basis=one.basis,
            other_basis=one.other_basis,
            created_by=one.created_by,
        )
        for one in work.rows
    )
    data = {"version": work.version.number, "public_version": made.number}
    record(actor, row, "public.begun", data, version=work.version)
    return made

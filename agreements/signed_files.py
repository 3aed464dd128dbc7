"""Signed files: taken in, kept for ever, and the agreement's state follows from who has signed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Func, Value

from agreements import finals, signing, workflow
from agreements.documents import signers
from agreements.documents.signatures import verify as signatures_of
from agreements.domain.states import Action, transition
from agreements.models import (
    Agreement,
    PartySignature,
    SignatureTakenBack,
    StoredFile,
    Version,
)
from agreements.record import Actor
from municipalities import norwegian
from municipalities.models import Organisation
from municipalities.prepared import Prepared

OPEN = transition(Action.SIGN).sources  # the states in which signed files are taken in
TAKES_BACK = transition(Action.UNSIGN).sources  # and those in which somebody's word is taken back
EARLIER = "En fil med flere signaturer er lagret allerede. Denne er en tidligere utgave av den."


class NobodySaidError(ValueError):
    """The file does not say who has signed, and neither does the person who sent it."""


class NotConfirmedError(Exception):
    """The file is foreign, and nobody has vouched for it."""


@dataclass(frozen=True)
class Signed:
    """A signed file as it was sent in, and what the person who sent it says of it."""

    file_name: str
    content: bytes
    parties: tuple[str, ...]  # keys of those who have signed, as far as the person knows
    signed_on: dt.date | None = None
    confirmed: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def parties(version: Version) -> list[tuple[str, str]]:
    """Return (key, name) of each party that is to sign a version, with its document loaded."""
    return [(p.body.key, p.body.name) for p in workflow.document_of(version).parties]


def signatures(version: Version) -> list[PartySignature]:
    """Return who has signed, without what was taken back. One query."""
    return [row for row in history(version) if not hasattr(row, "taken_back")]


def history(version: Version) -> list[PartySignature]:
    """Return everybody who was said to have signed, also where that was taken back. One query."""
    return _SAID.under(version=version)


_SAID = Prepared(
    lambda version: (
        PartySignature.objects.filter(version=version)
        .select_related(*("organisation", "file", "vouched_by"), "taken_back__taken_back_by")
        .defer("file__content")
    )
)


def add(actor: Actor, agreement: Agreement, signed: Signed) -> StoredFile:
    """Keep a signed file, and let the state follow; the same file again changes nothing.

    MovedOnError where nothing is to be signed, finals.RefusedError with what is wrong with the file,
    NotConfirmedError for one that is foreign. ValueError for a party that is none, and for nobody.
    """
    version = workflow.current(agreement)
    original = finals.of_current(agreement, StoredFile.Kind.AGREEMENT)
    if agreement.state not in OPEN or version is None or original is None:
        raise workflow.MovedOnError(agreement)
    expected = [key for key, _ in parties(version)]
    found = signing.inspect(finals.read(original), signed.content, expected)
    if problems := found.problems or _known_as_another(version, signed):
        raise finals.RefusedError(problems)
    if not found.foreign:
        found = verify(version, signed.content)
        if found.problems:
            raise finals.RefusedError(found.problems)
    if found.foreign and not signed.confirmed:
        raise NotConfirmedError
    keys = found.signed if found.verified else signed.parties
    if not keys:
        raise NobodySaidError("no parties are said to have signed")
    if not set(keys) <= set(expected):
        raise ValueError(f"no parties of the agreement: {keys}")
    return _store(actor, agreement, version, signed, found, list(keys), len(expected))


def verify(version: Version, content: bytes) -> signing.Inspection:
    """Look at the signatures of a file that begins as the stored one. PdfError where nobody can look.

    Signatures in other fields than the agreement's make it foreign: a signing service may ignore them.
    """
    document = workflow.document_of(version)
    by_field = {signers.field_name(party): party.body for party in document.parties}
    names = {field: body.name for field, body in by_field.items()}
    seen = signatures_of(content, names)
    ours = [one for one in seen.signatures if one.field in by_field]
    keys = tuple(by_field[one.field].key for one in ours)
    return signing.Inspection(
        signed=keys,
        missing=tuple(body.key for body in by_field.values() if body.key not in keys),
        problems=seen.problems or (() if seen.signatures else (signing.CHANGED,)),
        certificates=tuple(one.signer for one in ours),
        times=tuple(one.at for one in ours),
        foreign=bool(seen.signatures) and len(ours) < len(seen.signatures),
        verified=bool(ours) and len(ours) == len(seen.signatures),
    )


def _known_as_another(version: Version, signed: Signed) -> Sequence[str]:
    """Say so where the file is, or begins as, another file that is stored here."""
    hashed, at, digest = hashlib.sha256(), 0, ""
    rows = StoredFile.objects.exclude(version=version, kind=StoredFile.Kind.SIGNED)
    rows = rows.exclude(version=version, kind=StoredFile.Kind.AGREEMENT)
    for file in (
        rows.filter(media_type=finals.PDF, size__lte=len(signed.content))
        .select_related("version__agreement")
        .defer("content", "version__document")
        .order_by("size")
    ):
        if file.size > at:
            hashed.update(signed.content[at : file.size])
            at, digest = file.size, hashed.hexdigest()
        if digest == file.sha256:
            what = StoredFile.Kind(file.kind).label
            title = file.version.agreement.title
            return [
                f"Filen er {what} i versjon {file.version.number} av «{title}», og ikke den avtalen "
                "som skal signeres nå."
            ]
    beginning = Func(
        Func(F("content"), Value(1), Value(len(signed.content)), function="SUBSTRING"),
        function="SHA256",
        output_field=models.BinaryField(),
    )
    counting = version.files.annotate(taken_back=finals.taken_back()).filter(taken_back=False)
    longer = counting.filter(kind=StoredFile.Kind.SIGNED, size__gt=len(signed.content))
    same = longer.annotate(beginning=beginning).filter(beginning=bytes.fromhex(signed.sha256))
    return [EARLIER] if same.exists() else []


@transaction.atomic
def _store(
    actor: Actor,
    agreement: Agreement,
    version: Version,
    signed: Signed,
    found: signing.Inspection,
    keys: list[str],
    expected: int,
) -> StoredFile:
    row = workflow.lock(agreement)
    now = workflow.current(row)
    if row.state not in OPEN or now is None or now.pk != version.pk:
        raise workflow.MovedOnError(row)
    had = {row.organisation.key for row in signatures(version)}
    new = [key for key in keys if key not in had]
    stored = version.files.filter(kind=StoredFile.Kind.SIGNED, sha256=signed.sha256)
    same = stored.defer("content").first()
    if same and not new:
        return same
    file = same or StoredFile.objects.create(
        version=version,
        kind=StoredFile.Kind.SIGNED,
        content=signed.content,
        sha256=signed.sha256,
        size=len(signed.content),
        media_type=finals.PDF,
        file_name=signed.file_name,
        foreign=found.foreign,
        created_by=actor.user,
    )
    checked = found.verified and not found.foreign
    bodies = Organisation.objects.filter(key__in=new)
    before = Counter(version.signatures.values_list("organisation", flat=True))
    PartySignature.objects.bulk_create(
        PartySignature(
            version=version,
            organisation=body,
            file=file,
            signed_on=signed.signed_on,
            checked=checked,
            vouched_by=None if checked else actor.user,
            number=before[body.pk] + 1,
        )
        for body in sorted(bodies, key=lambda body: keys.index(body.key))
    )
    data = {
        "file": file.sha256,
        "file_name": file.file_name,
        "parties": keys,
        "signed_on": str(signed.signed_on) if signed.signed_on else None,
        "checked": checked,
        "foreign": found.foreign,
        "confirmed": signed.confirmed,
        "certificates": list(found.certificates),
        "times": [time.isoformat() if time else None for time in found.times],
    }
    workflow.signed(actor, row, data, complete=len(had | set(keys)) == expected)
    return file


@transaction.atomic
def take_back(
    actor: Actor, agreement: Agreement, file: StoredFile, keys: Sequence[str], reason: str
) -> bool:
    """Take back that parties have signed in a file, which is somebody's word; tell whether it stood.

    The rows stay, with the reason beside them, and the state follows. MovedOnError where the agreement
    has come further or is about another version, ValueError for a party whose signature the program has
    checked, that did not sign in this file, or without a reason.
    """
    row = workflow.lock(agreement)
    version = workflow.current(row)
    if row.state not in TAKES_BACK or version is None or version.pk != file.version_id:
        raise workflow.MovedOnError(row)
    given = [one for one in history(version) if one.file_id == file.pk]
    if not reason or not keys or set(keys) - {one.organisation.key for one in given}:
        raise ValueError("a reason, and parties of the file")
    asked = [one for one in given if one.organisation.key in keys]
    if any(one.checked for one in asked):
        raise ValueError("the program has checked the signature")
    standing = [one for one in asked if not hasattr(one, "taken_back")]
    for one in standing:
        SignatureTakenBack.objects.create(signature=one, reason=reason, taken_back_by=actor.user)
    if standing:
        data = {
            "file": file.sha256,
            "parties": [one.organisation.key for one in standing],
            "name": norwegian.join([one.organisation.name for one in standing]),
            "reason": reason,
        }
        workflow.unsigned(actor, row, data, nobody=not signatures(version))
    return bool(standing)

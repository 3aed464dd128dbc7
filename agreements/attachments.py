"""Every change to the attachments. Transactions and events as in `editing`; nothing is ever lost.

A file that is replaced, and an attachment that is taken out, stay in the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agreements.domain.file_type import FileType, recognise
from agreements.editing import Actor, lock_draft, move, next_position, record
from agreements.models import Agreement, Attachment, AttachmentFile
from municipalities import revisions

MOST = 50  # attachments of one agreement


class TooManyError(Exception):
    """The agreement has as many attachments as it can have."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. `kind` is what its bytes are; RefusedFileError where they are not accepted."""

    name: str
    content: bytes

    @property
    def kind(self) -> FileType:
        """What the bytes are."""
        return recognise(self.content, self.name)


@transaction.atomic
def add_attachment(
    actor: Actor, agreement: Agreement, values: dict[str, str], upload: Upload
) -> Attachment:
    """Add an attachment, last. RefusedFileError for a file that is not accepted."""
    row = lock_draft(agreement)
    if row.attachments.filter(deleted_at=None).count() >= MOST:
        raise TooManyError
    made = Attachment.objects.create(
        agreement=row, position=next_position(row.attachments.all()), **values
    )
    file = _store(actor, made, upload)
    data = {"pk": made.pk, "sha256": file.sha256, "name": file.name, **values}
    record(actor, row, "attachment.added", data)
    return made


@transaction.atomic
def save_attachment(
    actor: Actor,
    attachment: Attachment,
    revision: int,
    values: dict[str, str],
    upload: Upload | None = None,
) -> bool:
    """Save title, kind and access code, and replace the file where one is given; tell what changed.

    The same file again is no change. RefusedFileError for a file that is not accepted.
    """
    agreement = lock_draft(attachment.agreement)
    row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk, deleted_at=None)
    before = row.files.values_list("sha256", flat=True)[0]
    digest = hashlib.sha256(upload.content).hexdigest() if upload else before
    if digest == before and all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, dict(values))
    if upload and digest != before:
        file = _store(actor, row, upload)
        changed["sha256"] = [before, file.sha256]
    row.revision += 1
    row.save()
    record(actor, agreement, "attachment.edited", {"pk": row.pk, "text": row.title, **changed})
    return True


@transaction.atomic
def delete_attachment(actor: Actor, attachment: Attachment, revision: int) -> None:
    """Take an attachment out of the agreement. It can be restored."""
    agreement = lock_draft(attachment.agreement)
    row = revisions.lock(Attachment.objects.filter(deleted_at=None), attachment.pk, revision)
    row.deleted_at = timezone.now()
    row.revision += 1
    row.save()
    record(actor, agreement, "attachment.deleted", {"pk": row.pk, "title": row.title})


@transaction.atomic
def restore_attachment(actor: Actor, attachment: Attachment) -> bool:
    """Put an attachment back, last; tell whether it was out."""
    agreement = lock_draft(attachment.agreement)
    row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if row.deleted_at is None:
        return False
    if agreement.attachments.filter(deleted_at=None).count() >= MOST:
        raise TooManyError
    row.deleted_at = None
    row.position = next_position(agreement.attachments.all())
    row.revision += 1
    row.save()
    record(actor, agreement, "attachment.restored", {"pk": row.pk, "title": row.title})
    return True


@transaction.atomic
def move_attachment(actor: Actor, attachment: Attachment, step: int) -> bool:
    """Move an attachment one place up (-1) or down (+1); tell whether it moved."""
    agreement = lock_draft(attachment.agreement)
    rows = list(agreement.attachments.filter(deleted_at=None))
    return move(actor, agreement, rows, attachment.pk, step, "attachment.moved")


def _store(actor: Actor, attachment: Attachment, upload: Upload) -> AttachmentFile:
    kind = upload.kind
    return AttachmentFile.objects.create(
        attachment=attachment,
        name=upload.name,
        media_type=kind.media_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        content=upload.content,
        uploaded_by=actor.user,
    )

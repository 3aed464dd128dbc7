"""Attachments of an agreement, and their files. Neither is ever deleted from the database."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.domain.document import AttachmentKind
from agreements.models.draft import Agreement
from municipalities.events import AppendOnlyModel, NeverDeletedModel
from municipalities.models import Revisioned

ATTACHMENT_KINDS = [
    (AttachmentKind.EVALUATION.value, "evaluering"),
    (AttachmentKind.CASE_PAPER.value, "saksframlegg"),
    (AttachmentKind.DATA_PROCESSING.value, "databehandleravtale"),
    (AttachmentKind.OPERATOR_CONTRACT.value, "operatørkontrakt"),
    (AttachmentKind.OTHER.value, "annet"),
]


class Attachment(NeverDeletedModel, Revisioned):
    """A file that belongs to the agreement. `deleted_at` is set where it has been taken out."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField("hva det er", max_length=20, choices=ATTACHMENT_KINDS)
    title = models.CharField("tittel", max_length=160)
    access_code = models.CharField("tilgangskode", max_length=120, blank=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "vedlegg"
        verbose_name_plural = "vedlegg"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="attachment_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What an Event of a move names it by."""
        return str(self.pk)


class AttachmentFile(AppendOnlyModel):
    """The bytes of an attachment as they were sent. The newest is the one that counts.

    Lists leave `content` out (`defer`): it may be 20 MB.
    """

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("filnavn", max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="attachment_file_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

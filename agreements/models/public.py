"""Public versions of a frozen version: what is withheld, by which provision, and the file once it is made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.domain.legal_basis import OTHER
from agreements.domain.marks import MarkKind
from agreements.models.final import StoredFile
from agreements.models.version import Version
from municipalities.events import NeverDeletedModel

PHRASE_LIMIT = 500
BASIS_LIMIT = 120
MARK_KINDS = [
    (MarkKind.PHRASE.value, "ord i teksten"),
    (MarkKind.CLAUSE.value, "et punkt"),
    (MarkKind.SIGNATORY.value, "hvem som signerer"),
    (MarkKind.SERVICE.value, "en kjøpt tjeneste"),
    (MarkKind.ROW.value, "beløp i bidragstabellen"),
    (MarkKind.ATTACHMENT.value, "tittelen på et vedlegg"),
]


class PublicVersion(NeverDeletedModel):
    """A version as the public gets it: being marked until it has its file, and never changed after.

    There may be several, as decisions change: what may be withheld today may have to be given out later.
    `content_sha256` is that of what the public sees, and `title` the title as the public sees it.
    `removed` is what is taken out, for the archive: what sort, provision and places, and no word of it.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="public_versions")
    number = models.PositiveIntegerField()
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="public_version"
    )
    content_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    title = models.TextField(blank=True)
    removed = models.JSONField(default=list)

    class Meta:
        verbose_name = "offentlig versjon"
        verbose_name_plural = "offentlige versjoner"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"], name="public_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(file=None),
                name="public_version_one_being_marked",
            ),
            models.CheckConstraint(
                name="public_version_made_with_its_hash",
                condition=Q(file=None, content_sha256="")
                | Q(file__isnull=False, content_sha256__length=64),
            ),
        ]

    def __str__(self) -> str:
        return f"Offentlig versjon {self.number} av {self.version}"


class Withholding(models.Model):
    """Something that is withheld in a public version. Never changed, and taken away only until it is made.

    `target` is as in `agreements.domain.marks`; `phrase` is set for words. `basis` is a key of
    `agreements.domain.legal_basis`, and `other_basis` what somebody wrote where none of them fits.
    """

    public_version = models.ForeignKey(
        PublicVersion, on_delete=models.PROTECT, related_name="withheld"
    )
    kind = models.CharField(max_length=20, choices=MARK_KINDS)
    target = models.CharField(max_length=200, blank=True)
    phrase = models.CharField(max_length=PHRASE_LIMIT, blank=True)
    with_heading = models.BooleanField(default=False)
    with_sums = models.BooleanField(default=False)
    basis = models.CharField(max_length=40)
    other_basis = models.CharField(max_length=BASIS_LIMIT, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "unntak fra offentlighet"
        verbose_name_plural = "unntak fra offentlighet"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["public_version", "kind", "target", "phrase", "basis", "other_basis"],
                name="withheld_once_by_a_provision",
            ),
            models.CheckConstraint(
                name="withheld_by_a_provision",
                condition=(~Q(basis="") & ~Q(basis=OTHER) & Q(other_basis=""))
                | (Q(basis=OTHER) & ~Q(other_basis="")),
            ),
            models.CheckConstraint(
                name="withheld_words_or_a_target",
                condition=(Q(kind=MarkKind.PHRASE.value, target="") & ~Q(phrase=""))
                | (~Q(kind=MarkKind.PHRASE.value) & ~Q(target="") & Q(phrase="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.phrase or self.target}"

"""The files of a version that are kept for ever, who has signed which, and what the archive is told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.models.draft import Agreement
from agreements.models.version import REASON_LIMIT, Version
from municipalities.events import AppendOnlyModel
from municipalities.models import Organisation, Revisioned


class StoredFile(AppendOnlyModel):
    """A file of a version, as bytes. Rendered once, or sent in; never changed and never replaced.

    Lists leave `content` out (`defer`). `foreign` is a signed file that is not the one rendered here
    with signatures added: the program has not checked it, and says who vouched for it instead.
    """

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "avtalen"
        CONTRIBUTIONS = "contributions", "bidragstabellen"
        CONTRIBUTIONS_CSV = "contributions_csv", "bidragstabellen (CSV)"
        CONTRIBUTIONS_XLSX = "contributions_xlsx", "bidragstabellen (Excel)"
        SIGNED = "signed", "signert avtale"
        PUBLIC = "public", "offentlig versjon"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    file_name = models.CharField("filnavn", max_length=160)
    foreign = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "lagret fil"
        verbose_name_plural = "lagrede filer"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind"],
                condition=~Q(kind__in=["signed", "public"]),
                name="stored_file_rendered_once",
            ),
            models.UniqueConstraint(
                fields=["version", "sha256"],
                condition=Q(kind="signed"),
                name="stored_file_signed_once",
            ),
            models.UniqueConstraint(
                fields=["version", "sha256"],
                condition=Q(kind="public"),
                name="stored_file_public_once",
            ),
            models.CheckConstraint(name="stored_file_has_a_hash", condition=Q(sha256__length=64)),
            models.CheckConstraint(name="stored_file_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="stored_file_foreign_when_signed",
                condition=Q(foreign=False) | Q(kind="signed"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class PartySignature(AppendOnlyModel):
    """A party has signed a version, in this file. `signed_on` is empty where nobody has said the day.

    `checked` says whether the program has checked the signature; else it is the word of `vouched_by`,
    and can be taken back: see `SignatureTakenBack`. `number` is then one more for the next. The file may
    have come from somebody else: the same bytes are stored once, whoever sends them again.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="signatures")
    signed_on = models.DateField("signert", null=True, blank=True)
    checked = models.BooleanField(default=False)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "signatur"
        verbose_name_plural = "signaturer"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "number"], name="signature_once_for_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.file}"


class SignatureTakenBack(AppendOnlyModel):
    """Somebody has taken back their word that a party has signed. The signature's row stays as it was."""

    signature = models.OneToOneField(
        PartySignature, on_delete=models.PROTECT, related_name="taken_back"
    )
    reason = models.CharField("grunn", max_length=REASON_LIMIT)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "signatur som er tatt tilbake"
        verbose_name_plural = "signaturer som er tatt tilbake"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="signature_taken_back_with_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.signature}: {self.reason}"


class ArchiveFacts(Revisioned):
    """What the archive of the contract municipality must know of an agreement that nothing else says."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.PROTECT, related_name="archive_facts"
    )
    case_number = models.CharField("saksnummer", max_length=60, blank=True)
    access_code = models.CharField("tilgangskode", max_length=40, blank=True)
    legal_basis = models.CharField("hjemmel", max_length=120, blank=True)

    class Meta:
        verbose_name = "arkivopplysninger"
        verbose_name_plural = "arkivopplysninger"
        constraints = [
            models.CheckConstraint(
                name="access_code_with_its_legal_basis",
                condition=Q(access_code="", legal_basis="")
                | (~Q(access_code="") & ~Q(legal_basis="")),
            )
        ]

    def __str__(self) -> str:
        return f"Arkivopplysninger for {self.agreement}"

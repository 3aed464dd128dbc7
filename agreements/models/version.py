"""Frozen versions of an agreement, the round that asks about one, and what each party answers.

A version and an answer given are there for ever; the database refuses to change what was frozen.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from agreements.domain.checks import Position
from agreements.models.draft import Agreement
from financing.export import HASH_SHOWN
from municipalities.events import AppendOnlyModel, NeverDeletedModel
from municipalities.models import Organisation, Revisioned

DECISION_TEXT_LIMIT = 5000
REASON_LIMIT = 1000
STANCES = [
    (Position.POSITIVE.value, "positiv"),
    (Position.CONDITIONAL.value, "positiv på vilkår"),
    (Position.NEGATIVE.value, "negativ"),
    (Position.UNDECIDED.value, "ikke svart"),
]

models.CharField.register_lookup(Length)


class Version(AppendOnlyModel):
    """An agreement frozen: `document` is the canonical JSON of its Document, `sha256` its name.

    `findings` are those of the check at that moment, each with its acknowledgement where it has one.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versjon")
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    message = models.CharField("melding til kommunene", max_length=REASON_LIMIT, blank=True)
    base_address = models.CharField(max_length=200, blank=True)
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "versjon"
        verbose_name_plural = "versjoner"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_number_once"),
            models.CheckConstraint(name="version_has_a_hash", condition=Q(sha256__length=64)),
        ]

    def __str__(self) -> str:
        return f"Versjon {self.number}"

    @property
    def short_hash(self) -> str:
        """The first characters of the hash, as they are printed."""
        return self.sha256[:HASH_SHOWN]


class Round(NeverDeletedModel, Revisioned):
    """The round (høringsrunde) that asks the municipalities about one version.

    `closed_at` says when nobody may answer any more, `withdrawn_at` that the version does not count.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="round")
    deadline = models.DateField("frist")
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField("grunn", max_length=REASON_LIMIT, blank=True)

    class Meta:
        verbose_name = "runde"
        verbose_name_plural = "runder"
        constraints = [
            models.CheckConstraint(
                name="round_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"Runde om {self.version}"


class Delegation(NeverDeletedModel):
    """A director lets somebody else answer for the municipality for a while."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name="hvem",
    )
    first_day = models.DateField("fra og med")
    last_day = models.DateField("til og med")
    reason = models.CharField("grunn", max_length=REASON_LIMIT)
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "delegering"
        verbose_name_plural = "delegeringer"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="delegation_days_in_order",
                condition=Q(last_day__gte=models.F("first_day")),
            ),
            models.CheckConstraint(
                name="delegation_to_somebody_else",
                condition=~Q(given_to=models.F("given_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.given_to}"


class Decision(NeverDeletedModel, Revisioned):
    """What one body answers about one version: one row each, made when the version is frozen.

    Municipalities that contribute decide; the other contributors and parties confirm their own part.
    An answer that is taken back leaves the row as it was made; the record has what was said.
    """

    class Kind(models.TextChoices):
        DECIDES = "decides", "tar stilling"
        CONFIRMS = "confirms", "bekrefter sin del"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DECIDES)
    position = models.PositiveSmallIntegerField(default=0)  # table order
    stance = models.CharField(
        "svar", max_length=12, choices=STANCES, default=Position.UNDECIDED.value
    )
    preferred_alternative = models.CharField("foretrukket alternativ", max_length=120, blank=True)
    comment = models.TextField("begrunnelse", max_length=DECISION_TEXT_LIMIT, blank=True)
    seen_sha256 = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "svar"
        verbose_name_plural = "svar"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation"], name="decision_once_for_a_body"
            ),
            models.CheckConstraint(
                name="decision_has_a_day_and_a_hash_when_given",
                condition=Q(
                    stance=Position.UNDECIDED.value,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    seen_sha256="",
                    comment="",
                    preferred_alternative="",
                )
                | (
                    ~Q(stance=Position.UNDECIDED.value)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & Q(seen_sha256__length=64)
                ),
            ),
            models.CheckConstraint(
                name="decision_says_why_unless_positive",
                condition=Q(stance__in=[Position.POSITIVE.value, Position.UNDECIDED.value])
                | ~Q(comment=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stance_display()}"

    @property
    def given(self) -> bool:
        """Whether the municipality has answered."""
        return self.stance != Position.UNDECIDED.value


class AccessLog(AppendOnlyModel):
    """Who has opened or downloaded a version, and when. Kept outside the record of decisions."""

    class Kind(models.TextChoices):
        OPENED = "opened", "åpnet"
        DOWNLOADED = "downloaded", "lastet ned"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    what = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"

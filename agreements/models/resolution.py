"""What each council has decided about a version (vedtak), with the extract of its minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.domain.guards import Outcome
from agreements.models.version import DECISION_TEXT_LIMIT, Version
from municipalities.events import AppendOnlyModel, NeverDeletedModel
from municipalities.models import Organisation, Revisioned

OUTCOMES = [
    (Outcome.ADOPTED.value, "vedtatt"),
    (Outcome.CONDITIONAL.value, "vedtatt på vilkår"),
    (Outcome.REJECTED.value, "ikke vedtatt"),
]


class Resolution(NeverDeletedModel, Revisioned):
    """One council's decision about one version. Corrected in place; the record has what stood before."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="resolutions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case_number = models.CharField("saksnummer", max_length=60)
    decided_on = models.DateField("vedtaksdato")
    outcome = models.CharField("utfall", max_length=12, choices=OUTCOMES)
    conditions = models.TextField("vilkår", max_length=DECISION_TEXT_LIMIT, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "vedtak"
        verbose_name_plural = "vedtak"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation"], name="resolution_once_for_a_council"
            ),
            models.CheckConstraint(
                name="resolution_says_its_conditions",
                condition=~Q(outcome=Outcome.CONDITIONAL.value) | ~Q(conditions=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_outcome_display()}"


class ResolutionExtract(AppendOnlyModel):
    """The extract (særutskrift) of the council's minutes, a PDF. A newer one is put beside, never over."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="extracts")
    file_name = models.CharField("filnavn", max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

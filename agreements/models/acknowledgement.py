"""Findings of the consistency check that somebody has looked at and let stand. Never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5

from agreements.models.input import REASON_LIMIT
from municipalities.events import NeverDeletedModel
from municipalities.models import Organisation


class Acknowledgement(NeverDeletedModel):
    """A reason for letting a warning, or what is good to know, stand as it is.

    It holds for exactly this message at this place: when the message says something else (another
    number, another name), the finding is one that nobody has looked at.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="acknowledgements"
    )
    code = models.CharField(max_length=60)
    anchor = models.CharField(max_length=100)
    message = models.TextField()
    reason = models.TextField("begrunnelse", max_length=REASON_LIMIT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "vurdering av et funn"
        verbose_name_plural = "vurderinger av funn"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                F("agreement"),
                F("code"),
                F("anchor"),
                MD5("message"),
                condition=Q(withdrawn_at=None),
                name="acknowledgement_once_for_a_finding",
            ),
            models.CheckConstraint(
                name="acknowledgement_has_a_reason", condition=~Q(reason="") & ~Q(message="")
            ),
            models.CheckConstraint(
                name="acknowledgement_withdrawn_by_somebody_at_a_time",
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Vurdering {self.pk}"

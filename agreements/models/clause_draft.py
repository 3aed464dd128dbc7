"""What somebody has begun to write in a clause and not saved: theirs alone, and no part of the record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.draft import Agreement
from municipalities.models import Revisioned


class ClauseDraft(Revisioned):
    """A begun text. The clause is named by key, as somebody may delete it meanwhile.

    `base_revision` is the clause's revision that the text was written from; `revision` counts the
    savings of the draft itself.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clause_drafts")
    clause_key = models.CharField(max_length=60)
    base_revision = models.PositiveIntegerField()
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "påbegynt tekst"
        verbose_name_plural = "påbegynte tekster"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "clause_key", "user"], name="clause_draft_once_for_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"Påbegynt tekst {self.pk}"

    @property
    def mark(self) -> str:
        """What a page says it knows: which draft, and how far it had come. No two are alike."""
        return f"{self.pk}-{self.revision}"

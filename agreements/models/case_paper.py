"""What the team has written in the case paper (saksframlegg). It is no part of the agreement."""

from __future__ import annotations

from django.db import models

from agreements.domain.case_paper import Part
from agreements.models.draft import Agreement
from municipalities.models import Revisioned

CASE_PAPER_LIMIT = 20_000
PART_NAMES = {
    Part.CASE_NUMBER: "saksnummer",
    Part.RECOMMENDATION: "innstilling til kommunene",
    Part.RESOLUTION: "forslag til vedtak i kommunestyrene",
    Part.REJECTION: "forslag til vedtak om ikke å være med",
    Part.BACKGROUND: "bakgrunn",
    Part.ASSESSMENT: "vurdering",
}


class CasePaperText(Revisioned):
    """One part of the paper, as clause text. No row, or an empty text: the part is as usual."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="case_paper_texts"
    )
    key = models.CharField(
        max_length=20, choices=[(part.value, name) for part, name in PART_NAMES.items()]
    )
    text = models.TextField("tekst", blank=True, max_length=CASE_PAPER_LIMIT)

    class Meta:
        verbose_name = "tekst i saksframlegget"
        verbose_name_plural = "tekster i saksframlegget"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "key"], name="case_paper_text_once"),
        ]

    def __str__(self) -> str:
        return self.get_key_display()

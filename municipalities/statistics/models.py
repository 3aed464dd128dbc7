"""Imports from Statistics Norway: what was asked, what was answered, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from municipalities.events import AppendOnlyModel


class StatisticsImport(models.Model):
    """One fetching of municipalities and figures. One at a time is open; then it is used or dropped.

    `asked_for` is empty for the newest figures; `day` is the day they turned out to be for. `fault`
    and what follows it tell of the last question, when it was not answered.
    """

    class State(models.TextChoices):
        OPEN = "open", "under arbeid"
        APPLIED = "applied", "tatt i bruk"
        DISCARDED = "discarded", "forkastet"

    state = models.CharField("status", max_length=10, choices=State, default=State.OPEN)
    asked_for = models.DateField(null=True)
    day = models.DateField("dato tallene gjelder", null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField("startet", auto_now_add=True)
    attempted_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=20, blank=True)
    fault_detail = models.CharField(max_length=200, blank=True)
    not_before = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    event = models.ForeignKey(
        "municipalities.RegisterEvent", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "henting fra SSB"
        verbose_name_plural = "hentinger fra SSB"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="statistics_import_one_open", fields=["state"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="statistics_import_finished_when_not_open",
                condition=Q(state="open", finished_at__isnull=True)
                | (~Q(state="open") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day or self.asked_for or 'nyeste'}: {self.get_state_display()}"


class FetchedResponse(AppendOnlyModel):
    """An answer as it came, compressed with gzip. `sha256` is of the bytes before that."""

    statistics_import = models.ForeignKey(
        StatisticsImport, on_delete=models.PROTECT, related_name="responses"
    )
    step = models.CharField(max_length=20)
    address = models.CharField("adresse", max_length=500)
    fetched_at = models.DateTimeField("hentet")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        verbose_name = "svar fra SSB"
        verbose_name_plural = "svar fra SSB"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="fetched_response_once_in_an_import", fields=["statistics_import", "step"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.fetched_at}"

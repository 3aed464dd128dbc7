"""The record of an agreement."""

from __future__ import annotations

from django.db import models

from agreements.models.draft import Agreement
from agreements.models.version import Version
from municipalities.events import Event
from municipalities.models import Organisation


class AgreementEvent(Event):
    """What was done to an agreement: a link of the agreement's chain, see `agreements.domain.chain`."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.PositiveIntegerField()
    occurred_at = models.DateTimeField(db_index=True)
    request_id = models.CharField(max_length=64, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="events")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Event.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="event_number_once")
        ]

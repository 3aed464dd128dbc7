"""The record of an agreement."""

from __future__ import annotations

from django.db import models

from agreements.models.draft import Agreement
from municipalities.events import Event
from municipalities.models import Organisation


class AgreementEvent(Event):
    """What was done to an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Event.Meta):
        abstract = False

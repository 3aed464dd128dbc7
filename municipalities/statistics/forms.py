"""The forms of the pages that fetch from Statistics Norway."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone

from municipalities import norwegian
from municipalities.forms import BaseForm
from municipalities.statistics import steps

NEWEST = "nyeste"


class StartForm(BaseForm):
    """Which day the figures should be for."""

    mark_optional = False
    day = forms.ChoiceField(
        label="Dato tallene skal gjelde",
        help_text="SSB har tall for første dag i hvert kvartal. De fleste avtaler bygger på tall "
        "fra 1. januar.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = steps.days(timezone.localdate())
        self.fields["day"].choices = [
            (NEWEST, "De nyeste tallene"),
            *((day.isoformat(), norwegian.date_long(day)) for day in days),
        ]

    def clean_day(self) -> dt.date | None:
        """Return the day, None for the newest."""
        typed = self.cleaned_data["day"]
        return None if typed == NEWEST else dt.date.fromisoformat(typed)


class UseForm(BaseForm):
    """Taking an import into use. `seen` says which preview stood on the page."""

    show_error_summary = False  # it stands on top of the page, and the form at the bottom
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    accept = forms.BooleanField(
        label="Jeg har kontrollert avvikene, og tallene skal tas i bruk likevel",
        required=False,
        error_messages={
            "required": "Kryss av for at du har kontrollert avvikene, eller forkast hentingen"
        },
    )

    def __init__(self, *args: Any, fingerprint: str, serious: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.fields["seen"].initial = fingerprint
        if serious:
            self.fields["accept"].required = True
        else:
            del self.fields["accept"]

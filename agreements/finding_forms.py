"""Forms of the findings page: carrying out a mend, and letting a finding stand."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.models.input import REASON_LIMIT
from municipalities.form_fields import TextField
from municipalities.forms import BaseForm, RevisionForm

# What `Finding.identity` gives.
_IDENTITY = r"^[0-9a-f]{20}$"


class MendForm(RevisionForm):
    """The finding whose mend is carried out, and the revision of its clause that the page showed."""

    finding = forms.RegexField(_IDENTITY, widget=forms.HiddenInput)


class AcknowledgeForm(BaseForm):
    """Why a finding may stand. Many are on a page, so each has ids of its own."""

    finding = forms.RegexField(_IDENTITY, widget=forms.HiddenInput)
    reason = TextField(
        label="Begrunnelse",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "true"}),
        help_text="Hvorfor teksten kan stå slik. Alle som kan lese utkastet, ser begrunnelsen.",
    )

    def __init__(self, *args: Any, identity: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{identity}_%s", **kwargs)
        self.fields["finding"].initial = identity

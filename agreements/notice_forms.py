"""How a person wants each kind of message."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.domain.notices import KINDS, MANDATORY
from agreements.models import Delivery
from municipalities.forms import BaseForm, prepare_field


class NoticesForm(BaseForm):
    """One choice for each kind; what somebody waits for cannot be turned wholly off."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in KINDS.items():
            choices = [
                (value, words)
                for value, words in Delivery.choices
                if kind not in MANDATORY or value != Delivery.NONE
            ]
            field = forms.ChoiceField(label=label, choices=choices)
            prepare_field(field, label)
            self.fields[kind.value] = field

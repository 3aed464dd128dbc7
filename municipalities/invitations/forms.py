"""The forms of inviting, and of taking an invitation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from municipalities.form_fields import RowField, TextField
from municipalities.forms import BaseForm
from municipalities.invitations.models import ROLES
from municipalities.models import Organisation

Roles = Collection[str]


def _choices(roles: Roles) -> list[tuple[str, str]]:
    return [(role, label[:1].upper() + label[1:]) for role, label in ROLES if role in roles]


class InviteForm(BaseForm):
    """Who is invited, to what, and where."""

    mark_optional = False
    email = forms.EmailField(
        label="E-postadresse",
        max_length=254,
        help_text="Lenken sendes hit, og personen logger inn med denne adressen.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    organisation = RowField(
        Organisation.objects.none(), label="Kommune", empty_label="Velg kommune"
    )
    role = forms.ChoiceField(label="Rolle", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, bodies: QuerySet[Organisation], roles: Roles, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bodies
        self.fields["role"].choices = _choices(roles)


class RoleForm(BaseForm):
    """The role somebody gets instead."""

    mark_optional = False
    role = forms.ChoiceField(label="Rolle", widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Roles, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _choices(roles)


class TokenOnlyForm(BaseForm):
    """What somebody with an account sends: the button of the page the link leads to."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=100)


class NewPersonForm(TokenOnlyForm):
    """What somebody without an account fills in."""

    mark_optional = False
    name = TextField(
        label="Navn",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Passord",
        strip=False,
        max_length=200,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label="Passord en gang til",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": "Skriv passordet en gang til"},
    )

    def clean(self) -> dict[str, Any]:
        """Compare the passwords."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        typed = [data.get("password"), data.get("password_again")]
        if None not in typed and typed[0] != typed[1]:
            self.add_error("password_again", ValidationError("Passordene er ikke like"))
        return data

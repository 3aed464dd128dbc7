"""The forms of the register's pages and of the first run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError

from municipalities import people
from municipalities.form_fields import RowField, TextField
from municipalities.forms import BaseForm
from municipalities.models import Organisation


class SearchForm(BaseForm):
    """Find municipalities by name, number, county or region."""

    mark_optional = False
    show_error_summary = False
    q = forms.CharField(
        label="Kommune, nummer, fylke eller region",
        required=False,
        max_length=80,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


class OrganisationChoice(RowField):
    """A municipality with its number and county: Våler and Herøy occur twice."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return `Våler (3114, Østfold)`."""
        return f"{obj.short_name} ({obj.key}, {obj.municipality.county})"


class FirstRunForm(BaseForm):
    """The first person of the installation."""

    mark_optional = False
    code = forms.CharField(
        label="Oppstartskode",
        max_length=60,
        help_text="Koden står der programmet ble startet, og skrives ut av "
        "«manage.py create_administrator --code».",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    name = TextField(label="Navn", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-postadresse",
        max_length=254,
        help_text="Du logger inn med denne.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    organisation = OrganisationChoice(
        label="Kommune",
        queryset=Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY).select_related(
            "municipality__county"
        ),
        empty_label="Velg kommune",
        help_text="Du får rollene administrator og redaktør her. Flere roller kan gis senere.",
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

    def clean_code(self) -> str:
        """Refuse any code but the right one."""
        code: str = self.cleaned_data["code"]
        if not people.is_setup_code(code):
            raise ValidationError("Oppstartskoden er feil")
        return code

    def clean(self) -> dict[str, Any]:
        """Compare the passwords."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        typed = [data.get("password"), data.get("password_again")]
        if None not in typed and typed[0] != typed[1]:
            self.add_error("password_again", "Passordene er ikke like")
        return data

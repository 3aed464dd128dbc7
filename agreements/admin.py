"""Django's administration pages for this room: confirming that a model agreement is legally sound."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from agreements.models import AgreementTemplate
from municipalities.admin.base import EventAdmin


class ConfirmationForm(forms.ModelForm):
    """Who confirmed the template and when: both or neither."""

    class Meta:
        model = AgreementTemplate
        fields = ["confirmed_by", "confirmed_on"]

    def clean(self) -> dict[str, Any]:
        """Ask for the one that is missing."""
        data = super().clean() or self.cleaned_data
        for given, other, message in (
            ("confirmed_by", "confirmed_on", "Fyll inn datoen malen ble kvalitetssikret"),
            ("confirmed_on", "confirmed_by", "Velg hvem som har kvalitetssikret malen"),
        ):
            if data.get(given) and not data.get(other) and other not in self.errors:
                self.add_error(other, message)
        return data


@admin.register(AgreementTemplate)
class TemplateAdmin(EventAdmin):
    """Only the confirmation can be set; the text of a version never changes."""

    form = ConfirmationForm
    list_display = ["name", "version", "language", "issued", "confirmed_by", "confirmed_on"]
    fields = ["name", "version", "language", "issued", "confirmed_by", "confirmed_on"]
    readonly_fields = ["name", "version", "language", "issued"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions come from files: see load_templates."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Agreements point at the version they were made from."""
        return False

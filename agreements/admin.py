"""Django's administration pages for this room: confirming that a model agreement is legally sound."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from agreements.models import AgreementTemplate


@admin.register(AgreementTemplate)
class TemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Only who confirmed the template and when can be set; the text of a version never changes."""

    list_display = ["name", "version", "language", "issued", "confirmed_by", "confirmed_on"]
    fields = ["name", "version", "language", "issued", "confirmed_by", "confirmed_on"]
    readonly_fields = ["name", "version", "language", "issued"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions come from files: see load_templates."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Agreements point at the version they were made from."""
        return False

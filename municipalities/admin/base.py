"""What every administration page has in common: the event it leaves, and what it refuses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.http import HttpRequest

from municipalities.form_fields import TextField
from municipalities.models import Organisation, PopulationFigure, RegisterEvent
from municipalities.revisions import jsonable


def _stored(value: Any) -> Any:
    """Turn a form's value, before or after, into what an event's JSON holds."""
    if isinstance(value, models.QuerySet | list | tuple):
        return sorted((str(_stored(item)) for item in value), key=str)
    return value.pk if isinstance(value, models.Model) else jsonable(value)


def _organisation_of(obj: models.Model) -> Organisation | None:
    """Return the organisation an event about the row belongs to."""
    if isinstance(obj, Organisation):
        return obj
    if isinstance(obj, PopulationFigure):
        obj = obj.municipality
    return getattr(obj, "organisation", None) or getattr(obj, "authority", None)


class NumberedChoices:
    """Lists to choose from say the number too: Våler and Herøy occur twice."""

    def formfield_for_foreignkey(self, *args: Any, **options: Any) -> Any:
        """Label the choices of one."""
        return _numbered(super().formfield_for_foreignkey(*args, **options))

    def formfield_for_manytomany(self, *args: Any, **options: Any) -> Any:
        """Label the choices of several."""
        return _numbered(super().formfield_for_manytomany(*args, **options))


def _numbered(field: Any) -> Any:
    def label(row: models.Model) -> str:
        number = getattr(row, "number", None) or getattr(row, "key", None)
        return f"{row} ({number})" if number else str(row)

    if field is not None:
        field.label_from_instance = label
    return field


class EventAdmin(NumberedChoices, admin.ModelAdmin):
    """Writes a RegisterEvent beside the page's own log, in the same transaction.

    Names are typed here too, and printed in agreements.
    """

    formfield_overrides = {
        models.CharField: {"form_class": TextField},
        models.TextField: {"form_class": TextField},
        models.SlugField: {
            "widget": AdminTextInputWidget
        },  # a kind of CharField with its own field
    }

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Any:
        """Remember what was changed in the form, before and after, for the event."""
        request.register_changes = {
            name: [_stored(form.initial.get(name)), _stored(form.cleaned_data.get(name))]
            for name in form.changed_data
            if "password" not in name and name in form.cleaned_data
        }
        return super().save_form(request, form, change)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Log that something was added."""
        self._event(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Log that something was changed; roles are in the message."""
        self._event(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        """Log that something was deleted."""
        for obj in queryset:
            self._event(request, obj, "deleted", "")
        return super().log_deletions(request, queryset)

    def _event(self, request: HttpRequest, obj: models.Model, what: str, message: Any) -> None:
        RegisterEvent.objects.create(
            actor=request.user,
            action=f"{obj._meta.model_name}.{what}",
            organisation=_organisation_of(obj),
            data={
                "id": obj.pk,
                "name": str(obj),
                "changes": getattr(request, "register_changes", {}),
                "message": message,
            },
        )


class KeptAdmin(EventAdmin):
    """Rows that are never deleted, and whose key never changes: it is in agreements."""

    key_field = ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Lock the key of a stored row."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None or not self.key_field else (*fields, self.key_field)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that may be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

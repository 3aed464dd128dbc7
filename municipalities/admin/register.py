"""Counties, municipalities, organisations, population figures and regions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from municipalities import register
from municipalities.admin.base import EventAdmin, KeptAdmin
from municipalities.form_fields import NorwegianDecimalField
from municipalities.models import County, Municipality, Organisation, PopulationFigure, Region


@admin.register(County)
class CountyAdmin(KeptAdmin):
    key_field = "number"
    list_display = ("number", "name", "valid_from", "valid_to")
    list_display_links = ("name",)
    search_fields = ("number", "name")

    def save_model(self, request: HttpRequest, obj: County, form: Any, change: bool) -> None:
        """Store; a new county gets its county authority."""
        super().save_model(request, obj, form, change)
        if not change and obj.number not in register.WITHOUT_COUNTY_AUTHORITY:
            register.county_organisation(obj).save()


@admin.register(Municipality)
class MunicipalityAdmin(KeptAdmin):
    key_field = "number"
    list_display = ("number", "name", "county", "valid_from", "valid_to")
    list_display_links = ("name",)
    list_filter = ("county",)
    list_select_related = ("county",)
    search_fields = ("number", "name", "official_name")

    def save_model(self, request: HttpRequest, obj: Municipality, form: Any, change: bool) -> None:
        """Store; a new municipality gets its organisation."""
        super().save_model(request, obj, form, change)
        if not change:
            register.municipal_organisation(obj).save()


class OrganisationForm(forms.ModelForm):
    """Says in Norwegian what the database would refuse."""

    def clean(self) -> dict[str, Any]:
        """Only a municipality has a municipality, only a county authority has a county."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for kind, name, text in (
            (Organisation.Kind.MUNICIPALITY, "municipality", "kommune"),
            (Organisation.Kind.COUNTY_AUTHORITY, "county", "fylke"),
        ):
            linked = data.get(name, getattr(self.instance, name)) is not None
            if linked != (data.get("kind", self.instance.kind) == kind):
                self.add_error(
                    name if name in self.fields else None,
                    f"Velg {text} når typen er {kind.label}, og bare da.",
                )
        return data


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin):
    form = OrganisationForm
    key_field = "key"
    list_display = ("name", "key", "kind", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("name", "key")


@admin.register(PopulationFigure)
class PopulationFigureAdmin(EventAdmin):
    """Figures are added, never changed: a correction is a newer figure of the same date."""

    list_display = ("municipality", "reference_date", "value", "source", "fetched_at")
    list_filter = ("reference_date",)
    list_select_related = ("municipality",)
    search_fields = ("municipality__number", "municipality__name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class RegionForm(forms.ModelForm):
    """The contract municipality is one of the region's own."""

    class Meta:
        # Django's own double list is partly in English, and not accessible.
        widgets = {"members": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        """Refuse a contract municipality from outside."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        contract, members = data.get("contract_municipality"), data.get("members")
        if contract is not None and members is not None and contract not in members:
            raise ValidationError(
                {"members": f"{contract} er kontraktskommune og må være blant kommunene."}
            )
        return data


@admin.register(Region)
class RegionAdmin(KeptAdmin):
    form = RegionForm
    formfield_overrides = {
        **KeptAdmin.formfield_overrides,
        models.DecimalField: {"form_class": NorwegianDecimalField},
    }
    key_field = "slug"
    list_display = ("name", "contract_municipality", "operator")
    list_select_related = ("contract_municipality", "operator")
    search_fields = ("name",)

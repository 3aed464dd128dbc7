"""The administration pages: the register, people and roles. Everything saved here leaves an event.

Nothing that can be in an agreement is deleted: it gets a last day instead.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from municipalities import access, register
from municipalities.models import (
    County,
    Membership,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    RegisterEvent,
    User,
)
from municipalities.revisions import jsonable

admin.site.site_header = "Samarbeidsavtaler"
admin.site.site_title = "Samarbeidsavtaler"
admin.site.index_title = "Administrasjon"
admin.site.enable_nav_sidebar = False  # its filter is in English
admin.site.unregister(Group)  # rights follow from roles, never from groups


def _may_use_site(request: HttpRequest) -> bool:
    return access.may_administer(request.user)


@login_not_required
def _login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """One page to log in at for everybody, with one set of messages and one limit on guesses."""
    if _may_use_site(request):
        return redirect("admin:index")
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or request.path)


admin.site.has_permission = _may_use_site
admin.site.login = _login


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
    """Writes a RegisterEvent beside the page's own log, in the same transaction."""

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
    key_field = "slug"
    list_display = ("name", "contract_municipality", "operator")
    list_select_related = ("contract_municipality", "operator")
    search_fields = ("name",)
    filter_horizontal = ("members",)


class PersonAddForm(BaseUserCreationForm):
    """A new person with a password; roles are beneath."""

    class Meta:
        model = User
        fields = ("name", "email")


class PersonChangeForm(UserChangeForm):
    """A person; somebody must always be able to use these pages."""

    def clean(self) -> dict[str, Any]:
        """Refuse to shut out the last administrator."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        stays = data.get("is_active") and data.get("is_superuser")
        others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=self.instance.pk)
        if not stays and not others.exists():
            raise ValidationError("Dette er den eneste som kan bruke administrasjonssidene.")
        return data


class MembershipInline(NumberedChoices, admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(User)
class UserAdmin(EventAdmin, DjangoUserAdmin):
    """People. Somebody who leaves is made inactive: what they did stays theirs."""

    form = PersonChangeForm
    add_form = PersonAddForm
    add_form_template = None  # Django's adds a sentence in English
    list_display = ("name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    search_fields = ("name", "email")
    ordering = ("sort_key", "pk")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("name", "email", "password")}),
        ("Tilgang", {"fields": ("is_active", "is_superuser")}),
        ("Datoer", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("name", "email", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store. Django's own flag for these pages follows the right to use them."""
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Set a person's password; the password and the event are stored together."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)


@admin.register(RegisterEvent)
class RegisterEventAdmin(ReadOnlyAdmin):
    list_display = ("occurred_at", "actor", "action", "organisation")
    list_filter = ("action",)
    list_select_related = ("actor", "organisation")
    date_hierarchy = "occurred_at"

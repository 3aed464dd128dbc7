"""People and their roles, and the record of what was done here."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    BaseUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from municipalities.accounts import sessions
from municipalities.admin.base import EventAdmin, NumberedChoices, ReadOnlyAdmin
from municipalities.models import Membership, RegisterEvent, User


class PersonAddForm(BaseUserCreationForm):
    """A new person with a password; roles are beneath."""

    class Meta:
        model = User
        fields = ("name", "email")


class PasswordButton(ReadOnlyPasswordHashWidget):
    """Leads to the page for a new password; the stored one is nobody's business."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Show the button alone."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return {**context, "summary": [], "button_label": "Sett nytt passord"}


class PersonChangeForm(UserChangeForm):
    """A person; somebody must always be able to use these pages."""

    password = ReadOnlyPasswordHashField(
        label="Passord", widget=PasswordButton, help_text="Passordet kan settes, men aldri leses."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is_active"].help_text = "Ta bort haken når noen slutter."
        self.fields["is_superuser"].label = "Kan bruke administrasjonssidene"
        self.fields["is_superuser"].help_text = "Gir ingen rett til å endre eller vedta avtaler."

    def clean(self) -> dict[str, Any]:
        """Refuse to shut out the last administrator."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        stays = data.get("is_active") and data.get("is_superuser")
        others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=self.instance.pk)
        if not stays and not others.exists():
            raise ValidationError("Dette er den eneste som kan bruke administrasjonssidene.")
        return data


class PasswordForm(AdminPasswordChangeForm):
    """A new password. Django's choice to have none comes with single sign-on."""

    usable_password = None


class MembershipInline(NumberedChoices, admin.StackedInline):
    model = Membership
    extra = 1


@admin.register(User)
class UserAdmin(EventAdmin, DjangoUserAdmin):
    """People. Somebody who leaves is made inactive: what they did stays theirs."""

    form = PersonChangeForm
    add_form = PersonAddForm
    change_password_form = PasswordForm
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
        if not obj.is_active:
            sessions.end_all(obj, request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the roles; the last one's end logs the person out, as on the page of people."""
        super().save_related(request, form, formsets, change)
        sessions.end_without_role(form.instance, request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Set a person's password; the password and the event are stored together."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)


@admin.register(RegisterEvent)
class RegisterEventAdmin(ReadOnlyAdmin):
    list_display = ("when", "who", "action_name", "concerned")
    list_filter = ("action",)
    list_select_related = ("actor", "organisation")
    fields = ("when", "who", "action_name", "concerned", "details")

    @admin.display(description="tidspunkt", ordering="pk")
    def when(self, event: RegisterEvent) -> str:
        """When it happened, to the second."""
        return timezone.localtime(event.occurred_at).strftime("%d.%m.%Y %H:%M:%S")

    @admin.display(description="hvem")
    def who(self, event: RegisterEvent) -> str:
        """The person, or the program itself."""
        return str(event.actor or "programmet")

    @admin.display(description="hva")
    def action_name(self, event: RegisterEvent) -> str:
        """The dotted name, and what it was done to."""
        return " ".join(filter(None, (event.action, str(event.data.get("name", "")))))

    @admin.display(description="organisasjon")
    def concerned(self, event: RegisterEvent) -> str:
        """The organisation it is about."""
        return str(event.organisation or "–")

    @admin.display(description="detaljer")
    def details(self, event: RegisterEvent) -> str:
        """Everything that was written down."""
        return json.dumps(event.data, ensure_ascii=False, indent=2)

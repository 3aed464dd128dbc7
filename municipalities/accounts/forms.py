"""The forms of logging in and of one's own account: allauth's, in this program's words and look."""

from __future__ import annotations

import copy
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.fields import SetPasswordField
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.recovery_codes import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal import auth
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.http import HttpRequest

from municipalities.accounts import mails, second_factor
from municipalities.form_fields import TextField
from municipalities.forms import BaseForm, FormMixin
from municipalities.models import User

_LONGEST_PASSWORD = 4096


class _Password(forms.CharField):
    """A password that there is."""

    def __init__(self, label: str, autocomplete: str = "current-password") -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, max_length=_LONGEST_PASSWORD, widget=widget)


class _NewPassword(SetPasswordField):
    """A password that is chosen, and held to the rules."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            max_length=_LONGEST_PASSWORD,
            help_text=password_validators_help_text_html,
        )
        self.widget.attrs.pop("placeholder", None)


def _again() -> _Password:
    return _Password("Nytt passord en gang til", "new-password")


def _code(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
        error_messages={"required": "Skriv koden"},
    )


class _Alike(FormMixin):
    """Two passwords that must be the same."""

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """Compare them, in our words."""
        data: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        typed = [data.get("password1"), data.get("password2")]
        if None not in typed and typed[0] != typed[1]:
            self.add_error("password2", "Passordene er ikke like")
        return data


class LoginForm(FormMixin, account_forms.LoginForm):
    """Signing in with e-mail address and password."""

    login = forms.EmailField(
        label="E-postadresse",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = _Password("Passord")
    field_order = ("login", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = copy.deepcopy(self.base_fields["login"])
        self.order_fields(self.field_order)


class CodeForm(FormMixin, mfa_forms.AuthenticateForm):
    """The code that follows the password."""

    code = _code("Kode", "De seks sifrene i appen, eller en gjenopprettingskode.")


class ConfirmByCodeForm(FormMixin, mfa_forms.ReauthenticateForm):
    """A code from somebody who is logged in, before something that matters."""

    code = _code("Kode", "De seks sifrene i appen, eller en gjenopprettingskode.")


class ConfirmByPasswordForm(FormMixin, account_forms.ReauthenticateForm):
    """The password of somebody who is logged in, before something that matters."""

    password = _Password("Passord")


class NameForm(BaseForm):
    """What somebody is called here."""

    mark_optional = False
    name = TextField(
        label="Navn",
        max_length=120,
        help_text="Navnet vises der du har gjort noe, også i historikken fra før. Det som alt er trykt i"
        " låste versjoner og lagrede filer, endres ikke.",
        widget=forms.TextInput({"autocomplete": "name"}),
    )


class ChangePasswordForm(_Alike, account_forms.ChangePasswordForm):
    """A new password instead of the one there is."""

    oldpassword = _Password("Passordet du har nå")
    password1 = _NewPassword("Nytt passord")
    password2 = _again()


class FirstPasswordForm(_Alike, account_forms.SetPasswordForm):
    """A password for somebody who has logged in in other ways."""

    password1 = _NewPassword("Nytt passord")
    password2 = _again()


class NewPasswordForm(_Alike, account_forms.ResetPasswordKeyForm):
    """A new password for somebody who has forgotten it."""

    password1 = _NewPassword("Nytt passord")
    password2 = _again()


class ForgottenForm(FormMixin, account_forms.ResetPasswordForm):
    """The address that a link for a new password is sent to."""

    email = forms.EmailField(
        label="E-postadresse",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )

    def clean_email(self) -> str:
        """Ask nothing about who has it: a job does, so that the page never tells."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Have the link sent, if there is somebody to send it to."""
        mails.ask_for_reset(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class ActivateForm(BaseForm):
    """The first code of an app, which shows that it has the secret.

    The secret goes out with the form and comes back with it, encrypted and for this person: allauth's own
    form would write it into the session when the page is opened.
    """

    code = _code("Koden i appen", "Seks sifre, som skifter hvert halve minutt.")
    sealed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        opened = second_factor.decrypt(self.data.get("sealed", ""), settings.SESSION_COOKIE_AGE)
        owner, _, secret = (opened or "").partition(" ")
        self.comes_back = owner == str(user.pk)
        self.secret = secret if self.comes_back else auth.generate_totp_secret()
        seal = second_factor.encrypt(f"{user.pk} {self.secret}")
        self.initial["sealed"] = seal
        if self.is_bound:
            self.data = self.data.copy()
            self.data["sealed"] = seal

    def clean_code(self) -> str:
        """Hold the code against the secret that the page showed."""
        if not self.comes_back:
            raise forms.ValidationError("Siden har stått åpen for lenge. Les bildet på nytt")
        forget = check_rate_limit(self.user, error_key="rate_limited")
        code = str(self.cleaned_data["code"])
        if not auth.validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        forget()
        return code


class DeactivateForm(FormMixin, totp_forms.DeactivateTOTPForm):
    """A button."""


class NewCodesForm(FormMixin, code_forms.GenerateRecoveryCodesForm):
    """A button."""

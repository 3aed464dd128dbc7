"""One's own account: password, two factors, other ways to log in, and where one is logged in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.account.internal import flows
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp import views as totp_views
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities.accounts import confirming, forms, linking, mails, second_factor, sessions
from municipalities.accounts import people as managing
from municipalities.accounts.entrance import Refusing
from municipalities.accounts.models import AccountMail
from municipalities.answers import INVALID
from municipalities.models import User

Kind = AccountMail.Kind


def _label(provider: str) -> str:
    """What a provider is called, also one that is no longer set up."""
    known = {one.name: one.label for one in settings.OIDC_PROVIDERS}
    return known.get(provider, provider)


def _codes(user: User) -> list[str]:
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return row.wrap().get_unused_codes() if row else []


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    linked = list(SocialAccount.objects.filter(user=request.user).order_by("pk"))
    taken = {row.provider for row in linked if linking.usable(row)}
    totp = second_factor.has_totp(request.user)
    context = {
        "has_password": request.user.has_usable_password(),
        "totp": totp,
        "codes_left": len(_codes(request.user)) if totp else 0,
        "linked": [
            (
                row,
                _label(row.provider),
                linking.usable(row),
                linking.may_unlink(request.user, linked, row),
            )
            for row in linked
        ],
        "to_link": [one for one in settings.OIDC_PROVIDERS if one.name not in taken],
        "places": sessions.places(request),
    }
    return render(request, "accounts/account.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """What the person is called here: their own to say."""
    sent = request.method == "POST"
    form = forms.NameForm(request.POST if sent else None, initial={"name": request.user.name})
    if sent and form.is_valid():
        if managing.rename(request.user, form.cleaned_data["name"]):
            messages.success(request, "Navnet er lagret.")
        else:
            messages.info(request, "Navnet er som før.")
        return redirect("account")
    context = {"form": form}
    return render(request, "accounts/name.html", context, status=INVALID if sent else 200)


# --- password ------------------------------------------------------------------------------------


class _Chosen(Refusing):
    """A password that somebody who is logged in has chosen."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")
    kind, done = Kind.PASSWORD_CHANGED, "byttet"

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it with its event; every other browser is logged out."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            managing.note(form.user, "password.changed", form.user)
            mails.tell(form.user, self.kind)
        said = f"Passordet er {self.done}. Du er logget ut alle andre steder enn her."
        messages.success(self.request, said)
        return answer


class _ChangePassword(_Chosen, account_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm


class _FirstPassword(_Chosen, account_views.PasswordSetView):
    form_class = forms.FirstPasswordForm
    kind, done = Kind.PASSWORD_MADE, "lagret"


change_password = never_cache(_ChangePassword.as_view())
first_password = never_cache(_FirstPassword.as_view())


# --- it is still you -----------------------------------------------------------------------------


class _Confirm(Refusing):
    template_name = "accounts/confirm.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Write it down, and do what waited for it."""
        super().form_valid(form)
        return confirming.go_on(self.request, self.get_success_url())


class _ByPassword(_Confirm, account_views.ReauthenticateView):
    form_class = forms.ConfirmByPasswordForm


class _ByCode(_Confirm, mfa_views.ReauthenticateView):
    form_class = forms.ConfirmByCodeForm


confirm_by_password = never_cache(_ByPassword.as_view())
confirm_by_code = never_cache(_ByCode.as_view())


@never_cache
@require_safe
def log_in_again(request: HttpRequest) -> HttpResponse:
    """For those who have neither password nor code: the provider tells that it is still them."""
    rows = SocialAccount.objects.filter(user=request.user)
    names = {row.provider for row in rows if linking.usable(row)}
    known = [one for one in settings.OIDC_PROVIDERS if one.name in names]
    context = {"providers": known, "following": get_next_redirect_url(request) or ""}
    return render(request, "accounts/log_in_again.html", context)


# --- two factors ---------------------------------------------------------------------------------


def _show_codes(request: HttpRequest) -> HttpResponse:
    """The codes, this once: they are in the answer to the button, and on no page to come back to."""
    context = {"codes": _codes(request.user), "following": get_next_redirect_url(request) or ""}
    return render(request, "accounts/codes.html", context)


class _Activate(Refusing, totp_views.ActivateTOTPView):
    template_name = "accounts/activate.html"
    form_class = forms.ActivateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say why, to whoever was sent here."""
        context = super().get_context_data(**kwargs)
        required = settings.REQUIRE_TOTP_FOR_ADMINISTRATORS
        following = get_next_redirect_url(self.request) or ""
        return {**context, "required": required, "following": following}

    def form_valid(self, form: Any) -> HttpResponse:
        """Turn it on, here and now: other browsers have not shown the code, and are logged out."""
        user = self.request.user
        try:
            with transaction.atomic():
                activate_totp(self.request, form)
                managing.note(user, "totp.activated", user)
                mails.tell(user, Kind.TOTP_ON)
                sessions.end_others(self.request)
        except IntegrityError:  # the same button pressed twice
            return redirect("account")
        record_authentication(self.request, user, "mfa", type="totp", reauthenticated=True)
        return _show_codes(self.request)


class _Deactivate(Refusing, totp_views.DeactivateTOTPView):
    template_name = "accounts/deactivate.html"
    form_class = forms.DeactivateForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Turn it off."""
        user = self.request.user
        with transaction.atomic():
            deactivate_totp(self.request, self.authenticator)
            managing.note(user, "totp.deactivated", user)
            mails.tell(user, Kind.TOTP_OFF)
        messages.success(self.request, "Totrinnsbekreftelse er slått av.")
        return redirect("account")


class _NewCodes(Refusing, code_views.GenerateRecoveryCodesView):
    template_name = "accounts/new_codes.html"
    form_class = forms.NewCodesForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Make new ones; the old ones are dead."""
        user = self.request.user
        with transaction.atomic():
            generate_recovery_codes(self.request)
            managing.note(user, "totp.new_codes", user)
            mails.tell(user, Kind.NEW_CODES)
        return _show_codes(self.request)


activate = never_cache(_Activate.as_view())
deactivate = never_cache(_Deactivate.as_view())
new_codes = never_cache(_NewCodes.as_view())


# --- other ways in, and where one is logged in ---------------------------------------------------


@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a way to log in away, unless it is the last."""
    flows.reauthentication.raise_if_reauthentication_required(request, app="allauth.socialaccount")
    row = SocialAccount.objects.filter(user=request.user, pk=pk).first()
    label = _label(row.provider) if row else ""
    try:
        if linking.unlink(request.user, pk, label):
            messages.success(request, f"En innlogging med {label} er fjernet.")
        else:
            messages.info(request, "Den innloggingen var fjernet allerede.")
    except linking.LastWayError:
        messages.error(
            request, "Lag et passord først: uten denne innloggingen kommer du ikke inn igjen."
        )
    return redirect("account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out of one other browser."""
    if sessions.end(request.user, pk):
        messages.success(request, "Du er logget ut der.")
    else:
        messages.info(request, "Du var logget ut der allerede.")
    return redirect("account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    count = sessions.end_others(request)
    if count:
        messages.success(request, "Du er logget ut alle andre steder enn her.")
    else:
        messages.info(request, "Du var ikke logget inn andre steder.")
    return redirect("account")

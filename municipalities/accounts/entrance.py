"""The way in: the password, the code, a forgotten password, and other providers."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account import views as account_views
from allauth.account.internal import flows
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import respond_429
from allauth.decorators import rate_limit
from allauth.mfa.base import views as mfa_views
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from municipalities import people
from municipalities.accounts import answers, forms, limits, mails, oidc
from municipalities.accounts import people as managing
from municipalities.accounts.models import AccountMail
from municipalities.answers import INVALID

TOO_MANY, GONE = 429, 410


class Refusing:
    """A form that is refused comes back as an answer that says so."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show it again with 422, or 429 after too many tries."""
        codes = {e.code for errors in form.errors.as_data().values() for e in errors}
        limited = codes & {"too_many_login_attempts", "rate_limited"}
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=TOO_MANY if limited else INVALID)


class _Login(Refusing, account_views.LoginView):
    template_name = "accounts/login.html"
    form_class = forms.LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the other ways to log in."""
        return {**super().get_context_data(**kwargs), "providers": settings.OIDC_PROVIDERS}


_login = _Login.as_view()


@login_not_required
@sensitive_post_parameters("password")
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Log in; in an installation without people, go and make the first one."""
    if people.nobody_yet():
        return redirect("first-run")
    return _login(request)


logout = login_not_required(LogoutView.as_view())


class _Code(mfa_views.AuthenticateView):
    template_name = "accounts/code.html"
    form_class = forms.CodeForm

    def _build_forms(self) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        self.webauthn_form = None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        return self.auth_form

    form_invalid = Refusing.form_invalid


code = _Code.as_view()


@method_decorator(sensitive_post_parameters(), name="dispatch")
class _Forgotten(Refusing, account_views.PasswordResetView):
    template_name = "accounts/forgotten.html"
    form_class = forms.ForgottenForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether a link can be sent at all."""
        can_mail = bool(settings.SENDS_MAIL and settings.BASE_URL)
        return {**super().get_context_data(**kwargs), "can_mail": can_mail}


class _ForgottenSent(account_views.PasswordResetDoneView):
    template_name = "accounts/forgotten_sent.html"


@method_decorator(login_not_required, name="dispatch")
@method_decorator(rate_limit(action="reset_password_from_key"), name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class _NewPassword(Refusing, account_views.PasswordResetFromKeyView):
    template_name = "accounts/new_password.html"
    form_class = forms.NewPasswordForm

    def dispatch(self, request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
        """Show the form, or that the link does not work.

        allauth would write the token into the session, and log out whoever is logged in, when the page is
        opened. No other site is told the address (SECURE_REFERRER_POLICY), and no log (config/logs.py).
        """
        self.key, self.reset_user = key, None
        link = account_forms.UserTokenForm(data={"uidb36": uidb36, "key": key})
        if not link.is_valid():
            return self.render_to_response(self.get_context_data(token_fail=True, form=None))
        self.reset_user = link.reset_user
        return FormView.dispatch(self, request)

    def render_to_response(self, context: Any, **options: Any) -> HttpResponse:
        """A link that does not work is gone."""
        if context.get("token_fail"):
            options.setdefault("status", GONE)
        return super().render_to_response(context, **options)

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it with its event, and let the owner in again whoever has used up the tries."""
        with transaction.atomic():
            answer = super().form_valid(form)
            managing.note(self.reset_user, "password.reset", self.reset_user)
            mails.tell(self.reset_user, AccountMail.Kind.PASSWORD_CHANGED)
        auth.logout(self.request)  # as the page says, also somebody else in this browser
        email = self.reset_user.email
        for key in {limits.account(email), limits.counted_as(self.request, email)}:
            ratelimit.clear(self.request, action="login_failed", key=key)
        return answer


class _NewPasswordDone(account_views.PasswordResetFromKeyDoneView):
    template_name = "accounts/new_password_done.html"


forgotten = never_cache(_Forgotten.as_view())
forgotten_sent = _ForgottenSent.as_view()
new_password = never_cache(_NewPassword.as_view())
new_password_done = _NewPasswordDone.as_view()


# --- other providers -----------------------------------------------------------------------------


@login_not_required
@never_cache
@require_POST
def with_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to a provider, to log in or to link it to the account they are logged in to."""
    if not ratelimit.consume(request, action="login"):
        return respond_429(request)
    if request.POST.get("process") == AuthProcess.CONNECT:
        if not request.user.is_authenticated:
            return redirect("account_login")
        flows.reauthentication.raise_if_reauthentication_required(
            request, app="allauth.socialaccount"
        )
        return go(request, provider_id, AuthProcess.CONNECT)
    return go(request, provider_id, AuthProcess.LOGIN, next_url=get_next_redirect_url(request))


def go(request: HttpRequest, provider_id: str, process: str, **given: Any) -> HttpResponse:
    """Return the way to a provider, or the page that says that it does not answer. Http404."""
    try:
        provider = get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return provider.redirect(request, process, **given)
    except (OAuth2Error, *oidc.ODD_ANSWER) as problem:
        return answers.went_wrong(request, provider.name, problem)


@login_not_required
@never_cache
@require_GET
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take somebody back from a provider."""
    adapter = oidc.Adapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return oidc.CallbackView.adapter_view(adapter)(request)
    except (OAuth2Error, *oidc.ODD_ANSWER) as problem:
        return answers.went_wrong(request, provider.name, problem)

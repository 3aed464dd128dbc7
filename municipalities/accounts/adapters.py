"""Where django-allauth asks this program: nobody signs up, mail goes through our queue, words are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from municipalities import access, rate
from municipalities.accounts import answers, confirming, devices, limits, linking, second_factor
from municipalities.invitations import service as invitations

TOO_MANY = "For mange forsøk. Vent fem minutter, og prøv igjen."
CANCELLED = "Du avbrøt innloggingen."


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, sessions and confirming that it is still you."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-postadressen eller passordet er feil. Passordet skiller mellom"
        " store og små bokstaver.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "enter_current_password": "Passordet er feil",
        "incorrect_password": "Passordet er feil",
        "incorrect_code": "Koden er feil",
        "invalid_password_reset": "Lenken virker ikke lenger",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Refuse somebody who is shut out with the words for a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is None or user.is_active else None

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Ask for the password of whoever is logged in, within the same limit as at login."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return limits.counted_as(request, credentials.get("email", ""))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The sender's address as the nearest proxy tells it; nobody's where there is none."""
        sender = rate.sender(request)
        return sender if devices.is_address(sender) else devices.NOWHERE

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer everybody with pages."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again within a few minutes of logging in, in whatever way that was."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record.get("at", 0) for record in records), default=0)
        return timezone.now().timestamp() - newest > REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A code where there is one, the password, or else logging in at the provider again."""
        found = super().get_reauthentication_methods(user)
        if user.is_authenticated and not found:
            url = reverse("log-in-again")
            found.append({"id": confirming.AGAIN, "description": "", "url": url})
        return found

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say so to whoever a provider has vouched for."""
        return answers.refused(request, "closed")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to our own pages to say what was done."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Logging in at another provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up here either."""
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings, and none from the database."""
        return [
            _app(one)
            for one in settings.OIDC_PROVIDERS
            if provider in (None, one.name, "openid_connect") and client_id in (None, one.client_id)
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Decide about whoever a provider sends: known, linked, invited, or let in nowhere."""
        sociallogin.token = None  # it may hold a national identity number: never into a session
        provider = sociallogin.provider
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_link(request, sociallogin.identity, provider.name))
        if invitation := (sociallogin.state.get("data") or {}).get("invitation"):
            _accept(request, sociallogin, invitation)
        elif not sociallogin.is_existing:
            raise ImmediateHttpResponse(answers.refused(request, "unknown", provider.name))
        elif confirming.is_asked_for(request, sociallogin):
            raise ImmediateHttpResponse(confirming.by_provider(request, sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Answer with a page of ours, whatever went wrong."""
        if error == AuthError.CANCELLED:
            messages.info(request, CANCELLED)
            raise ImmediateHttpResponse(redirect("account_login"))
        raise ImmediateHttpResponse(answers.went_wrong(request, provider.name, exception))


def _app(one: Any) -> SocialApp:
    """What allauth wants to know of a provider; a row that is never stored."""
    made = SocialApp(
        provider="openid_connect",
        provider_id=one.name,
        name=one.label,
        client_id=one.client_id,
        secret=one.client_secret,
        settings={
            "server_url": one.discovery,
            "scope": list(one.scopes),
            "oauth_pkce_enabled": True,
        },
    )
    made.configured = one
    return made


def _link(request: HttpRequest, identity: Any, label: str) -> HttpResponse:
    """Let the person who is logged in log in with this from now on."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    try:
        if linking.link(request.user, identity, label):
            messages.success(request, f"Du kan nå logge inn med {label}.")
        else:
            messages.info(request, f"Du kunne logge inn med {label} fra før.")
    except linking.TakenError:
        messages.error(request, f"Noen andre logger inn med denne kontoen hos {label}.")
    return redirect("account")


def _accept(request: HttpRequest, sociallogin: Any, token_sha256: str) -> None:
    """Give the role that the invitation is to, and go on logging in as the one who has it now."""
    provider = sociallogin.provider
    try:
        user, found = linking.accept_as(token_sha256, sociallogin.identity)
    except invitations.NotUsableError:
        raise ImmediateHttpResponse(answers.gone(request)) from None
    except (invitations.HasAccountError, linking.TakenError):
        raise ImmediateHttpResponse(answers.refused(request, "other", provider.name)) from None
    except ValidationError:
        raise ImmediateHttpResponse(answers.refused(request, "address")) from None
    messages.success(request, f"Du har fått rollen {found.get_role_display()}.")
    sociallogin.user = user
    sociallogin.account = SocialAccount.objects.get(
        provider=sociallogin.identity.provider, uid=sociallogin.identity.uid
    )


class MFAAdapter(DefaultMFAAdapter):
    """Codes. Secrets are encrypted: a copy of the database alone makes no codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Koden er feil. Bruk den som står i appen nå",
        "cannot_delete_authenticator": "En administrator må logge inn med to trinn her",
        "cannot_generate_recovery_codes": "Slå på totrinnsbekreftelse først",
    }

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not where an administrator must have it."""
        required = settings.REQUIRE_TOTP_FOR_ADMINISTRATORS
        return not (required and access.is_administrator(authenticator.user))

    def encrypt(self, text: str) -> str:
        """Encrypt with a key derived from SECRET_KEY."""
        return second_factor.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt. With another SECRET_KEY no code fits: a random secret stands for the lost one."""
        return second_factor.decrypt(encrypted_text) or generate_totp_secret()

    def get_totp_label(self, user: Any) -> str:
        """What the app shows the code under."""
        return str(user.email)

"""Two factors: whether a session has proved both, and holding administrators to it where that is required."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from municipalities import access, kept
from municipalities.models import User

TOTP = Authenticator.Type.TOTP
_AT_PROVIDER = "second_factor_at"
# What somebody without a second factor may open all the same: the way to get one, and the way out.
_OPEN = {
    *("mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate", "log-in-again"),
    *("openid_connect_login", "openid_connect_callback", "logout"),
}


def has_totp(user: User) -> bool:
    """Tell whether the person is asked for a code when logging in."""
    return Authenticator.objects.filter(user_id=user.pk, type=TOTP).exists()


def encrypt(text: str) -> str:
    """Encrypt a secret with a key derived from SECRET_KEY."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(encrypted: str, ttl: int | None = None) -> str | None:
    """Return the secret; None where it is no secret of ours, or older than `ttl` seconds."""
    try:
        return _fernet().decrypt(encrypted.encode(), ttl).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    digest = salted_hmac("municipalities.accounts.totp", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(digest).digest()))


def proved(request: HttpRequest) -> bool:
    """Tell whether this session has been opened with two factors. Asks the session alone."""
    if request.session.get(_AT_PROVIDER):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def vouched_for(request: HttpRequest, login: Any) -> None:
    """Remember it where the provider has asked for both factors."""
    if getattr(login, "second_factor", False):
        request.session[_AT_PROVIDER] = login.provider.app.provider_id


class RequireSecondFactorMiddleware:
    """Sends administrators without a second factor to where they get one, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; what matters is in process_view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, options: Any
    ) -> HttpResponse | None:
        """Stop whoever must have a second factor and has not shown it; give back what was typed."""
        if not settings.REQUIRE_TOTP_FOR_ADMINISTRATORS or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is not None and match.url_name in _OPEN and not match.namespaces:
            return None
        # What anybody may see without logging in shows nothing that is an administrator's.
        if not getattr(view, "login_required", True) and request.method in ("GET", "HEAD"):
            return None
        if proved(request) or not access.is_administrator(request.user):
            return None
        name = "mfa_reauthenticate" if has_totp(request.user) else "mfa_activate_totp"
        if request.method == "POST" and (typed := kept.typed(request.POST)):
            return kept.show(request, typed, "two-factor", 403)
        following = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': following})}")

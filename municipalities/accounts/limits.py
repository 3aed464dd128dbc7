"""How often somebody may guess: counted in the database, which all web processes share.

Wrong passwords are counted for each account. That alone would let anybody keep the owner out by
guessing wrong all day, so a browser that has logged in before is known by a cookie and counted by
itself: strangers use up the strangers' tries.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
_SALT = "municipalities.accounts.limits"
_AGE = 60 * 60 * 24 * 365


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return a key of one length, so that addresses are not stored in clear, nor cut off."""
    return hashlib.sha256(f"{key_prefix}:{version}:{key}".encode()).hexdigest()


def account(email: str) -> str:
    """Return what guesses at this account's password are counted under, from browsers nobody knows."""
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()


def counted_as(request: HttpRequest, email: str) -> str:
    """Return what a guess at this account's password is counted under."""
    stranger = account(email)
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return stranger
    return f"{stranger}:{known[1]}" if known[0] == stranger else stranger


def remember(response: HttpResponse, email: str) -> None:
    """Let the browser be known as one that the account's owner has logged in from."""
    value = signing.dumps([account(email), secrets.token_hex(8)], salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

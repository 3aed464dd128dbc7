"""Who a provider says that somebody is, and the little of it that is kept. Plain Python.

Kept are issuer, tenant and subject, by which the person is known, and name and address to show them by.
Everything else a provider sends is let go here, a national identity number above all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from config.oidc import Provider
from municipalities import characters

# Eleven digits standing alone, also written as 010203 45678.
_NATIONAL_NUMBER = re.compile(r"(?<!\d)\d{6}[ -]?\d{5}(?!\d)")
_LONGEST_SUBJECT = 255
_SHOWN = 120


class NotAcceptedError(Exception):
    """The provider's answer is not for us, or says what must not be kept."""


@dataclass(frozen=True)
class Identity:
    """A person at a provider. An address may change or belong to somebody else tomorrow."""

    provider: str
    issuer: str
    tenant: str
    subject: str
    name: str
    email: str

    @property
    def uid(self) -> str:
        """What the person is found by: the SHA-256 of issuer, tenant and subject."""
        told = json.dumps([self.issuer, self.tenant, self.subject], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def stored(self) -> dict[str, str]:
        """All that is kept, besides which provider it was."""
        return {name: value for name, value in asdict(self).items() if name != "provider"}


def identify(provider: Provider, claims: Mapping[str, Any], nonce: str) -> Identity:
    """Return who the claims of an ID token are about, whose signature and audience are checked already.

    NotAcceptedError where it is an answer to another question (nonce), of another issuer or tenant, or
    where the subject is or holds a national identity number.
    """
    if not nonce or claims.get("nonce") != nonce:
        raise NotAcceptedError("nonce")
    tenant = claims.get("tid", "")
    if not isinstance(tenant, str) or _NATIONAL_NUMBER.search(tenant):
        raise NotAcceptedError("tenant")
    tenant = tenant.lower()
    if not provider.accepts(claims.get("iss"), tenant):
        raise NotAcceptedError("issuer or tenant")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotAcceptedError("subject")
    if _NATIONAL_NUMBER.search(subject) or "\x00" in subject + tenant:
        raise NotAcceptedError("subject")
    return Identity(
        provider=provider.name,
        issuer=str(claims["iss"]),
        tenant=tenant,
        subject=subject,
        name=_shown(claims.get("name")),
        email=_shown(claims.get("email") or claims.get("preferred_username")),
    )


def _shown(value: object) -> str:
    """A claim to show the person by, on one line; nothing where it holds a national identity number."""
    if not isinstance(value, str) or _NATIONAL_NUMBER.search(value):
        return ""
    return " ".join(characters.clean(value.replace("\x00", "")).split())[:_SHOWN]

"""OpenID Connect: allauth's provider, held to what docs/accounts.md promises.

Beside allauth's state and PKCE: a nonce, the signature always, the issuer and the tenant by our own
settings, and no claim kept but those in identity.py. Nothing in the address a person clicks on can ask
the provider for more.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.statekit import STATE_TTL
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from config import oidc as configured
from municipalities.accounts.confirming import ANEW_SINCE, LEEWAY
from municipalities.accounts.identity import Identity, NotAcceptedError, identify

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# Seconds. A provider that is asked so has to say when the person logged in (OpenID Connect Core 3.1.2.1,
# `auth_time`), which is what this is for: `prompt` has them log in. As long as a round may take and not 0, as
# Entra ID lets the ID token run out that many seconds after the login.
_MAX_AGE = STATE_TTL
# What an answer of another shape than OpenID Connect's leads to.
ODD_ANSWER = (RequestException, KeyError, TypeError, ValueError, AttributeError)


class Adapter(OpenIDConnectOAuth2Adapter):
    """Talks to one provider. `nonce` is what the login that comes back was begun with."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself; OAuth2Error where it describes somebody else."""
        found: dict[str, Any] = super().openid_config
        ours = self.get_provider().configured.issuer
        if str(found["issuer"]).rstrip("/") != ours.rstrip("/"):
            raise OAuth2Error("the provider names another issuer than the one that is configured")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return who has logged in; OAuth2Error for an answer that is not for us."""
        provider = self.get_provider()
        try:
            claims = self._claims(kwargs["response"]["id_token"], app.client_id)
            identity = identify(provider.configured, claims, self.nonce)
        except (jwt.PyJWTError, NotAcceptedError, *ODD_ANSWER) as problem:
            if isinstance(problem, RequestException):
                raise
            raise OAuth2Error(
                f"the ID token is not accepted: {type(problem).__name__}"
            ) from problem
        login = provider.sociallogin_from_response(request, identity)
        login.identity = identity
        login.authenticated_at = _moment(claims.get("auth_time"))
        login.second_factor = provider.configured.is_second_factor(
            claims.get("acr"), claims.get("amr")
        )
        return login

    def keys_address(self) -> str:
        """Where the provider's signing keys are."""
        return str(self.openid_config["jwks_uri"])

    def _claims(self, id_token: str, client_id: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.keys_address())
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        wanted = jwt.get_unverified_header(id_token).get("kid")
        [key] = [key for key in keys if wanted in (None, key.key_id)]
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=ALGORITHMS,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        if claims.get("azp", client_id) != client_id:
            raise NotAcceptedError("azp")
        return claims


def _moment(told: object) -> float | None:
    """When the person logged in, by the provider's word; None where it says nothing that can be true."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    return float(told) if 0 < told <= time.time() + LEEWAY else None


class Provider(OpenIDConnectProvider):
    """One of the configured providers."""

    oauth2_adapter_class = Adapter

    @property
    def configured(self) -> configured.Provider:
        """What the operator has said of it."""
        found: configured.Provider = self.app.configured
        return found

    def serialize(self) -> dict[str, Any]:
        """Name it by its own name: two may share a client id."""
        return {**super().serialize(), "id": self.app.provider_id}

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the person to the provider, with a nonce that its answer must carry back."""
        nonce = secrets.token_urlsafe(24)
        asked, kept = {"nonce": nonce}, {"nonce": nonce}
        if self.configured.acr_values:
            asked["acr_values"] = self.configured.acr_values
        if request.user.is_authenticated and process == AuthProcess.LOGIN:
            # To confirm that it is still them: a session of the provider's own is not enough. Whoever sits
            # at the browser can take these two away, so the answer is held to the time that is kept here.
            asked |= {"prompt": "login", "max_age": str(_MAX_AGE)}
            kept[ANEW_SINCE] = time.time()
        return super().redirect(
            request, process, next_url=next_url, data=data, auth_params=asked, **kept
        )

    def extract_uid(self, data: Identity) -> str:
        """What the person is found by."""
        return data.uid

    def extract_extra_data(self, data: Identity) -> dict[str, str]:
        """All that is kept."""
        return data.stored()

    def extract_common_fields(self, data: Identity) -> dict[str, Any]:
        """Nothing: no person is made or changed from what a provider says."""
        return {}

    def extract_email_addresses(self, data: Identity) -> list[Any]:
        """None: an address proves nothing."""
        return []


class CallbackView(OAuth2CallbackView):
    """Where a provider sends people back to."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, refusal = super()._get_state(request, provider)
        self.adapter.nonce = str((state or {}).get("nonce") or "")
        return state, refusal

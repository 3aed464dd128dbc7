"""OpenID Connect providers, read from environment variables. What is wrong or missing stops the program.

`OIDC_PROVIDERS=entra,ansattporten` names them, and `OIDC_ENTRA_ISSUER`, `OIDC_ENTRA_CLIENT_ID` and so on
describe each: docs/accounts.md. No value is ever repeated in a message: one of them is a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.environment import FALSE, TRUE, BadEnvironment

# Entra ID's way of saying «the tenant of whoever logs in» in the issuer of its common endpoints.
TENANT = "{tenantid}"
DISCOVERY = "/.well-known/openid-configuration"
KNOWN = {
    *("LABEL", "ISSUER", "CLIENT_ID", "CLIENT_SECRET", "TENANTS", "SCOPES", "ACR_VALUES"),
    *("SECOND_FACTOR", "ORIGINS"),
}
_LONGEST = 191  # characters of a client id or a secret
_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Provider:
    """One provider. `name` is part of addresses and of what is stored: it is never changed.

    `second_factor` says when a login counts as one with two factors: never (empty), `always`, or for
    the listed `acr:…` and `amr:…` values of the ID token.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str
    tenants: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    acr_values: str = ""
    second_factor: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    @property
    def discovery(self) -> str:
        """Where the provider describes itself."""
        return self.issuer.replace(TENANT, "organizations").rstrip("/") + DISCOVERY

    def issuer_of(self, tenant: str) -> str:
        """The issuer that an ID token from this tenant must name."""
        return self.issuer.replace(TENANT, tenant)

    def accepts(self, issuer: object, tenant: str) -> bool:
        """Tell whether people of this issuer and tenant are let in."""
        return issuer == self.issuer_of(tenant) and (not self.tenants or tenant in self.tenants)

    def is_second_factor(self, acr: object, amr: object) -> bool:
        """Tell whether a login with these claims counts as one with two factors."""
        methods = amr if isinstance(amr, list) else []
        said = {f"acr:{acr}", *(f"amr:{method}" for method in methods)}
        return self.second_factor == ("always",) or not said.isdisjoint(self.second_factor)


def providers(environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Return the providers in the order they are named; BadEnvironment for what cannot be used."""
    names = _words(environ.get("OIDC_PROVIDERS", ""))
    found = []
    for name in names:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", name):
            raise BadEnvironment(
                "OIDC_PROVIDERS must be names of small letters, digits and hyphens, with commas between"
            )
        found.append(_provider(name, environ))
    if len(set(names)) != len(names):
        raise BadEnvironment("OIDC_PROVIDERS names a provider twice")
    _refuse_leftovers(names, environ)
    return tuple(found)


def _prefix(name: str) -> str:
    return f"OIDC_{name.upper().replace('-', '_')}_"


def _refuse_leftovers(names: tuple[str, ...], environ: Mapping[str, str]) -> None:
    """A misspelt variable would be a setting that is silently not there."""
    known = {_prefix(name) + word for name in names for word in KNOWN} | {"OIDC_PROVIDERS"}
    for variable, value in environ.items():
        if variable.startswith("OIDC_") and variable not in known and value:
            raise BadEnvironment(
                f"{variable} belongs to no provider in OIDC_PROVIDERS, or is misspelt"
            )


def _provider(name: str, environ: Mapping[str, str]) -> Provider:
    prefix = _prefix(name)

    def value(word: str, default: str = "") -> str:
        return environ.get(prefix + word, "").strip() or default

    for word in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        if not value(word):
            raise BadEnvironment(f"{prefix}{word} is not set, and OIDC_PROVIDERS names {name}")
    for word in ("CLIENT_ID", "CLIENT_SECRET"):
        if len(value(word)) > _LONGEST:
            raise BadEnvironment(f"{prefix}{word} is longer than {_LONGEST} characters")
    label = value("LABEL", name.capitalize())
    if len(label) > 40:
        raise BadEnvironment(f"{prefix}LABEL must be at most 40 characters long")
    local = environ.get("LOCAL", "").lower() in TRUE - FALSE
    issuer = value("ISSUER")
    own_origin = _origin(f"{prefix}ISSUER", issuer.replace(TENANT, "tenant"), local=local)
    tenants = _words(value("TENANTS").lower())
    _check_tenants(prefix, issuer, tenants)
    scopes = tuple(value("SCOPES", "openid profile email").split())
    if "openid" not in scopes:
        raise BadEnvironment(f"{prefix}SCOPES must have openid among them")
    more = [_origin(f"{prefix}ORIGINS", word, local=local) for word in _words(value("ORIGINS"))]
    return Provider(
        name=name,
        label=label,
        issuer=issuer,
        client_id=value("CLIENT_ID"),
        client_secret=value("CLIENT_SECRET"),
        tenants=tenants,
        scopes=scopes,
        acr_values=value("ACR_VALUES"),
        second_factor=_second_factor(f"{prefix}SECOND_FACTOR", value("SECOND_FACTOR")),
        origins=tuple(dict.fromkeys([own_origin, *more])),
    )


def _check_tenants(prefix: str, issuer: str, tenants: tuple[str, ...]) -> None:
    if re.search(r"/(common|organizations|consumers)/", issuer):
        raise BadEnvironment(
            f"{prefix}ISSUER must name one tenant, or have {TENANT} in its place with {prefix}TENANTS set"
        )
    if TENANT in issuer and not tenants:
        raise BadEnvironment(f"{prefix}TENANTS must list the tenants that may log in")


def _second_factor(variable: str, text: str) -> tuple[str, ...]:
    found = tuple(_words(text))
    if found in ((), ("never",)):
        return ()
    if found == ("always",) or all(re.fullmatch(r"(acr|amr):\S+", word) for word in found):
        return found
    raise BadEnvironment(f"{variable} must be never, always, or a list like acr:idporten-loa-high")


def _origin(variable: str, text: str, *, local: bool) -> str:
    """Return scheme, host and port of an address. Plain http is for this machine alone."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        usable = bool(host) and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        usable = False
    # What stands in a header must not end it.
    if not usable or re.search(r"[\s;,'\"]", text):
        raise BadEnvironment(f"{variable} must be an address like https://login.example")
    if parts.scheme != "https" and not (
        parts.scheme == "http" and local and host in _ON_THIS_MACHINE
    ):
        raise BadEnvironment(f"{variable} must begin with https://")
    return f"{parts.scheme}://{parts.netloc}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

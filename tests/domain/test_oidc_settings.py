"""OpenID Connect providers as environment variables, and what is believed of what they say."""

from __future__ import annotations

from typing import Any

import pytest

from config.environment import BadEnvironment
from config.oidc import Provider, providers
from municipalities.accounts.identity import NotAcceptedError, identify

ENTRA = {
    "OIDC_PROVIDERS": "entra",
    "OIDC_ENTRA_LABEL": "Kommunekonto",
    "OIDC_ENTRA_ISSUER": "https://login.microsoftonline.com/{tenantid}/v2.0",
    "OIDC_ENTRA_CLIENT_ID": "c1",
    "OIDC_ENTRA_CLIENT_SECRET": "hemmelig",
    "OIDC_ENTRA_TENANTS": "AAAA-1, bbbb-2",
}
ANSATTPORTEN = {
    "OIDC_PROVIDERS": "ansattporten",
    "OIDC_ANSATTPORTEN_ISSUER": "https://ansattporten.no",
    "OIDC_ANSATTPORTEN_CLIENT_ID": "c2",
    "OIDC_ANSATTPORTEN_CLIENT_SECRET": "hemmelig",
    "OIDC_ANSATTPORTEN_ORIGINS": "https://login.ansattporten.no",
    "OIDC_ANSATTPORTEN_SCOPES": "openid profile",
    "OIDC_ANSATTPORTEN_ACR_VALUES": "substantial",
    "OIDC_ANSATTPORTEN_SECOND_FACTOR": "acr:substantial, acr:high",
}


def test_none_is_none() -> None:
    assert providers({}) == ()
    assert providers({"OIDC_PROVIDERS": "", "OIDC_ENTRA_ISSUER": ""}) == ()


def test_several_are_read_in_their_order() -> None:
    names = "ansattporten, entra"
    first, second = providers(ENTRA | ANSATTPORTEN | {"OIDC_PROVIDERS": names})
    assert (first.name, first.label) == ("ansattporten", "Ansattporten")
    assert first.scopes == ("openid", "profile")
    assert first.acr_values == "substantial"
    assert first.origins == ("https://ansattporten.no", "https://login.ansattporten.no")
    assert first.discovery == "https://ansattporten.no/.well-known/openid-configuration"
    assert (second.name, second.label) == ("entra", "Kommunekonto")
    assert second.tenants == ("aaaa-1", "bbbb-2")
    assert second.discovery == (
        "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration"
    )
    assert second.origins == ("https://login.microsoftonline.com",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"OIDC_ENTRA_CLIENT_SECRET": ""}, "OIDC_ENTRA_CLIENT_SECRET is not set"),
        ({"OIDC_ENTRA_ISSUER": " "}, "OIDC_ENTRA_ISSUER is not set"),
        ({"OIDC_PROVIDERS": "entra,Entra"}, "small letters"),
        ({"OIDC_PROVIDERS": "entra,entra"}, "twice"),
        ({"OIDC_ENTRA_ISSUER": "http://login.example"}, "begin with https"),
        ({"OIDC_ENTRA_ISSUER": "login.example"}, "must be an address"),
        ({"OIDC_ENTRA_ISSUER": "https://a.example/?x=1"}, "must be an address"),
        ({"OIDC_ENTRA_ISSUER": "https://[x"}, "must be an address"),
        ({"OIDC_ENTRA_ORIGINS": "https://a.example; script-src *"}, "must be an address"),
        ({"OIDC_ENTRA_TENANTS": ""}, "OIDC_ENTRA_TENANTS must list"),
        ({"OIDC_ENTRA_ISSUER": "https://login.example/common/v2.0"}, "must name one tenant"),
        ({"OIDC_ENTRA_SCOPES": "profile"}, "must have openid"),
        ({"OIDC_ENTRA_SECOND_FACTOR": "ja"}, "must be never, always"),
        ({"OIDC_ENTRA_SECRET": "hemmelig"}, "OIDC_ENTRA_SECRET belongs to no provider"),
        ({"OIDC_ANDRE_ISSUER": "https://a.example"}, "OIDC_ANDRE_ISSUER belongs to no"),
        ({"OIDC_ENTRA_CLIENT_SECRET": "hemmelig" * 30}, "longer than"),
        ({"OIDC_ENTRA_LABEL": "x" * 41}, "at most 40"),
    ],
)
def test_what_cannot_be_used_stops_the_program_with_a_sentence(
    changes: dict[str, str], said: str
) -> None:
    with pytest.raises(BadEnvironment, match=said) as refused:
        providers(ENTRA | changes)
    assert "hemmelig" not in str(refused.value)


def test_plain_http_is_for_this_machine_alone() -> None:
    here = ENTRA | {"OIDC_ENTRA_ISSUER": "http://localhost:9400"}
    assert providers(here | {"LOCAL": "1"})[0].origins == ("http://localhost:9400",)
    with pytest.raises(BadEnvironment):
        providers(here)
    with pytest.raises(BadEnvironment):
        providers(here | {"LOCAL": "1", "OIDC_ENTRA_ISSUER": "http://login.example"})


@pytest.mark.parametrize(
    ("setting", "acr", "amr", "counts"),
    [
        ("", "substantial", ["mfa"], False),
        ("never", "substantial", ["mfa"], False),
        ("always", None, None, True),
        ("acr:substantial,acr:high", "high", None, True),
        ("acr:substantial,acr:high", "low", ["mfa"], False),
        ("amr:mfa", None, ["pwd", "mfa"], True),
        ("amr:mfa", "mfa", "mfa", False),
        ("amr:mfa", None, ["pwd"], False),
    ],
)
def test_when_a_login_counts_as_two_factors(setting: str, acr: Any, amr: Any, counts: bool) -> None:
    [found] = providers(ENTRA | {"OIDC_ENTRA_SECOND_FACTOR": setting})
    assert found.is_second_factor(acr, amr) is counts


# --- what is believed ----------------------------------------------------------------------------

[MANY] = providers(ENTRA)
ONE = Provider("ett", "Ett", "https://login.example", "c", "s")
SAID = {"iss": "https://login.example", "sub": "s-1", "nonce": "n"}


def test_the_issuer_is_that_of_the_tenant() -> None:
    claims = {"sub": "s-1", "nonce": "n", "tid": "AAAA-1"}
    issuer = "https://login.microsoftonline.com/aaaa-1/v2.0"
    found = identify(MANY, claims | {"iss": issuer}, "n")
    assert (found.issuer, found.tenant, found.subject) == (issuer, "aaaa-1", "s-1")
    for wrong in (
        {"iss": issuer.replace("aaaa-1", "bbbb-2")},
        {"iss": issuer, "tid": "cccc-3"},
        {"iss": issuer, "tid": None},
        {"iss": "https://login.microsoftonline.com/{tenantid}/v2.0"},
    ):
        with pytest.raises(NotAcceptedError):
            identify(MANY, claims | wrong, "n")


def test_who_it_is_follows_from_issuer_tenant_and_subject_alone() -> None:
    first = identify(ONE, SAID | {"name": "A", "email": "a@example.no"}, "n")
    renamed = identify(ONE, SAID | {"name": "B", "email": "b@example.no"}, "n")
    assert first.uid == renamed.uid
    others = [
        identify(ONE, SAID | {"sub": "s-2"}, "n"),
        identify(ONE, SAID | {"tid": "t"}, "n"),
        identify(
            Provider("ett", "Ett", "https://b.example", "c", "s"),
            SAID | {"iss": "https://b.example"},
            "n",
        ),
    ]
    assert len({first.uid, *(one.uid for one in others)}) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "x"},
        {"nonce": None},
        {"iss": "https://login.example/"},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "01017012345"},
        {"sub": "no:010170 12345:x"},
        {"sub": "a\x00b"},
        {"tid": "01017012345"},
        {"tid": ["t"]},
    ],
    ids=str,
)
def test_what_is_not_for_us_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAcceptedError):
        identify(ONE, SAID | wrong, "n")
    with pytest.raises(NotAcceptedError):
        identify(ONE, SAID | {"nonce": ""}, "")


def test_little_is_kept_and_never_a_national_identity_number() -> None:
    number = "01017012345"
    claims = SAID | {"pid": number, "name": f"Kari {number}", "email": f"{number}@example.no"}
    kept = identify(ONE, claims | {"phone_number": "99887766", "sub": "a1b2"}, "n").stored()
    assert set(kept) == {"issuer", "tenant", "subject", "name", "email"}
    assert not {value for value in kept.values() if number in value or "99887766" in value}
    odd = identify(ONE, SAID | {"name": "Kari\n\x00 N\u202eordby " + "x" * 500, "email": 7}, "n")
    assert odd.name.startswith("Kari Nordby x")
    assert (len(odd.name), odd.email) == (120, "")

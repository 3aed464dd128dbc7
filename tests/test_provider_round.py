"""The round to a provider and back: what holds it together, what goes wrong, and what is kept of it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.test import Client

from config import logs
from config.oidc import DISCOVERY, Provider
from municipalities.models import User
from tests import codes, pages, providers
from tests.conftest import CAST
from tests.ports import free_port
from tests.providers import NEW

As = Callable[[str], Client]
PID = "01017012345"
KEPT = {"issuer", "tenant", "subject", "name", "email"}
BACK = "/logg-inn/med/entra/svar/"


# --- what is kept --------------------------------------------------------------------------------


def test_no_national_identity_number_is_kept_anywhere(entra: str, as_: As) -> None:
    claims = {"pid": PID, "name": f"Nora {PID}", "email": f"{PID}@example.no", "amr": [PID]}
    providers.person(entra, "nora", **claims, birthdate="1970-01-01", phone_number="99887766")
    client = Client()
    assert providers.take(client, providers.invited(as_), "nora").status_code == 302
    assert providers.link(as_("editor"), "en-annen").status_code == 302
    providers.person(entra, "en-annen", **claims)
    assert providers.log_in(Client(), "en-annen").status_code == 302
    providers.person(entra, "ukjent", **claims)
    assert providers.log_in(Client(), "ukjent").status_code == 403
    kept = providers.written()
    assert "nora" in kept, "what is kept is found like this"
    for secret in (PID, "99887766", "1970-01-01", "hemmelig"):
        assert secret not in kept, secret
    assert User.objects.get(email=NEW).name == NEW, "a name with a number in it is no name"


@pytest.mark.parametrize("subject", [PID, f"pid:{PID}", "010170 12345"])
def test_a_subject_that_is_a_national_identity_number_is_refused(
    entra: str, as_: As, subject: str
) -> None:
    providers.person(entra, subject)
    client = Client()
    answer = providers.take(client, providers.invited(as_), subject)
    assert "ikke bekreftet" in pages.text(answer)
    assert not SocialAccount.objects.exists()
    assert subject not in providers.written()


def test_nothing_but_who_it_is_waits_for_the_code(entra: str) -> None:
    """Between the provider and the code the login is in the session."""
    client = codes.logged_in(CAST["editor"])
    providers.person(entra, "en-med-kode", pid=PID, phone_number="99887766", name=f"Erik {PID}")
    assert providers.log_in(client, "en-med-kode", process="connect").status_code == 302
    secret, _, _ = codes.activate(client)
    fresh = Client()
    assert providers.log_in(fresh, "en-med-kode")["Location"] == "/logg-inn/kode/"
    waits = str(dict(fresh.session))
    assert "sociallogin" in waits
    for word in (PID, "99887766", "id_token", "access_token", "hemmelig"):
        assert word not in waits + providers.written(), word
    done = fresh.post("/logg-inn/kode/", {"code": codes.code(secret, 1)})
    assert (done.status_code, providers.knows(fresh)) == (302, CAST["editor"])
    assert set(SocialAccount.objects.get().extra_data) == KEPT
    assert PID not in str(dict(fresh.session)) + providers.written()


def test_no_log_has_a_national_identity_number_or_who_it_was(
    entra: str, as_: As, caplog: pytest.LogCaptureFixture
) -> None:
    """Let in, unknown, and refused for each reason, with everything said that can be said."""
    path = providers.invited(as_)
    claims = {"pid": PID, "name": f"Nora {PID}", "email": "nora.ny@example.no"}
    for subject in ("en-i-loggen", "ukjent-i-loggen", PID):
        providers.person(entra, subject, **claims)
    with caplog.at_level(logging.DEBUG):
        assert providers.take(Client(), path, "en-i-loggen").status_code == 302
        for subject in ("ukjent-i-loggen", PID):
            assert providers.log_in(Client(), subject).status_code == 403
        for wrong in (
            {"nonce": PID},
            {"iss": f"https://{PID}.example"},
            {"aud": PID},
            {"tid": PID},
        ):
            providers.person(entra, "en-i-loggen", **claims, **wrong)
            assert providers.log_in(Client(), "en-i-loggen").status_code == 403
    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]
    assert any("Logging in with Kommunekonto failed" in record.getMessage() for record in ours)
    for record in ours:
        for form in logs.FORMATS:
            line = logs.formatter(form, local=True).format(record)
            assert PID not in line
            assert not [word for word in ("nora", "i-loggen") if word in line.lower()]


def test_a_provider_in_the_database_is_no_provider(entra: str) -> None:
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="falsk",
        name="Falsk",
        client_id="x",
        settings={"server_url": entra},
    )
    assert Client().post("/logg-inn/med/falsk/").status_code == 404
    assert "Falsk" not in pages.text(Client().get("/logg-inn/"))


# --- what holds the round together ---------------------------------------------------------------


def test_what_the_provider_is_asked(entra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, nonce and PKCE, and nothing that whoever made a link could add."""
    sent: list[Any] = []
    real = OAuth2Client.get_access_token

    def spied(self: Any, code: str, pkce_code_verifier: Any = None, **more: Any) -> Any:
        sent.append(pkce_code_verifier)
        return real(self, code, pkce_code_verifier=pkce_code_verifier, **more)

    monkeypatch.setattr(OAuth2Client, "get_access_token", spied)
    client = Client()
    answer = client.post("/logg-inn/med/entra/?scope=alt&auth_params=prompt%3Dnone&nonce=x")
    asked = providers.query(answer["Location"])
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 24
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    client.get(providers.allowed(answer["Location"], "ukjent"))
    assert len(sent[0]) >= 43


def test_an_answer_to_another_question_is_refused(entra: str, as_: As) -> None:
    providers.person(entra, "erik")
    assert providers.link(as_("editor"), "erik").status_code == 302
    client, other = Client(), Client()
    theirs = providers.allowed(providers.asked(other), "erik")
    own = providers.query(providers.asked(client))
    for back in (
        theirs,  # another browser's login
        f"{BACK}?code=x&state=finnes-ikke",
        f"{BACK}?code=x",
        BACK,
        f"{BACK}?code=%00&state=%00",
        f"{BACK}?code=oppdiktet&state={own['state']}",
        f"{BACK}?error=server_error&state={providers.query(providers.asked(client))['state']}",
    ):
        answer = client.get(back)
        assert answer.status_code == 403, back
        assert "ikke bekreftet" in pages.text(answer)
    assert providers.knows(client) == ""
    used = providers.allowed(providers.asked(client), "erik")
    assert client.get(used).status_code == 302
    assert client.get(used).status_code == 403, "a code is good for one login"


@pytest.mark.parametrize(
    "wrong",
    [{"nonce": "en annens"}, {"iss": "https://falsk.example"}, {"aud": "en annen"}, {"exp": 1}],
    ids=str,
)
def test_a_token_that_is_not_for_us_is_refused(entra: str, as_: As, wrong: Any) -> None:
    providers.person(entra, "erik")
    assert providers.link(as_("editor"), "erik").status_code == 302
    providers.person(entra, "erik", **wrong)
    client = Client()
    answer = providers.log_in(client, "erik")
    assert (answer.status_code, providers.knows(client)) == (403, "")


def test_a_signature_by_another_key_is_refused(
    entra: str, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers.person(entra, "erik")
    assert providers.link(as_("editor"), "erik").status_code == 302
    client = Client()
    with providers.serving() as other:
        monkeypatch.setattr(
            "municipalities.accounts.oidc.Adapter.keys_address", lambda self: f"{other}/jwks"
        )
        answer = providers.log_in(client, "erik")
    assert (answer.status_code, providers.knows(client)) == (403, "")


def test_an_answer_is_taken_where_it_was_asked_for(entra: str, as_: As, settings: Any) -> None:
    """What one provider has said is not brought to another's door."""
    other = providers.provider(entra, "annen", client_id="avtaler-entra")
    settings.OIDC_PROVIDERS = (providers.provider(entra), other)
    assert providers.link(as_("editor"), "erik-ved-doeren").status_code == 302
    client = Client()
    back = providers.allowed(providers.asked(client), "erik-ved-doeren")
    brought = client.get(back.replace("/med/entra/", "/med/annen/"))
    assert (brought.status_code, providers.knows(client)) == (403, "")
    assert client.get(back).status_code == 302, "and it is not used up"
    assert providers.knows(client) == CAST["editor"]


def test_somebody_who_thinks_better_of_it_is_back_at_the_login_page(entra: str) -> None:
    client = Client()
    state = providers.query(providers.asked(client))["state"]
    answer = client.get(f"{BACK}?error=access_denied&state={state}", follow=True)
    assert answer.redirect_chain[-1][0] == "/logg-inn/"
    assert "Du avbrøt innloggingen" in pages.text(answer)


def test_a_provider_that_is_away_is_said_to_be(entra: str, settings: Any) -> None:
    client = Client()
    back = providers.allowed(providers.asked(client), "ukjent")
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings.OIDC_PROVIDERS = (providers.provider(nowhere),)
    for answer in (client.post("/logg-inn/med/entra/"), client.get(back)):
        assert answer.status_code == 503
        assert "Vi får ikke kontakt med Kommunekonto" in pages.text(answer)


def test_a_provider_that_answers_oddly_is_not_believed(
    entra: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another page, what is no description, and one that describes somebody else."""
    for path, issuer, status in (
        ("/finnes-ikke", entra, 503),
        ("/?/.well-known/", entra, 503),
        ("/jwks?/.well-known/", entra, 403),
        (DISCOVERY, "https://annen.example", 403),
    ):
        monkeypatch.setattr(Provider, "discovery", f"{entra}{path}")
        settings.OIDC_PROVIDERS = (providers.provider(issuer),)
        assert Client().post("/logg-inn/med/entra/").status_code == status, path


def started(**environment: str) -> Any:
    """Read the settings in a process of their own, and print where forms may lead."""
    program = (
        "import config.settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )
    described = {f"OIDC_ENTRA_{name}": value for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LOCAL": "1", "OIDC_PROVIDERS": "entra", **described},
        capture_output=True,
        text=True,
    )


def test_a_page_may_lead_to_the_providers_that_are_set_up_and_nowhere_else() -> None:
    described = {"ISSUER": "https://login.example/x", "CLIENT_ID": "c", "CLIENT_SECRET": "s"}
    more = started(**described, ORIGINS="https://fs.example")
    assert more.stdout.strip() == ("[\"'self'\", 'https://login.example', 'https://fs.example']"), (
        more.stderr
    )
    without = started(**described | {"CLIENT_SECRET": ""})
    assert without.returncode == 1
    assert without.stderr.strip().endswith(
        "OIDC_ENTRA_CLIENT_SECRET is not set, and OIDC_PROVIDERS names entra"
    )

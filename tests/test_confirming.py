"""Confirming that it is still you: what was asked for is done then, and no password waits in a session."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from municipalities.models import User
from tests import codes, pages, providers
from tests.conftest import CAST
from tests.providers import NEW

As = Callable[[str], Client]
ACCOUNT = "/min-side/konto/"
CHOSEN = "morgendugg-8-granbar"


OLD = "uten at du logget inn på nytt"
NO_TIME = "fortalte ikke når du logget inn"


def ago(seconds: float) -> int:
    """The time so long ago, as a provider states it."""
    return int(time.time() - seconds)


def later(client: Client) -> None:
    """Let the session be one that has confirmed nothing lately."""
    session = client.session
    session.pop("account_authentication_methods")
    session.save()


def by_provider(client: Client, where: str, subject: str = "nora") -> Any:
    """Log in at the provider again, from the page one is sent to."""
    page = client.get(where)
    sent = pages.form(page, "Logg inn med Kommunekonto")
    answer = client.post("/logg-inn/med/entra/", sent)
    return client.get(providers.allowed(answer["Location"], subject), follow=True)


@pytest.fixture
def nora(entra: str, as_: As) -> Client:
    """Somebody who has neither password nor code, and logged in a while ago."""
    providers.person(entra, "nora", name="Nora")
    client = Client()
    assert providers.take(client, providers.invited(as_), "nora").status_code == 302
    later(client)
    return client


def test_a_button_is_done_when_the_provider_has_confirmed(nora: Client, entra: str) -> None:
    """Without password or code, and the button's address is for sending to alone."""
    user = User.objects.get(email=NEW)
    extra = SocialAccount.objects.create(user=user, provider="entra", uid="x" * 64, extra_data={})
    key = nora.session.session_key
    asked = nora.post(f"{ACCOUNT}innlogging/{extra.pk}/fjern/")
    assert asked["Location"].startswith("/logg-inn/bekreft/igjen/?next=")
    done = by_provider(nora, asked["Location"])
    assert (done.status_code, done.redirect_chain[-1][0]) == (200, ACCOUNT)
    assert "En innlogging med Kommunekonto er fjernet" in pages.text(done)
    assert not SocialAccount.objects.filter(pk=extra.pk).exists()
    assert nora.session.session_key == key, "and is logged in as before"


def test_an_app_is_turned_on_also_by_whoever_took_their_time(nora: Client, entra: str) -> None:
    by_provider(nora, nora.get(codes.ACTIVATE)["Location"])
    opened = nora.get(codes.ACTIVATE)
    secret = pages.page(opened).one("code").text
    later(nora)
    sent = pages.changed(pages.form(opened, "Slå på"), code=codes.code(secret))
    done = by_provider(nora, nora.post(codes.ACTIVATE, sent)["Location"])
    assert "Ta vare på gjenopprettingskodene" in pages.text(done)
    assert codes.secret_of(NEW) == secret


def test_a_code_that_is_too_old_by_then_is_asked_for_with_the_same_secret(
    nora: Client, entra: str
) -> None:
    by_provider(nora, nora.get(codes.ACTIVATE)["Location"])
    opened = nora.get(codes.ACTIVATE)
    secret = pages.page(opened).one("code").text
    later(nora)
    sent = pages.changed(pages.form(opened, "Slå på"), code=codes.code(secret, -9))
    refused = by_provider(nora, nora.post(codes.ACTIVATE, sent)["Location"])
    assert set(pages.complaints(refused)) == {"code"}
    again = pages.form(refused, "Slå på", codes.ACTIVATE)
    done = nora.post(codes.ACTIVATE, pages.changed(again, code=codes.code(secret)))
    assert "Ta vare på gjenopprettingskodene" in pages.text(done)


def test_a_password_that_was_typed_is_kept_nowhere_and_asked_for_again(
    nora: Client, entra: str
) -> None:
    address = f"{ACCOUNT}passord/nytt/"
    chosen = {"password1": CHOSEN, "password2": CHOSEN}
    asked = nora.post(address, chosen)
    assert asked["Location"].startswith("/logg-inn/bekreft/igjen/?next=")
    assert CHOSEN not in providers.written()
    assert "Passordet du skrev, er ikke lagret" in pages.text(nora.get(asked["Location"]))
    form = by_provider(nora, asked["Location"])
    assert form.redirect_chain[-1][0] == address
    assert not User.objects.get(email=NEW).has_usable_password()
    assert nora.post(address, pages.changed(pages.form(form, "Lagre"), **chosen)).status_code == 302
    assert User.objects.get(email=NEW).check_password(CHOSEN)


def test_what_waits_is_the_fields_alone_and_is_forgotten_when_given_up(quiet: Any) -> None:
    """No header and no cookie; and confirming for something else does not do it."""
    client = codes.logged_in(CAST["editor"])
    codes.activate(client)
    later(client)
    asked = client.post(f"{ACCOUNT}totrinn/av/", {"csrfmiddlewaretoken": "t" * 32})
    kept = str(dict(client.session))
    assert not [word for word in ("HTTP_", "COOKIE", "t" * 32) if word in kept]
    elsewhere = client.post(f"/logg-inn/bekreft/?next={ACCOUNT}", {"password": codes.PASSWORD})
    assert elsewhere["Location"] == ACCOUNT
    later(client)
    client.post(asked["Location"], {"password": codes.PASSWORD})
    assert Authenticator.objects.exists()


def test_what_was_given_up_is_not_done_when_the_same_page_is_opened_later(quiet: Any) -> None:
    client = codes.logged_in(CAST["editor"])
    codes.activate(client)
    later(client)
    address = f"{ACCOUNT}totrinn/av/"
    client.post(address)
    opened = client.get(address)
    done = client.post(opened["Location"], {"password": codes.PASSWORD})
    assert (done.status_code, done["Location"]) == (302, address)
    assert Authenticator.objects.exists()


def test_the_provider_is_asked_to_log_them_in_anew(nora: Client, entra: str) -> None:
    """Whoever finds a browser where they are logged in at the provider confirms nothing by that."""
    asked = nora.get(codes.ACTIVATE)
    sent = pages.form(nora.get(asked["Location"]), "Logg inn med Kommunekonto")
    answer = nora.post("/logg-inn/med/entra/", sent)
    sent_to = providers.query(answer["Location"])
    assert (sent_to["prompt"], sent_to["max_age"]) == ("login", "600"), "never 0, see oidc.py"
    assert not {"prompt", "max_age"} & set(providers.query(providers.asked(Client())))


def test_only_the_one_who_is_logged_in_confirms(nora: Client, entra: str, as_: As) -> None:
    """Somebody else at the provider is logged in instead, and what waited is not done for either."""
    providers.person(entra, "lise")
    assert providers.link(as_("editor"), "lise").status_code == 302
    user = User.objects.get(email=NEW)
    extra = SocialAccount.objects.create(user=user, provider="entra", uid="x" * 64, extra_data={})
    asked = nora.post(f"{ACCOUNT}innlogging/{extra.pk}/fjern/")
    by_provider(nora, asked["Location"], "lise")
    assert providers.knows(nora) == CAST["editor"]
    assert SocialAccount.objects.filter(pk=extra.pk).exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (lambda: ago(3600), OLD),
        (lambda: ago(90), OLD),
        (lambda: None, NO_TIME),
        (lambda: "i dag", NO_TIME),
        (lambda: True, NO_TIME),
        (lambda: -1, NO_TIME),
        (lambda: ago(-3600), NO_TIME),
        (lambda: 10**400, NO_TIME),
    ],
    ids=[
        "an hour ago",
        "before it was asked",
        "nothing",
        "words",
        "true",
        "below",
        "to come",
        "huge",
    ],
)
def test_a_provider_that_let_them_in_by_an_old_session_confirms_nothing(
    told: Callable[[], object], words: str, nora: Client, entra: str
) -> None:
    """Nothing is done, they stay logged in, and what waits is done when they do log in there."""
    user = User.objects.get(email=NEW)
    extra = SocialAccount.objects.create(user=user, provider="entra", uid="x" * 64, extra_data={})
    asked = nora.post(f"{ACCOUNT}innlogging/{extra.pk}/fjern/")
    providers.person(entra, "nora", auth_time=told())
    refused = by_provider(nora, asked["Location"])
    assert refused.status_code == 403
    assert words in pages.text(refused)
    assert SocialAccount.objects.filter(pk=extra.pk).exists()
    assert providers.knows(nora) == NEW
    [again] = [a["href"] for a in pages.page(refused).all("a") if a.text == "Prøv en gang til"]
    assert again == unquote(asked["Location"])
    providers.person(entra, "nora", auth_time=ago(20))
    assert by_provider(nora, again).status_code == 200
    assert not SocialAccount.objects.filter(pk=extra.pk).exists()


@pytest.mark.parametrize(
    ("told", "confirmed"),
    [(lambda: ago(60), True), (lambda: ago(3600), False), (lambda: None, False)],
    ids=["now", "an hour ago", "nothing"],
)
def test_logging_in_confirms_only_when_the_provider_says_it_was_now(
    told: Callable[[], object], confirmed: bool, nora: Client, entra: str
) -> None:
    """Else whoever finds a browser that was left open would log out here and in again."""
    providers.person(entra, "nora", auth_time=told())
    fresh = Client()
    assert providers.log_in(fresh, "nora").status_code == 302
    assert fresh.get(codes.ACTIVATE).status_code == (200 if confirmed else 302)


def test_a_round_that_was_begun_to_log_in_confirms_nothing(nora: Client, entra: str) -> None:
    client = Client()
    ways = [providers.asked(client) for _ in range(2)]
    providers.person(entra, "nora", auth_time=ago(3600))
    for way in ways:
        assert client.get(providers.allowed(way, "nora")).status_code == 302
        assert client.get(codes.ACTIVATE).status_code == 302


def test_what_is_told_of_somebody_is_forgotten(entra: str, as_: As) -> None:
    """So that no test has another test's person."""
    providers.person(entra, "glemt", tid="a-tenant")
    providers.forget(entra)
    assert providers.link(as_("editor"), "glemt").status_code == 302
    assert SocialAccount.objects.get().extra_data["tenant"] == ""

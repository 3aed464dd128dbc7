"""Two factors: turning them on and off, codes, what administrators must have, and losing the app."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from municipalities import tasks
from municipalities.models import AccountMail, RegisterEvent, SharedCache, User
from tests import codes, jobs, pages, providers
from tests.conftest import CAST

As = Callable[[str], Client]
EDITOR, ADMINISTRATOR = CAST["editor"], CAST["administrator"]
TYPED = "En lang tekst som tok en halvtime å skrive."
PEOPLE = "/kommuner/regioner/ringeriksregionen/personer/"


def subjects(email: str) -> list[str]:
    """What somebody has been mailed."""
    jobs.run()
    return [sent.subject for sent in mail.outbox if sent.to == [email]]


def actions() -> list[str]:
    rows = RegisterEvent.objects.filter(action__startswith="totp.").order_by("pk")
    return list(rows.values_list("action", flat=True))


def test_turning_it_on_shows_the_codes_once(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)
    opened = client.get(codes.ACTIVATE)
    picture = pages.page(opened).one("img")
    assert picture["src"].startswith("data:image/svg+xml;base64,")
    assert "img-src 'self' data:" in opened["Content-Security-Policy"]
    secret = pages.page(opened).one("code").text
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    sent = pages.form(opened, "Slå på")
    wrong = client.post(codes.ACTIVATE, pages.changed(sent, code="000000"))
    assert (wrong.status_code, set(pages.complaints(wrong))) == (422, {"code"})
    assert pages.page(wrong).one("code").text == secret, "the app need not be set up anew"
    answer = client.post(codes.ACTIVATE, pages.changed(sent, code=codes.code(secret)))
    shown = [node.text for node in pages.page(answer).all("code")]
    assert len(set(shown)) == 10
    download = [a for a in pages.page(answer).all("a") if "download" in a]
    assert [code in download[0]["href"] for code in shown] == [True] * 10
    for address in ("/min-side/konto/", codes.ACTIVATE, "/min-side/konto/totrinn/koder/"):
        assert shown[0] not in client.get(address, follow=True).content.decode()
    assert actions() == ["totp.activated"]
    assert subjects(EDITOR) == ["Totrinnsbekreftelse er slått på"]


def test_opening_the_page_writes_nothing_and_the_secret_comes_back_with_the_form(
    quiet: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only to the one it was made for, and not after the session has run out."""
    client, other = codes.logged_in(EDITOR), codes.logged_in(CAST["director"])
    with CaptureQueriesContext(connection) as asked:
        opened = client.get(codes.ACTIVATE)
    assert not [q for q in asked if re.match("INSERT|UPDATE|DELETE", q["sql"])]
    secret = pages.page(opened).one("code").text
    assert secret not in providers.written()
    sent = pages.changed(pages.form(opened, "Slå på"), code=codes.code(secret))
    assert secret not in str(sent), "encrypted"
    for who, form in ((other, sent), (client, {**sent, "sealed": "x"})):
        refused = who.post(codes.ACTIVATE, form)
        assert "stått åpen for lenge" in pages.complaints(refused)["code"]
        new = pages.page(refused).one("code").text
        assert new != secret
        again = pages.form(refused, "Slå på")
        assert again["sealed"] != form["sealed"], "the new one can be used"
    with monkeypatch.context() as later:
        then = time.time() + settings.SESSION_COOKIE_AGE + 1
        later.setattr("cryptography.fernet.time.time", lambda: then)
        assert set(pages.complaints(client.post(codes.ACTIVATE, sent))) == {"code"}
    assert not Authenticator.objects.exists()
    assert client.post(codes.ACTIVATE, sent).status_code == 200
    assert codes.secret_of(EDITOR) == secret


def test_a_mail_whose_job_is_lost_is_sent_all_the_same(quiet: Any) -> None:
    codes.activate(codes.logged_in(EDITOR))
    jobs.drop()
    AccountMail.objects.update(try_after=timezone.now())
    for _ in range(2):
        tasks.wake_account_mail.func(timestamp=0)
        jobs.run()
    assert [sent.subject for sent in mail.outbox] == ["Totrinnsbekreftelse er slått på"]


def test_what_has_run_out_is_forgotten(quiet: Any) -> None:
    old, client = codes.logged_in(EDITOR), codes.logged_in(EDITOR)
    past = timezone.now() - dt.timedelta(days=1)
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=past)
    cache.set("talt", 1, 600)
    SharedCache.objects.update(expires=past)
    tasks.tidy_accounts.func(timestamp=0)
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
    assert not SharedCache.objects.exists()
    assert client.get("/").status_code == 200


def test_a_copy_of_the_database_makes_no_codes(quiet: Any, settings: Any) -> None:
    """With another SECRET_KEY nothing fits that was made with this one, until it is reset."""
    secret, recovery, _ = codes.activate(codes.logged_in(EDITOR))
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not [code for code in recovery if code in stored]
    settings.SECRET_KEY = "x" * 60
    client = Client()
    codes.log_in(client, EDITOR)
    for made in (codes.code(secret), *recovery[:2]):
        assert client.post("/logg-inn/kode/", {"code": made}).status_code == 422
    call_command("reset_two_factor", EDITOR, stdout=StringIO())
    again = Client()
    assert codes.log_in(again, EDITOR, next="/avtaler/")["Location"] == "/avtaler/"
    assert codes.activate(again)[1]


def test_the_code_is_asked_for_and_good_once(quiet: Any) -> None:
    secret, recovery, _ = codes.activate(codes.logged_in(EDITOR))
    client = Client()
    answer = codes.log_in(client, EDITOR, next="/avtaler/")
    assert answer["Location"].startswith("/logg-inn/kode/")
    assert client.get("/avtaler/").status_code == 302, "not in yet"
    for wrong in ("", "000000", "\x00", "æ" * 500):
        assert client.post("/logg-inn/kode/", {"code": wrong}).status_code in (422, 429)
    right = codes.code(secret, 1)
    assert client.post("/logg-inn/kode/", {"code": right})["Location"] == "/avtaler/"
    again = Client()
    codes.log_in(again, EDITOR)
    assert again.post("/logg-inn/kode/", {"code": right}).status_code == 422, "used"
    assert again.post("/logg-inn/kode/", {}).status_code == 422
    assert again.post("/logg-inn/kode/", {"code": recovery[0]}).status_code == 302
    third = Client()
    codes.log_in(third, EDITOR)
    assert third.post("/logg-inn/kode/", {"code": recovery[0]}).status_code == 422, "used"
    assert third.post("/logg-ut/").status_code == 302, "and thinking better of it is possible"
    assert third.get("/logg-inn/").status_code == 200


def test_codes_may_not_be_guessed(quiet: Any) -> None:
    secret, _, _ = codes.activate(codes.logged_in(EDITOR))
    client = Client()
    codes.log_in(client, EDITOR)
    tried = [client.post("/logg-inn/kode/", {"code": "000000"}).status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]
    refused = client.post("/logg-inn/kode/", {"code": codes.code(secret, 1)})
    assert refused.status_code == 429
    assert "For mange forsøk" in pages.text(refused)


def test_one_code_that_is_left_is_one_code(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)
    _, recovery, _ = codes.activate(client)
    page, other = "/min-side/konto/totrinn/koder/", Client()
    assert "Du har 10 ubrukte koder." in pages.text(client.get(page))
    for used in recovery[:9]:
        codes.log_in(other, EDITOR)
        assert other.post("/logg-inn/kode/", {"code": used}).status_code == 302
        other.post("/logg-ut/")
    assert "Du har 1 ubrukt kode." in pages.text(client.get(page))


def test_new_codes_kill_the_old_ones(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)
    _, old, _ = codes.activate(client)
    sent = pages.form(client.get("/min-side/konto/totrinn/koder/"), "Lag nye koder")
    answer = client.post("/min-side/konto/totrinn/koder/", sent)
    new = [node.text for node in pages.page(answer).all("code")]
    assert (len(new), set(new) & set(old)) == (10, set())
    other = Client()
    codes.log_in(other, EDITOR)
    assert other.post("/logg-inn/kode/", {"code": old[0]}).status_code == 422
    assert other.post("/logg-inn/kode/", {"code": new[0]}).status_code == 302
    assert actions() == ["totp.activated", "totp.new_codes"]


def test_turning_it_off_asks_who_it_is_first(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)
    codes.activate(client)
    client.force_login(User.objects.get(email=EDITOR))  # a session that has shown nothing lately
    session = client.session
    session.pop("account_authentication_methods")
    session.save()
    off = "/min-side/konto/totrinn/av/"
    asked = client.post(off)
    assert asked["Location"].startswith("/logg-inn/bekreft/?next=")
    assert Authenticator.objects.exists()
    done = client.post(asked["Location"], {"password": codes.PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/min-side/konto/")
    assert not Authenticator.objects.exists(), "recovery codes too"
    assert actions() == ["totp.activated", "totp.deactivated"]
    assert subjects(EDITOR)[-1] == "Totrinnsbekreftelse er slått av"
    assert codes.log_in(Client(), EDITOR)["Location"] == "/"


def test_turning_it_on_ends_sessions_that_have_shown_no_code(quiet: Any) -> None:
    first, second = codes.logged_in(EDITOR), Client()
    assert codes.log_in(second, EDITOR).status_code == 302
    codes.activate(second)
    assert second.get("/").status_code == 200
    assert first.get("/").status_code == 302


# --- required ------------------------------------------------------------------------------------


@pytest.fixture
def required(quiet: Any, settings: Any) -> None:
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = True


def test_an_administrator_can_do_nothing_else_first(required: None) -> None:
    client = codes.logged_in(ADMINISTRATOR)
    for address in ("/", PEOPLE, "/min-side/konto/", "/min-side/konto/passord/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(f"{codes.ACTIVATE}?next="), address
    assert "Administratorer må logge inn med to trinn" in pages.text(client.get(codes.ACTIVATE))
    kept = client.post(PEOPLE, {"email": "ny@hole.example", "note": TYPED})
    assert kept.status_code == 403
    assert TYPED in kept.content.decode()
    assert client.post(PEOPLE)["Location"].startswith(codes.ACTIVATE)
    _, _, shown = codes.activate(client, PEOPLE)
    onward = [a["href"] for a in pages.page(shown).all("a") if "tatt vare" in a.text]
    assert onward == [PEOPLE]
    assert client.get(PEOPLE).status_code == 200


def test_the_administration_pages_are_no_way_round(required: None) -> None:
    user = User.objects.create_superuser("drift@eksempel.no", codes.PASSWORD, name="Dina Drift")
    client = Client()
    assert codes.log_in(client, user.email, next="/administrasjon/").status_code == 302
    for address in ("/administrasjon/", "/administrasjon/municipalities/user/"):
        assert client.get(address)["Location"].startswith(codes.ACTIVATE)
    for address in ("/administrasjon/login/", "/administrasjon/password_change/"):
        way = client.get(address, follow=True).redirect_chain
        assert way[-1][0].startswith(codes.ACTIVATE), address
    codes.activate(client)
    assert client.get("/administrasjon/").status_code == 200
    fresh, right = Client(), {"username": user.email, "password": codes.PASSWORD}
    asked = fresh.post("/administrasjon/login/", {**right, "next": "/administrasjon/"})
    assert asked["Location"].startswith("/logg-inn/?next="), "there is one login page"
    assert "_auth_user_id" not in fresh.session, "though the password was right"
    assert codes.log_in(fresh, user.email)["Location"].startswith("/logg-inn/kode/")
    way = fresh.get("/administrasjon/", follow=True).redirect_chain
    assert way[-1][0].startswith("/logg-inn/"), "nor without the code"


def test_a_session_without_the_code_is_asked_for_it(required: None) -> None:
    """As when somebody becomes an administrator while logged in, or the rule is new."""
    client = codes.logged_in(ADMINISTRATOR)
    secret, _, _ = codes.activate(client)
    client.force_login(User.objects.get(email=ADMINISTRATOR))
    session = client.session
    session.pop("account_authentication_methods")
    session.save()
    answer = client.get(PEOPLE)
    assert answer["Location"].startswith("/logg-inn/bekreft/kode/?next=")
    assert client.get(answer["Location"]).status_code == 200
    by_password = client.post("/logg-inn/bekreft/", {"password": codes.PASSWORD})
    assert by_password.status_code == 302
    assert client.get(PEOPLE).status_code == 302, "a password is the same factor once more"
    done = client.post(answer["Location"], {"code": codes.code(secret, 1)})
    assert done["Location"] == PEOPLE
    assert client.get(PEOPLE).status_code == 200


def test_an_administrator_may_not_turn_it_off(required: None) -> None:
    client = codes.logged_in(ADMINISTRATOR)
    codes.activate(client)
    off = "/min-side/konto/totrinn/av/"
    assert "Den kan ikke slås av" in pages.text(client.get(off))
    assert client.post(off).status_code == 422
    assert Authenticator.objects.exists()


def test_others_are_let_be_and_it_costs_no_administrator_a_query(
    required: None, as_: As, settings: Any
) -> None:
    assert as_("editor").get("/avtaler/").status_code == 200
    client = codes.logged_in(ADMINISTRATOR)
    codes.activate(client)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/avtaler/").status_code == 200
        return len(queries)

    with_rule = asked()
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = False
    assert asked() == with_rule


@pytest.mark.parametrize(
    ("second_factor", "acr", "let_in"),
    [
        ((), "high", False),
        (("always",), "", True),
        (("acr:high",), "high", True),
        (("acr:high",), "low", False),
    ],
)
def test_a_provider_may_vouch_for_both(
    required: None,
    entra: str,
    settings: Any,
    second_factor: Any,
    acr: str,
    let_in: bool,
) -> None:
    settings.OIDC_PROVIDERS = (providers.provider(entra, second_factor=second_factor),)
    providers.person(entra, "ada", acr=acr)
    client = codes.logged_in(ADMINISTRATOR)
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = False
    assert providers.log_in(client, "ada", process="connect").status_code == 302
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = True
    fresh = Client()
    assert providers.log_in(fresh, "ada").status_code == 302
    assert fresh.get(PEOPLE).status_code == (200 if let_in else 302)


def test_whoever_has_it_is_asked_whichever_way_they_come(entra: str) -> None:
    providers.person(entra, "erik")
    client = codes.logged_in(EDITOR)
    assert providers.log_in(client, "erik", process="connect").status_code == 302
    secret, _, _ = codes.activate(client)
    fresh = Client()
    assert providers.log_in(fresh, "erik")["Location"] == "/logg-inn/kode/"
    assert fresh.get("/").status_code == 302
    done = fresh.post("/logg-inn/kode/", {"code": codes.code(secret, 1)})
    assert (done.status_code, fresh.get("/").status_code) == (302, 200)

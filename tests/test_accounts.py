"""One's own account: guesses are limited, passwords forgotten and changed, sessions listed and ended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from municipalities.models import Membership, RegisterEvent, User
from tests import codes, jobs, pages
from tests.conftest import CAST

As = Callable[[str], Client]
EDITOR = CAST["editor"]
ACCOUNT = "/min-side/konto/"
PEOPLE = "/kommuner/regioner/ringeriksregionen/personer/"
NEW = "en helt annen setning 8"


def tries(client: Client, count: int, email: str = EDITOR, **extra: str) -> list[int]:
    """Guess wrong so many times, and return what each was answered with."""
    data = {"login": email, "password": "feil passord her"}
    return [client.post("/logg-inn/", data, **extra).status_code for _ in range(count)]


# --- guesses -------------------------------------------------------------------------------------


def test_guesses_are_limited_and_the_message_is_plain(quiet: Any) -> None:
    codes.known(EDITOR)
    client = Client()
    assert tries(client, 6) == [422] * 5 + [429]
    refused = codes.log_in(client, EDITOR)
    assert (refused.status_code, "_auth_user_id" in client.session) == (429, False)
    assert "For mange forsøk. Vent fem minutter" in pages.text(refused)
    assert codes.log_in(Client(), EDITOR.upper()).status_code == 429, "in any browser, in any case"
    assert codes.log_in(client, CAST["director"]).status_code != 429, "others are let be"


def test_the_limit_is_shared_and_holds_no_address(quiet: Any) -> None:
    """The counters are in the database, which all web processes have: not in this one's memory."""
    codes.known(EDITOR)
    tries(Client(), 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM municipalities_sharedcache")
        kept = str(cursor.fetchall())
    assert kept != "[]"
    assert EDITOR not in kept
    cache.clear()
    assert codes.log_in(Client(), EDITOR).status_code == 302


def test_nobody_is_locked_out_by_somebody_elses_guesses(quiet: Any) -> None:
    """A browser that the owner has used is counted by itself, and so has its own limit too."""
    own = codes.logged_in(EDITOR)
    own.post("/logg-ut/")
    stranger = Client()
    assert tries(stranger, 6)[-1] == 429
    assert codes.log_in(own, EDITOR).status_code == 302, "the owner gets in"
    own.post("/logg-ut/")
    assert tries(own, 6)[-1] == 429, "also there guesses are limited"
    assert codes.log_in(own, EDITOR).status_code == 429
    cookie = own.cookies["known_browser"].value
    for value in (cookie + "x", "x", "", cookie.replace(cookie[5], "Q")):
        stranger.cookies["known_browser"] = value
        assert codes.log_in(stranger, EDITOR).status_code == 429, "a cookie is not made up"
    other = codes.logged_in(CAST["director"])
    other.post("/logg-ut/")
    assert codes.log_in(other, EDITOR).status_code == 429, "nor good for somebody else's account"


def test_waiting_or_a_new_password_ends_it(quiet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    codes.known(EDITOR)
    client = Client()
    tries(client, 6)
    real = timezone.now().timestamp()
    with monkeypatch.context() as later:
        later.setattr("allauth.core.internal.ratelimit.time.time", lambda: real + 301)
        assert codes.log_in(client, EDITOR).status_code == 302
    assert tries(Client(), 5)[-1] == 422, "refused tries do not lengthen the wait"
    fresh = Client()
    assert (
        fresh.post(
            codes.reset_link(fresh, EDITOR), {"password1": NEW, "password2": NEW}
        ).status_code
        == 302
    )
    assert codes.log_in(fresh, EDITOR, NEW).status_code == 302


def test_a_new_password_ends_the_wait_of_the_browser_that_is_known_too(quiet: Any) -> None:
    own = codes.logged_in(EDITOR)
    own.post("/logg-ut/")
    assert tries(own, 6)[-1] == 429
    where = codes.reset_link(own, EDITOR)
    assert own.post(where, {"password1": NEW, "password2": NEW}).status_code == 302
    assert codes.log_in(own, EDITOR, NEW).status_code == 302


def test_one_address_does_not_try_everybody(quiet: Any) -> None:
    answered = [tries(Client(), 1, f"{n}@hole.example")[0] for n in range(22)]
    assert (answered[:20], answered[20:]) == ([422] * 20, [429] * 2)
    elsewhere = tries(Client(), 1, "en@hole.example", HTTP_X_FORWARDED_FOR="192.0.2.9")
    assert elsewhere == [429], "on this machine nobody says for themselves where they are"


# --- closed --------------------------------------------------------------------------------------


def test_nobody_signs_up(quiet: Any) -> None:
    for name in ("account_signup", "socialaccount_signup", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    before = list(User.objects.values_list("email", flat=True))
    inside = codes.logged_in(EDITOR)
    data = {"email": "ny@kommune.no", "password1": NEW, "password2": NEW, "name": "Nina Ny"}
    for address in ("/accounts/signup/", "/logg-inn/signup/", "/registrer/"):
        for client in (Client(), inside):
            assert client.get(address).status_code == 404
            assert client.post(address, data).status_code == 404
    assert not account_adapter().is_open_for_signup(None)
    assert not social_adapter().is_open_for_signup(None, None)
    assert list(User.objects.values_list("email", flat=True)) == before


def test_a_person_without_a_role_sees_nothing_and_is_told_whom_to_ask(quiet: Any) -> None:
    User.objects.create_user("ny@hole.example", codes.PASSWORD, name="Nina Ny")
    client = Client()
    codes.log_in(client, "ny@hole.example")
    assert "Be administratoren i kontraktskommunen" in pages.text(client.get("/"))
    assert client.get("/kommuner/").status_code == 404
    assert client.get("/avtaler/ringeriksregionen-2026/").status_code == 404
    assert client.get(ACCOUNT).status_code == 200, "the account is the person's own"


# --- one's own page ------------------------------------------------------------------------------


def test_a_new_password_ends_all_other_sessions(quiet: Any) -> None:
    client, other = codes.logged_in(EDITOR), codes.logged_in(EDITOR)
    sent = {"oldpassword": codes.PASSWORD, "password1": NEW, "password2": NEW}
    address = f"{ACCOUNT}passord/"
    for wrong, field in (("oldpassword", "oldpassword"), ("password2", "password2")):
        refused = client.post(address, {**sent, wrong: "noe helt annet 9"})
        assert (refused.status_code, set(pages.complaints(refused))) == (422, {field})
    common = client.post(address, {**sent, "password1": "passord12345", "password2": "x"})
    assert common.status_code == 422
    assert other.get("/").status_code == 200, "so far"
    answer = client.post(address, sent, follow=True)
    assert "Du er logget ut alle andre steder" in pages.text(answer)
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert len(listed(client)) == 1
    assert RegisterEvent.objects.filter(action="password.changed").count() == 1
    jobs.run()
    assert mail.outbox[-1].subject == "Passordet ditt er byttet"


def listed(client: Client) -> list[str]:
    """Where the page says that the person is logged in."""
    read = pages.page(client.get(ACCOUNT))
    section = next(n for n in read.all("section") if n.get("aria-labelledby") == "steder")
    items = [n for n in read.all("li") if any(parent is section for parent in n.parents)]
    return [item.text for item in items]


def test_sessions_are_listed_and_ended_one_by_one(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)
    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"})
    codes.log_in(phone, EDITOR)
    here, there = listed(client)
    assert here.startswith("Firefox på Linux Denne nettleseren")
    assert there.startswith("Safari på iPhone")
    assert "127.0.0.0" in there, "the network, and not the machine"
    assert "127.0.0.1" not in str(list(UserSession.objects.values_list("ip", flat=True)))
    row = UserSession.objects.get(user_agent__contains="iPhone")
    strange = codes.logged_in(CAST["director"])
    assert strange.post(f"{ACCOUNT}steder/{row.pk}/logg-ut/").status_code == 302
    assert phone.get("/").status_code == 200, "nobody ends somebody else's"
    assert client.post(f"{ACCOUNT}steder/{row.pk}/logg-ut/").status_code == 302
    assert phone.get("/").status_code == 302
    assert len(listed(client)) == 1
    event = RegisterEvent.objects.get(action="session.ended")
    assert (event.actor.email, event.data["count"]) == (EDITOR, 1)


def test_all_others_are_ended_at_once(quiet: Any) -> None:
    client, *others = (codes.logged_in(EDITOR) for _ in range(3))
    assert [other.get("/").status_code for other in others] == [200] * 2, "so far"
    assert client.post(f"{ACCOUNT}steder/logg-ut-andre/").status_code == 302
    assert client.get("/").status_code == 200
    assert [other.get("/").status_code for other in others] == [302] * 2
    assert len(listed(client)) == 1


def test_the_list_asks_as_little_however_long_it_is(quiet: Any) -> None:
    client = codes.logged_in(EDITOR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ACCOUNT).status_code == 200
        return len(queries)

    before = asked()
    for _ in range(5):
        codes.log_in(Client(), EDITOR)
    assert len(listed(client)) == 6
    assert asked() == before
    assert before <= 8


def test_reading_writes_nothing_and_sending_notes_that_it_is_used(
    quiet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = codes.logged_in(EDITOR)
    seen = UserSession.objects.get().last_seen_at
    later = timezone.now() + dt.timedelta(minutes=11)
    with monkeypatch.context() as clock:
        stamp = later.timestamp()
        clock.setattr("municipalities.accounts.sessions.time.time", lambda: stamp)
        for address in ("/", "/avtaler/", ACCOUNT):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert not [q for q in asked if re.match("INSERT|UPDATE|DELETE", q["sql"])]
        assert UserSession.objects.get().last_seen_at == seen
        client.post("/min-side/varsler/lest/")
        noted = UserSession.objects.get().last_seen_at
        client.post("/min-side/varsler/lest/")
    assert noted > seen
    assert UserSession.objects.get().last_seen_at == noted, "at most every ten minutes"


# --- people --------------------------------------------------------------------------------------


def test_a_role_is_changed_with_an_event_and_never_ones_own(quiet: Any, as_: As) -> None:
    client = as_("administrator")
    lars = Membership.objects.get(user__email=CAST["reader"])
    own = Membership.objects.get(user__email=CAST["administrator"])
    moss = Membership.objects.get(user__email=CAST["outsider"])
    address = f"{PEOPLE}rolle/{lars.pk}/endre/"
    opened = client.get(address)
    assert "Lars Leser er leser i Hole kommune" in pages.text(opened)
    assert pages.form(opened, "Endre rollen")["role"] == ["reader"]
    for role in ("administrator", "", "konge"):
        assert client.post(address, {"role": role}).status_code == 422
    assert client.post(address, {"role": "editor"}).status_code == 302
    lars.refresh_from_db()
    assert lars.role == "editor"
    event = RegisterEvent.objects.get(action="membership.changed")
    assert (event.actor.email, event.data["role"]) == (CAST["administrator"], ["reader", "editor"])
    assert as_("reader").get("/avtaler/ringeriksregionen-2026/opplysninger/").status_code == 200
    assert client.post(f"{PEOPLE}rolle/{moss.pk}/endre/", {"role": "reader"}).status_code == 404
    refused = client.post(f"{PEOPLE}rolle/{own.pk}/endre/", {"role": "reader"}, follow=True)
    assert "din egen rolle" in pages.text(refused)
    own.refresh_from_db()
    assert own.role == "administrator"
    Membership.objects.create(user=lars.user, organisation=lars.organisation, role="director")
    taken = client.post(address, {"role": "director"})
    assert (taken.status_code, set(pages.complaints(taken))) == (422, {"role"})


def test_ending_the_last_role_logs_the_person_out_at_once(quiet: Any, as_: As) -> None:
    client, email = codes.logged_in(CAST["reader"]), CAST["reader"]
    first = Membership.objects.get(user__email=email)
    second = Membership.objects.create(
        user=first.user, organisation=first.organisation, role="director"
    )
    administrator = as_("administrator")
    administrator.post(f"{PEOPLE}rolle/{second.pk}/avslutt/")
    assert client.get("/").status_code == 200, "there is a role left"
    administrator.post(f"{PEOPLE}rolle/{first.pk}/avslutt/")
    assert client.get("/").status_code == 302
    assert not UserSession.objects.filter(user__email=email).exists()


def test_the_page_of_people_tells_who_is_active_and_asks_little(quiet: Any, as_: As) -> None:
    codes.activate(codes.logged_in(CAST["reader"]))
    client = as_("administrator")
    text = pages.text(client.get(PEOPLE))
    lars = text[text.index("Lars Leser") : text.index("Lars Leser") + 120]
    assert "Totrinn" in lars
    assert "Sist innlogget" in lars
    assert "Har aldri logget inn" in text

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PEOPLE)
        return len(queries)

    before = asked()
    hole = Membership.objects.get(user__email=CAST["reader"]).organisation
    for number in range(10):
        user = User.objects.create_user(f"{number}@hole.example", "x", name=f"Person {number}")
        Membership.objects.create(user=user, organisation=hole, role="reader")
    assert asked() == before


def test_somebody_made_inactive_is_logged_out_for_good(quiet: Any) -> None:
    boss = User.objects.create_superuser("drift@eksempel.no", codes.PASSWORD, name="Dina Drift")
    client, admin = codes.logged_in(CAST["reader"]), Client()
    admin.force_login(boss)
    user = User.objects.get(email=CAST["reader"])
    address = f"/administrasjon/municipalities/user/{user.pk}/change/"
    sent = {
        "name": user.name,
        "email": user.email,
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert admin.post(address, sent).status_code == 302
    assert client.get("/").status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert client.get("/").status_code == 302, "also when the person is let in again"


def test_ending_the_last_role_on_the_administration_pages_logs_the_person_out_too(
    quiet: Any,
) -> None:
    boss = User.objects.create_superuser("drift@eksempel.no", codes.PASSWORD, name="Dina Drift")
    client, admin = codes.logged_in(CAST["reader"]), Client()
    admin.force_login(boss)
    role = Membership.objects.get(user__email=CAST["reader"])
    second = Membership.objects.create(
        user=role.user, organisation=role.organisation, role="director"
    )
    address = f"/administrasjon/municipalities/user/{role.user_id}/change/"

    def end(row: Membership, count: int) -> None:
        sent = {
            "name": row.user.name,
            "email": row.user.email,
            "is_active": "on",
            "memberships-TOTAL_FORMS": str(count),
            "memberships-INITIAL_FORMS": str(count),
        }
        for number, held in enumerate(row.user.memberships.order_by("organisation", "role")):
            sent |= {
                f"memberships-{number}-id": str(held.pk),
                f"memberships-{number}-user": str(held.user_id),
                f"memberships-{number}-organisation": str(held.organisation_id),
                f"memberships-{number}-role": held.role,
            }
            if held == row:
                sent[f"memberships-{number}-DELETE"] = "on"
        assert admin.post(address, sent).status_code == 302
        assert not Membership.objects.filter(pk=row.pk).exists()

    end(second, 2)
    assert client.get("/").status_code == 200, "there is a role left"
    end(role, 1)
    assert client.get("/").status_code == 302
    assert RegisterEvent.objects.get(action="session.ended").actor == boss


def test_the_administration_pages_show_no_secrets(quiet: Any) -> None:
    boss = User.objects.create_superuser("drift@eksempel.no", "x", name="Dina Drift")
    admin = Client()
    admin.force_login(boss)
    for model in ("mfa/authenticator", "socialaccount/socialapp", "socialaccount/socialtoken"):
        assert admin.get(f"/administrasjon/{model}/").status_code == 404
    assert admin.get("/administrasjon/").status_code == 200

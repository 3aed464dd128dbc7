"""Invitations: a link that scanners may open, that works once, for a while, and for one person."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement
from config import logs
from municipalities import tasks
from municipalities.invitations import service
from municipalities.invitations.models import MOST_TRIES
from municipalities.models import Invitation, Membership, Organisation, RegisterEvent, User
from tests import jobs, pages
from tests.conftest import CAST

As = Callable[[str], Client]
PEOPLE, ACCEPT = "/kommuner/regioner/ringeriksregionen/personer/", "/invitasjon/"
NEW = "ny.direktor@hole.example"
PASSWORD = "en lang og god setning 7"
TYPED = {"name": "Nora Ny", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def hole(quiet: Agreement) -> Organisation:
    return Organisation.objects.get(key="3310")


def invite(as_: As, hole: Organisation, email: str = NEW, role: str = "director") -> HttpResponse:
    """Send the form as the administrator."""
    client = as_("administrator")
    sent = pages.form(client.get(PEOPLE), "Send invitasjonen")
    sent = pages.changed(sent, email=email, organisation=str(hole.pk), role=role)
    return client.post(PEOPLE, sent)


def link() -> str:
    """Mail what waits, and return the path in the newest mail."""
    jobs.run()
    found = re.search(r"https://avtaler\.example(/invitasjon/\S+/)", mail.outbox[-1].body)
    assert found
    return found[1]


def sent_from(client: Client, path: str, **typed: str) -> HttpResponse:
    """Open the link and press the button."""
    opened = pages.form(client.get(path), "Lag brukeren")
    return client.post(ACCEPT, pages.changed(opened, **{**TYPED, **typed}))


def actions() -> list[str]:
    rows = RegisterEvent.objects.filter(action__regex="^(invitation|membership)[.]")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_person_is_invited_and_gets_the_role(hole: Organisation, as_: As) -> None:
    answer = invite(as_, hole)
    assert answer.status_code == 302
    assert not mail.outbox
    path = link()
    client = Client()
    assert sent_from(client, path).status_code == 302
    made = User.objects.get(email=NEW)
    assert [(m.organisation, m.role) for m in made.memberships.all()] == [(hole, "director")]
    assert made.check_password(PASSWORD)
    assert (made.is_staff, made.is_superuser) == (False, False)
    assert "Du har fått rollen kommunedirektør" in pages.text(client.get("/"))
    assert actions() == ["invitation.sent", "invitation.used"]
    assert NEW in pages.text(as_("administrator").get(PEOPLE))


def test_opening_the_link_changes_nothing_however_often(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path = link()
    before = list(Invitation.objects.values_list()), User.objects.count()
    for _ in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
        assert Client().post(path).status_code == 405
    assert (list(Invitation.objects.values_list()), User.objects.count()) == before
    assert sent_from(Client(), path).status_code == 302


def test_a_used_link_is_gone(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path = link()
    opened = pages.form(Client().get(path), "Lag brukeren")
    assert Client().post(ACCEPT, pages.changed(opened, **TYPED)).status_code == 302
    assert Client().get(path).status_code == 410
    assert Client().post(ACCEPT, pages.changed(opened, **TYPED)).status_code == 410
    assert User.objects.filter(email=NEW).count() == 1
    assert actions().count("invitation.used") == 1


def test_an_expired_link_is_gone_until_it_is_sent_again(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path = link()
    Invitation.objects.update(expires_at=timezone.now() + dt.timedelta(seconds=60))
    assert Client().get(path).status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(path).status_code == 410
    row = Invitation.objects.get()
    client = as_("administrator")
    assert "Utløpt" in pages.text(client.get(PEOPLE))
    assert client.post(f"{PEOPLE}invitasjon/{row.pk}/send/").status_code == 302
    again = link()
    assert again != path
    assert Client().get(path).status_code == 410, "the earlier link is dead"
    assert sent_from(Client(), again).status_code == 302
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first != second


def test_a_revoked_link_is_gone(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path, row = link(), Invitation.objects.get()
    client = as_("administrator")
    for _ in range(2):
        assert client.post(f"{PEOPLE}invitasjon/{row.pk}/trekk/").status_code == 302
    assert Client().get(path).status_code == 410
    assert actions() == ["invitation.sent", "invitation.revoked"]
    assert invite(as_, hole).status_code == 302, "and the person can be invited anew"


def test_one_revoked_before_it_is_mailed_is_never_mailed(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    service.revoke(User.objects.get(email=CAST["administrator"]), Invitation.objects.get())
    jobs.run()
    assert not mail.outbox


def test_the_token_is_nowhere_but_in_the_mail(
    hole: Organisation, as_: As, caplog: pytest.LogCaptureFixture
) -> None:
    answer = invite(as_, hole)
    path = link()
    token = path.split("/")[2]
    assert len(token) == 43
    for page in (answer, as_("administrator").get(PEOPLE)):
        assert token not in page.content.decode()
    stored = str(list(Invitation.objects.values_list()))
    stored += str(list(RegisterEvent.objects.values_list())) + str(jobs.queued())
    assert token not in stored
    assert Invitation.objects.get().token_sha256 == service.sha256_of(token)
    assert path not in str(mail.outbox[0].message()["Subject"])
    caplog.set_level(logging.DEBUG)
    refused = sent_from(Client(), path, password="kort", password_again="kort")
    assert refused.status_code == 422
    assert token not in caplog.text


def test_logs_keep_the_token_out() -> None:
    token = "x" * 43
    for line in (f'"GET /invitasjon/{token}/ HTTP/1.1"', f"?next=%2Finvitasjon%2F{token}%2F"):
        record = logging.LogRecord("gunicorn", 20, "", 0, "said %s", (line,), None)
        for form in logs.FORMATS:
            assert token not in logs.formatter(form, local=True).format(record)
    assert logs.harmless("/avtaler/ringeriksregionen-2026/") == ("/avtaler/ringeriksregionen-2026/")


def test_a_job_that_is_lost_is_made_again(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    jobs.drop()
    Invitation.objects.update(try_after=timezone.now())
    tasks.wake_invitations.func(timestamp=0)
    assert Client().get(link()).status_code == 200
    tasks.wake_invitations.func(timestamp=0)
    assert len(mail.outbox) == 1


def test_a_weak_password_comes_back_with_the_reason_and_the_name(
    hole: Organisation, as_: As
) -> None:
    invite(as_, hole)
    path, client = link(), Client()
    weak = sent_from(client, path, password="kort", password_again="kort")
    assert weak.status_code == 422
    assert set(pages.complaints(weak)) == {"password"}
    unlike = sent_from(client, path, password_again="noe annet 123456")
    assert set(pages.complaints(unlike)) == {"password_again"}
    again = pages.form(unlike, "Lag brukeren")
    assert again["name"] == ["Nora Ny"]
    assert "password" not in {k for k, v in again.items() if v != [""]}
    assert not User.objects.filter(email=NEW).exists()
    assert sent_from(client, path).status_code == 302


def test_a_link_is_not_for_trying_on(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path = link()
    Invitation.objects.update(tries=MOST_TRIES - 1)
    assert sent_from(Client(), path, password="kort").status_code == 422
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\x00", "æ" * 5000, "x" * 100_000])
def test_what_is_no_token_is_gone(db: None, token: str) -> None:
    assert Client().post(ACCEPT, {"token": token, **TYPED}).status_code == 410
    assert "Lenken virker ikke" in pages.text(Client().get(ACCEPT))


def test_somebody_with_an_account_gets_the_role_when_logged_in(hole: Organisation, as_: As) -> None:
    invite(as_, hole, CAST["outsider"].upper(), "reader")
    path = link()
    assert "Logg inn" in pages.text(Client().get(path))
    # A new account is not made beside the one there is, and nobody else takes the role.
    token = path.split("/")[2]
    assert Client().post(ACCEPT, {"token": token, **TYPED}).status_code == 409
    assert "Logg ut" in pages.text(as_("editor").get(path))
    assert as_("editor").post(ACCEPT, {"token": token}).status_code == 409
    owner = as_("outsider")
    assert owner.post(ACCEPT, pages.form(owner.get(path), "Ta imot")).status_code == 302
    given = Membership.objects.filter(user__email=CAST["outsider"], organisation=hole)
    assert [m.role for m in given] == ["reader"]
    assert as_("editor").get(path).status_code == 410


def test_nobody_is_invited_twice_or_to_what_they_have(hole: Organisation, as_: As) -> None:
    assert invite(as_, hole).status_code == 302
    for email, role in ((NEW.upper(), "director"), (CAST["director"], "director")):
        refused = invite(as_, hole, email, role)
        assert (refused.status_code, set(pages.complaints(refused))) == (422, {"email"})
    assert invite(as_, hole, NEW, "reader").status_code == 302


def test_nobody_is_invited_to_another_region_or_as_administrator(
    hole: Organisation, as_: As
) -> None:
    moss = Organisation.objects.get(key="3103")
    assert set(pages.complaints(invite(as_, moss))) == {"organisation"}
    assert set(pages.complaints(invite(as_, hole, role="administrator"))) == {"role"}
    by = User.objects.get(email=CAST["administrator"])
    region = hole.municipality.regions.get()
    with pytest.raises(ValueError, match="is not of"):
        service.invite(by, region, moss, NEW, "reader")
    with pytest.raises(ValueError, match="nobody is invited"):
        service.invite(by, region, hole, NEW, "administrator")
    assert not Invitation.objects.exists()


def test_a_flood_is_stopped(hole: Organisation, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PER_HOUR", 2)
    assert [invite(as_, hole, f"{n}@hole.example").status_code for n in range(3)] == [302, 302, 429]
    row = Invitation.objects.all()[0]
    again = as_("administrator").post(f"{PEOPLE}invitasjon/{row.pk}/send/", follow=True)
    assert "svært mange invitasjoner" in pages.text(again)


def test_without_mail_nobody_can_be_invited(hole: Organisation, as_: As, settings: Any) -> None:
    settings.BASE_URL = ""
    refused = invite(as_, hole)
    assert refused.status_code == 409
    assert "E-post er ikke satt opp" in pages.text(refused)
    assert not Invitation.objects.exists()


def test_a_role_is_ended_with_an_event_and_never_ones_own(hole: Organisation, as_: As) -> None:
    client = as_("administrator")
    lars = Membership.objects.get(user__email=CAST["reader"])
    own = Membership.objects.get(user__email=CAST["administrator"])
    moss = Membership.objects.get(user__email=CAST["outsider"])
    address = f"{PEOPLE}rolle/{lars.pk}/avslutt/"
    assert "Lars Leser er leser i Hole kommune" in pages.text(client.get(address))
    assert client.get(f"{PEOPLE}rolle/{moss.pk}/avslutt/").status_code == 404
    for row in (lars, lars, own, moss):
        assert client.post(f"{PEOPLE}rolle/{row.pk}/avslutt/").status_code == 302
    left = set(Membership.objects.values_list("pk", flat=True))
    assert {lars.pk, own.pk, moss.pk} & left == {own.pk, moss.pk}
    event = RegisterEvent.objects.get(action="membership.ended")
    assert (event.organisation, event.data["role"]) == (hole, "reader")
    assert User.objects.get(email=CAST["reader"]).is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_works(hole: Organisation, as_: As) -> None:
    invite(as_, hole)
    path = link()
    token = path.split("/")[2]
    barrier, codes = threading.Barrier(2), []

    def use(name: str) -> None:
        try:
            client = Client(raise_request_exception=False)
            client.get(path)
            barrier.wait(30)
            answer = client.post(ACCEPT, {"token": token, **TYPED, "name": name})
            codes.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(name,)) for name in ("Nora", "Nils")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(codes) == [302, 410]
    assert User.objects.filter(email=NEW).count() == 1
    assert Membership.objects.filter(user__email=NEW).count() == 1

"""A forgotten password: a link by mail, which works once, and tells nobody who has an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import logs
from municipalities.models import RegisterEvent, User
from tests import codes, jobs, pages
from tests.conftest import CAST

EDITOR = CAST["editor"]
FORGOTTEN = "/logg-inn/glemt-passord/"
NEW = "en helt annen setning 8"


def test_a_forgotten_password_is_chosen_anew(quiet: Any) -> None:
    inside, client = codes.logged_in(EDITOR), Client()
    where = codes.reset_link(client, f" {EDITOR.upper()} ")
    mailed = mail.outbox[-1]
    assert (mailed.to, mailed.subject) == ([EDITOR], "Nytt passord i Samarbeidsavtaler")
    weak = client.post(where, {"password1": "kort", "password2": "kort"})
    assert (weak.status_code, set(pages.complaints(weak))) == (422, {"password1"})
    unlike = client.post(where, {"password1": NEW, "password2": "noe annet 1234"})
    assert set(pages.complaints(unlike)) == {"password2"}
    done = client.post(where, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Passordet er byttet" in pages.text(done)
    assert "_auth_user_id" not in client.session, "a code may still be asked for"
    assert inside.get("/").status_code == 302, "logged out everywhere"
    assert codes.log_in(client, EDITOR, NEW).status_code == 302
    link = re.search(r"/logg-inn/nytt-passord/\S+/", mailed.body)[0]
    again = Client().get(link)
    assert (again.status_code, "Lenken virker ikke" in pages.text(again)) == (410, True)
    assert RegisterEvent.objects.filter(action="password.reset").count() == 1
    jobs.run()
    assert mail.outbox[-1].subject == "Passordet ditt er byttet"
    assert not EmailAddress.objects.exists(), "an address is kept in one place"


def test_a_link_logs_somebody_else_out_when_it_is_used_and_not_when_it_is_opened(
    quiet: Any,
) -> None:
    other = codes.logged_in(CAST["reader"])
    where = codes.reset_link(other, EDITOR)
    assert other.get("/").status_code == 200
    done = other.post(where, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Du er logget ut alle steder" in pages.text(done)
    assert other.get("/").status_code == 302


def test_nobody_learns_who_has_an_account(quiet: Any) -> None:
    User.objects.filter(email=CAST["reader"]).update(is_active=False)
    answers, counts = [], []
    for email in (EDITOR, "ukjent@example.no", CAST["reader"]):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(FORGOTTEN, {"email": email})
        answers.append((answer.status_code, answer["Location"], answer.content))
        counts.append(len(asked))
    assert len(set(answers)) == len(set(counts)) == 1
    jobs.run()
    jobs.run()
    assert [sent.to for sent in mail.outbox] == [[EDITOR]]


def test_a_mailbox_is_not_filled(quiet: Any) -> None:
    answered = [Client().post(FORGOTTEN, {"email": EDITOR}).status_code for _ in range(5)]
    assert answered == [302, 302, 302, 429, 429]


def test_without_mail_the_page_says_so(quiet: Any, settings: Any) -> None:
    settings.BASE_URL = ""
    assert "E-post er ikke satt opp" in pages.text(Client().get(FORGOTTEN))


@pytest.mark.parametrize("key", ["x", "set-password", "æ", "%00", "x" * 3000])
@pytest.mark.parametrize("who", ["1", "zzzzzzzzzzzzz", "0"])
def test_odd_links_are_gone(db: None, key: str, who: str) -> None:
    for answer in (
        Client().get(f"/logg-inn/nytt-passord/{who}-{key}/"),
        Client().post(f"/logg-inn/nytt-passord/{who}-{key}/", {"password1": NEW}),
    ):
        assert answer.status_code == 410


def test_logs_keep_the_links_out() -> None:
    for line, secret in (
        ("GET /logg-inn/nytt-passord/1a-c5x9p2-0123456789abcdef/ HTTP/1.1", "0123456789abcdef"),
        ("GET /logg-inn/med/entra/svar/?code=hemmelig&state=x HTTP/1.1", "hemmelig"),
    ):
        assert secret not in logs.harmless(line)

"""The log: a JSON object for each line, with the request's identity, and nobody's data in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from agreements.models import Agreement
from config import logs
from config.urls import handler500
from municipalities.invitations import service
from municipalities.models import Invitation, Organisation, User
from tests import jobs, pages
from tests.conftest import CAST

As = Callable[[str], Client]
NAME, ADDRESS, SECRET = "Kari Hemmelig", "kari.hemmelig@kommune.no", "granbar og morgendugg"


def broken(request: HttpRequest, word: str) -> HttpResponse:
    """Fail with a person's data in the error, and in what caused it."""
    try:
        raise ValueError(f"{NAME} <{ADDRESS}>")
    except ValueError as problem:
        raise RuntimeError(f"could not read {request.POST}") from problem


def refused(request: HttpRequest) -> HttpResponse:
    """Have the database refuse a row: it quotes the row."""
    User.objects.create(email=ADDRESS, name=NAME)
    User.objects.create(email=ADDRESS, name=NAME)
    raise AssertionError


__all__ = ["handler500"]  # the program's own page, also at addresses that only these tests have
urlpatterns = [
    path("", include("config.urls")),
    path("feil/odelagt/<str:word>/", broken, name="broken"),
    path("feil/database/", refused, name="refused"),
]


class Written:
    """What has been written to the log, as the operator gets it."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture(params=["json"])
def written(request: pytest.FixtureRequest) -> Iterator[Written]:
    """The root logger with a server's formatter and levels, for the time of the test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(request.param, local=False))
    root, levels = logging.getLogger(), {}
    for name, wanted in logs.configuration("json", local=False)["loggers"].items():
        logger = logging.getLogger(name)
        levels[logger] = logger.level
        logger.setLevel(wanted["level"])
    root.addHandler(handler)
    yield Written(stream)
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


def clean(written: Written, *more: str) -> None:
    assert written.text
    for secret in (NAME, "Kari", "Hemmelig", ADDRESS, SECRET, *more):
        assert secret not in written.text


def test_a_page_is_one_line_with_what_is_needed_and_no_more(
    ringerike: Agreement, as_: As, written: Written
) -> None:
    answer = as_("editor").get("/avtaler/ringeriksregionen-2026/", {"q": NAME})
    (line,) = written.of("config.request_log")
    assert line.keys() == {
        *("time", "level", "logger", "message", "request_id"),
        *("method", "route", "status", "milliseconds"),
    }
    assert (line["method"], line["route"], line["status"]) == ("GET", "agreement", 200)
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["time"].endswith("Z")
    clean(written, "ringeriksregionen", CAST["editor"])


def test_a_request_keeps_the_identity_that_the_proxy_gave(client: Client, db: None) -> None:
    given = "0b9f6d04-5c14-4b4f-9ad2-f2e0a54f0f6e"
    assert client.get("/tilgjengelighet/", headers={"X-Request-ID": given})["X-Request-ID"] == given
    forged = client.get("/tilgjengelighet/", headers={"X-Request-ID": "x\ny"})["X-Request-ID"]
    assert forged.isalnum()


def test_a_wrong_password_names_nobody(ringerike: Agreement, written: Written) -> None:
    User.objects.create_user(ADDRESS, "noe helt annet enn det", name=NAME)
    sent = {"login": ADDRESS, "password": SECRET}
    answer = Client().post("/logg-inn/?next=/avtaler/" + ADDRESS, sent)
    assert answer.status_code == 422
    clean(written)


def test_an_invitation_names_nobody_and_shows_no_token(
    quiet: Agreement, as_: As, written: Written
) -> None:
    client, people = as_("administrator"), "/kommuner/regioner/ringeriksregionen/personer/"
    sent = pages.form(client.get(people), "Send invitasjonen")
    hole = Organisation.objects.get(key="3310")
    sent = pages.changed(sent, email=ADDRESS, organisation=str(hole.pk), role="director")
    assert client.post(people, sent).status_code == 302
    jobs.run()
    token = service.token_of(Invitation.objects.get(email=ADDRESS).nonce)
    assert Client().get(f"/invitasjon/{token}/").status_code == 200
    assert Client().get(f"/invitasjon/{token}x/").status_code == 410
    assert Client().get(f"/invitasjon/{token}/mer/").status_code in (302, 404)
    clean(written, token)


def test_a_mail_that_is_refused_names_nobody(
    quiet: Agreement, as_: As, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smtplib import SMTPRecipientsRefused

    def refuse(*given: Any, **named: Any) -> None:
        raise SMTPRecipientsRefused({ADDRESS: (550, f"{ADDRESS} unknown".encode())})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    hole = Organisation.objects.get(key="3310")
    user, region = User.objects.get(email=CAST["administrator"]), hole.municipality.regions.get()
    service.invite(user, region, hole, ADDRESS, "reader")
    jobs.run()
    assert "was not sent: SMTPRecipientsRefused" in written.text
    clean(written)


@override_settings(ROOT_URLCONF="tests.test_logs")
@pytest.mark.parametrize("written", ["json", "lines"], indirect=True)
def test_a_page_that_fails_tells_where_and_not_what(as_: As, written: Written) -> None:
    client = as_("editor")
    client.raise_request_exception = False
    answer = client.post(f"/feil/odelagt/{ADDRESS}/?q={NAME}", {"name": NAME, "password": SECRET})
    assert answer.status_code == 500
    clean(written, "odelagt")
    assert "builtins.RuntimeError" in written.text
    assert "builtins.ValueError" in written.text
    assert "tests/test_logs.py" in written.text
    assert answer["X-Request-ID"] in written.text


@override_settings(ROOT_URLCONF="tests.test_logs")
def test_the_page_that_failed_shows_the_identity_of_the_log(as_: As, written: Written) -> None:
    client = as_("editor")
    client.raise_request_exception = False
    answer = client.get("/feil/odelagt/x/")
    identity = answer["X-Request-ID"]
    assert f"<code>{identity}</code>" in answer.content.decode()
    (failed,) = written.of("django.request")
    assert (failed["request_id"], failed["route"], failed["level"]) == (identity, "broken", "ERROR")
    assert failed["message"] == "Internal Server Error: broken"


@override_settings(ROOT_URLCONF="tests.test_logs")
@pytest.mark.parametrize("written", ["json", "lines"], indirect=True)
def test_a_row_that_the_database_refuses_is_not_quoted(as_: As, written: Written) -> None:
    client = as_("editor")
    client.raise_request_exception = False
    with transaction.atomic():
        assert client.get("/feil/database/").status_code == 500
        transaction.set_rollback(True)
    clean(written)
    assert '"sqlstate": "23505"' in written.text
    assert '"table_name": "municipalities_user"' in written.text


def test_what_is_logged_in_words_is_made_harmless(db: None, written: Written) -> None:
    User.objects.create(email=ADDRESS, name=NAME)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.create(email=ADDRESS, name=NAME)
    assert ADDRESS in str(refused.value)
    logging.getLogger("somewhere").error("not stored: %s", refused.value)
    logging.getLogger("gunicorn.error").warning("asked for /avtaler/?q=%s", NAME.replace(" ", "+"))
    logging.getLogger("gunicorn.error").warning("Error handling request %s", f"/x?next={ADDRESS}")
    clean(written)
    assert "not stored: duplicate key" in written.text
    assert [line["level"] for line in written.lines] == ["ERROR", "WARNING", "WARNING"]
    odd = logging.LogRecord("x", logging.INFO, "", 0, "%d of 3", ("not a number",), None)
    assert json.loads(logs.JsonFormatter().format(odd))["message"] == "%d of 3"


def test_health_is_asked_without_a_line(client: Client, db: None, written: Written) -> None:
    client.get("/health/")
    assert written.text == ""


def test_a_line_is_a_line_whatever_is_in_it(written: Written) -> None:
    logging.getLogger("x").warning("one\ntwo\u2028three «æøå» %s", {"a": 1})
    (line,) = [json.loads(text) for text in written.text.split("\n") if text]
    assert line["message"] == "one\ntwo\u2028three «æøå» {'a': 1}"

"""Nobody logs in on a server as one of the demonstration, whose password is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from agreements import demo
from agreements.models import Agreement
from municipalities import demonstration
from municipalities.commands import CannotRunError
from municipalities.models import User
from tests import pages

As = Callable[[str], Client]


@pytest.fixture
def server(settings: Any) -> None:
    """The same database, on a server."""
    settings.LOCAL = False


def log_in(client: Client, email: str) -> bool:
    """Send the login form; tell whether that opens a page. Refused is refused as a wrong password is."""
    sent = pages.form(client.get("/logg-inn/"), "Logg inn")
    given = {"login": email, "password": demo.PASSWORD}
    answer = client.post("/logg-inn/", pages.changed(sent, **given))
    opened = client.get("/min-side/konto/").status_code == 200
    assert opened is (answer.status_code == 302) is ("_auth_user_id" in client.session)
    if not opened:
        assert "E-postadressen eller passordet er feil" in pages.text(answer)
    return opened


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.email)
def test_the_printed_password_opens_nothing_on_a_server(
    ringerike: Agreement, settings: Any, person: demo.Person
) -> None:
    user = User.objects.get(email=person.email)
    user.set_password(demo.PASSWORD)
    user.is_active = True
    user.save()
    inside = Client()
    assert log_in(inside, person.email)
    assert authenticate(username=person.email, password=demo.PASSWORD) == user
    assert authenticate(email=person.email, password=demo.PASSWORD) == user
    settings.LOCAL = False
    assert not log_in(Client(), person.email)
    assert not log_in(Client(), person.email.upper())
    assert authenticate(username=person.email, password=demo.PASSWORD) is None
    assert authenticate(email=person.email, password=demo.PASSWORD) is None
    confirmed = inside.post("/logg-inn/bekreft/", {"password": demo.PASSWORD})
    assert confirmed["Location"] == "/logg-inn/", "nor does it confirm anything"


def test_a_session_from_before_the_database_was_moved_is_over(
    ringerike: Agreement, as_: As, settings: Any
) -> None:
    client = as_("administrator")
    assert client.get("/").status_code == 200
    settings.LOCAL = False
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/logg-inn/")
    assert "_auth_user_id" not in client.session


def test_somebody_real_gets_in(ringerike: Agreement, server: None) -> None:
    User.objects.create_user("kari@kommune.no", demo.PASSWORD, name="Kari")
    assert log_in(Client(), "kari@kommune.no")


def test_a_real_person_is_not_made_with_such_an_address(db: None, server: None) -> None:
    with pytest.raises(ValidationError, match="bare til demonstrasjon"):
        User(email="kari@hole.example", name="Kari").full_clean(exclude=["password"])


def deployment_errors() -> list[str]:
    return [found.id for found in run_checks(include_deployment_checks=True) if found.level >= 40]


def test_the_deployment_check_stops_a_start_with_them(ringerike: Agreement, settings: Any) -> None:
    assert deployment_errors() == []
    settings.LOCAL = False
    assert "municipalities.E001" in deployment_errors()
    (found,) = demonstration.no_demonstration_people(None)
    assert f"{User.objects.filter(is_active=True).count()} active people" in found.msg
    User.objects.update(is_active=False)
    assert "municipalities.E001" not in deployment_errors()


def test_the_command_makes_them_disabled_off_the_embedded_database(
    db: None, server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBEDDED_DATABASE", raising=False)
    with pytest.raises(CannotRunError, match="--yes"):
        call_command("load_demo")
    call_command("load_demo", "--yes", verbosity=0)
    people = User.objects.filter(email__in=[person.email for person in demo.PEOPLE])
    assert people.count() == len(demo.PEOPLE)
    assert not any(person.is_active or person.has_usable_password() for person in people)
    assert demonstration.no_demonstration_people(None) == []


def test_on_a_server_even_an_embedded_database_gets_no_usable_people(
    db: None, server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDED_DATABASE", "1")
    call_command("load_demo", "--yes", verbosity=0)
    assert not User.objects.filter(is_active=True).exists()

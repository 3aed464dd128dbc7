"""A person says what they are called; what is printed already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from municipalities.accounts import people
from municipalities.models import RegisterEvent, User
from tests import pages
from tests.conftest import CAST

As = Callable[[str], Client]
ACCOUNT, ADDRESS = "/min-side/konto/", "/min-side/konto/navn/"


def sent(client: Client, name: str) -> Any:
    """Write another name in the form."""
    form = pages.form(client.get(ADDRESS), "Lagre navnet")
    return client.post(ADDRESS, pages.changed(form, name=name), follow=True)


def test_a_name_is_changed_with_an_event(quiet: Any, as_: As) -> None:
    client = as_("reader")
    opened = client.get(ADDRESS)
    assert pages.form(opened, "Lagre navnet") == {"name": ["Lars Leser"]}
    assert "låste versjoner og lagrede filer, endres ikke" in pages.text(opened)
    answer = sent(client, "  Åse\u00a0Ås \u200b Leser ")
    assert answer.redirect_chain == [(ACCOUNT, 302)]
    assert "Navnet er lagret" in pages.text(answer)
    user = User.objects.get(email=CAST["reader"])
    assert user.name == "Åse\u00a0Ås Leser", "on one line, without what is not seen"
    assert user.sort_key != "lars leser", "and stands in its new place in lists"
    event = RegisterEvent.objects.get(action="person.renamed")
    assert event.actor == user
    assert event.data == {"user": user.pk, "name": ["Lars Leser", user.name]}
    assert "Åse" in pages.text(client.get(ACCOUNT))
    assert "Navnet er som før" in pages.text(sent(client, user.name))
    assert RegisterEvent.objects.filter(action="person.renamed").count() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Fyll inn navn"), ("Nora \U0001f600", "kan ikke skrives ut"), ("x" * 121, "høyst 120")],
)
def test_what_cannot_be_a_name_comes_back_with_the_reason(
    quiet: Any, as_: As, name: str, said: str
) -> None:
    client = as_("reader")
    answer = sent(client, name)
    assert answer.status_code == 422
    assert said in pages.complaints(answer)["name"]
    assert pages.form(answer, "Lagre navnet")["name"] == [name]
    assert User.objects.get(email=CAST["reader"]).name == "Lars Leser"
    assert not RegisterEvent.objects.filter(action="person.renamed").exists()


def test_the_service_takes_no_name_that_the_form_would_refuse(quiet: Any) -> None:
    user = User.objects.get(email=CAST["reader"])
    with pytest.raises(ValidationError, match="kan ikke skrives ut"):
        people.rename(user, "\U0001f600")

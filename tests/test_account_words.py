"""What the pages of one's own account say is true of the one who reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from municipalities.models import Membership, User
from tests import codes, pages, providers
from tests.conftest import CAST
from tests.providers import NEW, PEOPLE

As = Callable[[str], Client]
ACCOUNT = "/min-side/konto/"


@pytest.fixture
def nora(entra: str, as_: As) -> Client:
    """Somebody who logs in at a provider, and has no password."""
    providers.person(entra, "nora", name="Nora")
    client = Client()
    assert providers.take(client, providers.invited(as_), "nora").status_code == 302
    return client


def test_nobody_is_told_of_a_password_they_do_not_have(nora: Client, as_: As) -> None:
    account = pages.text(nora.get(ACCOUNT))
    assert "Du har ikke noe passord" in account
    assert "Passordet er nok" not in account
    assert "passord" not in pages.text(nora.get(codes.ACTIVATE)).lower()
    codes.activate(nora)
    assert "passord" not in pages.text(nora.get(f"{ACCOUNT}totrinn/av/")).lower()
    row = Membership.objects.get(user__email=NEW)
    asked = as_("administrator").get(f"{PEOPLE}rolle/{row.pk}/nullstill-totrinn/")
    assert "passord" not in pages.text(asked).lower()


def test_a_first_password_is_not_a_changed_one(nora: Client) -> None:
    chosen = {"password1": codes.PASSWORD, "password2": codes.PASSWORD}
    said = pages.text(nora.post(f"{ACCOUNT}passord/nytt/", chosen, follow=True))
    assert "Passordet er lagret" in said
    assert User.objects.get(email=NEW).check_password(codes.PASSWORD)


def test_whoever_has_no_way_left_is_not_told_to_log_out(nora: Client, settings: Any) -> None:
    settings.OIDC_PROVIDERS = ()
    said = pages.text(nora.get("/logg-inn/bekreft/igjen/"))
    assert "ikke lenger satt opp her" in said
    assert "Logg ut og inn igjen" not in said


def test_codes_are_counted_in_the_right_number(quiet: Any) -> None:
    client = codes.logged_in(CAST["editor"])
    codes.activate(client)
    row = Authenticator.objects.get(type="recovery_codes")
    for left, words in ((10, "10 ubrukte koder."), (1, "1 ubrukt kode."), (0, "0 ubrukte koder.")):
        row.data["used_mask"] = (1 << 10) - (1 << left)
        row.save()
        assert words in pages.text(client.get(f"{ACCOUNT}totrinn/koder/"))
        short = words.replace("kode", "gjenopprettingskode")
        assert short in pages.text(client.get(ACCOUNT))


def test_a_role_that_somebody_has_is_not_another_one(quiet: Any, as_: As) -> None:
    client = as_("administrator")
    lars = Membership.objects.get(user__email=CAST["reader"])
    address = f"{PEOPLE}rolle/{lars.pk}/endre/"
    same = client.post(address, {"role": "reader"})
    assert "har denne rollen i kommunen fra før" in pages.complaints(same)["role"]
    assert "har fått en annen rolle" not in pages.text(client.get(PEOPLE))
    changed = client.post(address, {"role": "editor"}, follow=True)
    assert "Lars Leser har fått en annen rolle" in pages.text(changed)


def test_a_role_that_somebody_else_ends_meanwhile_is_said_to_be_ended(
    quiet: Any, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from municipalities.accounts import people

    client = as_("administrator")
    lars = Membership.objects.get(user__email=CAST["reader"])
    change = people.change_role

    def ended_first(*given: Any) -> bool:
        lars.delete()
        return change(*given)

    monkeypatch.setattr(people, "change_role", ended_first)
    answer = client.post(f"{PEOPLE}rolle/{lars.pk}/endre/", {"role": "editor"}, follow=True)
    assert "Rollen er avsluttet av noen andre" in pages.text(answer)
    assert "har fått en annen rolle" not in pages.text(answer)

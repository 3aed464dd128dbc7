"""Somebody has lost the app and the codes: who may help them, and who may not."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client

from municipalities import access
from municipalities.commands import CannotRunError
from municipalities.models import Membership, Organisation, Region, RegisterEvent, User
from tests import codes, jobs, pages
from tests.conftest import CAST

As = Callable[[str], Client]
ADMINISTRATOR = CAST["administrator"]
PEOPLE = "/kommuner/regioner/ringeriksregionen/personer/"


def subjects(email: str) -> list[str]:
    """What somebody has been mailed."""
    jobs.run()
    return [sent.subject for sent in mail.outbox if sent.to == [email]]


def test_an_administrator_helps_whoever_has_lost_it(quiet: Any, as_: As) -> None:
    codes.activate(codes.logged_in(CAST["reader"]))
    client = as_("administrator")
    lars = Membership.objects.get(user__email=CAST["reader"])
    address = f"{PEOPLE}rolle/{lars.pk}/nullstill-totrinn/"
    assert "totrinn" in pages.text(client.get(PEOPLE))
    assert "ringe" in pages.text(client.get(address))
    assert Authenticator.objects.exists(), "opening the page changes nothing"
    for said in ("er nullstilt", "bruker ikke totrinn"):
        assert said in pages.text(client.post(address, follow=True))
    assert not Authenticator.objects.exists()
    event = RegisterEvent.objects.get(action="totp.reset")
    assert (event.actor.email, event.data["name"]) == (ADMINISTRATOR, "Lars Leser")
    assert "Totrinnsbekreftelsen din er nullstilt" in subjects(CAST["reader"])
    assert codes.log_in(Client(), CAST["reader"])["Location"] == "/"


def test_nobody_resets_their_own_or_that_of_somebody_above(quiet: Any, as_: As) -> None:
    codes.activate(codes.logged_in(ADMINISTRATOR))
    own = Membership.objects.get(user__email=ADMINISTRATOR)
    codes.activate(codes.logged_in(CAST["reader"]))
    User.objects.filter(email=CAST["reader"]).update(is_superuser=True, is_staff=True)
    above = Membership.objects.get(user__email=CAST["reader"])
    client = as_("administrator")
    for row, said in ((own, "Min konto"), (above, "drifter programmet")):
        answer = client.post(f"{PEOPLE}rolle/{row.pk}/nullstill-totrinn/", follow=True)
        assert said in pages.text(answer)
    assert Authenticator.objects.filter(type="totp").count() == 2


@pytest.mark.parametrize(
    ("key", "role", "may"),
    [
        ("3310", "administrator", True),  # of Hole, in the region
        ("3103", "editor", True),  # of Moss
        ("3103", "administrator", False),
        ("33", "administrator", False),  # of the county authority
    ],
)
def test_an_administrator_of_a_body_outside_the_region_is_not_helped_from_within(
    quiet: Any, as_: As, key: str, role: str, may: bool
) -> None:
    codes.activate(codes.logged_in(CAST["reader"]))
    lars = Membership.objects.get(user__email=CAST["reader"])
    body = Organisation.objects.get(key=key)
    Membership.objects.create(user=lars.user, organisation=body, role=role)
    address = f"{PEOPLE}rolle/{lars.pk}/nullstill-totrinn/"
    client = as_("administrator")
    assert client.get(address, follow=True).redirect_chain == ([] if may else [(PEOPLE, 302)])
    answer = client.post(address, follow=True)
    said = "er nullstilt" if may else "Dette kan bare en som drifter programmet gjøre"
    assert said in pages.text(answer)
    assert Authenticator.objects.exists() is not may


def test_who_may_take_whose_app_away(quiet: Any) -> None:
    """Never who manages another region too, nor of people elsewhere; the operator helps them all."""
    region = Region.objects.get(slug="ringeriksregionen")
    cast = {who: User.objects.get(email=email) for who, email in CAST.items()}
    lars = cast["reader"]
    for who, user in cast.items():
        assert access.may_reset_totp(user, lars, region) is (who == "administrator"), who
    administrator = cast["administrator"]
    assert not access.may_reset_totp(administrator, administrator, region)
    assert not access.may_reset_totp(administrator, cast["outsider"], region), "of Moss"
    hole = Organisation.objects.get(key="3310")
    Membership.objects.create(user=lars, organisation=hole, role="administrator")
    assert access.may_reset_totp(administrator, lars, region)
    Region.objects.create(name="En annen", slug="annen", contract_municipality=hole.municipality)
    assert not access.may_reset_totp(administrator, lars, region), "manages another region's people"
    operator = User.objects.get(pk=administrator.pk)
    operator.is_superuser = True
    assert access.may_reset_totp(operator, lars, region)
    assert not access.may_reset_totp(operator, cast["outsider"], region)
    operator.is_active = False
    assert not access.may_reset_totp(operator, lars, region)


def test_the_command_helps_the_last_one(quiet: Any) -> None:
    codes.activate(codes.logged_in(ADMINISTRATOR))
    said = StringIO()
    call_command("reset_two_factor", ADMINISTRATOR.upper(), stdout=said)
    assert ADMINISTRATOR in said.getvalue()
    assert not Authenticator.objects.exists()
    for email, problem in ((ADMINISTRATOR, "does not log in"), ("x\x00@y.no", "nobody has")):
        with pytest.raises(CannotRunError, match=problem):
            call_command("reset_two_factor", email)
    assert RegisterEvent.objects.get(action="totp.reset").actor is None

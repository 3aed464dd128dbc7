"""Whoever runs the installation invites a region's administrators; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from municipalities import access
from municipalities.accounts import people
from municipalities.invitations import service
from municipalities.models import Invitation, Membership, Organisation, Region, RegisterEvent, User
from tests import codes, pages
from tests.conftest import CAST
from tests.test_invitations import NEW, link, sent_from

As = Callable[[str], Client]
REGIONS = "/kommuner/regioner/"
PEOPLE, ELSEWHERE = (
    f"{REGIONS}{name}/personer/" for name in ("ringeriksregionen", "mosseregionen")
)


@pytest.fixture
def operator(quiet: Any) -> Client:
    """Runs the installation, and is Ringerike's administrator as create_administrator makes them."""
    User.objects.filter(email=CAST["administrator"]).update(is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(User.objects.get(email=CAST["administrator"]))
    return client


def roles_offered(page: Any) -> set[str]:
    boxes = pages.page(page).all("input", type="radio")
    return {box["value"] for box in boxes if box["name"] == "role"}


def invite(client: Client, address: str, key: str, email: str = NEW) -> Any:
    body = Organisation.objects.get(key=key)
    sent = pages.form(client.get(address), "Send invitasjonen")
    given = {"email": email, "organisation": str(body.pk), "role": "administrator"}
    return client.post(address, pages.changed(sent, **given))


def test_a_region_gets_its_first_administrator_by_a_link(operator: Client, settings: Any) -> None:
    """Where nobody is one yet. The rule of two factors holds for them from the first page."""
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = False
    assert "administrator" in roles_offered(operator.get(ELSEWHERE))
    assert invite(operator, ELSEWHERE, "3103").status_code == 302
    path, client = link(), Client()
    assert "Du er invitert som administrator i Moss kommune" in pages.text(client.get(path))
    assert sent_from(client, path).status_code == 302
    made = User.objects.get(email=NEW)
    assert [(m.organisation.key, m.role) for m in made.memberships.all()] == [
        ("3103", "administrator")
    ]
    assert (made.is_staff, made.is_superuser) == (False, False), "of a region, not of the program"
    events = RegisterEvent.objects.filter(action__startswith="invitation.").order_by("pk")
    assert [(event.action, event.data["role"]) for event in events] == [
        ("invitation.sent", "administrator"),
        ("invitation.used", "administrator"),
    ]
    assert Client().get(path).status_code == 410
    assert client.get(ELSEWHERE).status_code == 200
    assert client.get(PEOPLE).status_code == 403
    assert roles_offered(client.get(ELSEWHERE)) == {"director", "editor", "reader"}
    settings.REQUIRE_TOTP_FOR_ADMINISTRATORS = True
    assert client.get(ELSEWHERE)["Location"].startswith(codes.ACTIVATE)


def test_an_administrator_makes_no_administrators(operator: Client, as_: As) -> None:
    assert invite(operator, PEOPLE, "3310").status_code == 302
    User.objects.update(is_superuser=False)
    client, row = as_("administrator"), Invitation.objects.get()
    page = client.get(PEOPLE)
    assert roles_offered(page) == {"director", "editor", "reader"}
    assert "Trekk tilbake invitasjonen" in pages.text(page)
    assert "Send på nytt" not in pages.text(page)
    refused = invite(client, PEOPLE, "3310", "en.til@hole.example")
    assert set(pages.complaints(refused)) == {"role"}
    assert client.post(f"{PEOPLE}invitasjon/{row.pk}/send/").status_code == 403
    lars = Membership.objects.get(user__email=CAST["reader"])
    changed = client.post(f"{PEOPLE}rolle/{lars.pk}/endre/", {"role": "administrator"})
    assert set(pages.complaints(changed)) == {"role"}
    by, region = User.objects.get(email=CAST["administrator"]), row.region
    for wrong in (
        lambda: service.invite(by, region, row.organisation, "x@hole.example", "administrator"),
        lambda: service.send_again(by, row),
        lambda: people.change_role(by, region, lars.pk, "administrator"),
    ):
        with pytest.raises(ValueError, match="administrator by"):
            wrong()
    lars.refresh_from_db()
    assert (lars.role, Invitation.objects.count()) == ("reader", 1)
    assert client.post(f"{PEOPLE}invitasjon/{row.pk}/trekk/").status_code == 302


def test_whoever_runs_the_installation_may_make_somebody_one_and_send_again(
    operator: Client,
) -> None:
    assert invite(operator, PEOPLE, "3310").status_code == 302
    first, row = link(), Invitation.objects.get()
    assert operator.post(f"{PEOPLE}invitasjon/{row.pk}/send/").status_code == 302
    assert link() != first
    lars = Membership.objects.get(user__email=CAST["reader"])
    address = f"{PEOPLE}rolle/{lars.pk}/endre/"
    assert operator.post(address, {"role": "administrator"}).status_code == 302
    lars.refresh_from_db()
    assert lars.role == "administrator"
    event = RegisterEvent.objects.get(action="membership.changed")
    assert event.data["role"] == ["reader", "administrator"]


def test_who_may_give_which_roles(quiet: Any) -> None:
    region = Region.objects.get(slug="ringeriksregionen")
    usual = {"director", "editor", "reader"}
    for who, email in CAST.items():
        given = access.roles_to_give(User.objects.get(email=email), region)
        assert set(given) == (usual if who == "administrator" else set()), who
    operator = User.objects.create_superuser("drift@eksempel.no", "x", name="Dina Drift")
    assert set(access.roles_to_give(operator, region)) == usual | {"administrator"}
    operator.is_active = False
    assert access.roles_to_give(operator, region) == ()


def test_a_role_that_cannot_be_given_back_is_said_to_be_so_before_it_is_taken(
    operator: Client, as_: As
) -> None:
    fellow = User.objects.get(email=CAST["reader"])
    Membership.objects.filter(user=fellow).update(role="administrator")
    row, other = fellow.memberships.get(), Membership.objects.get(user__email=CAST["editor"])
    assert invite(operator, PEOPLE, "3310").status_code == 302
    told, resent = "Du kan ikke gi rollen tilbake", "kan du ikke sende en ny"
    for page in ("avslutt", "endre"):
        assert told not in pages.text(operator.get(f"{PEOPLE}rolle/{row.pk}/{page}/"))
    assert resent not in pages.text(operator.get(PEOPLE))
    User.objects.update(is_superuser=False)
    client = as_("administrator")
    for page in ("avslutt", "endre"):
        address = f"{PEOPLE}rolle/{row.pk}/{page}/"
        assert told in pages.text(client.get(address))
        assert told not in pages.text(client.get(f"{PEOPLE}rolle/{other.pk}/{page}/"))
    # Also where the form comes back: nothing is chosen in it.
    assert told in pages.text(client.post(address, {"role": ""}))
    assert resent in pages.text(client.get(PEOPLE))
    assert client.post(f"{PEOPLE}rolle/{row.pk}/avslutt/").status_code == 302
    assert not fellow.memberships.exists()

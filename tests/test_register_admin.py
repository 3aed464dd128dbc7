"""Editing the register on the administration pages."""

import datetime as dt

import pytest
from django.test import Client

from municipalities import register
from municipalities.models import (
    County,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    RegisterEvent,
    User,
)
from tests.register_people import person

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def loaded() -> None:
    """The register as shipped."""
    register.load()


@pytest.fixture
def administrator(client: Client, loaded: None) -> Client:
    """Somebody who may use the administration pages, logged in."""
    client.force_login(
        person("drift@eksempel.no", ("3305", "administrator"), is_staff=True, is_superuser=True)
    )
    return client


# --- administration pages ------------------------------------------------------------------------

ADMIN = "/administrasjon"


def test_only_administrators_use_the_administration_pages(client: Client, loaded: None) -> None:
    """Others log in at the one login page, or are refused; a role in a municipality is not enough."""
    kari = person("kari@eksempel.no", ("3305", "administrator"), is_staff=True)
    at_login = client.get(f"{ADMIN}/", follow=True)
    assert at_login.redirect_chain[-1][0] == f"/logg-inn/?next={ADMIN}/"
    client.force_login(kari)
    assert client.get(f"{ADMIN}/", follow=True).status_code == 403


def test_every_administration_page_opens(administrator: Client) -> None:
    """Lists, searches, add and change pages of everything registered."""
    for model in (
        County,
        Municipality,
        Organisation,
        Region,
        PopulationFigure,
        RegisterEvent,
        User,
    ):
        base = f"{ADMIN}/municipalities/{model._meta.model_name}"
        assert administrator.get(f"{base}/?q=a").status_code == 200
        assert administrator.get(f"{base}/{model.objects.first().pk}/change/").status_code == 200
        refused = {RegisterEvent: 403}.get(model, 200)
        assert administrator.get(f"{base}/add/").status_code == refused
        assert administrator.get(f"{base}/{model.objects.first().pk}/delete/").status_code == 403


def test_adding_a_person_with_roles(administrator: Client) -> None:
    """Password and roles on one page; the event says which roles, and never the password."""
    fields = {
        "name": "Nora Vik",
        "email": "Nora.Vik@Eksempel.no",
        "password1": "hemmelig fjelltur 7",
        "password2": "hemmelig fjelltur 7",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organisation": str(Organisation.objects.get(key="3310").pk),
        "memberships-0-role": "director",
    }
    address = f"{ADMIN}/municipalities/user/add/"
    assert administrator.post(address, {**fields, "password2": "x"}).status_code == 200
    assert administrator.post(address, fields).status_code == 302
    nora = User.objects.get(email="nora.vik@eksempel.no")
    assert nora.check_password("hemmelig fjelltur 7")
    assert not nora.is_staff
    assert [str(m) for m in nora.memberships.all()] == ["Nora Vik: kommunedirektør i Hole kommune"]
    event = RegisterEvent.objects.get(action="user.added")
    assert event.actor.email == "drift@eksempel.no"
    assert "kommunedirektør i Hole kommune" in str(event.data)
    assert "fjelltur" not in str(event.data)
    again = administrator.post(address, {**fields, "email": "NORA.vik@eksempel.no"})
    assert again.status_code == 200
    assert User.objects.filter(email__iexact="nora.vik@eksempel.no").count() == 1


def test_setting_a_password(administrator: Client) -> None:
    """Weak ones are refused; the change is in the record."""
    nora = person("nora@eksempel.no", ("3310", "director"))
    address = f"{ADMIN}/municipalities/user/{nora.pk}/password/"
    weak = {"password1": "123", "password2": "123"}
    assert administrator.post(address, weak).status_code == 200
    good = {"password1": "stille vann 42 dyp", "password2": "stille vann 42 dyp"}
    assert administrator.post(address, good).status_code == 302
    nora.refresh_from_db()
    assert nora.check_password("stille vann 42 dyp")
    event = RegisterEvent.objects.get(action="user.changed")
    assert event.data["id"] == nora.pk
    assert "stille" not in str(event.data)


def test_the_last_administrator_stays(administrator: Client) -> None:
    """Somebody must always be able to open the pages."""
    user = User.objects.get(is_superuser=True)
    fields = {
        "name": user.name,
        "email": user.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    address = f"{ADMIN}/municipalities/user/{user.pk}/change/"
    assert "eneste" in administrator.post(address, fields).content.decode()
    person("neste@eksempel.no", is_superuser=True)
    assert administrator.post(address, fields).status_code == 302
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_editing_a_region(administrator: Client) -> None:
    """Rates are recorded before and after; the contract municipality must be a member."""
    region = Region.objects.get(slug="indre-ostfold")
    moss, contract = Municipality.objects.get(number="3103"), region.contract_municipality
    fields = {
        "name": region.name,
        "contract_municipality": contract.pk,
        "members": [contract.pk],
        "operator": region.operator.pk,
        "operator_basis": region.operator_basis,
        "county_rate": "5,50",
        "municipal_rate": "3,00",
        "note": region.note,
        "source": region.source,
        "slug": "prøver-å-endre",
    }
    address = f"{ADMIN}/municipalities/region/{region.pk}/change/"
    assert 'value="2,50"' in administrator.get(address).content.decode()
    refused = administrator.post(address, {**fields, "members": [moss.pk]})
    assert "må være blant kommunene" in refused.content.decode()
    assert administrator.post(address, fields).status_code == 302
    region.refresh_from_db()
    assert region.slug == "indre-ostfold"
    event = RegisterEvent.objects.get(action="region.changed")
    assert event.data["changes"] == {"municipal_rate": ["2.5000", "3.00"]}
    register.load()
    region.refresh_from_db()
    assert str(region.municipal_rate) == "3.0000"


def test_adding_to_the_register(administrator: Client) -> None:
    """A municipality gets its organisation; an operator has neither municipality nor county."""
    county = County.objects.get(number="33")
    base = f"{ADMIN}/municipalities"
    municipality = {"number": "3399", "name": "Elveby", "county": county.pk}
    for number, said in (("33x9", "Skriv 4 siffer"), ("33٩9", "Tegnet «٩» kan ikke skrives ut")):
        bad = administrator.post(f"{base}/municipality/add/", {**municipality, "number": number})
        assert said in bad.content.decode()
    assert administrator.post(f"{base}/municipality/add/", municipality).status_code == 302
    elveby = Municipality.objects.get(number="3399")
    assert elveby.organisation.name == "Elveby kommune"
    assert RegisterEvent.objects.get(action="municipality.added").organisation.key == "3399"
    operator = {"key": "ny", "kind": "operator", "name": "Ny AS", "short_name": "Ny"}
    wrong = administrator.post(f"{base}/organisation/add/", {**operator, "county": county.pk})
    assert "Velg fylke når typen er fylkeskommune" in wrong.content.decode()
    assert administrator.post(f"{base}/organisation/add/", operator).status_code == 302
    figure = {
        "municipality": elveby.pk,
        "reference_date": "2025-01-01",
        "value": "1200",
        "source": "SSB",
    }
    added = administrator.post(f"{base}/populationfigure/add/", figure)
    assert added.status_code == 302
    assert RegisterEvent.objects.get(action="populationfigure.added").organisation.key == "3399"

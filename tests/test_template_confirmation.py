"""A model agreement says that nobody has confirmed it, until a named person does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import documents, snapshot
from agreements.models import AgreementTemplate
from municipalities.models import RegisterEvent, User

UNCONFIRMED = "ikke juridisk kvalitetssikret"


@pytest.fixture
def operator(ringerike: Any) -> Client:
    """The installation's administrator."""
    user = User.objects.create_superuser("drift@eksempel.no", "x", name="Dina Drift")
    client = Client()
    client.force_login(user)
    return client


def address(template: AgreementTemplate) -> str:
    return f"/administrasjon/agreements/agreementtemplate/{template.pk}/change/"


def page(client: Client, agreement: Any, name: str = "") -> str:
    return client.get(f"/avtaler/{agreement.slug}/{name}").content.decode().lower()


def test_drafts_say_so_on_the_page_and_in_the_pdf(ringerike: Any, as_: Any) -> None:
    client = as_("editor")
    assert UNCONFIRMED in page(client, ringerike)
    assert UNCONFIRMED in page(client, ringerike, "tekst/")
    document = snapshot.build(ringerike)
    html = documents.agreement.agreement_html(document, documents.draft(document))
    assert UNCONFIRMED in html


def test_so_does_a_text_without_a_template(ringerike: Any, as_: Any) -> None:
    """An imported text is nobody's model agreement, so that nobody has confirmed it either."""
    ringerike.template = None
    ringerike.save(update_fields=["template"])
    test_drafts_say_so_on_the_page_and_in_the_pdf(ringerike, as_)
    assert "teksten er importert" in page(as_("editor"), ringerike)


def test_a_named_person_confirms_it_and_it_is_recorded(
    ringerike: Any, as_: Any, operator: Client
) -> None:
    template = ringerike.template
    person = User.objects.get(email="fylket@buskerud.example")
    done = operator.post(
        address(template), {"confirmed_by": person.pk, "confirmed_on": "2026-11-20"}
    )
    assert done.status_code == 302
    assert UNCONFIRMED not in page(as_("editor"), ringerike, "tekst/")
    ringerike.refresh_from_db()
    document = snapshot.build(ringerike)
    html = documents.agreement.agreement_html(document, documents.draft(document))
    assert UNCONFIRMED not in html
    event = RegisterEvent.objects.get(action="agreementtemplate.changed")
    assert event.data["changes"]["confirmed_by"] == [None, person.pk]


@pytest.mark.parametrize("given", [{"confirmed_by": "1"}, {"confirmed_on": "2026-11-20"}])
def test_a_name_without_a_date_or_a_date_without_a_name_is_refused(
    ringerike: Any, operator: Client, given: dict[str, str]
) -> None:
    if "confirmed_by" in given:
        given = {"confirmed_by": str(User.objects.first().pk)}
    answer = operator.post(address(ringerike.template), given)
    assert answer.status_code == 200
    assert "kvalitetssikret" in answer.content.decode()
    ringerike.template.refresh_from_db()
    assert ringerike.template.confirmed_by is None


def test_the_text_of_a_version_cannot_be_edited_added_or_deleted(
    ringerike: Any, operator: Client
) -> None:
    operator.post(address(ringerike.template), {"name": "Noe annet", "version": "9"})
    ringerike.template.refresh_from_db()
    assert ringerike.template.name != "Noe annet"
    assert operator.get("/administrasjon/agreements/agreementtemplate/add/").status_code == 403
    delete = address(ringerike.template).replace("change", "delete")
    assert operator.post(delete, {"post": "yes"}).status_code == 403

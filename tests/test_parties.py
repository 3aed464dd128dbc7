"""Parties: who is bound, on whose behalf, who signs, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements.models import Agreement, AgreementEvent, Party
from municipalities.models import Organisation
from tests import pages
from tests.desk import BASE, As

PARTIES, NEW = BASE + "parter/", BASE + "parter/ny/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def address(key: str, more: str = "") -> str:
    return f"{PARTIES}part/{key}/{more}"


def opened(client: Client, key: str, **answers: Any) -> pages.Sent:
    return pages.changed(pages.form(client.get(address(key)), "Lagre"), **answers)


def new(client: Client, key: str, **answers: Any) -> pages.Sent:
    organisation = Organisation.objects.get(key=key)
    form = pages.form(client.get(NEW), "Legg til")
    return pages.changed(form, organisation=str(organisation.pk), **answers)


def keys(agreement: Agreement) -> list[str]:
    return [party.organisation.key for party in agreement.parties.all()]


def test_who_signs_is_stored_and_shown(ringerike: Agreement, editor: Client) -> None:
    answers = {"signatory_name": "Kari Nord", "signatory_title": "ordfører", "mandate": "Sak 3/26"}
    answer = editor.post(address("3305"), opened(editor, "3305", **answers))
    assert (answer.status_code, answer["Location"]) == (302, PARTIES)
    party = ringerike.parties.get(organisation__key="3305")
    assert {name: getattr(party, name) for name in answers} == answers
    assert "Kari Nord, ordfører" in pages.text(editor.get(PARTIES))


def test_a_title_without_a_name_is_not_taken_for_a_signatory(
    ringerike: Agreement, editor: Client
) -> None:
    ringerike.parties.filter(organisation__key="3305").update(signatory_name="")
    assert "Navn mangler, ordfører" in pages.text(editor.get(PARTIES))


def test_the_lists_offer_only_what_can_be_chosen(ringerike: Agreement, editor: Client) -> None:
    """A party is not asked whether it signs for itself; a new party is most likely a partner."""
    offered = editor.get(address("3305")).context["form"]["on_behalf_of"].subwidgets
    assert [option.choice_label for option in offered] == [
        "Hole kommune",
        "Jevnaker kommune",
        "Krødsherad kommune",
        "Modum kommune",
    ]
    assert pages.form(editor.get(NEW), "Legg til")["role"] == ["partner"]
    assert "Samarbeidspart" in pages.text(editor.get(NEW))


def test_taking_a_municipality_off_changes_the_text(ringerike: Agreement, editor: Client) -> None:
    sent = opened(editor, "3305")
    hole = str(Organisation.objects.get(key="3310").pk)
    sent["on_behalf_of"].remove(hole)
    assert editor.post(address("3305"), sent).status_code == 302
    event = AgreementEvent.objects.latest("pk")
    assert event.action == "party.edited"
    assert event.data["on_behalf_of"] == [
        ["3236", "3310", "3316", "3318"],
        ["3236", "3316", "3318"],
    ]
    assert "Jevnaker, Krødsherad og Modum" in pages.text(editor.get(BASE + "tekst/"))


def test_a_municipality_outside_the_region_stays_when_the_form_is_saved(
    ringerike: Agreement, editor: Client
) -> None:
    """An imported text may name one; the form must show it, or saving would drop it unseen."""
    party = ringerike.parties.get(organisation__key="3305")
    party.on_behalf_of.add(Organisation.objects.get(key="3103"))
    editor.post(address("3305"), opened(editor, "3305", signatory_name="Ny"))
    assert "3103" in {o.key for o in party.on_behalf_of.all()}


def test_a_new_party(ringerike: Agreement, editor: Client) -> None:
    sent = new(editor, "nav-ost-viken", role="partner")
    places = {editor.post(NEW, sent)["Location"] for _ in range(2)}
    assert places == {PARTIES}
    assert keys(ringerike)[-1] == "nav-ost-viken"
    assert AgreementEvent.objects.filter(action="party.added").count() == 1
    assert 'value="nav-ost-viken"' not in editor.get(NEW).content.decode()


def test_a_party_is_removed(ringerike: Agreement, editor: Client) -> None:
    form = pages.form(editor.get(address("innovasjon-norge")), "Fjern")
    answer = editor.post(address("innovasjon-norge", "slett/"), form, follow=True)
    assert "Innovasjon Norge er ikke lenger part" in pages.text(answer)
    assert "innovasjon-norge" not in keys(ringerike)
    assert "Innovasjon Norge" in pages.text(editor.get(BASE)), "the event names who it was"
    assert editor.get(address("innovasjon-norge")).status_code == 404


WRONG = [
    ("3305", "role", "vertskommune", "Velg på nytt"),
    ("3305", "role", "county_authority", "er ikke en fylkeskommune"),
    ("33", "role", "contract_municipality", "Ringerike kommune er kontraktskommune"),
    ("innovasjon-norge", "role", "contract_municipality", "Bare en kommune kan være"),
    ("3305", "on_behalf_of", "{3305}", "på vegne av seg selv"),
    ("3305", "on_behalf_of", "987654", "Velg på nytt"),
    ("3305", "signatory_name", "x" * 200, "høyst 120 tegn"),
    ("3305", "signatory_title", "x" * 200, "høyst 120 tegn"),
    ("3305", "mandate", "x" * 201, "høyst 200 tegn"),
    ("3305", "mandate", "a\x00", "ikke tillatt"),
]


@pytest.mark.parametrize(("key", "name", "typed", "message"), WRONG)
def test_what_cannot_be_is_said_at_the_field(
    ringerike: Agreement, editor: Client, key: str, name: str, typed: str, message: str
) -> None:
    own = Organisation.objects.get(key="3305").pk
    sent = opened(editor, key) | {name: [typed.replace("{3305}", str(own))]}
    answer = editor.post(address(key), sent)
    assert answer.status_code == 422
    assert any(message in said for said in all_messages(answer))
    assert name in pages.complaints(answer)
    if name not in ("role", "on_behalf_of"):
        assert pages.form(answer, "Lagre") == sent
    assert Party.objects.filter(agreement=ringerike).exclude(revision=1).count() == 0


def all_messages(answer: Any) -> list[str]:
    return [node.text for node in pages.page(answer).all(class_="ds-validation-message")]


def test_a_party_that_is_there_or_cannot_be_is_refused(
    ringerike: Agreement, editor: Client
) -> None:
    operator = Organisation.objects.filter(kind="operator").first()
    for pk in ("", "987654", str(operator.pk), str(Organisation.objects.get(key="33").pk)):
        form = pages.form(editor.get(NEW), "Legg til")
        answer = editor.post(NEW, pages.changed(form, organisation=pk, signatory_name="Kari"))
        assert answer.status_code == 422
        assert "organisation" in pages.complaints(answer)
        assert pages.form(answer, "Legg til")["signatory_name"] == ["Kari"]
    assert len(keys(ringerike)) == 4


def test_the_overview_says_what_is_missing_when_nobody_is_left(
    ringerike: Agreement, editor: Client
) -> None:
    for key in keys(ringerike):
        editor.post(address(key, "slett/"), {"revision": 1})
    assert "Ingen parter ennå" in pages.text(editor.get(PARTIES))
    assert "Ingen parter er lagt inn" in pages.text(editor.get(BASE))
    assert editor.get(BASE + "kontroll/").status_code == 200
    assert editor.get(BASE + "dokumenter/avtale.pdf").status_code == 200

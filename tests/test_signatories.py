"""Who signs: their addresses and their order, kept out of the agreement, its hash and its record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import contacts, snapshot, workflow
from agreements.documents.signers import Contact
from agreements.domain import canonical
from agreements.models import AccessLog, Agreement, AgreementEvent, Party, Version
from municipalities import revisions
from municipalities.models import Membership, User
from tests import final_files, pages, rounds
from tests import test_nasty_input as nasty

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
PAGE, SIGNED = BASE + "dokumenter/signatarer/", BASE + "dokumenter/signert/"
CSV, XLSX = BASE + "dokumenter/signatarliste.csv", BASE + "dokumenter/signatarliste.xlsx"
STEP = BASE + "behandling/steg/prepare-signing/"
ADDRESS = "ola.nordmann@ringerike.example"


@pytest.fixture
def adopted(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    final_files.quick(monkeypatch)
    return final_files.adopted(ringerike)


@pytest.fixture
def final(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    final_files.quick(monkeypatch)
    return final_files.finalised(ringerike)


def opened(client: Client, **values: Any) -> pages.Sent:
    named = {name.replace("_", "-", 1): value for name, value in values.items()}
    return pages.changed(pages.form(client.get(PAGE), "Lagre"), **named)


def listed(client: Client) -> list[dict[str, str]]:
    text = client.get(CSV).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def party(agreement: Agreement, key: str = "3305") -> Party:
    return agreement.parties.get(organisation__key=key)


# --- in the draft ----------------------------------------------------------------------------------


def test_an_editor_gives_the_address_with_who_signs(ringerike: Agreement, as_: As) -> None:
    client, before = as_("editor"), canonical.sha256(snapshot.build(ringerike))
    address = BASE + "parter/part/3305/"
    form = pages.form(client.get(address), "Lagre")
    answers = {"signatory_email": ADDRESS, "signing_order": "3"}
    assert client.post(address, pages.changed(form, **answers)).status_code == 302
    row = party(ringerike)
    assert (row.signatory_email, row.signing_order) == (ADDRESS, 3)
    again = pages.form(client.get(address), "Lagre")
    assert (again["signatory_email"], again["signing_order"]) == ([ADDRESS], ["3"])
    # Neither the agreement nor the list of parties has it, which others read.
    assert canonical.sha256(snapshot.build(ringerike)) == before
    assert ADDRESS not in pages.text(as_("director").get(BASE + "parter/"))


def test_the_record_says_whose_address_was_changed_and_never_to_what(
    ringerike: Agreement, as_: As
) -> None:
    client, address = as_("editor"), BASE + "parter/part/3305/"
    first = AgreementEvent.objects.latest("pk").pk
    for answers in ({"signatory_email": ADDRESS}, {"signatory_name": "Ola", "signing_order": "2"}):
        form = pages.changed(pages.form(client.get(address), "Lagre"), **answers)
        assert client.post(address, form).status_code == 302
    events = AgreementEvent.objects.filter(pk__gt=first).order_by("pk")
    assert [
        (event.action, event.data.get("email"), event.data.get("order")) for event in events
    ] == [
        ("signer.edited", ["3305"], []),
        ("party.edited", None, None),
        ("signer.edited", [], ["3305"]),
    ]
    everything = json.dumps([event.data for event in AgreementEvent.objects.all()])
    assert ADDRESS not in everything
    assert "signatory_email" not in everything
    said = pages.text(as_("director").get(BASE + "historikk/hendelser/"))
    assert "E-post eller rekkefølge for signeringen ble endret: Ringerike kommune" in said
    assert ADDRESS not in said


def test_a_new_party_may_come_with_its_address(ringerike: Agreement, as_: As) -> None:
    client, body = as_("editor"), rounds.body("nav-ost-viken")
    form = pages.form(client.get(BASE + "parter/ny/"), "Legg til")
    sent = pages.changed(form, organisation=str(body.pk), signatory_email=ADDRESS)
    assert client.post(BASE + "parter/ny/", sent).status_code == 302
    assert party(ringerike, "nav-ost-viken").signatory_email == ADDRESS
    assert ADDRESS not in json.dumps([event.data for event in AgreementEvent.objects.all()])
    assert AgreementEvent.objects.latest("pk").action == "signer.edited"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("signatory_email", "ola", "som navn@eksempel.no"),
        ("signatory_email", "a" * 250 + "@b.no", "høyst 254 tegn"),
        ("signatory_email", "01019012345@kommune.no", "fødselsnummer"),
        ("signatory_name", "Ola 01019012345", "fødselsnummer"),
        ("signatory_title", "010190 12345", "fødselsnummer"),
        ("mandate", "f. 01019012345", "fødselsnummer"),
        ("signing_order", "0", "ikke være mindre enn 1"),
        ("signing_order", "100", "ikke være større enn 99"),
        ("signing_order", "først", "som et helt tall"),
        ("signing_order", "9" * 5000, "som et helt tall"),
    ],
)
def test_what_cannot_be_an_address_or_a_place_is_told_at_its_field(
    ringerike: Agreement, as_: As, field: str, value: str, words: str
) -> None:
    client, address = as_("editor"), BASE + "parter/part/3305/"
    form = pages.changed(pages.form(client.get(address), "Lagre"), **{field: value})
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert words in pages.complaints(answer)[field]
    assert pages.form(answer, "Lagre")[field] == [value]


# --- the administrator, also when the version is frozen -----------------------------------------------


def test_the_administrator_fills_it_in_although_the_version_is_frozen(
    ringerike: Agreement, adopted: Version, as_: As
) -> None:
    client = as_("administrator")
    said = pages.text(client.get(STEP))
    assert "E-post mangler" in said
    assert "Eksempel Ringerike, ordfører, Ringerike kommune, på vegne av Hole kommune" in said
    sent = opened(client, epost_3305=ADDRESS, **{"rekke_innovasjon-norge": "1"})
    answer = client.post(PAGE, sent)
    assert (answer.status_code, answer["Location"]) == (302, STEP)
    step = client.get(STEP)
    assert ADDRESS in pages.text(step)
    assert step["Cache-Control"] == "private, no-store"
    assert party(ringerike, "innovasjon-norge").signing_order == 1
    assert party(ringerike).signing_order is None, "a place that nobody has moved is not chosen"
    event = ringerike.events.latest("number")
    assert (event.action, event.data["email"]) == ("signer.edited", ["3305"])
    assert event.data["order"] == ["innovasjon-norge"]
    adopted.refresh_from_db()
    assert workflow.document_of(adopted) == snapshot.build(ringerike)


def test_the_same_sent_again_changes_nothing(
    ringerike: Agreement, adopted: Version, as_: As
) -> None:
    client = as_("administrator")
    sent = opened(client, epost_3305=ADDRESS)
    for _ in range(2):
        assert client.post(PAGE, sent).status_code == 302
    assert client.post(PAGE, opened(client)).status_code == 302
    assert ringerike.events.filter(action="signer.edited").count() == 1


def test_two_at_once_are_both_shown(ringerike: Agreement, adopted: Version, as_: As) -> None:
    client = as_("administrator")
    sent = opened(client, epost_3305=ADDRESS)
    other = opened(client, epost_3305="en.annen@ringerike.example", epost_33="frida@fylket.example")
    assert client.post(PAGE, other).status_code == 302
    answer = client.post(PAGE, sent)
    assert answer.status_code == 409
    assert "Ringerike kommune: en.annen@ringerike.example" in pages.text(answer)
    assert pages.form(answer, "Lagre")["epost-3305"] == [ADDRESS]
    assert party(ringerike, "33").signatory_email == "frida@fylket.example"
    assert client.post(PAGE, pages.form(answer, "Lagre")).status_code == 302
    assert party(ringerike).signatory_email == ADDRESS
    assert party(ringerike, "33").signatory_email == "frida@fylket.example"


def test_what_i_did_not_touch_is_as_somebody_else_left_it(
    ringerike: Agreement, adopted: Version, as_: As
) -> None:
    """«Lagre mitt likevel» is for mine: twice over, field by field, and also where one was emptied."""
    client = as_("administrator")
    client.post(PAGE, opened(client, epost_33="gammel@fylket.example"))
    sent = opened(client, epost_3305=ADDRESS, epost_33="")
    others: tuple[dict[str, str], ...] = (
        {"rekke_3305": "7", "epost_innovasjon-norge": "ida@in.example"},
        {"rekke_3305": "8", "rekke_innovasjon-norge": "9"},
    )
    for other in others:
        assert client.post(PAGE, opened(client, **other)).status_code == 302
        answer = client.post(PAGE, sent)
        assert answer.status_code == 409
        sent = pages.form(answer, "Lagre")
    assert client.post(PAGE, sent).status_code == 302
    mine, county, theirs = (party(ringerike, key) for key in ("3305", "33", "innovasjon-norge"))
    assert (mine.signatory_email, mine.signing_order) == (ADDRESS, 8)
    assert county.signatory_email == ""
    assert (theirs.signatory_email, theirs.signing_order) == ("ida@in.example", 9)


def test_a_suggestion_that_was_only_shown_gives_way_to_an_address(
    ringerike: Agreement, adopted: Version, as_: As
) -> None:
    client = as_("administrator")
    rita = User.objects.get(email="redaktor@ringerike.example")
    ringerike.parties.filter(organisation__key="3305").update(signatory_name=rita.name)
    sent = opened(client, epost_33=ADDRESS)
    assert sent["epost-3305"] == [rita.email]
    other = opened(client, epost_3305="den.rette@ringerike.example")
    assert client.post(PAGE, other).status_code == 302
    answer = client.post(PAGE, sent)
    assert answer.status_code == 409
    assert client.post(PAGE, pages.form(answer, "Lagre")).status_code == 302
    assert party(ringerike).signatory_email == "den.rette@ringerike.example"
    assert party(ringerike, "33").signatory_email == ADDRESS


def test_a_party_that_is_gone_meanwhile_is_no_error(ringerike: Agreement, as_: As) -> None:
    client = as_("administrator")
    sent = opened(client, **{"epost_innovasjon-norge": ADDRESS}, epost_3305=ADDRESS)
    gone = party(ringerike, "innovasjon-norge")
    change = contacts.Change(gone.pk, gone.revision, Contact(ADDRESS))
    gone.delete()
    assert client.post(PAGE, sent).status_code == 302
    with pytest.raises(revisions.ConflictError):
        contacts.save(rounds.administrator(), ringerike, [change])


@pytest.mark.parametrize("value", ["x", "01019012345@a.no", "a@b", "\x00@a.no", "a" * 9000])
def test_wrong_addresses_are_told_at_the_right_party(
    ringerike: Agreement, as_: As, value: str
) -> None:
    client = as_("administrator")
    answer = client.post(PAGE, opened(client, epost_3305=value))
    assert answer.status_code == 422
    assert pages.complaints(answer).keys() == {"epost-3305"}
    assert not party(ringerike).signatory_email


@pytest.mark.parametrize("left", ["revision", "everything"])
def test_half_a_form_is_no_error(ringerike: Agreement, as_: As, left: str) -> None:
    client = as_("administrator")
    sent = opened(client, epost_3305=ADDRESS) if left == "revision" else {}
    sent.pop("utgave-3305", None)
    assert client.post(PAGE, sent).status_code == 302
    assert not party(ringerike).signatory_email


def test_whatever_is_sent_is_no_error(ringerike: Agreement, as_: As) -> None:
    client = as_("administrator")
    form = opened(client)
    for value in nasty.NASTY:
        for name in ("epost-3305", "rekke-3305", "utgave-3305"):
            answer = nasty.send(client, PAGE, form | {name: [value]})
            assert answer.status_code in (302, 409, 422), (name, value[:20])


def test_the_address_of_somebody_who_is_known_is_offered_and_not_stored(
    ringerike: Agreement, as_: As
) -> None:
    client = as_("administrator")
    rita = User.objects.get(email="redaktor@ringerike.example")
    ringerike.parties.filter(organisation__key="3305").update(signatory_name=" rita  REDAKTØR")
    read = client.get(PAGE)
    assert pages.form(read, "Lagre")["epost-3305"] == [rita.email]
    assert "Forslag: adressen" in pages.text(read)
    assert not party(ringerike).signatory_email
    # Somebody of the same name elsewhere is somebody else; two of one name are nobody.
    ringerike.parties.filter(organisation__key="33").update(signatory_name=rita.name)
    assert pages.form(client.get(PAGE), "Lagre")["epost-33"] == [""]
    other = User.objects.create_user("rita2@ringerike.example", name=rita.name)
    Membership.objects.create(
        user=other, organisation=rounds.body("3305"), role=Membership.Role.READER
    )
    assert pages.form(client.get(PAGE), "Lagre")["epost-3305"] == [""]


def test_nobody_is_reached_once_all_have_signed(
    ringerike: Agreement, final: Version, as_: As
) -> None:
    client = as_("administrator")
    sent = opened(client, epost_3305=ADDRESS)
    final_files.sign(ringerike, final, *final_files.everybody(final))
    assert client.post(PAGE, sent).status_code == 409
    assert "kan ikke endres" in pages.text(client.get(PAGE))
    with pytest.raises(contacts.ClosedError):
        contacts.save(rounds.administrator(), ringerike, [])


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_has_the_order_that_was_chosen_and_is_kept_nowhere(
    ringerike: Agreement, final: Version, as_: As
) -> None:
    client = as_("administrator")
    client.post(PAGE, opened(client, epost_3305=ADDRESS, rekke_3305="1", rekke_33="2"))
    rows = listed(client)
    assert [(row["rekkefølge"], row["felt"]) for row in rows[:2]] == [
        ("1", "sig-3305"),
        ("2", "sig-33"),
    ]
    assert (rows[0]["navn"], rows[0]["e-post"]) == ("Eksempel Ringerike", ADDRESS)
    assert rows[0]["rolle"].startswith("ordfører, Ringerike kommune, på vegne av Hole kommune")
    answer = client.get(CSV)
    assert answer["Cache-Control"] == "private, no-store"
    assert "ringeriksregionen-2026-versjon-1-signatarliste.csv" in answer["Content-Disposition"]
    assert client.get(XLSX).content[:2] == b"PK"
    for page in (PAGE, SIGNED, BASE + "dokumenter/"):
        assert "no-store" in client.get(page).get("Cache-Control", ""), page
    seen = AccessLog.objects.filter(what="signatarlisten")
    assert {row.user.email for row in seen} == {"admin@ringerike.example"}


def test_there_is_no_list_before_there_is_a_file(
    ringerike: Agreement, adopted: Version, as_: As
) -> None:
    assert as_("administrator").get(CSV).status_code == 404


@pytest.mark.parametrize("who", ["editor", "director", "county", "reader"])
def test_nobody_else_sees_an_address(
    ringerike: Agreement, final: Version, as_: As, who: str
) -> None:
    Party.objects.filter(agreement=ringerike).update(signatory_email=ADDRESS)
    client = as_(who)
    for address in (CSV, XLSX, PAGE, SIGNED):
        assert client.get(address).status_code == 403
    for address in ("", "parter/", "dokumenter/", "versjoner/1/", "historikk/hendelser/"):
        answer = client.get(BASE + address)
        assert ADDRESS not in answer.content.decode(), address


def test_few_questions_for_the_form(ringerike: Agreement, as_: As) -> None:
    client = as_("administrator")
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    assert len(asked) <= 12, len(asked)

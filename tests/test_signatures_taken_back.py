"""Somebody vouched for the wrong thing: the word is taken back, the rows stay, and the state follows."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from agreements import archive, finals, record, registered, signed_files, signing, workflow
from agreements.demo import one_line_pdf
from agreements.domain import package
from agreements.domain.states import Action, State
from agreements.models import Agreement, PartySignature, SignatureTakenBack, StoredFile, Version
from agreements.record import Actor
from municipalities.models import User
from tests import final_files, pages, rounds
from tests.conftest import CAST
from tests.final_files import everybody, sign

As = Callable[[str], Client]
PAGE = "/avtaler/ringeriksregionen-2026/dokumenter/signert/"
SCANNED = one_line_pdf("Skannet")
WHY = "Jeg krysset av for feil part."


@pytest.fixture
def version(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    final_files.quick(monkeypatch)
    return final_files.finalised(ringerike)


def vouch(agreement: Agreement, version: Version, *keys: str, words: str = "Skannet") -> StoredFile:
    return sign(agreement, version, *keys, content=one_line_pdf(words), confirmed=True)


def take_back(agreement: Agreement, file: StoredFile, *keys: str, reason: str = WHY) -> bool:
    done = signed_files.take_back(rounds.administrator(), agreement, file, keys, reason)
    agreement.refresh_from_db()
    return done


def standing(version: Version) -> set[str]:
    return {row.organisation.key for row in signed_files.signatures(version)}


def test_the_state_follows_back_and_on_again(ringerike: Agreement, version: Version) -> None:
    keys = everybody(version)
    first = vouch(ringerike, version, *keys[:2])
    rest = vouch(ringerike, version, *keys[2:], words="Resten")
    assert ringerike.state is State.SIGNED
    assert take_back(ringerike, first, keys[0])
    assert ringerike.state is State.PARTLY_SIGNED
    assert standing(version) == set(keys[1:])
    take_back(ringerike, rest, *keys[2:])
    assert ringerike.state is State.PARTLY_SIGNED
    take_back(ringerike, first, keys[1])
    assert (ringerike.state, standing(version)) == (State.READY_TO_SIGN, set())
    assert [event.action for event in ringerike.events.order_by("number")][-3:] == [
        *("state.unsign_partly", "state.unsign_partly", "state.unsign")
    ]
    # Nobody has signed, so the version may be withdrawn again; or the right thing is said.
    vouch(ringerike, version, *keys, words="Alle")
    assert (ringerike.state, standing(version)) == (State.SIGNED, set(keys))


def test_the_rows_stay_with_the_reason_beside_them(ringerike: Agreement, version: Version) -> None:
    file = vouch(ringerike, version, "33", "3305")
    take_back(ringerike, file, "3305")
    assert PartySignature.objects.count() == 2
    row = SignatureTakenBack.objects.get()
    assert (row.signature.organisation.key, row.reason) == ("3305", WHY)
    assert row.taken_back_by == rounds.administrator().user
    event = ringerike.events.latest("number")
    assert event.data == {
        "from": "partly_signed",
        "to": "partly_signed",
        "version": 1,
        "file": file.sha256,
        "parties": ["3305"],
        "name": "Ringerike kommune",
        "reason": WHY,
    }
    assert event.version_id == version.pk
    assert record.first_break(ringerike) is None
    for statement in (
        "UPDATE agreements_signaturetakenback SET reason = 'x'",
        "DELETE FROM agreements_signaturetakenback",
        "UPDATE agreements_partysignature SET number = 2",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_same_twice_is_done_once(ringerike: Agreement, version: Version) -> None:
    file = vouch(ringerike, version, "33", "3305")
    assert take_back(ringerike, file, "3305")
    assert not take_back(ringerike, file, "3305")
    assert ringerike.events.filter(action="state.unsign_partly").count() == 1


def test_a_signature_that_the_program_has_checked_is_not_taken_back(
    ringerike: Agreement, version: Version, monkeypatch: pytest.MonkeyPatch, as_: As
) -> None:
    seen = signing.Inspection(signed=("3305",), verified=True)
    monkeypatch.setattr(signed_files, "verify", lambda *given: seen)
    file = sign(ringerike, version)
    assert PartySignature.objects.get().checked
    with pytest.raises(ValueError, match="has checked"):
        take_back(ringerike, file, "3305")
    assert (ringerike.state, standing(version)) == (State.PARTLY_SIGNED, {"3305"})
    client = as_("administrator")
    assert client.get(f"{PAGE}{file.pk}/ta-tilbake/").status_code == 404
    assert "Ta tilbake" not in pages.text(client.get(PAGE))


@pytest.mark.parametrize(
    ("keys", "reason"), [((), WHY), (("33",), ""), (("9999",), WHY), (("3305",), WHY)]
)
def test_only_what_was_said_of_this_file_and_with_a_reason(
    ringerike: Agreement, version: Version, keys: tuple[str, ...], reason: str
) -> None:
    file = vouch(ringerike, version, "33")
    vouch(ringerike, version, "3305", words="En annen")
    with pytest.raises(ValueError, match="a reason, and parties"):
        take_back(ringerike, file, *keys, reason=reason)
    assert standing(version) == {"33", "3305"}


def test_not_once_the_agreement_is_in_force(ringerike: Agreement, version: Version) -> None:
    file = vouch(ringerike, version, *everybody(version))
    Agreement.objects.filter(pk=ringerike.pk).update(status=State.ACTIVE.value)
    with pytest.raises(workflow.MovedOnError):
        take_back(ringerike, file, "33")


def test_not_about_a_version_that_was_withdrawn(ringerike: Agreement, version: Version) -> None:
    file = vouch(ringerike, version, "33")
    take_back(ringerike, file, "33")
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    second = final_files.finalised(ringerike, "https://avtaler.example")
    vouch(ringerike, second, "33", words="Ny")
    with pytest.raises(workflow.MovedOnError):
        take_back(ringerike, file, "33")


def test_the_right_party_is_ticked_for_the_same_file(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    """What the mistake was in most cases: the file is right, and the tick is not."""
    file = vouch(ringerike, version, "3305")
    take_back(ringerike, file, "3305")
    again = vouch(ringerike, version, "33")
    assert again.pk == file.pk
    assert standing(version) == {"33"}
    assert ringerike.state is State.PARTLY_SIGNED
    vouch(ringerike, version, "33", "3305")
    numbers = PartySignature.objects.order_by("pk").values_list("organisation__key", "number")
    assert list(numbers) == [("3305", 1), ("33", 1), ("3305", 2)]


def test_a_file_that_counts_no_more_is_not_told_of_and_is_marked_in_the_package(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    file = vouch(ringerike, version, "33", words="En helt annen fil")
    other = vouch(ringerike, version, "3305", words="Den rette")
    assert registered.find(file.sha256)
    take_back(ringerike, file, "33")
    assert not registered.find(file.sha256)
    assert not registered.find(file.sha256[:12])
    assert registered.find(other.sha256)
    with archive.build(ringerike, version, restricted=True) as made:
        content = made.read()
    checked = package.verify(io.BytesIO(content))
    assert checked.problems == ()
    manifest = json.loads(package_part(content, package.MANIFEST))
    found = {item["dokumentobjekt"]["sjekksum"]: item for item in manifest["dokumentbeskrivelse"]}
    assert found[file.sha256]["tittel"].startswith("Bekreftelsen er tatt tilbake")
    assert found[file.sha256]["tilknyttetRegistreringSom"] == "Vedlegg"
    assert found[other.sha256]["dokumenttype"] == "Signert avtale"


def package_part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(name)


def test_who_sent_the_same_bytes_again_is_named_for_what_they_said(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    """The file is stored once, by whoever sent it first; the word about a party is another's."""
    file, client = vouch(ringerike, version, "3305"), as_("administrator")
    rita = User.objects.get(email=CAST["editor"])
    again = signed_files.Signed("skannet.pdf", SCANNED, ("33",), confirmed=True)
    assert signed_files.add(Actor(rita, rounds.body("3305")), ringerike, again).pk == file.pk
    said = {row.organisation.key: row.vouched_by for row in signed_files.signatures(version)}
    assert said == {"3305": rounds.administrator().user, "33": rita}
    page = pages.text(client.get(PAGE))
    assert f"programmet, bekreftet av {rita.name}." in page
    assert f"programmet, bekreftet av Arne Administrator og {rita.name}." in page
    assert f"bekreftet av {rita.name}" in pages.text(client.get(f"{PAGE}{file.pk}/ta-tilbake/"))
    take_back(ringerike, file, "3305")
    assert "bekreftet av Arne" not in pages.text(client.get(PAGE)), "his word stands no more"
    _what_was_stored_before_the_column_was_there(version, said)


def _what_was_stored_before_the_column_was_there(version: Version, said: dict[str, Any]) -> None:
    """The migration finds the same again in the record."""
    migration = import_module("agreements.migrations.0016_vouched")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE agreements_partysignature DISABLE TRIGGER USER")
        cursor.execute("UPDATE agreements_partysignature SET vouched_by_id = NULL")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration._FILL)
    assert {row.organisation.key: row.vouched_by for row in signed_files.history(version)} == said
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PartySignature.objects.update(vouched_by=None)


def test_a_file_that_was_taken_back_does_not_stop_the_right_one_that_is_shorter(
    ringerike: Agreement, version: Version
) -> None:
    wrong = sign(ringerike, version, "33", "3305", content=final_files.signed(version, 2))
    take_back(ringerike, wrong, "33")
    right = final_files.signed(version, 1)
    with pytest.raises(finals.RefusedError, match="tidligere utgave"):  # one word of it stands
        sign(ringerike, version, "33", content=right)
    take_back(ringerike, wrong, "3305")
    assert sign(ringerike, version, "33", content=right).sha256 != wrong.sha256
    assert standing(version) == {"33"}


# --- the page -----------------------------------------------------------------------------------------


def opened(client: Client, file: StoredFile, **values: Any) -> pages.Sent:
    address = f"{PAGE}{file.pk}/ta-tilbake/"
    return pages.changed(pages.form(client.get(address), "Ta tilbake"), **values)


def test_an_administrator_takes_it_back(ringerike: Agreement, version: Version, as_: As) -> None:
    client = as_("administrator")
    form: dict[str, Any] = pages.changed(
        pages.form(client.get(PAGE), "Lagre filen"), parties=["33", "3305"], confirmed="on"
    )
    client.post(PAGE, form | {"file": SimpleUploadedFile("skannet.pdf", SCANNED)})
    file = StoredFile.objects.get(kind=StoredFile.Kind.SIGNED)
    address = f"{PAGE}{file.pk}/ta-tilbake/"
    assert address in [node.get("href") for node in pages.page(client.get(PAGE)).all("a")]
    answer = client.post(address, opened(client, file, parties=["3305"], reason=WHY))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    said = pages.text(client.get(PAGE))
    assert "Bekreftelsen er tatt tilbake. Avtalen er delvis signert." in said
    assert f"er tatt tilbake av Arne Administrator: {WHY}" in said
    assert standing(version) == {"33"}
    assert "Filen regnes ikke med" not in said
    answer = client.post(address, opened(client, file, reason="Den også."))
    assert answer.status_code == 302, "the only one that is left is ticked"
    said = pages.text(client.get(PAGE))
    assert "Filen regnes ikke med" in said
    assert "Alt som var bekreftet om denne filen, er tatt tilbake." in pages.text(
        client.get(address)
    )
    history = pages.text(client.get("/avtaler/ringeriksregionen-2026/historikk/hendelser/"))
    assert "Det ble tatt tilbake at Ringerike kommune hadde signert versjon 1" in history


@pytest.mark.parametrize(
    "values",
    [{"reason": ""}, {"parties": []}, {"parties": ["9999"]}, {"reason": "x" * 1001}],
)
def test_wrong_answers_are_told_at_their_fields(
    ringerike: Agreement, version: Version, as_: As, values: dict[str, Any]
) -> None:
    file, client = vouch(ringerike, version, "33", "3305"), as_("administrator")
    sent = opened(client, file, **({"parties": ["33"], "reason": WHY} | values))
    answer = client.post(f"{PAGE}{file.pk}/ta-tilbake/", sent)
    assert answer.status_code == 422
    assert pages.complaints(answer).keys() == values.keys()
    assert standing(version) == {"33", "3305"}


def test_a_form_that_was_open_while_the_agreement_moved_on(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    file, client = vouch(ringerike, version, *everybody(version)), as_("administrator")
    sent = opened(client, file, parties=["33"], reason=WHY)
    Agreement.objects.filter(pk=ringerike.pk).update(status=State.ACTIVE.value)
    answer = client.post(f"{PAGE}{file.pk}/ta-tilbake/", sent)
    assert answer.status_code == 409
    assert "Ingenting ble tatt tilbake" in pages.text(answer)
    assert standing(version) == set(everybody(version))


def test_there_is_nothing_to_take_back_of_other_files(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    client = as_("administrator")
    for pk in (final_files.final(version).pk, 987_654):
        assert client.get(f"{PAGE}{pk}/ta-tilbake/").status_code == 404

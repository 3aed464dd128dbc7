"""Signed files: which are taken in, who has signed, and the state that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import finals, remembered, signed_files, signing, workflow
from agreements.demo import one_line_pdf
from agreements.domain.states import Action, State
from agreements.models import Agreement, PartySignature, StoredFile, Version
from tests import final_files, pages, rounds
from tests.final_files import SIGNATURE, everybody, sign, signed

As = Callable[[str], Client]
ADDRESS = "/avtaler/ringeriksregionen-2026/dokumenter/signert/"
ORIGINAL = rounds.PDF


@pytest.fixture
def version(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    final_files.quick(monkeypatch)
    return final_files.finalised(ringerike)


def test_a_file_that_begins_as_the_original_and_has_a_signature_is_ours() -> None:
    found = signing.inspect(ORIGINAL, ORIGINAL + SIGNATURE, ["a", "b"])
    assert (found.problems, found.foreign, found.verified) == ((), False, False)
    assert found.missing == ("a", "b")


@pytest.mark.parametrize(
    ("uploaded", "problem"),
    [
        (ORIGINAL, signing.UNSIGNED),
        (ORIGINAL + b"\n\n", signing.UNSIGNED),
        (ORIGINAL[:-9], signing.TRUNCATED),
        (ORIGINAL + b"2 0 obj<<>>endobj\n%%EOF\n", signing.CHANGED),
    ],
)
def test_what_is_no_signed_file(uploaded: bytes, problem: str) -> None:
    assert signing.inspect(ORIGINAL, uploaded, ["a"]).problems == (problem,)


def test_one_byte_of_the_original_changed_makes_it_foreign() -> None:
    changed = ORIGINAL.replace(b"Catalog", b"Catalig")
    assert signing.inspect(ORIGINAL, changed + SIGNATURE, ["a"]).foreign


def test_the_state_follows_from_who_has_signed(ringerike: Agreement, version: Version) -> None:
    keys = everybody(version)
    sign(ringerike, version, keys[0])
    assert ringerike.state is State.PARTLY_SIGNED
    sign(ringerike, version, *keys[1:-1])
    assert ringerike.state is State.PARTLY_SIGNED
    # The newest file has everybody's signatures: those who were known already change nothing.
    last = sign(ringerike, version, *keys)
    assert ringerike.state is State.SIGNED
    assert PartySignature.objects.count() == len(keys)
    assert [row.organisation.key for row in last.signatures.all()] == keys[-1:]
    steps = ringerike.events.filter(action__startswith="state.sign").order_by("number")
    assert [event.action for event in steps] == [
        *("state.sign_partly", "state.sign_partly", "state.sign")
    ]
    assert steps.last().data["file"] == last.sha256
    assert steps.last().data["checked"] is False
    with pytest.raises(workflow.MovedOnError):
        sign(ringerike, version, keys[0], content=signed(version, 9))


def test_the_same_file_again_changes_nothing(ringerike: Agreement, version: Version) -> None:
    content = signed(version)
    first = sign(ringerike, version, "33", content=content)
    assert sign(ringerike, version, "33", content=content).pk == first.pk
    assert version.files.filter(kind=StoredFile.Kind.SIGNED).count() == 1
    assert ringerike.events.filter(action="state.sign_partly").count() == 1


def test_an_earlier_revision_of_what_is_stored_is_refused(
    ringerike: Agreement, version: Version
) -> None:
    sign(ringerike, version, "33", "3305", content=signed(version, 2))
    with pytest.raises(finals.RefusedError, match="tidligere utgave"):
        sign(ringerike, version, "33", content=signed(version, 1))
    assert version.files.filter(kind=StoredFile.Kind.SIGNED).count() == 1


def test_a_foreign_file_needs_the_word_of_a_person(ringerike: Agreement, version: Version) -> None:
    content = one_line_pdf("Forside fra signeringstjenesten")
    with pytest.raises(signed_files.NotConfirmedError):
        sign(ringerike, version, "33", content=content)
    assert ringerike.state is State.READY_TO_SIGN
    file = sign(ringerike, version, "33", content=content, confirmed=True)
    assert file.foreign
    assert ringerike.state is State.PARTLY_SIGNED
    event = ringerike.events.get(action="state.sign_partly")
    assert (event.data["foreign"], event.data["confirmed"]) == (True, True)


def test_a_file_of_another_version_is_never_taken(ringerike: Agreement, version: Version) -> None:
    old = signed(version)
    table = bytes(final_files.final(version, StoredFile.Kind.CONTRIBUTIONS).content)
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    title = ringerike.title
    Agreement.objects.filter(pk=ringerike.pk).update(title="En annen tittel")
    ringerike.refresh_from_db()
    # What is rendered here is alike for all versions, so the second gets an address of its own.
    second = final_files.finalised(ringerike, "https://avtaler.example")
    for content, words in ((old, "avtalen i versjon 1"), (table + SIGNATURE, "bidragstabellen i")):
        with pytest.raises(finals.RefusedError, match=words):
            sign(ringerike, second, "33", content=content, confirmed=True)
    assert title
    assert ringerike.state is State.READY_TO_SIGN


@pytest.mark.parametrize("keys", [(), ("9999",), ("33", "9999")])
def test_nobody_and_strangers_do_not_sign(
    ringerike: Agreement, version: Version, keys: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="no parties"):
        sign(ringerike, version, *keys)


def test_a_verified_file_says_itself_who_has_signed(
    ringerike: Agreement, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        signed_files,
        "verify",
        lambda *given: signing.Inspection(signed=("3305",), verified=True),
    )
    sign(ringerike, version, "33")
    row = PartySignature.objects.get()
    assert (row.organisation.key, row.checked) == ("3305", True)


def post(client: Client, content: bytes, **values: Any) -> Any:
    form = pages.form(client.get(ADDRESS), "Lagre filen")
    sent: dict[str, Any] = pages.changed(form, **({"parties": ["33"]} | values))
    name = 'Signert – «æøå» "2".pdf'
    sent["file"] = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(ADDRESS, sent)


def test_an_administrator_sends_in_a_signed_file(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    client = as_("administrator")
    assert post(client, signed(version), signed_on="2026-01-05").status_code == 302
    said = pages.text(client.get(ADDRESS))
    assert "5. januar 2026" in said
    assert "Ikke kontrollert av programmet, bekreftet av" in said
    row = PartySignature.objects.get()
    assert (row.signed_on, row.file.file_name) == (dt.date(2026, 1, 5), 'Signert – «æøå» "2".pdf')
    answer = as_("reader").get(f"/avtaler/{ringerike.slug}/dokumenter/fil/{row.file_id}/")
    assert (
        "filename*=UTF-8''Signert%20%E2%80%93%20%C2%AB%C3%A6%C3%B8%C3%A5%C2%BB%20%222%22.pdf"
        in (answer["Content-Disposition"])
    )


def test_a_foreign_file_is_asked_about_at_its_box(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    client = as_("administrator")
    answer = post(client, one_line_pdf("Skannet"))
    assert answer.status_code == 422
    assert "Filen er ikke den vi laget" in pages.complaints(answer)["confirmed"]
    assert pages.form(answer, "Lagre filen")["parties"] == ["33"]
    assert post(client, one_line_pdf("Skannet"), confirmed="on").status_code == 302


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"<html>", "innholdet er noe annet"),
        (b"%PDF-1.7\n", "skadet"),
        (ORIGINAL.replace(b"<<", b"<</JavaScript 1", 1), "skadet|skript"),
        (b"PK\x03\x04" + b"\0" * 90, "innholdet er noe annet"),
        (one_line_pdf("x") + b"MZ\x90\0 a program", "to slags"),
        (one_line_pdf("x").replace(b"<<", b"<</Encrypt 9 0 R", 1), "kryptert"),
        (one_line_pdf("x").replace(b"<<", b"<</OpenAction<</S/JavaScript>>", 1), "skript"),
    ],
)
def test_hostile_and_broken_files_are_refused_at_the_field(
    ringerike: Agreement, version: Version, as_: As, content: bytes, words: str
) -> None:
    answer = post(as_("administrator"), content, confirmed="on")
    assert answer.status_code == 422
    said = pages.complaints(answer)["file"]
    assert any(word in said for word in words.split("|")), said
    assert not StoredFile.objects.filter(kind=StoredFile.Kind.SIGNED).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"parties": ["9999"]},
        {"parties": []},
        {"signed_on": "2199-01-01"},
        {"signed_on": "x" * 9000},
    ],
)
def test_wrong_answers_are_told_at_their_fields(
    ringerike: Agreement, version: Version, as_: As, values: dict[str, Any]
) -> None:
    answer = post(as_("administrator"), signed(version), **values)
    assert answer.status_code == 422
    assert pages.complaints(answer).keys() == values.keys()


def test_a_form_that_was_open_while_the_agreement_moved_on(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    client = as_("administrator")
    form = pages.changed(pages.form(client.get(ADDRESS), "Lagre filen"), parties=["33"])
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    sent: dict[str, Any] = form | {"file": SimpleUploadedFile("a.pdf", signed(version))}
    answer = client.post(ADDRESS, sent)
    assert answer.status_code in (409, 422)
    assert not StoredFile.objects.filter(kind=StoredFile.Kind.SIGNED).exists()


def test_the_pages_ask_the_same_whatever_the_number_of_files(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    base = f"/avtaler/{ringerike.slug}/"
    addresses = [base + "dokumenter/", base + "versjoner/1/", ADDRESS, base + "dokumenter/arkiv/"]
    client = as_("administrator")

    def asked() -> dict[str, int]:
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            assert not [q for q in queries if '"agreements_storedfile"."content"' in q["sql"]]
            found[address] = len(queries)
        return found

    sign(ringerike, version, "33")
    asked()  # opening a version is noted the first time
    before = asked()
    for number in range(5, 15):
        sign(ringerike, version, "33", "3305", content=signed(version, number))
    remembered.draft(ringerike)  # signing has moved the agreement on: its draft is read again once
    assert asked() == before
    assert max(before.values()) <= 16, before

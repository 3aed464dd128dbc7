"""The final files: made once, outside the transaction, and the same bytes for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import documents, editing, finals, workflow
from agreements.domain.states import Action, State
from agreements.models import AccessLog, Agreement, PartySignature, StoredFile
from tests import final_files, pages, rounds

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
STEP = BASE + "behandling/steg/prepare-signing/"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    final_files.quick(monkeypatch)


def finalise(agreement: Agreement) -> list[StoredFile]:
    made = finals.finalise(rounds.administrator(), agreement, source=agreement.status)
    agreement.refresh_from_db()
    return made


def test_files_are_stored_with_their_hashes_and_the_record_has_them(
    ringerike: Agreement, quick: None
) -> None:
    version = final_files.adopted(ringerike)
    stored = finalise(ringerike)
    assert ringerike.state is State.READY_TO_SIGN
    assert [file.kind for file in stored] == [
        *("agreement", "contributions", "contributions_csv", "contributions_xlsx")
    ]
    for file in version.files.all():
        assert hashlib.sha256(bytes(file.content)).hexdigest() == file.sha256
        assert len(bytes(file.content)) == file.size
        assert "versjon-1" in file.file_name
    event = ringerike.events.get(action="state.prepare_signing")
    assert event.data["files"] == {file.kind: file.sha256 for file in stored}
    assert event.version_id == version.pk


def test_the_table_files_are_of_the_chosen_alternative_alone(
    ringerike: Agreement, quick: None
) -> None:
    version = final_files.finalised(ringerike)
    table = bytes(final_files.final(version, StoredFile.Kind.CONTRIBUTIONS_CSV).content).decode()
    chosen = ringerike.chosen_alternative.name
    others = ringerike.plan.alternatives.exclude(name=chosen)
    assert chosen in table
    assert not [row.name for row in others if row.name in table]


def test_a_plan_that_is_not_the_frozen_one_gives_no_files(
    ringerike: Agreement, quick: None
) -> None:
    final_files.adopted(ringerike)
    rule = ringerike.chosen_alternative.rules.first()
    type(rule).objects.filter(pk=rule.pk).update(rate="99")
    with pytest.raises(finals.RefusedError, match="en annen enn i den låste"):
        finalise(ringerike)
    assert not StoredFile.objects.exists()


def test_the_step_cannot_be_taken_around_the_files(ringerike: Agreement, quick: None) -> None:
    final_files.adopted(ringerike)
    with pytest.raises(ValueError, match="files are stored"):
        rounds.take(ringerike, Action.PREPARE_SIGNING)


@pytest.mark.parametrize("where", ["render", "keep", "workflow.take"])
def test_what_stops_between_leaves_nothing_half_done_and_can_be_done_again(
    ringerike: Agreement, quick: None, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    final_files.adopted(ringerike)

    def stop(*given: Any, **named: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(f"agreements.finals.{where}", stop)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            finalise(ringerike)
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED
    assert not StoredFile.objects.exists()
    assert not ringerike.events.filter(action="state.prepare_signing").exists()
    assert len(finalise(ringerike)) == 4


def test_files_that_are_not_fit_are_refused_with_words(
    ringerike: Agreement, as_: As, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.adopted(ringerike)
    client = as_("administrator")
    sent = pages.form(client.get(STEP), "Gjør klar")
    with monkeypatch.context() as broken:
        broken.setattr(finals, "gate", lambda content: ["En skrift mangler."])
        answer = client.post(STEP, sent)
    assert answer.status_code == 409
    said = pages.text(answer)
    assert "Filene ble ikke laget, og avtalen er som før" in said
    assert "Avtalen: En skrift mangler." in said
    assert not StoredFile.objects.exists()
    assert client.post(STEP, pages.form(answer, "Gjør klar")).status_code == 302
    assert StoredFile.objects.count() == 4


@pytest.mark.parametrize("content", [b"", b"<html>", b"%PDF-1.7\nhalf"])
def test_the_gate_refuses_what_is_no_whole_pdf(content: bytes) -> None:
    assert finals.gate(content)


def test_a_machine_without_pdf_says_so_and_nothing_happens(
    ringerike: Agreement, as_: As, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.adopted(ringerike)
    client = as_("administrator")

    def cannot(*given: Any) -> bytes:
        raise documents.PdfUnavailableError("no Pango")

    monkeypatch.setattr(documents, "agreement_pdf", cannot)
    answer = client.post(STEP, pages.form(client.get(STEP), "Gjør klar"))
    assert answer.status_code == 503
    assert "PDF kan ikke lages på denne maskinen" in pages.text(answer)
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED


def test_signers_that_are_not_known_stop_it_before_anything_is_rendered(
    ringerike: Agreement, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringerike.parties.update(mandate="")
    final_files.adopted(ringerike)
    monkeypatch.setattr(finals, "render", lambda version: pytest.fail("rendered"))
    with pytest.raises(workflow.NotReadyError):
        finalise(ringerike)


@pytest.mark.parametrize("change", ["content = ''::bytea", "sha256 = repeat('0', 64)", "size = 1"])
def test_the_database_refuses_to_change_what_is_stored(
    ringerike: Agreement, quick: None, change: str
) -> None:
    version = final_files.finalised(ringerike)
    final_files.sign(ringerike, version, "33")
    assert PartySignature.objects.count() == 1
    for statement in (
        f"UPDATE agreements_storedfile SET {change}",  # noqa: S608
        "DELETE FROM agreements_storedfile",
        "UPDATE agreements_partysignature SET checked = true",
        "DELETE FROM agreements_partysignature",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_rendered_kind_is_stored_once(ringerike: Agreement, quick: None) -> None:
    version = final_files.finalised(ringerike)
    with pytest.raises(DatabaseError), transaction.atomic():
        finals.keep(rounds.administrator(), version, StoredFile.Kind.AGREEMENT, b"%PDF- other")


# --- downloads -----------------------------------------------------------------------------------


def address(file: StoredFile) -> str:
    return reverse("stored-file", args=["ringeriksregionen-2026", file.pk])


@pytest.fixture
def stored(ringerike: Agreement, quick: None) -> StoredFile:
    return final_files.final(final_files.finalised(ringerike))


def test_a_download_is_the_stored_bytes_with_their_hash(as_: As, stored: StoredFile) -> None:
    answer = as_("reader").get(address(stored))
    assert (answer.status_code, answer.content) == (200, bytes(stored.content))
    assert answer["ETag"] == f'"{stored.sha256}"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(stored.size)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert (
        "filename*=UTF-8''ringeriksregionen-2026-versjon-1-avtale.pdf"
        in (answer["Content-Disposition"])
    )
    seen = AccessLog.objects.get(kind=AccessLog.Kind.DOWNLOADED)
    assert (seen.user.email, seen.what) == ("leser@hole.example", "avtalen")


@pytest.mark.parametrize("tag", ['"{0}"', 'W/"{0}"', '"x", "{0}"', "*"])
def test_somebody_who_has_the_file_is_told_so_and_is_not_logged(
    as_: As, stored: StoredFile, tag: str
) -> None:
    header = tag.format(stored.sha256)
    answer = as_("editor").get(address(stored), headers={"If-None-Match": header})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == f'"{stored.sha256}"'
    assert not AccessLog.objects.filter(kind=AccessLog.Kind.DOWNLOADED).exists()
    other = as_("editor").get(address(stored), headers={"If-None-Match": '"0"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=3-999999", 3, None),
    ],
)
def test_a_part_of_a_file(
    as_: As, stored: StoredFile, header: str, start: int, stop: int | None
) -> None:
    answer = as_("editor").get(address(stored), headers={"Range": header})
    wanted = bytes(stored.content)[start:stop]
    assert (answer.status_code, answer.content) == (206, wanted)
    first = start if start >= 0 else stored.size + start
    assert answer["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{stored.size}"
    assert answer["Content-Length"] == str(len(wanted))


@pytest.mark.parametrize("header", ["bytes=9999999-", "bytes=-0"])
def test_a_part_that_is_not_there(as_: As, stored: StoredFile, header: str) -> None:
    answer = as_("editor").get(address(stored), headers={"Range": header})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{stored.size}")


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b"]
)
def test_a_range_that_makes_no_sense_is_passed_over(
    as_: As, stored: StoredFile, header: str
) -> None:
    answer = as_("editor").get(address(stored), headers={"Range": header})
    assert (answer.status_code, len(answer.content)) == (200, stored.size)


def test_a_part_of_another_file_than_the_one_begun_on_is_the_whole_file(
    as_: As, stored: StoredFile
) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert as_("editor").get(address(stored), headers=headers).status_code == 200


def test_pieces_of_one_download_are_logged_once(as_: As, stored: StoredFile) -> None:
    client = as_("editor")
    for start in range(0, 50, 10):
        client.get(address(stored), headers={"Range": f"bytes={start}-{start + 9}"})
    assert AccessLog.objects.filter(kind=AccessLog.Kind.DOWNLOADED).count() == 1


def test_the_head_of_a_file_says_its_size_and_reads_none_of_it(as_: As, stored: StoredFile) -> None:
    client = as_("editor")
    with CaptureQueriesContext(connection) as asked:
        answer = client.head(address(stored))
    assert (answer.status_code, answer["Content-Length"]) == (200, str(stored.size))
    assert not [query for query in asked if '"content"' in query["sql"]]


def test_few_questions_and_only_the_part_leaves_the_database(as_: As, stored: StoredFile) -> None:
    client = as_("reader")
    with CaptureQueriesContext(connection) as asked:
        client.get(address(stored), headers={"Range": "bytes=0-9"})
    touching = [query["sql"] for query in asked if '"content"' in query["sql"]]
    assert len(touching) == 1
    assert "SUBSTRING" in touching[0]
    assert '"agreements_version"."document"' not in " ".join(query["sql"] for query in asked)
    assert len(asked) <= 12, len(asked)


def test_a_file_of_another_agreement_is_not_found(
    as_: As, stored: StoredFile, mosse: Agreement
) -> None:
    other = reverse("stored-file", args=[mosse.slug, stored.pk])
    assert as_("outsider").get(other).status_code == 404
    assert as_("outsider").get(address(stored)).status_code == 404


def test_every_way_to_the_pdf_leads_to_the_stored_one(as_: As, stored: StoredFile) -> None:
    client = as_("editor")
    version = f"{BASE}versjoner/1/avtale.pdf"
    for way, to in ((f"{BASE}dokumenter/avtale.pdf", version), (version, address(stored))):
        answer = client.get(way)
        assert (answer.status_code, answer["Location"]) == (302, to)
    for form, kind in (("pdf", "contributions"), ("xlsx", "contributions_xlsx")):
        file = StoredFile.objects.get(kind=kind)
        answer = client.get(f"{BASE}versjoner/1/bidragstabell.{form}")
        assert (answer.status_code, answer["Location"]) == (302, address(file))
    page = client.get(BASE + "dokumenter/")
    assert stored.sha256[:12] in pages.text(page)
    assert "Utkast" not in [node.text for node in pages.page(page).all("h2")]


def test_the_same_bytes_after_a_new_round_of_edits(
    ringerike: Agreement, as_: As, stored: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bytes(stored.content)
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Noe annet.")
    monkeypatch.setattr(documents, "agreement_pdf", lambda *given: b"%PDF- newer program %%EOF")
    assert as_("editor").get(address(stored)).content == before
    assert as_("editor").get(BASE + "dokumenter/avtale.pdf").content.startswith(b"%PDF- newer")

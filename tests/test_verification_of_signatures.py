"""Signed files looked at: who signed which field, and every way of cheating is told in plain words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pypdf import PdfReader, PdfWriter

from agreements import finals, signed_files, workflow
from agreements.documents import signers, verification
from agreements.domain.states import State
from agreements.models import Agreement, PartySignature, StoredFile, Version
from tests import final_files, rounds, signing
from tests.test_signature_fields import KEYS, made, signed


def problems(content: bytes) -> tuple[str, ...]:
    return verification.verify(content).problems


def test_every_signature_is_told_with_its_signer_and_time() -> None:
    seen = verification.verify(signed()[-1])
    assert [one.field for one in seen.signatures] == KEYS
    assert [one.signer for one in seen.signatures] == [f"Underskriver {n}" for n in range(4)]
    assert all(one.at is not None and not one.problem for one in seen.signatures)
    assert seen.problems == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_file_on_the_way_holds(count: int) -> None:
    seen = verification.verify(signed()[count])
    assert (len(seen.signatures), seen.problems) == (count, ())


def test_an_unsigned_file_has_none_and_no_problem() -> None:
    assert verification.verify(made()) == verification.Verified((), ())


def test_a_changed_byte_breaks_every_signature() -> None:
    content = bytearray(signed()[-1])
    content[len(made()) // 2] ^= 1
    found = problems(bytes(content))
    assert found
    assert all("stemmer ikke" in said or said == verification.UNREADABLE for said in found)


def test_a_page_that_is_added_afterwards_is_told() -> None:
    writer = PdfWriter(io.BytesIO(signed()[-1]), incremental=True)
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed()[-1])
    assert any("endret etter at" in said for said in problems(out.getvalue()))


def test_a_file_written_anew_is_told() -> None:
    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(signed()[-1]))).write(out)
    assert problems(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"<html>", b"%PDF-1.7\n" + b"9" * 5000])
def test_what_is_no_pdf_is_a_problem_and_no_error(content: bytes) -> None:
    assert problems(content) == (verification.UNREADABLE,)


@pytest.fixture
def version(ringerike: Agreement) -> Version:
    """The real final files of the demonstration's agreement."""
    return final_files.finalised(ringerike)


def send(agreement: Agreement, content: bytes, **said: Any) -> StoredFile:
    file = signed_files.Signed("signert.pdf", content, (), **said)
    stored = signed_files.add(rounds.administrator(), agreement, file)
    agreement.refresh_from_db()
    return stored


def test_the_state_follows_from_what_the_file_itself_says(
    ringerike: Agreement, version: Version
) -> None:
    """One file for each step, then all: who has signed is read, whatever the person says."""
    original = finals.of_current(ringerike, StoredFile.Kind.AGREEMENT)
    assert original is not None
    content = finals.read(original)
    fields = signers.field_names(workflow.document_of(version))
    for order, field in enumerate(fields):
        content = signing.sign(content, field, f"Person {order}", certifying=not order)
        send(ringerike, content)
        done = order == len(fields) - 1
        assert ringerike.state is (State.SIGNED if done else State.PARTLY_SIGNED)
    rows = PartySignature.objects.filter(version=version)
    assert rows.count() == len(fields)
    assert all(row.checked for row in rows)
    event = ringerike.events.filter(action="state.sign").get()
    assert event.data["certificates"] == [f"Person {n}" for n in range(len(fields))]


def test_a_file_that_was_changed_after_signing_is_not_taken(
    ringerike: Agreement, version: Version
) -> None:
    original = finals.of_current(ringerike, StoredFile.Kind.AGREEMENT)
    assert original is not None
    field = signers.field_names(workflow.document_of(version))[0]
    content = signing.sign(finals.read(original), field, "Person", certifying=True)
    writer = PdfWriter(io.BytesIO(content), incremental=True)
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(finals.RefusedError, match="endret etter at"):
        send(ringerike, out.getvalue())
    ringerike.refresh_from_db()
    assert ringerike.state is State.READY_TO_SIGN


def test_the_command_tells_and_its_exit_code_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, plain = tmp_path / "signert.pdf", tmp_path / "usignert.pdf"
    good.write_bytes(signed()[-1])
    plain.write_bytes(made())
    call_command("verify_signatures", str(good), "--original", str(plain))
    assert "sig-77: Underskriver 0" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_signatures", str(plain))
    assert stopped.value.code == 1
    other = tmp_path / "annen.pdf"
    other.write_bytes(made(20))
    with pytest.raises(SystemExit):
        call_command("verify_signatures", str(good), "--original", str(other))

"""The last look at a file before it is kept: both standards, the signing service's limits, the signers."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import page as page_validation
import pytest
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from agreements import documents
from agreements.documents import file_facts, gate, renderer, signers
from agreements.documents.issue import Issue, Kind
from agreements.documents.limits import A4, Facts, signing_limits
from agreements.domain import canonical
from agreements.domain.document import Document
from tests import builders, rounds, stress_documents
from tests.pdf_reading import content

GOOD = Facts(
    size=40_000,
    version="1.7",
    encrypted=False,
    attachments=0,
    pages=(A4, A4),
    signature_fields=tuple(signers.field_names(builders.a_document())),
)


def final(document: Document) -> Issue:
    return Issue(Kind.FINAL, 2, canonical.sha256(document), signature_fields=True)


def changed(change: Any) -> bytes:
    """A good file, opened and changed by somebody."""
    writer = PdfWriter(clone_from=io.BytesIO(content("complete")))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_good_file_passes_the_gate() -> None:
    assert gate.problems(content("complete")) == []


def test_what_is_wrong_is_said_once_for_each_rule_in_plain_words() -> None:
    def without_language(writer: PdfWriter) -> None:
        del writer.root_object["/Lang"]

    found = gate.problems(changed(without_language))
    assert found
    assert any(
        "kravene til universell utforming (PDF/UA-1): noe er galt med språket (regel " in sentence
        for sentence in found
    )
    assert len(found) == len(set(found)) < 10


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"\x00" * 5000, b"%PDF-1.7\n%%EOF"])
def test_bytes_that_are_no_pdf_do_not_pass(broken: bytes) -> None:
    assert gate.problems(broken) == ["Filen kan ikke leses som PDF."]
    with pytest.raises(file_facts.UnreadableError):
        file_facts.read(broken)


def test_a_file_cut_short_does_not_pass() -> None:
    whole = content("complete")
    assert gate.problems(whole[: len(whole) // 2])


def test_an_unknown_rule_is_about_the_file() -> None:
    assert gate.subject("PDFA2A-STREAM-LENGTH-001") == "oppbygningen av filen"
    assert gate.subject("PDFUA1-TEXT-LANGUAGE-001") == "språket"


def test_the_facts_are_those_of_the_file() -> None:
    document = builders.a_document()
    made = documents.agreement_pdf(document, final(document))
    facts = file_facts.read(made)
    assert (facts.size, facts.version, facts.encrypted) == (len(made), "1.7", False)
    assert facts.attachments == 0
    assert len(facts.pages) == len(PdfReader(io.BytesIO(made)).pages)
    assert facts.signature_fields == GOOD.signature_fields
    assert signing_limits(facts, document) == []


def test_an_attachment_a_turned_page_and_a_password_are_seen() -> None:
    document = builders.a_document()
    attached = changed(lambda writer: writer.add_attachment("a.txt", b"x"))
    assert file_facts.read(attached).attachments == 1
    turned = file_facts.read(changed(lambda writer: writer.pages[1].rotate(90)))
    assert turned.pages[1] == pytest.approx((A4[1], A4[0]), abs=0.1)
    assert any("stående A4. Se på side 2." in said for said in signing_limits(turned, document))
    locked = file_facts.read(
        changed(lambda writer: writer.encrypt("hemmelig", algorithm="RC4-128"))
    )
    assert locked.encrypted


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (GOOD, ""),
        (replace(GOOD, size=3_000_000), ""),
        (replace(GOOD, size=3_000_001), "Filen er på 3\u00a0000 kB"),
        (replace(GOOD, version="1.4"), "PDF-versjon 1.4. Den må være 1.7"),
        (replace(GOOD, encrypted=True, pages=()), "kryptert"),
        (replace(GOOD, pages=()), "ingen sider"),
        (replace(GOOD, attachments=1), "vedlegg"),
        (replace(GOOD, pages=(A4, (612.0, 792.0))), "Se på side 2."),
        (replace(GOOD, pages=((595.0, 842.0),)), ""),
        (replace(GOOD, signature_fields=GOOD.signature_fields[:-1]), "Signaturfeltene"),
        (replace(GOOD, signature_fields=(*GOOD.signature_fields, "sig-1")), "Signaturfeltene"),
    ],
)
def test_each_limit_of_the_file(facts: Facts, said: str) -> None:
    found = signing_limits(facts, builders.a_document())
    assert len(found) == (1 if said else 0)
    assert not said or said in found[0]


@pytest.mark.parametrize(("letters", "refused"), [(80, False), (81, True)])
def test_the_title_may_have_eighty_characters(letters: int, refused: bool) -> None:
    found = signing_limits(GOOD, builders.a_document(title="å" * letters))
    assert bool(found) is refused
    assert not refused or "Tittelen har 81 tegn" in found[0]


@pytest.mark.parametrize(("number", "refused"), [(10, False), (11, True)])
def test_ten_may_sign(number: int, refused: bool) -> None:
    document = stress_documents.with_parties(number)
    facts = replace(GOOD, signature_fields=tuple(signers.field_names(document)))
    assert bool(signing_limits(facts, document)) is refused


def test_a_final_file_is_made_again_as_it_was() -> None:
    document = builders.a_document()
    first = documents.agreement_pdf(document, final(document))
    renderer.forget()
    assert documents.agreement_pdf(document, final(document)) == first


def test_the_page_says_what_is_wrong_with_a_refused_file(
    ringerike: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(document: Document, issue: Issue) -> bytes:
        raise documents.RefusedError(["Filen er <kryptert>.", "Tittelen er for lang."])

    monkeypatch.setattr(documents, "agreement_pdf", refused)
    answer = as_("editor").get(f"/avtaler/{ringerike.slug}/dokumenter/avtale.pdf")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Filen kan ikke brukes" in text
    assert "<li>Filen er &lt;kryptert&gt;.</li><li>Tittelen er for lang.</li>" in text


def test_the_validator_can_find_something() -> None:
    """Both profiles refuse a file that is only a PDF: a gate that lets all through would show here."""
    writer = PdfWriter()
    writer.add_blank_page(*A4)
    out = io.BytesIO()
    writer.write(out)
    for profile, _ in gate.STANDARDS:
        assert not page_validation.validate_pdf_bytes(out.getvalue(), profile=profile).is_compliant
    assert gate.problems(out.getvalue())


def test_a_frozen_version_says_its_number_and_is_no_draft(ringerike: Any, as_: Any) -> None:
    row = rounds.freeze(ringerike)
    answer = as_("administrator").get(reverse("version-pdf", args=[ringerike.slug, row.number]))
    assert answer.status_code == 200
    for sheet in PdfReader(io.BytesIO(answer.content)).pages:
        text = " ".join(sheet.extract_text().split())
        assert f"Versjon 1, til behandling · innhold {row.sha256[:12]} Side" in text
        assert "utkast" not in text.casefold()
    assert gate.problems(answer.content) == []


def test_somebody_must_sign() -> None:
    document = builders.a_document(parties=())
    assert signing_limits(replace(GOOD, signature_fields=()), document) == [
        "Avtalen har ingen parter som kan signere."
    ]

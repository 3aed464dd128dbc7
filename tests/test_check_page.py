"""The open check: anybody with a file sees whether it is registered, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from agreements import documents, finals
from agreements.documents import check
from agreements.domain.states import Action
from agreements.models import Agreement, Version
from agreements.views import check as view
from tests import builders, final_files, pages, rounds
from tests.pdf_reading import DOCUMENTS

As = Callable[[str], Client]
BASE = "https://avtaler.example"


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    caches["own"].clear()


@pytest.fixture
def version(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    final_files.quick(monkeypatch)
    return final_files.finalised(ringerike, BASE)


def ask(client: Client, **sent: Any) -> Any:
    return client.post("/sjekk/", sent)


def test_a_file_is_recognised_by_its_bytes_without_a_login(version: Version, as_: As) -> None:
    content = bytes(final_files.final(version).content)
    answer = ask(as_("nobody"), file=SimpleUploadedFile("nytt navn.pdf", content))
    said = pages.text(answer)
    assert answer.status_code == 200
    assert "Registrert" in said
    assert version.agreement.title in said
    assert "tegn for tegn den samme filen" in said
    assert answer["Cache-Control"] == "private, no-store"


def test_one_byte_more_is_another_file(version: Version, as_: As) -> None:
    content = bytes(final_files.final(version).content) + b" "
    said = pages.text(ask(as_("nobody"), file=SimpleUploadedFile("a.pdf", content)))
    assert "Ikke registrert" in said
    assert version.agreement.title not in said


@pytest.mark.parametrize("length", [64, 12])
def test_the_code_on_the_paper_leads_to_its_content(version: Version, as_: As, length: int) -> None:
    answer = as_("nobody").get(f"/sjekk/{version.sha256[:length]}/")
    said = pages.text(answer)
    assert answer.status_code == 200
    assert "Innholdet i avtalen" in said
    assert version.agreement.title in said


def test_the_page_tells_nothing_else(version: Version, as_: As) -> None:
    said = as_("nobody").get(f"/sjekk/{version.sha256}/").content.decode()
    for hidden in (version.agreement.slug, "Hole", "Ada", "@", str(version.frozen_by)):
        assert hidden not in pages.Page(said).one("main").text, hidden


def test_a_typed_hash_with_spaces_and_capitals(version: Version, as_: As) -> None:
    digest = final_files.final(version).sha256.upper()
    answer = ask(as_("nobody"), digest=f" {digest[:32]} {digest[32:]} ")
    assert "Avtalen" in pages.text(answer)
    assert "Ikke registrert" not in pages.text(answer)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "file"),
        ({"digest": "abc"}, "digest"),
        ({"digest": "g" * 64}, "digest"),
        ({"digest": "a" * 65}, "digest"),
        ({"digest": "x" * 1_000_000}, "digest"),
    ],
)
def test_what_cannot_be_asked(version: Version, as_: As, sent: dict[str, str], field: str) -> None:
    answer = ask(as_("nobody"), **sent)
    assert answer.status_code == 422
    assert field in pages.complaints(answer)


@pytest.mark.parametrize("digest", ["0" * 64, "0" * 12, "finnes-ikke", "a%00b", "A" * 70])
def test_an_address_that_is_not_registered_says_so_in_plain_words(
    version: Version, as_: As, digest: str
) -> None:
    answer = as_("nobody").get(f"/sjekk/{digest}/")
    assert answer.status_code == 404
    assert "Ikke registrert" in pages.text(answer)


def test_an_empty_file_is_just_not_registered(version: Version, as_: As) -> None:
    answer = ask(as_("nobody"), file=SimpleUploadedFile("a.pdf", b""))
    assert "Ikke registrert" in pages.text(answer)


def test_a_version_under_review_is_not_told_of(ringerike: Agreement, as_: As) -> None:
    frozen = rounds.freeze(ringerike)
    assert as_("nobody").get(f"/sjekk/{frozen.sha256}/").status_code == 404


def test_a_withdrawn_version_says_that_it_does_not_count(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    rounds.take(ringerike, Action.WITHDRAW, "En hemmelig grunn.")
    said = pages.text(as_("nobody").get(f"/sjekk/{version.sha256}/"))
    assert "Denne versjonen er trukket tilbake" in said
    assert "hemmelig" not in said


def test_nothing_is_stored_and_few_questions_are_asked(version: Version, as_: As) -> None:
    content = bytes(final_files.final(version).content)
    client = as_("nobody")
    with CaptureQueriesContext(connection) as asked:
        ask(client, file=SimpleUploadedFile("a.pdf", content))
    assert len(asked) == 2
    assert not [q for q in asked if not q["sql"].startswith("SELECT")]
    assert not [q for q in asked if '"agreements_storedfile"."content"' in q["sql"]]


def test_asking_very_often_is_put_off(
    version: Version, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MOST", 3)
    client = as_("nobody")
    codes = [client.get(f"/sjekk/{version.sha256}/").status_code for _ in range(3)]
    assert codes == [200, 200, 200]
    late = ask(client, digest=version.sha256)
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    assert version.agreement.title not in pages.text(late)
    elsewhere = client.get(f"/sjekk/{version.sha256}/", REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 200


def test_the_address_of_the_code_is_that_of_the_page() -> None:
    digest = "ab" * 32
    path = reverse("check-hash", args=[digest])
    assert documents.check_address(BASE, digest) == f"{BASE}{path}"
    assert documents.check_address(f"{BASE}/", digest) == f"{BASE}{path}"
    assert documents.check_address("", digest) == ""


def test_a_paper_has_a_code_only_where_there_is_an_address() -> None:
    from agreements.documents.agreement import agreement_html
    from agreements.documents.contributions import contributions_html

    target = documents.check_address(BASE, "ab" * 32)
    issue = documents.Issue(documents.Kind.FINAL, 1, "ab" * 32, BASE)
    for made in (agreement_html, contributions_html):
        html = made(builders.a_document(), issue)
        assert f'href="{target}"' in html
        assert "<title>Kode som leder til kontroll av avtalen</title>" in html
        without = made(builders.a_document(), replace(issue, base_address=""))
        assert "/sjekk/" not in without
        assert 'class="check"' not in without


def test_the_code_is_the_same_drawing_each_time_and_says_what_it_is() -> None:
    target = f"{BASE}/sjekk/{'0f' * 32}/"
    drawn = check.code(target, "Alt <&>")
    assert "<title>Alt &lt;&amp;&gt;</title>" in drawn
    assert drawn == check.code(target, "Alt <&>")
    assert drawn != check.code(target.replace("0f", "f0"), "Alt <&>")


def test_final_papers_pass_the_gate_with_the_code() -> None:
    document = builders.a_document()
    issue = documents.Issue(documents.Kind.FINAL, 1, "ab" * 32, BASE)
    to_sign = replace(issue, signature_fields=True)
    for make, issued in (
        (documents.agreement_pdf, to_sign),
        (documents.contributions_pdf, issue),
    ):
        made = make(document, issued)
        assert finals.gate(made) == []
        assert made == make(document, issued)
        without = make(document, replace(issued, base_address=""))
        assert len(without) < len(made)


def test_the_code_has_room_on_the_front_page_of_a_whole_agreement() -> None:
    """Parties, contents, the word about the model and the code: all on the first page, apart."""
    document = DOCUMENTS["model"]
    issue = documents.Issue(documents.Kind.FINAL, 1, "ab" * 32, BASE, signature_fields=True)
    front, second = PdfReader(io.BytesIO(documents.agreement_pdf(document, issue))).pages[:2]
    said = " ".join(front.extract_text().split())
    for words in ("Her kan alle kontrollere", "Underskrifter", "ikke juridisk kvalitetssikret"):
        assert words in said
    assert said.index("Her kan alle kontrollere") < said.index(document.title)
    assert "Denne avtalen gjelder" in second.extract_text()

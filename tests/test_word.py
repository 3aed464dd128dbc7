"""Word, PDF and text in through the browser and the command; Word out with comments and changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from agreements import documents, reading, snapshot
from agreements.importing import docx
from agreements.importing.result import UnreadableAgreementError
from agreements.models import Agreement, Comment, Upload
from tests import builders, inputs, pages, word_files
from tests.domain.importing_words import walk
from tests.test_queries import questions

As = Callable[[str], Client]
UPLOAD = "/avtaler/ny/ringeriksregionen/dokument/"
SLUG = "ringeriksregionen-2026"
WORD = f"/avtaler/{SLUG}/dokumenter/avtale.docx"
TEXT = Path(__file__).parent / "data" / "avtale_fra_pdf.txt"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def send(client: Client, content: bytes, name: str = "avtale.docx") -> HttpResponse:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), "text": ""})


def made(client: Client, address: str, **answers: Any) -> HttpResponse:
    sent = pages.changed(pages.form(client.get(address), "Lag utkast"), **answers)
    return client.post(address, sent)


# --- in ------------------------------------------------------------------------------------------


def test_a_word_file_becomes_a_draft_with_its_suggestions_and_comments(editor: Client) -> None:
    address = send(editor, word_files.an_agreement())["Location"]
    seen = pages.text(editor.get(address))
    for words in (
        "3.1",
        "Sendt på høring.",
        "Kari Nordmann, 3. mai 2026",
        "Hva betyr det?",
        "Kurs",
    ):
        assert words in seen
    before = Agreement.objects.count()
    assert made(editor, address).status_code == 302
    agreement = Agreement.objects.latest("pk")
    assert Agreement.objects.count() == before + 1
    assert agreement.title == "Samarbeidsavtale om etablerertjenesten"
    assert agreement.clauses.get(key="formal").text == "Vi samarbeider."
    suggestion = agreement.comments.get(kind="suggestion")
    assert suggestion.suggestion.text == "Vi samarbeider tett."
    assert suggestion.text.startswith("Fra Word: Kari Nordmann, 3. mai 2026:")
    comment = agreement.comments.get(kind="comment", parent=None)
    assert (comment.clause_key, comment.visibility) == ("formal", Comment.Visibility.INTERNAL)
    assert "om «Vi samarbeider»" in comment.text
    assert comment.replies.get().text == "Fra Word: Ola Hansen, 1. juni 2026 svarte: Alt."
    assert not Upload.objects.exists()
    for page in (
        "",
        "tekst/",
        "innspill/",
        f"innspill/{suggestion.pk}/",
        "kontroll/",
        "historikk/",
    ):
        assert editor.get(f"/avtaler/{agreement.slug}/{page}").status_code == 200


def test_the_same_form_twice_makes_one_draft(editor: Client) -> None:
    address = send(editor, word_files.an_agreement())["Location"]
    sent = pages.changed(pages.form(editor.get(address), "Lag utkast"), visibility="shared")
    first, second = editor.post(address, sent), editor.post(address, sent)
    assert first["Location"] == second["Location"]
    shared = Agreement.objects.latest("pk").comments.filter(visibility="shared")
    assert shared.filter(parent=None).count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "eldre format"),
        (b"%PDF-1.7\nsludder", "PDF-filen er skadet"),
        (b"hei", "nummererte punkter"),
        (bytes(reading.MAX_BYTES + 1), "10 MB"),
    ],
    ids=["empty", "doc", "pdf", "text", "large"],
)
def test_what_cannot_be_read_is_told_at_the_field(
    editor: Client, content: bytes, words: str
) -> None:
    answer = send(editor, content, "avtale.docx")
    assert answer.status_code == 422
    assert words in pages.complaints(answer)["file"]
    assert not Upload.objects.exists()


def test_pasted_text_and_nothing_at_all(editor: Client) -> None:
    text = TEXT.read_text(encoding="utf-8")
    assert editor.post(UPLOAD, {"text": text}).status_code == 302
    refused = editor.post(UPLOAD, {"text": "bare tull"})
    assert "nummererte punkter" in pages.complaints(refused)["text"]
    assert "bare tull" in refused.content.decode()
    assert pages.complaints(editor.post(UPLOAD, {"text": " "})) == {
        "file": "Velg en fil, eller lim inn teksten"
    }


def test_a_file_is_only_its_senders_and_goes_when_there_are_many(editor: Client, as_: As) -> None:
    address = send(editor, word_files.an_agreement())["Location"]
    others = as_("other_editor").get(address)
    assert (others.status_code, "Kurs" in others.content.decode()) == (404, False)
    for _ in range(6):
        send(editor, word_files.an_agreement())
    assert Upload.objects.count() == 5
    assert "Filen er ikke her lenger" in pages.text(editor.get(address))


def test_the_title_and_term_are_asked_for_where_the_file_does_not_say(editor: Client) -> None:
    body = word_files.h1("Formål") + word_files.para("Tekst.")
    address = send(editor, word_files.package(body))["Location"]
    refused = made(editor, address)
    assert refused.status_code == 422
    assert set(pages.complaints(refused)) == {"title", "term_start", "term_end"}
    answers = {"title": "Avtale", "term_start": "2027-01-01", "term_end": "2028-12-31"}
    assert made(editor, address, **answers).status_code == 302


def test_a_pdf_of_an_agreement_is_read(ringerike: Agreement) -> None:
    document = builders.a_document()
    try:
        content = documents.agreement_pdf(document, documents.draft(document))
    except documents.PdfUnavailableError:
        pytest.skip("needs Pango")
    headings = {clause.heading for clause in walk(reading.read(content).clauses)}
    assert {"Formål", "Varighet", "Økonomi", "Tvister"} <= headings


def test_a_pdf_that_keeps_its_reader_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.pdf, "SECONDS", 0.001)
    with pytest.raises(UnreadableAgreementError, match="innviklet"):
        reading.read(b"%PDF-1.7")


def test_the_command_takes_word_and_prints_the_slug_last(
    ringerike: Agreement, tmp_path: Path
) -> None:
    path = tmp_path / "avtale.docx"
    path.write_bytes(word_files.an_agreement())
    out = io.StringIO()
    call_command("import_agreement", str(path), "--region", "Ringeriksregionen", stdout=out)
    agreement = Agreement.objects.get(slug=out.getvalue().split()[-1])
    assert agreement.clauses.get(key="formal").text == "Vi samarbeider."
    # Nobody is there to store input for: it is listed.
    assert not agreement.comments.exists()
    assert "Fra Word: Kari Nordmann, 3. mai 2026 foreslår punktet «Formål» slik" in out.getvalue()
    assert "Hva betyr det?" in out.getvalue()


# --- out -----------------------------------------------------------------------------------------


def test_the_draft_as_word_has_the_input_that_the_reader_may_see(editor: Client, as_: As) -> None:
    inputs.an_internal(Agreement.objects.get(slug=SLUG))
    answer = editor.get(WORD)
    assert answer["Content-Disposition"] == f'attachment; filename="{SLUG}-utkast.docx"'
    assert answer.content == editor.get(WORD).content
    found = docx.read(answer.content)
    texts = [comment.text for comment in found.comments]
    assert inputs.SECRET in texts
    assert {comment.clause_key for comment in found.comments} == {
        "formal",
        "gjensidig-informasjon-og-ansvar",
    }
    others = docx.read(as_("director").get(WORD).content)
    assert inputs.SECRET not in [comment.text for comment in others.comments]
    assert len(others.comments) == len(texts) - 1


def test_what_differs_from_the_model_is_tracked(editor: Client, ringerike: Agreement) -> None:
    found = docx.read(editor.get(f"{WORD}?mot=mal/1").content)
    said = [*found.suggestions, *(comment for comment in found.comments if comment.proposal)]
    assert ringerike.template is not None
    name = f"Endret siden {ringerike.template.name}, versjon 1"
    assert {item.author for item in said} == {name}
    page = editor.get(f"/avtaler/{SLUG}/historikk/mal/1/").content.decode()
    assert f"{WORD}?mot=mal/1" in page


@pytest.mark.parametrize("other", ["", "mal", "mal/9", "avtale/finnes-ikke", "x/y/z", "mal/1\x00"])
def test_what_cannot_be_compared_with_is_not_found(editor: Client, other: str) -> None:
    assert editor.get(WORD, {"mot": other}).status_code == 404


def test_the_file_takes_few_questions_however_much_input(
    editor: Client, ringerike: Agreement
) -> None:
    before = questions(editor, WORD)
    for _ in range(5):
        inputs.a_comment(ringerike)
        inputs.a_suggestion(ringerike)
    assert questions(editor, WORD) == before <= 22


def test_the_command_writes_word(ringerike: Agreement, tmp_path: Path) -> None:
    path = tmp_path / "avtale.docx"
    call_command("export", SLUG, "--format", "docx", "--output", str(path), stdout=io.StringIO())
    assert path.read_bytes() == documents.agreement_docx(snapshot.build(ringerike))

"""Attachments: sent in, kept, listed in the agreement, and given only to those who may see them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import attachments as services
from agreements import snapshot
from agreements.domain import canonical, diff, diff_summary, resolve
from agreements.domain.document import Language
from agreements.models import Agreement, AgreementEvent, Attachment, AttachmentFile
from municipalities.events import AppendOnlyError
from tests import desk, pages
from tests.desk import BASE, As
from tests.office_files import DOCX, PDF, XLSX

LIST = BASE + "vedlegg/"
NEW = LIST + "nytt/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def new(
    client: Client, content: bytes = DOCX, name: str = "Evaluering.docx", **answers: Any
) -> Any:
    """The form for a new attachment with this file."""
    fields = {"title": "Evaluering av perioden", "kind": "evaluation", **answers}
    sent: dict[str, Any] = pages.changed(pages.form(client.get(NEW), "Legg ved"), **fields)
    return sent | {"file": SimpleUploadedFile(name, content)}


def added(client: Client, *args: Any, **answers: Any) -> Attachment:
    assert client.post(NEW, new(client, *args, **answers)).status_code == 302
    return Attachment.objects.latest("pk")


def file_of(row: Attachment) -> str:
    return f"{LIST}{row.pk}/fil/{row.files.all()[0].pk}/"


def test_a_file_is_kept_as_it_was_sent_and_listed_in_the_agreement(
    ringerike: Agreement, editor: Client
) -> None:
    before = canonical.sha256(snapshot.build(ringerike))
    sent = new(editor)
    places = {editor.post(NEW, sent)["Location"] for _ in range(2)}
    assert places == {LIST}
    row = Attachment.objects.latest("pk")
    assert ringerike.attachments.count() == 2
    assert bytes(row.files.get().content) == DOCX
    document = snapshot.build(ringerike)
    assert document.attachments[-1].sha256 == hashlib.sha256(DOCX).hexdigest()
    assert canonical.sha256(document) != before
    assert canonical.load(canonical.dump(document)) == document
    text = resolve.plain_text(resolve.resolve(document))
    assert text.endswith("2. Evaluering av perioden\n")
    for page in ("vedlegg/", "tekst/", "dokumenter/"):
        assert "Evaluering av perioden" in pages.text(editor.get(BASE + page))
    event = AgreementEvent.objects.latest("pk")
    assert (event.action, event.data["sha256"]) == (
        "attachment.added",
        document.attachments[-1].sha256,
    )


def test_it_is_sent_back_as_a_file_and_never_shown(ringerike: Agreement, editor: Client) -> None:
    row = added(editor, DOCX, 'Evaluéring "2026";x=\u202e.docx')
    answer = editor.get(file_of(row))
    assert answer.content == DOCX
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''Evalu%C3%A9ring%20%222026%22%3Bx%3D" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert editor.get(file_of(row), headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"", "tom"),
        ("a.docx", PDF, "innholdet er noe annet"),
        ("a.xlsm", XLSX, "makroer"),
        ("a.pdf", b"%PDF-1.4" + b"x" * (20 * 1024 * 1024), "større enn 20 MB"),
    ],
)
def test_a_bad_file_is_refused_at_the_field_and_what_was_typed_is_kept(
    ringerike: Agreement, editor: Client, name: str, content: bytes, message: str
) -> None:
    answer = editor.post(NEW, new(editor, content, name, title="Min tittel"))
    assert answer.status_code == 422
    assert message in pages.complaints(answer)["file"]
    assert pages.form(answer, "Legg ved")["title"] == ["Min tittel"]
    assert ringerike.attachments.count() == 1


def test_a_form_that_is_far_too_large_is_not_read(ringerike: Agreement, editor: Client) -> None:
    sent = new(editor, b"x" * (26 * 1024 * 1024), "a.pdf")
    assert editor.post(NEW, sent).status_code == 413


def test_what_is_missing_is_asked_for(ringerike: Agreement, editor: Client) -> None:
    sent = new(editor, title="", kind="")
    sent.pop("file")
    assert pages.complaints(editor.post(NEW, sent)) == {
        "file": "Last opp fil",
        "title": "Fyll inn tittel",
        "kind": "Velg hva det er",
    }


def opened(client: Client, row: Attachment, **answers: Any) -> dict[str, Any]:
    return pages.changed(pages.form(client.get(f"{LIST}{row.pk}/"), "Lagre"), **answers)


def test_a_file_is_replaced_and_the_former_is_kept(ringerike: Agreement, editor: Client) -> None:
    row = added(editor)
    old = file_of(row)
    before = snapshot.build(ringerike)
    sent = opened(editor, row) | {"file": SimpleUploadedFile("ny.xlsx", XLSX)}
    assert editor.post(f"{LIST}{row.pk}/", sent).status_code == 302
    assert editor.get(file_of(row)).content == XLSX
    assert editor.get(old).content == DOCX
    found = diff.compare(before, snapshot.build(ringerike))
    assert diff_summary.summary(found, Language.BOKMAL) == [
        "Vedlegget «Evaluering av perioden» er et annet."
    ]
    # The same once more is no change.
    done = desk.events()
    sent = opened(editor, row) | {"file": SimpleUploadedFile("ny.xlsx", XLSX)}
    editor.post(f"{LIST}{row.pk}/", sent)
    assert desk.events() == done


def test_a_stale_save_is_stopped(ringerike: Agreement, as_: As, editor: Client) -> None:
    row = added(editor)
    mine = opened(editor, row, title="Min")
    other = as_("other_editor")
    other.post(f"{LIST}{row.pk}/", opened(other, row, title="Andres"))
    answer = editor.post(f"{LIST}{row.pk}/", mine)
    assert answer.status_code == 409
    assert "Andres" in pages.text(answer)
    assert pages.form(answer, "Lagre mitt likevel")["title"] == ["Min"]


def test_what_is_taken_out_can_be_put_back(ringerike: Agreement, editor: Client) -> None:
    row = added(editor)
    form = pages.form(editor.get(f"{LIST}{row.pk}/"), "Ta ut")
    editor.post(f"{LIST}{row.pk}/slett/", form)
    assert len(snapshot.build(ringerike).attachments) == 1
    assert editor.get(f"{LIST}{row.pk}/").status_code == 404
    restore = pages.page(editor.get(LIST)).all("form", action=f"{LIST}{row.pk}/gjenopprett/")
    assert restore
    for _ in range(2):
        editor.post(f"{LIST}{row.pk}/gjenopprett/")
    assert len(snapshot.build(ringerike).attachments) == 2
    actions = AgreementEvent.objects.filter(action__startswith="attachment.")
    assert [e.action for e in actions][-2:] == ["attachment.deleted", "attachment.restored"]


def test_the_order_is_that_of_the_agreement(ringerike: Agreement, editor: Client) -> None:
    row = added(editor)
    editor.post(f"{LIST}{row.pk}/flytt/opp/")
    assert snapshot.build(ringerike).attachments[0].title == "Evaluering av perioden"
    assert editor.post(f"{LIST}{row.pk}/flytt/hit/").status_code == 404


def test_an_access_code_shuts_the_file_but_not_the_list(
    ringerike: Agreement, as_: As, editor: Client
) -> None:
    row = added(editor, access_code="offl. § 13 jf. fvl. § 13")
    statuses = {
        who: as_(who).get(file_of(row)).status_code
        for who in ("editor", "other_editor", "director", "administrator", "county", "outsider")
    }
    assert statuses == {
        **dict.fromkeys(("editor", "other_editor", "director"), 200),
        **dict.fromkeys(("administrator", "county"), 403),
        "outsider": 404,
    }
    shown = pages.page(as_("county").get(LIST))
    assert "Unntatt offentlighet: offl. § 13 jf. fvl. § 13" in shown.one("main").text
    assert not shown.all("a", href=file_of(row))


def test_replaced_and_removed_files_are_for_the_team(
    ringerike: Agreement, as_: As, editor: Client
) -> None:
    row = added(editor)
    old = file_of(row)
    editor.post(
        f"{LIST}{row.pk}/", opened(editor, row) | {"file": SimpleUploadedFile("ny.xlsx", XLSX)}
    )
    assert as_("director").get(old).status_code == 404
    assert as_("director").get(file_of(row)).status_code == 200
    services.delete_attachment(
        services.Actor(None, None), row, Attachment.objects.get(pk=row.pk).revision
    )
    assert as_("director").get(file_of(row)).status_code == 404
    assert editor.get(file_of(row)).status_code == 200


def test_lists_never_load_the_bytes(ringerike: Agreement, editor: Client) -> None:
    added(editor)
    for page in ("vedlegg/", "dokumenter/", "tekst/", ""):
        with CaptureQueriesContext(connection) as asked:
            editor.get(BASE + page)
        assert not [q["sql"] for q in asked if '"content"' in q["sql"]]


def test_bytes_are_never_changed(ringerike: Agreement) -> None:
    file = AttachmentFile.objects.latest("pk")
    with pytest.raises(AppendOnlyError):
        file.save()


def test_there_is_a_limit(
    ringerike: Agreement, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    answer = editor.post(NEW, new(editor))
    assert answer.status_code == 422
    assert "høyst 1 vedlegg" in pages.text(answer)

"""Begun texts: kept for their writer alone, never in the record, and an edit once they are saved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import drafts, editing
from agreements.models import Agreement, AgreementEvent, ClauseDraft
from municipalities.models import User
from tests import pages
from tests.desk import BASE, As
from tests.writing import ADDRESS, BEGUN, DISCARD, KEEP, Writing


@pytest.fixture
def writing(ringerike: Agreement, as_: As) -> Writing:
    return Writing(ringerike, as_)


# --- keeping -------------------------------------------------------------------------------------


def test_a_begun_text_is_kept_and_shown_to_its_writer_in_the_form(writing: Writing) -> None:
    before, events = writing.clause.text, AgreementEvent.objects.count()
    changed_at = writing.agreement.updated_at
    told = writing.kept()
    assert (told["state"], told["errors"], told["changed"]) == ("kept", [], None)
    answer = writing.as_("editor").get(ADDRESS)
    assert "Du har en påbegynt tekst" in pages.text(answer)
    assert writing.form()["text"] == [BEGUN]
    assert writing.form()["draft"] == [told["mark"]]
    assert writing.clause.text == before
    assert AgreementEvent.objects.count() == events
    assert Agreement.objects.get(pk=writing.agreement.pk).updated_at == changed_at


def test_nobody_else_sees_the_text_only_who_is_writing(writing: Writing) -> None:
    writing.kept()
    for page in (ADDRESS, BASE + "tekst/"):
        answer = writing.as_("other_editor").get(page)
        assert "noe mer som ikke er ferdig" not in pages.text(answer)
        assert "Rita Redaktør holder på med dette punktet" in pages.text(answer)
    for who in ("director", "county"):
        assert "holder på med" not in pages.text(writing.as_(who).get(BASE + "tekst/"))
    assert "holder på med" not in pages.text(writing.as_("editor").get(ADDRESS))
    assert "Rita" in writing.kept("other_editor")["writers"]


def test_whoever_has_not_written_for_a_while_is_not_at_work(writing: Writing) -> None:
    writing.kept()
    row = ClauseDraft.objects.get()
    for minutes, shown in ((14, True), (16, False)):
        row.saved_at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)
        row.save()
        answer = writing.as_("other_editor").get(ADDRESS)
        assert ("holder på med dette punktet" in pages.text(answer)) is shown, minutes


def test_what_is_saved_becomes_one_event_and_the_draft_is_gone(writing: Writing) -> None:
    mark, events = "", AgreementEvent.objects.count()
    for text in ("Ett", "Ett to", "Ett to tre"):
        mark = writing.kept(text=text, draft=mark)["mark"]
    assert AgreementEvent.objects.count() == events
    assert writing.as_("editor").post(ADDRESS, writing.form()).status_code == 302
    assert writing.clause.text == "Ett to tre"
    assert AgreementEvent.objects.count() == events + 1
    assert not ClauseDraft.objects.exists()


def test_a_text_as_in_the_agreement_is_no_draft(writing: Writing) -> None:
    mark = writing.kept()["mark"]
    told = writing.kept(text=writing.clause.text, draft=mark)
    assert (told["state"], told["mark"]) == ("same", "")
    assert not ClauseDraft.objects.exists()


def test_a_draft_that_comes_after_its_own_saving_is_not_kept(writing: Writing) -> None:
    """The page has been sent while its last draft was still under way; others may have gone on."""
    base = writing.clause.revision
    writing.saves(BEGUN, "editor")
    assert writing.kept(revision=base)["state"] == "same"
    writing.saves("Noe helt annet.")
    assert writing.kept(revision=base)["state"] == "same"
    assert not ClauseDraft.objects.exists()


def test_another_page_of_the_same_person_is_not_written_over(writing: Writing) -> None:
    first = writing.kept(text="Den ene fanen")
    answer = writing.keep(text="Den andre fanen")
    told = answer.json()
    assert (answer.status_code, told["state"], told["mark"]) == (409, "elsewhere", first["mark"])
    assert "<del>" in told["difference"]
    assert ClauseDraft.objects.get().text == "Den ene fanen"
    # Saved, the other page's text does not take the kept one away.
    writing.saves("Den andre fanen", "editor", draft="")
    assert ClauseDraft.objects.get().text == "Den ene fanen"
    assert "Noen andre lagret" in pages.text(writing.as_("editor").get(ADDRESS))


def test_what_cannot_be_saved_is_kept_and_said(writing: Writing) -> None:
    told = writing.kept(heading="", text="Se {{ finnes.ikke }}")
    assert told["errors"] == ["Fyll inn overskrift", "Opplysningen {{ finnes.ikke }} finnes ikke"]
    assert writing.form()["text"] == ["Se {{ finnes.ikke }}"]
    sent = writing.form() | {"text": ["Se {{ heller.ikke }}"]}
    assert writing.as_("editor").post(ADDRESS, sent).status_code == 422
    assert writing.form()["text"] == ["Se {{ heller.ikke }}"]


def test_a_text_that_is_too_long_to_save_is_kept(writing: Writing) -> None:
    told = writing.kept(text="ord " * 20_000)
    assert len(told["errors"]) == 1
    assert "høyst 50000 tegn" in told["errors"][0]
    assert len(writing.form()["text"][0]) > 50_000


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 1_000_000},
        {"text": "a\x00b"},
        {"heading": "x" * 3000},
        {"revision": "0"},
        {"revision": "9" * 30},
        {"revision": "x"},
        {"revision": ""},
        {"draft": "x"},
        {"draft": "1-1-1"},
        {"draft": "9" * 400},
        {"user": ""},
        {"user": "9" * 40},
    ],
    ids=lambda fields: "-".join(f"{name}-{value[:8]!r}" for name, value in fields.items()),
)
def test_hostile_fields_are_refused(writing: Writing, fields: dict[str, str]) -> None:
    answer = writing.keep(**fields)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert answer.json()["errors"]
    assert not ClauseDraft.objects.exists()


@pytest.mark.parametrize("text", ["\ud800".encode("utf-8", "surrogatepass"), b"\xff", "\u202e\x07"])
def test_odd_characters_are_kept_without_an_error(writing: Writing, text: Any) -> None:
    assert writing.keep(text=text).status_code == 200


def test_a_page_of_somebody_else_is_not_kept_for_whoever_is_logged_in(writing: Writing) -> None:
    answer = writing.keep("editor", user=writing.user("other_editor").pk)
    assert (answer.status_code, answer.json()) == (409, {"state": "other"})
    assert not ClauseDraft.objects.exists()


def test_logged_out_without_the_token_or_the_right(writing: Writing) -> None:
    """The script reads why in a header, and keeps the text."""
    fields = {"heading": "A", "text": BEGUN, "revision": 1, "user": writing.user().pk}
    answer = writing.as_("nobody").post(KEEP, fields)
    assert (answer.status_code, answer["X-Refused"]) == (403, "login")
    client = writing.as_("editor")
    client.handler.enforce_csrf_checks = True
    answer = client.post(KEEP, fields)
    assert (answer.status_code, answer["X-Refused"]) == (403, "csrf")
    answer = writing.as_("director").post(KEEP, fields)
    assert (answer.status_code, answer["X-Refused"]) == (403, "refused")
    assert not ClauseDraft.objects.exists()


# --- throwing away -------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_by_its_writer_only(writing: Writing) -> None:
    mark = writing.kept()["mark"]
    for who in ("other_editor", "editor"):
        answer = writing.as_(who).post(DISCARD, {"draft": mark}, follow=True)
        assert ClauseDraft.objects.exists() == (who == "other_editor")
    assert "Den påbegynte teksten er forkastet." in pages.text(answer)
    assert writing.form()["text"] == [writing.clause.text]


@pytest.mark.parametrize("mark", ["", "x", "1-99", "9" * 500, "\x00"])
def test_a_draft_that_has_gone_on_is_not_thrown_away(writing: Writing, mark: str) -> None:
    writing.kept()
    answer = writing.as_("editor").post(DISCARD, {"draft": mark}, follow=True)
    assert "er ikke forkastet" in pages.text(answer)
    assert ClauseDraft.objects.exists()


# --- somebody has saved, or deleted, meanwhile ---------------------------------------------------


def test_the_page_hears_that_somebody_has_saved(writing: Writing) -> None:
    mark, base = writing.kept()["mark"], writing.clause.revision
    writing.saves("Noe annet.")
    told = writing.kept(text=BEGUN + " ennå", draft=mark, revision=base)
    assert told["state"] == "kept"
    assert told["changed"]["by"] == writing.user("other_editor").name
    assert told["changed"]["revision"] == writing.clause.revision
    assert writing.clause.text == "Noe annet."


def test_a_draft_from_before_is_shown_with_what_has_been_saved_since(writing: Writing) -> None:
    writing.kept()
    writing.saves("Noe annet.")
    answer = writing.as_("editor").get(ADDRESS)
    assert answer.status_code == 200
    words = pages.text(answer)
    assert "Noen andre lagret mens du skrev" in words
    assert "Noe annet." in words
    assert pages.form(answer, "Lagre min tekst likevel")["text"] == [BEGUN]


def test_a_deleted_clause_keeps_what_is_begun_and_it_can_be_made_a_new_one(
    writing: Writing,
) -> None:
    mark = writing.kept()["mark"]
    editing.delete_clause(editing.Actor(writing.user("other_editor"), None), writing.clause, 1)
    told = writing.kept(text=BEGUN + " og ferdig.", draft=mark, revision=1)
    assert told["state"] == "gone"
    assert told["changed"]["by"] == writing.user("other_editor").name

    listed = writing.as_("editor").get(BASE + "tekst/")
    assert ADDRESS in [link.get("href") for link in pages.page(listed).all("a")]
    answer = writing.as_("editor").get(ADDRESS)
    assert "er slettet av noen andre" in pages.text(answer)
    made = pages.form(answer, "Legg til")
    assert made["text"] == [BEGUN + " og ferdig."]
    assert writing.as_("editor").post(BASE + "tekst/nytt-punkt/", made).status_code == 302
    new = writing.agreement.clauses.get(text=BEGUN + " og ferdig.")
    assert new.key != "formaal"
    assert not ClauseDraft.objects.exists()
    assert writing.as_("editor").get(ADDRESS).status_code == 404


def test_saving_a_deleted_clause_gives_the_text_as_a_new_one(writing: Writing) -> None:
    sent = writing.form() | {"text": [BEGUN]}
    editing.delete_clause(editing.Actor(writing.user("other_editor"), None), writing.clause, 1)
    answer = writing.as_("editor").post(ADDRESS, sent)
    assert answer.status_code == 404
    assert pages.form(answer, "Legg til")["text"] == [BEGUN]
    assert ClauseDraft.objects.get().text == BEGUN
    assert writing.as_("other_editor").get(ADDRESS).status_code == 404


def test_a_clause_that_never_was_keeps_nothing(writing: Writing) -> None:
    for address in (KEEP, DISCARD):
        answer = writing.as_("editor").post(
            address.replace("formaal", "finnes-ikke"),
            {"heading": "A", "text": "B", "revision": 1, "user": writing.user().pk},
        )
        assert answer.status_code in (404, 302)
    assert not ClauseDraft.objects.exists()


def test_whoever_loses_the_role_and_gets_it_again_has_the_draft(writing: Writing) -> None:
    """A person who no longer edits keeps the draft, and gets it again with the role."""
    writing.kept()
    user = writing.user()
    user.memberships.update(role="director")
    assert writing.as_("editor").get(ADDRESS).status_code == 403
    user.memberships.update(role="editor")
    assert writing.form()["text"] == [BEGUN]


# --- how much it costs ---------------------------------------------------------------------------


def test_drafts_and_history_do_not_make_the_pages_ask_more(writing: Writing) -> None:
    client, user = writing.as_("editor"), writing.user().pk

    def asked(address: str) -> int:
        assert (
            client.get(address).status_code == 200
        )  # so that the draft is one that was read before
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def keeping(text: str, mark: str) -> tuple[int, str]:
        sent = {"heading": "A", "text": text, "revision": 1, "draft": mark, "user": user}
        with CaptureQueriesContext(connection) as queries:
            told = client.post(KEEP, sent).json()
        return len(queries), told["mark"]

    _, mark = keeping("En", "")
    pages_before = [asked(page) for page in (ADDRESS, BASE + "tekst/")]
    keeping_before, mark = keeping("To", mark)
    for number in range(20):
        person = User.objects.create_user(f"person{number}@kommune.example", "x", name=f"P{number}")
        for key in ("formaal", "varighet"):
            drafts.keep(person, writing.agreement, key, drafts.Begun(1, "A", f"B{number}"), "")
    assert [asked(page) for page in (ADDRESS, BASE + "tekst/")] == pages_before
    keeping_after, _ = keeping("Tre", mark)
    assert keeping_after == keeping_before
    assert max(*pages_before, keeping_after) <= 15

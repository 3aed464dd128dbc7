"""A clause's earlier wordings, and bringing back what was changed or deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import editing, history
from agreements import input as services
from agreements.models import Agreement, AgreementEvent
from tests import pages
from tests.desk import BASE, As
from tests.inputs import INTERNAL, a_suggestion, actor

TEXT = BASE + "tekst/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def clause(agreement: Agreement, key: str) -> Any:
    return agreement.clauses.select_related("agreement", "parent").get(key=key)


def save(agreement: Agreement, key: str, **values: str) -> None:
    row = clause(agreement, key)
    wording = {"heading": row.heading, "text": row.text} | values
    editing.save_clause(actor("editor"), row, row.revision, **wording)


def delete(agreement: Agreement, key: str) -> None:
    row = clause(agreement, key)
    editing.delete_clause(actor("other_editor"), row, row.revision)


def wordings(agreement: Agreement, key: str) -> list[tuple[int, str, str]]:
    return [(s.revision, s.heading, s.text) for s in history.states(agreement, key)]


def test_every_wording_is_read_back_from_the_events(ringerike: Agreement) -> None:
    first = clause(ringerike, "formaal")
    save(ringerike, "formaal", text="To.")
    save(ringerike, "formaal", heading="Hvorfor")
    save(ringerike, "formaal", heading="Hensikt", text="Fire.")
    assert wordings(ringerike, "formaal") == [
        (4, "Hensikt", "Fire."),
        (3, "Hvorfor", "To."),
        (2, first.heading, "To."),
        (1, first.heading, first.text),
    ]
    assert history.states(ringerike, "formaal")[-1].action == "agreement.created"
    assert history.states(ringerike, "finnes-ikke") == []


def test_an_own_point_that_is_deleted_and_brought_back_keeps_its_history(
    ringerike: Agreement,
) -> None:
    made = editing.add_clause(actor("editor"), ringerike, None, "Møter", "Én.")
    save(ringerike, made.key, text="To.")
    delete(ringerike, made.key)
    assert wordings(ringerike, made.key)[0] == (0, "", "")
    event = history.deleted(ringerike, ())[0].event
    assert history.restore_deleted(actor("editor"), ringerike, event) == made.key
    assert wordings(ringerike, made.key) == [
        (3, "Møter", "To."),
        (0, "", ""),
        (2, "Møter", "To."),
        (1, "Møter", "Én."),
    ]


def test_a_new_point_never_takes_the_key_of_a_deleted_one(ringerike: Agreement) -> None:
    made = editing.add_clause(actor("editor"), ringerike, None, "Møter", "Én.")
    delete(ringerike, made.key)
    other = editing.add_clause(actor("editor"), ringerike, None, "Møter", "Ny.")
    assert (made.key, other.key) == ("moter", "moter-2")


def test_the_page_shows_who_when_for_whom_and_what(ringerike: Agreement, editor: Client) -> None:
    words = pages.text(editor.get(TEXT + "punkt/nav-lokalt/historikk/"))
    for word in (
        "Utgave 2 Gjelder nå Rita Redaktør, Ringerike kommune",
        "Kilde: innspill fra Modum kommune",
        "[nytt: Hvert Nav-kontor i regionen",
        "Slik punktet var da utkastet ble laget.",
    ):
        assert word in words, word
    assert editor.get(TEXT + "punkt/finnes-ikke/historikk/").status_code == 404


def test_an_earlier_wording_is_brought_back_as_a_new_edit(
    ringerike: Agreement, editor: Client
) -> None:
    address = TEXT + "punkt/nav-lokalt/"
    sent = pages.form(editor.get(address + "historikk/"), "Gjenopprett", "gjenopprett/")
    answer = editor.post(address + "gjenopprett/", sent)
    assert answer["Location"] == f"{TEXT}#nav-lokalt"
    event = AgreementEvent.objects.latest("pk")
    assert (event.action, event.data["restored"]) == ("clause.edited", 1)
    rows = wordings(ringerike, "nav-lokalt")
    assert rows[0] == (3, *rows[2][1:])
    # The same form once more: the text is so already.
    assert editor.post(address + "gjenopprett/", sent).status_code == 302
    assert AgreementEvent.objects.latest("pk") == event
    assert "Gjenopprettet fra utgave 1" in pages.text(editor.get(address + "historikk/"))


def test_a_stale_restore_is_stopped_and_shows_the_newest(
    ringerike: Agreement, editor: Client
) -> None:
    address = TEXT + "punkt/nav-lokalt/"
    sent = pages.form(editor.get(address + "historikk/"), "Gjenopprett", "gjenopprett/")
    save(ringerike, "nav-lokalt", text="Noe helt annet.")
    answer = editor.post(address + "gjenopprett/", sent)
    assert answer.status_code == 409
    words = pages.text(answer)
    assert "Ingenting er gjenopprettet" in words
    assert "[nytt: Noe helt annet.]" in words
    assert clause(ringerike, "nav-lokalt").text == "Noe helt annet."


@pytest.mark.parametrize("event", ["", "0", "-1", "x", "9" * 30, "\x00", str(2**62)])
def test_an_event_that_is_no_wording(ringerike: Agreement, editor: Client, event: str) -> None:
    before = AgreementEvent.objects.count()
    for path in ("punkt/nav-lokalt/gjenopprett/", "slettede/gjenopprett/"):
        answer = editor.post(TEXT + path, {"event": event, "revision": "2"})
        assert answer.status_code in (302, 404), path
    assert AgreementEvent.objects.count() == before


def test_another_clauses_wording_and_another_agreements_deletion_are_nothing_here(
    ringerike: Agreement, mosse: Agreement, editor: Client
) -> None:
    save(ringerike, "formaal", text="Ny.")
    event = AgreementEvent.objects.latest("pk").pk
    answer = editor.post(TEXT + "punkt/nav-lokalt/gjenopprett/", {"event": event, "revision": "2"})
    assert answer.status_code == 404
    delete(mosse, "formaal")
    event = AgreementEvent.objects.latest("pk").pk
    assert editor.post(TEXT + "slettede/gjenopprett/", {"event": event}).status_code == 404


def test_a_deleted_point_comes_back_with_what_lay_under_it(
    ringerike: Agreement, editor: Client, as_: As
) -> None:
    under = [row.key for row in clause(ringerike, "okonomi").children.all()]
    text = clause(ringerike, "bidrag").text
    comment = a_suggestion(ringerike, key="bidrag")
    delete(ringerike, "okonomi")
    words = pages.text(editor.get(TEXT))
    assert f"Økonomisk ramme med {len(under)} punkter under" in words
    assert "Slettede punkter" not in pages.text(as_("director").get(TEXT))
    assert "(slettet)" in pages.text(editor.get(TEXT + "punkt/okonomi/historikk/"))
    assert "Punktet er slettet" in pages.text(editor.get(f"{BASE}innspill/{comment.pk}/"))
    sent = pages.form(editor.get(TEXT), "Gjenopprett", "slettede/gjenopprett/")
    places = {editor.post(TEXT + "slettede/gjenopprett/", sent)["Location"] for _ in range(2)}
    assert places == {f"{TEXT}#okonomi"}
    back = clause(ringerike, "okonomi")
    assert [row.key for row in back.children.all()] == under
    assert clause(ringerike, "bidrag").text == text
    assert list(ringerike.clauses.filter(parent=None))[-1] == back
    assert "Slettede punkter" not in pages.text(editor.get(TEXT))
    assert ringerike.events.filter(action="clause.restored").count() == 1


def test_a_point_whose_parent_is_gone_comes_back_at_the_top(ringerike: Agreement) -> None:
    delete(ringerike, "nav-lokalt")
    event = AgreementEvent.objects.latest("pk").pk
    delete(ringerike, "nav")
    history.restore_deleted(actor("editor"), ringerike, event)
    assert clause(ringerike, "nav-lokalt").parent is None


def test_a_point_goes_back_under_its_parent(ringerike: Agreement) -> None:
    delete(ringerike, "nav-lokalt")
    history.restore_deleted(actor("editor"), ringerike, AgreementEvent.objects.latest("pk").pk)
    assert clause(ringerike, "nav-lokalt").parent.key == "nav"


def test_where_internal_input_led_is_only_told_the_team(ringerike: Agreement, as_: As) -> None:
    row = a_suggestion(ringerike, "other_editor", visibility=INTERNAL)
    services.accept(actor("editor"), row, 1)
    address = TEXT + "punkt/taushetsplikt/historikk/"
    source = "Kilde: innspill fra Modum kommune"
    assert source in pages.text(as_("editor").get(address))
    for who in ("director", "county", "administrator"):
        assert source not in pages.text(as_(who).get(address))


def test_a_long_history_asks_the_same_and_is_shown_in_pages(
    ringerike: Agreement, editor: Client
) -> None:
    from tests.test_queries import questions

    address = TEXT + "punkt/nav-lokalt/historikk/"
    before = questions(editor, address)
    for number in range(15):
        save(ringerike, "nav-lokalt", text=f"Utgave {number}")
    assert questions(editor, address) == before
    assert "Side 1 av 2" in pages.text(editor.get(address))

"""The service checklist: lines in three lists, suggested by the template or typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements.models import Agreement, AgreementEvent
from tests import pages
from tests.desk import BASE, As

SERVICES = BASE + "tjenester/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def new(client: Client, **answers: Any) -> pages.Sent:
    """The empty form below the lists."""
    read = pages.page(client.get(SERVICES))
    token = [n["value"] for n in read.all("input", name_="token")][-1]
    return pages.changed(
        {"level": ["quality"], "text": [""], "token": [token], "key": [""]}, **answers
    )


def opened(client: Client, key: str, **answers: Any) -> pages.Sent:
    return pages.changed(pages.form(client.get(f"{SERVICES}{key}/"), "Lagre"), **answers)


def texts(agreement: Agreement, level: str) -> list[str]:
    return [row.text for row in agreement.services.filter(level=level)]


def actions() -> list[str]:
    rows = AgreementEvent.objects.filter(action__startswith="service.").order_by("pk")
    return [row.action for row in rows if row.actor.email == "redaktor@ringerike.example"]


def test_a_line_is_added_last_in_its_list_and_printed(ringerike: Agreement, editor: Client) -> None:
    before = len(actions())
    sent = new(editor, level="minimum", text="Kurs i regnskap.")
    places = {editor.post(SERVICES, sent)["Location"] for _ in range(2)}
    assert places == {f"{SERVICES}#kurs-i-regnskap"}
    assert texts(ringerike, "minimum")[-1] == "Kurs i regnskap"
    assert len(actions()) == before + 1
    assert "Kurs i regnskap" in pages.text(editor.get(SERVICES))
    assert "kurs i regnskap" in pages.text(editor.get(BASE + "tekst/")).lower()


def test_a_suggestion_keeps_its_key_and_is_not_suggested_again(
    ringerike: Agreement, editor: Client
) -> None:
    ringerike.services.filter(level="additional").delete()
    sent = pages.form(editor.get(SERVICES), "Legg til «")
    assert sent["key"] != [""]
    editor.post(SERVICES, sent)
    row = ringerike.services.get(key=sent["key"][0])
    assert row.level == "additional"
    assert sent["key"][0] not in [
        n.get("value") for n in pages.page(editor.get(SERVICES)).all("input", name_="key")
    ]


def test_a_line_is_edited_and_may_change_list(ringerike: Agreement, editor: Client) -> None:
    key = ringerike.services.filter(level="minimum")[0].key
    answer = editor.post(
        f"{SERVICES}{key}/", opened(editor, key, text="Noe nytt", level="additional")
    )
    assert answer["Location"] == f"{SERVICES}#{key}"
    row = ringerike.services.get(key=key)
    assert (row.text, row.level, row.revision) == ("Noe nytt", "additional", 2)


def test_the_tables_are_shown_once_for_all_and_the_buttons_to_whoever_may(
    ringerike: Agreement, as_: As, editor: Client
) -> None:
    for _ in range(2):
        read = pages.page(editor.get(SERVICES))
        moves = read.all("button", form="linje_flytting")
        assert len(moves) > 10
        assert read.one("form", id="linje_flytting").get("method") == "post"
        other = pages.page(as_("director").get(SERVICES))
        assert not other.all("button", form="linje_flytting")
        assert "Rediger" not in other.one("main").text
        assert [row["id"] for row in read.all("tr") if row.get("id")] == [
            row["id"] for row in other.all("tr") if row.get("id")
        ]
    opened = pages.page(editor.get(f"{SERVICES}?rediger=temakurs"))
    assert opened.one("h1").text == read.one("h1").text == ringerike.title
    item = ringerike.services.filter(level="quality").first()
    type(item).objects.filter(pk=item.pk).update(text="Noe helt annet")
    assert "Noe helt annet" in pages.text(editor.get(SERVICES))


def test_a_line_is_moved_within_its_list(ringerike: Agreement, editor: Client) -> None:
    first, second, *rest = texts(ringerike, "minimum")
    key = ringerike.services.filter(level="minimum")[0].key
    editor.post(f"{SERVICES}{key}/flytt/opp/")
    assert texts(ringerike, "minimum") == [first, second, *rest]
    answer = editor.post(f"{SERVICES}{key}/flytt/ned/")
    assert answer["Location"] == f"{SERVICES}#{key}"
    assert texts(ringerike, "minimum") == [second, first, *rest]
    assert editor.post(f"{SERVICES}{key}/flytt/hit/").status_code == 404


def test_a_line_is_deleted_and_its_text_kept_on_record(
    ringerike: Agreement, editor: Client
) -> None:
    row = ringerike.services.filter(level="quality")[0]
    form = pages.form(editor.get(f"{SERVICES}{row.key}/"), "Slett")
    answer = editor.post(f"{SERVICES}{row.key}/slett/", form, follow=True)
    assert "er slettet" in pages.text(answer)
    assert AgreementEvent.objects.latest("pk").data["text"] == row.text
    assert not ringerike.services.filter(pk=row.pk).exists()


WRONG = [
    ("text", "", "Fyll inn tjeneste eller krav"),
    ("text", "...", "Fyll inn tjeneste eller krav"),
    ("text", "\u200b", "Fyll inn tjeneste eller krav"),
    ("text", "x" * 301, "høyst 300 tegn"),
    ("text", "a\x00", "ikke tillatt"),
    ("level", "luksus", "Velg på nytt"),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
def test_what_is_wrong_is_said_at_the_field(
    ringerike: Agreement, editor: Client, name: str, typed: str, message: str
) -> None:
    before = ringerike.services.count(), actions()
    key = ringerike.services.first().key
    for address, sent in (
        (SERVICES, new(editor, text="Kurs")),
        (f"{SERVICES}{key}/", opened(editor, key)),
    ):
        sent = sent | {name: [typed]}
        answer = editor.post(address, sent)
        assert answer.status_code == 422
        assert message in pages.complaints(answer)[name]
        if name == "text":
            values = [n.get("value") or n.words for n in pages.page(answer).all(name_="text")]
            assert typed in [value.removeprefix("\n") for value in values]
    assert (ringerike.services.count(), actions()) == before


def test_a_key_that_is_no_key_is_refused(ringerike: Agreement, editor: Client) -> None:
    for key in ("Stor Bokstav", "../..", "a" * 61, "\x00"):
        assert editor.post(SERVICES, new(editor, text="Kurs", key=key)).status_code == 422
    taken = ringerike.services.first().key
    assert editor.post(SERVICES, new(editor, text="Kurs", key=taken)).status_code == 302
    assert ringerike.services.filter(key="kurs").exists()


def test_a_checklist_without_lines_says_so(ringerike: Agreement, editor: Client) -> None:
    ringerike.services.all().delete()
    words = pages.text(editor.get(SERVICES))
    assert words.count("Ingen.") == 3
    assert editor.get(BASE + "tekst/").status_code == 200
    assert editor.get(BASE + "kontroll/").status_code == 200

"""A point as a reader will see it, while it is typed: nothing is stored, and findings come and go."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements.models import CLAUSE_TEXT_LIMIT, Agreement, AgreementEvent
from tests import pages
from tests.desk import BASE, As

POINT = BASE + "tekst/punkt/formaal/"
PREVIEW = POINT + "visning/"


@pytest.fixture
def editor(ringerike: Agreement, as_: As) -> Client:
    return as_("editor")


def shown(client: Client, text: str, heading: str = "Formål") -> str:
    answer = client.post(PREVIEW, {"heading": heading, "text": text, "revision": "1"})
    assert answer.status_code == 200
    return pages.page(answer).one("div", class_="reader").text


def test_what_is_typed_is_shown_filled_in_and_not_stored(
    ringerike: Agreement, editor: Client
) -> None:
    before = list(ringerike.clauses.values_list()), AgreementEvent.objects.count()
    words = shown(editor, "I {{ region.navn }}, se [[punkt:varighet]] og **dette**.", "Hvorfor")
    assert words == "2 Hvorfor I Ringeriksregionen, se punkt 3 og dette."
    assert "[mangler: finnes.ikke]" in shown(editor, "Ikke {{ finnes.ikke }}.")
    assert (list(ringerike.clauses.values_list()), AgreementEvent.objects.count()) == before


def test_a_finding_comes_with_the_words_and_goes_when_they_are_mended(editor: Client) -> None:
    answer = editor.post(PREVIEW, {"heading": "Formål", "text": "Sendes Viken fylkeskommune."})
    words = answer.content.decode()
    assert "Funn i punktet (1)" in words
    assert "Bytt «Viken fylkeskommune» med «Buskerud fylkeskommune»" in words
    answer = editor.post(PREVIEW, {"heading": "Formål", "text": "Sendes fylket."})
    assert "Ingen funn i dette punktet." in answer.content.decode()


def test_the_page_has_the_same_from_the_start_and_when_it_is_refused(
    ringerike: Agreement, editor: Client
) -> None:
    ringerike.clauses.filter(key="formaal").update(text="Sendes NAV i [[punkt:varighet]].")
    opened = editor.get(POINT)
    read = pages.page(opened)
    assert "Sendes NAV i punkt 3." in read.one("aside", id="punkt_visning").text
    link = next(node for node in read.all("a") if node.text == "punkt 3")
    assert link["href"] == f"{BASE}tekst/#varighet"
    assert "Funn i punktet (1)" in read.one("aside", id="punkt_visning").text
    sent = pages.changed(pages.form(opened, "Lagre"), text="Ny {{ ukjent.ting }}")
    refused = editor.post(POINT, sent)
    assert refused.status_code == 422
    aside = pages.page(refused).one("aside", id="punkt_visning").text
    assert "Ny [mangler: ukjent.ting]" in aside


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "a\x00b",
        "<script>alert(1)</script>",
        "{{" * 500,
        "- " * 2000,
        "**" * 900,
        "\r\n",
    ],
)
def test_any_text_can_be_shown(editor: Client, text: str) -> None:
    answer = editor.post(PREVIEW, {"heading": text[:200], "text": text})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_a_text_too_long_to_store_is_not_worked_through(editor: Client) -> None:
    for data in ({"text": "a" * (CLAUSE_TEXT_LIMIT + 1)}, {"heading": "x" * 161}):
        words = editor.post(PREVIEW, data).content.decode()
        assert "for lang til å lagres" in words


def test_only_a_post_about_a_point_that_exists_is_answered(editor: Client) -> None:
    assert editor.get(PREVIEW).status_code == 405
    assert editor.post(BASE + "tekst/punkt/finnes-ikke/visning/").status_code == 404


def test_it_takes_few_questions(editor: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        shown(editor, "Kort.")
    assert len(asked) <= 21

"""Two people have changed a clause: the second sees both texts, and goes on from either or both."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from agreements.models import Agreement, AgreementEvent, ClauseDraft
from tests import pages
from tests.desk import As
from tests.writing import ADDRESS, Writing

BASE_TEXT = "Kommunene skal møtes hvert år.\n\nFylket betaler i mars."
THEIRS = "Kommunene skal møtes hvert år.\n\nFylket betaler i april."
MINE = "Kommunene kan møtes hvert år.\n\nFylket betaler i mars."
BOTH = "Kommunene kan møtes hvert år.\n\nFylket betaler i april."


@pytest.fixture
def writing(ringerike: Agreement, as_: As) -> Writing:
    return Writing(ringerike, as_)


def stopped(writing: Writing, mine: str = MINE, theirs: str = THEIRS) -> HttpResponse:
    """Both begin from the same text; the other saves first."""
    writing.saves(BASE_TEXT)
    sent = writing.form() | {"text": [mine]}
    writing.saves(theirs)
    answer = writing.as_("editor").post(ADDRESS, sent)
    assert answer.status_code == 409
    return answer


def choose(writing: Writing, answer: HttpResponse, choice: str) -> HttpResponse:
    sent = pages.form(answer, "Bruk min")
    return writing.as_("editor").post(ADDRESS, sent | {"bruk": [choice]})


@pytest.mark.parametrize(("choice", "text"), [("flettet", BOTH), ("min", MINE), ("andres", THEIRS)])
def test_one_goes_on_from_either_text_or_both_and_nothing_is_saved_before_save(
    writing: Writing, choice: str, text: str
) -> None:
    answer = stopped(writing)
    words = pages.text(answer)
    for shown in ("Modum", "Bruk den flettede teksten", "Bruk min", "Behold den andres"):
        assert shown in words
    for whole in (BASE_TEXT, THEIRS):
        assert whole in answer.content.decode()
    events = AgreementEvent.objects.count()
    chosen = choose(writing, answer, choice)
    assert chosen.status_code == 200
    assert AgreementEvent.objects.count() == events
    assert writing.clause.text == THEIRS
    form = pages.form(chosen, "Lagre")
    assert form["text"] == [text]
    assert writing.as_("editor").post(ADDRESS, form).status_code == 302
    assert writing.clause.text == text
    assert not ClauseDraft.objects.exists()


def test_the_same_words_changed_differently_are_shown_and_chosen_between(writing: Writing) -> None:
    answer = stopped(
        writing,
        "Kommunene kan møtes hvert år.\n\nFylket betaler i mai.",
        "Kommunene skal møtes hvert år, minst.\n\nFylket betaler i april.",
    )
    words = pages.text(answer)
    assert "Dere har endret de samme ordene" in words
    assert "Bruk den flettede teksten" not in words
    for choice, month in (("flettet", "mai"), ("flettet-andres", "april")):
        form = pages.form(choose(writing, answer, choice), "Lagre")
        assert form["text"] == [
            f"Kommunene kan møtes hvert år, minst.\n\nFylket betaler i {month}."
        ]


def test_a_third_who_saves_while_one_chooses_is_not_written_over(writing: Writing) -> None:
    form = pages.form(choose(writing, stopped(writing), "flettet"), "Lagre")
    writing.saves("En tredje tekst.")
    again = writing.as_("editor").post(ADDRESS, form)
    assert again.status_code == 409
    assert pages.form(again, "Lagre")["text"] == [BOTH]
    assert writing.clause.text == "En tredje tekst."


def test_a_stopped_text_is_still_there_when_the_page_is_left(writing: Writing) -> None:
    """Also after a person has looked at the other texts: their own is what is kept."""
    answer = stopped(writing)
    for choice in ("flettet", "andres", "min"):
        choose(writing, answer, choice)
        opened = writing.as_("editor").get(ADDRESS)
        assert pages.form(opened, "Lagre min tekst likevel")["text"] == [MINE]
        assert "Bruk den flettede teksten" in pages.text(opened)


def test_the_headings_are_merged_too(writing: Writing) -> None:
    sent = writing.form() | {"heading": ["Mitt formål"], "text": [writing.clause.text]}
    writing.saves("Ny tekst fra den andre.")
    answer = writing.as_("editor").post(ADDRESS, sent)
    form = pages.form(choose(writing, answer, "flettet"), "Lagre")
    assert (form["heading"], form["text"]) == (["Mitt formål"], ["Ny tekst fra den andre."])


@pytest.mark.parametrize("fields", [{"bruk": "tull"}, {"revision": "x"}, {"text": "a\x00"}])
def test_a_choice_that_cannot_be_read_saves_nothing(
    writing: Writing, fields: dict[str, str]
) -> None:
    row = writing.clause
    sent = {"heading": row.heading, "text": "Ny", "revision": row.revision, "bruk": "min"} | fields
    assert writing.as_("editor").post(ADDRESS, sent).status_code == 422
    assert writing.clause.text == row.text


def test_a_revision_that_never_was_shows_both_texts_without_merging(writing: Writing) -> None:
    sent = writing.form() | {"text": [MINE], "revision": ["77"]}
    answer = writing.as_("editor").post(ADDRESS, sent)
    assert answer.status_code == 409
    assert "Bruk min" in pages.text(answer)
    assert "flettet" not in pages.text(answer).lower()

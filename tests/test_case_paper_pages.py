"""The pages of the case paper: who reads it, who writes in it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agreements import case_paper_editing as writing
from agreements import case_papers, editing
from agreements.domain.case_paper import CasePaper, Part
from agreements.domain.states import Action
from agreements.models import AccessLog, Agreement, CasePaperText
from municipalities import revisions
from tests import inputs, pages, papers, rounds
from tests.desk import events
from tests.markup import Page
from tests.test_queries import enlarge, questions

As = Callable[[str], Client]
SLUG = "ringeriksregionen-2026"
BASE = f"/avtaler/{SLUG}/"
PAPER = f"{BASE}saksframlegg/"
HOLE, MODUM, RINGERIKE = rounds.HOLE, rounds.MODUM, rounds.RINGERIKE


def again(agreement: Agreement) -> Agreement:
    """The agreement as a new request would read it."""
    return Agreement.objects.get(pk=agreement.pk)


def of(agreement: Agreement, key: str = "") -> CasePaper:
    return case_papers.read(again(agreement)).paper(key)


@pytest.fixture
def answered(ringerike: Agreement) -> Agreement:
    rounds.all_answer(rounds.freeze(ringerike))
    return ringerike


# --- the page and the texts ----------------------------------------------------------------------


def test_the_paper_is_the_teams_until_a_version_is_sent_out(ringerike: Agreement, as_: As) -> None:
    for who, draft in (
        *(("editor", 200), ("administrator", 200), ("director", 403)),
        *(("county", 403), ("reader", 404), ("outsider", 404)),
    ):
        assert as_(who).get(PAPER).status_code == draft, who
    rounds.freeze(ringerike)
    for who in ("editor", "administrator", "director", "county", "reader"):
        answer = as_(who).get(PAPER)
        assert answer.status_code == 200, who
        assert ("Tekster dere kan skrive" in pages.text(answer)) == (who == "editor")
    assert as_("outsider").get(PAPER).status_code == 404
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    assert as_("reader").get(PAPER).status_code == 403
    assert as_("director").get(f"{BASE}saksframlegg.docx").status_code == 403


def test_a_download_of_a_version_is_logged(answered: Agreement, as_: As) -> None:
    answer = as_("reader").get(f"{BASE}saksframlegg.docx?for={HOLE}")
    assert answer["Content-Disposition"].endswith(f'"{SLUG}-saksframlegg-3310-versjon-1.docx"')
    assert AccessLog.objects.get().what == "saksframlegg.docx"


def pages_of(answer: Any) -> list[Any]:
    """The elements of a piece of a page."""
    return Page(f"<body>{answer.content.decode()}</body>").all("body")


@pytest.mark.parametrize("key", ["33", "3103", "9" * 400, "x\x00", "'"])
def test_nobody_else_has_a_paper(ringerike: Agreement, as_: As, key: str) -> None:
    for page in ("saksframlegg/", "saksframlegg.pdf", "saksframlegg.docx"):
        assert as_("editor").get(f"{BASE}{page}", {"for": key}).status_code == 404


def test_what_the_team_writes_is_stored_with_an_event_and_read_at_once(
    answered: Agreement, as_: As
) -> None:
    client, before = as_("editor"), events()[0]
    address = f"{PAPER}vurdering/rediger/"
    opened = pages.form(client.get(address), "Lagre")
    assert "{{ sak.ramme }}" in opened["text"][0]
    assert client.post(address, opened).status_code == 302
    assert (events()[0], CasePaperText.objects.count()) == (before, 0), "as usual is not stored"
    text = "Vi anbefaler «{{ okonomi.alternativ }}»: {{ sak.ramme }}."
    assert client.post(address, pages.changed(opened, text=text)).status_code == 302
    assert events()[0] == before + 1
    event = answered.events.order_by("-number")[0]
    assert event.action == "case_paper.edited"
    assert event.data["text"] == ["", text]
    shown = pages.text(as_("reader").get(PAPER))
    assert "Vi anbefaler «Alternativ 1»: 1 256 000,00 kroner i 2026" in shown
    assert "Saksframlegget ble endret: vurdering" in pages.text(
        client.get(f"{BASE}historikk/hendelser/")
    )
    again = pages.form(client.get(address), "Lagre")
    client.post(address, pages.changed(again, text=""))
    assert "Vi anbefaler" not in pages.text(client.get(PAPER))


def test_the_case_number_is_a_line(ringerike: Agreement, as_: As) -> None:
    address = f"{PAPER}saksnummer/rediger/"
    opened = pages.form(as_("editor").get(address), "Lagre")
    refused = as_("editor").post(address, pages.changed(opened, text="1" * 61))
    assert pages.complaints(refused) == {"text": "Saksnummer kan ha høyst 60 tegn. Teksten har 61."}
    as_("editor").post(address, pages.changed(opened, text="99/25"))
    assert "99/25" in pages.text(as_("editor").get(PAPER))
    assert "99/25" not in pages.text(as_("editor").get(f"{PAPER}?for={HOLE}"))


def test_a_stale_save_is_stopped_and_both_texts_are_shown(ringerike: Agreement, as_: As) -> None:
    address = f"{PAPER}bakgrunn/rediger/"
    one, two = as_("editor"), as_("other_editor")
    first, second = (pages.form(who.get(address), "Lagre") for who in (one, two))
    one.post(address, pages.changed(first, text="Den ene."))
    refused = two.post(address, pages.changed(second, text="Den andre."))
    assert refused.status_code == 409
    shown = pages.text(refused)
    assert "Den ene." in shown
    kept = pages.form(refused, "Lagre mitt likevel")
    assert kept["text"] == ["Den andre."]
    assert two.post(address, kept).status_code == 302
    assert CasePaperText.objects.get().text == "Den andre."


def test_what_does_not_exist_is_refused_where_it_is_typed(ringerike: Agreement, as_: As) -> None:
    client = as_("editor")
    for part, text, refused in (
        ("vurdering", "{{ kommune.navn }}", True),  # whose?
        ("vurdering", "{{ finnes.ikke }} [[punkt:nei]]", True),
        ("vurdering", "x" * 20_001, True),
        ("vurdering", "😀", True),
        ("vedtak", "{{ kommune.navn }} [[punkt:okonomi]] {{ tabell.bidrag }}", False),
    ):
        address = f"{PAPER}{part}/rediger/"
        sent = pages.changed(pages.form(client.get(address), "Lagre"), text=text)
        answer = client.post(address, sent)
        assert answer.status_code == (422 if refused else 302), text
        if refused:
            assert "text" in pages.complaints(answer)
    assert client.get(f"{PAPER}finnes-ikke/rediger/").status_code == 404


def test_the_preview_shows_what_is_typed_and_stores_nothing(ringerike: Agreement, as_: As) -> None:
    client, before = as_("editor"), events()
    for text, shown in (
        ("{{ kommune.navn }} sier **ja**", "Hole kommune sier ja"),
        ("<b>x</b>", "<b>x</b>"),  # as text
        ("\x00\x1f", "Kommunestyret i"),  # nothing typed: as usual
        ("x" * 50_000, "for lang"),
    ):
        answer = client.post(f"{PAPER}vedtak/visning/", {"text": text})
        assert answer.status_code == 200
        assert shown in " ".join(node.text for node in pages_of(answer))
    assert (events(), CasePaperText.objects.count()) == (before, 0)
    assert client.post(f"{PAPER}saksnummer/visning/").status_code == 404


def test_the_texts_are_locked_once_the_councils_have_the_case(
    ringerike: Agreement, as_: As
) -> None:
    rounds.to_councils(ringerike)
    assert as_("editor").get(f"{PAPER}vurdering/rediger/").status_code == 403
    assert "Kommunestyrene har fått saken" in pages.text(as_("editor").get(PAPER))
    with pytest.raises(editing.NotEditableError):
        writing.save_part(inputs.actor("editor"), ringerike, Part.ASSESSMENT, 1, "Nei")
    rounds.resolve(ringerike, MODUM)
    text = papers.everything(of(ringerike, MODUM))
    assert "Modum | vedtatt | 16/25, 1. juni 2025" in text


def test_the_writer_stops_a_stale_save_and_writes_nothing_for_nothing(
    ringerike: Agreement,
) -> None:
    who = inputs.actor("editor")
    assert not writing.save_part(who, ringerike, Part.BACKGROUND, 1, "")
    assert writing.save_part(who, ringerike, Part.BACKGROUND, 1, "En.")
    assert not writing.save_part(who, ringerike, Part.BACKGROUND, 1, "En.")
    with pytest.raises(revisions.StaleRevisionError):
        writing.save_part(who, ringerike, Part.BACKGROUND, 1, "To.")


def test_it_is_linked_from_the_review_and_the_documents(ringerike: Agreement, as_: As) -> None:
    for page in ("behandling/", "dokumenter/"):
        links = [n["href"] for n in pages.page(as_("editor").get(BASE + page)).all("a")]
        assert PAPER in links
        assert PAPER not in as_("director").get(BASE + page).content.decode()
    rounds.freeze(ringerike)
    assert PAPER in as_("reader").get(f"{BASE}behandling/").content.decode()


# --- queries ---------------------------------------------------------------------

PAGES = ("saksframlegg/", f"saksframlegg/?for={HOLE}", "saksframlegg/vedtak/rediger/")


def test_a_large_paper_asks_as_little_as_a_small_one(ringerike: Agreement, as_: As) -> None:
    client = as_("editor")
    before = {page: questions(client, BASE + page) for page in PAGES}
    assert max(before.values()) <= 34
    enlarge(ringerike)
    for _ in range(5):
        inputs.a_comment(ringerike)
    assert {page: questions(client, BASE + page) for page in PAGES} == before


def test_a_sent_paper_asks_as_little_whatever_has_been_said(answered: Agreement, as_: As) -> None:
    client = as_("reader")
    before = questions(client, PAPER)
    for _ in range(5):
        inputs.a_comment(answered, "editor")
    assert questions(client, PAPER) == before <= 26

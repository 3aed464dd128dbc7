"""The input pages: writing, finding, answering, and what people outside the team never see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements import editing
from agreements import input as services
from agreements.models import Agreement, AgreementEvent, Comment
from tests import pages
from tests.desk import BASE, As
from tests.inputs import SECRET, a_comment, a_suggestion, actor, an_internal, wish
from tests.permission_rows import READ
from tests.permission_table import TABLE
from tests.test_queries import questions

INPUT = BASE + "innspill/"
NEW = INPUT + "nytt/"
SUGGEST = INPUT + "forslag/taushetsplikt/"
HOSTILE = "<script>alert(1)</script> {% debug %} {{ avtale.tittel }} **x** <img src=x onerror=y>"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def opened(client: Client, address: str = NEW, button: str = "Send", **answers: Any) -> pages.Sent:
    return pages.changed(pages.form(client.get(address), button), **answers)


def links(client: Client, address: str) -> list[str]:
    return [node["href"] for node in pages.page(client.get(address)).all("a")]


def edit(agreement: Agreement, **values: str) -> None:
    row = agreement.clauses.select_related("agreement").get(key="taushetsplikt")
    wording = {"heading": row.heading, "text": row.text} | values
    editing.save_clause(actor("other_editor"), row, row.revision, **wording)


# --- writing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "other_editor", "director", "county"])
def test_a_comment_is_stored_for_the_persons_organisation(as_: As, who: str) -> None:
    client = as_(who)
    sent = opened(client, NEW + "?punkt=formaal", text="Klarere, takk.")
    assert sent["place"] == ["punkt:formaal"]
    answer = client.post(NEW, sent)
    row = Comment.objects.latest("pk")
    assert answer["Location"] == f"{INPUT}{row.pk}/"
    assert (row.organisation, row.clause_key) == (actor(who).organisation, "formaal")
    assert row.visibility == ("internal" if who.endswith("editor") else "shared")
    assert "Klarere, takk." in pages.text(client.get(answer["Location"]))


def test_only_the_team_chooses_who_may_see_it(as_: As) -> None:
    director = as_("director")
    sent = opened(director, text="Hemmelig")
    assert "visibility" not in sent
    director.post(NEW, sent | {"visibility": ["internal"]})
    assert Comment.objects.latest("pk").visibility == "shared"


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("?tjeneste=temakurs", "tjeneste:temakurs"),
        ("?punkt=finnes-ikke", "helheten"),
        ("?tjeneste=%00", "helheten"),
        ("", "helheten"),
    ],
)
def test_the_address_chooses_what_it_is_about(editor: Client, query: str, place: str) -> None:
    assert opened(editor, NEW + query)["place"] == [place]


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("text", "", "Fyll inn innspill"),
        ("text", "x" * 5001, "høyst 5000 tegn"),
        ("text", "a\x00b", "ikke tillatt"),
        ("place", "punkt:finnes-ikke", "finnes ikke lenger"),
        ("visibility", "alle", "finnes ikke lenger"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    editor: Client, name: str, typed: str, message: str
) -> None:
    before = Comment.objects.count()
    answer = editor.post(NEW, opened(editor, text="Tekst") | {name: [typed]})
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    assert Comment.objects.count() == before


def test_the_same_form_sent_twice_makes_one(editor: Client) -> None:
    before = Comment.objects.count()
    for address, sent in (
        (NEW, opened(editor, text="En gang")),
        (SUGGEST, opened(editor, SUGGEST, text="Ny tekst.")),
    ):
        assert len({editor.post(address, sent)["Location"] for _ in range(3)}) == 1
    assert Comment.objects.count() == before + 2


def test_hostile_text_is_only_text(ringerike: Agreement, as_: As) -> None:
    row = a_comment(ringerike, text=HOSTILE)
    services.reply(actor("county"), row, HOSTILE)
    services.decline(actor("editor"), row, HOSTILE)
    proposed = a_suggestion(ringerike, text=HOSTILE)
    services.accept(actor("editor"), proposed, 1)
    for path in (
        "?status=alle",
        "spor/",
        f"{row.pk}/",
        f"{proposed.pk}/",
        "../tekst/punkt/taushetsplikt/historikk/",
        "../",
    ):
        answer = as_("editor").get(INPUT + path if path[0] != "." else BASE + path[3:])
        assert answer.status_code == 200, path
        assert b"<script>alert" not in answer.content, path
        assert b"<img src=x" not in answer.content, path
    words = pages.text(as_("editor").get(f"{INPUT}{row.pk}/"))
    assert words.count(HOSTILE) == 3


# --- finding -------------------------------------------------------------------------------------


def test_the_list_shows_what_is_open_and_on_asking_all(ringerike: Agreement, as_: As) -> None:
    a_comment(ringerike, text="Fra Hole", target=services.Target(service_key="temakurs"))
    client = as_("county")
    words = pages.text(client.get(INPUT))
    assert "Modum ønsker at avtalen" in words
    assert "Modum vil ha med alle" not in words
    assert "Tatt inn som utgave 2" in pages.text(client.get(INPUT + "?status=alle"))
    from_hole = pages.text(client.get(INPUT + "?fra=3310"))
    assert ("Fra Hole" in from_hole, "Modum ønsker at" in from_hole) == (True, False)
    about = pages.text(client.get(INPUT + "?gjelder=tjeneste:temakurs"))
    assert ("Fra Hole" in about, "Modum ønsker at" in about) == (True, False)
    assert f"{BASE}tjenester/#temakurs" in links(client, INPUT)
    assert "Innspill 2 åpne" in words


@pytest.mark.parametrize("name", ["status", "gjelder", "fra"])
def test_odd_filters_are_said_at_the_field(editor: Client, name: str) -> None:
    for value in ("x", "\x00", "9" * 5000):
        answer = editor.get(INPUT, {name: value})
        assert answer.status_code == 422
        assert set(pages.complaints(answer)) == {name}


def test_each_point_says_how_much_is_open_and_where_to_write(as_: As) -> None:
    for who, writes in (("editor", True), ("director", True), ("administrator", False)):
        found = links(as_(who), BASE + "tekst/")
        assert INPUT + "?gjelder=punkt:informasjon" in found
        assert INPUT + "?gjelder=punkt:nav-lokalt" not in found, "that one is taken in"
        assert (NEW + "?punkt=formaal" in found) == writes
        assert (INPUT + "forslag/formaal/" in found) == writes
        assert (NEW + "?tjeneste=temakurs" in links(as_(who), BASE + "tjenester/")) == writes


# --- answering -----------------------------------------------------------------------------------


def test_a_suggestion_shows_the_difference_and_is_taken_in_by_one_button(
    ringerike: Agreement, editor: Client
) -> None:
    row = a_suggestion(ringerike)
    address = f"{INPUT}{row.pk}/"
    read = pages.page(editor.get(address))
    added = " ".join(node.text for node in read.all("ins"))
    assert "Plikten gjelder også etter avtaletiden" in added
    assert not read.all("del")
    sent = pages.form(editor.get(address), "Ta inn forslaget")
    answers = [editor.post(address + "ta-inn/", sent) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {address}
    assert "Tatt inn som utgave 2" in pages.text(editor.get(address))
    assert ringerike.events.filter(action="input.accepted", data__pk=row.pk).count() == 1
    assert editor.get(address + "ta-inn/").status_code == 302


def test_a_conflict_shows_both_texts_and_is_merged_by_hand(
    ringerike: Agreement, editor: Client
) -> None:
    row = a_suggestion(ringerike, text="Forslaget sier dette.")
    address = f"{INPUT}{row.pk}/"
    stale = pages.form(editor.get(address), "Ta inn forslaget")
    edit(ringerike, text="Avtalen sier noe annet.")
    for sent in (stale, stale | {"revision": ["2"]}):
        answer = editor.post(address + "ta-inn/", sent)
        assert answer.status_code == 409
        words = pages.text(answer)
        assert "Avtalen sier noe annet." in words
        form = pages.form(answer, "Ta inn i avtalen")
        assert (form["text"], form["revision"]) == (["Forslaget sier dette."], ["2"])
    assert "Sett sammen og ta inn" in pages.text(editor.get(address))
    merged = pages.changed(form, text="Begge deler.")
    assert editor.post(address + "ta-inn/", merged)["Location"] == address
    assert ringerike.clauses.get(key="taushetsplikt").text == "Begge deler."


def test_a_merged_text_is_held_to_the_same_rules_as_an_edit(
    ringerike: Agreement, editor: Client
) -> None:
    address = f"{INPUT}{a_suggestion(ringerike).pk}/ta-inn/"
    sent = opened(editor, address, "Ta inn", text="Se {{ x }}.")
    answer = editor.post(address, sent)
    assert answer.status_code == 422
    assert "{{ x }} finnes ikke" in pages.complaints(answer)["text"]
    for revision in ("", "0", "x", "9" * 30):
        sent = opened(editor, address, "Ta inn") | {"revision": [revision]}
        assert editor.post(address, sent).status_code == 422


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "likt teksten i avtalen"),
        ({"text": "{{ x }}"}, "{{ x }} finnes ikke"),
        ({"text": "Ny", "why": "x" * 5001}, "høyst 5000 tegn"),
    ],
)
def test_a_suggestion_must_change_something_and_be_a_clause(
    as_: As, answers: dict[str, str], message: str
) -> None:
    director = as_("director")
    sent = opened(director, SUGGEST, **answers)
    answer = director.post(SUGGEST, sent)
    assert answer.status_code == 422
    assert message in " ".join(pages.complaints(answer).values())
    assert pages.form(answer, "Send forslag") == sent


def test_a_suggestion_to_a_clause_that_has_changed_is_stopped_once(
    ringerike: Agreement, as_: As
) -> None:
    director = as_("director")
    sent = opened(director, SUGGEST, text="Direktørens tekst.")
    edit(ringerike, text="Redaktørens tekst.")
    answer = director.post(SUGGEST, sent)
    assert answer.status_code == 409
    assert "Redaktørens tekst." in pages.text(answer)
    again = pages.form(answer, "Send forslaget likevel")
    assert again["text"] == ["Direktørens tekst."]
    assert director.post(SUGGEST, again).status_code == 302
    assert Comment.objects.latest("pk").suggestion.base_text == "Redaktørens tekst."


def test_declining_needs_a_reason_and_the_sender_sees_it(
    ringerike: Agreement, editor: Client, as_: As
) -> None:
    row = a_comment(ringerike)
    address = f"{INPUT}{row.pk}/"
    sent = pages.form(editor.get(address), "Avslå")
    answer = editor.post(address + "avslag/", sent)
    assert answer.status_code == 422
    assert pages.complaints(answer) == {"reason": "Fyll inn begrunnelse"}
    editor.post(address + "avslag/", pages.changed(sent, reason="Dekkes av punkt 4."))
    for page in (address, INPUT + "spor/", INPUT + "?status=alle"):
        assert "Dekkes av punkt 4." in pages.text(as_("director").get(page))
    late = editor.post(address + "avklar/", {"reason": ""})
    assert late.status_code == 409
    assert "Noen andre var før deg" in pages.text(late)


def test_an_empty_reply_is_refused_and_a_double_one_is_one(ringerike: Agreement, as_: As) -> None:
    row, county = wish(ringerike), as_("county")
    address = f"{INPUT}{row.pk}/"
    sent = pages.form(county.get(address), "Send svar")
    answer = county.post(address + "svar/", sent)
    assert answer.status_code == 422
    assert pages.complaints(answer) == {"text": "Skriv et svar"}
    before = row.replies.count()
    for _ in range(2):
        county.post(address + "svar/", pages.changed(sent, text="Enig."))
    assert row.replies.count() == before + 1


def test_the_author_withdraws_until_somebody_answers(ringerike: Agreement, as_: As) -> None:
    row, director = a_comment(ringerike), as_("director")
    address = f"{INPUT}{row.pk}/"
    pages.form(director.get(address), "Trekk innspillet")
    services.reply(actor("editor"), row, "Hvordan da?")
    assert director.post(address + "trekk/").status_code == 409
    assert "Trekk innspillet" not in pages.text(director.get(address))
    other = a_comment(ringerike)
    assert director.post(f"{INPUT}{other.pk}/trekk/").status_code == 302
    assert "Trukket" in pages.text(as_("editor").get(INPUT + "spor/"))


def test_a_reply_is_no_page_and_other_agreements_input_is_not_here(
    ringerike: Agreement, mosse: Agreement, as_: As
) -> None:
    answered = wish(ringerike).replies.get()
    assert as_("editor").get(f"{INPUT}{answered.pk}/").status_code == 404
    theirs = f"/avtaler/{mosse.slug}/innspill/{wish(ringerike).pk}/"
    assert as_("outsider").get(theirs).status_code == 404
    for pk in ("0", "9" * 19, "9" * 30, "9" * 5000):
        assert as_("editor").get(f"{INPUT}{pk}/").status_code == 404


# --- what is internal ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["director", "county", "administrator"])
def test_nobody_outside_the_team_sees_what_is_internal_on_any_page(
    ringerike: Agreement, as_: As, who: str
) -> None:
    """Every page that is read, with an internal comment, reply and outcome about what it shows."""
    client = as_(who)
    addresses = [
        reverse(row.name, args=row.args)
        for row in TABLE
        if row.method == "GET"
        and row.statuses == READ
        and row.state == "draft"
        # The record has a line without words for it, see test_record.py.
        and not row.name.startswith(("attachment", "record"))
        and row.args
        and not {"study", "first", "second", "third", "wish"} & set(row.args)
        and not row.name.endswith(("pdf", "xlsx"))  # the same facts, on paper
    ]
    addresses += ["/", "/avtaler/", INPUT + "?status=alle", f"{INPUT}{wish(ringerike).pk}/"]

    def read() -> dict[str, str]:
        answers = {address: client.get(address) for address in addresses}
        return {
            address: pages.text(answer) if b"<html" in answer.content else str(answer.content)
            for address, answer in answers.items()
        }

    before, changed = read(), ringerike.updated_at
    row = an_internal(ringerike)
    services.reply(actor("editor"), row, SECRET)
    services.decline(actor("editor"), row, SECRET)
    an_internal(ringerike)
    services.add_comment(
        actor("editor"), ringerike, services.Target(service_key="temakurs"), SECRET, "internal"
    )
    assert read() == before
    ringerike.refresh_from_db()
    assert ringerike.updated_at == changed, "the desk shows it, and sorts by it"
    assert len(addresses) > 15
    assert client.get(f"{INPUT}{row.pk}/").status_code == 404
    for path in ("svar/", "avklar/", "avslag/", "gjenapne/", "trekk/", "ta-inn/"):
        assert client.post(f"{INPUT}{row.pk}/{path}", {"text": "x"}).status_code in (403, 404)
    assert SECRET in pages.text(as_("editor").get(INPUT))
    assert SECRET not in str(list(AgreementEvent.objects.values_list("data")))


# --- queries -------------------------------------------------------------------------------------


def test_much_input_asks_as_little_as_some(ringerike: Agreement, editor: Client) -> None:
    row = a_suggestion(ringerike)
    services.reply(actor("county"), row, "Enig.")
    addresses = [INPUT, INPUT + "?status=alle", INPUT + "spor/", f"{INPUT}{row.pk}/"]
    addresses += [f"{INPUT}{row.pk}/ta-inn/", BASE + "tekst/", BASE + "tjenester/", BASE]
    before = {address: questions(editor, address) for address in addresses}
    assert {address: n for address, n in before.items() if n > 24} == {}
    for number in range(30):
        a_comment(ringerike, ("editor", "county", "director")[number % 3])
        services.reply(actor("county"), row, f"Svar {number}")
    assert {address: questions(editor, address) for address in addresses} == before
    assert "Side 1 av 2" in pages.text(editor.get(INPUT))

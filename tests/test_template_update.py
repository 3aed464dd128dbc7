"""A new version of the template offered to an agreement: told of, chosen from, carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agreements import editing, history, snapshot, template_editing
from agreements.domain.document import walk
from agreements.models import Agreement, AgreementTemplate
from tests import inputs, pages, template_desk
from tests.test_queries import questions

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
PAGE = BASE + "mal/"
ALREADY = "{{ kontraktskommune.navn }} legger fram regnskapet innen fire uker. Det sendes partene."


@pytest.fixture
def agreement(ringerike: Agreement) -> Agreement:
    """The agreement of Ringeriksregionen, as if it had been made from Buskerud's own template."""
    draft = template_desk.own_draft()
    template_desk.edit(draft, "tvister", text=ALREADY)
    ringerike.template = template_desk.publish(draft)
    ringerike.save(update_fields=["template"])
    ours(ringerike, "tvister", ALREADY)
    return ringerike


def ours(agreement: Agreement, key: str, text: str) -> None:
    """An editor changes a clause of the agreement."""
    row = agreement.clauses.select_related("agreement").get(key=key)
    editing.save_clause(inputs.actor("editor"), row, row.revision, row.heading, text)


def new_version(agreement: Agreement, **texts: str) -> AgreementTemplate:
    """The county publishes its next version, with these texts."""
    assert agreement.template is not None
    draft = template_desk.next_draft(agreement.template)
    for key, text in texts.items():
        template_desk.edit(draft, key, text=text)
    return template_desk.publish(draft, "Nye frister.")


def text(agreement: Agreement, key: str) -> str:
    return agreement.clauses.get(key=key).text


def actions(agreement: Agreement, after: int) -> list[str]:
    events = agreement.events.filter(pk__gt=after).order_by("pk")
    return list(events.values_list("action", flat=True))


def latest(agreement: Agreement) -> int:
    return agreement.events.latest("pk").pk


def test_the_overview_tells_how_the_points_stand_to_the_template(
    agreement: Agreement, as_: As
) -> None:
    editing.add_clause(inputs.actor("editor"), agreement, None, "Eget", "Vårt.")
    row = agreement.clauses.select_related("agreement").get(key="taushetsplikt")
    editing.delete_clause(inputs.actor("editor"), row, row.revision)
    ours(agreement, "tvister", "Annet.")
    said = pages.text(as_("director").get(BASE))
    # Modum's accepted suggestion has changed one point before.
    assert "2 endrede, 1 eget, 1 utelatt." in said
    page = pages.text(as_("director").get(f"{BASE}historikk/mal/1/"))
    assert "Eget punkt: 1" in page
    assert "Utelatt: 1" in page


def test_a_new_version_is_told_of_on_the_desk_and_the_overview_and_can_be_put_off(
    agreement: Agreement, as_: As
) -> None:
    editor = as_("editor")
    told = "Malen har kommet i versjon 2"
    assert told not in pages.text(editor.get("/"))
    assert "Ingenting nytt" in pages.text(editor.get(PAGE))
    new_version(agreement, varighet="Varer til den sies opp.")
    assert told in pages.text(editor.get("/"))
    overview = editor.get(BASE)
    assert told in pages.text(overview)
    assert [n["href"] for n in pages.page(overview).all("a") if n["href"] == PAGE]
    before = latest(agreement)
    assert editor.post(PAGE + "utsett/").status_code == 302
    assert editor.post(PAGE + "utsett/").status_code == 302
    assert actions(agreement, before) == ["template.postponed"]
    assert told not in pages.text(editor.get("/"))
    assert f"{told}, som er utsatt" in pages.text(editor.get(BASE))
    # It can be taken in all the same, and a newer one is told of.
    assert editor.get(PAGE).status_code == 200
    third = template_desk.next_draft(AgreementTemplate.objects.get(owner__key="33", version=2))
    template_desk.publish(third)
    assert "Malen har kommet i versjon 3" in pages.text(editor.get("/"))


def test_what_only_the_template_changed_is_taken_in_with_one_press(
    agreement: Agreement, as_: As
) -> None:
    new = new_version(agreement, varighet="Avtalen varer i tre år.")
    editor, before = as_("editor"), latest(agreement)
    untouched = {row.key: row.text for row in agreement.clauses.exclude(key="varighet")}
    page = editor.get(PAGE)
    sent = pages.form(page, "Utfør valgene")
    assert sent["punkt-edit-varighet-valg"] == ["take"]
    answer = editor.post(PAGE, sent)
    assert (answer.status_code, answer["Location"]) == (302, BASE)
    assert text(agreement, "varighet") == "Avtalen varer i tre år."
    assert {row.key: row.text for row in agreement.clauses.exclude(key="varighet")} == untouched
    agreement.refresh_from_db()
    assert agreement.template == new
    assert actions(agreement, before) == ["clause.edited", "template.merged"]
    event = agreement.events.latest("pk")
    assert event.data["choices"]["clauses"] == {"edit-varighet": "take"}
    # The point's own history has the wording from before.
    states = history.states(agreement, "varighet")
    assert [state.revision for state in states] == [2, 1]
    assert states[1].text != states[0].text
    assert "versjon 2 av malen" in pages.text(editor.get(BASE))
    # The same form once more does nothing.
    assert editor.post(PAGE, sent).status_code == 302
    assert actions(agreement, before) == ["clause.edited", "template.merged"]
    assert "Ingenting nytt" in pages.text(editor.get(PAGE))


def test_changes_by_both_apart_are_merged_and_a_conflict_must_be_chosen(
    agreement: Agreement, as_: As
) -> None:
    ours(agreement, "tvister", ALREADY.replace("fire", "seks"))
    ours(agreement, "varighet", text(agreement, "varighet") + " Den kan forlenges.")
    new_version(
        agreement,
        tvister=ALREADY.replace("fire", "åtte").replace("partene", "alle partene"),
        varighet="Slik er det: " + text(agreement, "varighet").removesuffix(" Den kan forlenges."),
    )
    editor = as_("editor")
    page = editor.get(PAGE)
    said = pages.text(page)
    assert "Ett sted er malen og avtalen i strid" in said
    assert "Endringen i malen" in said
    assert "Endringen i avtalen" in said
    sent = pages.form(page, "Utfør valgene")
    assert "punkt-edit-tvister-valg" not in sent
    before = latest(agreement)
    refused = editor.post(PAGE, pages.changed(sent, **{"punkt-edit-varighet-valg": "keep"}))
    assert refused.status_code == 422
    assert pages.complaints(refused).keys() == {"punkt-edit-tvister-valg"}
    again = pages.form(refused, "Utfør valgene")
    assert again["punkt-edit-varighet-valg"] == ["keep"]
    assert actions(agreement, before) == []
    chosen = {"punkt-edit-tvister-valg": "take", "punkt-edit-varighet-valg": "take"}
    assert editor.post(PAGE, pages.changed(again, **chosen)).status_code == 302
    assert "åtte" in text(agreement, "tvister")
    assert "alle partene" in text(agreement, "tvister")
    merged = text(agreement, "varighet")
    assert merged.startswith("Slik er det: ")
    assert merged.endswith(" Den kan forlenges.")


def test_a_conflict_can_be_written_out_by_hand_under_the_rules_of_an_edit(
    agreement: Agreement, as_: As
) -> None:
    ours(agreement, "tvister", ALREADY.replace("fire", "seks"))
    new_version(agreement, tvister=ALREADY.replace("fire", "åtte"))
    editor = as_("editor")
    sent = pages.form(editor.get(PAGE), "Utfør valgene")
    name = "punkt-edit-tvister-"
    answers = {
        name + "valg": "write",
        name + "tekst": "{{ tull }}",
        name + "overskrift": "Uenighet",
    }
    refused = editor.post(PAGE, pages.changed(sent, **answers))
    assert refused.status_code == 422
    assert pages.complaints(refused).keys() == {name + "tekst"}
    again = pages.form(refused, "Utfør valgene")
    done = editor.post(PAGE, pages.changed(again, **{name + "tekst": "Sju uker."}))
    assert done.status_code == 302
    row = agreement.clauses.get(key="tvister")
    assert (row.heading, row.text) == ("Uenighet", "Sju uker.")


def test_new_removed_and_moved_points_and_services(agreement: Agreement, as_: As) -> None:
    assert agreement.template is not None
    who, draft = template_desk.actor(), template_desk.next_draft(agreement.template)
    made = template_editing.add_clause(who, draft, "okonomi", "Gebyr", "Ingen gebyr.", "Fylket")
    gone = draft.clauses.select_related("template").get(key="merverdiavgift")
    template_editing.delete_clause(who, gone, gone.revision)
    top = draft.clauses.select_related("template").filter(parent_key="")
    moved = top[1]
    template_editing.move_clause(who, moved, -1)
    line = draft.services.select_related("template").filter(level="minimum")[0]
    template_editing.save_service(who, line, line.revision, "minimum", "Noe helt annet")
    added = template_editing.add_service(who, draft, "minimum", "Mentor for alle")
    template_editing.add_service(who, draft, "additional", "Bare et forslag")
    template_desk.publish(draft)
    editor, before = as_("editor"), latest(agreement)
    assert editor.post(PAGE, pages.form(editor.get(PAGE), "Utfør valgene")).status_code == 302
    document = snapshot.build(Agreement.objects.get(pk=agreement.pk))
    keys = [clause.key for clause in walk(document.clauses)]
    assert "merverdiavgift" not in keys
    assert agreement.clauses.get(key=made.key).parent.key == "okonomi"
    assert document.clauses[0].key == moved.key
    services = {service.key: service.text for service in document.services}
    assert (services[line.key], services[added.key]) == ("Noe helt annet", "Mentor for alle")
    assert "Bare et forslag" not in services.values()
    assert sorted(actions(agreement, before)) == sorted(
        [
            *("clause.added", "clause.deleted", "service.added", "service.edited"),
            "template.merged",
        ]
    )
    # What was taken out can be brought back, as anything that was deleted.
    assert "merverdiavgift" in {row.key for row in history.deleted(agreement, keys)}


def test_what_we_left_out_comes_back_only_when_asked_for(agreement: Agreement, as_: As) -> None:
    row = agreement.clauses.select_related("agreement").get(key="taushetsplikt")
    editing.delete_clause(inputs.actor("editor"), row, row.revision)
    new_version(agreement, taushetsplikt="Ny tekst om taushetsplikt.")
    editor = as_("editor")
    sent = pages.form(editor.get(PAGE), "Utfør valgene")
    assert sent["punkt-restore-taushetsplikt-valg"] == ["keep"]
    editor.post(PAGE, pages.changed(sent, **{"punkt-restore-taushetsplikt-valg": "take"}))
    assert text(agreement, "taushetsplikt") == "Ny tekst om taushetsplikt."
    restored = history.states(agreement, "taushetsplikt")
    assert [state.action for state in restored][:2] == ["clause.restored", "clause.deleted"]


def test_somebody_edits_meanwhile_and_the_choices_are_kept(agreement: Agreement, as_: As) -> None:
    new_version(agreement, varighet="Ny varighet.", tvister="Ny måte.")
    editor = as_("editor")
    sent = pages.form(editor.get(PAGE), "Utfør valgene")
    ours(agreement, "formaal", "Et annet formål.")
    before = latest(agreement)
    chosen = pages.changed(sent, **{"punkt-edit-varighet-valg": "keep"})
    answer = editor.post(PAGE, chosen)
    assert answer.status_code == 409
    assert "Ingenting er lagret" in pages.text(answer)
    assert actions(agreement, before) == []
    again = pages.form(answer, "Utfør valgene")
    assert again["punkt-edit-varighet-valg"] == ["keep"]
    assert again["punkt-edit-tvister-valg"] == ["take"]
    assert editor.post(PAGE, again).status_code == 302
    assert (text(agreement, "tvister"), text(agreement, "formaal")) == (
        "Ny måte.",
        "Et annet formål.",
    )
    assert text(agreement, "varighet") != "Ny varighet."


def test_an_agreement_that_has_it_all_goes_over_without_a_question(
    agreement: Agreement, as_: As
) -> None:
    new = new_version(agreement, tvister="Det samme.")
    ours(agreement, "tvister", "Det samme.")
    editor, before = as_("editor"), latest(agreement)
    page = editor.get(PAGE)
    assert "Avtalen har alt fra før" in pages.text(page)
    editor.post(PAGE, pages.form(page, "Gå over til versjon 2"))
    agreement.refresh_from_db()
    assert (agreement.template, actions(agreement, before)) == (new, ["template.merged"])


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"fingerprint": "x" * 5000},
        {"fingerprint": "\x00"},
        {"punkt-edit-varighet-valg": ["take", "\x00"], "fingerprint": "riktig"},
        {"punkt-edit-varighet-valg": "write", "fingerprint": "riktig"},
        {"punkt-edit-varighet-valg": "finnes-ikke", "fingerprint": "riktig"},
    ],
)
def test_odd_forms_are_refused_and_store_nothing(
    agreement: Agreement, as_: As, sent: dict[str, Any]
) -> None:
    new_version(agreement, varighet="Ny varighet.")
    editor, before = as_("editor"), latest(agreement)
    right = pages.form(editor.get(PAGE), "Utfør valgene")["fingerprint"]
    data = {name: right if value == "riktig" else value for name, value in sent.items()}
    assert editor.post(PAGE, data).status_code in (409, 422)
    assert actions(agreement, before) == []


def test_the_page_asks_as_little_of_a_long_text_as_of_a_short_one(
    agreement: Agreement, as_: As
) -> None:
    new_version(agreement, varighet="Ny varighet.")
    editor = as_("editor")
    before = questions(editor, PAGE)
    for number in range(30):
        editing.add_clause(inputs.actor("editor"), agreement, None, f"Eget {number}", "Tekst.")
    assert agreement.template is not None
    draft = template_desk.next_draft(agreement.template)
    for number in range(30):
        template_editing.add_clause(
            template_desk.actor(), draft, "", f"Nytt {number}", "Tekst.", "Fylket"
        )
    template_desk.publish(draft)
    assert questions(editor, PAGE) == before
    assert before <= 27

"""The page with the findings: mended by a button, let stand with a reason, and nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements.models import CLAUSE_TEXT_LIMIT, Acknowledgement, Agreement
from tests import pages
from tests.desk import BASE, As

PAGE = BASE + "kontroll/"
MEND, LET = PAGE + "rett/", PAGE + "vurder/"
HTMX = {"HX-Request": "true"}
TEXT = "Rapporten sendes Viken fylkeskommune og NAV."


class Control:
    """The findings of a draft with two that can be mended, and an editor in front of them."""

    def __init__(self, agreement: Agreement, client: Client) -> None:
        self.agreement, self.client = agreement, client
        self.write(TEXT)

    def write(self, text: str) -> None:
        self.agreement.clauses.filter(key="formaal").update(text=text)

    def text(self) -> str:
        return str(self.agreement.clauses.get(key="formaal").text)

    def mend(self, found: str) -> pages.Sent:
        return pages.form(self.client.get(PAGE), f"Rett «{found}»", "rett/")

    def let(self, reason: str, **changes: Any) -> pages.Sent:
        """The form of the first finding that may stand: «NAV»."""
        form = pages.form(self.client.get(PAGE), "Marker som vurdert", "vurder/")
        return pages.changed(form, reason=reason, **changes)

    def actions(self) -> list[str]:
        rows = self.agreement.events.exclude(action__startswith="input.").order_by("pk")
        return [row.action for row in rows if row.action != "agreement.created"]


@pytest.fixture
def control(ringerike: Agreement, as_: As) -> Control:
    return Control(ringerike, as_("editor"))


def headings(answer: Any) -> list[str]:
    return [node.text for node in pages.page(answer).all("h3")]


# --- mending -------------------------------------------------------------------------------------


def test_a_button_mends_and_says_what_it_did(control: Control) -> None:
    before = control.actions()
    answer = control.client.post(MEND, control.mend("Viken fylkeskommune"), follow=True)
    said = "Rettet i punkt 2: «Viken fylkeskommune» er byttet med «Buskerud fylkeskommune»."
    assert said in pages.text(answer)
    assert control.text() == "Rapporten sendes {{ fylkeskommune.navn }} og NAV."
    assert headings(answer) == ["Bør vurderes (2)"]
    assert control.actions() == [*before, "clause.edited"]
    event = control.agreement.events.latest("pk")
    assert (event.data["mended"], event.data["key"]) == ("retired_body", "formaal")
    assert control.agreement.clauses.get(key="formaal").revision == 2


def test_htmx_gets_the_list_without_the_finding(control: Control) -> None:
    answer = control.client.post(MEND, control.mend("NAV"), headers=HTMX)
    assert answer.status_code == 200
    read = pages.page(answer)
    assert read.nodes[0]["id"] == "funn"
    assert not read.all("html")
    assert (
        "«NAV» er byttet med «Nav»" in read.one("div", hx_swap_oob="innerHTML:#funn_melding").text
    )
    assert headings(answer) == ["Må rettes (1)", "Bør vurderes (1)"]


def test_a_number_becomes_the_fact(control: Control) -> None:
    control.write("Regionen har 46 790 innbyggere.")
    control.client.post(MEND, control.mend("46 790"))
    assert control.text() == "Regionen har {{ okonomi.innbyggere }} innbyggere."
    assert headings(control.client.get(PAGE)) == ["Bør vurderes (1)"]


def test_a_mend_of_a_point_that_was_changed_meanwhile_is_stopped(control: Control) -> None:
    sent = control.mend("NAV")
    other = "Noe nytt. " + TEXT
    control.agreement.clauses.filter(key="formaal").update(text=other, revision=2)
    for headers in ({}, HTMX):
        answer = control.client.post(MEND, sent, headers=headers)
        assert answer.status_code == 409
        assert "Noen har endret punktet" in answer.content.decode()
    assert control.text() == other
    answer = control.client.post(MEND, control.mend("NAV"))
    assert answer.status_code == 302


def test_a_finding_that_is_gone_is_told_of(control: Control) -> None:
    sent = control.mend("NAV")
    assert control.client.post(MEND, sent).status_code == 302
    for data in (sent, {}, {"finding": "x" * 9000, "revision": "9" * 99}, {"finding": "\x00"}):
        answer = control.client.post(MEND, data)
        assert answer.status_code == 409
        assert "Funnet er borte" in pages.text(answer)
    assert control.agreement.clauses.get(key="formaal").revision == 2


def test_a_mend_that_makes_the_text_too_long_is_left_to_the_person(control: Control) -> None:
    tail = " Viken fylkeskommune."
    control.write("a" * (CLAUSE_TEXT_LIMIT - len(tail)) + tail)
    answer = control.client.post(MEND, control.mend("Viken fylkeskommune"))
    assert answer.status_code == 409
    assert "lar seg ikke skrive inn av seg selv" in pages.text(answer)
    assert control.text().endswith(tail)


# --- letting stand ---------------------------------------------------------------------------------


def test_a_warning_is_let_stand_shown_with_its_reason_and_taken_back(
    control: Control, as_: As
) -> None:
    answer = control.client.post(LET, control.let("Slik sier vi\ndet her."), follow=True)
    assert "Funnet er vurdert." in pages.text(answer)
    assert headings(answer) == ["Må rettes (1)", "Bør vurderes (1)"]
    for who in ("editor", "director"):
        read = pages.page(as_(who).get(PAGE))
        folded = read.one("details", id="funn_vurdert").text
        for words in ("Vurdert (1)", "«NAV» skrives «Nav»", "«Slik sier vi", "Rita Redaktør"):
            assert words in folded
    made = Acknowledgement.objects.get()
    answer = control.client.post(f"{PAGE}vurdert/{made.pk}/tilbake/", follow=True)
    assert "Vurderingen er tatt tilbake." in pages.text(answer)
    assert headings(answer) == ["Må rettes (1)", "Bør vurderes (2)"]
    words = pages.text(control.client.get(BASE))
    assert "Et funn fikk stå med en begrunnelse: «Formål»: «NAV» skrives «Nav»" in words
    assert "En begrunnelse for et funn ble tatt tilbake: «Formål»" in words


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "Fyll inn begrunnelse"),
        (" \n ", "Fyll inn begrunnelse"),
        ("x" * 1001, "høyst 1000 tegn"),
        ("a\x00b", "ikke tillatt"),
    ],
)
def test_without_a_reason_the_form_comes_back_unfolded(
    control: Control, reason: str, message: str
) -> None:
    sent = control.let(reason)
    for headers in ({}, HTMX):
        answer = control.client.post(LET, sent, headers=headers)
        assert answer.status_code == 422
        assert message in pages.complaints(answer)["reason"]
        assert [n for n in pages.page(answer).all("details", class_="findings__let") if "open" in n]
    assert not Acknowledgement.objects.exists()


def test_a_reason_that_cannot_be_stored_is_shown_again(control: Control, as_: As) -> None:
    sent = control.let("Min lange begrunnelse.")
    control.client.post(MEND, control.mend("NAV"))
    answer = control.client.post(LET, sent)
    assert answer.status_code == 409
    assert "Min lange begrunnelse." in pages.text(answer)
    control.write(TEXT)
    as_("other_editor").post(LET, control.let("En annen grunn."))
    answer = control.client.post(LET, sent, headers=HTMX)
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Magnus Modum har alt vurdert funnet" in words
    assert "Min lange begrunnelse." in words
    assert [row.reason for row in Acknowledgement.objects.all()] == ["En annen grunn."]


def test_an_error_has_no_form_and_cannot_be_let_stand(control: Control) -> None:
    error = control.mend("Viken fylkeskommune")["finding"]
    answer = control.client.post(LET, {"finding": error, "reason": "Det går bra."})
    assert answer.status_code == 409
    assert not Acknowledgement.objects.exists()
    read = pages.page(control.client.get(PAGE))
    item = read.one("li", id=f"funn_{error[0]}")
    assert [n.text for n in read.all("summary") if any(p is item for p in n.parents)] == []


def test_a_reader_sees_the_findings_and_no_buttons(control: Control, as_: As) -> None:
    read = pages.page(as_("director").get(PAGE))
    assert "«NAV» skrives «Nav»" in read.one("main").text
    assert "Bytt «NAV» med «Nav»." in read.one("main").text
    main = read.one("main")
    inside = [node.name for node in read.nodes if any(parent is main for parent in node.parents)]
    assert "form" not in inside

"""Points of the text: written, moved, deleted, and refused where they name what does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements.models import CLAUSE_TEXT_LIMIT, Agreement, AgreementEvent, Clause
from tests import pages
from tests.desk import BASE, As

TEXT, NEW = BASE + "tekst/", BASE + "tekst/nytt-punkt/"


class Drafting:
    """The text's pages, with an editor in front of them."""

    def __init__(self, agreement: Agreement, client: Client) -> None:
        self.agreement, self.client = agreement, client
        self.before = AgreementEvent.objects.latest("pk").pk

    def address(self, key: str = "formaal", more: str = "") -> str:
        return f"{TEXT}punkt/{key}/{more}"

    def opened(self, key: str = "formaal", **answers: Any) -> pages.Sent:
        page = self.client.get(self.address(key))
        return pages.changed(pages.form(page, "Lagre"), **answers)

    def save(self, key: str = "formaal", **answers: Any) -> Any:
        return self.client.post(self.address(key), self.opened(key, **answers))

    def new(self, **answers: Any) -> pages.Sent:
        return pages.changed(pages.form(self.client.get(NEW), "Legg til"), **answers)

    def clause(self, key: str = "formaal") -> Clause:
        return self.agreement.clauses.get(key=key)

    def words(self) -> str:
        return pages.text(self.client.get(TEXT))

    def numbers(self) -> list[str]:
        read = pages.page(self.client.get(TEXT))
        return [
            node.text
            for node in read.all("h2")
            if node["id"].startswith("h_") and node["id"] != "h_vedlegg"
        ]

    def actions(self) -> list[str]:
        """What has been done since the test began."""
        rows = self.agreement.events.filter(pk__gt=self.before).order_by("pk")
        return [row.action for row in rows if row.action.startswith("clause.")]


@pytest.fixture
def draft(ringerike: Agreement, as_: As) -> Drafting:
    return Drafting(ringerike, as_("editor"))


# --- editing -------------------------------------------------------------------------------------


def test_a_point_is_stored_as_typed_and_shown_as_it_will_be_printed(draft: Drafting) -> None:
    text = "Se [[punkt:varighet]] for {{ avtale.periode }}.\n\n- **ett**\n- to\n\n1. først\n2. så"
    answer = draft.save(heading="Hvorfor", text=text.replace("\n", "\r\n"))
    assert (answer.status_code, answer["Location"]) == (302, f"{TEXT}#formaal")
    row = draft.clause()
    assert (row.heading, row.text, row.revision) == ("Hvorfor", text, 2)
    read = pages.page(draft.client.get(TEXT))
    section = read.one("section", id="formaal")
    assert "for 2026–2028." in section.text
    number = read.one("h2", id="h_varighet").text.split(" ")[0]
    assert f"Se punkt {number} for" in section.text
    inside = [node.name for node in read.nodes if any(p is section for p in node.parents)]
    assert {"ul", "ol", "strong"} <= set(inside)
    event = AgreementEvent.objects.latest("pk")
    assert event.data["heading"] == ["Formål", "Hvorfor"]
    assert event.data["text"][1] == text


def test_markup_of_other_kinds_is_only_text(draft: Drafting) -> None:
    evil = "<script>alert(1)</script> {% debug %} [lenke](javascript:x) <img src=x onerror=y>"
    draft.save(text=evil, heading="<i>Hva</i>")
    answer = draft.client.get(TEXT)
    assert evil in pages.text(answer)
    assert b"<script>alert" not in answer.content
    assert b"<i>Hva" not in answer.content


WRONG = [
    ("text", "Etter {{ avtale.lengde }}.", "{{ avtale.lengde }} finnes ikke"),
    ("text", "{{tabell.alt}}", "{{ tabell.alt }} finnes ikke"),
    ("text", "Se [[punkt:finnes-ikke]].", "[[punkt:finnes-ikke]] viser til et punkt som ikke"),
    ("text", "- a\n  - b {{ x }}", "{{ x }} finnes ikke"),
    ("text", "x" * (CLAUSE_TEXT_LIMIT + 1), "høyst 50000 tegn"),
    ("text", "a\x00b", "ikke tillatt"),
    ("heading", "", "Fyll inn overskrift"),
    ("heading", "\u200b \x07", "Fyll inn overskrift"),
    ("heading", "x" * 200, "høyst 160 tegn"),
    ("heading", "Om {{ avtale.lengde }}", "{{ avtale.lengde }} finnes ikke"),
    ("heading", "Se [[punkt:finnes-ikke]]", "ikke finnes"),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
def test_what_is_wrong_is_said_at_the_field_and_kept(
    draft: Drafting, name: str, typed: str, message: str
) -> None:
    """Both where a point is edited and where one is made."""
    before = draft.clause().text
    for address, opened, button in (
        (draft.address(), draft.opened(), "Lagre"),
        (NEW, draft.new(heading="Nytt", text="Tekst"), "Legg til"),
    ):
        sent = opened | {name: [typed]}
        answer = draft.client.post(address, sent)
        assert answer.status_code == 422
        assert message in pages.complaints(answer)[name]
        again = pages.form(answer, button)
        again |= {"draft": [""]} if "draft" in sent else {}  # it has been kept, whatever is wrong
        assert again == sent
    assert draft.actions() == []
    assert draft.clause().text == before


def test_everything_unknown_is_named_at_once(draft: Drafting) -> None:
    answer = draft.save(text="{{ a.b }} {{ c.d }} {{ a.b }} [[punkt:e]]", heading="")
    words = pages.text(answer)
    for name in ("{{ a.b }}", "{{ c.d }}", "[[punkt:e]]", "Fyll inn overskrift"):
        assert name in words


def test_a_point_may_refer_to_itself_and_hold_every_fact_there_is(draft: Drafting) -> None:
    page = pages.page(draft.client.get(draft.address()))
    names = [node.text for node in page.all("code") if node.text.startswith("{{")]
    assert len(names) > 25
    answer = draft.save(text="\n\n".join([*names, "[[punkt:formaal]]"]))
    assert answer.status_code == 302


def test_the_insertable_facts_show_what_they_say_now(draft: Drafting) -> None:
    words = pages.text(draft.client.get(draft.address()))
    for word in ("{{ okonomi.kommunesats }}14,50", "[[punkt:varighet]]", "Ringerike kommune"):
        assert word in words


def test_a_fact_without_a_value_is_never_blank(draft: Drafting) -> None:
    draft.agreement.parties.filter(organisation__key="nav-vest-viken").delete()
    draft.save(text="Med {{ nav.navn }} på laget.")
    assert "Med [mangler: nav.navn] på laget." in draft.words()
    links = pages.page(draft.client.get(BASE + "kontroll/")).all("a", href=draft.address())
    assert len(links) == 1


# --- adding --------------------------------------------------------------------------------------


def test_a_new_point_comes_last_under_its_parent_and_gets_the_next_number(
    draft: Drafting,
) -> None:
    parent = draft.clause("okonomi")
    sent = draft.new(heading="Årlig møte", text="Partene møtes.", parent=str(parent.pk))
    answer = draft.client.post(NEW, sent)
    assert answer["Location"] == f"{TEXT}#arlig-mote"
    made = draft.clause("arlig-mote")
    assert (made.parent, made.source) == (parent, "Eget punkt")
    siblings = list(parent.children.order_by("position"))
    assert siblings[-1] == made
    draft.client.post(NEW, draft.new(heading="Årlig møte"))
    assert draft.clause("arlig-mote-2").parent is None
    assert draft.numbers()[-1].endswith("Årlig møte")


def test_the_same_new_point_sent_twice_is_one(draft: Drafting) -> None:
    sent = draft.new(heading="Møter")
    places = {draft.client.post(NEW, sent)["Location"] for _ in range(3)}
    assert len(places) == 1
    assert draft.actions() == ["clause.added"]


@pytest.mark.parametrize("heading", ["???", "Δοκιμή", "–", "x" * 160, "Æ Ø Å", "  a  "])
def test_any_heading_gets_a_key(draft: Drafting, heading: str) -> None:
    for _ in range(2):
        answer = draft.client.post(NEW, draft.new(heading=heading))
        assert answer.status_code == 302
    keys = [row.key for row in draft.agreement.clauses.filter(heading=heading.strip())]
    assert len(set(keys)) == 2
    for key in keys:
        assert draft.client.get(draft.address(key)).status_code == 200


def test_points_lie_four_deep_at_most(draft: Drafting) -> None:
    parent: Clause | None = None
    for level in range(4):
        sent = draft.new(heading=f"Nivå {level}", parent=str(parent.pk) if parent else "")
        assert draft.client.post(NEW, sent).status_code == 302
        parent = draft.clause(f"niva-{level}")
    assert parent is not None
    sent = draft.new(heading="For dypt", parent=str(parent.pk))
    answer = draft.client.post(NEW, sent)
    assert answer.status_code == 422
    assert "parent" in pages.complaints(answer)


def test_another_agreements_point_is_no_parent(draft: Drafting, mosse: Agreement) -> None:
    other = mosse.clauses.first()
    answer = draft.client.post(NEW, draft.new(heading="Nytt", parent=str(other.pk)))
    assert answer.status_code == 422
    assert draft.client.get(draft.address("finnes-ikke")).status_code == 404


# --- moving and deleting -------------------------------------------------------------------------


def test_moving_changes_the_numbers_and_the_references_follow(draft: Drafting) -> None:
    draft.save(text="Se [[punkt:varighet]].")
    first, second = draft.numbers()[:2]
    key = draft.agreement.clauses.filter(parent=None).order_by("position")[1].key
    answer = draft.client.post(draft.address(key, "flytt/opp/"))
    assert answer["Location"] == f"{TEXT}#{key}"
    moved = draft.numbers()
    assert moved[:2] == [f"1 {second.split(' ', 1)[1]}", f"2 {first.split(' ', 1)[1]}"]
    number = next(n for n in moved if "arighet" in n).split(" ")[0]
    assert f"Se punkt {number}." in draft.words()
    assert draft.actions() == ["clause.edited", "clause.moved"]


def test_moving_past_the_end_changes_nothing(draft: Drafting) -> None:
    rows = list(draft.agreement.clauses.filter(parent=None).order_by("position"))
    for key, step in ((rows[0].key, "opp"), (rows[-1].key, "ned")):
        answer = draft.client.post(draft.address(key, f"flytt/{step}/"))
        assert answer.status_code == 409
        assert "kan ikke flyttes lenger den veien" in pages.text(answer)
    assert draft.actions() == []
    assert draft.client.post(draft.address(more="flytt/bort/")).status_code == 404


def test_up_and_down_again_is_where_it_was(draft: Drafting) -> None:
    before = draft.numbers()
    draft.client.post(draft.address(more="flytt/ned/"))
    assert draft.numbers() != before
    draft.client.post(draft.address(more="flytt/opp/"))
    assert draft.numbers() == before


def test_deleting_takes_what_lies_under_and_keeps_it_on_record(draft: Drafting) -> None:
    under = [c.heading for c in draft.clause("okonomi").children.all()]
    assert under
    page = draft.client.get(draft.address("okonomi", "slett/"))
    assert draft.actions() == []
    answer = draft.client.post(
        draft.address("okonomi", "slett/"), pages.form(page, "Slett"), follow=True
    )
    assert answer.status_code == 200
    assert not draft.agreement.clauses.filter(heading__in=under).exists()
    event = AgreementEvent.objects.latest("pk")
    assert [c["heading"] for c in event.data["clauses"]][1:] == under
    assert event.data["clauses"][1]["text"]
    findings = draft.client.get(BASE + "kontroll/")
    assert "okonomi" in findings.content.decode() or "henvis" in pages.text(findings).lower()


def test_an_agreement_without_points_can_be_started_again(draft: Drafting) -> None:
    for row in draft.agreement.clauses.filter(parent=None):
        draft.client.post(draft.address(row.key, "slett/"), {"revision": row.revision})
    assert "ingen punkter ennå" in draft.words()
    assert draft.client.get(BASE + "dokumenter/").status_code == 200
    assert draft.client.post(NEW, draft.new(heading="Parter")).status_code == 302
    assert draft.numbers() == ["1 Parter"]


def test_a_heading_with_a_fact_is_shown_as_printed_everywhere(draft: Drafting) -> None:
    """Whoever edits sees the name, in the title, the lists and what is said afterwards."""
    for path in ("", "slett/"):
        page = pages.page(draft.client.get(draft.address("innovasjon-norge", path)))
        assert "{{" not in page.one("title").text
        assert not [node.text for node in page.all("h2") if "{{" in node.text]
        assert "{{" not in page.one("nav", class_="ds-breadcrumbs").text
    offered = pages.page(draft.client.get(NEW))
    labels = [option.text for option in offered.all("option")]
    assert "5.3 Innovasjon Norge" in labels
    assert labels.index("5.3 Innovasjon Norge") < labels.index("6 Økonomisk ramme")
    draft.save("innovasjon-norge", text="Alt er sagt.")
    assert "«Innovasjon Norge» er lagret." in draft.words()
    assert "Punktet «Innovasjon Norge» ble endret" in pages.text(draft.client.get(BASE))

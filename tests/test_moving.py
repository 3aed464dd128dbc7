"""Points moved by buttons, keys and dragging: to any legal place, and never into a broken tree."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import snapshot
from agreements.domain import numbering
from agreements.models import Agreement
from tests import pages
from tests.desk import BASE, As

TEXT = BASE + "tekst/"
HTMX = {"HX-Request": "true"}
NASTY = ("\x00", "x" * 5000, "'", "-1", "æ", "formaal ")


class Structure:
    """The tree of the draft, and an editor who moves its points."""

    def __init__(self, agreement: Agreement, client: Client) -> None:
        self.agreement, self.client = agreement, client

    def step(self, key: str, step: str, **options: Any) -> Any:
        return self.client.post(f"{TEXT}punkt/{key}/flytt/{step}/", **options)

    def place(self, key: str, under: str = "", foran: str = "", **options: Any) -> Any:
        data = {"under": under, "foran": foran}
        return self.client.post(f"{TEXT}punkt/{key}/plasser/", data, **options)

    def numbers(self) -> dict[str, str]:
        return numbering.numbers(snapshot.build(self.agreement).clauses)

    def moves(self) -> list[dict[str, Any]]:
        return [row.data for row in self.agreement.events.filter(action="clause.moved")]


@pytest.fixture
def tree(ringerike: Agreement, as_: As) -> Structure:
    return Structure(ringerike, as_("editor"))


def test_in_and_out_change_the_level_and_out_again_is_where_it_was(tree: Structure) -> None:
    before = tree.numbers()
    assert (before["parter"], before["formaal"]) == ("1", "2")
    answer = tree.step("formaal", "inn", follow=True)
    under = tree.numbers()["formaal"]
    assert under.startswith("1.")
    assert f"Punkt 2 er nå {under}." in pages.text(answer)
    assert tree.agreement.clauses.get(key="formaal").parent.key == "parter"
    tree.step("formaal", "ut")
    assert tree.numbers() == before
    assert [(move["from"], move["to"]) for move in tree.moves()] == [("2", under), (under, "2")]
    words = pages.text(tree.client.get(BASE))
    assert f"Punktet «Formål» ble flyttet fra {under} til 2" in words


def test_references_and_what_lies_under_follow_a_dropped_point(tree: Structure) -> None:
    child = tree.agreement.clauses.filter(parent__key="okonomi").first()
    tree.agreement.clauses.filter(key="formaal").update(text="Se [[punkt:okonomi]].")
    answer = tree.place("okonomi", foran="parter")
    assert answer["Location"] == f"{TEXT}#okonomi"
    numbers = tree.numbers()
    assert numbers["okonomi"] == "1"
    assert numbers[child.key].startswith("1.")
    assert "Se punkt 1." in pages.text(tree.client.get(TEXT))


def test_htmx_gets_the_contents_the_text_and_what_is_said(tree: Structure) -> None:
    answer = tree.place("varighet", under="okonomi", headers=HTMX)
    assert answer.status_code == 200
    read = pages.page(answer)
    number = tree.numbers()["varighet"]
    assert read.one("div", hx_swap_oob="innerHTML:#flytting_melding").text == (
        f"Punkt 3 er nå {number}."
    )
    assert read.one("article", id="tekst_avtale")["hx-swap-oob"] == "true"
    row = read.one("li", data_key="varighet")
    assert any(parent.get("data-key") == "okonomi" for parent in row.parents)
    assert not read.all("html")


def test_a_point_dropped_where_it_stands_writes_nothing(tree: Structure) -> None:
    before = list(tree.agreement.clauses.values_list())
    for foran in ("formaal", "varighet"):
        answer = tree.place("formaal", foran=foran, headers=HTMX)
        assert "Punkt 2 står der det sto." in answer.content.decode()
    assert tree.moves() == []
    assert list(tree.agreement.clauses.values_list()) == before


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_tree_that_has_changed_meanwhile_is_shown_with_a_message(
    tree: Structure, headers: dict[str, str]
) -> None:
    before = tree.numbers()
    cases = [
        (tree.step("finnes-ikke", "opp", headers=headers), "Punktet er slettet"),
        (tree.place("finnes-ikke", headers=headers), "Punktet er slettet"),
        (tree.place("formaal", under="finnes-ikke", headers=headers), "flytte til, er slettet"),
        (tree.place("formaal", foran="finnes-ikke", headers=headers), "har flyttet på punktene"),
        (tree.place("formaal", "okonomi", "parter", headers=headers), "har flyttet på punktene"),
        (tree.place("okonomi", under="okonomi", headers=headers), "under seg selv"),
        (tree.step("parter", "opp", headers=headers), "ikke flyttes lenger"),
    ]
    for answer, words in cases:
        assert answer.status_code == 409
        assert words in answer.content.decode()
    assert tree.numbers() == before
    assert tree.moves() == []


def test_nothing_that_is_sent_as_a_place_is_an_error(tree: Structure) -> None:
    for word in NASTY:
        assert tree.place("formaal", under=word).status_code == 409
        assert tree.place("formaal", foran=word).status_code == 409
    assert tree.client.post(f"{TEXT}punkt/formaal/plasser/").status_code == 302
    assert tree.client.get(f"{TEXT}punkt/formaal/plasser/").status_code == 405


def test_another_agreements_point_is_no_place(tree: Structure, mosse: Agreement) -> None:
    mosse.clauses.create(key="bare-her", heading="Bare i Mosseregionen")
    assert tree.place("formaal", under="bare-her").status_code == 409


def test_only_the_arrows_that_lead_somewhere_are_shown(tree: Structure) -> None:
    read = pages.page(tree.client.get(TEXT))
    buttons = {node["id"] for node in read.all("button", form="flytting_skjema")}
    assert {name for name in buttons if name.endswith("_parter")} == {"ned_parter"}
    assert {"opp_varighet", "ned_varighet", "inn_varighet"} <= buttons
    assert "ut_varighet" not in buttons


def test_a_reader_has_the_contents_and_no_way_to_move(tree: Structure, as_: As) -> None:
    read = pages.page(as_("director").get(TEXT))
    assert read.one("li", data_key="varighet").text == "3 Varighet"
    assert read.all("button", form="flytting_skjema") == []
    assert [node for node in read.nodes if "data-handle" in node] == []


# --- what waits in each point ----------------------------------------------------------------------


def test_the_contents_say_how_much_waits_in_each_point(tree: Structure, as_: As) -> None:
    tree.agreement.clauses.filter(key="formaal").update(
        text="Rapporten sendes Viken fylkeskommune og NAV."
    )
    tree.agreement.clauses.filter(key="varighet").update(text="Avtalen gjelder for tre år.")
    for who, address in (("editor", f"{TEXT}punkt/formaal/#punkt_funn"), ("director", None)):
        read = pages.page(as_(who).get(TEXT))
        row = read.one("li", data_key="formaal")
        marks = [n for n in read.all("a", class_="mark") if any(p is row for p in n.parents)]
        assert [mark["title"] for mark in marks] == ["1 må rettes, 1 bør vurderes"]
        assert "Punkt 2: 1 må rettes, 1 bør vurderes" in marks[0].text
        assert marks[0]["href"] == (address or f"{BASE}kontroll/")
        asked = read.one("li", data_key="informasjon")
        (mark,) = [n for n in read.all("a", class_="mark") if n.parents[-3] is asked]
        assert mark["title"] == "1 åpent innspill"
        assert "data-waiting" in row
        assert "data-waiting" not in read.one("li", data_key="varighet")

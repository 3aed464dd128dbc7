"""The frame of the calculation: years, contributors and where their populations are from."""

from __future__ import annotations

import pytest

from agreements.models import Agreement
from financing import reader
from financing.models import Participant
from municipalities.models import Municipality, PopulationFigure
from tests import pages
from tests.desk import BASE, ECONOMY, PLAN, As, Room, events


@pytest.fixture
def room(ringerike: Agreement, as_: As) -> Room:
    return Room(ringerike, as_("editor"))


def person(room: Room, key: str = "3310") -> Participant:
    return room.agreement.plan.participants.get(organisation__key=key)


def test_a_population_typed_by_hand_says_so(room: Room) -> None:
    assert room.save_plan(rad__0__population="7 100").status_code == 302
    row = person(room)
    assert (row.population, row.population_source) == (7100, "Oppgitt i planen")
    assert str(row.population_date) == "2025-01-01"
    assert room.cells()["Hole"][0] == "102950.00"
    assert person(room, "3316").population_source.startswith("SSB")


def test_a_new_population_date_fetches_every_figure_from_the_register(room: Room) -> None:
    for number, municipality in enumerate(
        Municipality.objects.filter(regions=room.agreement.region)
    ):
        PopulationFigure.objects.create(
            municipality=municipality, reference_date="2026-01-01", value=8000 + number, source="Ny"
        )
    assert room.save_plan(population_date="2026-01-01").status_code == 302
    rows = room.agreement.plan.participants.exclude(population=None)
    assert {row.population for row in rows} == {8000, 8001, 8002, 8003, 8004}
    assert {(str(row.population_date), row.population_source) for row in rows} == {
        ("2026-01-01", "Ny")
    }


def test_a_date_the_register_does_not_have_is_refused(room: Room) -> None:
    before = events()
    sent = room.plan(population_date="1990-01-01")
    answer = room.client.post(PLAN, sent)
    assert answer.status_code == 422
    said = pages.complaints(answer)
    assert "Hole, Krødsherad, Modum, Ringerike, Jevnaker" in said["population_date"]
    assert pages.form(answer, "Lagre") == sent
    assert events() == before


def test_without_a_population_nothing_is_calculated_and_it_is_said(room: Room) -> None:
    room.save_plan(rad__0__population="")
    assert reader.load(room.agreement.plan).tables == {}
    for page in (ECONOMY, BASE, room.address()):
        assert "Hole" in pages.text(room.client.get(page))
        assert "innbyggertall" in pages.text(room.client.get(page)).lower()
    assert person(room).population_source == ""


PLAN_WRONG = {
    "name": [("", "Fyll inn"), ("x" * 121, "høyst 120")],
    "first_year": [
        ("1999", "mindre enn"),
        ("x", "helt tall"),
        ("", "Fyll inn"),
        ("2101", "større"),
    ],
    "last_year": [("2025", "før første år"), ("2036", "høyst 10 år")],
    "population_date": [("", "Fyll inn"), ("i fjor", "som en dato")],
    "invoicing": [("x" * 301, "høyst 300")],
    "rad-0-population": [
        ("sju tusen", "bare sifre"),
        ("-7065", "mindre enn 0"),
        ("7065,5", "helt tall"),
        ("70,6,5", "bare sifre"),
        ("10 000 001", "større enn"),
    ],
    "rad-0-status": [("kanskje", "Velg på nytt")],
}


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [(name, typed, message) for name, rows in PLAN_WRONG.items() for typed, message in rows],
)
def test_a_wrong_answer_about_the_plan_is_said_and_kept(
    room: Room, name: str, typed: str, message: str
) -> None:
    before = events()
    sent = room.plan() | {name: [typed]}
    answer = room.client.post(PLAN, sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    if name != "rad-0-status":
        assert pages.form(answer, "Lagre") == sent
    assert events() == before


def test_more_years_keep_the_index_whole(room: Room) -> None:
    room.save_plan(last_year="2029")
    assert [f.year for f in room.table().index] == [2027, 2028, 2029]
    room.save_plan(last_year="2026")
    assert room.table().index == ()
    assert room.client.get(room.address()).status_code == 200


def test_rows_in_another_order_are_refused(room: Room) -> None:
    """A page from before a change must not put one municipality's figure on another."""
    sent = room.plan()
    sent["rad-0-pk"], sent["rad-1-pk"] = sent["rad-1-pk"], sent["rad-0-pk"]
    answer = room.client.post(PLAN, sent)
    assert answer.status_code == 422
    assert "Last siden på nytt" in pages.complaints(answer)[""]
    assert person(room).population == 7065

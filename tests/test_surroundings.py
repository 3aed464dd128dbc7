"""What is paid today, when contributions fall due, and who may join a plan."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from agreements.models import Agreement
from financing.models import CurrentContribution, Instalment, Participant, PlanEvent
from tests import pages
from tests.desk import ECONOMY, PLAN, As, Room

TODAY, PAYMENTS = ECONOMY + "dagens-bidrag/", ECONOMY + "betalingsplan/"


@pytest.fixture
def editor(ringerike: Agreement, as_: As) -> Client:
    return as_("editor")


# --- today ---------------------------------------------------------------------------------------


def test_alternatives_are_compared_with_today(as_: As, ringerike: Agreement) -> None:
    """Hole pays 50 000 and 2,50 for each of 7 065 by the old model, as the demonstration has it."""
    read = pages.page(as_("director").get(ECONOMY))
    own = [row.text for row in read.all("tr", class_="own")]
    assert own[0] == (
        "Hole Deres kommune67 662,50102 442,50+34 780,00+51,4116 572,50+48 910,00+72,3"
    )
    words = read.one("body").text
    assert "102 442,50 kr (+34 780,00 kr, +51,4 prosent)" in words


def test_another_alternative_all_years_and_per_inhabitant(as_: As, ringerike: Agreement) -> None:
    second = ringerike.plan.alternatives.order_by("position")[1]
    first = ringerike.plan.alternatives.order_by("position")[0]
    client = as_("director")
    answer = client.get(ECONOMY, {"aar": "2026", "mot": first.pk, "vis": "innbygger"})
    own = [row.text for row in pages.page(answer).all("tr", class_="own")]
    assert own[0] == "Hole Deres kommune9,5814,5016,50+2,00+13,8"
    answer = client.get(ECONOMY, {"aar": "alle", "mot": second.pk, "vis": "kroner"})
    own = [row.text for row in pages.page(answer).all("tr", class_="own")]
    assert own[0].startswith("Hole Deres kommune202 987,50320 100,13")


@pytest.mark.parametrize("query", [{"aar": "x", "mot": "0"}, {"mot": "999999"}, {"aar": "2026"}])
def test_a_comparison_that_does_not_exist(editor: Client, query: dict[str, str]) -> None:
    answer = editor.get(ECONOMY, query)
    assert answer.status_code == 422
    assert "Alternativene side om side" in pages.text(answer)


def test_the_old_model_fills_in_the_form_and_stores_nothing(
    editor: Client, ringerike: Agreement
) -> None:
    opened = pages.form(editor.get(TODAY), "Lagre")
    before = list(CurrentContribution.objects.values_list("amount", flat=True))
    answer = editor.post(TODAY, pages.changed(opened, base_amount="50 000", rate="3", modell="ja"))
    filled = pages.form(answer, "Lagre")
    assert filled["rad-0-amount"] == ["71\u00a0195,00"]
    assert filled["rad-0-source"] == [
        "Beregnet etter den gamle modellen: 50\u00a0000,00 kroner i grunnbeløp og 3,00 kroner per "
        "innbygger"
    ]
    assert list(CurrentContribution.objects.values_list("amount", flat=True)) == before
    assert editor.post(TODAY, filled).status_code == 302
    assert CurrentContribution.objects.get(organisation__key="3310").amount == 71195
    assert PlanEvent.objects.latest("pk").action == "current_contributions.edited"


def test_an_empty_field_is_not_known_and_the_sum_says_nothing(
    editor: Client, ringerike: Agreement
) -> None:
    opened = pages.form(editor.get(TODAY), "Lagre")
    editor.post(TODAY, pages.changed(opened, **{"rad-0-amount": ""}))
    assert not CurrentContribution.objects.filter(organisation__key="3310").exists()
    read = pages.page(editor.get(ECONOMY))
    (total,) = [r.text for r in read.all("tr", class_="total") if "alle bidrag1" in r.text][:1]
    assert total.startswith("Sum alle bidrag1 256 000,00")


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("rad-0-amount", "mye", "bare sifre"),
        ("rad-0-amount", "-1", "mindre enn 0"),
        ("rad-0-amount", "124.89,0", "bare sifre"),
        ("rad-0-source", "x" * 201, "høyst 200 tegn"),
        ("year", "17", "mindre enn"),
        ("base_amount", "1,2,3", "bare sifre"),
    ],
)
def test_a_wrong_amount_is_said_and_kept(
    editor: Client, name: str, typed: str, message: str
) -> None:
    sent = pages.changed(pages.form(editor.get(TODAY), "Lagre"), **{name: typed})
    answer = editor.post(TODAY, sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    assert pages.form(answer, "Lagre") == sent


def test_the_model_needs_a_number(editor: Client) -> None:
    opened = pages.form(editor.get(TODAY), "Lagre")
    answer = editor.post(TODAY, pages.changed(opened, modell="ja"))
    assert answer.status_code == 422
    assert "Fyll inn grunnbeløp eller sats" in pages.complaints(answer)["base_amount"]


def test_two_who_save_today_do_not_overwrite_each_other(as_: As, ringerike: Agreement) -> None:
    mine = pages.form(as_("editor").get(TODAY), "Lagre")
    theirs = as_("other_editor").post(TODAY, pages.changed(mine, **{"rad-0-amount": "70 000"}))
    assert theirs.status_code == 302
    answer = as_("editor").post(TODAY, pages.changed(mine, **{"rad-0-amount": "80 000"}))
    assert answer.status_code == 409
    assert "Hole kommune: 70 000,00 kr" in pages.text(answer)
    again = pages.form(answer, "Lagre")
    assert again["rad-0-amount"] == ["80 000"]
    assert as_("editor").post(TODAY, again).status_code == 302
    assert CurrentContribution.objects.get(organisation__key="3310").amount == 80000


# --- instalments ---------------------------------------------------------------------------------


def test_each_year_is_paid_in_two_halves_that_sum_to_the_cell(as_: As) -> None:
    read = pages.page(as_("director").get(PAYMENTS))
    own = [row.text for row in read.all("tr", class_="own")]
    assert own[0] == "Hole51 221,2551 221,25102 442,50"
    assert own[1] == "Hole53 321,3253 321,32106 642,64"
    assert "Aktivitetsplan og budsjett for året er godkjent" in read.one("body").text


def test_shares_and_days_can_be_changed(editor: Client, ringerike: Agreement) -> None:
    opened = pages.form(editor.get(PAYMENTS), "Lagre terminene")
    changes = {
        "termin-0-percent": "33,3333",
        "termin-0-day": "15",
        "termin-1-percent": "66,6667",
        "termin-1-condition": "Rapport for første halvår er godkjent",
    }
    assert editor.post(PAYMENTS, pages.changed(opened, **changes)).status_code == 302
    assert list(Instalment.objects.values_list("month", "day", "percent")) == [
        (1, 15, Decimal("33.3333")),
        (8, 31, Decimal("66.6667")),
    ]
    words = pages.text(editor.get(PAYMENTS))
    assert "15. januar 2026" in words
    assert "Rapport for første halvår er godkjent" in words
    assert PlanEvent.objects.latest("pk").action == "instalments.edited"
    before = PlanEvent.objects.count()
    same = pages.form(editor.get(PAYMENTS), "Lagre terminene")
    assert editor.post(PAYMENTS, same).status_code == 302
    assert PlanEvent.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"termin-0-percent": "40"}, "Andelene må til sammen bli 100 prosent. Nå er de 90."),
        ({"termin-0-month": "8"}, "To terminer forfaller samme dag: 31. august."),
        ({"termin-0-month": "2", "termin-0-day": "29"}, "29. februar finnes ikke hvert år"),
        ({"termin-0-day": "32"}, "større enn 31"),
        ({"termin-0-day": "sju"}, "helt tall"),
        ({"termin-0-percent": "halvparten"}, "bare sifre"),
        ({"termin-0-month": "13"}, "Velg på nytt"),
    ],
)
def test_instalments_that_do_not_add_up(
    editor: Client, changes: dict[str, str], message: str
) -> None:
    sent = pages.changed(pages.form(editor.get(PAYMENTS), "Lagre terminene"), **changes)
    answer = editor.post(PAYMENTS, sent)
    assert answer.status_code == 422
    assert message in pages.text(answer)
    assert not Instalment.objects.exists()
    kept = pages.form(answer, "Lagre terminene")
    shown = {name: typed for name, typed in changes.items() if typed != "13"}  # no such option
    assert all(kept[name] == [typed] for name, typed in shown.items())


# --- joining -------------------------------------------------------------------------------------


def test_a_municipality_joins_when_somebody_says_so(editor: Client, ringerike: Agreement) -> None:
    room = Room(ringerike, editor)
    page = editor.get(PLAN)
    form = pages.form(page, "Legg til")
    options = {n.text: n["value"] for n in pages.page(page).all("option")}
    form["organisation"] = [options["Sigdal kommune"]]
    answer = editor.post(PLAN + "ny-bidragsyter/", form)
    assert (answer.status_code, answer["Location"]) == (302, PLAN)
    assert editor.post(PLAN + "ny-bidragsyter/", form).status_code == 302  # a double click
    joined = Participant.objects.get(plan=ringerike.plan, organisation__short_name="Sigdal")
    assert (joined.included, joined.status) == (False, "undecided")
    assert "Sigdal" not in room.cells()
    answer = editor.post(PLAN + "ny-bidragsyter/", {"token": "x"})
    assert answer.status_code == 422

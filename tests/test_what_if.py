"""What if: a municipality leaves, a rate is another, a total must be met; nothing stored until asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from agreements.models import Agreement
from financing.models import Alternative, Participant
from tests import pages
from tests.desk import ECONOMY, As, Room, events


class Trial:
    """The page of one alternative, with somebody in front of it."""

    def __init__(self, agreement: Agreement, client: Client) -> None:
        self.agreement, self.client = agreement, client
        self.first = agreement.plan.alternatives.order_by("position")[0]
        self.address = f"{ECONOMY}alternativ/{self.first.pk}/hva-om/"
        self.opened = pages.form(client.get(self.address), "Regn ut")

    def row(self, key: str) -> str:
        """The prefix of a contributor's row on the page."""
        people = list(self.agreement.plan.participants.values_list("organisation__key", flat=True))
        return f"rad-{people.index(key)}"

    def send(self, handling: str = "regn", without: str = "", **changes: Any) -> HttpResponse:
        data = pages.changed(self.opened, handling=handling, **changes)
        if without:
            data.pop(f"{self.row(without)}-included", None)
        return self.client.post(self.address, data)


@pytest.fixture
def trial(ringerike: Agreement, as_: As) -> Trial:
    return Trial(ringerike, as_("editor"))


def rates(agreement: Agreement) -> set[Decimal]:
    rows = Alternative.objects.filter(plan=agreement.plan)
    return {rule.rate for row in rows for rule in row.rules.all()}


# --- trying --------------------------------------------------------------------------------------


def test_without_hole_the_county_share_follows_and_nothing_is_stored(trial: Trial) -> None:
    before = events()
    answer = trial.send(without="3310")
    assert "Sum alle bidrag i 2026: 1 114 700,00 kr (−141 300,00 kr, −11,3 prosent" in pages.text(
        answer
    )
    rows = [row.text for row in pages.page(answer).all("tr")]
    assert "Buskerud fylkeskommune306 663,50267 806,00−38 857,50−12,7" in rows
    assert Participant.objects.filter(plan=trial.agreement.plan, included=False).count() == 0
    assert events() == before


def test_only_the_result_is_sent_while_typing(trial: Trial) -> None:
    data = pages.changed(trial.opened, **{"regel-0-rate": "15"})
    answer = trial.client.post(trial.address, data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert "1\u00a0287\u00a0400,00" in answer.content.decode()


def test_an_unconfirmed_contributor_and_a_declined_one(trial: Trial) -> None:
    words = pages.text(trial.send(**{f"{trial.row('32')}-status": "declined"}))
    assert "Sum alle bidrag i 2026: 1 217 263,50 kr" in words


def test_another_population_date_is_fetched_from_the_register(trial: Trial) -> None:
    words = pages.text(trial.send(**{"plan-population_date": "2021-01-01"}))
    assert "Slik blir det" in words
    stored = Participant.objects.filter(plan=trial.agreement.plan, population_date__year=2025)
    assert stored.count() == 5


def test_whoever_may_read_may_try_but_not_save(ringerike: Agreement, as_: As) -> None:
    trial = Trial(ringerike, as_("director"))
    assert "1 114 700,00" in pages.text(trial.send(without="3310"))
    before = events()
    assert trial.send("lagre", without="3310").status_code == 403
    assert events() == before


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("regel-0-rate", "fjorten", "bare sifre"),
        ("rad-0-population", "-5", "mindre enn 0"),
        ("plan-population_date", "1066-01-01", "Registeret har ikke innbyggertall"),
        ("indeks-0-percent", "4,1,1", "bare sifre"),
        ("maal-target", "mye", "bare sifre"),
        ("regel-0-steps", "50 fort", "er ikke et tall"),
        ("regel-0-cap", "-1", "mindre enn"),
    ],
)
def test_a_wrong_answer_is_said_and_kept(trial: Trial, name: str, typed: str, message: str) -> None:
    answer = trial.send(**{name: typed})
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    assert pages.form(answer, "Regn ut")[name] == [typed]


# --- finding a number ----------------------------------------------------------------------------


def goal(what: str, target: str, year: str = "2026") -> dict[str, str]:
    return {"maal-what": what, "maal-target": target, "maal-year": year}


def test_the_rate_that_keeps_the_frame_without_hole(trial: Trial) -> None:
    answer = trial.send("finn", without="3310", **goal("sats-0", "1 256 000"))
    words = pages.text(answer)
    assert "Bruk 17,04" in words
    assert "Nøyaktig verdi: 17,0" in words
    used = trial.client.post(
        trial.address,
        {**pages.form(answer, "Regn ut"), "handling": ["bruk:sats-0:17,04"]},
    )
    assert pages.form(used, "Regn ut")["regel-0-rate"] == ["17,04"]
    assert rates(trial.agreement) == {Decimal("14.5"), Decimal("16.5"), Decimal("5.5")}


def test_the_index_and_the_base_amount_can_be_found_too(trial: Trial) -> None:
    words = pages.text(trial.send("finn", **goal("indeks-0", "4 000 000", "")))
    assert "Bruk" in words
    words = pages.text(trial.send("finn", **goal("grunn-0", "1 306 000")))
    assert "Bruk 10 000,00" in words


def test_a_total_that_no_value_gives_is_said_plainly(trial: Trial) -> None:
    words = pages.text(trial.send("finn", **goal("sats-0", "100")))
    assert "Ingen verdi gir den summen" in words
    assert "Den laveste den kan bli, er 345 400,00 kroner" in words


def test_a_number_that_is_not_on_the_page_cannot_be_sought(trial: Trial) -> None:
    answer = trial.send("finn", **goal("sats-77", "1 000"))
    assert answer.status_code == 422
    assert "Velg på nytt" in pages.complaints(answer)["maal-what"]


def test_a_goal_that_is_not_filled_in(trial: Trial) -> None:
    answer = trial.send("finn", **goal("sats-0", ""))
    assert answer.status_code == 422
    assert "Fyll inn summen" in pages.complaints(answer)["maal-target"]


@pytest.mark.parametrize(
    "value", ["bruk:", "bruk:sats-0", "bruk:x-9:1", "bruk:sats-99:5", "bruk:::"]
)
def test_a_number_nobody_found_is_not_put_in(trial: Trial, value: str) -> None:
    answer = trial.send(value)
    assert answer.status_code == 200
    assert pages.form(answer, "Regn ut")["regel-0-rate"] == ["14,50"]


# --- saving --------------------------------------------------------------------------------------


def test_saving_stores_contributors_and_rates_with_events(trial: Trial) -> None:
    answer = trial.send("lagre", without="3310", **{"regel-0-rate": "17,04"})
    assert (answer.status_code, answer["Location"]) == (302, ECONOMY)
    assert (
        Participant.objects.get(plan=trial.agreement.plan, organisation__key="3310").included
        is False
    )
    assert Decimal("17.04") in rates(trial.agreement)
    room = Room(trial.agreement, trial.client)
    assert room.table().total.cells[0] == Decimal("1256266.90")


def test_saving_as_a_new_alternative_leaves_the_old_one(trial: Trial) -> None:
    trial.send("lagre", **{"regel-0-rate": "15", "lagre-new_name": "Alternativ 3"})
    made = Alternative.objects.get(plan=trial.agreement.plan, name="Alternativ 3")
    assert [rule.rate for rule in made.rules.all()] == [15, Decimal("5.5")]
    assert [row.percent for row in made.index.all()] == [Decimal("4.1")] * 2
    assert trial.first.rules.order_by("position")[0].rate == Decimal("14.5")


def test_saving_what_nobody_changed_writes_nothing(trial: Trial) -> None:
    before = events()
    assert trial.send("lagre").status_code == 302
    assert events() == before


def test_a_new_name_that_is_taken_is_refused(trial: Trial) -> None:
    answer = trial.send("lagre", **{"lagre-new_name": "Alternativ 2"})
    assert answer.status_code == 422
    assert "allerede" in pages.complaints(answer)["lagre-new_name"]
    assert Alternative.objects.filter(plan=trial.agreement.plan).count() == 2


def test_a_stale_save_is_stopped_and_everything_is_kept(trial: Trial, as_: As) -> None:
    Room(trial.agreement, as_("other_editor")).save(**{"regel-0-rate": "15,25"})
    answer = trial.send("lagre", **{"regel-0-rate": "16"})
    assert answer.status_code == 409
    assert pages.form(answer, "Lagre")["regel-0-rate"] == ["16"]
    again = trial.client.post(trial.address, {**pages.form(answer, "Lagre"), "handling": ["lagre"]})
    assert again.status_code == 302
    assert Decimal(16) in rates(trial.agreement)

"""What was fetched from Statistics Norway: who may, what would change, and deciding."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import snapshot
from agreements.domain import canonical
from agreements.models import Agreement
from financing import reader
from financing.models import Participant
from municipalities.models import (
    FormToken,
    Municipality,
    PopulationFigure,
    RegisterEvent,
    StatisticsImport,
    User,
)
from municipalities.statistics import formats
from tests import pages
from tests.register_people import person
from tests.statistics_desk import BASE, fetched, press, start
from tests.statistics_server import Server
from tests.test_permissions import everything

DAY = dt.date(2025, 1, 1)


# --- who -----------------------------------------------------------------------------------------

PAGES = [("get", ""), ("get", "{pk}/")]
SENT = [("post", "start/"), *(("post", "{pk}/" + n) for n in ("hent/", "ta-i-bruk/", "forkast/"))]


@pytest.mark.parametrize(("method", "path"), [*PAGES, *SENT])
def test_only_those_who_run_the_installation_get_in(
    ssb: Server, operator: Client, method: str, path: str
) -> None:
    pk = start(operator).rstrip("/").rpartition("/")[2]
    address = BASE + path.format(pk=pk)
    before = everything()
    for user, status in (
        (person("leser@eksempel.no", ("3310", "administrator"), is_staff=True), 403),
        (person("utenfor@eksempel.no"), 404),
        (None, 302),
    ):
        client = Client()
        if user:
            client.force_login(user)
        assert getattr(client, method)(address).status_code == status
    after = everything()
    for table in ("municipalities.StatisticsImport", "municipalities.FetchedResponse"):
        assert after[table] == before[table]
    assert ssb.asked == []
    wrong = "post" if method == "get" else "get"
    assert getattr(operator, wrong)(address).status_code == 405
    assert getattr(operator, method)(address).status_code in (200, 302, 422)


def test_the_register_leads_there_only_those_who_may(as_: Any, operator: Client) -> None:
    assert "Hent fra SSB" not in pages.text(as_("editor").get("/kommuner/"))
    user = User.objects.get(email="drift@eksempel.no")
    role = person("rolle@eksempel.no", ("3310", "reader"))
    role.memberships.update(user=user)
    read = pages.page(operator.get("/kommuner/"))
    assert [node.text for node in read.all("a", href=BASE)] == ["Hent fra SSB"]


@pytest.mark.parametrize("pk", ["0", "99", "9" * 30])
def test_an_import_that_does_not_exist(operator: Client, pk: str) -> None:
    assert operator.get(f"{BASE}{pk}/").status_code == 404
    assert operator.post(f"{BASE}{pk}/hent/").status_code == 404


# --- deciding ------------------------------------------------------------------------------------


def test_the_whole_job_by_the_button(ssb: Server, operator: Client) -> None:
    ssb.country.figures["3305"] = 31800
    ssb.country.names["3310"] = "Hole - Hålla"
    address = start(operator)
    for number in range(6):
        assert f"{number} av 6 lister er hentet." in pages.text(operator.get(address))
        press(operator, address, "Hent")
        assert len(ssb.asked) == number + 1
    before = everything()
    said = pages.text(operator.get(address))
    assert everything() == before  # looking writes nothing
    assert "Ingenting er endret ennå" in said
    assert "Ringerike 3305 31 793 31 800 +7" in said
    assert "3310 Hole Hole - Hålla" in said
    assert "Nye kommuner i registeret" in said
    done = press(operator, address, "Ta i bruk")
    assert (done.status_code, done["Location"]) == (302, address)
    said = pages.text(operator.get(address))
    assert "Tallene er tatt i bruk i registeret." in said
    assert "av Dina Drift" in said
    assert (
        Municipality.objects.count()
        == 357 + Municipality.objects.exclude(number__in=ssb.country.names).count()
    )
    row = StatisticsImport.objects.get()
    event = RegisterEvent.objects.get(action="register.imported")
    assert (row.state, row.event, event.actor) == ("applied", event, row.finished_by)
    assert row.responses.get(step="figures").sha256 in said
    figures = PopulationFigure.objects.filter(municipality__number="3305", reference_date=DAY)
    assert list(figures.order_by("pk").values_list("value", flat=True)) == [31793, 31800]
    assert "Tatt i bruk" in pages.text(operator.get(BASE))


def test_a_plans_figures_stand(ssb: Server, operator: Client, ringerike: Agreement) -> None:
    """Another figure for the very day of the plan: the register gets it, the agreement does not."""
    plan = ringerike.plan
    assert plan.population_date == DAY
    rows = list(Participant.objects.order_by("pk").values())
    tables = reader.load(plan).tables
    frozen = canonical.dump(snapshot.build(ringerike))
    ssb.country.figures["3305"] += 100
    ssb.country.figures["3310"] -= 10
    press(operator, fetched(operator, "2025-01-01"), "Ta i bruk")
    changed = PopulationFigure.objects.filter(
        municipality__number__in=["3305", "3310"], source="SSB, tabell 01222"
    )
    assert changed.count() == 2
    again = Agreement.objects.get(pk=ringerike.pk)
    assert list(Participant.objects.order_by("pk").values()) == rows
    assert reader.load(again.plan).tables == tables
    assert canonical.dump(snapshot.build(again)) == frozen


def test_the_same_form_twice_does_the_work_once(ssb: Server, operator: Client) -> None:
    address = fetched(operator)
    sent = pages.form(operator.get(address), "Ta i bruk")
    first = operator.post(f"{address}ta-i-bruk/", sent)
    count = PopulationFigure.objects.count()
    second = operator.post(f"{address}ta-i-bruk/", sent)
    assert first["Location"] == second["Location"] == address
    assert RegisterEvent.objects.filter(action="register.imported").count() == 1
    assert (PopulationFigure.objects.count(), FormToken.objects.count()) == (count, 1)
    # What is finished stays so, whatever else is sent.
    assert operator.post(f"{address}forkast/").status_code == 302
    assert operator.post(f"{address}hent/").status_code == 302
    assert StatisticsImport.objects.get().state == "applied"


def test_a_serious_finding_must_be_accepted(ssb: Server, operator: Client) -> None:
    ssb.country.country = 5_000_000
    address = fetched(operator)
    assert "Alvorlig avvik" in pages.text(operator.get(address))
    before = everything()
    answer = press(operator, address, "Ta i bruk")
    assert answer.status_code == 422
    assert pages.complaints(answer)["accept"].startswith("Kryss av for at du har kontrollert")
    assert everything() == before
    assert press(operator, address, "Ta i bruk", accept="on").status_code == 302
    event = RegisterEvent.objects.get(action="register.imported")
    assert event.data["accepted"][0].startswith("the municipalities add up to")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("number", "SSBs liste har 356 kommuner. Det skulle vært 357"),
        ("missing", "1 kommuner mangler innbyggertall: 3305."),
        ("sudden", "for Ringerike (3305) 1. januar 2025: 41 793 innbyggere, ikke 31 793."),
        ("gone", "Hole (3310) står i registeret, men ikke i SSBs liste"),
    ],
)
def test_what_is_odd_is_said(ssb: Server, operator: Client, spoil: str, said: str) -> None:
    land = ssb.country
    if spoil == "number":
        land.figures.pop("0350")
        del land.names["0350"]
    elif spoil == "missing":
        land.status["3305"] = ":"
    elif spoil == "sudden":
        land.figures["3305"] = 41793
    else:
        del land.names["3310"]
    assert said in pages.text(operator.get(fetched(operator)))


def test_what_can_never_be_right_cannot_be_used(ssb: Server, operator: Client) -> None:
    ssb.country.quarter = "2126K1"
    address = fetched(operator)
    page = operator.get(address)
    assert "Kan ikke brukes" in pages.text(page)
    assert "Ta i bruk" not in pages.text(page)
    before = everything()
    sent = {"token": "5d0c1c53-55a5-4b53-b3c3-0a3a3f7d0d3a", "seen": "x", "accept": "on"}
    assert operator.post(f"{address}ta-i-bruk/", sent).status_code == 409
    assert everything() == before


def test_another_change_than_the_one_that_was_seen_is_shown_first(
    ssb: Server, operator: Client
) -> None:
    ssb.country.figures["3305"] = 31800
    address = fetched(operator)
    sent = pages.form(operator.get(address), "Ta i bruk")
    municipality = Municipality.objects.get(number="3305")
    PopulationFigure.objects.create(
        municipality=municipality, reference_date=DAY, value=31799, source="For hånd"
    )
    before = everything()
    answer = operator.post(f"{address}ta-i-bruk/", sent)
    assert answer.status_code == 409
    assert "Registeret er endret siden du åpnet siden" in pages.text(answer)
    assert "Ringerike 3305 31 799 31 800 +1" in pages.text(answer)
    assert everything() == before
    again = pages.form(answer, "Ta i bruk")
    assert operator.post(f"{address}ta-i-bruk/", again).status_code == 302
    assert municipality.population_figures.last() is not None
    assert StatisticsImport.objects.get().state == "applied"


@pytest.mark.parametrize("spoiled", [{}, {"token": "x", "seen": "y"}, {"seen": "x" * 65}])
def test_a_form_nobody_has_been_shown(
    ssb: Server, operator: Client, spoiled: dict[str, str]
) -> None:
    address = fetched(operator)
    before = everything()
    assert operator.post(f"{address}ta-i-bruk/", spoiled).status_code == 409
    assert everything() == before


def test_discarding_leaves_the_register_alone(ssb: Server, operator: Client) -> None:
    address = fetched(operator)
    figures = PopulationFigure.objects.count()
    press(operator, address, "Forkast")
    row = StatisticsImport.objects.get()
    assert (row.state, row.finished_by.name) == ("discarded", "Dina Drift")
    assert "Forkastet" in pages.text(operator.get(address))
    assert operator.post(f"{address}ta-i-bruk/").status_code == 302
    assert PopulationFigure.objects.count() == figures
    start(operator)  # and there is room for the next


def test_answers_that_can_no_longer_be_read_can_be_dropped(
    ssb: Server, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program was upgraded meanwhile, and is stricter."""
    address = fetched(operator)
    monkeypatch.setattr(formats, "LONGEST_CODE", 3)
    assert operator.get(address).status_code == 409
    sent = pages.form(operator.get(BASE), "Forkast")
    assert operator.post(f"{address}forkast/", sent).status_code == 302
    assert operator.get(address).status_code == 200


def test_one_at_a_time(ssb: Server, operator: Client) -> None:
    address = start(operator, "2025-01-01")
    assert "En henting er ikke ferdig" in pages.text(operator.get(BASE))
    again = operator.post(f"{BASE}start/", {"day": "nyeste"}, follow=True)
    assert again.redirect_chain == [(address, 302)]
    assert "En annen henting er ikke ferdig" in pages.text(again)
    assert StatisticsImport.objects.count() == 1


@pytest.mark.parametrize("day", ["", "2025-01-02", "2019-10-01", "2126-01-01", "x", "\x00"])
def test_a_day_there_are_no_figures_for(ssb: Server, operator: Client, day: str) -> None:
    answer = operator.post(f"{BASE}start/", {"day": day})
    assert answer.status_code == 422
    assert "dato" in pages.complaints(answer)["day"].lower()
    assert not StatisticsImport.objects.exists()


def test_nothing_new(ssb: Server, operator: Client) -> None:
    press(operator, fetched(operator), "Ta i bruk")
    address = fetched(operator)
    said = pages.text(operator.get(address))
    assert "Registeret har alt dette fra før" in said
    assert "Ta i bruk" not in said
    sent = pages.form(operator.get(address), "Avslutt")
    assert operator.post(f"{address}forkast/", sent).status_code == 302


def test_the_pages_ask_the_database_little(ssb: Server, operator: Client) -> None:
    address = fetched(operator)
    for page in (BASE, address):
        with CaptureQueriesContext(connection) as asked:
            assert operator.get(page).status_code == 200
        assert len(asked) <= 12
    press(operator, address, "Ta i bruk")
    with CaptureQueriesContext(connection) as asked:
        operator.get(address)
    assert len(asked) <= 12

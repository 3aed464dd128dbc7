"""Fetching from Statistics Norway on the register's pages, step by step, and deciding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements import snapshot
from agreements.domain import canonical
from agreements.models import Agreement
from financing import reader
from financing.models import Participant
from municipalities.models import (
    FetchedResponse,
    FormToken,
    Municipality,
    PopulationFigure,
    RegisterEvent,
    StatisticsImport,
    User,
)
from municipalities.statistics import client as polite
from municipalities.statistics import steps
from tests import pages, statistics_server
from tests.register_people import person
from tests.statistics_server import Server
from tests.test_permissions import everything

BASE = "/kommuner/hent-fra-ssb/"
DAY = dt.date(2025, 1, 1)


@pytest.fixture
def server(
    ringerike: Agreement, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A country that agrees with the demonstration's register."""
    figures = PopulationFigure.objects.order_by("reference_date", "pk")
    described = statistics_server.country(
        dict(Municipality.objects.values_list("number", "name")),
        dict(figures.values_list("municipality__number", "value")),
    )
    described.quarter = "2025K1"
    with statistics_server.serving(described) as running:
        statistics_server.use(settings, monkeypatch, running)
        yield running


@pytest.fixture
def operator(ringerike: Agreement) -> Client:
    """Somebody who runs the installation and acts for no organisation."""
    client = Client()
    client.force_login(User.objects.create_superuser("drift@eksempel.no", "x", name="Dina Drift"))
    return client


def start(client: Client, day: str = "nyeste") -> str:
    """Begin, and return the address of the import."""
    sent = pages.changed(pages.form(client.get(BASE), "Hent"), day=day)
    answer = client.post(f"{BASE}start/", sent)
    assert answer.status_code == 302
    return str(answer["Location"])


def press(client: Client, address: str, button: str, **typed: Any) -> HttpResponse:
    """Press a button on the import's page."""
    page = client.get(address)
    names = {"Hent": "hent", "Prøv": "hent", "Ta i bruk": "ta-i-bruk", "Forkast": "forkast"}
    sent = pages.changed(pages.form(page, button), **typed)
    return client.post(f"{address}{names[button]}/", sent)


def fetched(client: Client, day: str = "nyeste") -> str:
    """Begin, and fetch everything with the button."""
    address = start(client, day)
    for _ in steps.STEPS:
        answer = press(client, address, "Hent")
        assert (answer.status_code, answer["Location"]) == (302, address)
    return address


# --- who -----------------------------------------------------------------------------------------

PAGES = [("get", ""), ("get", "{pk}/")]
SENT = [("post", "start/"), *(("post", "{pk}/" + n) for n in ("hent/", "ta-i-bruk/", "forkast/"))]


@pytest.mark.parametrize(("method", "path"), [*PAGES, *SENT])
def test_only_those_who_run_the_installation_get_in(
    server: Server, operator: Client, method: str, path: str
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
    assert server.asked == []
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


# --- fetching ------------------------------------------------------------------------------------


def test_the_whole_job_by_the_button(server: Server, operator: Client) -> None:
    server.country.figures["3305"] = 31800
    server.country.names["3310"] = "Hole - Hålla"
    address = start(operator)
    for number in range(6):
        assert f"{number} av 6 lister er hentet." in pages.text(operator.get(address))
        press(operator, address, "Hent")
        assert len(server.asked) == number + 1
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
        == 357 + Municipality.objects.exclude(number__in=server.country.names).count()
    )
    row = StatisticsImport.objects.get()
    event = RegisterEvent.objects.get(action="register.imported")
    assert (row.state, row.event, event.actor) == ("applied", event, row.finished_by)
    assert row.responses.get(step="figures").sha256 in said
    figures = PopulationFigure.objects.filter(municipality__number="3305", reference_date=DAY)
    assert list(figures.order_by("pk").values_list("value", flat=True)) == [31793, 31800]
    assert "Tatt i bruk" in pages.text(operator.get(BASE))


def test_a_plans_figures_stand(server: Server, operator: Client, ringerike: Agreement) -> None:
    """Another figure for the very day of the plan: the register gets it, the agreement does not."""
    plan = ringerike.plan
    assert plan.population_date == DAY
    rows = list(Participant.objects.order_by("pk").values())
    tables = reader.load(plan).tables
    frozen = canonical.dump(snapshot.build(ringerike))
    server.country.figures["3305"] += 100
    server.country.figures["3310"] -= 10
    press(operator, fetched(operator, "2025-01-01"), "Ta i bruk")
    changed = PopulationFigure.objects.filter(
        municipality__number__in=["3305", "3310"], source="SSB, tabell 01222"
    )
    assert changed.count() == 2
    again = Agreement.objects.get(pk=ringerike.pk)
    assert list(Participant.objects.order_by("pk").values()) == rows
    assert reader.load(again.plan).tables == tables
    assert canonical.dump(snapshot.build(again)) == frozen


def htmx(client: Client, address: str) -> HttpResponse:
    return client.post(f"{address}hent/", headers={"HX-Request": "true"})


def test_htmx_gets_the_list_and_then_goes_to_the_preview(server: Server, operator: Client) -> None:
    address = start(operator)
    for number in range(1, 6):
        part = htmx(operator, address)
        assert part.status_code == 200
        text = part.content.decode()
        assert f"{number} av 6 lister er hentet." in text
        assert "<html" not in text
        assert "load delay:1s, submit" in text
    assert htmx(operator, address)["HX-Redirect"] == address


def test_the_page_says_that_the_network_is_off_and_lets_one_try_again(
    server: Server, operator: Client, settings: Any
) -> None:
    address = start(operator)
    right, settings.STATISTICS_TABLES_URL = settings.STATISTICS_TABLES_URL, "http://127.0.0.1:9/"
    press(operator, address, "Hent")
    said = pages.text(operator.get(address))
    assert "Vi fikk ikke kontakt med SSB. Serveren kan være uten nett" in said
    assert "0 av 6 lister er hentet." in said
    settings.STATISTICS_TABLES_URL = right
    press(operator, address, "Prøv")
    said = pages.text(operator.get(address))
    assert "kontakt" not in said
    assert "1 av 6 lister er hentet." in said


def test_it_waits_as_long_as_it_is_asked_to(server: Server, operator: Client) -> None:
    address = start(operator)
    server.faults["figures"] = [(429, {"Retry_After": "30"})]
    part = htmx(operator, address).content.decode()
    assert "ber oss vente" in part
    assert "Vent 30 sekunder" in part
    assert "load delay:30s, submit" in part
    for _ in range(3):  # an impatient person
        press(operator, address, "Prøv")
    assert server.asked == ["figures"]
    StatisticsImport.objects.update(not_before=timezone.now())
    press(operator, address, "Prøv")
    assert server.asked == ["figures"] * 2
    assert FetchedResponse.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "said", "by_itself"),
    [
        (503, "ute av drift akkurat nå", True),
        ("html", "noe annet enn tall fra SSB, for eksempel en nettside", False),
        ("broken", "noe annet enn tall fra SSB", False),
        ("large", "mye større enn ventet", False),
        (404, "SSB godtok ikke forespørselen", False),
        ((302, {"Location": "http://eksempel.invalid/"}), "viste videre til en annen", False),
        (b'{"class": "dataset"}', "ikke slik det pleier å være", False),
        ("drop", "Vi fikk ikke kontakt med SSB", True),
    ],
    ids=str,
)
def test_faults_are_said_and_can_be_tried_again(
    server: Server, operator: Client, fault: Any, said: str, by_itself: bool
) -> None:
    address = start(operator)
    press(operator, address, "Hent")
    server.faults["country"] = [fault]
    part = htmx(operator, address).content.decode()
    assert said in part
    assert ("load delay" in part) == by_itself
    assert FetchedResponse.objects.count() == 1
    press(operator, address, "Prøv")
    assert FetchedResponse.objects.count() == 2
    assert StatisticsImport.objects.get().fault == ""


def test_a_service_that_hangs_is_given_up(
    server: Server, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    monkeypatch.setattr(polite, "TIMEOUT", httpx.Timeout(0.2))
    address = start(operator)
    server.faults["figures"] = ["hang"]
    press(operator, address, "Hent")
    assert "for lang tid på å svare" in pages.text(operator.get(address))


def test_it_does_not_go_on_by_itself_for_ever(server: Server, operator: Client) -> None:
    address = start(operator)
    server.faults["figures"] = [503] * 10
    parts = [htmx(operator, address).content.decode() for _ in range(5)]
    assert ["load delay" in part for part in parts] == [True] * 3 + [False] * 2


def test_somebody_who_asks_at_the_same_time_does_not_ask_twice(
    server: Server, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tabs: the second has an older row, and its turn is gone."""
    from municipalities.statistics import service

    address = start(operator)
    old = StatisticsImport.objects.get()
    press(operator, address, "Hent")
    service.fetch_next(old, polite.Client(attempts=1))
    assert server.asked == ["figures"]


# --- deciding ------------------------------------------------------------------------------------


def test_the_same_form_twice_does_the_work_once(server: Server, operator: Client) -> None:
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


def test_a_serious_finding_must_be_accepted(server: Server, operator: Client) -> None:
    server.country.country = 5_000_000
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
def test_what_is_odd_is_said(server: Server, operator: Client, spoil: str, said: str) -> None:
    land = server.country
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


def test_what_can_never_be_right_cannot_be_used(server: Server, operator: Client) -> None:
    server.country.quarter = "2126K1"
    address = fetched(operator)
    page = operator.get(address)
    assert "Kan ikke brukes" in pages.text(page)
    assert "Ta i bruk" not in pages.text(page)
    before = everything()
    sent = {"token": "5d0c1c53-55a5-4b53-b3c3-0a3a3f7d0d3a", "seen": "x", "accept": "on"}
    assert operator.post(f"{address}ta-i-bruk/", sent).status_code == 409
    assert everything() == before


def test_another_change_than_the_one_that_was_seen_is_shown_first(
    server: Server, operator: Client
) -> None:
    server.country.figures["3305"] = 31800
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
    server: Server, operator: Client, spoiled: dict[str, str]
) -> None:
    address = fetched(operator)
    before = everything()
    assert operator.post(f"{address}ta-i-bruk/", spoiled).status_code == 409
    assert everything() == before


def test_discarding_leaves_the_register_alone(server: Server, operator: Client) -> None:
    address = fetched(operator)
    figures = PopulationFigure.objects.count()
    press(operator, address, "Forkast")
    row = StatisticsImport.objects.get()
    assert (row.state, row.finished_by.name) == ("discarded", "Dina Drift")
    assert "Forkastet" in pages.text(operator.get(address))
    assert operator.post(f"{address}ta-i-bruk/").status_code == 302
    assert PopulationFigure.objects.count() == figures
    start(operator)  # and there is room for the next


def test_one_at_a_time(server: Server, operator: Client) -> None:
    address = start(operator, "2025-01-01")
    assert "En henting er ikke ferdig" in pages.text(operator.get(BASE))
    again = operator.post(f"{BASE}start/", {"day": "nyeste"}, follow=True)
    assert again.redirect_chain == [(address, 302)]
    assert "En annen henting er ikke ferdig" in pages.text(again)
    assert StatisticsImport.objects.count() == 1


@pytest.mark.parametrize("day", ["", "2025-01-02", "2019-10-01", "2126-01-01", "x", "\x00"])
def test_a_day_there_are_no_figures_for(server: Server, operator: Client, day: str) -> None:
    answer = operator.post(f"{BASE}start/", {"day": day})
    assert answer.status_code == 422
    assert "dato" in pages.complaints(answer)["day"].lower()
    assert not StatisticsImport.objects.exists()


def test_nothing_new(server: Server, operator: Client) -> None:
    press(operator, fetched(operator), "Ta i bruk")
    address = fetched(operator)
    said = pages.text(operator.get(address))
    assert "Registeret har alt dette fra før" in said
    assert "Ta i bruk" not in said
    sent = pages.form(operator.get(address), "Avslutt")
    assert operator.post(f"{address}forkast/", sent).status_code == 302


def test_the_pages_ask_the_database_little(server: Server, operator: Client) -> None:
    address = fetched(operator)
    for page in (BASE, address):
        with CaptureQueriesContext(connection) as asked:
            assert operator.get(page).status_code == 200
        assert len(asked) <= 12
    press(operator, address, "Ta i bruk")
    with CaptureQueriesContext(connection) as asked:
        operator.get(address)
    assert len(asked) <= 12

"""Fetching from Statistics Norway on the register's pages, step by step, whatever is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from municipalities.models import (
    FetchedResponse,
    StatisticsImport,
)
from municipalities.statistics import client as polite
from tests import pages
from tests.statistics_desk import htmx, press, start
from tests.statistics_server import Server

DAY = dt.date(2025, 1, 1)


def test_htmx_gets_the_list_and_then_goes_to_the_preview(ssb: Server, operator: Client) -> None:
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
    ssb: Server, operator: Client, settings: Any
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


def test_it_waits_as_long_as_it_is_asked_to(ssb: Server, operator: Client) -> None:
    address = start(operator)
    ssb.faults["figures"] = [(429, {"Retry_After": "30"})]
    part = htmx(operator, address).content.decode()
    assert "ber oss vente" in part
    assert "Vent 30 sekunder" in part
    assert "load delay:30s, submit" in part
    for _ in range(3):  # an impatient person
        press(operator, address, "Prøv")
    assert ssb.asked == ["figures"]
    StatisticsImport.objects.update(not_before=timezone.now())
    press(operator, address, "Prøv")
    assert ssb.asked == ["figures"] * 2
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
    ssb: Server, operator: Client, fault: Any, said: str, by_itself: bool
) -> None:
    address = start(operator)
    press(operator, address, "Hent")
    press(operator, address, "Hent")
    ssb.faults["131"] = [fault]
    part = htmx(operator, address).content.decode()
    assert said in part
    assert ("load delay" in part) == by_itself
    assert FetchedResponse.objects.count() == 2
    press(operator, address, "Prøv")
    assert FetchedResponse.objects.count() == 3
    assert StatisticsImport.objects.get().fault == ""


def test_a_service_that_hangs_is_given_up(
    ssb: Server, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    monkeypatch.setattr(polite, "TIMEOUT", httpx.Timeout(0.2))
    address = start(operator)
    ssb.faults["figures"] = ["hang"]
    press(operator, address, "Hent")
    assert "for lang tid på å svare" in pages.text(operator.get(address))


def test_it_does_not_go_on_by_itself_for_ever(ssb: Server, operator: Client) -> None:
    address = start(operator)
    ssb.faults["figures"] = [503] * 10
    parts = [htmx(operator, address).content.decode() for _ in range(5)]
    assert ["load delay" in part for part in parts] == [True] * 3 + [False] * 2


def test_somebody_who_asks_at_the_same_time_does_not_ask_twice(
    ssb: Server, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tabs: the second has an older row, and its turn is gone."""
    from municipalities.statistics import service

    address = start(operator)
    old = StatisticsImport.objects.get()
    press(operator, address, "Hent")
    service.fetch_next(old, polite.Client(attempts=1))
    assert ssb.asked == ["figures"]

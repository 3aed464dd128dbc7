"""Somebody at the pages that fetch from Statistics Norway."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from municipalities.statistics import steps
from tests import pages

BASE = "/kommuner/hent-fra-ssb/"


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


def htmx(client: Client, address: str) -> HttpResponse:
    return client.post(f"{address}hent/", headers={"HX-Request": "true"})

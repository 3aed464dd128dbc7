"""How long the economy takes to recalculate. Run by hand: python benchmarks/recalculation.py

Prints, for a plan of five municipalities and for one of the whole country (357 contributors, 15
counties, 10 years, 6 alternatives), how many times as long as an empty page a request takes, and how
many queries it makes. An empty page is one that a person is logged in for and that shows only the
frame. Ratios may be compared between machines, seconds may not.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOCAL", "1")

import django
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

django.setup()

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from config import urls
from financing.models import Plan
from municipalities.models import User
from tests import country, database, demonstration, pages

ROUNDS = 7


def empty(request: HttpRequest) -> HttpResponse:
    """The frame of every page, and nothing in it."""
    return render(request, "base.html")


urlpatterns = [*urls.urlpatterns, path("tom/", empty)]


def seconds(ask: Callable[[], Any]) -> float:
    """CPU seconds for one request; the median of some, after one that warms up."""
    ask()
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        ask()
        taken.append(time.process_time() - begun)
    return median(taken)


def measure(name: str, base: float, ask: Callable[[], HttpResponse]) -> None:
    """Print the ratio, the queries and the size of one request."""
    with CaptureQueriesContext(connection) as context:
        answer = ask()
    queries = len(context)
    assert answer.status_code == 200, (name, answer.status_code)
    size = len(answer.content) / 1024
    print(f"{name:52} x {seconds(ask) / base:6.1f}   {queries:3} queries   {size:7.0f} kB")


def requests(client: Client, plan: Plan) -> dict[str, Callable[[], HttpResponse]]:
    """The page that opens the plan, and what is asked while somebody types."""
    first = plan.alternatives.order_by("position")[0]
    economy = f"/okonomi/{plan.pk}/"
    alternative = f"{economy}alternativ/{first.pk}/"
    typed = pages.form(client.get(alternative), "Lagre")
    tried = pages.form(client.get(f"{alternative}hva-om/"), "Regn ut")

    def send(address: str, data: pages.Sent) -> Callable[[], HttpResponse]:
        """Ask as htmx does."""
        body, kind = urlencode(data, doseq=True), "application/x-www-form-urlencoded"
        return lambda: client.post(address, body, kind, headers={"HX-Request": "true"})

    return {
        "open the alternatives": lambda: client.get(economy),
        "recalculate an alternative while typing": send(f"{alternative}regn/", typed),
        "recalculate what if while typing": send(f"{alternative}hva-om/", tried),
    }


def main() -> None:
    """Measure the small plan and the large one."""
    with (
        database.fresh(),
        override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]),
        transaction.atomic(),
    ):
        demonstration.load()
        client = Client()
        client.force_login(User.objects.get(email="redaktor@ringerike.example"))
        base = seconds(lambda: client.get("/tom/"))
        print(f"{'an empty page':52} {base * 1000:8.1f} ms")
        day = dt.date(2025, 1, 1)
        small = country.plan(municipalities=5, counties=1, years=3, alternatives=2, day=day)
        large = country.plan(municipalities=357, counties=15, years=10, alternatives=6, day=day)
        for size, plan in (("5", small), ("357", large)):
            for name, ask in requests(client, plan).items():
                measure(f"{size} contributors: {name}", base, ask)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()

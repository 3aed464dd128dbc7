"""How the drafting desk takes a long agreement. Run by hand: python benchmarks/desk.py

Prints, for agreements of 30 and 300 clauses with the demonstration's wording, how long what an editor
does takes in CPU milliseconds and in queries, and how many times as long the long one takes as the
short one (10 is linear). Ratios may be compared between machines, milliseconds may not.
"""

from __future__ import annotations

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

django.setup()

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from agreements import snapshot
from agreements.domain import checks
from agreements.models import Agreement, Clause
from municipalities.models import User
from tests import database, demonstration

ROUNDS = 5
SIZES = (30, 300)
BASE = "/avtaler/ringeriksregionen-2026/"
TEXT = BASE + "tekst/"


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds for doing it once; the median of some, after one that warms up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return median(taken)


def fill(agreement: Agreement, size: int) -> None:
    """Give the agreement so many clauses, three main ones in ten with two under each and one under that."""
    wordings = list(agreement.clauses.values_list("heading", "text"))
    for level in range(4):
        path = "__".join(["parent"] * (4 - level))
        agreement.clauses.filter(**{f"{path}__isnull": False}).delete()
    agreement.clauses.all().delete()
    above: list[Clause | None] = [None]
    for number in range(size):
        depth = (0, 1, 1, 2)[number % 4]
        heading, text = wordings[number % len(wordings)]
        made = Clause.objects.create(
            agreement=agreement,
            key=f"punkt-{number}",
            parent=above[depth],
            position=number,
            heading=heading,
            # A reference to a clause that is there; the wording is otherwise as it was.
            text=text.replace("[[punkt:", "[[punkt:punkt-0]] ("),
        )
        above = [*above[: depth + 1], made]


def work(client: Client, agreement: Agreement) -> dict[str, Callable[[], Any]]:
    """What an editor does."""
    typed = {"n": 0}

    def send(address: str, **data: str) -> Any:
        kind = "application/x-www-form-urlencoded"
        answer = client.post(TEXT + address, urlencode(data), kind, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 302), (address, answer.status_code)
        return answer

    def save() -> Any:
        typed["n"] += 1
        row = agreement.clauses.get(key="punkt-8")
        values = {"heading": row.heading, "text": f"Utgave {typed['n']}."}
        return send("punkt/punkt-8/", revision=str(row.revision), **values)

    def move() -> Any:
        typed["n"] += 1
        return send(f"punkt/punkt-8/flytt/{('opp', 'ned')[typed['n'] % 2]}/")

    return {
        "open the text": lambda: client.get(TEXT),
        "open a clause": lambda: client.get(f"{TEXT}punkt/punkt-8/"),
        "the reader's view while typing": lambda: send(
            "punkt/punkt-8/visning/", heading="Formål", text="Sendes NAV."
        ),
        "save a clause": save,
        "move a clause": move,
        "open the findings": lambda: client.get(BASE + "kontroll/"),
        "check everything": lambda: checks.run(
            snapshot.build(agreement), snapshot.context(agreement.region)
        ),
    }


def main() -> None:
    """Measure both sizes, and print them side by side."""
    with (
        database.fresh(),
        override_settings(ALLOWED_HOSTS=["testserver"]),
        transaction.atomic(),
    ):
        demonstration.load()
        client = Client()
        client.force_login(User.objects.get(email="redaktor@ringerike.example"))
        agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
        taken: dict[str, list[tuple[float, int]]] = {}
        for size in SIZES:
            fill(agreement, size)
            for name, ask in work(client, agreement).items():
                spent = seconds(ask)
                with CaptureQueriesContext(connection) as asked:
                    ask()
                taken.setdefault(name, []).append((spent, len(asked)))
        for name, ((short, few), (long, many)) in taken.items():
            print(
                f"{name:34}{short * 1000:8.0f} ms{long * 1000:8.0f} ms   x {long / short:5.1f}"
                f"   {few:3} and {many} queries"
            )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()

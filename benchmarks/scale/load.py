"""200 people at once: they read, think, and now and then write, for some minutes."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.scale import browsing, filling
from benchmarks.scale.browsing import Answer, Browser
from benchmarks.scale.measuring import EMPTY
from municipalities.models import Membership, Organisation, User

THINK = (5.0, 15.0)  # seconds between two pages, evenly spread
WARM_UP = 60.0  # seconds before anything is counted
# What people do, and how often: the page under an agreement, or a whole address.
READING = {
    EMPTY: 8,
    "/": 12,
    "/avtaler/": 8,
    "/avtaler/?q=etablerer": 4,
    "": 16,
    "tekst/": 14,
    "okonomi/": 8,
    "kontroll/": 5,
    "innspill/": 4,
    "historikk/": 4,
    "historikk/hendelser/": 3,
    "behandling/": 8,
    "dokumenter/": 4,
    "fil": 4,
}
# Only for editors: the page of a clause is for those who may write in it.
WRITING = {"ett punkt": 4, "lagre et punkt": 4, "hva om": 3}


@dataclass
class Person:
    """One of the 200: what they may open, and what has come of it."""

    browser: Browser
    drafts: list[str]
    agreements: list[str]
    files: list[str]
    alternatives: list[str]
    edits: bool
    dice: random.Random
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def live(self, begin: float, end: float) -> None:
        """Ask for pages until the end, and note what came after the beginning."""
        time.sleep(self.dice.uniform(0, THINK[1]))
        while time.monotonic() < end:
            kind, do = self._next()
            try:
                answer = do()
                self.statuses[answer.status] += 1
                if answer.status not in (200, 302):
                    self.problems.append(f"{kind}: {answer.status}")
                elif time.monotonic() > begin:
                    self.times[kind].append(answer.seconds)
            except (OSError, AssertionError) as problem:
                self.problems.append(f"{kind}: {problem!r}")
            time.sleep(self.dice.uniform(*THINK))

    def _next(self) -> tuple[str, Callable[[], Answer]]:
        kinds = READING | (WRITING if self.edits else {})
        kind = self.dice.choices(list(kinds), list(kinds.values()))[0]
        if kind == "ett punkt":
            return kind, lambda: self.browser.ask(self._clause())
        if kind == "lagre et punkt":
            return kind, self._save
        if kind == "hva om":
            return kind, self._what_if
        if kind == "fil":
            return "last ned lagret PDF", lambda: self.browser.ask(self.dice.choice(self.files))
        if kind.startswith("/"):
            return kind, lambda: self.browser.ask(kind)
        slug = self.dice.choice(self.agreements)
        return kind or "oversikt", lambda: self.browser.ask(f"/avtaler/{slug}/{kind}")

    def _clause(self) -> str:
        return f"/avtaler/{self.dice.choice(self.drafts)}/tekst/punkt/formaal/"

    def _save(self) -> Answer:
        address = self._clause()
        sent = self.browser.ask(address).form("Lagre")
        return self.browser.ask(address, sent | {"heading": [f"Formål {self.dice.random():.6f}"]})

    def _what_if(self) -> Answer:
        address = f"{self.dice.choice(self.alternatives)}hva-om/"
        return self.browser.ask(address, self.browser.ask(address).form("Regn ut"), htmx=True)


def people(port: int, count: int) -> list[Person]:
    """Log in so many: editors, administrators and directors of all regions, in turn."""
    found: list[Person] = []
    roles = (Membership.Role.EDITOR, Membership.Role.DIRECTOR, Membership.Role.ADMINISTRATOR)
    rows = Membership.objects.filter(role__in=roles, user__email__endswith="@scale.example")
    rows = rows.filter(organisation__municipality__regions__isnull=False)
    for number, row in enumerate(
        rows.select_related("user", "organisation__municipality").order_by("user")[:count]
    ):
        found.append(_person(port, row.user, row.organisation, row.role, number))
    return found


def _person(port: int, user: User, body: Organisation, role: str, number: int) -> Person:
    region = body.municipality.regions.get()
    rows = region.agreements.filter(slug__startswith="avtale").order_by("pk")
    # Each has a part of the drafts for themselves: that two write in one clause is tried elsewhere.
    place = list(region.members.order_by("number").values_list("pk", flat=True))
    mine = place.index(body.municipality_id)
    drafts = list(rows.filter(status="draft").select_related("plan"))[mine :: len(place)]
    files = rows.filter(versions__files__kind="agreement")
    return Person(
        browser=browsing.log_in(port, user),
        drafts=[row.slug for row in drafts],
        agreements=[row.slug for row in rows[:40]],
        files=[
            f"/avtaler/{slug}/dokumenter/fil/{pk}/"
            for slug, pk in files.values_list("slug", "versions__files__pk")
        ],
        alternatives=[
            f"/avtaler/{row.slug}/okonomi/alternativ/{row.plan.alternatives.first().pk}/"
            for row in drafts[:2]
        ],
        edits=role == Membership.Role.EDITOR and bool(drafts),
        dice=random.Random(number),  # noqa: S311 - what somebody happens to click on
    )


def run(url: str, agreements: int, count: int, minutes: float) -> str:
    """Let so many use the program for so long; return what was seen, as Markdown."""
    database = filling.ready(url, agreements)
    with browsing.served(database, workers=1) as (port, web):
        browsing.use(database)
        crowd = people(port, count)
        assert len(crowd) == count, f"there are only {len(crowd)} people"
        begin = time.monotonic() + WARM_UP
        end = begin + 60 * minutes
        threads = [threading.Thread(target=person.live, args=(begin, end)) for person in crowd]
        for thread in threads:
            thread.start()
        time.sleep(WARM_UP)
        before = browsing.memory(web)
        for thread in threads:
            thread.join()
        after = browsing.memory(web)
    return _report(crowd, minutes, before, after)


def _report(
    crowd: list[Person], minutes: float, before: dict[int, float], after: dict[int, float]
) -> str:
    times: dict[str, list[float]] = defaultdict(list)
    for person in crowd:
        for kind, taken in person.times.items():
            times[kind] += taken
    problems = [problem for person in crowd for problem in person.problems]
    total = sum(len(taken) for taken in times.values())
    empty = median(times[EMPTY])
    out = [
        f"{len(crowd)} people for {minutes:g} minutes: {total} pages and forms,"
        f" {total / (60 * minutes):.1f} a second, {len(problems)} errors."
        f" Processes replaced: {len(before.keys() - after.keys())}."
        f" Memory of the web processes, MiB, after warming up and at the end:"
        f" {', '.join(f'{v:.0f}' for v in before.values())} and"
        f" {', '.join(f'{v:.0f}' for v in after.values())}.",
        "",
        "| page or form | asked for | median, of empty | 95th percentile | slowest |",
        "|---|---:|---:|---:|---:|",
    ]
    for kind, taken in sorted(times.items()):
        high = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        out.append(
            f"| {kind} | {len(taken)} | {median(taken) / empty:.1f} | {high / empty:.1f}"
            f" | {max(taken) / empty:.1f} |"
        )
    return "\n".join([*out, *(["", *sorted(set(problems))[:20]] if problems else [])])

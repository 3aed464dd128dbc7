"""What each page costs, as a ratio to the empty page, with few agreements and with many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.utils import timezone

from agreements import acknowledging, workflow
from agreements.domain.states import Action
from agreements.models import Agreement, Decision, StoredFile
from agreements.record import Actor
from benchmarks.scale import browsing, filling
from benchmarks.scale.browsing import Answer, Browser
from municipalities.models import Membership, Organisation, Region, User

EMPTY = "/tom/"
MOST_QUERIES, MOST_OF_EMPTY, MOST_GROWTH, MOST_OF_FILE = 15, 4.0, 1.3, 2.5
Role = Membership.Role
WARMING = 4  # rounds until both processes have met every page, nearly always
Step = Callable[[], Answer]


@dataclass
class Line:
    """One page or action: what was measured of it."""

    name: str
    reads: bool
    answers: list[Answer] = field(default_factory=list)
    empty: list[Answer] = field(default_factory=list)
    queries: int = 0

    @property
    def clock(self) -> float:
        """How many times as long as an empty page asked for right before, the quickest of each.

        Others' work on the machine can only add to what a page takes.
        """
        return min(a.seconds for a in self.answers) / min(a.seconds for a in self.empty)

    @property
    def processor(self) -> float:
        """The same by the web process's processor time, the median of each; the database's is not in it."""
        return median(a.processor for a in self.answers) / median(a.processor for a in self.empty)


class Site:
    """One served database, its people, and what they do."""

    def __init__(self, url: str, port: int) -> None:
        self.url, self.port, self.words = url, port, 0
        browsing.use(url)
        self.region = Region.objects.order_by("slug").filter(name__startswith="Region ").first()
        contract = Organisation.objects.get(municipality=self.region.contract_municipality_id)
        self.contract = contract
        self.people = {
            role: self._log_in(self._person(contract, role))
            for role in (Role.EDITOR, Role.ADMINISTRATOR, Role.DIRECTOR)
        }
        self.lines = {name: Line(name, reads) for name, reads, _ in self._all()}

    def _person(self, organisation: Organisation, role: str) -> User:
        held = Membership.objects.filter(organisation=organisation, role=role)
        return User.objects.get(pk=held.order_by("pk").values("user")[:1])

    def _log_in(self, user: User) -> Browser:
        return browsing.log_in(self.port, user)

    def _first(self, status: str) -> Agreement:
        rows = Agreement.objects.filter(
            region=self.region, status=status, slug__startswith="avtale"
        )
        return rows.order_by("pk")[0]

    def _all(self) -> Iterator[tuple[str, bool, Step]]:
        yield from self._reading()
        yield from self._after_a_change()
        yield from self._writing()

    def _after_a_change(self) -> Iterator[tuple[str, bool, Step]]:
        """Pages of a draft somebody has just written in: all of it is read and checked again."""
        draft = self._first("draft")
        base = f"/avtaler/{draft.slug}/"
        for name, address in (("oversikt", base), ("tekst", f"{base}tekst/")):
            yield f"{name}, rett etter en endring", False, lambda a=address: self.changed(draft, a)

    def changed(self, draft: Agreement, address: str) -> Answer:
        """Change a word, and open a page."""
        clause = draft.clauses.get(key="formaal")
        self.words += 1
        type(clause).objects.filter(pk=clause.pk).update(text=f"Et ord er endret: {self.words}.")
        return self.people[Role.EDITOR].ask(address)

    def _reading(self) -> Iterator[tuple[str, bool, Step]]:
        draft, review = self._first("draft"), self._first("in_review")
        final = self._first("ready_to_sign")
        file = StoredFile.objects.filter(version__agreement=final, kind="agreement").get()
        waiting = Decision.objects.filter(
            version__agreement=review, organisation=self.contract
        ).exists()
        assert waiting, "the contract municipality's director is asked"
        d, r, f = (f"/avtaler/{row.slug}/" for row in (draft, review, final))
        editor, administrator, director = (
            ("redaktør", Role.EDITOR),
            ("administrator", Role.ADMINISTRATOR),
            ("direktør", Role.DIRECTOR),
        )
        for who, address, name in (
            *((who, "/", "min side") for who in (editor, administrator, director)),
            *((who, "/avtaler/", "avtaler") for who in (editor, administrator, director)),
            (editor, "/avtaler/?side=2", "avtaler, neste side"),
            (editor, "/avtaler/?q=kommune+6001", "avtaler, søk etter part"),
            (editor, "/avtaler/?q=etablerertjenesten", "avtaler, søk i tittel"),
            (editor, f"/avtaler/?region={self.region.pk}", "avtaler i en region"),
            *((who, d, "oversikt") for who in (editor, administrator, director)),
            (editor, f"{d}tekst/", "tekst"),
            (editor, f"{d}tekst/punkt/formaal/", "ett punkt"),
            (editor, f"{d}parter/", "parter"),
            (editor, f"{d}tjenester/", "tjenester"),
            (editor, f"{d}okonomi/", "økonomi"),
            (editor, f"{d}kontroll/", "kontroll"),
            (editor, f"{d}innspill/", "innspill"),
            (editor, f"{d}historikk/", "historikk"),
            (editor, f"{d}historikk/hendelser/", "hendelser"),
            *((who, f"{r}behandling/", "behandling") for who in (editor, administrator, director)),
            (administrator, f"{d}behandling/las/", "lås utkastet"),
            (director, f"{r}behandling/svar/{self.contract.key}/", "svar"),
            (director, f"{r}versjoner/1/", "en versjon"),
            (editor, f"{f}dokumenter/", "dokumenter"),
            (editor, "/min-side/varsler/", "varsler"),
            (editor, "/okonomi/", "planer"),
            (editor, "/kommuner/", "kommuner"),
            (editor, f"{f}dokumenter/fil/{file.pk}/", "last ned lagret PDF"),
        ):
            label, role = who
            browser = self.people[role]
            yield f"{name} ({label})", True, lambda b=browser, a=address: b.ask(a)

    def _writing(self) -> Iterator[tuple[str, bool, Step]]:
        draft = self._first("draft")
        base = f"/avtaler/{draft.slug}/"
        alternative = f"{base}okonomi/alternativ/{draft.plan.alternatives.first().pk}/"
        yield "lagre et punkt", False, lambda: self.save(f"{base}tekst/punkt/formaal/")
        yield (
            "regn om et alternativ",
            False,
            lambda: self.send(alternative, "regn/", "Lagre", htmx=True),
        )
        yield "hva om", False, lambda: self.send(f"{alternative}hva-om/", "", "Regn ut", htmx=True)
        yield "lås som versjon", False, self.freeze
        yield "svar på en versjon", False, self.decide

    def save(self, address: str) -> Answer:
        """Open a clause and save it with another heading."""
        browser = self.people[Role.EDITOR]
        sent = browser.ask(address).form("Lagre")
        heading = sent["heading"][0]
        sent["heading"] = [heading[:-2] if heading.endswith(" x") else f"{heading} x"]
        return browser.ask(address, sent)

    def send(self, address: str, action: str, button: str, *, htmx: bool) -> Answer:
        """Open a page and send its form as it is."""
        browser = self.people[Role.EDITOR]
        return browser.ask(address + action, browser.ask(address).form(button), htmx=htmx)

    def freeze(self) -> Answer:
        """Freeze a draft, and withdraw the version again so that it can be done once more."""
        draft, browser = self._first("draft"), self.people[Role.ADMINISTRATOR]
        editor = Actor(self._person(self.contract, Role.EDITOR), self.contract)
        for finding in workflow.read_draft(draft).waiting:
            acknowledging.acknowledge(editor, draft, finding, "Vi har sett på det.")
        address = f"/avtaler/{draft.slug}/behandling/las/"
        deadline = str(timezone.localdate() + dt.timedelta(days=14))
        answer = browser.ask(address, browser.ask(address).form("Lås") | {"deadline": [deadline]})
        draft.refresh_from_db()
        assert draft.status == "in_review", (address, answer.status)
        person = self._person(self.contract, Role.ADMINISTRATOR)
        workflow.take(
            Actor(person, self.contract),
            draft,
            Action.WITHDRAW,
            source=draft.status,
            reason="Målt ferdig.",
        )
        return answer

    def decide(self) -> Answer:
        """Answer for a municipality that has not answered; a new one each time."""
        row = (
            Decision.objects.filter(
                kind="decides", stance="undecided", version__agreement__status="in_review"
            )
            .exclude(version__agreement=self._first("in_review"))
            .exclude(version__round__withdrawn_at__isnull=False)
            .filter(version__agreement__slug__startswith="avtale")
            .select_related("version__agreement", "organisation")
            .order_by("pk")
            .first()
        )
        assert row is not None, "everybody has answered: make the databases anew with --anew"
        browser = self._log_in(self._person(row.organisation, Role.DIRECTOR))
        slug, key = row.version.agreement.slug, row.organisation.key
        address = f"/avtaler/{slug}/behandling/svar/{key}/"
        return browser.ask(address, browser.ask(address).form("Send") | {"stance": ["positive"]})

    def round(self, only: str = "", *, reading: bool) -> None:
        """Do everything once, with the empty page before each: what reads, or what writes."""
        browsing.use(self.url)
        editor = self.people[Role.EDITOR]
        for name, reads, step in self._all():
            if only in name and reads is reading:
                line = self.lines[name]
                line.empty.append(editor.ask(EMPTY))
                answer = step()
                ok = (200,) if reads else (200, 302)
                assert answer.status in ok, (name, answer.status, answer.body[-3000:])
                line.answers.append(answer)

    def count(self) -> None:
        """Count the queries of each: asked for apart, as counting takes time."""
        browsing.use(self.url)
        asking: Any = Browser.ask

        def counted(browser: Browser, *args: Any, **kwargs: Any) -> Answer:
            return asking(browser, *args, **kwargs | {"count": True})

        Browser.ask = counted
        try:
            for name, _, step in self._all():
                self.lines[name].queries = step().queries
        finally:
            Browser.ask = asking


def measure(url: str, few: int, many: int, rounds: int, only: str = "") -> list[tuple[Line, Line]]:
    """Measure both databases in one run, round by round; return what was measured, line by line."""
    with ExitStack() as stack:
        sites = []
        for size in (few, many):
            database = filling.ready(url, size)
            port, _ = stack.enter_context(browsing.served(database))
            sites.append(Site(database, port))
        for site in sites:
            for _ in range(WARMING):
                site.round(only, reading=True)
            site.count()
        for site in sites:
            for _ in range(WARMING):
                site.round(only, reading=True)
            for line in site.lines.values():
                line.answers.clear()
                line.empty.clear()
        # People read far more often than they write: nothing is written while reading is measured.
        for reading in (True, False):
            for _ in range(rounds):
                for site in sites:
                    site.round(only, reading=reading)
        small, large = sites
        return [(small.lines[name], large.lines[name]) for name in small.lines if only in name]


def table(lines: list[tuple[Line, Line]], few: int, many: int) -> str:
    """The measured as a Markdown table, with what misses its aim in bold."""
    out = [
        f"| page or action | of empty, {few} | of empty, {many} | growth | processor, {many} | queries |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for small, large in lines:
        growth = large.clock / small.clock
        most = MOST_OF_FILE if "last ned" in large.name else MOST_OF_EMPTY
        cells = [
            large.name,
            _cell(f"{small.clock:.1f}", False),
            _cell(f"{large.clock:.1f}", large.reads and large.clock > most),
            _cell(f"{growth:.2f}", large.reads and growth > MOST_GROWTH),
            f"{large.processor:.1f}",
            _cell(str(large.queries), large.reads and large.queries > MOST_QUERIES),
        ]
        out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out)


def _cell(text: str, missed: bool) -> str:
    return f"**{text}**" if missed else text

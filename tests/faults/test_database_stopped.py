"""The database is stopped, killed and started while people save, and a web process is killed too."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest
from django.db import connection

from agreements import record
from agreements.models import Agreement, AgreementEvent, Clause
from tests.faults import serving
from tests.faults.own import own_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 4
CLAUSE = "/avtaler/ringeriksregionen-2026/tekst/punkt/{}/"


@dataclass
class Load:
    """Somebody who saves one clause again and again, each time with a new text."""

    server: serving.Server
    key: str
    stop: threading.Event
    codes: Counter[int] = field(default_factory=Counter)
    saved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def work(self, cookies: httpx.Cookies) -> None:
        """Save until told to stop. Code 0 is a connection that broke: the web process was killed."""
        address, number = CLAUSE.format(self.key), 0
        with httpx.Client(
            base_url=self.server.url, cookies=cookies, timeout=60, trust_env=False
        ) as browser:
            while not self.stop.is_set():
                number += 1
                text = f"{self.key} runde {number}"
                try:
                    code = self._save(browser, address, text)
                except httpx.TransportError:
                    code = 0
                self.codes[code] += 1
                if code == 302:
                    self.saved.append(text)
                time.sleep(0.05)

    def _save(self, browser: httpx.Client, address: str, text: str) -> int:
        page = browser.get(address)
        if page.status_code != 200:
            self._look_at(page)
            return page.status_code
        sent = {
            name: serving.field(page.text, name) for name in ("csrfmiddlewaretoken", "revision")
        }
        answer = browser.post(address, data=sent | {"heading": self.key, "text": text})
        if answer.status_code == 503 and text not in answer.text:
            self.wrong.append("the typed text is not in the page")
        self._look_at(answer)
        return answer.status_code

    def _look_at(self, answer: httpx.Response) -> None:
        if answer.status_code == 503 and (
            "Ikke tilgjengelig akkurat nå" not in answer.text or "Retry-After" not in answer.headers
        ):
            self.wrong.append(f"an unclear page: {answer.text[:200]}")
        if "Traceback" in answer.text:
            self.wrong.append("a stack trace")


def test_a_database_that_is_stopped_and_started_under_load() -> None:
    with own_server() as database, serving.everything() as server:
        agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
        keys = list(agreement.clauses.filter(children=None).values_list("key", flat=True)[:PEOPLE])
        loads = [Load(server, key, threading.Event()) for key in keys]
        threads = []
        for load in loads:
            with serving.person(server) as browser:
                threads.append(threading.Thread(target=load.work, args=(browser.cookies,)))
        connection.close()
        for thread in threads:
            thread.start()
        try:
            _all_save(loads)
            database.stop()
            _all_are_told(loads)
            assert server.health() == server.health("/health/ready/") == 503
            database.start()
            _all_save(loads)
            assert server.health() == server.health("/health/ready/") == 200
            database.kill()
            _all_are_told(loads)
            database.start()
            _all_save(loads)
            _kill_a_web_process(server)
            _all_save(loads)
            serving.wait_until(lambda: server.told()["worker"] == "ok")
        finally:
            for load in loads:
                load.stop.set()
            for thread in threads:
                thread.join(120)
        for load in loads:
            assert not load.wrong, load.wrong[:3]
            assert set(load.codes) <= {302, 503, 409, 0}, load.codes
        _nothing_is_lost_or_half_done(agreement, loads)


def _all_save(loads: list[Load]) -> None:
    """Wait until everybody has saved twice more."""
    wanted = [load.codes[302] + 2 for load in loads]
    serving.wait_until(
        lambda: all(load.codes[302] >= n for load, n in zip(loads, wanted, strict=True))
    )


def _all_are_told(loads: list[Load]) -> None:
    """Wait until everybody has seen the page that says that the database is away."""
    wanted = [load.codes[503] + 1 for load in loads]
    serving.wait_until(
        lambda: all(load.codes[503] >= n for load, n in zip(loads, wanted, strict=True))
    )


def _kill_a_web_process(server: serving.Server) -> None:
    (master,) = [
        pid for pid, line in serving.children(server.process.pid).items() if "gunicorn" in line
    ]
    before = set(serving.children(master))
    os.kill(min(before), signal.SIGKILL)
    serving.wait_until(lambda: set(serving.children(master)) - before)


def _nothing_is_lost_or_half_done(agreement: Agreement, loads: list[Load]) -> None:
    """What somebody was told is saved, is; each save has its event, and the clause is as the last says."""
    for load in loads:
        events = AgreementEvent.objects.filter(agreement=agreement, action="clause.edited")
        texts = [
            event.data["text"][1]
            for event in events.order_by("number")
            if event.data.get("key") == load.key
        ]
        assert len(load.saved) >= 8
        assert set(load.saved) <= set(texts)
        assert len(texts) == len(set(texts)), "nothing is saved twice"
        assert Clause.objects.get(agreement=agreement, key=load.key).text == texts[-1]
    assert record.first_break(agreement) is None

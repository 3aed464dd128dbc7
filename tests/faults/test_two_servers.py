"""Two servers on one database: started at once, and used at once. See `tests/test_more_machines.py` too."""

from __future__ import annotations

import subprocess
import sys
import threading

import httpx
import pytest
from django.db import connection

from agreements import record
from agreements.backup import tables
from agreements.models import Agreement
from config.embedded_place import PROJECT
from tests import database
from tests.faults import serving

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CLAUSE = "/avtaler/ringeriksregionen-2026/tekst/punkt/{}/"


def test_two_servers_that_start_on_an_empty_database_migrate_it_once() -> None:
    with database.empty():
        tables.drop()
        environment = serving.environment()
        connection.close()
        starting = [
            subprocess.Popen(
                [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity=0"],
                cwd=PROJECT,
                env=environment,
                stderr=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        said = [process.communicate(timeout=300)[1] for process in starting]
        assert [process.returncode for process in starting] == [0, 0], said
        taken = tables.run("SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations")
        assert taken[0][0] == taken[0][1] > 50


def test_of_two_saves_at_once_on_two_servers_one_is_stopped(ringerike: Agreement) -> None:
    clause = ringerike.clauses.filter(children=None).first()
    assert clause is not None
    address = CLAUSE.format(clause.key)
    with (
        serving.gunicorn() as first,
        serving.gunicorn() as second,
        serving.person(first) as here,
        serving.person(second, "other_editor") as there,
    ):
        pages = [(browser, browser.get(address).text) for browser in (here, there)]
        barrier, answers = threading.Barrier(2), []

        def save(browser: httpx.Client, page: str, text: str) -> None:
            sent = {"heading": clause.heading, "text": text, "revision": str(clause.revision)}
            sent["csrfmiddlewaretoken"] = serving.field(page, "csrfmiddlewaretoken")
            barrier.wait(60)
            answers.append((browser.post(address, data=sent).status_code, text))

        threads = [
            threading.Thread(target=save, args=(*given, f"Fra tjener {number}."))
            for number, given in enumerate(pages, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert sorted(code for code, _ in answers) == [302, 409]
        (saved,) = [text for code, text in answers if code == 302]
        assert saved in here.get(address).text
        assert saved in there.get(address).text
    clause.refresh_from_db()
    assert clause.text == saved
    assert record.first_break(ringerike) is None

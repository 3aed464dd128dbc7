"""Two who finalise in the same moment, and a process that is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection

from agreements import finals
from agreements.domain.states import Action, State
from agreements.models import Agreement, StoredFile
from tests import database, final_files, pages, rounds
from tests.desk import BASE, As
from tests.test_at_once import at_once, codes

pytestmark = pytest.mark.django_db(transaction=True)
STEP = BASE + "behandling/steg/prepare-signing/"


@pytest.fixture
def adopted(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Agreement:
    final_files.quick(monkeypatch)
    final_files.adopted(ringerike)
    return ringerike


def test_files_are_rendered_outside_any_transaction(
    adopted: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    render = finals.render

    def watched(version: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return render(version)

    monkeypatch.setattr(finals, "render", watched)
    finals.finalise(rounds.administrator(), adopted, source=adopted.status)
    assert seen == [False]


def test_two_administrators_at_once_make_one_set_of_files(
    adopted: Agreement, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier, render = threading.Barrier(2), finals.render

    def together(version: Any) -> Any:
        made = render(version)
        barrier.wait(30)
        return made

    monkeypatch.setattr(finals, "render", together)
    sent = pages.form(as_("administrator").get(STEP), "Gjør klar")
    answers = at_once(("administrator", STEP, sent), ("administrator", STEP, sent))
    assert codes(answers) == [302, 409]
    assert StoredFile.objects.count() == 4
    assert adopted.events.filter(action="state.prepare_signing").count() == 1


def test_one_who_withdraws_while_the_files_are_made_wins(
    adopted: Agreement, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = finals.render

    def meanwhile(version: Any) -> Any:
        made = render(version)
        rounds.take(Agreement.objects.get(pk=adopted.pk), Action.WITHDRAW, "Feil.")
        return made

    monkeypatch.setattr(finals, "render", meanwhile)
    client = as_("administrator")
    assert client.post(STEP, pages.form(client.get(STEP), "Gjør klar")).status_code == 409
    adopted.refresh_from_db()
    assert adopted.state is State.DRAFT
    assert not StoredFile.objects.exists()


KILLED = """
import os, sys, django
django.setup()
from agreements import documents, finals, workflow
from agreements.demo import one_line_pdf
from agreements.models import Agreement
from agreements.record import Actor
from municipalities.models import User
documents.agreement_pdf = documents.contributions_pdf = lambda *given: one_line_pdf("x")
finals.gate, finals.limits = (lambda content: []), (lambda content, document: [])
keep, place = finals.keep, int(sys.argv[1])
def kept(*given):
    global place
    place -= 1
    if place < 0:
        os._exit(9)
    return keep(*given)
finals.keep = kept
agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
actor = Actor(User.objects.get(email="admin@ringerike.example"), None)
finals.finalise(actor, agreement, source=agreement.status)
"""


def test_a_process_that_is_killed_in_the_middle_leaves_nothing(adopted: Agreement) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database.database_url(),
    }
    for stored in (0, 2):
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, str(stored)],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert ran.returncode == 9, ran.stderr.decode()[-2000:]
        adopted.refresh_from_db()
        assert (adopted.state, StoredFile.objects.count()) == (State.ADOPTED, 0)
    assert len(finals.finalise(rounds.administrator(), adopted, source=adopted.status)) == 4

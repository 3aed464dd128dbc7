"""Killed while freezing, while rendering and while storing: nothing half-done, and it can be done again."""

from __future__ import annotations

import pytest
from django.db import connection

from agreements import finals, record
from agreements.domain.states import State
from agreements.models import Agreement, Decision, Message, StoredFile, Version
from tests import final_files, rounds
from tests.faults.killing import killed

pytestmark = pytest.mark.django_db(transaction=True)


def counted(agreement: Agreement) -> dict[str, int]:
    """How much there is of everything that a step makes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        ((jobs,),) = cursor.fetchall()
    kinds = (Version, Decision, Message, StoredFile)
    found = {model.__name__: model.objects.count() for model in kinds}
    return found | {"jobs": jobs, "events": agreement.events.count()}


@pytest.mark.slow
def test_killed_while_freezing(ringerike: Agreement) -> None:
    rounds.ready(ringerike)
    before = counted(ringerike)
    for place in (
        'INSERT INTO "agreements_version"',
        'INSERT INTO "agreements_decision"',
        'UPDATE "agreements_agreement"',
        'INSERT INTO "agreements_agreementevent"',
        'INSERT INTO "agreements_message"',
    ):
        killed("freeze", place)
        ringerike.refresh_from_db()
        assert ringerike.state is State.DRAFT, place
        assert counted(ringerike) == before, place
        assert record.first_break(ringerike) is None
    version = rounds.freeze_as_it_is(ringerike)
    assert (version.number, ringerike.state) == (1, State.IN_REVIEW)
    assert record.first_break(ringerike) is None


@pytest.fixture
def adopted(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Agreement:
    final_files.quick(monkeypatch)
    final_files.adopted(ringerike)
    return ringerike


def test_killed_while_rendering(adopted: Agreement) -> None:
    _killed_and_done_again(adopted, [("", 0)])


@pytest.mark.slow
def test_killed_while_storing(adopted: Agreement) -> None:
    files, event = 'INSERT INTO "agreements_storedfile"', 'INSERT INTO "agreements_agreementevent"'
    _killed_and_done_again(adopted, [(files, 0), (files, 3), (event, 0)])


def _killed_and_done_again(adopted: Agreement, places: list[tuple[str, int]]) -> None:
    before = counted(adopted)
    for words, times in places:
        killed("finalise", words, times)
        adopted.refresh_from_db()
        assert adopted.state is State.ADOPTED
        assert counted(adopted) == before, (words, times)
    assert len(finals.finalise(rounds.administrator(), adopted, source=adopted.status)) == 4
    adopted.refresh_from_db()
    assert adopted.state is State.READY_TO_SIGN
    assert record.first_break(adopted) is None

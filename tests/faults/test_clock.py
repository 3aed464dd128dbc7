"""The clock is moved while people work: order is kept by numbers, and nobody is told twice."""

from __future__ import annotations

from django.test import Client

from agreements import notifying, record
from agreements.domain.states import State
from agreements.models import Agreement, Message
from municipalities.models import User
from tests import rounds
from tests.conftest import CAST
from tests.faults.clock import Clock
from tests.rounds import HOLE, MODUM


def test_the_record_keeps_its_order_when_the_clock_goes_back(
    quiet: Agreement, clock: Clock
) -> None:
    version = rounds.freeze(quiet)
    clock.move(days=-2)
    rounds.answer(version, HOLE)
    clock.move(days=3)
    rounds.answer(version, MODUM)
    events = list(quiet.events.order_by("number"))
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert [event.action for event in events[-3:]] == [
        "state.freeze",
        "decision.given",
        "decision.given",
    ]
    times = [event.occurred_at for event in events[-3:]]
    assert times[1] < times[0] < times[2], "the record says what the clock said"
    assert record.first_break(quiet) is None


def test_a_decision_made_before_its_version_by_a_wrong_clock_counts(
    quiet: Agreement, clock: Clock
) -> None:
    version = rounds.freeze(quiet)
    clock.move(days=-2)
    rounds.all_answer(version)
    clock.move(days=2)
    rounds.take(quiet, rounds.Action.RECOMMEND)
    assert quiet.state is State.RECOMMENDED


def test_a_deadline_passes_by_the_clock_of_today(quiet: Agreement, clock: Clock) -> None:
    """A clock that ran ahead and was put right closes nothing: the deadline is asked about each time."""
    version = rounds.freeze(quiet, days=7)
    before = quiet.status
    clock.move(days=30)
    notifying.remind()
    quiet.refresh_from_db()
    assert quiet.status == before, "time alone moves nothing"
    clock.move(days=-30)
    assert rounds.answer(version, HOLE)


def test_reminders_go_out_once_however_the_clock_is_moved(quiet: Agreement, clock: Clock) -> None:
    rounds.freeze(quiet, days=14)
    reminded = Message.objects.filter(kind="reminder")
    for days in (7, -7, 7, -1, 1):
        clock.move(days=days)
        notifying.remind()
    people = reminded.values("recipient").distinct().count()
    assert reminded.count() == people > 0


def test_a_session_holds_while_the_clock_goes_back_and_ends_after_its_time(
    quiet: Agreement, clock: Clock
) -> None:
    client = Client()
    client.force_login(User.objects.get(email=CAST["editor"]))
    clock.move(hours=-3)
    assert client.get("/avtaler/").status_code == 200
    clock.move(hours=3 + 13)
    assert client.get("/avtaler/").status_code == 302

"""The table of notices: every event that is told has words, and reminders come on the right days."""

from __future__ import annotations

import datetime as dt

import pytest

from agreements import event_text
from agreements.domain import notices, states
from agreements.domain.notices import Audience, Facts, Kind, Page

DAY = dt.date(2026, 5, 20)
FULL = Facts(
    title="Avtale om etablerertjenesten",
    version=2,
    deadline=DAY,
    name="Hole kommune",
    stance="negativ",
    to_name="Lars Leser",
    reason="Feil sats.",
    days=("2026-05-01", "2026-05-20"),
    about="3 Formål",
    sender="Hole kommune",
    complete=True,
)


@pytest.mark.parametrize("action", sorted(notices.TOLD))
def test_every_event_that_is_told_says_something_whole(action: str) -> None:
    found = notices.about(action, FULL)
    assert found
    assert action in event_text.TEXTS
    for notice in found:
        assert FULL.title in notice.subject
        assert notice.text.startswith(FULL.title)
        assert "None" not in notice.text + notice.subject
        assert notice.page in notices.PAGES
        assert notice.text.replace("{bodies}", "").count("{") == 0
        assert notice.text.rstrip().endswith((".", "siden"))


def test_what_is_not_told_is_not_told() -> None:
    silent = set(event_text.TEXTS) - notices.TOLD
    assert {"clause.edited", "input.withdrawn", "agreement.created", "finding.reopened"} <= silent
    for action in silent:
        assert notices.about(action, FULL) == ()


def test_every_step_of_the_table_is_told() -> None:
    steps = {f"state.{line.action}" for line in states.TRANSITIONS}
    assert steps <= notices.TOLD


def test_what_is_internal_says_nothing_of_what_it_is_about() -> None:
    hidden = Facts(title="Avtale", about="3 Formål", sender="Hole kommune", internal=True)
    for action in ("input.added", "input.answered", "input.declined"):
        for notice in notices.about(action, hidden):
            assert notice.internal
            assert "Formål" not in notice.text + notice.subject
            assert "Hole" not in notice.text + notice.subject


def test_the_words_of_an_answer_are_not_told_but_the_reason_of_a_withdrawal_is() -> None:
    for notice in notices.about("decision.taken_back", FULL):
        assert "Feil sats" not in notice.text
    (asked,) = (n for n in notices.about("state.withdraw", FULL) if n.audience is Audience.ASKED)
    assert asked.kind is Kind.WITHDRAWN
    assert "Begrunnelse: Feil sats." in asked.text
    others = [n for n in notices.about("state.withdraw", FULL) if n != asked]
    assert others
    assert not any("Feil sats" in n.text for n in others)


def test_those_asked_are_led_to_where_they_answer() -> None:
    first = notices.about("state.freeze", FULL)[0]
    assert (first.audience, first.kind, first.page) == (Audience.ASKED, Kind.ASKED, Page.DECISION)
    assert first.subject.startswith("Svar innen 20. mai 2026")


@pytest.mark.parametrize("action", ["state.unsign_partly", "state.unsign"])
def test_a_signature_that_is_taken_back_is_no_step_on_and_says_whose_it_was(action: str) -> None:
    for notice in notices.about(action, FULL):
        assert notice.subject == f"En signatur er tatt tilbake: {FULL.title}"
        assert "tatt tilbake at Hole kommune har signert versjon 2." in notice.text
        assert ("Ingen har signert nå" in notice.text) == (action == "state.unsign")


def test_a_long_title_is_cut_in_the_subject_alone() -> None:
    long = Facts(title="Å" * 400, version=1, deadline=DAY)
    for notice in notices.about("state.freeze", long):
        assert len(notice.subject) == notices.SUBJECT_LIMIT
        assert "Å" * 400 in notice.text


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (30, None),
        (8, None),
        (7, 7),
        (6, 7),
        (3, 7),
        (2, 2),
        (1, 2),
        (0, 2),
        (-1, -1),
        (-7, -1),
        (-8, None),
    ],
)
def test_the_milestones(left: int, due: int | None) -> None:
    asked = DAY - dt.timedelta(days=40)
    assert notices.milestone(DAY - dt.timedelta(days=left), DAY, asked) == due


@pytest.mark.parametrize(
    ("round_days", "left", "due"),
    [
        (7, 6, None),
        (8, 7, 7),
        (5, 4, None),
        (5, 2, 2),
        (2, 1, None),
        (2, -1, -1),
        (0, 0, None),
        (0, -1, -1),
    ],
)
def test_a_short_round_has_no_reminder_from_before_it_began(
    round_days: int, left: int, due: int | None
) -> None:
    asked = DAY - dt.timedelta(days=round_days)
    assert notices.milestone(DAY - dt.timedelta(days=left), DAY, asked) == due


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (7, "Svarfristen er om 7 dager"),
        (1, "Svarfristen er i morgen"),
        (0, "Svarfristen er i dag"),
        (-1, "Svarfristen er ute"),
    ],
)
def test_a_reminder_says_how_long_there_is(left: int, words: str) -> None:
    made = notices.reminder(FULL, DAY - dt.timedelta(days=left))
    assert made.subject.startswith(words)
    assert "20. mai 2026" in made.text
    assert made.text.count("{bodies}") == 1

"""What stands in the way of a step, and what follows from the councils' decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import guards
from agreements.domain.checks import Code, Finding, Level, Position
from agreements.domain.guards import Facts, Outcome, conclusion, obstacles
from agreements.domain.states import Action, Need

YES, NO, IF = Outcome.ADOPTED, Outcome.REJECTED, Outcome.CONDITIONAL
FACTS = Facts(today=date(2025, 5, 1), term_start=date(2026, 1, 1), term_end=date(2028, 12, 31))


def found(level: Level, code: Code = Code.DRAFTING_NOTE) -> Finding:
    return Finding(level, code, "Noe", "avtale")


def needs(action: Action, facts: Facts) -> list[Need]:
    return [obstacle.need for obstacle in obstacles(action, facts)]


def test_a_draft_without_findings_can_be_frozen() -> None:
    assert needs(Action.FREEZE, FACTS) == []


@pytest.mark.parametrize(
    ("level", "need"),
    [(Level.ERROR, Need.NO_ERRORS), (Level.WARNING, Need.WARNINGS_ACKNOWLEDGED)],
)
def test_errors_and_open_warnings_stop_freezing(level: Level, need: Need) -> None:
    assert needs(Action.FREEZE, replace(FACTS, findings=(found(level),))) == [need]


def test_what_is_for_information_stops_nothing() -> None:
    assert needs(Action.FREEZE, replace(FACTS, findings=(found(Level.INFO),))) == []


def test_an_agreement_without_a_table_is_not_frozen() -> None:
    assert needs(Action.FREEZE, replace(FACTS, has_financing=False)) == [Need.FINANCING]


def answers(*positions: Position) -> tuple[tuple[str, Position], ...]:
    return tuple((f"K{number}", position) for number, position in enumerate(positions))


def test_a_round_ends_when_all_have_answered_or_the_deadline_has_passed() -> None:
    waiting = replace(
        FACTS,
        answers=answers(Position.POSITIVE, Position.UNDECIDED),
        deadline=date(2025, 5, 1),
    )
    assert needs(Action.RECOMMEND, waiting) == [Need.ANSWERED_OR_LATE]
    assert (
        "K1 har ikke svart. Fristen er 1. mai 2025."
        in obstacles(Action.RECOMMEND, waiting)[0].message
    )
    assert needs(Action.RECOMMEND, replace(waiting, today=date(2025, 5, 2))) == []
    answered = replace(waiting, answers=answers(Position.POSITIVE, Position.NEGATIVE))
    assert needs(Action.RECOMMEND, answered) == []


def test_what_nobody_wants_is_not_recommended() -> None:
    no = replace(FACTS, answers=answers(Position.NEGATIVE), deadline=date(2025, 5, 1))
    assert needs(Action.RECOMMEND, no) == [Need.SOMEBODY_POSITIVE]
    assert needs(Action.RECOMMEND, replace(no, answers=answers(Position.CONDITIONAL))) == []


def test_nobody_signs_before_the_signers_are_known() -> None:
    for code in (Code.SIGNATORY_MISSING, Code.MANDATE_MISSING):
        missing = replace(FACTS, findings=(found(Level.WARNING, code),))
        assert needs(Action.PREPARE_SIGNING, missing) == [Need.SIGNERS_KNOWN]
    other = replace(FACTS, findings=(found(Level.WARNING),))
    assert needs(Action.PREPARE_SIGNING, other) == []


def test_conditions_are_accepted_only_where_nobody_says_no() -> None:
    said = replace(FACTS, outcomes=(("Hole", NO), ("Modum", IF)))
    assert needs(Action.ACCEPT_CONDITIONS, said) == [Need.NO_RESERVATION]
    assert needs(Action.ACCEPT_CONDITIONS, replace(FACTS, outcomes=(("Modum", IF),))) == []


def test_an_agreement_starts_and_expires_with_its_term() -> None:
    for day, start, end in (
        (date(2025, 12, 31), [Need.TERM_STARTED], [Need.TERM_ENDED]),
        (date(2026, 1, 1), [], [Need.TERM_ENDED]),
        (date(2028, 12, 31), [], [Need.TERM_ENDED]),
        (date(2029, 1, 1), [], []),
    ):
        on_that_day = replace(FACTS, today=day)
        assert needs(Action.START, on_that_day) == start
        assert needs(Action.EXPIRE, on_that_day) == end


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ((), None),
        ((YES, None), None),
        ((YES, YES), Action.ADOPT),
        ((NO, NO), Action.REJECT),
        ((YES, NO), Action.ADOPT_PARTLY),
        ((YES, IF), Action.ADOPT_PARTLY),
        ((IF, IF), Action.ADOPT_PARTLY),
        ((IF, NO), Action.ADOPT_PARTLY),
    ],
)
def test_the_state_follows_from_the_councils(
    said: tuple[Outcome | None, ...], follows: Action | None
) -> None:
    assert conclusion(said) is follows


@given(st.lists(st.sampled_from([YES, NO, IF, None])))
def test_the_order_of_the_councils_does_not_matter(said: list[Outcome | None]) -> None:
    assert conclusion(said) is conclusion(reversed(said))


def test_every_need_has_somebody_who_judges_it() -> None:
    assert set(guards._JUDGES) == set(Need)

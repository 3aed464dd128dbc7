"""The table of states: complete, closed, and printed as docs/states.md has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import states
from agreements.domain.states import Action, Asker, IllegalStepError, State, step

DOCS = Path(__file__).parents[2] / "docs" / "states.md"


def test_every_action_has_one_line_and_every_state_a_name() -> None:
    assert [line.action for line in states.TRANSITIONS] == list(Action)
    assert set(states.LABELS) == set(State)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, waiting = set(), [State.DRAFT]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [line.target for line in states.from_state(state)]
    assert reached == set(State)


def test_only_the_archive_is_the_end() -> None:
    assert [state for state in State if not states.from_state(state)] == [State.ARCHIVED]


@given(st.sampled_from(list(State)), st.sampled_from(list(Action)))
def test_a_step_is_taken_only_from_where_the_table_has_it(state: State, action: Action) -> None:
    if state in states.transition(action).sources:
        assert step(state, action) is states.transition(action).target
    else:
        with pytest.raises(IllegalStepError):
            step(state, action)


def test_what_opens_the_draft_again_needs_a_reason() -> None:
    opening = [line for line in states.TRANSITIONS if line.target is State.DRAFT]
    assert opening
    assert all(line.reason and line.asker is Asker.ADMINISTRATOR for line in opening)


def test_nothing_is_withdrawn_once_somebody_has_signed() -> None:
    sources = states.transition(Action.WITHDRAW).sources
    assert not {State.PARTLY_SIGNED, State.SIGNED, State.ACTIVE} & set(sources)


def test_the_documentation_prints_the_table() -> None:
    assert states.as_markdown() in DOCS.read_text(encoding="utf-8")

"""One answer for each municipality, by whoever may give it, about the version they have seen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from agreements import access, deciding, event_text, record
from agreements.access.roles import DRAFTING
from agreements.domain.checks import Position
from agreements.domain.states import Action
from agreements.models import Agreement, Delegation
from agreements.record import Actor
from municipalities import revisions
from municipalities.models import Membership, User
from tests import rounds
from tests.conftest import CAST
from tests.rounds import HOLE, MODUM

TODAY = timezone.localdate


def a_colleague(key: str = HOLE, role: str = Membership.Role.READER) -> User:
    user = User.objects.create_user("vikar@hole.example", "x", name="Vera Vikar")
    Membership.objects.create(user=user, organisation=rounds.body(key), role=role)
    return user


def given(agreement: Agreement) -> int:
    return agreement.events.filter(action="decision.given").count()


def test_an_answer_is_bound_to_the_version_that_was_seen(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    row = rounds.decision(version, HOLE)
    with pytest.raises(revisions.StaleRevisionError):
        deciding.decide(
            rounds.director(HOLE), row, row.revision, stance=Position.POSITIVE, seen_sha256="0" * 64
        )
    assert given(ringerike) == 0
    assert rounds.answer(version, HOLE)
    stored = rounds.decision(version, HOLE)
    assert (stored.seen_sha256, stored.decided_by.email) == (version.sha256, CAST["director"])


@pytest.mark.parametrize("stance", [Position.NEGATIVE, Position.CONDITIONAL, Position.UNDECIDED])
def test_an_answer_that_is_not_positive_says_why(ringerike: Agreement, stance: Position) -> None:
    version = rounds.freeze(ringerike)
    row = rounds.decision(version, HOLE)
    with pytest.raises(ValueError, match="why"):
        deciding.decide(rounds.director(HOLE), row, 1, stance=stance, seen_sha256=version.sha256)


def test_the_same_answer_twice_is_one_event_and_another_one_is_stopped(
    ringerike: Agreement,
) -> None:
    version = rounds.freeze(ringerike)
    assert rounds.answer(version, HOLE, Position.NEGATIVE, "Nei.")
    assert not rounds.answer(version, HOLE, Position.NEGATIVE, "Nei.")
    with pytest.raises(deciding.AlreadyAnsweredError) as stopped:
        rounds.answer(version, HOLE, Position.POSITIVE)
    assert stopped.value.current.stance == "negative"
    assert given(ringerike) == 1


@pytest.mark.parametrize("who", ["editor", "other_editor", "administrator", "reader", "county"])
def test_nobody_else_answers_for_a_municipality(ringerike: Agreement, who: str) -> None:
    version = rounds.freeze(ringerike)
    row = rounds.decision(version, HOLE)
    actor = Actor(User.objects.get(email=CAST[who]), row.organisation)
    with pytest.raises(deciding.NotAllowedError):
        deciding.decide(actor, row, 1, stance=Position.POSITIVE, seen_sha256=version.sha256)


def test_a_director_answers_for_the_own_municipality_only(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    row = rounds.decision(version, MODUM)
    with pytest.raises(deciding.NotAllowedError):
        deciding.decide(
            rounds.director(HOLE), row, 1, stance=Position.POSITIVE, seen_sha256=version.sha256
        )


def test_who_drafts_does_not_decide(ringerike: Agreement) -> None:
    """Also not as a director, and not after having lost the role that let them draft."""
    version = rounds.freeze(ringerike)
    editor = User.objects.get(email=CAST["other_editor"])
    Membership.objects.create(
        user=editor, organisation=rounds.body(MODUM), role=Membership.Role.DIRECTOR
    )
    row = rounds.decision(version, MODUM)
    assert access.mandate(editor, row) is None
    rita = User.objects.get(email=CAST["editor"])  # made the draft
    rita.memberships.all().delete()
    Membership.objects.create(
        user=rita, organisation=rounds.body(MODUM), role=Membership.Role.DIRECTOR
    )
    assert access.mandate(rita, row) is None
    assert access.mandate(User.objects.get(email=rounds.DIRECTORS[MODUM]), row) is not None


def test_every_kind_of_event_is_drafting_or_is_not() -> None:
    """A new kind of event must be put on one side, or somebody who drafts could come to decide."""
    kinds = {action.partition(".")[0] + "." for action in event_text.TEXTS}
    process = {"input.", "state.", "decision.", "delegation.", "resolution.", "round."}
    process |= {"freeze.", "archive.", "signer.", "public."}
    assert kinds - process == set(DRAFTING)


@pytest.mark.parametrize("action", ["language.swapped", "finding.acknowledged"])
def test_whoever_has_changed_the_draft_in_any_way_does_not_decide(
    ringerike: Agreement, action: str
) -> None:
    director = User.objects.get(email=CAST["director"])
    row = rounds.decision(rounds.freeze(ringerike), HOLE)
    assert access.mandate(director, row) is not None
    record.record(Actor(director, row.organisation), ringerike, action, {})
    assert access.mandate(director, row) is None


def test_an_answer_is_taken_back_with_a_reason_and_given_anew(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    rounds.answer(version, HOLE, Position.NEGATIVE, "Nei.")
    row = rounds.decision(version, HOLE)
    with pytest.raises(ValueError, match="reason"):
        deciding.take_back(rounds.director(HOLE), row, row.revision, "")
    assert deciding.take_back(rounds.director(HOLE), row, row.revision, "Nye tall.")
    assert not deciding.take_back(rounds.director(HOLE), row, row.revision, "Nye tall.")
    assert not rounds.decision(version, HOLE).given
    event = ringerike.events.get(action="decision.taken_back")
    assert event.data["before"] == {"stance": "negative", "comment": "Nei."}
    assert event.data["reason"] == "Nye tall."
    assert rounds.answer(version, HOLE, Position.POSITIVE)


def test_nobody_answers_after_the_round_or_about_a_version_that_is_withdrawn(
    ringerike: Agreement,
) -> None:
    version = rounds.freeze(ringerike)
    for key in rounds.DIRECTORS:
        rounds.answer(version, key)
    rounds.take(ringerike, Action.RECOMMEND)
    row = rounds.decision(version, HOLE)
    with pytest.raises(deciding.ClosedError):
        deciding.take_back(rounds.director(HOLE), row, row.revision, "Angrer.")
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    second = rounds.freeze(ringerike)
    with pytest.raises(deciding.ClosedError) as closed:
        rounds.answer(version, HOLE)
    assert closed.value.version == second
    assert rounds.answer(second, HOLE)


def delegate(agreement: Agreement, to: User, first: int = 0, last: int = 7) -> Delegation:
    days = TODAY() + dt.timedelta(days=first), TODAY() + dt.timedelta(days=last)
    return deciding.delegate(
        rounds.director(HOLE), agreement, rounds.body(HOLE), to, days, "Ferie."
    )


def test_a_delegate_answers_within_the_days_and_it_shows(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    vera = a_colleague()
    row = rounds.decision(version, HOLE)
    actor = Actor(vera, rounds.body(HOLE))
    delegate(ringerike, vera, first=1)
    assert access.mandate(vera, row) is None
    delegation = delegate(ringerike, vera)
    deciding.decide(actor, row, 1, stance=Position.POSITIVE, seen_sha256=version.sha256)
    stored = rounds.decision(version, HOLE)
    assert stored.delegation == delegation
    assert ringerike.events.get(action="decision.given").data["delegation"] == delegation.pk
    running = list(access.running_delegations(ringerike))
    assert access.answers_for(vera, ringerike, running) == {rounds.body(HOLE).pk}
    vera.memberships.all().delete()  # has left the municipality
    vera = User.objects.get(pk=vera.pk)
    assert access.mandate(vera, row) is None
    assert access.answers_for(vera, ringerike, running) == set()
    Membership.objects.create(
        user=vera, organisation=rounds.body(HOLE), role=Membership.Role.READER
    )
    vera = User.objects.get(pk=vera.pk)
    assert access.mandate(vera, row) is not None
    assert deciding.revoke(rounds.director(HOLE), ringerike, delegation)
    assert not deciding.revoke(rounds.director(HOLE), ringerike, delegation)
    assert access.mandate(vera, row) is None


def test_a_role_that_ends_while_the_answer_is_on_its_way_ends_the_right(
    ringerike: Agreement,
) -> None:
    """The roles that were read when the page began are not those that count under the lock."""
    version, stored = rounds.freeze(ringerike), rounds.director(HOLE).user
    assert stored is not None
    # Looked up lazily, as a request's is; one for each of the two that are tried.
    one, other = (
        SimpleLazyObject(lambda: User.objects.get(pk=stored.pk)) for _ in ("answer", "delegate")
    )
    row, hole, today = rounds.decision(version, HOLE), rounds.body(HOLE), timezone.localdate()
    assert access.mandate(one, row) is not None
    to = access.may_be_delegated(other, ringerike, hole)[0]
    assert to is not None
    stored.memberships.all().delete()
    with pytest.raises(deciding.NotAllowedError):
        deciding.decide(
            Actor(one, hole), row, 1, stance=Position.POSITIVE, seen_sha256=version.sha256
        )
    with pytest.raises(ValueError, match="delegated"):
        deciding.delegate(Actor(other, hole), ringerike, hole, to, (today, today), "Ferie")


def test_a_municipality_is_not_delegated_to_those_who_draft_or_are_not_there(
    ringerike: Agreement,
) -> None:
    rounds.freeze(ringerike)
    drafting = a_colleague(role=Membership.Role.EDITOR)
    for to in (
        drafting,
        User.objects.get(email=CAST["editor"]),
        User.objects.get(email=rounds.DIRECTORS[MODUM]),
        User.objects.get(email=CAST["director"]),
    ):
        with pytest.raises(ValueError, match="delegated"):
            delegate(ringerike, to)
    with pytest.raises(ValueError, match="delegated"):
        delegate(ringerike, User.objects.get(email=CAST["reader"]), first=3, last=2)
    assert not Delegation.objects.exists()

"""A version is frozen, answered, recommended, decided on: one outcome and one event each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from agreements import editing, record, workflow
from agreements.domain import canonical
from agreements.domain.checks import Position
from agreements.domain.guards import Outcome
from agreements.domain.states import Action, Need, State
from agreements.models import Agreement, AgreementEvent, Decision, Round, Version
from municipalities import revisions
from tests import rounds


def events(agreement: Agreement, prefix: str = "state.") -> list[str]:
    rows = agreement.events.filter(action__startswith=prefix).order_by("number")
    return list(rows.values_list("action", flat=True))


def test_freezing_keeps_the_document_and_asks_every_municipality(ringerike: Agreement) -> None:
    draft = rounds.ready(ringerike)
    version = rounds.freeze(ringerike)
    assert (version.number, ringerike.state) == (1, State.IN_REVIEW)
    assert workflow.document_of(Version.objects.get(pk=version.pk)) == draft.document
    asked = version.decisions.filter(kind=Decision.Kind.DECIDES).select_related("organisation")
    assert [row.organisation.key for row in asked] == [
        row.key for row in draft.document.financing.table.rows if row.key in rounds.DIRECTORS
    ]
    assert {row.organisation.key for row in asked} == set(rounds.DIRECTORS)
    assert {row.stance for row in version.decisions.all()} == {"undecided"}
    confirming = version.decisions.filter(kind=Decision.Kind.CONFIRMS)
    names = set(confirming.values_list("organisation__key", flat=True))
    assert names == {"33", "32", "nav-vest-viken", "innovasjon-norge"}
    (event,) = ringerike.events.filter(action="state.freeze")
    assert (event.version_id, event.data["version"]) == (version.pk, 1)


def test_findings_are_kept_with_who_let_them_stand_and_why(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    stands = [item for item in version.findings if item["level"] == "warning"]
    assert stands
    assert {(item["reason"], item["by"]) for item in stands} == {
        ("Vi har sett på det.", "Rita Redaktør")
    }


def test_a_draft_with_open_findings_is_not_frozen(ringerike: Agreement) -> None:
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, clause.revision, "Formål", "Se [[punkt:x]]")
    sha256 = canonical.sha256(workflow.read_draft(ringerike).document)
    with pytest.raises(workflow.NotReadyError) as refused:
        workflow.freeze(
            rounds.administrator(),
            ringerike,
            deadline=timezone.localdate(),
            seen_sha256=sha256,
        )
    assert Need.NO_ERRORS in {obstacle.need for obstacle in refused.value.obstacles}
    assert not Version.objects.exists()
    ringerike.refresh_from_db()
    assert ringerike.state is State.DRAFT


def test_a_draft_that_changed_meanwhile_is_not_frozen_unseen(ringerike: Agreement) -> None:
    draft = rounds.ready(ringerike)
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Noe annet.")
    with pytest.raises(revisions.StaleRevisionError):
        workflow.freeze(
            rounds.administrator(),
            ringerike,
            deadline=timezone.localdate(),
            seen_sha256=canonical.sha256(draft.document),
        )
    assert not Version.objects.exists()


def test_nothing_is_edited_while_it_is_decided_on(ringerike: Agreement) -> None:
    rounds.freeze(ringerike)
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    with pytest.raises(editing.NotEditableError):
        editing.save_clause(rounds.administrator(), clause, clause.revision, "Formål", "Nei.")


def test_freezing_twice_makes_one_version(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    with pytest.raises(workflow.MovedOnError):
        workflow.freeze(
            rounds.administrator(),
            ringerike,
            deadline=timezone.localdate(),
            seen_sha256=version.sha256,
        )
    assert Version.objects.count() == 1
    assert events(ringerike) == ["state.freeze"]


@pytest.mark.parametrize(
    "change", ["document = ''::bytea", "sha256 = repeat('0', 64)", "number = 9", "findings = '[]'"]
)
def test_the_database_refuses_to_change_a_version(ringerike: Agreement, change: str) -> None:
    from django.db import connection

    version = rounds.freeze(ringerike)
    for statement in (
        f"UPDATE agreements_version SET {change} WHERE id = %s",  # noqa: S608
        "DELETE FROM agreements_version WHERE id = %s",
        "DELETE FROM agreements_decision WHERE version_id = %s",
        "DELETE FROM agreements_round WHERE version_id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])


def test_the_case_of_sak_27_25_goes_to_the_councils_as_it_is(ringerike: Agreement) -> None:
    version = rounds.to_councils(ringerike)
    assert ringerike.state is State.IN_RESOLUTION
    stances = {
        row.organisation.key: row.stance
        for row in version.decisions.filter(kind=Decision.Kind.DECIDES).select_related(
            "organisation"
        )
    }
    assert stances == {key: stance.value for key, (stance, _) in rounds.ANSWERS.items()}
    assert Round.objects.get(version=version).closed_at is not None
    assert events(ringerike) == ["state.freeze", "state.recommend", "state.send_to_councils"]


def test_a_round_is_not_ended_before_the_deadline_while_somebody_has_not_answered(
    ringerike: Agreement,
) -> None:
    version = rounds.freeze(ringerike, days=0)
    rounds.answer(version, rounds.RINGERIKE)
    with pytest.raises(workflow.NotReadyError):
        rounds.take(ringerike, Action.RECOMMEND)
    Round.objects.update(deadline=timezone.localdate() - dt.timedelta(days=1))
    rounds.take(ringerike, Action.RECOMMEND)
    hole = rounds.decision(version, rounds.HOLE)
    assert (ringerike.state, hole.stance) == (State.RECOMMENDED, "undecided")


def test_withdrawing_needs_a_reason_opens_the_draft_and_asks_again(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    rounds.all_answer(version)
    with pytest.raises(ValueError, match="reason"):
        rounds.take(ringerike, Action.WITHDRAW)
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    assert ringerike.state is State.DRAFT
    withdrawn = Round.objects.get(version=version)
    assert withdrawn.withdrawn_reason == "Feil sats."
    assert workflow.current(ringerike) is None
    second = rounds.freeze(ringerike)
    assert second.number == 2
    assert {row.stance for row in second.decisions.all()} == {"undecided"}
    assert rounds.decision(version, rounds.HOLE).stance == "negative"


def test_a_step_from_a_page_that_is_out_of_date_is_refused(ringerike: Agreement) -> None:
    rounds.freeze(ringerike)
    with pytest.raises(workflow.MovedOnError):
        workflow.take(
            rounds.administrator(),
            ringerike,
            Action.WITHDRAW,
            source=State.RECOMMENDED.value,
            reason="x",
        )
    assert events(ringerike) == ["state.freeze"]


@pytest.mark.parametrize("action", [Action.ADOPT, Action.SIGN, Action.FREEZE])
def test_nobody_asks_for_what_follows_by_itself(ringerike: Agreement, action: Action) -> None:
    with pytest.raises(ValueError, match="asked for"):
        rounds.take(ringerike, action, "Jeg vil")


def test_the_last_council_decides_the_state(ringerike: Agreement) -> None:
    rounds.to_councils(ringerike)
    said = [rounds.resolve(ringerike, key) for key in rounds.DIRECTORS]
    assert said == [None, None, None, None, Action.ADOPT]
    assert ringerike.state is State.ADOPTED


def test_going_on_without_the_one_that_said_no(ringerike: Agreement) -> None:
    """Hole's no: the rest go on with a new version that is computed without it."""
    from agreements import resolutions

    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, k3310=Outcome.REJECTED)
    assert ringerike.state is State.PARTLY_ADOPTED
    gone = resolutions.go_on_without(
        rounds.administrator(), ringerike, source=ringerike.status, reason="Hole sa nei."
    )
    ringerike.refresh_from_db()
    assert (gone, ringerike.state) == ([rounds.HOLE], State.DRAFT)
    document = workflow.read_draft(ringerike).document
    assert document.financing is not None
    table = document.financing.table
    assert rounds.HOLE not in {row.key for row in table.rows}
    assert rounds.HOLE not in {b.key for party in document.parties for b in party.on_behalf_of}
    second = rounds.freeze(ringerike)
    asked = second.decisions.filter(kind=Decision.Kind.DECIDES)
    assert rounds.HOLE not in set(asked.values_list("organisation__key", flat=True))
    assert asked.count() == 4


def test_conditions_are_accepted_with_a_reason_where_nobody_said_no(ringerike: Agreement) -> None:
    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, k3316=Outcome.CONDITIONAL)
    assert ringerike.state is State.PARTLY_ADOPTED
    rounds.take(ringerike, Action.ACCEPT_CONDITIONS, "Orienteringen er lagt inn i årsplanen.")
    assert ringerike.state is State.ADOPTED


def test_a_resolution_that_was_recorded_wrong_is_corrected(ringerike: Agreement) -> None:
    from agreements import resolutions

    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, k3310=Outcome.REJECTED)
    rounds.take(ringerike, Action.CORRECT, "Feil ført.")
    assert ringerike.state is State.IN_RESOLUTION
    said = resolutions.Said("10/25", dt.date(2025, 6, 1), Outcome.ADOPTED)
    with pytest.raises(revisions.StaleRevisionError):
        resolutions.save_resolution(
            rounds.administrator(), ringerike, rounds.body(rounds.HOLE), said, revision=7
        )
    action = resolutions.save_resolution(
        rounds.administrator(), ringerike, rounds.body(rounds.HOLE), said, revision=1
    )
    assert action is Action.ADOPT
    changed = ringerike.events.filter(action="resolution.recorded").latest("number").data
    assert changed["outcome"] == ["rejected", "adopted"]


def test_nobody_signs_before_the_agreement_is_adopted(ringerike: Agreement) -> None:
    rounds.to_councils(ringerike)
    with pytest.raises(workflow.MovedOnError):
        rounds.take(ringerike, Action.PREPARE_SIGNING)


def test_the_record_is_a_chain_that_holds(ringerike: Agreement) -> None:
    version = rounds.to_councils(ringerike)
    assert record.first_break(ringerike) is None
    numbers = list(ringerike.events.order_by("pk").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    given = ringerike.events.filter(action="decision.given")
    assert {event.version_id for event in given} == {version.pk}


def test_an_event_that_is_changed_behind_the_programs_back_is_found(ringerike: Agreement) -> None:
    from django.db import connection

    rounds.freeze(ringerike)
    event = ringerike.events.order_by("number")[2]
    table = AgreementEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(f"UPDATE {table} SET action = 'x' WHERE id = %s", [event.pk])  # noqa: S608
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
    found = record.first_break(ringerike)
    assert found is not None
    assert found.number == event.number


def test_stances_are_part_of_what_the_guards_see(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    rounds.answer(version, rounds.HOLE, Position.NEGATIVE)
    known = dict(workflow.facts(ringerike).answers)
    assert known["Hole"] is Position.NEGATIVE
    assert known["Modum"] is Position.UNDECIDED

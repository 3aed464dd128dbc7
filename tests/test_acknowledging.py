"""Findings that are let stand with a reason: exactly those, and until they say something else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from agreements import acknowledging, snapshot
from agreements.domain import checks
from agreements.domain.checks import Finding, Level
from agreements.editing import Actor
from agreements.models import Acknowledgement, Agreement
from tests.inputs import actor


def found(agreement: Agreement) -> list[Finding]:
    return checks.run(snapshot.build(agreement), snapshot.context(agreement.region))


@pytest.fixture
def draft(ringerike: Agreement) -> Agreement:
    """A draft with one finding of each level, and the warning of the demonstration."""
    ringerike.clauses.filter(key="formaal").update(
        text="Rapporten sendes Viken fylkeskommune og NAV.\n\nOslo vedtas som verneting."
    )
    return ringerike


def one(agreement: Agreement, code: str) -> Finding:
    (finding,) = [finding for finding in found(agreement) if finding.code == code]
    return finding


def test_what_is_let_stand_does_not_stop_and_the_rest_does(draft: Agreement) -> None:
    findings = found(draft)
    levels = {finding.level for finding in findings}
    assert levels == set(Level)
    before = acknowledging.unacknowledged(draft, findings)
    assert before == [f for f in findings if f.level != Level.INFO]
    warning = one(draft, "name_not_registered")
    made = acknowledging.acknowledge(actor("editor"), draft, warning, "Slik sier vi det.")
    assert acknowledging.of(draft, findings) == {warning: made}
    assert acknowledging.unacknowledged(draft, findings) == [f for f in before if f != warning]
    event = draft.events.latest("pk")
    assert (event.action, event.data["message"]) == ("finding.acknowledged", warning.message)
    assert event.data["reason"] == "Slik sier vi det."


def test_another_message_at_the_same_place_is_a_new_finding(draft: Agreement) -> None:
    old = one(draft, "contributor_not_confirmed")
    acknowledging.acknowledge(actor("editor"), draft, old, "Avklares i mai.")
    draft.plan.participants.exclude(population=None).update(population=1234)
    new = one(draft, "contributor_not_confirmed")
    assert (new.anchor, new.identity != old.identity) == (old.anchor, True)
    assert new in acknowledging.unacknowledged(draft, [new])


def test_an_error_and_a_finding_without_a_reason_cannot_be_let_stand(draft: Agreement) -> None:
    error, warning = one(draft, "retired_body"), one(draft, "name_not_registered")
    for finding, reason in ((error, "Det går bra."), (warning, ""), (warning, " \n")):
        with pytest.raises(ValueError, match="reason"):
            acknowledging.acknowledge(actor("editor"), draft, finding, reason)
    with pytest.raises(ValueError, match="somebody"):
        acknowledging.acknowledge(Actor(None, None), draft, warning, "Et program sier det.")
    assert not Acknowledgement.objects.exists()


def test_the_same_reason_twice_is_one_and_another_is_stopped(draft: Agreement) -> None:
    warning = one(draft, "name_not_registered")
    first = acknowledging.acknowledge(actor("editor"), draft, warning, "Slik sier vi det.")
    again = acknowledging.acknowledge(actor("other_editor"), draft, warning, "Slik sier vi det.")
    assert again == first
    with pytest.raises(acknowledging.AlreadyAcknowledgedError) as stopped:
        acknowledging.acknowledge(actor("other_editor"), draft, warning, "En annen grunn.")
    assert stopped.value.current == first
    assert draft.events.filter(action="finding.acknowledged").count() == 1


def test_it_is_taken_back_once_stays_on_record_and_can_be_given_again(draft: Agreement) -> None:
    warning = one(draft, "name_not_registered")
    made = acknowledging.acknowledge(actor("editor"), draft, warning, "Slik sier vi det.")
    other = actor("other_editor")
    assert acknowledging.withdraw(other, draft, made.pk)
    assert not acknowledging.withdraw(other, draft, made.pk)
    made.refresh_from_db()
    assert (made.withdrawn_by, made.reason) == (other.user, "Slik sier vi det.")
    assert acknowledging.of(draft, [warning]) == {}
    assert draft.events.filter(action="finding.reopened").count() == 1
    again = acknowledging.acknowledge(other, draft, warning, "Likevel.")
    assert acknowledging.of(draft, [warning]) == {warning: again}


def test_another_agreements_is_nothing_here(draft: Agreement, mosse: Agreement) -> None:
    warning = one(draft, "name_not_registered")
    made = acknowledging.acknowledge(actor("editor"), draft, warning, "Slik sier vi det.")
    assert acknowledging.of(mosse, [warning]) == {}
    with pytest.raises(Acknowledgement.DoesNotExist):
        acknowledging.withdraw(actor("editor"), mosse, made.pk)


def test_the_database_holds_the_same(draft: Agreement) -> None:
    warning = one(draft, "name_not_registered")
    made = acknowledging.acknowledge(actor("editor"), draft, warning, "Slik sier vi det.")
    rows = Acknowledgement.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(withdrawn_by=made.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    made.pk, made._state.adding = None, True
    with pytest.raises(DatabaseError), transaction.atomic():
        made.save()

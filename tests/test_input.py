"""Input: what is stored, what becomes of it, and what the database refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from agreements import editing, trace
from agreements import input as services
from agreements.models import Agreement, AgreementEvent, Comment, Suggestion
from municipalities import revisions
from municipalities.events import AppendOnlyError
from tests import inputs
from tests.inputs import INTERNAL, SHARED, a_comment, a_suggestion, actor


def clause(agreement: Agreement, key: str = "taushetsplikt") -> Any:
    return agreement.clauses.select_related("agreement").get(key=key)


def edit(agreement: Agreement, heading: str = "", text: str = "") -> None:
    """Somebody changes the clause the suggestion is about."""
    row = clause(agreement)
    editing.save_clause(
        actor("editor"), row, row.revision, heading or row.heading, text or row.text
    )


def actions(before: int) -> list[str]:
    return [row.action for row in AgreementEvent.objects.filter(pk__gt=before).order_by("pk")]


def latest() -> int:
    return AgreementEvent.objects.latest("pk").pk


def test_the_demonstration_has_modums_two_requests(ringerike: Agreement) -> None:
    taken, waiting = trace.inputs(ringerike)
    assert {taken.organisation, waiting.organisation} == {"Modum kommune"}
    assert (taken.place.label.split(" ")[0], taken.outcome) == ("5.4.1", trace.Outcome.ACCEPTED)
    assert (waiting.place.label.split(" ")[0], waiting.outcome) == ("8", trace.Outcome.OPEN)
    event = ringerike.events.get(action="input.accepted")
    assert (taken.closed_at, taken.revision) == (event.occurred_at, 2)
    edited = ringerike.events.get(action="clause.edited")
    assert edited.data["from"] == "Modum kommune"
    assert edited.data["input"] == taken.number


@pytest.mark.parametrize(
    ("target", "about"),
    [
        (services.Target(), "Avtalen som helhet"),
        (services.Target(clause_key="nav-lokalt"), "5.4.1 Lokalt samarbeid med Nav-kontorene"),
        (services.Target(service_key="temakurs"), None),
    ],
)
def test_a_comment_is_about_the_whole_a_clause_or_a_service(
    ringerike: Agreement, target: services.Target, about: str | None
) -> None:
    before = latest()
    row = a_comment(ringerike, target=target)
    text = ringerike.services.get(key="temakurs").text
    assert (row.about, row.organisation.key, row.state) == (about or text, "3310", "open")
    assert actions(before) == ["input.added"]
    assert "klarere" not in str(AgreementEvent.objects.latest("pk").data)


@pytest.mark.parametrize("keys", [{"clause_key": "borte"}, {"service_key": "borte"}])
def test_what_is_gone_gets_no_comment(ringerike: Agreement, keys: dict[str, str]) -> None:
    with pytest.raises(revisions.ConflictError):
        a_comment(ringerike, target=services.Target(**keys))


def test_an_accepted_suggestion_is_an_edit_with_its_source(ringerike: Agreement) -> None:
    row, before = a_suggestion(ringerike), latest()
    assert services.accept(actor("editor"), row, 1)
    stored = clause(ringerike)
    assert stored.text.endswith("Plikten gjelder også etter avtaletiden.")
    assert actions(before) == ["clause.edited", "input.accepted"]
    row.refresh_from_db()
    assert (row.state, row.accepted_revision, stored.revision) == ("accepted", 2, 2)
    assert not services.accept(actor("editor"), row, 1), "a double click"
    with pytest.raises(services.AnsweredError):
        services.accept(actor("other_editor"), row, 2)
    with pytest.raises(services.AnsweredError):
        services.reopen(actor("editor"), row)


def test_a_change_elsewhere_in_the_clause_is_kept_with_the_suggestion(
    ringerike: Agreement,
) -> None:
    row = a_suggestion(ringerike)
    edit(ringerike, heading="Taushet")
    with pytest.raises(revisions.StaleRevisionError):
        services.accept(actor("editor"), row, 1)
    assert services.accept(actor("editor"), row, 2)
    stored = clause(ringerike)
    assert stored.heading == "Taushet"
    assert stored.text.endswith("avtaletiden.")


def test_a_change_of_the_same_text_must_be_merged_by_hand(ringerike: Agreement) -> None:
    row = a_suggestion(ringerike)
    edit(ringerike, text="Alle har taushetsplikt.")
    before = latest()
    with pytest.raises(services.ConflictingTextError):
        services.accept(actor("editor"), row, 2)
    assert actions(before) == []
    merged = ("Taushetsplikt", "Alle har taushetsplikt, også etter avtaletiden.")
    assert services.accept(actor("editor"), row, 2, merged)
    assert clause(ringerike).text == merged[1]
    assert actions(before) == ["clause.edited", "input.accepted"]


def test_a_suggestion_somebody_has_typed_in_already_is_accepted_without_an_edit(
    ringerike: Agreement,
) -> None:
    row = a_suggestion(ringerike, text="Ny tekst.")
    edit(ringerike, text="Ny tekst.")
    before = latest()
    assert services.accept(actor("editor"), row, 2)
    assert actions(before) == ["input.accepted"]
    row.refresh_from_db()
    assert row.accepted_revision == 2


def test_a_stale_or_empty_suggestion_is_stopped(ringerike: Agreement) -> None:
    row = clause(ringerike)
    with pytest.raises(ValueError, match="nothing"):
        services.suggest(actor("director"), row, 1, (row.heading, row.text), "", SHARED)
    edit(ringerike, text="Noe annet.")
    with pytest.raises(revisions.StaleRevisionError):
        services.suggest(actor("director"), row, 1, (row.heading, "Ny."), "", SHARED)


def test_declined_needs_a_reason_and_can_be_opened_again(ringerike: Agreement) -> None:
    row, before = a_suggestion(ringerike), latest()
    with pytest.raises(ValueError, match="reason"):
        services.decline(actor("editor"), row, "")
    assert services.decline(actor("editor"), row, "Loven sier det alt.")
    assert not services.decline(actor("editor"), row, "Loven sier det alt.")
    with pytest.raises(services.AnsweredError):
        services.accept(actor("editor"), row, 1)
    assert services.reopen(actor("other_editor"), row)
    row.refresh_from_db()
    assert (row.state, row.closed_by, row.closed_at, row.reason) == ("open", None, None, "")
    assert actions(before) == ["input.declined", "input.reopened"]


def test_withdrawn_by_the_author_before_somebody_answers(ringerike: Agreement) -> None:
    row, other = a_comment(ringerike), a_comment(ringerike)
    with pytest.raises(ValueError, match="author"):
        services.withdraw(actor("editor"), row)
    assert services.withdraw(actor("director"), row)
    assert not services.withdraw(actor("director"), row)
    row.refresh_from_db()
    assert (row.state, row.text) == ("withdrawn", "Vi vil ha dette klarere.")
    services.reply(actor("editor"), other, "Hvordan da?")
    with pytest.raises(services.AnsweredError):
        services.withdraw(actor("director"), other)


def test_replies_lie_one_deep_and_are_as_internal_as_their_comment(ringerike: Agreement) -> None:
    row = inputs.an_internal(ringerike)
    made = services.reply(actor("editor"), row, "Ja.")
    assert made.visibility == INTERNAL
    for refused in (
        lambda: services.reply(actor("editor"), made, "Jo."),
        lambda: services.decline(actor("editor"), made, "Nei."),
    ):
        with pytest.raises(ValueError, match="reply"):
            refused()


def test_nothing_happens_when_the_draft_is_no_longer_one(
    ringerike: Agreement,
) -> None:
    row = a_suggestion(ringerike)
    Agreement.objects.filter(pk=ringerike.pk).update(status="recommended")
    for work in (
        lambda: a_comment(ringerike),
        lambda: a_suggestion(ringerike),
        lambda: services.reply(actor("editor"), row, "x"),
        lambda: services.accept(actor("editor"), row, 1),
        lambda: services.decline(actor("editor"), row, "x"),
        lambda: services.reopen(actor("editor"), row),
        lambda: services.withdraw(actor("director"), row),
    ):
        with pytest.raises(editing.NotEditableError):
            work()


def test_the_trace_leaves_out_what_is_internal_and_names_what_is_deleted(
    ringerike: Agreement,
) -> None:
    inputs.an_internal(ringerike)
    row = a_comment(ringerike, target=services.Target(clause_key="taushetsplikt"))
    gone = clause(ringerike)
    editing.delete_clause(actor("editor"), gone, gone.revision)
    assert inputs.SECRET not in str(trace.inputs(ringerike))
    assert inputs.SECRET in str(trace.inputs(ringerike, internal=True))
    place = trace.inputs(ringerike)[-1].place
    assert (place.exists, place.label) == (False, row.about)
    assert place.label.endswith("Taushetsplikt")


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("comment_about_one_place", {"service_key": "temakurs"}),
    ("comment_closed_by_somebody_at_a_time", {"state": "resolved"}),
    ("comment_closed_by_somebody_at_a_time", {"reason": "x"}),
    ("comment_says_something", {"text": ""}),
    ("comment_suggestion_about_a_clause", {"kind": "suggestion", "clause_key": ""}),
    ("comment_accepted_as_a_revision", {"accepted_revision": 1}),
]


@pytest.mark.parametrize(("name", "values"), BROKEN)
def test_the_database_holds_the_states_together(
    ringerike: Agreement, name: str, values: dict[str, Any]
) -> None:
    row = a_comment(ringerike)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Comment.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("comment_declined_with_a_reason", {"state": "declined"}),
        ("comment_withdrawn_by_its_author", {"state": "withdrawn"}),
        ("comment_accepted_as_a_revision", {"state": "accepted", "kind": "suggestion"}),
        ("comment_suggestion_about_a_clause", {"kind": "suggestion"}),
    ],
)
def test_the_database_holds_outcomes_to_what_they_need(
    ringerike: Agreement, name: str, values: dict[str, Any]
) -> None:
    row = a_comment(ringerike)
    services.resolve_comment(actor("editor"), row, "")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Comment.objects.filter(pk=row.pk).update(**values)


def test_a_reply_has_no_place_or_outcome_and_a_suggestion_changes_something(
    ringerike: Agreement,
) -> None:
    made = services.reply(actor("editor"), inputs.wish(ringerike), "Ja.")
    with pytest.raises(IntegrityError, match="reply_follows"), transaction.atomic():
        Comment.objects.filter(pk=made.pk).update(clause_key="formaal")
    row = a_suggestion(ringerike).suggestion
    same = {"heading": row.base_heading, "text": row.base_text}
    with pytest.raises(IntegrityError, match="changes_something"), transaction.atomic():
        Suggestion.objects.filter(pk=row.pk).update(**same)


def test_nothing_is_ever_deleted(ringerike: Agreement) -> None:
    row = a_suggestion(ringerike)
    for kept in (row, row.suggestion):
        with pytest.raises(AppendOnlyError):
            kept.delete()
    for table in ("agreements_suggestion", "agreements_comment"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of ours

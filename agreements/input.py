"""Input to a draft: comments, replies, suggestions, and what becomes of them.

People comment and reply while the agreement is a draft or in review; everything else is for the draft.
As in `editing`, each function is one transaction that locks the agreement first and stores one Event;
accepting a suggestion stores the edit of the clause as well. What is already as asked (a double click)
changes nothing and is no conflict. Events say what was written about and for whom, never the text:
some of it is internal.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from agreements import editing
from agreements.domain.states import INPUT_STATES
from agreements.models import Agreement, AgreementEvent, Clause, Comment, Suggestion
from agreements.record import Actor
from agreements.snapshot import build
from agreements.trace import Places
from municipalities import revisions

State = Comment.State
_MOST_ABOUT = 300  # characters of the column
_OUTCOMES = {
    State.RESOLVED: "input.resolved",
    State.ACCEPTED: "input.accepted",
    State.DECLINED: "input.declined",
    State.WITHDRAWN: "input.withdrawn",
}


class AnsweredError(revisions.ConflictError):
    """Somebody has dealt with it meanwhile. `current` is the comment as it is stored now."""

    def __init__(self, current: Comment) -> None:
        super().__init__(f"comment {current.pk} is {current.state}")
        self.current = current


class ConflictingTextError(revisions.ConflictError):
    """The clause and the suggestion have both changed the same thing: a person must merge them."""


@dataclass(frozen=True)
class Target:
    """What a comment is about: a clause, a service, or neither for the whole agreement."""

    clause_key: str = ""
    service_key: str = ""


@transaction.atomic
def add_comment(
    actor: Actor, agreement: Agreement, place: Target, text: str, visibility: str
) -> Comment:
    """Store a comment. ConflictError when what it is about has been deleted meanwhile."""
    row = _lock_open(agreement)
    comment = _new(actor, row, place, text, visibility, Comment.Kind.COMMENT)
    _record(actor, comment, "input.added")
    return comment


@transaction.atomic
def suggest(
    actor: Actor,
    clause: Clause,
    revision: int,
    proposed: tuple[str, str],
    text: str,
    visibility: str,
) -> Comment:
    """Store a proposed (heading, text) for a clause, and in `text` why.

    StaleRevisionError when the clause is no longer as it was read; ValueError when nothing is proposed.
    """
    row = editing.lock_draft(clause.agreement)
    stored = revisions.lock(Clause.objects.all(), clause.pk, revision)
    if proposed == (stored.heading, stored.text):
        raise ValueError("the suggestion changes nothing")
    place = Target(clause_key=stored.key)
    comment = _new(actor, row, place, text, visibility, Comment.Kind.SUGGESTION)
    Suggestion.objects.create(
        comment=comment,
        heading=proposed[0],
        text=proposed[1],
        base_revision=stored.revision,
        base_heading=stored.heading,
        base_text=stored.text,
    )
    _record(actor, comment, "input.added")
    return comment


def _new(
    actor: Actor, agreement: Agreement, place: Target, text: str, visibility: str, kind: str
) -> Comment:
    return Comment.objects.create(
        agreement=agreement,
        kind=kind,
        clause_key=place.clause_key,
        service_key=place.service_key,
        about=_about(agreement, place)[:_MOST_ABOUT],
        author=actor.user,
        organisation=actor.organisation,
        text=text,
        visibility=visibility,
    )


def _about(agreement: Agreement, place: Target) -> str:
    label = Places(build(agreement)).label(place.clause_key, place.service_key)
    if label is None:
        raise revisions.ConflictError(f"{place} is gone")
    return label


@transaction.atomic
def reply(actor: Actor, comment: Comment, text: str) -> Comment:
    """Store a reply. One level deep: ValueError to a reply."""
    _lock_open(comment.agreement)
    row = _lock_comment(comment)
    if row.parent_id is not None:
        raise ValueError("a reply has no replies")
    made = Comment.objects.create(
        agreement=row.agreement,
        parent=row,
        author=actor.user,
        organisation=actor.organisation,
        text=text,
        visibility=row.visibility,
    )
    _record(actor, row, "input.answered")
    return made


@transaction.atomic
def resolve_comment(actor: Actor, comment: Comment, reason: str) -> bool:
    """Say that a comment is dealt with, perhaps how. ValueError for a suggestion."""
    return _close(actor, _lock(comment), State.RESOLVED, reason)


@transaction.atomic
def decline(actor: Actor, comment: Comment, reason: str) -> bool:
    """Say no to a comment or a suggestion. ValueError without a reason."""
    if not reason:
        raise ValueError("a reason is required")
    return _close(actor, _lock(comment), State.DECLINED, reason)


@transaction.atomic
def withdraw(actor: Actor, comment: Comment) -> bool:
    """Take one's own comment back. AnsweredError once somebody has answered; ValueError for others'."""
    _lock_open(comment.agreement)
    row = _lock_comment(comment)
    if actor.user is None or row.author_id != actor.user.pk:
        raise ValueError("only the author withdraws")
    if row.state == State.OPEN and row.replies.exists():
        raise AnsweredError(row)
    return _close(actor, row, State.WITHDRAWN, "")


@transaction.atomic
def reopen(actor: Actor, comment: Comment) -> bool:
    """Open again what was resolved or declined. AnsweredError where that cannot be undone."""
    row = _lock(comment)
    if row.state == State.OPEN:
        return False
    if row.state not in (State.RESOLVED, State.DECLINED):
        raise AnsweredError(row)
    row.state, row.closed_by, row.closed_at, row.reason = State.OPEN, None, None, ""
    row.save(update_fields=["state", "closed_by", "closed_at", "reason"])
    _record(actor, row, "input.reopened")
    return True


@dataclass(frozen=True)
class Proposal:
    """What accepting a suggestion would store now. Without a conflict it holds both changes."""

    heading: str
    text: str
    conflict: bool


def proposal(suggestion: Suggestion, clause: Clause) -> Proposal:
    """Bring a suggestion up to date with a clause that may have changed since it was made.

    Heading and text each: where only one side has changed, its change stands; where both have, to
    different things, the suggestion's wording is given and `conflict` is set.
    """
    heading, one = _merge(suggestion.base_heading, clause.heading, suggestion.heading)
    text, other = _merge(suggestion.base_text, clause.text, suggestion.text)
    return Proposal(heading, text, one or other)


def _merge(base: str, stored: str, proposed: str) -> tuple[str, bool]:
    if proposed == base:
        return stored, False
    return proposed, stored not in (base, proposed)


@transaction.atomic
def accept(
    actor: Actor,
    comment: Comment,
    revision: int,
    merged: tuple[str, str] | None = None,
) -> bool:
    """Store a suggestion's wording as an edit of its clause; tell whether anything changed.

    `merged` is the (heading, text) a person has adjusted. Without it the suggestion is taken as it
    is: ConflictingTextError when the clause has changed in the same place. StaleRevisionError when
    the clause is no longer as the person saw it, AnsweredError when the suggestion is answered,
    Clause.DoesNotExist when the clause is deleted.
    """
    row = _lock(comment)
    suggestion = row.suggestion
    clause = row.agreement.clauses.select_for_update(of=("self",)).get(key=row.clause_key)
    if row.state == State.ACCEPTED and actor.user and row.closed_by_id == actor.user.pk:
        return False
    if row.state != State.OPEN:
        raise AnsweredError(row)
    if clause.revision != revision:
        raise revisions.StaleRevisionError(clause)
    now = proposal(suggestion, clause)
    if merged is None and now.conflict:
        raise ConflictingTextError(f"clause {clause.key}")
    heading, text = merged or (now.heading, now.text)
    origin = {
        "input": row.pk,
        "from": row.organisation.name,
        "visibility": row.visibility,
    }
    if editing.save_clause(actor, clause, revision, heading, text, origin):
        clause.refresh_from_db(fields=["revision"])
    row.accepted_revision = clause.revision
    return _close(actor, row, State.ACCEPTED, "")


def _lock(comment: Comment) -> Comment:
    """Lock the agreement, then the comment; NotEditableError unless the agreement is a draft."""
    editing.lock_draft(comment.agreement)
    return _lock_comment(comment)


def _lock_open(agreement: Agreement) -> Agreement:
    """Lock the agreement; NotEditableError unless people may say something about it now."""
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.state not in INPUT_STATES:
        raise editing.NotEditableError(row.slug)
    return row


def _lock_comment(comment: Comment) -> Comment:
    rows = Comment.objects.select_related("organisation", "agreement")
    return rows.select_for_update(of=("self",)).get(pk=comment.pk)


def _close(actor: Actor, row: Comment, state: State, reason: str) -> bool:
    """Give a locked comment its outcome; tell whether anything changed."""
    if row.parent_id is not None:
        raise ValueError("a reply follows its comment")
    if state == State.RESOLVED and row.kind != Comment.Kind.COMMENT:
        raise ValueError("a suggestion is accepted or declined")
    if actor.user is None:
        raise ValueError("somebody must answer for it")
    if (row.state, row.reason, row.closed_by_id) == (state, reason, actor.user.pk):
        return False
    if row.state != State.OPEN:
        raise AnsweredError(row)
    event = _record(actor, row, _OUTCOMES[state])
    row.state, row.reason = state, reason
    row.closed_by, row.closed_at = actor.user, event.occurred_at
    row.save(update_fields=["state", "reason", "closed_by", "closed_at", "accepted_revision"])
    return True


def _record(actor: Actor, row: Comment, action: str) -> AgreementEvent:
    data = {
        "pk": row.pk,
        "about": row.about,
        "from": row.organisation.name,
        "visibility": row.visibility,
    }
    shared = row.visibility == Comment.Visibility.SHARED
    return editing.record(actor, row.agreement, action, data, seen_by_all=shared)

"""Tracked changes and comments of a Word file, stored as suggestions and comments on the draft.

Their authors are names in a file, nobody the program knows: what they said is stored by the person who
imports it, with the name and the day in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from agreements.editing import Actor
from agreements.importing.result import Imported, ImportedComment, ImportedSuggestion
from agreements.models import INPUT_TEXT_LIMIT, Agreement, Clause, Comment, Suggestion
from agreements.models.choices import CLAUSE_TEXT_LIMIT
from agreements.snapshot import build
from agreements.trace import Places
from municipalities import norwegian

_MOST_ABOUT = 300  # characters of the column
RESOLVED = "Avklart i Word."


def store(actor: Actor, agreement: Agreement, found: Imported, visibility: str) -> int:
    """Store what was found, inside the transaction that makes the draft; return how many inputs.

    ValueError without somebody to store it for: the caller lists what was found instead.
    """
    if actor.user is None or actor.organisation is None:
        raise ValueError("input is somebody's, for an organisation")
    if not (found.suggestions or found.comments):
        return 0
    writer = _Writer(actor, agreement, visibility)
    for suggestion in found.suggestions:
        writer.suggestion(suggestion)
    for comment in found.comments:
        writer.comment(comment)
    return len(found.suggestions) + len(found.comments)


def listed(found: Imported) -> list[str]:
    """Say in words what cannot be stored for want of a person, a line each."""
    lines = [
        f"{who(item.author, item.day)} foreslår punktet «{item.heading}» slik: {item.text}"
        for item in found.suggestions
    ]
    lines += [comment_text(item) for item in found.comments]
    for item in found.comments:
        lines += [f"{who(reply.author, reply.day)} svarte: {reply.text}" for reply in item.replies]
    return lines


def who(author: str, day: dt.date | None) -> str:
    """«Fra Word: Kari Nordmann, 3. mai 2026»."""
    return f"Fra Word: {author}" + (f", {norwegian.date_long(day)}" if day else "")


def comment_text(item: ImportedComment) -> str:
    """The comment with who wrote it and which words it is about."""
    if item.proposal:
        return f"{who(item.author, item.day)}: {item.text}"
    quote = f", om «{item.quote}»" if item.quote else ""
    return f"Kommentar i Word fra {_named(item)}{quote}:\n\n{item.text}".rstrip(":\n")


def _named(item: ImportedComment) -> str:
    return item.author + (f", {norwegian.date_long(item.day)}" if item.day else "")


class _Writer:
    """Writes rows for one person; the places are read once, however much there is to store."""

    def __init__(self, actor: Actor, agreement: Agreement, visibility: str) -> None:
        self.actor, self.agreement, self.visibility = actor, agreement, visibility
        self.places = Places(build(agreement))
        self.clauses = {row.key: row for row in agreement.clauses.all()}

    def suggestion(self, item: ImportedSuggestion) -> None:
        clause = self.clauses[item.clause_key]
        base = (clause.heading, clause.text)
        proposed = (item.heading, item.text)
        if len(item.text) > CLAUSE_TEXT_LIMIT or self._parted(clause) or proposed == base:
            # There is no such wording of one clause: it is said in words instead.
            words = (
                f"{who(item.author, item.day)}: foreslår punktet slik:\n{item.heading}\n{item.text}"
            )
            self._threaded(item.clause_key, words)
            return
        said = f"{who(item.author, item.day)}: foreslår endringene i teksten."
        row = self._row(item.clause_key, said, Comment.Kind.SUGGESTION)
        Suggestion.objects.create(
            comment=row,
            heading=item.heading,
            text=item.text,
            base_revision=clause.revision,
            base_heading=clause.heading,
            base_text=clause.text,
        )

    def comment(self, item: ImportedComment) -> None:
        row = self._threaded(item.clause_key, comment_text(item))
        for reply in item.replies:
            for words in pieces(f"{who(reply.author, reply.day)} svarte: {reply.text}"):
                self._reply(row, words)
        if item.resolved:
            row.state, row.reason = Comment.State.RESOLVED, RESOLVED
            row.closed_by, row.closed_at = self.actor.user, timezone.now()
            row.save(update_fields=["state", "reason", "closed_by", "closed_at"])

    def _parted(self, clause: Clause) -> bool:
        return f"{clause.key}-del-2" in self.clauses

    def _threaded(self, key: str, text: str) -> Comment:
        """Store a comment; what is too long for one goes on in replies."""
        first, *rest = pieces(text)
        row = self._row(key, first, Comment.Kind.COMMENT)
        for words in rest:
            self._reply(row, words)
        return row

    def _row(self, key: str, text: str, kind: str) -> Comment:
        key = key if key in self.clauses else ""
        return Comment.objects.create(
            agreement=self.agreement,
            kind=kind,
            clause_key=key,
            about=(self.places.label(key, "") or "")[:_MOST_ABOUT],
            author=self.actor.user,
            organisation=self.actor.organisation,
            text=text,
            visibility=self.visibility,
        )

    def _reply(self, row: Comment, text: str) -> None:
        Comment.objects.create(
            agreement=self.agreement,
            parent=row,
            author=self.actor.user,
            organisation=self.actor.organisation,
            text=text,
            visibility=self.visibility,
        )


def pieces(text: str) -> Iterator[str]:
    """Part a text that is longer than an input may be, between words where it can be done."""
    while len(text) > INPUT_TEXT_LIMIT:
        cut = max(text.rfind(" ", 1, INPUT_TEXT_LIMIT), text.rfind("\n", 1, INPUT_TEXT_LIMIT))
        cut = cut if cut > 0 else INPUT_TEXT_LIMIT
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text

"""Carrying out the mend that a finding offers: an edit of its clause, with where it came from."""

from __future__ import annotations

from agreements import editing
from agreements.domain.checks import Finding
from agreements.domain.checks.mending import apply
from agreements.editing import Actor
from agreements.models import CLAUSE_TEXT_LIMIT, HEADING_LIMIT, Clause


class CannotMendError(ValueError):
    """The mend cannot be written into the clause, or would make it too long."""


def mend(actor: Actor, clause: Clause, revision: int, finding: Finding) -> None:
    """Write the finding's mend into the clause.

    CannotMendError where it cannot be written; StaleRevisionError when the clause is no longer at
    `revision`, since the mend is only sure in the text it was offered for.
    """
    offered = finding.mend
    if offered is None or offered.key != clause.key:
        raise CannotMendError("no mend of this clause")
    heading, text = apply(clause.heading, offered), apply(clause.text, offered)
    if (heading, text) == (clause.heading, clause.text):
        raise CannotMendError("does not stand there as whole words")
    if len(heading) > HEADING_LIMIT or len(text) > CLAUSE_TEXT_LIMIT:
        raise CannotMendError("too long")
    origin = {"mended": finding.code.value}
    editing.save_clause(actor, clause, revision, heading, text, origin)

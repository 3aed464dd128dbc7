"""Carrying out the mend that a finding offers: an edit of its clause, with where it came from."""

from __future__ import annotations

from agreements import editing
from agreements.domain.checks import Finding
from agreements.domain.checks.mending import apply
from agreements.editing import Actor
from agreements.models import CLAUSE_TEXT_LIMIT, HEADING_LIMIT, Clause


class CannotMendError(ValueError):
    """The finding offers no mend of this clause, or the clause would be too long."""


def mend(actor: Actor, clause: Clause, revision: int, finding: Finding) -> bool:
    """Write the finding's mend into the clause; tell whether anything changed.

    CannotMendError where it cannot be written; StaleRevisionError when the clause is no longer at
    `revision`, since the mend is only sure in the text it was offered for.
    """
    offered = finding.mend
    if offered is None or offered.key != clause.key:
        raise CannotMendError("no mend of this clause")
    heading, text = apply(clause.heading, offered), apply(clause.text, offered)
    if len(heading) > HEADING_LIMIT or len(text) > CLAUSE_TEXT_LIMIT:
        raise CannotMendError("too long")
    origin = {"mended": finding.code.value}
    return editing.save_clause(actor, clause, revision, heading, text, origin)

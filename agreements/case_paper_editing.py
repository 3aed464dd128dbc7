"""The one change to a case paper: what the team writes in a part. One transaction and one Event.

The texts are no part of the agreement: they may be written while a version is out, so the agreement is
locked in whatever state it is, and not as a draft.
"""

from __future__ import annotations

from django.db import transaction

from agreements import workflow
from agreements.domain.case_paper import Part
from agreements.domain.states import CASE_PAPER_STATES
from agreements.editing import NotEditableError
from agreements.models import PART_NAMES, Agreement, CasePaperText
from agreements.record import Actor, record
from municipalities import revisions


def stored(agreement: Agreement, part: Part) -> CasePaperText:
    """Return the part as it is stored; where it is not, a new row at revision 1 that is not saved."""
    row = agreement.case_paper_texts.filter(key=part.value).first()
    return row or CasePaperText(agreement=agreement, key=part.value)


@transaction.atomic
def save_part(actor: Actor, agreement: Agreement, part: Part, revision: int, text: str) -> bool:
    """Save what the team has written; an empty text brings the usual one back. Tell what changed.

    NotEditableError once the councils have the paper, StaleRevisionError for a stale save.
    """
    row = workflow.lock(agreement)
    if row.state not in CASE_PAPER_STATES:
        raise NotEditableError(row.slug)
    current = stored(row, part)
    if current.text == text:
        return False
    if current.revision != revision:
        raise revisions.StaleRevisionError(current)
    changed = revisions.changes(current, {"text": text})
    current.revision += 1
    current.save()
    record(
        actor,
        row,
        "case_paper.edited",
        {"key": part.value, "heading": PART_NAMES[part], **changed},
    )
    return True

"""What every page that takes a form answers with when it is refused, and with when it is stale."""

from __future__ import annotations

from django.http import QueryDict

from municipalities.models import Revisioned

INVALID = 422
CONFLICT = 409
UNAVAILABLE = 503


def with_revision(data: QueryDict, current: Revisioned, name: str = "revision") -> QueryDict:
    """Return what was typed with the stored revision, so that saving once more is a choice, not a race."""
    copy = data.copy()
    copy[name] = str(current.revision)
    return copy

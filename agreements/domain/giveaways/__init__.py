"""What still tells a withheld amount: sums, rates, rules, other years, a price on top. Pure.

Each amount that is withheld is an unknown, each sum that is printed an equation. An unknown that the
equations settle alone is no secret. What a person could guess, or knows from elsewhere, is not judged;
but a number of inhabitants is public.
"""

from __future__ import annotations

from collections.abc import Sequence

from agreements.domain.document import Document
from agreements.domain.giveaways import shown, unseen
from agreements.domain.giveaways.base import Giveaway
from agreements.domain.marks import Mark
from agreements.domain.public_view import View

__all__ = ["Giveaway", "find"]


def find(document: Document, view: View, marks: Sequence[Mark]) -> tuple[Giveaway, ...]:
    """Return what the view gives away, each once; `view` is what `redact` made of the other two."""
    financing = document.financing
    if financing is None or not marks:
        return ()
    if view.table is None:
        found = unseen.find(document, financing, view, marks)
    else:
        found = shown.find(document, financing, view, view.table, marks)
    return tuple(dict.fromkeys(found))

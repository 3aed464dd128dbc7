"""What to write instead: mends that are offered only where they are sure."""

from __future__ import annotations

import re
from functools import lru_cache

from agreements.domain.checks import model
from agreements.domain.checks.model import Mend
from agreements.domain.document import Clause, Document, walk


def mend(document: Document, anchor: str, found: str, instead: str) -> Mend | None:
    """Return the mend that writes `instead` wherever `found` stands in a clause.

    None where the anchor is no clause, or `found` does not stand there letter for letter (it may be
    parted by bold marks or filled in by a fact).
    """
    clause = _by_anchor(document).get(anchor)
    found = found.strip()
    if clause is None or not found or found not in f"{clause.heading}\n{clause.text}":
        return None
    return Mend(clause.key, found, instead)


def only_mend(document: Document, anchor: str, found: str, instead: str) -> Mend | None:
    """Return the mend of what stands once in a clause, None where the words stand there again.

    For numbers and dates: the same figure may be right in one sentence and wrong in the next.
    """
    made = mend(document, anchor, found, instead)
    if made is None:
        return None
    clause = _by_anchor(document)[anchor]
    return made if f"{clause.heading}\n{clause.text}".count(made.found) == 1 else None


def fact(document: Document, anchor: str, found: str, name: str | None) -> Mend | None:
    """Return the mend that puts a fact in place of what was typed; None where `name` is."""
    return only_mend(document, anchor, found, f"{{{{ {name} }}}}") if name else None


def apply(text: str, mend: Mend) -> str:
    """Write a mend into a heading or a text."""
    return re.sub(rf"(?<!\w){re.escape(mend.found)}(?!\w)", lambda _: mend.instead, text)


@lru_cache(maxsize=4)
def _by_anchor(document: Document) -> dict[str, Clause]:
    return {model.clause_anchor(clause.key): clause for clause in walk(document.clauses)}

"""A model agreement as a reader sees it: what an agreement will fill in is named. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from agreements.domain import facts
from agreements.domain.document import Clause, Document

# The lists of services are the model's own, and are written out.
_OWN = frozenset(("liste.kvalitetskrav", "liste.minimumstjenester", "liste.tilleggstjenester"))
_LABELS = {fact.name: fact.label_nb for fact in facts.names() if fact.name not in _OWN}
_FACT = re.compile(r"\{\{[ \t]{0,9}([a-z_.]{1,60})[ \t]{0,9}\}\}")


def readable(document: Document) -> Document:
    """Return the model with «[Kontraktskommunen]» in the place of the fact.

    A fact that does not exist is left, and shows as missing where the text is printed.
    """
    return replace(document, clauses=tuple(_clause(clause) for clause in document.clauses))


def _clause(clause: Clause) -> Clause:
    return replace(
        clause,
        heading=_FACT.sub(_label, clause.heading),
        text=_FACT.sub(_label, clause.text),
        children=tuple(_clause(child) for child in clause.children),
    )


def _label(found: re.Match[str]) -> str:
    label = _LABELS.get(found[1])
    return f"[{label}]" if label else found[0]

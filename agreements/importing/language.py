"""Telling which written standard (målform) an agreement is in, by its commonest words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agreements.domain.document import Language
from agreements.importing.result import ImportedClause

# Words that are in only one of the two, and in nearly every agreement.
_NYNORSK = frozenset(
    (
        *("ikkje", "frå", "ein", "eit", "kvar", "kvart", "dei", "desse", "vere", "gjeld"),
        *("kommunane", "partane", "tenesta", "tenester", "årleg", "årlege", "noko", "berre"),
    )
)
_BOKMAL = frozenset(
    (
        *("ikke", "fra", "en", "et", "hver", "hvert", "de", "disse", "være", "gjelder"),
        *("kommunene", "partene", "tjenesten", "tjenester", "årlig", "årlige", "noe", "bare"),
    )
)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(clauses: Iterable[ImportedClause]) -> Language:
    """Return nynorsk where more of the telling words are nynorsk; bokmål in doubt."""
    telling = 0
    pending = list(clauses)
    while pending:
        clause = pending.pop()
        for word in _WORD.findall(f"{clause.heading} {clause.text}".lower()):
            telling += (word in _NYNORSK) - (word in _BOKMAL)
        pending.extend(clause.children)
    return Language.NYNORSK if telling > 0 else Language.BOKMAL

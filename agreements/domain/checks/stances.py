"""What bodies say they think of the agreement, where they say two things at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from agreements.domain.checks import model
from agreements.domain.checks.figures import figures, short_name
from agreements.domain.checks.model import Code, Context, Finding, Level, Position
from agreements.domain.checks.reading import sentences
from agreements.domain.document import Document
from municipalities.norwegian import join

# Read in this order: «støtter ikke» before «støtter».
_WORDS = (
    (
        Position.UNDECIDED,
        r"\b(?:ikke|ikkje|ennå\s+ikke|enno\s+ikkje)\s+(?:\w{1,12}\s+)?(?:tatt|teke)\s+(?:\w{1,12}\s+)?stilling\b"
        r"|\bikk(?:e\s+(?:bestemt|avgjort)|je\s+(?:bestemt|avgjort))\b",
    ),
    (
        Position.NEGATIVE,
        r"\b(?:innstill\w{0,4}|innstilling)\s+(?:\w{1,15}\s+)?negativ\w?\b|\bstøtter\s+ikke\b|\bstøttar\s+ikkje\b|\bfraråd\w{1,3}\b|\bgår\s+imot\b"
        r"|\b(?:sier|seier)\s+nei\b|\brår\s+ifrå\b|\bnegativ\w?\s+til\b",
    ),
    (
        Position.POSITIVE,
        r"\binnstill\w{0,4}\s+(?:\w{1,15}\s+)?positiv\w?\b|\bstøtt[ea]r\b(?!\s+ikk)|\banbefaler\b|\btilrår\b|\b(?:sier|seier)\s+ja\b"
        r"|\bpositiv\w?\s+til\b",
    ),
)
_READ = tuple((position, re.compile(words, re.IGNORECASE)) for position, words in _WORDS)
_LABELS = {
    Position.POSITIVE: "positiv",
    Position.CONDITIONAL: "positiv på vilkår",
    Position.NEGATIVE: "negativ",
    Position.UNDECIDED: "ikke tatt stilling",
}


def contradicting_stances(document: Document, context: Context) -> Iterator[Finding]:
    """Find bodies with two stances: as recorded, in their own words, or in the text.

    «Positive» and «positive on conditions» agree. A sentence counts where it names one body only.
    """
    said: dict[str, list[Position]] = defaultdict(list)
    for stance in context.stances:
        said[stance.body].append(stance.position)
        said[stance.body].extend(_positions(stance.words))
    for body, position in _in_text(document):
        said[body].append(position)
    for body, positions in said.items():
        distinct = list(dict.fromkeys(positions))
        if len({_side(position) for position in distinct}) > 1:
            labels = join(f"«{_LABELS[position]}»" for position in distinct)
            yield Finding(
                Level.WARNING,
                Code.STANCE_CONTRADICTS,
                f"Holdningen til {body} er oppgitt som {labels}. Avklar hvilken som gjelder.",
                model.PARTIES,
            )


def _side(position: Position) -> Position:
    return Position.POSITIVE if position is Position.CONDITIONAL else position


def _positions(words: str) -> Iterable[Position]:
    return (position for position, pattern in _READ if pattern.search(words))


def _in_text(document: Document) -> Iterator[tuple[str, Position]]:
    known = figures(document)
    if known is None:
        return
    for sentence in sentences(document):
        if not list(_positions(sentence.typed)):
            continue
        named = known.find(sentence.text)
        if len({row for _, row in named}) == 1:
            found, row = named[0]
            # What goes before the name is somebody else's: «Flere støtter avtalen, A har ikke tatt stilling».
            for position in _positions(sentence.typed[found.end :]):
                yield short_name(row), position

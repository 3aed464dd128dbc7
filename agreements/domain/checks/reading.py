"""The agreement's text as the checks read it.

Facts and references that the program fills in are right by definition. So every passage comes
twice, letter for letter: `text` as it will be printed, and `typed` with what is filled in blotted
out. Names are looked for in `text`, numbers and dates in `typed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache, wraps
from typing import TypeVar

from agreements.domain import facts, markup, numbering, resolve
from agreements.domain.checks import model
from agreements.domain.document import Clause, Document, walk

BLOT = "\ufffc"  # stands for one letter of a fact or reference; no pattern matches it


class Kind(Enum):
    """Where a passage stands."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()  # a list item or a line of the service checklist
    FIELD = auto()  # a title, a name or another single line outside the clauses


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item, heading or field, or one sentence of it.

    `lead` is what the reader has just read: the heading and, in a list, the line introducing it.
    """

    anchor: str
    label: str
    text: str
    typed: str
    kind: Kind
    lead: str = ""

    def where(self) -> str:
        """Return the beginning of a message: the place, by heading, which outlives renumbering."""
        return f"«{self.label}»: "


_Read = TypeVar("_Read")
_REMEMBERED = 1000  # characters of a passage that is remembered; a long paragraph


def of_passage(
    read: Callable[[Passage], Iterator[_Read]],
) -> Callable[[Passage], tuple[_Read, ...]]:
    """Remember what is read of a passage alone: a change leaves all but a few as they were.

    Some 200 for each draft that is worked on, beside those that are the model's in every agreement.
    """
    kept = lru_cache(maxsize=2048)(lambda passage: tuple(read(passage)))  # to 7 kB each

    @wraps(read)
    def remembered(passage: Passage) -> tuple[_Read, ...]:
        return kept(passage) if len(passage.text) <= _REMEMBERED else tuple(read(passage))

    return remembered


@lru_cache(maxsize=4)
def passages(document: Document) -> tuple[Passage, ...]:
    """Return all text somebody has typed, in reading order. Cached: every check reads it."""
    return tuple(_passages(document))


@lru_cache(maxsize=4)
def sentences(document: Document) -> tuple[Passage, ...]:
    """Return the passages cut into sentences, in reading order."""
    return tuple(part for passage in passages(document) for part in split(passage))


@lru_cache(maxsize=4)
def problems(document: Document) -> tuple[resolve.Problem, ...]:
    """Return what cannot be filled in, see `resolve.problems`. Cached: two checks ask."""
    return tuple(resolve.problems(document))


def places(document: Document) -> dict[str, str]:
    """Return each clause's anchor and its heading as printed, for messages."""
    return {p.anchor: p.label for p in passages(document) if p.kind is Kind.HEADING}


def _passages(document: Document) -> Iterator[Passage]:
    yield _field(model.AGREEMENT, "Tittel", document.title)
    for party in document.parties:
        for text in (party.signatory_name, party.signatory_title, party.mandate):
            yield _field(model.PARTIES, party.body.name, text)
    values = facts.values(document)
    numbers = numbering.numbers(document.clauses)
    for clause in walk(document.clauses):
        yield from _clause(clause, _Filler(values, numbers))
    for service in document.services:
        anchor = model.service_anchor(service.key)
        yield replace(_field(anchor, "Tjenester", service.text), kind=Kind.ITEM)
    if document.financing is not None:
        for text in (document.financing.invoicing, document.financing.population_source):
            yield _field(model.FINANCING, "Økonomi", text)


def _field(anchor: str, label: str, text: str) -> Passage:
    text = markup.clean(text)
    return Passage(anchor, label, text, text, Kind.FIELD)


@dataclass(frozen=True, slots=True)
class _Filler:
    """Writes a run of inlines as it will be printed, and the same with everything filled in blotted out."""

    values: dict[str, str | None]
    numbers: dict[str, str]

    def __call__(self, inlines: tuple[markup.Inline, ...]) -> tuple[str, str]:
        text: list[str] = []
        typed: list[str] = []
        for inline in inlines:
            if isinstance(inline, markup.Text):
                text.append(inline.text)
                typed.append(inline.text)
                continue
            if isinstance(inline, markup.FactRef):
                filled = self.values.get(inline.name) or BLOT
            else:
                filled = f"punkt {self.numbers.get(inline.key, BLOT)}"
            text.append(filled)
            typed.append(BLOT * len(filled))
        return "".join(text), "".join(typed)


_LONGEST_LABEL = 120  # a label is repeated in every lead


def _clause(clause: Clause, fill: _Filler) -> Iterator[Passage]:
    anchor = model.clause_anchor(clause.key)
    heading, heading_typed = fill(markup.parse_inline(clause.heading))
    label = heading.replace(BLOT, "").strip()[:_LONGEST_LABEL] or clause.key
    yield Passage(anchor, label, heading, heading_typed, Kind.HEADING)

    def blocks(items: tuple[markup.Block, ...], kind: Kind, lead: str) -> Iterator[Passage]:
        before = ""
        for block in items:
            if isinstance(block, markup.Paragraph):
                text, typed = fill(block.inlines)
                yield Passage(anchor, label, text, typed, kind, lead)
                before = text
            elif isinstance(block, markup.ListBlock):
                for item in block.items:
                    yield from blocks(item, Kind.ITEM, f"{label} {before[-300:]}")

    yield from blocks(markup.parse(clause.text), Kind.PARAGRAPH, label)


# A full stop ends a sentence when a space and a capital follow, unless the word before is one of
# these, or a number before a month («1. Januar») says it is an ordinal.
_STOP = re.compile(r"[.!?](?=[)»”\"]?\s+[«(\"]?[A-ZÆØÅ])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«.])(?:art|bl\.a|ca|dvs|eks|ev|evt|f\.eks|inkl|jf|jfr|kap|kr|mill|nr|osv|pkt|pr|st|tlf)$",
    re.IGNORECASE,
)


@of_passage
def split(passage: Passage) -> Iterator[Passage]:
    """Cut a passage into sentences."""
    start = 0
    for stop in _STOP.finditer(passage.text):
        if _ends_in_abbreviation(passage.text, stop.start()):
            continue
        yield _cut(passage, start, stop.end())
        start = stop.end()
    if start < len(passage.text):
        yield _cut(passage, start, len(passage.text))


def _ends_in_abbreviation(text: str, stop: int) -> bool:
    tail = text[max(0, stop - 8) : stop]
    if tail[-2:].strip().isdigit():
        following = text[stop + 1 : stop + 9].strip().lower()
        return following.startswith(_ORDINAL_NOUNS)
    return _ABBREVIATION.search(tail) is not None


_ORDINAL_NOUNS = (
    *("jan", "feb", "mars", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"),
    "kvartal",
)


def _cut(passage: Passage, start: int, end: int) -> Passage:
    return replace(passage, text=passage.text[start:end], typed=passage.typed[start:end])


def excerpt(text: str, start: int, end: int, around: int = 25) -> str:
    """Quote text[start:end] with some words before and after, cut at spaces and kept short."""
    end = min(end, start + 80)
    left = text[max(0, start - around) : start].replace(BLOT, "…")
    right = text[end : end + around].replace(BLOT, "…")
    if start > around:
        left = "…" + (left.partition(" ")[2] if " " in left.rstrip() else left)
    if end + around < len(text):
        right = (right.rpartition(" ")[0] if " " in right.lstrip() else right) + "…"
    return " ".join((left + text[start:end] + right).split())

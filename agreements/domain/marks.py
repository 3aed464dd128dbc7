"""What may be marked as withheld in a Document, and the words each mark makes disappear. Pure.

A target is a key in the Document: of a clause, a party, a row of the contribution table; for a purchase
the service's key and the buyer's («temakurs/3310»); for an attachment its number in the list. They never
reach what the public sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from agreements.domain import choices, numbering, phrases, resolve
from agreements.domain.document import Choice, Document, ServiceChoice, walk
from agreements.domain.phrases import Phrase
from financing.calculation import Row, SumRow
from financing.figures import municipal_sum, printed_rows
from municipalities import norwegian

_SURELY_MONEY = 10_000  # kroner: no year, no share
_KRONER = ("{} kroner", "{} kr", "kr {}", "kr. {}", "{},-")


class MarkKind(StrEnum):
    """What sort of thing is withheld."""

    PHRASE = "phrase"  # words, wherever they stand
    CLAUSE = "clause"  # the text of a point, without the points under it
    SIGNATORY = "signatory"  # who signs for a party
    SERVICE = "service"  # who buys a service on top, and its price
    ROW = "row"  # the amounts of a contributor, and what they are computed from
    ATTACHMENT = "attachment"  # the title in the list


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is withheld. `basis` is the provision as it is printed."""

    kind: MarkKind
    basis: str
    target: str = ""
    phrase: str = ""
    with_heading: bool = False  # CLAUSE
    with_sums: bool = False  # ROW: also the sums that the amounts are part of


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be marked, as it is offered."""

    kind: MarkKind
    key: str
    label: str


def targets(document: Document) -> tuple[Target, ...]:
    """Return what there is to mark beside words, in reading order."""
    return tuple(_targets(document))


def _targets(document: Document) -> Iterator[Target]:
    numbers, headings = numbering.numbers(document.clauses), resolve.headings(document)
    for clause in walk(document.clauses):
        label = f"{numbers[clause.key]} {headings[clause.key]}"
        yield Target(MarkKind.CLAUSE, clause.key, label)
    for party in document.parties:
        if party.signatory_name or party.signatory_title or party.mandate:
            yield Target(MarkKind.SIGNATORY, party.body.key, party.body.name)
    names = choices.municipalities(document)
    for service in document.services:
        for choice in service.choices:
            if choice.choice is Choice.BOUGHT and choice.body.key in names:
                label = f"{service.text}: {names[choice.body.key]}"
                yield Target(MarkKind.SERVICE, f"{service.key}/{choice.body.key}", label)
    if document.financing is not None:
        for row in document.financing.table.rows:
            yield Target(MarkKind.ROW, row.key, row.name)
    for number, attachment in enumerate(document.attachments, start=1):
        yield Target(MarkKind.ATTACHMENT, str(number), f"{number}. {attachment.title}")


def phrases_of(document: Document, marks: Sequence[Mark]) -> list[Phrase]:
    """Return the words that the marks withhold wherever they stand; owners are indexes of marks."""
    found: list[Phrase] = []
    for index, mark in enumerate(marks):
        match mark.kind:
            case MarkKind.PHRASE:
                found += phrases.phrase(mark.phrase, index)
            case MarkKind.SIGNATORY:
                for party in document.parties:
                    if party.body.key == mark.target:
                        found += phrases.phrase(party.signatory_name, index)
            case MarkKind.SERVICE:
                found += _of_a_purchase(document, mark, index)
            case MarkKind.ROW:
                found += _of_a_row(document, mark, index)
            case _:
                pass
    return phrases.merged(found)


def purchase(document: Document, target: str) -> ServiceChoice | None:
    """Return what a municipality buys on top; None where there is no such purchase."""
    service_key, _, key = target.rpartition("/")
    for service in document.services:
        own = choices.of(service, key) if service.key == service_key else None
        if own is not None and own.choice is Choice.BOUGHT:
            return own
    return None


def _of_a_purchase(document: Document, mark: Mark, index: int) -> Iterator[Phrase]:
    own, names = purchase(document, mark.target), choices.municipalities(document)
    if own is None or own.body.key not in names:
        return
    yield from phrases.phrase(choices.buyer(document, own, names[own.body.key]), index)
    if own.price is not None:
        yield from _amounts([own.price], index)


def _of_a_row(document: Document, mark: Mark, index: int) -> Iterator[Phrase]:
    """The amounts, which clauses fetch as facts, and with the sums those of everybody it is part of."""
    if document.financing is None:
        return
    table = document.financing.table
    for line in (*printed_rows(table), municipal_sum(table)):
        if isinstance(line, Row) and line.key == mark.target:
            yield from _amounts(line.cells, index)
            yield from _amounts([line.base_amount or Decimal(0)], index)
        if isinstance(line, SumRow) and mark.with_sums and mark.target in line.keys:
            yield from _amounts(line.cells, index)


def _amounts(amounts: Iterable[Decimal], index: int) -> Iterator[Phrase]:
    for amount in amounts:
        for text in written(amount) if amount else ():
            yield from phrases.phrase(text, index, exact=True)


def written(amount: Decimal) -> Iterator[str]:
    """An amount as people write it: to the øre, and in whole kroner, cut off or rounded.

    A small number may be a year or a share, and counts where it is said to be kroner.
    """
    yield from _grouped(norwegian.money(amount))
    for whole in sorted({int(amount), int(amount + Decimal("0.5"))} - {0}):
        forms = ("{}",) if whole >= _SURELY_MONEY else _KRONER
        for figure in _grouped(norwegian.integer(whole)):
            yield from (form.format(figure) for form in forms)


def _grouped(figure: str) -> tuple[str, ...]:
    """A figure with its thousands parted by space, by dot, and not."""
    return tuple(figure.replace(norwegian.NO_BREAK_SPACE, mark) for mark in (" ", ".", ""))

"""What the public may see of an agreement: frozen lines, ready to print, hash and give away. Pure.

Made by `redaction`, and by nothing else. No key and no hash of the Document is in it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from agreements.domain.document import Language
from agreements.domain.marks import MarkKind
from agreements.domain.resolve import RBlock, RList, RParagraph, Run
from financing.bands import Band

Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class PublicParty:
    """A party, and who signs for it. Lines without runs where there is nothing to say."""

    name: Line
    behalf: Line
    signatory_name: Line
    signatory_title: Line
    mandate: Line


@dataclass(frozen=True, slots=True)
class PublicClause:
    """A point. `anchor` follows from its number: a key may have words of its heading in it."""

    anchor: str
    number: str
    heading: Line
    level: int
    blocks: tuple[RBlock, ...]
    children: tuple[PublicClause, ...]


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A line of the contribution table. `code` is that of a sum, empty for a contributor."""

    name: Line
    status: str
    code: str
    population: Line
    rate: Line
    base_amount: Line
    cells: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PublicTable:
    """The contribution table, each cell a line. `bands` are of what is shown, as it is laid out on paper.

    `numbered` are the provisions that cells name by number: there is no room for more.
    """

    years: tuple[Line, ...]
    rows: tuple[PublicRow, ...]
    with_base: bool
    notes: tuple[Line, ...]
    bands: tuple[Band, ...]
    numbered: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PublicAttachment:
    """An attachment as it is listed. `access_code` is the legal basis for withholding the file."""

    title: Line
    access_code: Line


@dataclass(frozen=True, slots=True)
class Withheld:
    """How many places something of one kind is withheld in, by one provision."""

    kind: MarkKind
    basis: str
    places: int


@dataclass(frozen=True, slots=True)
class View:
    """What the public may see, and what is withheld from it."""

    language: Language
    title: Line
    region: Line
    period: Line
    parties: tuple[PublicParty, ...]
    clauses: tuple[PublicClause, ...]
    table: PublicTable | None  # None where no point that is shown has it
    attachments: tuple[PublicAttachment, ...]
    withheld: tuple[Withheld, ...]
    places: tuple[int, ...]  # of each mark, in the order given


def plain(line: Line) -> str:
    """The line as text, marks among it."""
    return "".join(run.text for run in line)


def texts(view: View) -> Iterator[str]:
    """Yield every text of the agreement that is shown: a line or paragraph, or what is between marks."""
    for line in lines(view):
        for hidden, runs in groupby(line, lambda run: bool(run.withheld)):
            if not hidden:
                yield "".join(run.text for run in runs)


def dump(view: View) -> bytes:
    """Write the view as JSON: the same view is the same bytes, see `canonical` for the Document."""
    tree = dataclasses.asdict(view)
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(view: View) -> str:
    """The SHA-256 of what the public may see, in hexadecimal.

    Never that of the whole agreement: whoever knows all but an amount could try amounts against it.
    """
    return hashlib.sha256(dump(view)).hexdigest()


def lines(view: View) -> Iterator[Line]:
    """Yield every line of the agreement in the view, in no order that matters."""
    yield from (view.title, view.region, view.period)
    for party in view.parties:
        yield from (party.name, party.behalf)
        yield from (party.signatory_name, party.signatory_title, party.mandate)
    yield from _clause_lines(view.clauses)
    if view.table is not None:
        yield from (*view.table.years, *view.table.notes)
        for row in view.table.rows:
            yield from (row.name, row.population, row.rate, row.base_amount, *row.cells)
    for attachment in view.attachments:
        yield from (attachment.title, attachment.access_code)


def _clause_lines(clauses: Iterable[PublicClause]) -> Iterator[Line]:
    for clause in clauses:
        yield clause.heading
        yield from _block_lines(clause.blocks)
        yield from _clause_lines(clause.children)


def _block_lines(blocks: Iterable[RBlock]) -> Iterator[Line]:
    for block in blocks:
        match block:
            case RParagraph(runs):
                yield runs
            case RList(_, items):
                for item in items:
                    yield from _block_lines(item)

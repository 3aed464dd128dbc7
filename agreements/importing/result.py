"""What reading an agreement gives. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements.domain.document import PartyRole, ServiceLevel

UNPLACED_KEY = "tekst-som-ikke-ble-plassert"
UNPLACED_HEADING = "Tekst som ikke ble plassert"


class UnreadableAgreementError(ValueError):
    """The file cannot be read as an agreement. The message is bokmål and may be shown to the user."""


@dataclass(frozen=True, slots=True)
class ImportedClause:
    """A numbered point as found.

    `number_as_printed` is what the file says («5.4 1»), empty for the clause of unplaced text; the
    number of the agreement is computed from the tree. `text` is clause text as in `domain.markup`.
    """

    key: str
    number_as_printed: str
    heading: str
    text: str
    children: tuple[ImportedClause, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedParty:
    """A party as printed. `role` is a guess from the name; at most one is the contract municipality."""

    name: str
    role: PartyRole
    on_behalf_of: tuple[str, ...]  # as printed: «Hole» or «Hole kommune»
    lines: tuple[int, ...]  # line numbers in the file, from 1


@dataclass(frozen=True, slots=True)
class Understood:
    """What lines `line_from`-`line_to` were read as, in bokmål. Entries may lie within one another."""

    line_from: int
    line_to: int
    what: str


@dataclass(frozen=True, slots=True)
class Left:
    """A line that has no place of its own in the agreement.

    `kept` says that its words also stand in the clause of unplaced text. Page numbers, repeated
    headers, tables of contents and signature blocks are not kept: the program makes them anew.
    """

    line_number: int
    text: str
    why: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ImportedSuggestion:
    """What one author of tracked changes proposes for a clause: its heading and text with them made."""

    clause_key: str
    author: str  # a name as Word has it; nobody the program knows
    day: date | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportedReply:
    """A reply to a comment."""

    author: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """A comment, or a proposal that is no new wording of a clause.

    `clause_key` is empty for the whole agreement. `quote` is the words it is fastened to. A `proposal`
    is a tracked change, said in words.
    """

    clause_key: str
    author: str
    day: date | None
    quote: str
    text: str
    resolved: bool = False
    replies: tuple[ImportedReply, ...] = ()
    proposal: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """An agreement as read from a file. Every line that is not blank is in `report` or `left`.

    Only Word files have suggestions and comments; `unit` is what is counted there and here.
    """

    title: str  # empty where none was found
    clauses: tuple[ImportedClause, ...]
    services: tuple[tuple[ServiceLevel, str], ...]
    parties: tuple[ImportedParty, ...]
    term: tuple[date, date] | None  # first and last day
    report: tuple[Understood, ...]
    left: tuple[Left, ...]
    suggestions: tuple[ImportedSuggestion, ...] = ()
    comments: tuple[ImportedComment, ...] = ()
    unit: str = "linje"

"""The case paper (saksframlegg): what a council is told about an agreement, frozen. Pure.

One CasePaper is what is shown, printed and written as Word. It holds finished tables and computes no
amount: sums are the tables' own, and differences those of `financing.comparison`. It is for the council
of the region, or for one municipality, whose own figures then come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agreements.domain.checks import Position
from agreements.domain.document import Body, Document, Language
from agreements.domain.guards import Outcome
from financing import comparison
from financing.calculation import Row, Status, Table


class Part(StrEnum):
    """The parts of the paper that the team may write. The values are their addresses too."""

    CASE_NUMBER = "saksnummer"  # of the region's council; one line
    RECOMMENDATION = "innstilling"  # to the region's council
    RESOLUTION = "vedtak"  # proposed to each municipality
    REJECTION = "ikke-vedtak"  # proposed where the director is against
    BACKGROUND = "bakgrunn"
    ASSESSMENT = "vurdering"


# Those that may name the facts of one municipality.
OWN_PARTS = (Part.RESOLUTION, Part.REJECTION)


class FormerKind(StrEnum):
    """What the agreement is compared with."""

    PREVIOUS = "previous"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The version that the paper is about."""

    number: int
    sha256: str
    day: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Former:
    """What the agreement follows or is made from, and what differs, in sentences of its language.

    `day` is the last day of a former agreement, or the one a template was issued.
    """

    kind: FormerKind
    name: str
    day: date
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a council has decided."""

    outcome: Outcome
    case_number: str
    day: date
    conditions: str


@dataclass(frozen=True, slots=True)
class View:
    """What one body has answered. `day` is None until it has; `delegated`: not by the director."""

    body: Body
    stance: Position
    preferred: str = ""
    comment: str = ""
    day: date | None = None
    delegated: bool = False
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One shared input, what became of it, and the first version that has what came of it.

    `outcome` is one of `trace.Outcome`; `revision` that of the clause, where a wording was taken in.
    `place` is empty for the whole agreement.
    """

    organisation: str
    place: str
    is_suggestion: bool
    text: str
    outcome: str
    reason: str
    revision: int | None
    day: date | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """What is paid now: kroner a year by contributor key, of one year, and where the amounts are from."""

    year: int
    amounts: tuple[tuple[str, Decimal], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A warning that somebody has let stand, and why."""

    message: str
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What is said about the figures of all the tables."""

    population_date: date
    population_source: str
    excludes_vat: bool
    invoicing: str


@dataclass(frozen=True, slots=True)
class CasePaper:
    """Everything the paper says.

    `recipient` is the municipality it is for, None for the council of the region. `frozen` is None for
    a draft. `tables` are the alternatives', the chosen one first; `chosen` tells whether one is. What
    the team has written is in `texts`; what it has not is as usual, see `case_paper_texts`.
    """

    document: Document
    recipient: Body | None
    frozen: Frozen | None
    former: Former | None
    views: tuple[View, ...]
    confirmations: tuple[View, ...]
    inputs: tuple[Said, ...]
    tables: tuple[Table, ...]
    chosen: bool
    today: Today | None
    basis: Basis
    standing: tuple[Standing, ...] = ()
    waiting: tuple[str, ...] = ()
    texts: tuple[tuple[Part, str], ...] = ()

    @property
    def language(self) -> Language:
        """The language of the agreement is that of the paper."""
        return self.document.language

    @property
    def key(self) -> str:
        """The key of the municipality it is for; empty for the region's."""
        return self.recipient.key if self.recipient else ""

    @property
    def chosen_table(self) -> Table | None:
        """The table of the alternative that the agreement follows."""
        return self.tables[0] if self.chosen else None

    @property
    def view(self) -> View | None:
        """What the municipality it is for has answered."""
        return next((view for view in self.views if view.body.key == self.key), None)

    def written(self, part: Part) -> str:
        """What the team has written; empty where it has not."""
        return dict(self.texts).get(part, "")

    def compared(self) -> comparison.Comparison | None:
        """The alternatives against each other and against today; None with nothing to compare."""
        return comparison.compare(
            self.tables,
            self.key,
            current=dict(self.today.amounts) if self.today else None,
            current_year=self.today.year if self.today else None,
        )


def own_row(table: Table, key: str) -> Row | None:
    """Return a contributor's row, unless it pays nothing: it has declined, or is not in the table."""
    return next(
        (row for row in table.rows if row.key == key and row.status is not Status.DECLINED), None
    )

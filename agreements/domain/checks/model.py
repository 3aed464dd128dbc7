"""What a check is given and what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agreements.domain.document import BodyKind
from financing.calculation import ContributorKind


class Level(StrEnum):
    """How serious a finding is. An error blocks freezing for signature, a warning can be acknowledged."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(StrEnum):
    """What a finding is about. Stable: acknowledgements and docs/checks.md refer to these."""

    LEFTOVER_PLACEHOLDER = "leftover_placeholder"
    CONTRIBUTION_TABLE_MISSING = "contribution_table_missing"
    DRAFTING_NOTE = "drafting_note"
    TYPED_POINT_NUMBER = "typed_point_number"
    DEAD_REFERENCE = "dead_reference"
    REFERENCE_DOES_NOT_HOLD = "reference_does_not_hold"
    LAW_REFERENCE_MISSPELT = "law_reference_misspelt"
    LAW_REFERENCE_OUTDATED = "law_reference_outdated"
    SAME_DUTY_TWICE = "same_duty_twice"
    OPTIONAL_IN_MINIMUM = "optional_in_minimum"
    MINIMUM_NOT_FOR_ALL = "minimum_not_for_all"
    EXTRA_PRICE_MISSING = "extra_price_missing"
    CHOICE_OUTSIDE_AGREEMENT = "choice_outside_agreement"
    ADDITIONAL_FOR_NOBODY = "additional_for_nobody"
    DUTY_OUTSIDE_PARTIES = "duty_outside_parties"
    UNKNOWN_FACT = "unknown_fact"
    EMPTY_FACT = "empty_fact"
    CONTRIBUTOR_NOT_PARTY = "contributor_not_party"
    PARTY_NOT_IN_TABLE = "party_not_in_table"
    PARTY_DECLINED = "party_declined"
    NAMED_TWICE = "named_twice"
    SIGNED_FOR_DIFFERS = "signed_for_differs"
    SIGNATORY_MISSING = "signatory_missing"
    MANDATE_MISSING = "mandate_missing"
    TOO_MANY_SIGNERS = "too_many_signers"
    RETIRED_BODY = "retired_body"
    NAME_NOT_REGISTERED = "name_not_registered"
    POPULATION_DIFFERS = "population_differs"
    POPULATION_DATE_DIFFERS = "population_date_differs"
    RATE_DIFFERS = "rate_differs"
    AMOUNT_DIFFERS = "amount_differs"
    INDEX_DIFFERS = "index_differs"
    INDEX_NOT_STATED = "index_not_stated"
    TERM_ENDS_BEFORE_START = "term_ends_before_start"
    TERM_DATE_DIFFERS = "term_date_differs"
    TERM_LENGTH_DIFFERS = "term_length_differs"
    TERM_YEARS_DIFFER = "term_years_differ"
    TITLE_YEARS_DIFFER = "title_years_differ"
    TITLE_TOO_LONG = "title_too_long"
    RATE_BELOW_MINIMUM = "rate_below_minimum"
    CONTRIBUTOR_NOT_CONFIRMED = "contributor_not_confirmed"
    BUDGET_RESERVATION_MISSING = "budget_reservation_missing"
    STANCE_CONTRADICTS = "stance_contradicts"
    RECOMMENDED_MISSING = "recommended_missing"
    VENUE_OUTSIDE_PARTIES = "venue_outside_parties"
    DATA_PROCESSING_MISSING = "data_processing_missing"
    UNPRINTABLE_CHARACTER = "unprintable_character"


# Warnings while the agreement is a draft that must be gone before it is sent for signing.
BLOCKS_SIGNING = frozenset({Code.SIGNATORY_MISSING, Code.MANDATE_MISSING, Code.EXTRA_PRICE_MISSING})

# Anchors: which part of the agreement a finding belongs to.
AGREEMENT = "avtale"
PARTIES = "parter"
FINANCING = "okonomi"
CLAUSE_PREFIX = "punkt:"


def clause_anchor(key: str) -> str:
    """Return the anchor of a clause."""
    return f"{CLAUSE_PREFIX}{key}"


def service_anchor(key: str) -> str:
    """Return the anchor of a line of the service checklist."""
    return f"tjenester:{key}"


@dataclass(frozen=True, slots=True)
class Mend:
    """What to write instead, where that is sure.

    `found` stands letter for letter in the heading or the text of the clause `key`. Wherever it
    stands there as whole words, `instead` is right in its place.
    """

    key: str
    found: str
    instead: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `message` is bokmål and says what is wrong and what would be right."""

    level: Level
    code: Code
    message: str
    anchor: str
    mend: Mend | None = None

    @property
    def identity(self) -> str:
        """A short name for exactly this finding: another message at the same place has another."""
        said = "\n".join((self.code.value, self.anchor, self.message))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class RegisteredBody:
    """A body (not a place) as the register names it. Both dates are days on which it existed."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    kind: BodyKind | None = None


class Position(StrEnum):
    """What a body thinks of an agreement."""

    POSITIVE = "positive"
    CONDITIONAL = "conditional"
    NEGATIVE = "negative"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Stance:
    """What a body has said about the agreement: the answer as recorded, and its own words for it."""

    body: str  # short name, «Hole»
    position: Position
    words: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Facts outside the agreement. `minimum_rates` are kroner per inhabitant that a kind must pay."""

    bodies: tuple[RegisteredBody, ...] = ()
    minimum_rates: tuple[tuple[ContributorKind, Decimal], ...] = ()
    stances: tuple[Stance, ...] = ()

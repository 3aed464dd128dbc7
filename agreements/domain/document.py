"""The Document: everything an agreement says, frozen. Pure.

One Document is what is checked, shown, decided on, hashed and printed. It is built from the draft's
rows by `agreements.snapshot` and from stored JSON by `canonical.load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from financing.calculation import Table

SCHEMA = 2  # what is written now; `canonical` reads and writes the earlier ones too


class Language(StrEnum):
    """Written standard of the agreement (målform)."""

    BOKMAL = "nb"
    NYNORSK = "nn"


class BodyKind(StrEnum):
    """What sort of body an organisation is."""

    MUNICIPALITY = "municipality"
    COUNTY_AUTHORITY = "county_authority"
    STATE_AGENCY = "state_agency"
    STATE_COMPANY = "state_company"
    COUNCIL = "council"
    OPERATOR = "operator"


class PartyRole(StrEnum):
    """A party's part in the agreement."""

    COUNTY_AUTHORITY = "county_authority"
    CONTRACT_MUNICIPALITY = "contract_municipality"  # signs for the region
    PARTNER = "partner"  # Nav, Innovasjon Norge and others with duties but no contribution


class ServiceLevel(StrEnum):
    """The three lists of the service checklist."""

    QUALITY = "quality"
    MINIMUM = "minimum"
    ADDITIONAL = "additional"


class Choice(StrEnum):
    """What a municipality has chosen about one line of the checklist."""

    IN = "in"  # part of what everybody pays for
    OUT = "out"
    BOUGHT = "bought"  # on top, at a price of its own


class AttachmentKind(StrEnum):
    """What an attachment is."""

    EVALUATION = "evaluation"
    CASE_PAPER = "case_paper"
    DATA_PROCESSING = "data_processing"
    OPERATOR_CONTRACT = "operator_contract"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as it is named in the agreement. `name` is the full name («Ringerike kommune»)."""

    key: str  # municipality number, county number or a slug; never changes
    name: str
    short_name: str  # «Ringerike»
    kind: BodyKind


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody bound by the agreement, and who signs for it. Empty strings where not yet known."""

    body: Body
    role: PartyRole
    on_behalf_of: tuple[Body, ...] = ()
    signatory_name: str = ""
    signatory_title: str = ""
    mandate: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered point. `text` is the Markdown subset of `markup`; numbers are computed, never stored."""

    key: str
    heading: str
    text: str = ""
    source: str = ""  # where the wording comes from and its date
    children: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A municipality for which a line is not simply included. `price` is kroner a year, for BOUGHT."""

    body: Body
    choice: Choice
    price: Decimal | None = None  # None where it is not agreed yet


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the service checklist, without closing full stop.

    It is included for every municipality that has no choice of its own.
    """

    key: str
    level: ServiceLevel
    text: str
    choices: tuple[ServiceChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the agreement, by the hash of its bytes.

    `access_code` is the legal basis for keeping it from the public («offl. § 13 jf. fvl. § 13»), empty
    for one that is open.
    """

    title: str
    kind: AttachmentKind
    access_code: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """The model agreement the text came from. `confirmed_by` is empty until somebody has confirmed it."""

    name: str
    version: int
    issued: date
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Financing:
    """The chosen alternative's table with what must be said about it."""

    table: Table
    population_date: date
    excludes_vat: bool
    invoicing: str  # who invoices whom, one sentence
    population_source: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a contributor pays before the agreement, kroner a year."""

    key: str
    year: int
    amount: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All facts and all text of one agreement.

    `others` and `today` are what the municipalities choose between: the tables of the alternatives that
    the agreement does not follow, in the plan's order, and what is paid now. They are decided on with
    the rest and are no part of the text that is signed.
    """

    title: str
    language: Language
    region: str
    county: str  # name of the county of the county authority that is a party, «Buskerud»
    term_start: date
    term_end: date
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    services: tuple[Service, ...]
    financing: Financing | None  # None until an alternative is chosen
    template: TemplateRef | None = None
    attachments: tuple[Attachment, ...] = ()  # in the order they are listed
    others: tuple[Table, ...] = ()
    today: tuple[Paid, ...] = ()
    schema: int = SCHEMA


def walk(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    """Yield every clause in reading order, parents before children."""
    for clause in clauses:
        yield clause
        yield from walk(clause.children)

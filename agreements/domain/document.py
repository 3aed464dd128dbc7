"""The Document: everything an agreement says, frozen. Pure.

One Document is what is checked, shown, decided on, hashed and printed. It is built from the draft's
rows by `agreements.snapshot` and from stored JSON by `canonical.load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from financing.calculation import Table

SCHEMA = 1


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
class Service:
    """One line of the service checklist, without closing full stop."""

    key: str
    level: ServiceLevel
    text: str


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
class Document:
    """All facts and all text of one agreement."""

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
    schema: int = SCHEMA


def walk(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    """Yield every clause in reading order, parents before children."""
    for clause in clauses:
        yield clause
        yield from walk(clause.children)

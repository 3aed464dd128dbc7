"""A plan with everything that its files say, frozen: spreadsheets and comparisons are made from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from financing.terms import Alternative, Contributor, Table


@dataclass(frozen=True, slots=True)
class Study:
    """A plan's words and facts, and each alternative that can be calculated with its table."""

    name: str
    region: str
    years: tuple[int, ...]
    population_date: date
    population_source: str
    excludes_vat: bool
    invoicing: str  # who invoices whom, one sentence; may be empty
    contributors: tuple[Contributor, ...]  # those that are included, in table order
    alternatives: tuple[tuple[Alternative, Table], ...]
    language: str = "nb"  # of the fixed words: nb or nn

"""The contribution table as the number checks ask about it: who is named, and what is right for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agreements.domain.checks.names import Found, finder
from agreements.domain.document import Document, PartyRole
from financing.calculation import ContributorKind, Row, Status, Table

_MUNICIPALITIES = re.compile(
    r"\b(?:kommunene|kommunane|hver\s+(?:enkelt\s+)?kommune|kvar\s+(?:einskild\s+)?kommune"
    r"|(?:deltaker|deltakar|medlems?|samarbeids)kommun\w{2,4}|kommunenes|kommunanes)\b",
    re.IGNORECASE,
)
_AUTHORITIES = re.compile(
    r"\b(?:fylkeskommune(?:ne|nes|r)|fylkeskommunanes?|fylkene|fylka)\b", re.IGNORECASE
)
_THE_AUTHORITY = re.compile(r"\b(?:fylkeskommune(?:n|ns)|fylkets?)\b", re.IGNORECASE)
_HOST = re.compile(r"\b(?:kontraktskommune|vertskommune)(?:n|ns)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text speaks of: rows by name, and whole kinds («kommunene», «fylkeskommunen»)."""

    named: tuple[Row, ...]
    kinds: frozenset[ContributorKind]

    def __bool__(self) -> bool:
        """Tell whether anybody is spoken of."""
        return bool(self.named or self.kinds)


class Figures:
    """The rows of a table, findable by name."""

    def __init__(self, document: Document, table: Table) -> None:
        self.table = table
        self.rows = tuple(row for row in table.rows if row.status is not Status.DECLINED)
        self.municipal = self.of_kind(ContributorKind.MUNICIPALITY)
        self.authorities = self.of_kind(ContributorKind.COUNTY_AUTHORITY)
        names: dict[str, Row] = {}
        for row in table.rows:
            for name in _names(row):
                # A county and a municipality of one name (Oslo): the municipality's comes first.
                if name not in names or row.kind is ContributorKind.MUNICIPALITY:
                    names[name] = row
        self._by_name = names
        self._finder = finder(tuple(names))
        self._hosts = self._of_party(document, PartyRole.CONTRACT_MUNICIPALITY)
        self._own_authority = (
            self._of_party(document, PartyRole.COUNTY_AUTHORITY) or self.authorities
        )

    def _of_party(self, document: Document, role: PartyRole) -> tuple[Row, ...]:
        keys = {party.body.key for party in document.parties if party.role is role}
        return tuple(row for row in self.rows if row.key in keys)

    def of_kind(self, kind: ContributorKind) -> tuple[Row, ...]:
        """Return the rows of a kind that have not declined."""
        return tuple(row for row in self.rows if row.kind is kind)

    def find(self, text: str) -> list[tuple[Found, Row]]:
        """Return the contributors named in a text, in order."""
        return [(found, self._by_name[found.name]) for found in self._finder.find(text)]

    def mentions(self, text: str) -> Mentions:
        """Return whom a text speaks of."""
        named = [row for _, row in self.find(text)]
        if _HOST.search(text):
            named.extend(self._hosts)
        if _THE_AUTHORITY.search(text):
            named.extend(self._own_authority)
        kinds = {ContributorKind.MUNICIPALITY} if _MUNICIPALITIES.search(text) else set()
        if _AUTHORITIES.search(text):
            kinds.add(ContributorKind.COUNTY_AUTHORITY)
        return Mentions(tuple(dict.fromkeys(named)), frozenset(kinds))

    def spoken_of(self, mentions: Mentions) -> tuple[Row, ...]:
        """Return the rows named or of a kind spoken of."""
        of_kinds = (row for row in self.rows if row.kind in mentions.kinds)
        return tuple(dict.fromkeys((*mentions.named, *of_kinds)))

    def populations(self) -> set[int]:
        """Return every right number of inhabitants of several municipalities together.

        All of them, those of one county, those confirmed, and what county authorities pay for.
        """
        counties = {row.county for row in self.municipal}
        groups = [
            self.municipal,
            tuple(row for row in self.municipal if row.status is Status.CONFIRMED),
            tuple(row for row in self.table.rows if row.kind is ContributorKind.MUNICIPALITY),
            *(tuple(row for row in self.municipal if row.county == county) for county in counties),
        ]
        whole = {inhabitants(group) for group in groups if group}
        return whole | {row.population for row in self.authorities if row.population is not None}


def inhabitants(rows: Iterable[Row]) -> int:
    """Return the inhabitants of municipalities together."""
    return sum(row.population or 0 for row in rows)


def cell_sums(rows: Iterable[Row], years: Iterable[int]) -> list[Decimal]:
    """Return the sum of the rows' shown cells, in kroner, for each column of the table asked for."""
    rows = tuple(rows)
    return [
        sum((row.cells[column] for row in rows if column < len(row.cells)), Decimal(0))
        for column in years
    ]


def short_name(row: Row) -> str:
    """Return a contributor's name without the kind of body."""
    return row.name.removesuffix(" kommune").removesuffix(" fylkeskommune")


def _names(row: Row) -> tuple[str, ...]:
    short = short_name(row)
    if row.kind is ContributorKind.MUNICIPALITY:
        return (f"{short} kommune", short)
    if row.kind is ContributorKind.COUNTY_AUTHORITY:
        return (f"{short} fylkeskommune", short)
    return (row.name,)


@lru_cache(maxsize=4)
def figures(document: Document) -> Figures | None:
    """Return the document's table, None where no financing is chosen. Cached: several checks ask."""
    return Figures(document, document.financing.table) if document.financing is not None else None

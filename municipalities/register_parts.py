"""The tables of the register, as parts that are rendered once for what they show."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from municipalities.models import Municipality, PopulationFigure, Region
from municipalities.prepared import Prepared

Link = tuple[str, str]  # the words, and the key in the address


@dataclass(frozen=True)
class MunicipalityRow:
    """A municipality with its newest number of inhabitants, None where none is known."""

    name: str
    number: str
    ended: bool
    inhabitants: int | None
    counted_on: dt.date | None
    county: str
    regions: tuple[Link, ...]


@dataclass(frozen=True)
class RegionRow:
    """A region, the municipality that signs for it, and who runs its service."""

    name: str
    slug: str
    contract: Link
    operator: str


@dataclass(frozen=True)
class Rows:
    """The rows of a table, in its order."""

    rows: tuple[MunicipalityRow, ...] | tuple[RegionRow, ...]

    def context(self) -> dict[str, Any]:
        """What the template of the table asks for."""
        return {"rows": self.rows}


def municipalities(numbers: tuple[int, ...]) -> Rows:
    """Read what the table shows of these municipalities, in this order. Three queries."""
    population = {pk: figure for pk, *figure in _POPULATION.all(numbers)}
    regions: dict[int, list[Link]] = defaultdict(list)
    for pk, *link in _REGIONS_OF.all(numbers):
        regions[pk].append(tuple(link))
    found = {pk: row for pk, *row in _MUNICIPALITIES.all(numbers)}
    return Rows(
        tuple(
            MunicipalityRow(
                name=name,
                number=number,
                ended=valid_to is not None,
                inhabitants=population[pk][0] if pk in population else None,
                counted_on=population[pk][1] if pk in population else None,
                county=county,
                regions=tuple(regions[pk]),
            )
            for pk in numbers
            if pk in found
            for name, number, valid_to, county in [found[pk]]
        )
    )


def regions() -> Rows:
    """Read what the table shows of all regions. One query."""
    return Rows(
        tuple(
            RegionRow(name, slug, (contract, number), operator or "")
            for name, slug, contract, number, operator in _REGIONS.all()
        )
    )


_MUNICIPALITIES = Prepared(
    lambda numbers: (
        Municipality.objects.filter(pk__in=numbers)
        .order_by()
        .values_list("pk", "name", "number", "valid_to", "county__name")
    )
)
_POPULATION = Prepared(
    lambda numbers: (
        PopulationFigure.objects.filter(municipality__in=numbers)
        .order_by("municipality", "-reference_date", "-pk")
        .distinct("municipality")
        .values_list("municipality", "value", "reference_date")
    )
)
_REGIONS_OF = Prepared(
    lambda numbers: Region.objects.filter(members__in=numbers).values_list(
        "members", "name", "slug"
    )
)
_REGIONS = Prepared(
    lambda: Region.objects.values_list(
        *("name", "slug", "contract_municipality__name", "contract_municipality__number"),
        "operator__name",
    )
)

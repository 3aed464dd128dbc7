"""The tables of the register, as parts that are rendered once for what they show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from municipalities.models import Municipality, PopulationFigure, Region

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


def municipalities(
    rows: Iterable[Municipality], population: Mapping[int, PopulationFigure]
) -> Rows:
    """Take what the table shows of municipalities, whose county and regions are loaded."""
    found = []
    for row in rows:
        figure = population.get(row.pk)
        found.append(
            MunicipalityRow(
                name=row.name,
                number=row.number,
                ended=row.valid_to is not None,
                inhabitants=figure.value if figure else None,
                counted_on=figure.reference_date if figure else None,
                county=row.county.name,
                regions=tuple((region.name, region.slug) for region in row.regions.all()),
            )
        )
    return Rows(tuple(found))


def regions(rows: Iterable[Region]) -> Rows:
    """Take what the table shows of regions, whose contract municipality and operator are loaded."""
    return Rows(
        tuple(
            RegionRow(
                name=row.name,
                slug=row.slug,
                contract=(row.contract_municipality.name, row.contract_municipality.number),
                operator=row.operator.name if row.operator else "",
            )
            for row in rows
        )
    )

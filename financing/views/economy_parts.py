"""What the page of the alternatives shows, as parts that are rendered once for what they show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from financing import comparison, side_by_side
from financing.calculation import Table
from financing.minimum import BelowMinimum


@dataclass(frozen=True)
class SideBySide:
    """The tables compared with each other and with what is paid today.

    `against` is the place of the table that is compared with; `today` kroner a year by contributor key.
    `current_url` is where today's contributions are filled in, empty for whoever may not.
    """

    tables: tuple[Table, ...]
    own: str
    against: int
    today: tuple[tuple[str, Decimal], ...] | None
    today_year: int | None
    view: side_by_side.View
    excludes_vat: bool
    invoicing: str
    current_url: str

    def context(self) -> dict[str, Any]:
        """What the templates of the comparison ask for."""
        compared = comparison.compare(
            self.tables,
            self.own,
            against=self.against,
            current=None if self.today is None else dict(self.today),
            current_year=self.today_year,
        )
        assert compared is not None, "there is a table to compare"
        lines = side_by_side.lines(compared, self.view)
        return {
            "comparison": compared,
            "lines": lines,
            "own": next((line for line in lines if line.row.is_own), None),
            "view": self.view,
            "excludes_vat": self.excludes_vat,
            "invoicing": self.invoicing,
            "current_url": self.current_url,
        }


@dataclass(frozen=True)
class OneAlternative:
    """An alternative with its table, None where it cannot be calculated.

    `pending` says that it cannot because inhabitants are missing, which the page says once for all.
    `edit_url` is empty for whoever may not edit.
    """

    pk: int
    name: str
    chosen: bool
    what_if_url: str
    edit_url: str
    table: Table | None
    pending: bool
    own: str
    low: tuple[BelowMinimum, ...]

    def context(self) -> dict[str, Any]:
        """What the template of an alternative asks for."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

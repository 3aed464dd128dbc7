"""What a check of a printed table gives: the rule that was found, and every cell. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from financing.verification.table import PrintedTable, RowKind


class Cause(StrEnum):
    """The likeliest reason why a cell deviates."""

    TRUNCATED = "truncated"
    ROUNDED = "rounded"
    COPIED_ROW = "copied_row"
    DIGIT = "digit"
    OTHER_INDEX = "other_index"
    SUM_OF_ROWS = "sum_of_rows"
    CONSEQUENCE = "consequence"
    UNEXPLAINED = "unexplained"  # none of the others fits: an honest «we do not know»


CAUSE_LABELS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.TRUNCATED: "Avkortet",
        Cause.ROUNDED: "Avrundet underveis",
        Cause.COPIED_ROW: "Kopiert fra en annen rad",
        Cause.DIGIT: "Tastefeil",
        Cause.OTHER_INDEX: "Annen indeks",
        Cause.SUM_OF_ROWS: "Stemmer ikke med radene",
        Cause.CONSEQUENCE: "Følge av en annen feil",
        Cause.UNEXPLAINED: "Ukjent årsak",
    }
)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How shown cells are rounded: to `decimals` (None: as many as each is printed with), by `mode`.

    Negative decimals are tens, hundreds and so on; `mode` is one of decimal.ROUND_*.
    """

    decimals: int | None
    mode: str
    label: str  # Norwegian

    def places(self, printed: int) -> int:
        """Return the decimals that a cell printed with `printed` decimals is rounded to."""
        return printed if self.decimals is None else min(self.decimals, printed)


@dataclass(frozen=True, slots=True)
class RowRule:
    """How one contributor's amounts are set: an amount of the first year, indexed or not."""

    rate: Decimal | None  # kroner per inhabitant; None where the row cannot be recomputed
    start: Decimal | None  # unrounded kroner of the first column
    indexed: bool


@dataclass(frozen=True, slots=True)
class FoundRule:
    """The rule a table was checked against. `rows` is as the table's, None for sums."""

    rows: tuple[RowRule | None, ...]
    base_amount: Decimal  # kroner a year for each contributor that is no county authority
    percents: tuple[Decimal, ...]  # yearly growth into each column after the first
    growth: tuple[Decimal, ...]  # of an indexed amount, one for each column, unrounded
    rounding: Rounding
    rate_is_stated: bool
    index_is_stated: bool


@dataclass(frozen=True, slots=True)
class CheckedCell:
    """A printed cell and what it should have been. All amounts are kroner."""

    row_number: int  # from 1, counting the rows that were read
    row: str
    kind: RowKind
    column: str
    year: int | None
    printed: Decimal
    exact: Decimal  # unrounded; of a sum, the sum of the unrounded amounts
    expected: Decimal  # as it should be printed, with as many decimals as the printed cell
    right: Decimal  # to the øre; of a sum, the sum of the rows' right amounts
    deviation: Decimal  # printed - expected; 0 where the cell is right
    cause: Cause | None  # None where the cell is right
    detail: str  # Norwegian, why this cause; "" where the cell is right

    @property
    def is_right(self) -> bool:
        """Whether the printed amount is right."""
        return self.cause is None


@dataclass(frozen=True, slots=True)
class Verification:
    """A checked table. `cells` holds every cell that could be checked, row by row, years in order."""

    table: PrintedTable
    rule: FoundRule
    cells: tuple[CheckedCell, ...]
    rule_notes: tuple[str, ...]  # Norwegian: the rule that was used, and where it comes from
    notes: tuple[str, ...]  # Norwegian: what could not be checked, or looks odd without deviating

    @property
    def deviations(self) -> tuple[CheckedCell, ...]:
        """The cells that deviate."""
        return tuple(cell for cell in self.cells if not cell.is_right)

"""A contribution table as somebody printed it: what was read, and what could not be. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from municipalities.norwegian import join


class ReadingError(ValueError):
    """The text cannot be read as a table at all; the message is in Norwegian and says what to do."""


class RowKind(StrEnum):
    """What a row of a printed table is."""

    CONTRIBUTOR = "contributor"  # a municipality, or another body that is no county authority
    COUNTY_AUTHORITY = "county_authority"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as it was printed: its exact value, and how many decimals it was printed with."""

    value: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column of amounts. `year` is None where the heading names none («Bidrag»)."""

    label: str
    year: int | None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A line of the table. `cells` are kroner, one for each column; None where nothing was read."""

    label: str
    kind: RowKind
    population: int | None
    rate: Decimal | None  # kroner per inhabitant
    cells: tuple[PrintedNumber | None, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read: which row ("" for the whole table), and what to do about it."""

    row: str
    message: str  # Norwegian


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What was understood of a printed table. Rows and columns stand in the printed order."""

    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()  # Norwegian: what was left out, and is not needed

    @property
    def contributors(self) -> tuple[PrintedRow, ...]:
        """The rows that pay: all but the sums."""
        return tuple(row for row in self.rows if row.kind is not RowKind.SUM)

    def understood(self) -> tuple[str, ...]:
        """Say in Norwegian what was read: the columns, and which rows are what."""
        columns = join(column.label for column in self.columns)
        lines = [f"Beløpskolonner: {columns}."]
        for kind, text in (
            (RowKind.CONTRIBUTOR, "Kommuner og andre bidragsytere"),
            (RowKind.COUNTY_AUTHORITY, "Fylkeskommuner"),
            (RowKind.SUM, "Sumrader"),
        ):
            names = [row.label for row in self.rows if row.kind is kind]
            if names:
                lines.append(f"{text}: {join(names)}.")
        return (*lines, *self.remarks)


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts in order, each once."""
    return tuple(dict.fromkeys(texts))

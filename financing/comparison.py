"""Alternatives side by side: each contributor's amount in each, and the difference. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from financing.calculation import Status, Table


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A contributor's or a sum's first-year kroner in each alternative; None where it has no amount there.

    `differences` are each alternative's amount less the first alternative's.
    """

    key: str
    name: str
    status: Status | None
    amounts: tuple[Decimal | None, ...]
    differences: tuple[Decimal | None, ...]
    is_sum: bool = False
    is_own: bool = False

    @property
    def pairs(self) -> tuple[tuple[Decimal | None, Decimal | None], ...]:
        """Each alternative's amount with its difference."""
        return tuple(zip(self.amounts, self.differences, strict=True))


@dataclass(frozen=True, slots=True)
class Comparison:
    """First-year amounts of all alternatives."""

    year: int
    alternatives: tuple[str, ...]
    rows: tuple[ComparedRow, ...]


def _differences(amounts: tuple[Decimal | None, ...]) -> tuple[Decimal | None, ...]:
    first = amounts[0]
    return tuple(None if amount is None or first is None else amount - first for amount in amounts)


def compare(tables: tuple[Table, ...], own: str = "") -> Comparison | None:
    """Put the tables side by side; None with fewer than two. `own` is the reader's organisation's key."""
    if len(tables) < 2:
        return None
    found = [{row.key: row for row in table.rows} for table in tables]
    order = list(dict.fromkeys(row.key for table in tables for row in table.rows))
    rows = []
    for key in order:
        cells = [rows_by_key.get(key) for rows_by_key in found]
        amounts = tuple(row.cells[0] if row else None for row in cells)
        known = next(row for row in cells if row)
        rows.append(
            ComparedRow(
                key, known.name, known.status, amounts, _differences(amounts), is_own=key == own
            )
        )
    totals = tuple(table.total.cells[0] for table in tables)
    rows.append(
        ComparedRow(
            tables[0].total.code,
            tables[0].total.label,
            None,
            totals,
            _differences(totals),
            is_sum=True,
        )
    )
    return Comparison(tables[0].years[0], tuple(t.alternative for t in tables), tuple(rows))

"""Lines and figures read off a finished contribution table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import zip_longest

from financing.calculation import ContributorKind, Row, SumRow, Table, add_up, paying
from financing.rounding import ORE


@dataclass(frozen=True, slots=True)
class PerInhabitant:
    """Shown amounts as kroner per inhabitant and year, nearest øre: for reading, never summed."""

    inhabitants: int  # of the municipalities that pay
    rows: Mapping[str, tuple[Decimal, ...]]  # by contributor key; only rows with inhabitants
    total: tuple[Decimal, ...] | None  # the whole service; None where no municipality pays


def printed_rows(table: Table) -> tuple[Row | SumRow, ...]:
    """Return the lines of the table as printed: each county's sum under it, the totals last."""
    subtotals = {line.code: line for line in table.subtotals}
    lines: list[Row | SumRow] = []
    for row, following in zip_longest(table.rows, table.rows[1:]):
        lines.append(row)
        if following is None or following.county != row.county:
            subtotal = subtotals.pop(f"county-{row.county}", None)
            if subtotal is not None:
                lines.append(subtotal)
    lines.extend(subtotals.values())
    lines.append(table.total)
    if table.total_confirmed is not None:
        lines.append(table.total_confirmed)
    return tuple(lines)


def municipal_sum(table: Table) -> SumRow:
    """Return the sum of the shown cells of the municipalities that pay, «Sum kommuner»."""
    rows = [row for row in paying(table.rows) if row.kind is ContributorKind.MUNICIPALITY]
    return add_up("municipalities", "Sum kommuner", rows, len(table.years))


def per_inhabitant(table: Table) -> PerInhabitant:
    """Divide each row's cells by its inhabitants, and the total by the paying municipalities'."""
    municipalities = set(municipal_sum(table).keys)
    inhabitants = sum(row.population or 0 for row in table.rows if row.key in municipalities)
    rows = {row.key: _divide(row.cells, row.population) for row in table.rows if row.population}
    total = _divide(table.total.cells, inhabitants) if inhabitants else None
    return PerInhabitant(inhabitants, rows, total)


def _divide(cells: Iterable[Decimal], inhabitants: int) -> tuple[Decimal, ...]:
    # 60 digits: a quotient that is no tie cannot come to look like one.
    with localcontext(prec=60):
        return tuple((cell / inhabitants).quantize(ORE, ROUND_HALF_UP) for cell in cells)

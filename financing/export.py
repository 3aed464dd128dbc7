"""A contribution table as plain data for other programs. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from financing.calculation import SumRow, Table


def _exact(value: Decimal | None) -> str | None:
    """A rate or percent as an exact string without trailing zeros."""
    return None if value is None else format(value.normalize(), "f")


def _cells(table: Table, cells: tuple[Decimal, ...]) -> dict[str, str]:
    return {str(year): f"{cell:f}" for year, cell in zip(table.years, cells, strict=True)}


def _sum(table: Table, row: SumRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "label": row.label,
        "contributors": list(row.keys),
        "amounts": _cells(table, row.cells),
    }


def table_as_json(table: Table) -> dict[str, Any]:
    """Return the table as JSON-ready data: amounts in kroner with two decimals, everything as strings."""
    return {
        "name": table.alternative,
        "rounding": {"code": table.rounding.code, "label": table.rounding.label},
        "years": list(table.years),
        "index": [
            {
                "year": factor.year,
                "percent": _exact(factor.percent),
                "source": factor.source,
                "estimate": factor.is_estimate,
            }
            for factor in table.index
        ],
        "rows": [
            {
                "key": row.key,
                "name": row.name,
                "kind": row.kind.value,
                "county": row.county,
                "status": row.status.value,
                "population": row.population,
                "rate": _exact(row.rate),
                "base_amount": None if row.base_amount is None else f"{row.base_amount:.2f}",
                "amounts": _cells(table, row.cells),
            }
            for row in table.rows
        ],
        "subtotals": [_sum(table, row) for row in table.subtotals],
        "total": _sum(table, table.total),
        "total_confirmed": table.total_confirmed and _sum(table, table.total_confirmed),
    }


def table_as_rows(table: Table, *, header: bool) -> list[list[object]]:
    """Return the table as rows for a CSV file, sums last, each with its alternative's name."""
    rows: list[list[object]] = []
    if header:
        rows.append(["alternative", "row", "status", "population", "rate", *table.years])
    for row in table.rows:
        rate = "" if row.rate is None else _exact(row.rate)
        cells = [f"{cell:f}" for cell in row.cells]
        rows.append([table.alternative, row.name, row.status.value, row.population, rate, *cells])
    sums = [*table.subtotals, table.total]
    if table.total_confirmed is not None:
        sums.append(table.total_confirmed)
    for total in sums:
        cells = [f"{cell:f}" for cell in total.cells]
        rows.append([table.alternative, total.label, "", "", "", *cells])
    return rows

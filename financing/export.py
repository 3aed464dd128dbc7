"""A contribution table as plain data for other programs, and read back. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from financing.apportionment import KeyPartKind
from financing.calculation import (
    ContributorKind,
    IndexFactor,
    Row,
    RuleKind,
    Status,
    SumRow,
    Table,
    Term,
    TermShare,
)
from financing.rounding import ROUNDING_RULES
from financing.study import Study
from financing.words import terms

HASH_SHOWN = 12  # characters of a SHA-256 where people read it, as at the foot of a page


def _exact(value: Decimal | None) -> str | None:
    """A rate or percent as an exact string without trailing zeros."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(value: Decimal | None) -> str | None:
    """Kroner as an exact string with at least two decimals."""
    if value is None:
        return None
    whole, _, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


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
                "base_amount": _money(row.base_amount),
                "amounts": _cells(table, row.cells),
            }
            for row in table.rows
        ],
        "subtotals": [_sum(table, row) for row in table.subtotals],
        "total": _sum(table, table.total),
        "total_confirmed": table.total_confirmed and _sum(table, table.total_confirmed),
        "terms": [_term(term) for term in table.terms],
    }


def study_content(study: Study) -> bytes:
    """Return all that a comparison of a plan's alternatives says, as canonical JSON: what its hash is of."""
    tree = {
        "name": study.name,
        "region": study.region,
        "years": list(study.years),
        "population_date": study.population_date.isoformat(),
        "population_source": study.population_source,
        "excludes_vat": study.excludes_vat,
        "invoicing": study.invoicing,
        "alternatives": [
            {**table_as_json(table), "terms": list(terms(table))} for _, table in study.alternatives
        ],
    }
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def study_sha256(study: Study) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(study_content(study)).hexdigest()


def _term(term: Term) -> dict[str, Any]:
    return {
        "kind": term.kind.value,
        "names": list(term.names),
        "label": term.label,
        "amount": _money(term.amount),
        "shares": [
            {"kind": share.kind.value, "percent": _exact(share.percent)} for share in term.shares
        ],
        "hours": _exact(term.hours),
        "hour_price": _money(term.hour_price),
        "indexed": term.indexed,
        "floor": _money(term.floor),
        "cap": _money(term.cap),
        "steps": [_exact(step) for step in term.steps],
    }


def table_from_json(data: Mapping[str, Any]) -> Table:
    """Read back what `table_as_json` wrote: the same table, to the øre.

    Raises ValueError for what it did not write: something missing, of another kind, or unknown.
    """
    try:
        return _table(data)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError(f"This is no contribution table: {error!r}") from error


def _table(data: Mapping[str, Any]) -> Table:
    rounding = ROUNDING_RULES[data["rounding"]["code"]]
    years = tuple(int(year) for year in data["years"])
    confirmed = data["total_confirmed"]
    return Table(
        alternative=data["name"],
        rounding=rounding,
        years=years,
        index=tuple(
            IndexFactor(item["year"], _number(item["percent"]), item["source"], item["estimate"])
            for item in data["index"]
        ),
        rows=tuple(_row(item, years) for item in data["rows"]),
        subtotals=tuple(_sum_row(item, years) for item in data["subtotals"]),
        total=_sum_row(data["total"], years),
        total_confirmed=None if confirmed is None else _sum_row(confirmed, years),
        terms=tuple(_term_from(item) for item in data.get("terms", ())),
    )


def _number(text: str) -> Decimal:
    if not isinstance(text, str) or not (number := Decimal(text)).is_finite():
        raise TypeError(f"{text!r} is no number written as text")
    return number


def _optional(text: str | None) -> Decimal | None:
    return None if text is None else _number(text)


def _cells_from(amounts: Mapping[str, str], years: tuple[int, ...]) -> tuple[Decimal, ...]:
    if amounts.keys() != {str(year) for year in years}:
        raise TypeError(f"the amounts are of the years {list(amounts)}")
    return tuple(_number(amounts[str(year)]) for year in years)


def _row(item: Mapping[str, Any], years: tuple[int, ...]) -> Row:
    return Row(
        key=item["key"],
        name=item["name"],
        kind=ContributorKind(item["kind"]),
        county=item["county"],
        status=Status(item["status"]),
        population=item["population"],
        rate=_optional(item["rate"]),
        base_amount=_optional(item["base_amount"]),
        cells=_cells_from(item["amounts"], years),
    )


def _sum_row(item: Mapping[str, Any], years: tuple[int, ...]) -> SumRow:
    cells = _cells_from(item["amounts"], years)
    return SumRow(item["code"], item["label"], tuple(item["contributors"]), cells)


def _term_from(item: Mapping[str, Any]) -> Term:
    return Term(
        kind=RuleKind(item["kind"]),
        names=tuple(item["names"]),
        label=item["label"],
        amount=_number(item["amount"]),
        shares=tuple(
            TermShare(KeyPartKind(share["kind"]), _number(share["percent"]))
            for share in item["shares"]
        ),
        hours=_number(item["hours"]),
        hour_price=_number(item["hour_price"]),
        indexed=item["indexed"],
        floor=_optional(item["floor"]),
        cap=_optional(item["cap"]),
        steps=tuple(_number(step) for step in item["steps"]),
    )


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

"""The page that checks a printed table. It stores nothing: what was pasted stays in the form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from financing import access
from financing.verification import (
    CAUSE_LABELS,
    CheckedCell,
    PrintedNumber,
    PrintedRow,
    RowKind,
    Verification,
)
from financing.verification_forms import VerifyTableForm
from municipalities import norwegian


@dataclass(frozen=True)
class ShownCell:
    """A cell of the table as it was printed, and what is wrong with it."""

    printed: str
    number: int = 0  # of the deviation in the list


@dataclass(frozen=True)
class ShownRow:
    """A row of the table as it was read."""

    label: str
    is_sum: bool
    population: int | None
    rate: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class Deviation:
    """A line of the list of deviations."""

    number: int
    row: str
    column: str
    printed: str
    right: str
    difference: str
    cause: str
    detail: str


@require_http_methods(["GET", "HEAD", "POST"])
def verify_table(request: HttpRequest) -> HttpResponse:
    """Paste a table, or send a file; see how it was read, the rule, and every cell that deviates."""
    if not access.may_verify_tables(request.user):
        raise Http404
    if request.method != "POST":
        return render(request, "financing/verification.html", {"form": VerifyTableForm()})
    form = VerifyTableForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": form, "refused": True}
        return render(request, "financing/verification.html", context, status=form.status)
    if "file" in request.FILES:  # its text goes into the form, to be mended and checked again
        form.data = form.data.copy()
        form.data["table"] = form.text
    checked = form.checked
    names = Counter(row.label for row in checked.table.rows)
    numbers = {
        (cell.row_number, cell.column): number for number, cell in enumerate(checked.deviations, 1)
    }
    printed = sum(cell is not None for row in checked.table.rows for cell in row.cells)
    context = {
        "form": form,
        "checked": checked,
        "table": checked.table,
        "unchecked": printed - len(checked.cells),
        "rows": _rows(checked, numbers),
        "deviations": [
            _deviation(number, cell, names[cell.row] > 1)
            for number, cell in enumerate(checked.deviations, 1)
        ],
    }
    return render(request, "financing/verification.html", context)


def _rows(checked: Verification, numbers: dict[tuple[int, str], int]) -> list[ShownRow]:
    rows = []
    for at, row in enumerate(checked.table.rows, 1):
        pairs = zip(row.cells, checked.table.columns, strict=True)
        cells = tuple(_cell(cell, numbers.get((at, column.label), 0)) for cell, column in pairs)
        rows.append(_row(row, cells))
    return rows


def _row(row: PrintedRow, cells: tuple[ShownCell, ...]) -> ShownRow:
    rate = "" if row.rate is None else norwegian.rate(row.rate)
    return ShownRow(row.label, row.kind is RowKind.SUM, row.population, rate, cells)


def _cell(printed: PrintedNumber | None, number: int) -> ShownCell:
    if printed is None:
        return ShownCell("–")
    return ShownCell(norwegian.decimal(printed.value, printed.decimals), number)


def _deviation(number: int, cell: CheckedCell, is_common: bool) -> Deviation:
    """Return a line of the list; a name that several rows have gets the row's number."""
    if cell.cause is None:
        raise ValueError(f"{cell.row} {cell.column} is right")
    decimals = max(0, -int(cell.printed.as_tuple().exponent))
    difference = norwegian.decimal(cell.deviation, decimals)
    return Deviation(
        number,
        f"{cell.row} (rad {cell.row_number})" if is_common else cell.row,
        cell.column,
        norwegian.decimal(cell.printed, decimals),
        norwegian.decimal(cell.expected, decimals),
        f"+{difference}" if cell.deviation > 0 else difference,
        CAUSE_LABELS[cell.cause],
        cell.detail,
    )

"""The contribution tables as a CSV file that opens right in a Norwegian spreadsheet. Pure.

Semicolons between cells, commas for decimals, UTF-8 with a byte order mark, and lines that end as
Windows has them. No cell can be taken for a formula. For programs there is JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from financing.calculation import Row, Status, Table
from financing.figures import printed_rows
from financing.words import table_words

MEDIA_TYPE = "text/csv; charset=utf-8"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def people_csv(tables: Iterable[Table], language: str = "nb") -> bytes:
    """Return the tables one below the other, each line with its alternative's name.

    All tables are of the same years, as those of a plan are. KeyError for a language that is not nb or nn.
    """
    listed = list(tables)
    words = table_words(language)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    if listed:
        heads = (words.contributor, "Status", words.population, words.rate, words.base_amount)
        writer.writerow(["Alternativ", *heads, *listed[0].years])
    for table in listed:
        for line in printed_rows(table):
            if isinstance(line, Row):
                basis = [
                    words.status(line.status) or words.confirmed,
                    "" if line.population is None else str(line.population),
                    _number(line.rate),
                    _number(line.base_amount),
                ]
                label, paid = line.name, line.status is not Status.DECLINED
            else:
                basis = [""] * 4
                label, paid = words.label(line), True
            amounts = [_number(cell) if paid else "" for cell in line.cells]
            writer.writerow([as_text(table.alternative), as_text(label), *basis, *amounts])
    return out.getvalue().encode("utf-8-sig")


def _number(value: Decimal | None) -> str:
    """A number with a comma and no spaces: `102442,50`."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole},{decimals.rstrip('0').ljust(2, '0')}"


def as_text(value: str) -> str:
    """Text that a spreadsheet leaves as text: an apostrophe goes before what could begin a formula."""
    return f"'{value}" if value.startswith(_FORMULA_SIGNS) else value

"""The table of an Excel workbook as text with tabs between cells. Only its values are read.

It comes from anybody, and a few kilobytes can have openpyxl read for ever or take all memory: a process of
its own does it (`kinds`). It is measured before it is unpacked all the same, so that most of what is too
large is told so.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from financing.verification import ReadingError
from financing.verification.amounts import rounded
from financing.verification.reading import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS

# A table of every municipality for ten years is a tenth of each.
MAX_BYTES = 2 * 1024 * 1024
_MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 500
_MAX_SHEETS = 50
_MAX_TAGS = 800_000  # of all XML: a cell has some four
# Values as they were last computed; nothing is fetched from other workbooks.
_READING = {"read_only": True, "data_only": True, "keep_links": False, "keep_vba": False}
# One more than a table may have: `read` then says that it is too large.
_ROWS, _CELLS = MAX_ROWS + 60, MAX_COLUMNS + 25
# Empty cells, which a table may have besides what it says, count one character each.
_MAX_SHOWN = MAX_CHARACTERS + _ROWS * _CELLS

TOO_LARGE = (
    f"Filen er for stor. Den kan være på høyst {MAX_BYTES // 1024 // 1024} MB. Lagre arket med tabellen "
    "som en egen fil, eller lim inn bare tabellen."
)
_UNREADABLE = (
    "Filen kunne ikke leses som en Excel-fil (.xlsx). Lagre den på nytt i Excel, eller merk tabellen, "
    "kopier den og lim den inn."
)
_MACROS = "Filen kan ha makroer. Lagre den som vanlig Excel-fil (.xlsx), eller lim inn tabellen."
_NO_TABLE = "Filen har ikke noe ark med tall. Velg filen med tabellen, eller lim inn tabellen."


def text(data: bytes) -> str:
    """Return the first sheet with at least two rows and a number.

    ReadingError, with a message in Norwegian, for what is too large, no workbook or no table.
    """
    _measure(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and drawings that are not read
            book = openpyxl.load_workbook(BytesIO(data), **_READING)
            for sheet in book.worksheets[:_MAX_SHEETS]:
                lines = _lines(sheet.iter_rows(max_row=_ROWS, max_col=_CELLS))
                if len(lines) > 1 and any(re.search(r"\t-?\d", line) for line in lines):
                    return "\n".join(lines)
    except (ReadingError, MemoryError):
        raise
    except Exception as problem:  # openpyxl lets all sorts of errors out of a broken file
        raise ReadingError(_UNREADABLE) from problem
    raise ReadingError(_NO_TABLE)


def _measure(data: bytes) -> None:
    """Refuse a workbook that has more than a table, before anything is unpacked; then look for traps.

    No more than the stated size of a part is ever unpacked: zipfile stops there. Refused: entities and
    document types, which no workbook has; parts of one name; macros; more cells than can be read soon.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
                raise ReadingError(TOO_LARGE)
            if len({part.filename for part in parts}) < len(parts):
                raise ReadingError(_UNREADABLE)
            tags = 0
            for part in parts:
                name = part.filename.lower()
                if name.endswith("vbaproject.bin"):
                    raise ReadingError(_MACROS)
                if not name.endswith((".xml", ".rels")):
                    continue
                content = package.read(part).replace(b"\0", b"")  # it may have two bytes a letter
                if name == "[content_types].xml" and b"macroEnabled" in content:
                    raise ReadingError(_MACROS)
                if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
                    raise ReadingError(_UNREADABLE)
                tags += content.count(b"<")
                if tags > _MAX_TAGS:
                    raise ReadingError(TOO_LARGE)
    except ReadingError:
        raise
    except Exception as problem:  # zipfile lets all sorts of errors out of a broken file
        raise ReadingError(_UNREADABLE) from problem


def _lines(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Return the rows that say something; ReadingError for more text than a table may have."""
    lines, length = [], 0
    for row in rows:
        cells = []
        for cell in row:
            cells.append(_shown(cell))
            length += len(cells[-1]) + 1
            if length > _MAX_SHOWN:
                raise ReadingError(TOO_LARGE)
        line = "\t".join(cells).rstrip("\t")
        if line.strip():
            lines.append(line)
    return lines


def _shown(cell: Any) -> str:
    """Return a cell as Excel shows it: a number rounded to the decimals of its format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date):
        return " ".join(str(value).split())
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    number = Decimal(repr(value))
    if not number.is_finite() or abs(number) >= 10**15:
        return str(value)
    decimals = _decimals(str(cell.number_format))
    if decimals is None:  # the usual format shows what there is; the rest is the machine's noise
        number = rounded(number, 4)
        text = f"{number:f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))
    else:
        text = f"{rounded(number, decimals):f}"
    return text.replace(".", ",")


def _decimals(number_format: str) -> int | None:
    """Return how many decimals a number format shows; None for the usual one, and for percent."""
    first = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", number_format.split(";")[0])
    found = re.search(r"[0#?](?:\.([0#?]+))?[^0#?]*$", first)
    if found is None or "%" in first or "General" in first:
        return None
    return min(len(found[1] or ""), 4)

"""A workbook as the bytes of a file: the same content gives the same bytes. Pure."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from openpyxl import Workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAKER = "Samarbeidsavtaler"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # of a file in a ZIP archive
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>')
_CHANGED = re.compile(r"<dcterms:modified\b[^>]*>[^<]*</dcterms:modified>")
_CREATED = re.compile(r"<dcterms:created\b[^>]*>[^<]*</dcterms:created>")
Shown = Mapping[str, Mapping[str, str]]


def save(
    book: Workbook,
    title: str,
    language: str,
    day: dt.date | None = None,
    shown: Shown | None = None,
) -> bytes:
    """Return the file, with its title and its language (nb or nn), our name, and no clock.

    `day` is when it is said to be made, where that is known. `shown` is what formulas show before
    anything is reckoned, by sheet and cell: a preview reckons nothing.
    """
    properties = book.properties
    properties.title = title
    properties.creator = properties.lastModifiedBy = MAKER
    properties.language = f"{language}-NO"
    if day is not None:
        properties.created = dt.datetime.combine(day, dt.time())
    kept = io.BytesIO()
    book.save(kept)
    return _finished(kept.getvalue(), book, day, shown or {})


def _finished(content: bytes, book: Workbook, day: dt.date | None, shown: Shown) -> bytes:
    sheets = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(book.sheetnames, 1)}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            if name in sheets:
                text = _with_values(text, shown.get(sheets[name], {}))
            elif name == "docProps/app.xml":
                text = re.sub("(?<=<Application>)[^<]*", MAKER, text)
            elif name == "docProps/core.xml":
                text = _dated(text, day)
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, text.encode("utf-8"))
    return made.getvalue()


def _dated(text: str, day: dt.date | None) -> str:
    """Changed when it was made; neither is said where that is not known."""
    if day is None:
        return _CREATED.sub("", _CHANGED.sub("", text))
    return re.sub(
        r">[^<]*</dcterms:modified>", f">{day:%Y-%m-%d}T00:00:00Z</dcterms:modified>", text
    )


def _with_values(text: str, shown: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        value = shown.get(place)
        if value is None:
            return match.group()
        kind = "" if value.replace(".", "").isdigit() else ' t="str"'
        return f'<c r="{place}"{attributes}{kind}><f>{formula}</f><v>{escape(value)}</v></c>'

    return _FORMULA.sub(put, text)

"""Files that somebody has made to do harm, each small enough to send; none is an agreement or a table."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib

from tests import word_files
from tests.office_files import DOCX, DOCX_PARTS, PDF, XLSX, XLSX_PARTS, package

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OOXML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(
    sheet: str, *, strings: str = "", parts: dict[str, bytes | str] | None = None
) -> bytes:
    """A workbook that openpyxl reads, with this sheet and these shared strings, as whole XML."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_OOXML}.{kind}+xml"/>'
        for name, kind in (
            ("xl/workbook.xml", "sheet.main"),
            ("xl/worksheets/sheet1.xml", "worksheet"),
            ("xl/sharedStrings.xml", "sharedStrings"),
        )
    )
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/'
    return package(
        {
            "[Content_Types].xml": f'<Types {space}content-types">{types}</Types>',
            "_rels/.rels": f'<Relationships {space}relationships"><Relationship Id="r1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships {space}relationships"><Relationship '
            f'Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship '
            f'Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": strings or f'<sst xmlns="{SHEET}"><si><t>a</t></si></sst>',
            **(parts or {}),
        }
    )


def rows(inner: str, before: str = "", root: str = "") -> str:
    """The XML of a sheet with these rows."""
    return f'{root}<worksheet xmlns="{SHEET}">{before}<sheetData>{inner}</sheetData></worksheet>'


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def words(root: str, text: str) -> bytes:
    """A Word file whose text has a document type before it."""
    inner = (
        f"{root}<w:document {word_files.SPACES}><w:body>{word_files.h1(text)}</w:body></w:document>"
    )
    return word_files.package("", extra={"word/document.xml": inner})


def nested(depth: int = 6) -> bytes:
    """A zip of zips of zips …, as 42.zip is."""
    inner = package({"0.txt": "0" * 1_000_000})
    for _ in range(depth):
        inner = package({f"{n}.zip": inner for n in range(8)})
    return inner


def twice(content: bytes, name: str) -> bytes:
    """The package with a second part of the same name."""
    file = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as zipped:
        warnings.simplefilter("ignore")
        zipped.writestr(name, "<x/>")
    return file.getvalue()


def overlapping(content: bytes) -> bytes:
    """The package with the last part's entry pointing at the first part's bytes."""
    changed = bytearray(content)
    first, last = content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")
    changed[last + 42 : last + 46] = content[first + 42 : first + 46]
    return bytes(changed)


def pdf_with(objects: bytes) -> bytes:
    """The small PDF with these objects before its end."""
    return PDF.replace(b"xref", objects + b"\nxref", 1)


def packed(
    objects: bytes, filters: bytes = b"/Filter/FlateDecode", begin: bytes = b"stream\n"
) -> bytes:
    """An object stream."""
    inside = zlib.compress(objects)
    length = b"%d" % len(inside)
    return (
        b"9 0 obj<</Type/ObjStm/N 1/First 4/Length " + length + filters + b">>" + begin
        + inside + b"\nendstream endobj"
    )  # fmt: skip


SCRIPT = b"9 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(520) + "WordDocument".encode("utf-16-le")
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
LINE = rows(f'<row r="1">{cell("A1", "&i;")}</row>')

# Refused everywhere, whatever the place takes.
REFUSED: dict[str, tuple[str, bytes]] = {
    "nothing": ("a.pdf", b""),
    "zeros": ("a.docx", bytes(1000)),
    "zip of zips": ("a.docx", nested()),
    "zip of zips as a workbook": ("a.xlsx", nested()),
    "a part that unpacks to much": (
        "a.docx",
        package({**DOCX_PARTS, "word/media/0.bin": bytes(201 * 1024 * 1024)}),
    ),
    "a sheet that unpacks to much": ("a.xlsx", workbook(rows("") + " " * 210 * 1024 * 1024)),
    "billion laughs in Word": ("a.docx", words(LAUGHS, "&i;")),
    "billion laughs in UTF-16": (
        "a.docx",
        package({**DOCX_PARTS, "word/document.xml": LAUGHS.encode("utf-16")}),
    ),
    "an entity from outside in Word": ("a.docx", words(OUTSIDE, "&i;")),
    "billion laughs in a sheet": ("a.xlsx", workbook(LAUGHS + LINE)),
    "an entity from outside in a sheet": ("a.xlsx", workbook(OUTSIDE + LINE)),
    "billion laughs in shared strings": (
        "a.xlsx",
        workbook(rows(""), strings=f'{LAUGHS}<sst xmlns="{SHEET}"><si><t>&i;</t></si></sst>'),
    ),
    "an entity from outside in shared strings": (
        "a.xlsx",
        workbook(rows(""), strings=f'{OUTSIDE}<sst xmlns="{SHEET}"><si><t>&i;</t></si></sst>'),
    ),
    "macros in Word": ("a.docx", word_files.package("", extra={"word/vbaProject.bin": "x"})),
    "macros by type": ("a.docm", word_files.package(word_files.h1("x"), main_type=MACROS)),
    "macros in a workbook": ("a.xlsx", workbook(rows(""), parts={"xl/vbaProject.bin": b"x"})),
    "old Word": ("a.doc", OLE),
    "old Word under a new name": ("a.docx", OLE),
    "a PDF with a script": ("a.pdf", pdf_with(SCRIPT)),
    "a PDF with an escaped script": ("a.pdf", pdf_with(SCRIPT.replace(b"/Java", b"/J#61va"))),
    "a PDF with a packed script": ("a.pdf", pdf_with(packed(b"1 0 " + SCRIPT[8:-6]))),
    "a PDF with packed objects nobody can read": (
        "a.pdf",
        pdf_with(packed(b"1 0 " + SCRIPT[8:-6], b"/Filter[/ASCIIHexDecode/FlateDecode]")),
    ),
    **{
        f"a PDF with a script packed after {begin!r}": (
            "a.pdf",
            pdf_with(packed(b"1 0 " + SCRIPT[8:-6], begin=begin)),
        )
        for begin in (b"stream\r", b"stream \n", b"stream  \r\n", b"stream\t\n", b"stream")
    },
    "a PDF with a filter behind a stream that is none": (
        "a.pdf",
        pdf_with(packed(b"1 0 " + SCRIPT[8:-6], b"/X(stream\n)/Filter/FlateDecode")),
    ),
    "a PDF that plays something": ("a.pdf", pdf_with(b"9 0 obj<</S/Rendition/JS(x)>>endobj")),
    "a PDF that starts a program": ("a.pdf", pdf_with(b"9 0 obj<</S/Launch/F(cmd.exe)>>endobj")),
    "PDF and zip": ("a.pdf", PDF + DOCX),
    "zip and PDF": ("a.docx", DOCX + PDF),
    "HTML as PDF": ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
    "a program": ("a.pdf", b"MZ" + bytes(range(256)) * 20),
    "a name out of the package": ("a.docx", package({**DOCX_PARTS, "../../x": "x"})),
    "a name with backslashes": ("a.xlsx", package({**XLSX_PARTS, "..\\..\\x": "x"})),
    "a name on a drive": ("a.docx", package({**DOCX_PARTS, "C:/x": "x"})),
    "a program in a document": ("a.docx", package({**DOCX_PARTS, "word/media/x.exe": "MZ"})),
    "a zip in a document": ("a.docx", package({**DOCX_PARTS, "word/media/x.zip": nested(1)})),
    "two parts of one name": ("a.docx", twice(DOCX, "word/document.xml")),
    "two parts of one name in a workbook": ("a.xlsx", twice(XLSX, "xl/workbook.xml")),
    "parts that overlap": ("a.docx", overlapping(DOCX)),
    "parts that overlap in a workbook": ("a.xlsx", overlapping(XLSX)),
    "a zip with a broken end": ("a.docx", DOCX[:-4]),
    "a size that is a lie": ("a.docx", DOCX[:18] + struct.pack("<II", 5, 2**31) + DOCX[26:]),
    "random bytes": ("a.xlsx", b"PK\x03\x04" + bytes(range(256)) * 8),
}

# Tables and texts that may be read or refused, but soon.
MANY = 16_384
SOON: dict[str, tuple[str, bytes]] = {
    "every cell there can be": (
        "a.xlsx",
        workbook(
            rows(
                f'<row r="1048576">{cell("XFD1048576", "x")}</row>',
                '<dimension ref="A1:XFD1048576"/>',
            )
        ),
    ),
    "a row of every column": (
        "a.xlsx",
        workbook(rows("<row>" + "<c><v>1</v></c>" * MANY + "</row>")),
    ),
    "a million empty strings": (
        "a.xlsx",
        workbook(rows(""), strings=f'<sst xmlns="{SHEET}">{"<si/>" * 1_000_000}</sst>'),
    ),
    "a million empty rows": ("a.xlsx", workbook(rows("<row/>" * 1_000_000))),
    "a million columns": ("a.csv", b";" * 1_000_000),
    "many columns": ("a.csv", b"Kommune" + b";1" * 90_000 + b"\nHole" + b";1" * 900),
    "a quote that never ends": ("a.csv", b'Kommune;"2026;2027\nHole;1;2\n' * 4_000),
    "nothing but quotes": ("a.csv", b'"' * 199_999),
    "deep lists": ("a.txt", b"".join(b" " * n + b"- x\n" for n in range(400))),
    "numbers without end": ("a.txt", b"1." * 90_000),
    "a million paragraphs": ("a.docx", word_files.package("<w:p/>" * 1_000_000)),
    "a million runs": ("a.docx", word_files.package("<w:p>" + "<w:r/>" * 1_000_000 + "</w:p>")),
    "a million cells": (
        "a.docx",
        word_files.package("<w:tbl><w:tr>" + "<w:tc/>" * 1_000_000 + "</w:tr></w:tbl>"),
    ),
}

# Workbooks of a few kilobytes that openpyxl would read for minutes, or for ever: it is stopped.
_SHEETS = "".join(f'<sheet name="A{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 51))
_AREA = "'" * 3000 + "$A:$A" * 100_000 + "!"


def _book(inner: str) -> dict[str, bytes | str]:
    space = f'xmlns="{SHEET}" xmlns:r="{_RELATIONS}"'
    return {"xl/workbook.xml": f"<workbook {space}>{inner}</workbook>"}


ENDLESS: dict[str, bytes] = {
    "one sheet fifty times": workbook(
        rows("", before="<x/>" * 780_000), parts=_book(f"<sheets>{_SHEETS}</sheets>")
    ),
    "an area to print": workbook(
        rows(""),
        parts=_book(
            '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets><definedNames><definedName '
            f'name="_xlnm.Print_Area" localSheetId="0">{_AREA}</definedName></definedNames>'
        ),
    ),
}
# One text in five hundred cells: ten gigabytes.
LONG_TEXTS = workbook(
    rows('<row><c t="s"><v>0</v></c><c><v>1</v></c></row>' * 500),
    strings=f'<sst xmlns="{SHEET}"><si><t>{"a b " * 4_500_000}</t></si></sst>',
)

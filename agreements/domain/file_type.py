"""What a file that is to be attached really is, by its bytes and not by its name alone. Pure.

Accepted: PDF, DOCX, XLSX and ODT, whole and readable by anybody for decades. Refused, with a sentence
that says why: what is empty or too large, is something else than its name says, is two kinds of file at
once, is encrypted, has macros or scripts, or unpacks to far more than it is.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from agreements.domain import active_pdf

MOST_BYTES = 20 * 1024 * 1024
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_PARTS = 5000
_CHUNK = 256 * 1024


class RefusedFileError(ValueError):
    """The file cannot be attached. The message is bokmål, for the person who sent it."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: the ending of its name, what it is sent as, and what it is called."""

    ending: str
    media_type: str
    name: str


_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = FileType("pdf", "application/pdf", "PDF")
DOCX = FileType("docx", f"{_OOXML}wordprocessingml.document", "Word")
XLSX = FileType("xlsx", f"{_OOXML}spreadsheetml.sheet", "Excel")
ODT = FileType("odt", "application/vnd.oasis.opendocument.text", "ODT")
TYPES = {kind.ending: kind for kind in (PDF, DOCX, XLSX, ODT)}

# Endings that get advice instead of a list.
_ADVICE = {
    "docm": "Filen kan ha makroer. Lagre den som DOCX eller PDF.",
    "dotm": "Filen kan ha makroer. Lagre den som DOCX eller PDF.",
    "xlsm": "Filen kan ha makroer. Lagre den som XLSX eller PDF.",
    "doc": "Filen er i et gammelt Word-format. Lagre den som DOCX eller PDF.",
    "xls": "Filen er i et gammelt Excel-format. Lagre den som XLSX eller PDF.",
}
_MAIN_PARTS = {
    DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")
# What no document needs inside it. A workbook in a Word document is usual, and is only kept.
_NEVER_INSIDE = {
    *("exe", "dll", "com", "bat", "cmd", "ps1", "js", "jse", "vbs", "vbe", "wsf", "hta", "jar"),
    *("scr", "msi", "lnk", "zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar", "cab", "iso"),
    *("docm", "dotm", "xlsm", "xltm", "pptm"),
}
_TYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DAMAGED = "Filen er skadet og kan ikke leses. Åpne den på nytt, lagre den, og prøv igjen."
_TWO_KINDS = "Filen er to slags filer i én. Lagre den på nytt fra programmet den er laget i."
_ENCRYPTED = "Filen er kryptert eller har passord. Lagre den uten passord."
_OTHER_FILES = "Filen har programmer eller pakkede filer inni seg. Ta dem ut, og lagre den på nytt."
_MACROS = "Filen har makroer eller skript. Lagre den uten."


def recognise(content: bytes, name: str) -> FileType:
    """Return what the file is. RefusedFileError where it cannot be attached; never another error."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _ADVICE:
        raise RefusedFileError(_ADVICE[ending])
    if ending not in TYPES:
        raise RefusedFileError("Filen må være PDF, DOCX, XLSX eller ODT")
    if not content.strip(b"\0 \r\n\t"):
        raise RefusedFileError("Filen er tom. Velg en annen fil.")
    if len(content) > MOST_BYTES:
        raise RefusedFileError(
            f"Filen er større enn {MOST_BYTES // 1024 // 1024} MB. Lag en mindre fil, eller del den opp."
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedFileError(
            "Filen har passord, eller er i et gammelt Office-format. Lagre den uten passord som "
            f"{ending.upper()}."
        )
    wanted = TYPES[ending]
    if wanted is PDF:
        _pdf(content)
    else:
        _package(content, wanted)
    return wanted


def require_signed_pdf(content: bytes) -> None:
    """Refuse what is no whole, open PDF. A signing service puts its proofs inside: files may be there."""
    if len(content) > MOST_BYTES:
        raise RefusedFileError(f"Filen er større enn {MOST_BYTES // 1024 // 1024} MB.")
    _pdf(content, active_pdf.SCRIPTS)


def _otherwise(wanted: FileType) -> RefusedFileError:
    return RefusedFileError(
        f"Navnet sier at filen er {wanted.ending.upper()}, men innholdet er noe annet. "
        "Lagre den på nytt fra programmet den er laget i."
    )


def _pdf(
    content: bytes, forbidden: frozenset[bytes] = active_pdf.SCRIPTS | active_pdf.FILES
) -> None:
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise _otherwise(PDF)
    if zipfile.is_zipfile(io.BytesIO(content)) or b"PK\x05\x06" in content[-70_000:]:
        raise RefusedFileError(_TWO_KINDS)
    body, end, after = content.rpartition(b"%%EOF")
    if not end or b"startxref" not in body[-2048:] or b" obj" not in body:
        raise RefusedFileError(_DAMAGED)
    if after.strip(b"\0 \r\n\t"):
        raise RefusedFileError(_TWO_KINDS)
    if _ENCRYPTED_PDF.search(content):
        raise RefusedFileError(_ENCRYPTED)
    try:
        active = active_pdf.does(content, forbidden)
    except active_pdf.TooIntricateError:
        raise RefusedFileError(_DAMAGED) from None
    if active:
        raise RefusedFileError(
            "Filen har skript eller andre filer inni seg. Skriv den ut til en ny PDF, og bruk den."
        )


def _package(content: bytes, wanted: FileType) -> None:
    if not content.startswith(b"PK\x03\x04"):
        raise _otherwise(wanted)
    if b"%PDF-" in content[:1024] and b"%PDF-" in content[:1024].partition(b"\n")[2]:
        raise RefusedFileError(_TWO_KINDS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _whole(content, package)
            names = _unpacked(package, _ENTITY if wanted is ODT else _TYPE)
            _inside(package, names, wanted)
    except RefusedFileError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        KeyError,
        ValueError,
        OverflowError,
    ):
        raise RefusedFileError(_DAMAGED) from None


def _whole(content: bytes, package: zipfile.ZipFile) -> None:
    """Refuse what has something before, between or after what the package says it holds."""
    end = content.rfind(b"PK\x05\x06")
    entries = package.infolist()
    if not entries:
        raise RefusedFileError(_DAMAGED)
    if package.comment or end + 22 != len(content):
        raise RefusedFileError(_TWO_KINDS)
    if min(entry.header_offset for entry in entries) != 0:
        raise RefusedFileError(_TWO_KINDS)
    # Parts that share bytes unpack to far more than the file has.
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < free or not _says_the_same(content, entry):
            raise RefusedFileError(_DAMAGED)
        free = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size


def _says_the_same(content: bytes, entry: zipfile.ZipInfo) -> bool:
    """Whether a part's own header gives the sizes of the list at the end: else readers may differ."""
    sizes = content[entry.header_offset + 18 : entry.header_offset + 26]
    after_it, long = bool(entry.flag_bits & 0x8), b"\xff\xff\xff\xff"
    if after_it or long in (sizes[:4], sizes[4:]):
        return True  # the sizes stand after the part, or in the long form
    return sizes == struct.pack("<II", entry.compress_size, entry.file_size)


def _unpacked(package: zipfile.ZipFile, forbidden: re.Pattern[bytes]) -> set[str]:
    """Unpack every part without keeping it: sizes may be wrong on purpose. Return the names.

    No XML part may have what is `forbidden`: entities, by which a small part becomes a large one.
    """
    entries = package.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RefusedFileError(_ENCRYPTED)
    too_much = RefusedFileError(
        "Filen pakkes ut til mer enn 200 MB. Lag den mindre, for eksempel med færre eller mindre bilder."
    )
    if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise too_much
    names: set[str] = set()
    left = _MOST_UNPACKED
    for entry in entries:
        name = entry.filename
        if name in names or _leads_out(entry.orig_filename):
            raise RefusedFileError(_DAMAGED)
        if name.lower().rpartition(".")[2] in _NEVER_INSIDE:
            raise RefusedFileError(_OTHER_FILES)
        names.add(name)
        is_xml, end = name.lower().endswith((".xml", ".rels")), b""
        with package.open(entry) as part:
            while read := part.read(_CHUNK):
                left -= len(read)
                if left < 0:
                    raise too_much
                if is_xml:
                    # A part may be written with two bytes a letter.
                    letters = read.replace(b"\0", b"")
                    if forbidden.search(end + letters):
                        raise RefusedFileError(_DAMAGED)
                    end = letters[-20:]
    return names


def _leads_out(name: str) -> bool:
    """Whether a part's name is no plain path below the file itself, on any system."""
    return (
        ".." in name.split("/")
        or name.startswith("/")
        or "\\" in name
        or "\0" in name
        or name[1:2] == ":"
        or len(name) > 400
    )


def _inside(package: zipfile.ZipFile, names: set[str], wanted: FileType) -> None:
    lowered = {name.lower() for name in names}
    if any(
        name.rpartition("/")[2] in ("vbaproject.bin", "vbadata.xml")
        or name.startswith(("basic/", "scripts/"))
        or "/activex/" in name
        for name in lowered
    ):
        raise RefusedFileError(_MACROS)
    if wanted is ODT:
        if "mimetype" not in names or package.read("mimetype").strip() != ODT.media_type.encode():
            raise _otherwise(wanted)
        if "content.xml" not in names:
            raise RefusedFileError(_DAMAGED)
        if "META-INF/manifest.xml" in names and b"encryption-data" in package.read(
            "META-INF/manifest.xml"
        ):
            raise RefusedFileError(_ENCRYPTED)
        return
    part, main = _MAIN_PARTS[wanted]
    if "[Content_Types].xml" not in names:
        raise _otherwise(wanted)
    types = package.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise RefusedFileError(_MACROS)
    if part not in names or main not in types:
        raise _otherwise(wanted)

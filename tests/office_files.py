"""Small whole files of each kind that can be attached, and the parts to make bad ones of."""

from __future__ import annotations

import io
import zipfile

from agreements.demo import one_line_pdf

_OOXML = "application/vnd.openxmlformats-officedocument"
PDF = one_line_pdf("En side.")


def package(parts: dict[str, bytes | str], *, first: str = "") -> bytes:
    """A zip with these parts; `first` is stored uncompressed before the others."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in parts.items():
            made.writestr(name, content)
    return kept.getvalue()


def _types(main: str) -> str:
    return f'<Types><Override PartName="/x" ContentType="{_OOXML}.{main}.main+xml"/></Types>'


DOCX_PARTS: dict[str, bytes | str] = {
    "[Content_Types].xml": _types("wordprocessingml.document"),
    "word/document.xml": "<document/>",
}
XLSX_PARTS: dict[str, bytes | str] = {
    "[Content_Types].xml": _types("spreadsheetml.sheet"),
    "xl/workbook.xml": "<workbook/>",
}
ODT_PARTS: dict[str, bytes | str] = {
    "content.xml": "<content/>",
    "META-INF/manifest.xml": "<manifest/>",
}
ODT_TYPE = "application/vnd.oasis.opendocument.text"
DOCX, XLSX = package(DOCX_PARTS), package(XLSX_PARTS)
ODT = package(ODT_PARTS, first=ODT_TYPE)
GOOD = {"a.pdf": PDF, "a.DOCX": DOCX, "a.xlsx": XLSX, "a.odt": ODT}

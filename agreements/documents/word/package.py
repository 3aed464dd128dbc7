"""Putting the parts of a Word document into one file, always the same bytes. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from agreements.documents.word.parts import HEAD

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = {
    "word/document.xml": f"{_WORD}document.main+xml",
    "word/styles.xml": f"{_WORD}styles+xml",
    "word/numbering.xml": f"{_WORD}numbering+xml",
    "word/settings.xml": f"{_WORD}settings+xml",
    "word/header1.xml": f"{_WORD}header+xml",
    "word/footer1.xml": f"{_WORD}footer+xml",
    "word/comments.xml": f"{_WORD}comments+xml",
    "word/commentsExtended.xml": f"{_WORD}commentsExtended+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_RELATED = (
    *(("styles", "styles.xml"), ("numbering", "numbering.xml"), ("settings", "settings.xml")),
    *(("header", "header1.xml"), ("footer", "footer1.xml"), ("comments", "comments.xml")),
)
_EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"


def pack(parts: Mapping[str, str], title: str, language: str) -> bytes:
    """Return the file. `parts` are the Word parts by name; those that are left out are not named."""
    whole = dict(parts)
    whole["docProps/core.xml"] = _core(title, language)
    whole["docProps/app.xml"] = (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>Samarbeidsavtaler</Application></Properties>'
    )
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPES[name]}"/>' for name in whole
    )
    first = {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f"{types}</Types>"
        ),
        "_rels/.rels": _relations(
            [
                (f"{_RELATION}officeDocument", "word/document.xml"),
                (
                    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                    "core-properties",
                    "docProps/core.xml",
                ),
                (f"{_RELATION}extended-properties", "docProps/app.xml"),
            ]
        ),
        "word/_rels/document.xml.rels": _relations(
            [
                *((_RELATION + kind, name) for kind, name in _RELATED if f"word/{name}" in whole),
                *(
                    [(_EXTENDED, "commentsExtended.xml")]
                    if "word/commentsExtended.xml" in whole
                    else []
                ),
            ]
        ),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (first | whole).items():
            # No time of day and no machine in the file.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode(), compresslevel=6)
    return file.getvalue()


def _relations(found: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{rows}</Relationships>'


def _core(title: str, language: str) -> str:
    lang = "nn-NO" if language == "nn" else "nb-NO"
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>Samarbeidsavtaler</dc:creator>"
        f"<dc:language>{lang}</dc:language></cp:coreProperties>"
    )

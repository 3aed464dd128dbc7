"""Opening a Word file that may be hostile. Pure.

The file is never unpacked to disk, and only the parts that hold text are read. What a reader of XML or
ZIP can be tricked with is refused before it is read: entities, bombs, encryption, macros.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from agreements.importing.result import UnreadableAgreementError

MAX_BYTES = 10_000_000  # of the file, pictures included
MAX_TEXT = 16_000_000  # of all the parts that are read, unpacked: far above any agreement
MAX_TAGS = 300_000  # in one part, ends too. Sixty pages have some 100 000; each takes time to read
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200_000_000  # what all entries say they unpack to
MAX_RATIO = 250  # unpacked against packed, for a file that is large when unpacked
_RATIO_FROM = (
    20_000_000  # characters; text of one kind packs well, so small files may have any ratio
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = {  # «Strict Open XML»: the same elements in namespaces of their own
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
}
_MAIN = "wordprocessingml.document.main+xml"
_TEMPLATE = "wordprocessingml.template.main+xml"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

TOO_LARGE = "Filen er større enn 10 MB. Ta bort bilder eller vedlegg, og prøv igjen."
DAMAGED = "Filen er skadet og kan ikke åpnes. Åpne den i Word, lagre den på nytt og prøv igjen."
TOO_MUCH = "Filen inneholder mye mer enn en avtale, og er ikke åpnet."
MACROS = "Filen inneholder makroer. Lagre den som vanlig Word-dokument (.docx) uten makroer først."
ENCRYPTED = "Filen er beskyttet med passord. Fjern passordet i Word, og prøv igjen."
OLD_WORD = "Filen er i et eldre format (.doc). Åpne den i Word og lagre den som Word-dokument (.docx) først."
NOT_WORD = "Filen er ikke et Word-dokument (.docx)."


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a Word file that were asked for, as parsed XML, by what they are."""

    document: etree._Element
    parts: dict[str, tuple[etree._Element, ...]]  # «styles», «comments», «header» …

    def first(self, kind: str) -> etree._Element | None:
        """The only part of a kind; None where the file has none."""
        found = self.parts.get(kind, ())
        return found[0] if found else None


KINDS = (
    *("styles", "numbering", "comments", "commentsExtended", "footnotes", "endnotes"),
    *("header", "footer", "aFChunk", "subDocument"),
)


def refuse_other_kinds(data: bytes) -> None:
    """UnreadableAgreementError, saying what the file is, unless it may be a Word document."""
    if len(data) > MAX_BYTES:
        raise UnreadableAgreementError(TOO_LARGE)
    if not data:
        raise UnreadableAgreementError("Filen er tom.")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        word = "WordDocument".encode("utf-16-le") in data
        raise UnreadableAgreementError(
            ENCRYPTED
            if encrypted
            else OLD_WORD
            if word
            else f"{NOT_WORD} Lagre den som .docx først."
        )
    if data.startswith(b"{\\rtf"):
        raise UnreadableAgreementError(
            "Filen er i formatet RTF. Åpne den i Word og lagre den som Word-dokument (.docx) først."
        )
    if not data.startswith(b"PK\x03\x04"):
        raise UnreadableAgreementError(NOT_WORD)


def open_archive(data: bytes) -> Archive:
    """Read the parts that hold text. UnreadableAgreementError, in bokmål, where that cannot be done."""
    refuse_other_kinds(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _Reader(file).run()
    except (UnreadableAgreementError, MemoryError):
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError),
        *(NotImplementedError, RuntimeError, UnicodeError, etree.LxmlError, IndexError),
    ) as problem:
        raise UnreadableAgreementError(DAMAGED) from problem
    except Exception as problem:  # struct.error and what else a broken header may give
        raise UnreadableAgreementError(DAMAGED) from problem


class _Reader:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        self.left = MAX_TEXT
        self.entries: dict[str, zipfile.ZipInfo] = {}

    def run(self) -> Archive:
        self._look_over()
        main = self._main_part()
        document = self._xml(main)
        found: dict[str, list[etree._Element]] = {}
        for kind, target in self._targets(main):
            if kind in ("aFChunk", "subDocument"):
                found.setdefault(kind, []).append(etree.Element("embedded"))
            elif kind in KINDS and target in self.entries:
                found.setdefault(kind, []).append(self._xml(target))
        return Archive(document, {kind: tuple(parts) for kind, parts in found.items()})

    def _look_over(self) -> None:
        """Refuse the file for what its table of contents says, before anything is unpacked."""
        entries = self.file.infolist()
        if len(entries) > MAX_ENTRIES:
            raise UnreadableAgreementError(TOO_MUCH)
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > MAX_UNPACKED or (
            unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(1, packed)
        ):
            raise UnreadableAgreementError(TOO_MUCH)
        for entry in entries:
            name = entry.filename.lstrip("/")
            if entry.flag_bits & 0x1:
                raise UnreadableAgreementError(ENCRYPTED)
            if name in self.entries:
                raise UnreadableAgreementError(DAMAGED)  # two readers would see two texts
            self.entries[name] = entry
        if any(name.lower().endswith("vbaproject.bin") for name in self.entries):
            raise UnreadableAgreementError(MACROS)
        if "mimetype" in self.entries and self._bytes("mimetype").startswith(
            b"application/vnd.oasis.opendocument"
        ):
            raise UnreadableAgreementError(
                f"Filen er et OpenDocument. {NOT_WORD} Lagre den som Word-dokument (.docx) først."
            )
        if "[Content_Types].xml" not in self.entries:
            raise UnreadableAgreementError(f"Filen er et pakket arkiv (zip). {NOT_WORD}")

    def _main_part(self) -> str:
        """Return the name of the document's own part, and refuse everything that is not Word."""
        types = {
            posixpath.normpath(node.get("PartName", "").lstrip("/")): node.get("ContentType", "")
            for node in self._xml("[Content_Types].xml").iter()
            if node.get("PartName")
        }
        if any("macroEnabled" in kind for kind in types.values()):
            raise UnreadableAgreementError(MACROS)
        for kind, target in self._targets(""):
            if kind != "officeDocument" or target not in self.entries:
                continue
            form = types.get(target, "")
            if form.endswith((_MAIN, _TEMPLATE)):
                return target
            for word, name in (("spreadsheetml", "regneark"), ("presentationml", "presentasjon")):
                if word in form:
                    raise UnreadableAgreementError(f"Filen er en {name}. {NOT_WORD}")
        raise UnreadableAgreementError(NOT_WORD)

    def _targets(self, part: str) -> Iterable[tuple[str, str]]:
        """Yield (kind, name of the part) of what a part points at inside the file."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.entries:
            return
        for node in self._xml(rels).iter(_RELATIONSHIPS):
            if node.get("TargetMode", "").lower() == "external":
                continue
            target = node.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            yield node.get("Type", "").rpartition("/")[2], posixpath.normpath(whole)

    def _bytes(self, name: str) -> bytes:
        with self.file.open(self.entries[name]) as part:
            data = part.read(self.left + 1)
        if len(data) > self.left:
            raise UnreadableAgreementError(TOO_MUCH)
        self.left -= len(data)
        return data

    def _xml(self, name: str) -> etree._Element:
        data = self._bytes(name)
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
        return parse(data)


def parse(data: bytes) -> etree._Element:
    """Parse XML without entities, document type or anything fetched. UnreadableAgreementError else."""
    # A document type may be written in two bytes a letter; no Word file has one in any encoding.
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data.replace(b"\x00", b""), re.IGNORECASE):
        raise UnreadableAgreementError(DAMAGED)
    if data.count(b"<") > MAX_TAGS:
        raise UnreadableAgreementError(TOO_MUCH)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    root = etree.fromstring(data, parser)
    info = root.getroottree().docinfo
    encoding = (info.encoding or "UTF-8").upper()
    if info.doctype or not encoding.startswith(("UTF-8", "UTF-16", "US-ASCII", "ISO-8859-1")):
        raise UnreadableAgreementError(DAMAGED)
    return root

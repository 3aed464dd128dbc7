"""What the signing service takes: checked before a file is made final. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.documents.signers import field_names
from agreements.domain.document import Document
from municipalities import norwegian

TITLE = 80  # characters
SIGNERS = 10
BYTES = 3_000_000
VERSION = "1.7"
A4 = (595.28, 841.89)  # points
TOLERANCE = 0.5  # points: less than a fifth of a millimetre


@dataclass(frozen=True, slots=True)
class Facts:
    """A file as those who receive it see it. Pages are (width, height) in points, as they are shown."""

    size: int  # bytes
    version: str  # of the header: «1.7»
    encrypted: bool
    attachments: int
    pages: tuple[tuple[float, float], ...]
    signature_fields: tuple[str, ...]


def signing_limits(facts: Facts, document: Document) -> list[str]:
    """Return in bokmål why the signing service would refuse the file; nothing where it would not."""
    return document_limits(document) + _of_the_file(facts) + _fields(facts, document)


def document_limits(document: Document) -> list[str]:
    """What of that is known before there is a file."""
    found = []
    if len(document.title) > TITLE:
        found.append(
            f"Tittelen har {len(document.title)} tegn. "
            f"Signeringstjenesten tar høyst {TITLE}: gi avtalen en kortere tittel."
        )
    if len(document.parties) > SIGNERS:
        found.append(
            f"Avtalen har {len(document.parties)} parter som skal signere. "
            f"Signeringstjenesten tar høyst {SIGNERS}."
        )
    if not document.parties:
        found.append("Avtalen har ingen parter som kan signere.")
    return found


def _of_the_file(facts: Facts) -> list[str]:
    found = []
    if facts.size > BYTES:
        megabytes = norwegian.integer(facts.size // 1000)
        found.append(f"Filen er på {megabytes} kB. Signeringstjenesten tar høyst 3 000 kB.")
    if facts.version != VERSION:
        found.append(f"Filen er av PDF-versjon {facts.version or 'ukjent'}. Den må være {VERSION}.")
    if facts.encrypted:
        found.append("Filen er kryptert. Signeringstjenesten tar bare åpne filer.")
    elif not facts.pages:
        found.append("Filen har ingen sider.")
    if facts.attachments:
        found.append("Filen har vedlegg i seg. Legg dem ved som egne filer.")
    other = [n for n, page in enumerate(facts.pages, start=1) if not _is_a4_portrait(page)]
    if other:
        named = norwegian.join([str(number) for number in other[:5]])
        found.append(f"Alle sider må være stående A4. Se på side {named}.")
    return found


def _fields(facts: Facts, document: Document) -> list[str]:
    if facts.encrypted or facts.signature_fields == tuple(field_names(document)):
        return []
    return ["Signaturfeltene i filen svarer ikke til partene i avtalen."]


def _is_a4_portrait(page: tuple[float, float]) -> bool:
    return all(abs(is_now - wanted) <= TOLERANCE for is_now, wanted in zip(page, A4, strict=True))

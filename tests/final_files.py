"""An agreement brought to signing and past it, with files that need no WeasyPrint to make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agreements import documents, finals, signed_files, signing
from agreements.demo import one_line_pdf
from agreements.models import Agreement, StoredFile, Version
from tests import rounds

SIGNATURE = b"\n9 0 obj<</Type/Sig/ByteRange[0 1 2 3]>>endobj\nstartxref\n0\n%%EOF\n"


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small PDFs of what would be printed: rendering takes a second each, and is tried elsewhere."""

    def made(name: str) -> Any:
        return lambda document, issue: one_line_pdf(f"{name} {issue.base_address} {issue.sha256}")

    monkeypatch.setattr(documents, "agreement_pdf", made("Avtale"))
    monkeypatch.setattr(documents, "contributions_pdf", made("Tabell"))
    monkeypatch.setattr(documents, "public_pdf", made("Offentlig"))
    # Such files follow no standard; what refuses them is tried on real ones.
    monkeypatch.setattr(signed_files, "verify", lambda version, content: signing.Inspection())
    monkeypatch.setattr(finals, "gate", lambda content: [])
    monkeypatch.setattr(finals, "limits", lambda content, document: [])
    monkeypatch.setattr(
        documents, "record_pdf", lambda title, region, lines: one_line_pdf(lines[-1].hash)
    )


def adopted(agreement: Agreement, base_address: str = "") -> Version:
    """Let every council decide yes."""
    version = rounds.to_councils(agreement, base_address=base_address)
    rounds.all_resolve(agreement)
    return version


def finalised(agreement: Agreement, base_address: str = "") -> Version:
    """Make the final files."""
    version = adopted(agreement, base_address)
    finals.finalise(rounds.administrator(), agreement, source=agreement.status)
    agreement.refresh_from_db()
    return version


def final(version: Version, kind: StoredFile.Kind = StoredFile.Kind.AGREEMENT) -> StoredFile:
    return version.files.get(kind=kind)


def signed(version: Version, times: int = 1) -> bytes:
    """The stored agreement with so many signatures after it."""
    return bytes(final(version).content) + SIGNATURE * times


def sign(
    agreement: Agreement,
    version: Version,
    *keys: str,
    content: bytes | None = None,
    confirmed: bool = False,
) -> StoredFile:
    """Take in a signed file from the parties of those keys; with one more signature each time."""
    content = content or signed(version, version.files.count())
    sent = signed_files.Signed("signert.pdf", content, keys, confirmed=confirmed)
    file = signed_files.add(rounds.administrator(), agreement, sent)
    agreement.refresh_from_db()
    return file


def everybody(version: Version) -> list[str]:
    return [key for key, _ in signed_files.parties(version)]


def kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path

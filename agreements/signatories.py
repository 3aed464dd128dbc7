"""Who is to sign a version, who has, and who remains: what the pages of signing show. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from agreements import contacts, signed_files, workflow
from agreements.documents.signers import Signer, in_order
from agreements.models import Agreement, PartySignature, Version


@dataclass(frozen=True)
class Line:
    """A party that signs: how it is reached, and what is known of its signature."""

    signer: Signer
    signature: PartySignature | None
    taken_back: tuple[PartySignature, ...]  # what was said of it earlier, and was wrong

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.signer.party.body.name


@dataclass(frozen=True)
class Signing:
    """The parties of a version in the order they sign."""

    lines: tuple[Line, ...]

    @property
    def remaining(self) -> tuple[Line, ...]:
        """Those who have not signed."""
        return tuple(line for line in self.lines if line.signature is None)

    @property
    def without_email(self) -> tuple[Line, ...]:
        """Those who have not signed, and whom the signing service cannot reach."""
        return tuple(line for line in self.remaining if not line.signer.email)


def signers(agreement: Agreement, version: Version) -> list[Signer]:
    """Return the list of signers of a version. Two queries."""
    return in_order(workflow.document_of(version), contacts.of(agreement))


def read(agreement: Agreement, version: Version) -> Signing:
    """Read how far the signing of a version has come. Three queries."""
    said: dict[str, list[PartySignature]] = {}
    for row in signed_files.history(version):
        said.setdefault(row.organisation.key, []).append(row)
    lines = []
    for signer in signers(agreement, version):
        rows = said.get(signer.party.body.key, [])
        back = tuple(row for row in rows if hasattr(row, "taken_back"))
        standing = next((row for row in rows if row not in back), None)
        lines.append(Line(signer, standing, back))
    return Signing(tuple(lines))

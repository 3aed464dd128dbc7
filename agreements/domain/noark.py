"""What an archive must know of an agreement, in the terms of Noark 5. Pure.

Names of elements are those of Noark 5 (versjon 5.5, tjenestegrensesnitt and metadatakatalog): mappe,
registrering, dokumentbeskrivelse, dokumentobjekt, part, skjerming. The package is no Noark 5 deposit:
the archive takes the terms from here, by hand or by program.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.domain.document import Document, PartyRole
from municipalities.norwegian import date_long

OPEN = "Åpen"
ALGORITHM = "SHA-256"
FORMATS = {"pdf": "PDF", "json": "JSON", "csv": "CSV", "xlsx": "XLSX", "txt": "TXT"}
ROLES = {
    PartyRole.COUNTY_AUTHORITY: "fylkeskommune",
    PartyRole.CONTRACT_MUNICIPALITY: "kontraktskommune",
    PartyRole.PARTNER: "samarbeidspart",
}
_NAMESPACE = uuid.UUID("6f1d3e52-8a55-5b0e-9a53-0d5a0a2f7c11")


@dataclass(frozen=True, slots=True)
class Screening:
    """Access code (tilgangskode) and its legal basis; both empty for what is open."""

    access_code: str = ""
    legal_basis: str = ""

    def described(self) -> dict[str, str] | None:
        """The element skjerming; None for what is open."""
        if not self.access_code and not self.legal_basis:
            return None
        return {
            "tilgangsrestriksjon": self.access_code or "Unntatt offentlighet",
            "skjermingshjemmel": self.legal_basis,
        }


@dataclass(frozen=True, slots=True)
class Removed:
    """What is taken out of a public version: of what sort, by which provision, in how many places."""

    what: str
    legal_basis: str
    places: int


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the package. `main`: it is the agreement itself; `left_out`: described, but not there.

    `removed` is set for a public version: it is open, and has the rest of the agreement taken out.
    """

    path: str
    title: str
    kind: str  # dokumenttype
    size: int
    sha256: str
    made: date | None = None
    main: bool = False
    archival: bool = False  # in a format that archives accept
    screening: Screening = Screening()
    left_out: bool = False
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """The agreement as the archive meets it."""

    slug: str
    document: Document
    version: int
    sha256: str
    case_number: str
    screening: Screening
    created: date
    frozen: date
    finalised: date | None
    signed: date | None
    owner_key: str
    owner_name: str


def identity(*words: object) -> str:
    """Return a systemID: a UUID that follows from the words alone."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(word) for word in words)))


def terms(case: Case) -> list[tuple[str, str]]:
    """The metadata as lines for a person to copy: Noark's term, and what goes there."""
    document, hidden = case.document, case.screening
    lines = [
        ("tittel", document.title),
        ("saksnummer", case.case_number),
        ("opprettetDato", date_long(case.created)),
        ("dokumentetsDato", date_long(case.finalised) if case.finalised else ""),
        ("avtaleperiode", f"{date_long(document.term_start)} til {date_long(document.term_end)}"),
        ("signert", date_long(case.signed) if case.signed else ""),
        ("arkivskaperNavn", case.owner_name),
        *(("partNavn", f"{p.body.name} ({ROLES[p.role]})") for p in document.parties),
        ("tilgangsrestriksjon", hidden.access_code or OPEN),
        ("skjermingshjemmel", hidden.legal_basis),
        ("versjonsnummer", str(case.version)),
        ("sjekksum", f"{case.sha256} ({ALGORITHM} av innholdet)"),
    ]
    return [(term, value) for term, value in lines if value]


def manifest(case: Case, items: Sequence[Item], newest_event: str) -> dict[str, Any]:
    """Return what manifest.json says of the package and of every file in it."""
    document = case.document
    return {
        "format": "samarbeidsavtaler-arkivpakke",
        "formatversjon": 1,
        "avtale": {
            "adresse": case.slug,
            "versjonsnummer": case.version,
            "innhold": {"sjekksum": case.sha256, "sjekksumAlgoritme": ALGORITHM},
            "sisteHendelse": newest_event,
        },
        "mappe": {
            "systemID": identity(case.slug),
            "mappeID": case.case_number,
            "tittel": document.title,
            "opprettetDato": case.created.isoformat(),
            "arkivskaper": {"arkivskaperID": case.owner_key, "arkivskaperNavn": case.owner_name},
            "part": [
                {
                    "partID": party.body.key,
                    "partNavn": party.body.name,
                    "partRolle": ROLES[party.role],
                    "kontaktperson": party.signatory_name,
                }
                for party in document.parties
            ],
            "skjerming": case.screening.described(),
        },
        "registrering": {
            "systemID": identity(case.slug, case.version),
            "tittel": document.title,
            "dokumentetsDato": case.finalised.isoformat() if case.finalised else None,
            "laastDato": case.frozen.isoformat(),
            "signertDato": case.signed.isoformat() if case.signed else None,
            "gyldigFra": document.term_start.isoformat(),
            "gyldigTil": document.term_end.isoformat(),
            "skjerming": case.screening.described(),
        },
        "dokumentbeskrivelse": [
            _described(case, number, item) for number, item in enumerate(items, start=1)
        ],
    }


def _described(case: Case, number: int, item: Item) -> dict[str, Any]:
    own = _partly(item.removed) if item.removed else item.screening.described()
    return {
        "systemID": identity(case.slug, case.version, item.path),
        "dokumentnummer": number,
        "dokumenttype": item.kind,
        "tittel": item.title,
        "tilknyttetRegistreringSom": "Hoveddokument" if item.main else "Vedlegg",
        "opprettetDato": item.made.isoformat() if item.made else None,
        "skjerming": own or case.screening.described(),
        "utelatt": item.left_out,
        "dokumentobjekt": {
            "referanseDokumentfil": item.path,
            "variantformat": _variant(item),
            "format": FORMATS.get(item.path.rpartition(".")[2].lower(), ""),
            "filstoerrelse": item.size,
            "sjekksum": item.sha256,
            "sjekksumAlgoritme": ALGORITHM,
        },
    }


def _variant(item: Item) -> str:
    """The element variantformat."""
    if item.removed:
        return "Dokument hvor deler av innholdet er skjermet"
    return "Arkivformat" if item.archival else "Produksjonsformat"


def _partly(removed: Sequence[Removed]) -> dict[str, Any]:
    """The element skjerming of a public version: what it had to be taken out by, and no word of it."""
    return {
        "tilgangsrestriksjon": OPEN,
        "skjermingshjemmel": "; ".join(dict.fromkeys(one.legal_basis for one in removed)),
        "skjermingDokument": "Skjerming av deler av dokumentet",
        "skjermet": [
            {"hva": one.what, "skjermingshjemmel": one.legal_basis, "antallSteder": one.places}
            for one in removed
        ],
    }

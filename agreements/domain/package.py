"""The archive package: how it is laid out, and whether one is whole. Pure; needs no database.

A package is a zip whose parts are stored without compression, in the order of their names, with fixed
times: the same content is the same bytes on every machine. `verify` reads one that may be anything.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from agreements.domain import canonical, chain

MANIFEST = "manifest.json"
GUIDE = "LESMEG.txt"
DOCUMENT = "avtale/dokument.json"
AGREEMENT = "avtale/avtale.pdf"
RECORD = "hendelser/hendelser.json"
DECISIONS = "behandling/svar.json"
RESOLUTIONS = "behandling/vedtak.json"
SIGNED = "avtale/signert-"  # and a number
PUBLIC = "avtale/offentlig-"  # and a number
EXTRACTS = "behandling/saerutskrifter/"
ATTACHMENTS = "vedlegg/"

MOST_BYTES = 4 * 1024**3  # of a package that is verified
_MOST_PARTS = 2000
_MOST_JSON = 256 * 1024**2
_CHUNK = 1024 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o644 << 16
_LOCAL_HEADER = 30  # bytes before the name of a part


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `problems` are bokmål, and empty for a package that is whole."""

    problems: tuple[str, ...]
    title: str = ""
    version: int | None = None
    sha256: str = ""  # of the agreement's content
    newest_event: str = ""
    events: frozenset[str] = frozenset()  # the hash of each
    files: int = 0
    left_out: int = 0
    hidden_events: int = 0


def entry(name: str) -> zipfile.ZipInfo:
    """Return the head of a part: alike whenever and wherever it is made."""
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_STORED
    info.create_system = 3
    info.external_attr = _RIGHTS
    return info


def as_json(value: Any) -> bytes:
    """Return data as people and programs read it: UTF-8, sorted keys, indented."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def record_lines(linked: Iterable[chain.Linked], hidden: frozenset[int]) -> list[dict[str, Any]]:
    """Return the record as the package has it. Of an event that is internal only its links."""
    return [_line(item, hidden=item.entry.number in hidden) for item in linked]


def _line(item: chain.Linked, *, hidden: bool) -> dict[str, Any]:
    said = item.entry
    links = {"number": said.number, "previous_hash": item.previous_hash, "hash": item.hash}
    if hidden:
        return links | {"internal": True}
    return links | {
        "agreement": said.agreement,
        "at": said.at,
        "actor": said.actor,
        "organisation": said.organisation,
        "action": said.action,
        "data": said.data,
        "request_id": said.request_id,
        "version_sha256": said.version_sha256,
    }


class _Unreadable(Exception):
    """The package cannot be read further; the message is bokmål."""


def verify(file: IO[bytes]) -> Report:
    """Look through a package. Never another error than OSError, whatever the file is."""
    try:
        with zipfile.ZipFile(file) as package:
            return _verify(file, package)
    except _Unreadable as problem:
        return Report((str(problem),))
    except (
        *(zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError),
        *(ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError),
    ):
        return Report(("Filen er ingen arkivpakke, eller den er skadet.",))


def _verify(file: IO[bytes], package: zipfile.ZipFile) -> Report:
    problems = list(_layout(file, package))
    names = package.namelist()
    if MANIFEST not in names:
        raise _Unreadable("Pakken har ingen manifest.json.")
    manifest = _read_json(package, MANIFEST)
    described = _described(manifest)
    about = manifest["avtale"]
    sha256, newest = about["innhold"]["sjekksum"], about["sisteHendelse"]
    here = {path: item for path, item in described.items() if not item["utelatt"]}
    problems += [f"{name} står ikke i manifestet." for name in names if not _listed(name, here)]
    problems += [f"{path} mangler." for path in here if path not in names]
    for path, item in here.items():
        if path in names:
            problems += _file(package, path, item["dokumentobjekt"])
    problems += _document(package, names, sha256, described)
    lines = _read_json(package, RECORD) if RECORD in names else []
    problems += _record(lines, newest)
    problems += _told(lines, described, sha256)
    return Report(
        tuple(problems),
        title=str(manifest["mappe"]["tittel"]),
        version=int(about["versjonsnummer"]),
        sha256=str(sha256),
        newest_event=str(newest),
        events=frozenset(str(line["hash"]) for line in lines),
        files=len(here),
        left_out=len(described) - len(here),
        hidden_events=sum(1 for line in lines if line.get("internal")),
    )


def _listed(name: str, here: dict[str, Any]) -> bool:
    return name == MANIFEST or name in here


def _described(manifest: Any) -> dict[str, Any]:
    if manifest["format"] != "samarbeidsavtaler-arkivpakke" or manifest["formatversjon"] != 1:
        raise _Unreadable("Manifestet er av et slag som dette programmet ikke kjenner.")
    items = manifest["dokumentbeskrivelse"]
    found = {item["dokumentobjekt"]["referanseDokumentfil"]: item for item in items}
    if len(found) != len(items):
        raise _Unreadable("Manifestet nevner en fil to ganger.")
    return found


def _layout(file: IO[bytes], package: zipfile.ZipFile) -> Iterable[str]:
    """Say what is not as this program lays a package out: something before, between or after the parts."""
    entries = package.infolist()
    if len(entries) > _MOST_PARTS or sum(item.file_size for item in entries) > MOST_BYTES:
        raise _Unreadable("Pakken er større enn noen arkivpakke er.")
    at, names = 0, []
    for item in entries:
        if item.compress_type != zipfile.ZIP_STORED or item.flag_bits & 0x1:
            raise _Unreadable(f"{item.filename} er pakket på en annen måte enn her.")
        if item.header_offset != at or item.extra or item.comment or item.date_time != _DATE:
            yield f"{item.filename} er ikke lagt i pakken av dette programmet."
        at = item.header_offset + _LOCAL_HEADER + len(item.filename.encode()) + item.file_size
        names.append(item.filename)
    if names != sorted(set(names)):
        yield "Delene av pakken står ikke i rekkefølge, eller en av dem står to ganger."
    if package.start_dir != at or package.comment:
        yield "Pakken har noe i seg som ikke er en del av den."
    file.seek(0, 2)
    directory = sum(46 + len(name.encode()) for name in names)
    if file.tell() != package.start_dir + directory + 22:
        yield "Pakken har noe i seg som ikke er en del av den."


def _read_json(package: zipfile.ZipFile, name: str) -> Any:
    if package.getinfo(name).file_size > _MOST_JSON:
        raise _Unreadable(f"{name} er for stor.")
    return json.loads(package.read(name).decode())


def _file(package: zipfile.ZipFile, path: str, wanted: dict[str, Any]) -> Iterable[str]:
    hashed, size = hashlib.sha256(), 0
    try:
        with package.open(path) as part:
            while read := part.read(_CHUNK):
                hashed.update(read)
                size += len(read)
    except zipfile.BadZipFile:
        return [f"{path} er skadet."]
    if size != wanted["filstoerrelse"] or hashed.hexdigest() != wanted["sjekksum"]:
        return [f"{path} er endret: kontrollsummen er en annen enn i manifestet."]
    return []


def _document(
    package: zipfile.ZipFile, names: list[str], sha256: str, described: dict[str, Any]
) -> Iterable[str]:
    """Hold the Document against the hash that is decided on, and the attachments against it."""
    if DOCUMENT not in names:
        return [f"{DOCUMENT} mangler."]
    if package.getinfo(DOCUMENT).file_size > _MOST_JSON:
        raise _Unreadable(f"{DOCUMENT} er for stor.")
    data = package.read(DOCUMENT)
    if canonical.digest(data) != sha256:
        return ["Innholdet i avtalen er et annet enn det manifestet viser til."]
    try:
        document = canonical.load(data)
    except ValueError:
        return [f"{DOCUMENT} kan ikke leses."]
    kept = {
        item["dokumentobjekt"]["sjekksum"]
        for path, item in described.items()
        if path.startswith(ATTACHMENTS)
    }
    return [
        f"Vedlegget «{attachment.title}» er et annet enn det avtalen viser til."
        for attachment in document.attachments
        if attachment.sha256 not in kept
    ]


def _record(lines: list[dict[str, Any]], newest: str) -> Iterable[str]:
    """Follow the chain. Of an internal event only its place can be seen, not what it says."""
    expected, before = 1, chain.START
    for line in lines:
        number, own = line["number"], line["hash"]
        if number != expected or line["previous_hash"] != before:
            return [f"Hendelse {expected} mangler, eller er satt inn et annet sted."]
        if not line.get("internal"):
            links = ("previous_hash", "hash")
            said = chain.Entry(**{key: line[key] for key in line if key not in links})
            if chain.digest(said, before) != own:
                return [f"Hendelse {number} er endret etter at den ble skrevet."]
        expected, before = expected + 1, own
    if not lines or before != newest:
        return ["Den siste hendelsen er en annen enn den manifestet viser til."]
    return []


def _told(lines: list[dict[str, Any]], described: dict[str, Any], sha256: str) -> Iterable[str]:
    """Hold the final, the signed and the public files against what the record says was stored."""
    told: set[str] = set()
    for line in lines:
        if line.get("version_sha256") == sha256 and isinstance(data := line.get("data"), dict):
            files = data.get("files")
            told |= set(files.values()) if isinstance(files, dict) else set()
            told.add(str(data.get("file")))
    return [
        f"{path} er ikke den filen som hendelsene forteller om."
        for path, item in described.items()
        if (path == AGREEMENT or path.startswith((SIGNED, PUBLIC)))
        and item["dokumentobjekt"]["sjekksum"] not in told
    ]

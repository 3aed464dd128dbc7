"""The file of a backup: a zip with one member for each table, a manifest, and a checksum at the end.

The zip's comment, the last 64 bytes, is the SHA-256 in hex of all that comes before. Nothing is ever
held whole: members are written and read as streams, and the file itself only forward.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

FORMAT = 1
PROGRAM = "samarbeidsavtaler"
MANIFEST = "manifest.json"
BLOCK = 1 << 18
HEX = 64  # characters of a SHA-256
LARGEST_MANIFEST = 16 << 20


class BackupError(Exception):
    """The file cannot be used; the message is one sentence for the person."""


@dataclass(frozen=True)
class Table:
    """One table: `sha256` and `size` (bytes) are of its COPY text, in the order of its primary key."""

    name: str
    columns: list[str]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Sequence:
    """Where the numbers of a column go on: `value` is the last one that was given."""

    table: str
    column: str
    value: int


@dataclass(frozen=True)
class Manifest:
    """What is in the backup, and what made it. `migrations` are (app, name)."""

    version: str
    made_at: str
    postgresql: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    sequences: list[Sequence]

    def to_json(self) -> bytes:
        """Return the member of the zip."""
        written = {"format": FORMAT, "program": PROGRAM, **asdict(self)}
        return json.dumps(written, indent=1, ensure_ascii=False).encode()


def _manifest(read: dict[str, Any]) -> Manifest:
    return Manifest(
        version=str(read["version"]),
        made_at=str(read["made_at"]),
        postgresql=str(read["postgresql"]),
        migrations=[(str(app), str(name)) for app, name in read["migrations"]],
        tables=[Table(**table) for table in read["tables"]],
        sequences=[Sequence(**sequence) for sequence in read["sequences"]],
    )


class _Hashed:
    """Passes on what is written, and puts the hash of it in place of the last 64 bytes."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._held, self._digest = target, b"", hashlib.sha256()

    def write(self, data: bytes) -> int:
        whole = self._held + data
        ready, self._held = whole[:-HEX], whole[-HEX:]
        self._digest.update(ready)
        self._target.write(ready)
        return len(data)

    def flush(self) -> None:
        self._target.flush()

    def discard(self) -> None:
        """Write no more: what the zip still has to say goes nowhere."""
        self._target = io.BytesIO()

    def finish(self) -> str:
        """Write the checksum and return it."""
        checksum = self._digest.hexdigest()
        self._target.write(checksum.encode())
        self._target.flush()
        return checksum


class Writer:
    """Writes a backup to a binary stream, from its beginning to its end. A context manager."""

    def __init__(self, target: BinaryIO) -> None:
        self._hashed = _Hashed(target)
        # A stream without seek() and tell(): the zip is written forward only.
        self._zip = zipfile.ZipFile(self._hashed, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.tables: list[Table] = []

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *failure: object) -> None:
        if failure[0] is not None:
            self._hashed.discard()
        self._zip.close()

    def add(self, name: str, columns: list[str], blocks: Iterable[bytes]) -> None:
        """Write one table from the blocks of its COPY text."""
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            seen = Seen()
            for block in blocks:
                seen.update(block)
                member.write(block)
        self.tables.append(Table(name, columns, seen.rows, seen.size, seen.sha256))

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest and the checksum; return the checksum."""
        self._zip.writestr(MANIFEST, manifest.to_json())
        self._zip.comment = b"0" * HEX
        self._zip.close()
        return self._hashed.finish()


class Seen:
    """Counts and hashes COPY text: a line for each row, as COPY writes a line break in a value as \\n."""

    def __init__(self) -> None:
        self._digest, self.rows, self.size = hashlib.sha256(), 0, 0

    def update(self, block: bytes) -> None:
        """Take in one block."""
        self._digest.update(block)
        self.rows += block.count(b"\n")
        self.size += len(block)

    @property
    def sha256(self) -> str:
        """The hash of all blocks so far."""
        return self._digest.hexdigest()


class Reader:
    """Reads a backup that is whole: BackupError at once where a single byte of it is not as written."""

    def __init__(self, source: BinaryIO) -> None:
        self.checksum = _verified(source)
        try:
            self._zip = zipfile.ZipFile(source)
            if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise ValueError("the manifest is too large")
            read = json.loads(self._zip.read(MANIFEST))
            if read["program"] != PROGRAM:
                raise ValueError("another program's file")
            if read["format"] != FORMAT:
                raise BackupError(
                    f"The backup has format {read['format']}, and this program reads format {FORMAT}:"
                    " use the version of the program that made it, or a newer one."
                )
            self.manifest = _manifest(read)
            for table in self.manifest.tables:
                self._zip.getinfo(_member(table.name))
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as problem:
            raise BackupError("The file is not a backup made by this program.") from problem

    def blocks(self, table: Table) -> Iterator[bytes]:
        """Read the COPY text of a table, a block at a time."""
        with self._zip.open(_member(table.name)) as member:
            while block := member.read(BLOCK):
                yield block


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def _verified(source: BinaryIO) -> str:
    """Return the checksum at the end of the file, where it is that of what comes before."""
    source.seek(0)
    if source.read(2) != b"PK":
        raise BackupError("The file is not a backup made by this program.")
    source.seek(0)
    held, digest = b"", hashlib.sha256()
    while block := source.read(BLOCK):
        whole = held + block
        digest.update(whole[:-HEX])
        held = whole[-HEX:]
    source.seek(0)
    if held != digest.hexdigest().encode():
        raise BackupError(
            "The backup is damaged or cut off: its checksum is not that of its content."
        )
    return digest.hexdigest()

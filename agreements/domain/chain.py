"""The record's chain: each entry carries the hash of the one before, so that none can be changed,
removed or put in between without being found. Pure.

An entry is hashed as canonical JSON (UTF-8, keys sorted, no spaces) of everything it says. Whoever has
an export of the record can compute the chain again with this description alone; see docs/record.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

START = "0" * 64  # what the first entry of an agreement has for the hash before it


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` is ISO 8601 in UTC with microseconds; names are not part of it."""

    agreement: str  # slug
    number: int  # 1 for the first of the agreement
    at: str
    actor: int | None  # primary key of the person; None for the program itself
    organisation: str  # key; empty for none
    action: str
    data: Mapping[str, Any]
    request_id: str
    version_sha256: str  # of the version it is about; empty for none


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry as it is stored, with its place in the chain."""

    entry: Entry
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold. `number` is the entry's; `reason` is bokmål."""

    number: int
    reason: str


def digest(entry: Entry, previous_hash: str) -> str:
    """Return the SHA-256 of an entry after another, in hexadecimal."""
    said = {**asdict(entry), "previous_hash": previous_hash}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(entries: Iterable[Linked]) -> Break | None:
    """Return the first place where the chain does not hold; None for a record that is whole.

    That the newest entries have not been cut off is seen only by somebody who has kept the last hash.
    """
    expected, before = 1, START
    for linked in entries:
        number = linked.entry.number
        if number != expected:
            return Break(number, f"hendelse {expected} mangler")
        if linked.previous_hash != before:
            return Break(number, "peker ikke på hendelsen foran")
        if digest(linked.entry, before) != linked.hash:
            return Break(number, "er endret etter at den ble skrevet")
        expected, before = expected + 1, linked.hash
    return None

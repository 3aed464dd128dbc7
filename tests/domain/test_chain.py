"""The chain of the record: whatever is changed, removed or put in between is found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.chain import START, Entry, Linked, digest, first_break

ENTRY = Entry(
    agreement="fjelland-2026",
    number=1,
    at="2026-03-01T08:00:00.000000+00:00",
    actor=7,
    organisation="7701",
    action="clause.edited",
    data={"text": ["å", "ø"], "pk": 3},
    request_id="abc",
    version_sha256="",
)


def record(number: int) -> list[Linked]:
    made: list[Linked] = []
    before = START
    for place in range(1, number + 1):
        entry = replace(ENTRY, number=place, data={"pk": place})
        made.append(Linked(entry, before, digest(entry, before)))
        before = made[-1].hash
    return made


def test_the_hash_is_that_of_the_canonical_json() -> None:
    """As docs/record.md tells whoever has an export: no help from the program is needed."""
    said = {
        "action": "clause.edited",
        "actor": 7,
        "agreement": "fjelland-2026",
        "at": "2026-03-01T08:00:00.000000+00:00",
        "data": {"pk": 3, "text": ["å", "ø"]},
        "number": 1,
        "organisation": "7701",
        "previous_hash": START,
        "request_id": "abc",
        "version_sha256": "",
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest(ENTRY, START) == hashlib.sha256(text.encode()).hexdigest()


def test_a_whole_record_has_no_break() -> None:
    assert first_break(record(5)) is None
    assert first_break([]) is None


@given(st.integers(0, 4), st.sampled_from(["data", "action", "actor", "at", "organisation"]))
def test_what_is_changed_is_found(place: int, field: str) -> None:
    entries = record(5)
    changed = replace(
        entries[place].entry,
        **{field: {"pk": 99} if field == "data" else 99 if field == "actor" else "annet"},
    )
    entries[place] = replace(entries[place], entry=changed)
    found = first_break(entries)
    assert found is not None
    assert (found.number, found.reason) == (place + 1, "er endret etter at den ble skrevet")


@given(st.integers(0, 3))
def test_what_is_removed_is_found(place: int) -> None:
    entries = record(5)
    del entries[place]
    found = first_break(entries)
    assert found is not None
    assert found.reason == f"hendelse {place + 1} mangler"


def test_an_entry_that_is_made_anew_does_not_fit_what_follows() -> None:
    entries = record(3)
    forged = replace(entries[1].entry, data={"pk": 99})
    entries[1] = Linked(forged, entries[1].previous_hash, digest(forged, entries[1].previous_hash))
    found = first_break(entries)
    assert found is not None
    assert (found.number, found.reason) == (3, "peker ikke på hendelsen foran")

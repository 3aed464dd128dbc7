"""Copies of the originals, by the thousand: rows by INSERT … SELECT, versions and records by COPY.

Copy number N of an original has its primary keys plus N × STRIDE, and so do the references between its
rows. Organisations, people, the county and the region are those in the same place of another region.
What has a hash (versions, the record's chain, stored files) is hashed anew: each copy holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from agreements import snapshot
from agreements.domain import canonical, chain
from agreements.models import Agreement, AgreementEvent, Version
from benchmarks.scale.originals import KINDS
from benchmarks.scale.people import Place
from municipalities.models import County, Organisation, Region, User

STRIDE = 1_000_000
IN_A_ROW = 20  # copies in one region before the next; of each 20 so many are of each kind:
SHARES = dict(zip(KINDS, (6, 6, 7, 1), strict=True))
LEFT_OUT = {"Version", "AgreementEvent", "Message", "AccessLog", "Digest", "NoticeChoice", "Upload"}
TITLE = "@@@"


@dataclass(frozen=True)
class Copy:
    """One agreement to be: its number, what it is a copy of, and where."""

    number: int
    kind: str
    place: int

    @property
    def slug(self) -> str:
        return f"avtale-{self.number:05}"


def copies(count: int, places: int) -> list[Copy]:
    """Say what the copies are: the same for the same numbers."""
    turn = [kind for kind, share in SHARES.items() for _ in range(share)]
    return [Copy(n + 1, turn[n % IN_A_ROW], n // IN_A_ROW % places) for n in range(count)]


def tables() -> list[type[models.Model]]:
    """The tables whose rows are copied; those that others refer to need not come first."""
    rooms = (apps.get_app_config(room) for room in ("financing", "agreements"))
    found = [model for room in rooms for model in room.get_models(include_auto_created=True)]
    return [
        model
        for model in found
        if model.__name__ not in LEFT_OUT
        and not model.__name__.startswith("AgreementTemplate")
        and not model.__name__.startswith("Template")
    ]


@dataclass(frozen=True)
class Original:
    """An agreement to copy, and which rows are its: primary keys above the first, up to the second."""

    agreement: Agreement
    rows: dict[str, tuple[int, int]]


def watched(make: Callable[[], Agreement]) -> Original:
    """Make an original, and note which rows that was. Nobody else writes meanwhile."""
    before = _highest()
    agreement = make()
    after = _highest()
    return Original(agreement, {table: (before[table], after[table]) for table in after})


def _highest() -> dict[str, int]:
    return {
        model._meta.db_table: model._base_manager.aggregate(n=models.Max("pk"))["n"] or 0
        for model in tables()
    }


def make(originals: dict[str, Original], places: list[Place], wanted: list[Copy]) -> None:
    """Fill the database with the copies. Needs a database role that may leave foreign keys unchecked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # all references hold by themselves
        _tell(cursor, places, wanted)
        for model in tables():
            for kind, original in originals.items():
                cursor.execute(_copy_sql(model), [kind, *original.rows[model._meta.db_table]])
        _versions_and_records(cursor, originals, places, wanted)
        cursor.execute(
            "UPDATE agreements_decision d SET seen_sha256 = v.sha256 FROM agreements_version v"
            " WHERE v.id = d.version_id AND d.seen_sha256 <> ''"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        _go_on_counting(cursor)
        cursor.execute("VACUUM ANALYZE")


def _tell(cursor: Any, places: list[Place], wanted: list[Copy]) -> None:
    """Tell the database which copies there are to be, and what stands for what in each region."""
    cursor.execute(
        "CREATE TEMP TABLE scale_copy (number bigint PRIMARY KEY, kind text, place int, slug text,"
        " title text)"
    )
    with cursor.copy("COPY scale_copy FROM STDIN") as rows:
        for copy in wanted:
            title = _title(copy, places[copy.place])
            rows.write_row((copy.number, copy.kind, copy.place, copy.slug, title))
    cursor.execute(
        "CREATE TEMP TABLE scale_same (place int, what text, old bigint, new bigint,"
        " PRIMARY KEY (place, what, old))"
    )
    with cursor.copy("COPY scale_same FROM STDIN") as rows:
        for number, place in enumerate(places):
            for (what, old), (_, new) in zip(_rows(places[0]), _rows(place), strict=True):
                rows.write_row((number, what, old, new))


def _title(copy: Copy, place: Place) -> str:
    return f"Samarbeidsavtale om etablerertjenesten i {place.region.name} nr. {copy.number}"


def _rows(place: Place) -> Iterator[tuple[str, int]]:
    yield "region", place.region.pk
    yield "county", place.county.pk
    yield "organisation", place.authority.pk
    yield from (("organisation", body.pk) for body in place.bodies)
    yield from (("user", person.pk) for person in place.people)


# A comment after the end makes every copy's PDF another file.
CONTENT = "t.content || convert_to('%%' || c.slug, 'UTF8')"
FILES = {
    "content": CONTENT,
    "sha256": f"encode(sha256({CONTENT}), 'hex')",
    "size": f"octet_length({CONTENT})",
}
MAPPED = {Organisation: "organisation", County: "county", Region: "region", User: "user"}


def _copy_sql(model: type[models.Model]) -> str:
    copied = set(tables()) | {Version, AgreementEvent}
    table = model._meta.db_table
    columns, values = [], []
    for field in model._meta.concrete_fields:
        name = field.column
        value = f't."{name}"'
        target = field.related_model
        if (field.primary_key and target is None) or target in copied:
            value += f" + c.number * {STRIDE}"
        elif target in MAPPED:
            value = (  # names of columns, none of them anybody's words
                f"COALESCE((SELECT new FROM scale_same s WHERE s.place = c.place AND"
                f" s.what = '{MAPPED[target]}' AND s.old = {value}), {value})"
            )
        elif (table, name) == ("agreements_agreement", "slug"):
            value = "c.slug"
        elif name == "title" and table == "agreements_agreement":
            value = "c.title"
        elif (table, name) == ("financing_plan", "name"):
            value += " || ' nr. ' || c.number"
        elif name == "updated_at":
            value += " - c.number * interval '7 minutes'"
        elif table == "agreements_storedfile" and name in FILES:
            value = (
                f"CASE WHEN t.media_type = 'application/pdf' THEN {FILES[name]} ELSE {value} END"
            )
        columns.append(f'"{name}"')
        values.append(value)
    key = model._meta.pk.column
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f' FROM {table} t, scale_copy c WHERE c.kind = %s AND t."{key}" > %s AND t."{key}" <= %s'
    )


def _versions_and_records(
    cursor: Any, originals: dict[str, Original], places: list[Place], wanted: list[Copy]
) -> None:
    """Write each copy's version, and its record with a chain of its own."""
    parts = {kind: _Parts(original.agreement, places) for kind, original in originals.items()}
    for copy in wanted:
        parts[copy.kind].read(copy)  # nothing can be asked of the database while it takes rows in
    hashes: dict[int, str] = {}
    with cursor.copy(_copy_statement(Version)) as rows:
        for copy in wanted:
            for row in parts[copy.kind].versions(copy):
                hashes[copy.number] = row[SHA256]
                rows.write_row(row)
    with cursor.copy(_copy_statement(AgreementEvent)) as rows:
        for copy in wanted:
            for row in parts[copy.kind].events(copy, hashes.get(copy.number, "")):
                rows.write_row(row)


def _columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


SHA256 = _columns(Version).index("sha256")


def _copy_statement(model: type[models.Model]) -> str:
    return f"COPY {model._meta.db_table} ({', '.join(_columns(model))}) FROM STDIN"


class _Parts:
    """What the versions and events of one original's copies are put together from."""

    def __init__(self, original: Agreement, places: list[Place]) -> None:
        self.original, self.places = original, places
        self.version = original.versions.first()
        self._firsts: dict[int, bytes] = {}
        self.record = list(original.events.select_related("organisation").order_by("number"))

    @cache  # noqa: B019 - the object lives as long as the run, and so may what it remembers
    def _same(self, place: int) -> dict[tuple[str, int | None], int | None]:
        pairs = zip(_rows(self.places[0]), _rows(self.places[place]), strict=True)
        return {(what, old): new for (what, old), (_, new) in pairs} | {("user", None): None}

    def _words(self, place: int, data: Any) -> Any:
        """Put the names and keys of another region's bodies where those of the first are."""
        first, other = self.places[0], self.places[place]
        names = {a.key: b.key for a, b in zip(first.bodies, other.bodies, strict=True)}
        names |= {first.authority.key: other.authority.key}
        text = json.dumps(data, ensure_ascii=False)
        return json.loads(
            re.sub(
                r'((?:Kommune|Fylke|Region) |(?<=")|region-)(\d{2,4})\b(?=[^0-9.,]|")',
                lambda found: found[1] + names.get(found[2], found[2]),
                text,
            )
        )

    def _document(self, number: int) -> bytes:
        """The canonical Document of a copy, with a mark where the title is."""
        rows = Agreement.objects.select_related("plan__region", "template__confirmed_by")
        agreement = rows.get(pk=self.original.pk + number * STRIDE)
        return canonical.dump(replace(snapshot.build(agreement), title=TITLE))

    @cache  # noqa: B019 - as `_same`
    def _findings(self, place: int) -> str:
        return json.dumps(self._words(place, self.version.findings), ensure_ascii=False)

    def read(self, copy: Copy) -> None:
        """Read the Document that versions in a place have, from the first copy there."""
        if self.version is not None and copy.place not in self._firsts:
            self._firsts[copy.place] = self._document(copy.number)

    def versions(self, copy: Copy) -> Iterator[list[Any]]:
        """The rows of the copy's versions."""
        if self.version is None:
            return
        same, row = self._same(copy.place), self.version
        title = _title(copy, self.places[copy.place])
        document = self._firsts[copy.place].replace(
            json.dumps(TITLE).encode(), json.dumps(title).encode()
        )
        values = {
            **{name: getattr(row, name) for name in _columns(Version)},
            "id": row.pk + copy.number * STRIDE,
            "agreement_id": row.agreement_id + copy.number * STRIDE,
            "document": document,
            "sha256": hashlib.sha256(document).hexdigest(),
            "findings": self._findings(copy.place),
            "frozen_by_id": same["user", row.frozen_by_id],
            "organisation_id": same["organisation", row.organisation_id],
        }
        yield list(values.values())

    @cache  # noqa: B019 - as `_same`
    def _record(
        self, place: int
    ) -> list[tuple[AgreementEvent, dict[str, Any], str, Any, Any, str]]:
        """What is the same in all copies of one place: actor, body, and data."""
        same, keys = self._same(place), {body.pk: body.key for body in self.places[place].bodies}
        found = []
        for row in self.record:
            data = self._words(place, row.data)
            body = same.get(("organisation", row.organisation_id))
            found.append(
                (row, data, json.dumps(data), same["user", row.actor_id], body, keys.get(body, ""))
            )
        return found

    def events(self, copy: Copy, sha256: str) -> Iterator[list[Any]]:
        """The rows of the copy's record, in the order of `_columns`."""
        shift, offset = dt.timedelta(minutes=7 * copy.number), copy.number * STRIDE
        before = chain.START
        for row, data, text, actor, body, key in self._record(copy.place):
            at = row.occurred_at - shift
            link = chain.digest(
                chain.Entry(
                    agreement=copy.slug,
                    number=row.number,
                    at=at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                    actor=actor,
                    organisation=key,
                    action=row.action,
                    data=data,
                    request_id=row.request_id,
                    version_sha256=sha256 if row.version_id else "",
                ),
                before,
            )
            values = {
                "id": row.pk + offset,
                "actor_id": actor,
                "action": row.action,
                "data": text,
                "agreement_id": row.agreement_id + offset,
                "organisation_id": body,
                "number": row.number,
                "occurred_at": at,
                "request_id": row.request_id,
                "version_id": row.version_id and row.version_id + offset,
                "previous_hash": before,
                "hash": link,
            }
            yield [values[name] for name in EVENT]
            before = link


EVENT = _columns(AgreementEvent)


def _go_on_counting(cursor: Any) -> None:
    """New rows must not take the numbers of those that were copied in."""
    for model in (*tables(), Version, AgreementEvent):
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
        if sequence := cursor.fetchone()[0]:
            cursor.execute(f"SELECT setval('{sequence}', (SELECT max({key}) FROM {table}) + 1)")

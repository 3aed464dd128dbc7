"""What nobody's browser sends: hostile values and bodies for any form, and what must hold afterwards."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.permission_world import JOBS, everything

FORM = "application/x-www-form-urlencoded"
Sent = dict[str, list[str]]

MEGABYTE = "å " * 400_000  # 1.2 MB as bytes
# Wrong for most fields, each in its own way. Lone surrogates are sent as bytes that are not UTF-8.
VALUES = {
    "NUL": "a\x00b",
    "surrogate": "\ud800",
    "noncharacter": "\ufffe\uffff\U0001ffff",
    "bidi": "\u202etekst\u2066\u200f\u200b\ufeff",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿" * 20,
    "combining": "Z" + "\u0351\u0346" * 5_000,
    "huge number": "9" * 5_000,
    "negative": "-1",
    "zero": "0",
    "bigint": str(2**63),
    "exponent": "1e999999",
    "NaN": "NaN",
    "infinity": "-Infinity",
    "fraction": "-0,0000000000000001",
    "other digits": "\u0663\u0664",
    "no date": "0000-00-00",
    "last date": "9999-12-31",
    "large date": "9999999-01-01",
    "markup": "{{" * 500 + "[[punkt:" * 500 + "1. " * 500 + "<script>",
    "path": "../../etc/passwd\\C:\\x",
    "spaces": " \t\u00a0\u2028",
}
# The machine's own fields: what a page that was opened long ago, or never, would send.
OLD = ["", "x", "-1", "1e9", "9" * 400, "\x00", "00000000-0000-4000-8000-000000000000", "0" * 64]
MACHINE = ("revision", "token", "seen", "sha256", "_FORMS")
# Where an address is sent no form in the table: the names that the forms use.
COMMON = [
    *("revision", "token", "key", "pk", "text", "reason", "title", "name", "file", "organisation"),
    *(
        "position",
        "before",
        "after",
        "code",
        "anchor",
        "seen",
        "user",
        "bruk",
        "day",
        "to",
        "source",
    ),
]
FEW = 7  # forms with a different hostile value in each field
TOTALS = [str(10**9), "-1", "1e3", "9" * 30, "", "\x00"]

BODIES: dict[str, tuple[str, bytes]] = {
    "JSON": ("application/json", b'{"revision": 1, "text": ["x"]}'),
    "multipart without a boundary": ("multipart/form-data", b"nothing"),
    "multipart that breaks off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF',
    ),
    "a file without a name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\nx\r\n--x--\r\n',
    ),
    "bytes": (FORM, b"%ff%fe=%00%ff&revision=%ed%a0%80&text=%ff"),
    "another encoding": (f"{FORM}; charset=utf-16", b"a=b"),
    "an unknown encoding": (f"{FORM}; charset=finnes-ikke", b"text=b"),
    "6000 fields": (FORM, b"text=1&" * 6_000),
    "10 MB": (FORM, b"text=" + b"x" * (10 * 1024 * 1024)),
}


def encoded(data: Sent) -> tuple[str, bytes]:
    """The form as a browser sends it, but whatever characters the values have."""
    pairs = [(k, v.encode("utf-8", "surrogatepass")) for k, values in data.items() for v in values]
    return FORM, urlencode(pairs).encode()


def as_files(data: Sent, content: bytes = b"%PDF-1.7\n") -> tuple[str, bytes]:
    """Every field as a file, with a name that leads out of its folder."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="../../{name}.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name in data
    ]
    return "multipart/form-data; boundary=x", b"".join(parts) + b"--x--\r\n"


def by_machine(name: str) -> bool:
    """Whether a field is the form's own, and no person writes in it."""
    return name.rpartition("-")[2].endswith(MACHINE)


def bodies(sent: Sent, name: str, *, every: bool) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Yield (what it is, (content type, body)) of what one address is tried with.

    With `every`, each value in all fields at once; else a few forms in which each field has another.
    """
    form = sent or {common: ["1"] for common in COMMON}
    typed = [field for field in form if not by_machine(field)]
    yield "nothing", (FORM, b"")
    yield "repeated", encoded({k: [*v, "x", *v] for k, v in form.items()})
    for what, value in VALUES.items() if every else ():
        yield what, encoded(form | {field: [value] for field in typed})
    mixed = list(VALUES.values())
    for turn in range(0 if every else FEW):
        start = turn * len(mixed) // FEW + zlib.crc32(name.encode())
        values = {field: [mixed[(start + n) % len(mixed)]] for n, field in enumerate(typed)}
        yield f"mixed {turn}", encoded(form | values)
    for value in OLD if every else OLD[1:4]:
        old = {field: [value] for field in form if by_machine(field) and "_FORMS" not in field}
        if old:
            yield f"old {value[:10]!r}", encoded(form | old)
    for value in TOTALS if every else TOTALS[:2]:
        totals = {field: [value] for field in form if field.endswith("TOTAL_FORMS")}
        if totals:
            yield f"{value[:10]!r} rows", encoded(form | totals)
    if typed:
        # One field at a time has a megabyte; which one follows from the address.
        one = typed[zlib.crc32(name.encode()) % len(typed)]
        yield f"a megabyte in {one}", encoded(form | {one: [MEGABYTE]})
        without = typed[zlib.crc32(name.encode()[::-1]) % len(typed)]
        yield f"without {without}", encoded({k: v for k, v in form.items() if k != without})
    yield "files for text", as_files(form)
    yield from BODIES.items()


# Who has opened what, and how often somebody has tried.
READING = ('"agreements_accesslog"', '"municipalities_sharedcache"')


WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass
class Watched:
    """The statements that write, as they are sent."""

    written: list[str] = field(default_factory=list)

    @property
    def beyond_reading(self) -> list[str]:
        """What a page that is only read has no business to write."""
        return [sql[:300] for sql in self.written if not any(table in sql for table in READING)]

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Keep the statement if it writes; see Django's execute_wrapper."""
        # A job is put in the queue by a function of the database, in what begins as a question.
        if sql.split(None, 1)[0].upper() in WRITING or "procrastinate_defer" in sql:
            self.written.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Watched]:
    """Keep what is written to the database."""
    seen = Watched()
    with connection.execute_wrapper(seen):
        yield seen


# Rows that no event tells of: what waits to be done or sent, what is not yet part of anything, and a
# form's token.
UNTOLD = {
    JOBS,
    *("agreements.Upload", "agreements.ClauseDraft", "agreements.NoticeChoice"),
    *("agreements.Message", "agreements.Digest", "municipalities.FormToken"),
}

# What somebody has begun to write is kept for them whether the form is taken or not.
KEPT = {"agreements.ClauseDraft"}


def half(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Say what was stored half: a change that no event tells of, or an event of no change."""
    changed = {label for label in after if after[label] != before[label]}
    events = {label for label in changed if label.endswith("Event")}
    told = changed - events - UNTOLD
    if told and not events:
        return f"no event tells of a change in {sorted(told)}"
    if events and not changed - events - {JOBS}:
        return f"{sorted(events)} without a change"
    return ""


class Fuzz:
    """Sends bodies to one address, undoes each, and keeps what went wrong."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.before = everything()
        self.wrong: list[str] = []

    def send(self, what: str, kind: str, body: bytes) -> None:
        """Send one body."""
        try:
            with transaction.atomic(), watched() as seen:
                answer = self.client.generic("POST", self.address, body, kind)
                problem = self._problem(answer, bool(seen.written))
                transaction.set_rollback(True)
        except Exception as error:  # the view's own, passed on by the test client
            problem = f"{type(error).__name__}: {str(error)[:300]}"
        if problem:
            self.wrong.append(f"{what}: {problem}")

    def _problem(self, answer: HttpResponse, written: bool) -> str:
        if answer.status_code >= 500:
            return str(answer.status_code)
        if not written:
            return ""
        after = everything()
        if answer.status_code not in (301, 302, 303):
            changed = [label for label in after if after[label] != self.before[label]]
            changed = [label for label in changed if label not in KEPT]
            return f"{answer.status_code}, and yet {changed}" if changed else ""
        return half(self.before, after)

"""Every address that is read, asked with what no link has: never a 500, and nothing is written."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client

from tests import fuzzing, pages, permission_world
from tests.permission_rows import Row
from tests.permission_world import TABLE, As, Real, opener

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering

ROOT = Path(__file__).parents[1]
# One of each address: the row that gets furthest.
READ = list({row.name: row for row in TABLE if row.method == "GET"}.values())
VALUES = [
    *fuzzing.VALUES.values(),
    *fuzzing.OLD,
    *fuzzing.TOTALS,
    "alle",
    "mal/1",
    "versjon/1",
    "1",
]
SHORT = [value[:2_000] for value in VALUES]  # a line of a request has at most 8 kB, see gunicorn
FEW = 5  # requests of each address, with every parameter each


def asked_for() -> set[str]:
    """The names of the parameters that the views read."""
    return {
        name
        for room in ("agreements", "financing", "municipalities", "config")
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(
            r"""GET(?:\.get(?:list)?\(|\[)\s*"([^"]+)""", path.read_text(encoding="utf-8")
        )
    } | {"kontroll", "mot", "aar"}


def query(values: dict[str, str]) -> str:
    """The parameters as bytes, whatever characters they have."""
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in values.items()
    )


def queries(names: list[str], count: int) -> Iterator[str]:
    """Yield queries in which each parameter has another value each time, and some that are no query."""
    for turn in range(count):
        yield query(
            {
                name: SHORT[(number * 7 + turn * len(SHORT) // count) % len(SHORT)]
                for number, name in enumerate(names)
            }
        )
    yield "&".join(f"{name}=1&{name}=x&{name}" for name in names) + "&=&&%ff%00=%ed%a0%80"


def ask(client: Client, address: str, count: int) -> list[str]:
    """Return what went wrong."""
    opened = client.get(address)
    forms = pages.page(opened).all("form", method="get") if _is_page(opened) else []
    named = {
        node["name"]
        for node in (pages.page(opened).nodes if forms else [])
        if node.get("name") and any(parent in forms for parent in node.parents)
    }
    wrong = []
    with fuzzing.watched() as seen:
        for asked in queries(sorted(asked_for() | named), count):
            try:
                answer = client.get(f"{address}?{asked}")
                if answer.status_code >= 500:
                    wrong.append(f"{asked[:200]}: {answer.status_code}")
            except Exception as error:  # the view's own, passed on by the test client
                wrong.append(f"{asked[:200]}: {type(error).__name__}: {str(error)[:300]}")
    return wrong + seen.beyond_reading


def _is_page(answer: object) -> bool:
    return getattr(answer, "headers", {}).get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize("row", READ, ids=str)
def test_a_hostile_query_breaks_and_writes_nothing(row: Row, real: Real, as_: As) -> None:
    assert not ask(as_(opener(row)), real.address(row), FEW)


@pytest.mark.slow
@pytest.mark.parametrize("row", READ, ids=str)
def test_every_hostile_query_breaks_and_writes_nothing(row: Row, real: Real, as_: As) -> None:
    assert not ask(as_(opener(row)), real.address(row), len(SHORT))


WORDS = [
    *("x", "-1", "0", "9" * 30, "9" * 5_000, "%00", "%ed%a0%80", "%e2%80%ae", "..", "%2e%2e%2f"),
    *("æ", "a" * 3_000, "'", "%F0%9F%98%80", "%0d%0aX: y", str(2**63), str(2**31)),
]


def astray(client: Client, row: Row, real: Real, words: list[str]) -> list[str]:
    """Return what went wrong with each of these words in the place of each part of an address.

    They are put together by hand: `reverse` refuses some.
    """
    parts = real.address(row).split("/")
    own = {real.word(arg) for arg in row.args}
    wrong = []
    with fuzzing.watched() as seen:
        for at in (at for at, part in enumerate(parts) if part in own):
            for word in words:
                address = "/".join([*parts[:at], word, *parts[at + 1 :]])
                try:
                    status = client.get(address).status_code
                except Exception as error:  # the view's own, passed on by the test client
                    wrong.append(f"{address[:200]}: {error!r}"[:600])
                else:
                    if status >= 500:
                        wrong.append(f"{address[:200]}: {status}")
    return wrong + seen.beyond_reading


WITH_PARTS = pytest.mark.parametrize("row", [row for row in READ if row.args], ids=str)


@WITH_PARTS
def test_a_hostile_address_breaks_and_writes_nothing(row: Row, real: Real, as_: As) -> None:
    some = WORDS[zlib.crc32(row.name.encode()) % 4 :: 4]
    assert not astray(as_(opener(row)), row, real, some)


@pytest.mark.slow
@WITH_PARTS
def test_every_hostile_address_breaks_and_writes_nothing(row: Row, real: Real, as_: As) -> None:
    assert not astray(as_(opener(row)), row, real, WORDS)

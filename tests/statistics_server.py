"""A small server on this machine that speaks Statistics Norway's formats, faults included.

The country it describes is made up: 357 municipalities, of which a test may name some.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

COUNTIES = (
    "03",
    "11",
    "15",
    "18",
    "31",
    "32",
    "33",
    "34",
    "39",
    "40",
    "42",
    "46",
    "50",
    "55",
    "56",
)


@dataclass
class Country:
    """What the server knows: names and figures by number, and what has happened."""

    names: dict[str, str]
    figures: dict[str, int]
    quarter: str = "2026K1"
    counties: dict[str, str] = field(
        default_factory=lambda: {number: f"Fylke {number}" for number in COUNTIES}
    )
    changes: list[dict[str, Any]] = field(default_factory=list)
    county_changes: list[dict[str, Any]] = field(default_factory=list)
    status: dict[str, str] = field(default_factory=dict)
    country: int | None = -1  # the sum of the parts
    former: tuple[str, ...] = ("0101", "1601")  # numbers of before, which a table has with 0

    def change(self, day: str, old: str, new: str) -> None:
        """Add that one number became another."""
        codes = {"oldCode": old, "newCode": new}
        names = {"oldName": self.names.get(old, old), "newName": self.names.get(new, new)}
        self.changes.append({**codes, **names, "changeOccurred": day})


def country(
    names: Mapping[str, str] | None = None, figures: Mapping[str, int] | None = None
) -> Country:
    """Return 357 municipalities: those named, and «Kommune 1150» and so on beside them."""
    known = dict(names or {})
    made = (
        f"{county}{place:02}"
        for place in range(50, 100)
        for county in COUNTIES
        if f"{county}{place:02}" not in known
    )
    while len(known) < 357:
        number = next(made)
        known[number] = f"Kommune {number}"
    values = {number: 1000 + int(number) for number in known} | dict(figures or {})
    return Country(dict(sorted(known.items())), values)


@dataclass
class Server:
    """The running server: what it answers, what was asked, and the faults that come first.

    `faults` has a list for each question (figures, country, 131, 104, changes-131, changes-104);
    each fault is used once: a status, a pair of status and headers, or a word.
    """

    country: Country
    address: str = ""
    faults: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str) -> tuple[str, Any]:
        """Return which question it is, and the answer; (path, None) for what does not exist."""
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        match parts.path.strip("/").split("/"):
            case ["v2", "tables", "01222", "data"]:
                if query["valueCodes[Region]"] == ["0"]:
                    return "country", self._table(query, ["0"])
                return "figures", self._table(query, [*self.country.former, *self.country.figures])
            case ["klass", "classifications", "131", "codesAt"]:
                return "131", _codes(self.country.names, "9999")
            case ["klass", "classifications", "104", "codesAt"]:
                return "104", _codes(self.country.counties, "99")
            case ["klass", "classifications", "131", "changes"]:
                return "changes-131", {"codeChanges": self.country.changes}
            case ["klass", "classifications", "104", "changes"]:
                return "changes-104", {"codeChanges": self.country.county_changes}
        return path, None

    def _table(self, query: dict[str, list[str]], regions: list[str]) -> Any:
        assert query["valueCodes[ContentsCode]"] == ["Folketallet1"]
        (when,) = query["valueCodes[Tid]"]
        quarter = self.country.quarter if when == "top(1)" else when
        total = sum(self.country.figures.values())
        if self.country.country != -1:
            total = self.country.country
        values: dict[str, int | None] = {"0": total, **self.country.figures}
        cells = [None if r in self.country.status else values.get(r, 0) for r in regions]
        status = {
            str(place): self.country.status[region]
            for place, region in enumerate(regions)
            if region in self.country.status
        }
        return {
            "class": "dataset",
            "id": ["Region", "ContentsCode", "Tid"],
            "size": [len(regions), 1, 1],
            "dimension": {
                "Region": {
                    "category": {
                        "index": {region: place for place, region in enumerate(regions)},
                        "label": {region: region for region in regions},
                    }
                },
                "ContentsCode": {"category": {"index": {"Folketallet1": 0}}},
                "Tid": {"category": {"index": {quarter: 0}, "label": {quarter: quarter}}},
            },
            "value": cells,
            **({"status": status} if status else {}),
        }


def _codes(names: Mapping[str, str], unknown: str) -> Any:
    every = [*names.items(), (unknown, "Uoppgitt")]
    return {
        "codes": [
            {
                "code": code,
                "parentCode": None,
                "level": "1",
                "name": name,
                "shortName": "",
                "presentationName": "",
                "validFrom": None,
                "validTo": None,
                "notes": "",
            }
            for code, name in every
        ]
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Server

    def do_GET(self) -> None:
        key, value = self.served.answer(self.path)
        self.served.asked.append(key)
        self.served.headers.append(dict(self.headers))
        faults = self.served.faults.get(key, [])
        content = json.dumps(value).encode()
        if not faults:
            self._send(404 if value is None else 200, content)
            return
        fault = faults.pop(0)
        if isinstance(fault, int):
            self._send(fault, b"{}")
        elif isinstance(fault, tuple):
            self._send(fault[0], b"{}", **fault[1])
        elif isinstance(fault, bytes):
            self._send(200, fault)
        elif fault == "html":
            self._send(200, b"<!doctype html><title>Logg inn</title>", Content_Type="text/html")
        elif fault == "broken":
            self._send(200, content[: len(content) // 2])
        elif fault == "large":
            self._send(200, content + b" " * 6 * 1024 * 1024)
        elif fault == "hang":
            time.sleep(0.6)
        elif fault == "drip":
            self._drip()
        else:
            assert fault == "drop"
        self.close_connection = True

    def _send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), **names}
        for name, text in sent.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(content)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    def handle(self) -> None:
        """Serve; that the other end has gone is what some of the tests are about."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(described: Country) -> Iterator[Server]:
    """Run the server while the block does."""
    served = Server(described)
    handler = type("Handler", (_Handler,), {"served": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        served.address = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield served
        finally:
            http.shutdown()
            thread.join()


def use(settings: Any, monkeypatch: Any, served: Server) -> None:
    """Make the program ask this server, without waiting between questions."""
    from municipalities.statistics import client

    settings.STATISTICS_TABLES_URL = f"{served.address}/v2/"
    settings.STATISTICS_CLASSIFICATIONS_URL = f"{served.address}/klass/"
    monkeypatch.setattr(client, "PAUSE", 0.0)
    monkeypatch.setattr(client, "FIRST_WAIT", 0.01)

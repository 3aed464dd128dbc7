"""Model agreements: the text a new agreement starts from, kept as files that people edit by hand.

`load("etablerertjenesten_nb")` reads one TOML file beside this module and checks it. `load_duties`
reads `duties.csv`, which says where each known duty of an agreement on etablerertjenesten is
written. Reading its own files is all this package does with the outside world: no Django, no
clock, no network.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agreements.domain.document import Clause, Language, Service, ServiceLevel, TemplateRef

__all__ = [
    "DutyPlace",
    "ModelAgreement",
    "ModelClause",
    "ModelService",
    "load",
    "load_duties",
    "parse",
    "parse_duties",
]

FOLDER = Path(__file__).parent
NAME = re.compile(r"[a-z0-9_]+")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DUTY_COLUMNS = ("duty", "key", "kind", "note")


@dataclass(frozen=True, slots=True)
class ModelClause:
    """One point of the model. `parent` is the key of the point it stands under, "" at the top."""

    key: str
    parent: str
    heading: str
    text: str  # the Markdown subset of agreements.domain.markup
    source: str  # where the rule comes from, in Norwegian, shown to the editor
    dated: date  # when this wording was last changed


@dataclass(frozen=True, slots=True)
class ModelService:
    """One line of the service checklist. Additional services are choices, not in the text."""

    key: str
    level: ServiceLevel
    text: str


@dataclass(frozen=True, slots=True)
class ModelAgreement:
    """A model agreement as its file says, in the file's order."""

    name: str
    language: Language
    version: int
    issued: date
    confirmed_by: str  # who has confirmed the legal quality of this version, "" if nobody
    note: str  # what an editor must be told while nobody has confirmed it
    invoicing: str  # the sentence for the agreement's field on who invoices whom
    clauses: tuple[ModelClause, ...]
    services: tuple[ModelService, ...]
    demo: Mapping[str, tuple[str, ...]]  # region -> keys of additional services, demonstration only

    def reference(self) -> TemplateRef:
        """What an agreement made from this model remembers about it."""
        return TemplateRef(self.name, self.version, self.issued, self.confirmed_by)

    def clause_tree(self) -> tuple[Clause, ...]:
        """The points as a tree in the file's order, each with its source and the wording's date."""

        def under(parent: str) -> tuple[Clause, ...]:
            return tuple(
                Clause(
                    key=clause.key,
                    heading=clause.heading,
                    text=clause.text,
                    source=f"{clause.source} ({clause.dated.isoformat()})",
                    children=under(clause.key),
                )
                for clause in self.clauses
                if clause.parent == parent
            )

        return under("")

    def checklist(self, additional: Iterable[str] = ()) -> tuple[Service, ...]:
        """The services of a new agreement: all quality and minimum items, chosen additional ones.

        Raises ValueError where a key in `additional` is not an additional service of this model.
        """
        chosen = set(additional)
        offered = {one.key for one in self.services if one.level is ServiceLevel.ADDITIONAL}
        if unknown := chosen - offered:
            raise ValueError(f"{self.name}: no additional service {', '.join(sorted(unknown))}")
        return tuple(
            Service(one.key, one.level, one.text)
            for one in self.services
            if one.level is not ServiceLevel.ADDITIONAL or one.key in chosen
        )


@dataclass(frozen=True, slots=True)
class DutyPlace:
    """A place where a duty is written: `key` is the key of a clause or a service of the model."""

    duty: str  # «O01»
    key: str
    kind: str
    note: str


def load(name: str) -> ModelAgreement:
    """The model agreement in `<name>.toml`.

    Raises ValueError, naming the file and the key, where the file is missing or wrong.
    """
    file = f"{name}.toml"
    if not NAME.fullmatch(name) or not (FOLDER / file).is_file():
        raise ValueError(f"{file}: no such model agreement")
    return parse((FOLDER / file).read_text(encoding="utf-8"), file)


def load_duties(model: ModelAgreement) -> tuple[DutyPlace, ...]:
    """The duty map in `duties.csv`. Raises ValueError where it names a key that `model` lacks."""
    file = "duties.csv"
    return parse_duties((FOLDER / file).read_text(encoding="utf-8"), file, model)


def parse(content: str, file: str) -> ModelAgreement:
    """A model agreement from the text of its file; `file` is the name used in error messages.

    Raises ValueError, naming the file and the key, on what is missing, unknown, wrong or repeated.
    """
    try:
        read = _Reader(tomllib.loads(content), file)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file}: {error}") from error
    model = ModelAgreement(
        name=read.text("name"),
        language=Language(read.choice("language", [one.value for one in Language])),
        version=read.positive("version"),
        issued=read.day("issued"),
        confirmed_by=read.text("confirmed_by", empty=True),
        note=read.text("note"),
        invoicing=read.text("invoicing"),
        clauses=tuple(_clause(entry) for entry in read.entries("clauses")),
        services=tuple(_service(entry) for entry in read.entries("services")),
        demo=MappingProxyType(read.lists("demo")),
    )
    read.nothing_more()
    _check_keys(model, file)
    return model


def parse_duties(content: str, file: str, model: ModelAgreement) -> tuple[DutyPlace, ...]:
    """The duty map from the text of its file. A duty may have several rows, one for each place.

    Raises ValueError, naming the file and the line, on other columns or a key that `model` lacks.
    """
    rows = csv.DictReader(io.StringIO(content), strict=True)
    if tuple(rows.fieldnames or ()) != DUTY_COLUMNS:
        raise ValueError(f"{file}: the columns must be {', '.join(DUTY_COLUMNS)}")
    known = {clause.key for clause in model.clauses} | {one.key for one in model.services}
    places = []
    for row in rows:
        # A short row gives None values, a long one a None key: both are mistakes in the file.
        if None in row or None in row.values() or row["key"] not in known:
            raise ValueError(f"{file}: line {rows.line_num}: no clause or service {row['key']!r}")
        places.append(DutyPlace(row["duty"], row["key"], row["kind"], row["note"]))
    return tuple(places)


def _clause(entry: _Reader) -> ModelClause:
    clause = ModelClause(
        key=entry.key("key"),
        parent=entry.key("parent", empty=True),
        heading=entry.text("heading"),
        text=entry.text("text", empty=True),
        source=entry.text("source"),
        dated=entry.day("date"),
    )
    entry.nothing_more()
    return clause


def _service(entry: _Reader) -> ModelService:
    service = ModelService(
        key=entry.key("key"),
        level=ServiceLevel(entry.choice("level", [one.value for one in ServiceLevel])),
        text=entry.text("text"),
    )
    if service.text.endswith("."):
        raise entry.wrong("text", "a service is a phrase without full stop")
    entry.nothing_more()
    return service


def _check_keys(model: ModelAgreement, file: str) -> None:
    """Refuse repeated keys, a parent that is no earlier clause and unknown services in `demo`."""
    seen: set[str] = set()
    for clause in model.clauses:
        if clause.key in seen:
            raise ValueError(f"{file}: clauses: the key {clause.key!r} is used twice")
        # An earlier parent keeps the file in reading order and makes a circle impossible.
        if clause.parent and clause.parent not in seen:
            raise ValueError(f"{file}: {clause.key}: parent {clause.parent!r} is no earlier clause")
        seen.add(clause.key)
    for service in model.services:
        if service.key in seen:
            raise ValueError(f"{file}: services: the key {service.key!r} is used twice")
        seen.add(service.key)
    for region, keys in model.demo.items():
        try:
            model.checklist(keys)
        except ValueError as error:
            raise ValueError(f"{file}: demo: {region}: {error}") from error


class _Reader:
    """Takes values out of one TOML table by key and type; what is left at the end is a mistake."""

    def __init__(self, table: dict[str, Any], place: str) -> None:
        self.table = dict(table)
        self.place = place

    def wrong(self, key: str, problem: str) -> ValueError:
        return ValueError(f"{self.place}: {key}: {problem}")

    def take(self, key: str) -> Any:
        try:
            return self.table.pop(key)
        except KeyError:
            raise self.wrong(key, "is missing") from None

    def text(self, key: str, *, empty: bool = False) -> str:
        value = self.take(key)
        if not isinstance(value, str):
            raise self.wrong(key, "must be text")
        if not value.strip() and not empty:
            raise self.wrong(key, "is empty")
        return value.strip()

    def key(self, key: str, *, empty: bool = False) -> str:
        value = self.text(key, empty=empty)
        if value and not KEY.fullmatch(value):
            raise self.wrong(key, f"{value!r} must be small letters a-z, digits and single hyphens")
        return value

    def choice(self, key: str, choices: list[str]) -> str:
        value = self.text(key)
        if value not in choices:
            raise self.wrong(key, f"{value!r} is none of {', '.join(choices)}")
        return value

    def positive(self, key: str) -> int:
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(key, "must be a whole number from 1")
        return value

    def day(self, key: str) -> date:
        value = self.take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "must be a date, 2026-01-31")
        return value

    def entries(self, key: str) -> list[_Reader]:
        """Readers of an array of tables, each placed by its own key for error messages."""
        value = self.take(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise self.wrong(key, f"must be [[{key}]] tables")
        return [
            _Reader(entry, f"{self.place}: {key}: {entry.get('key', f'number {number}')}")
            for number, entry in enumerate(value, start=1)
        ]

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table whose values are lists of text; absent means empty."""
        value = self.table.pop(key, {})
        if not isinstance(value, dict) or not all(
            isinstance(items, list) and all(isinstance(item, str) for item in items)
            for items in value.values()
        ):
            raise self.wrong(key, "must be lists of text")
        return {name: tuple(items) for name, items in value.items()}

    def nothing_more(self) -> None:
        if self.table:
            raise ValueError(f"{self.place}: unknown {', '.join(sorted(self.table))}")

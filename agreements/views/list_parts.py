"""The table of agreements, as a part that is rendered once for what it shows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agreements.domain.states import LABELS, State
from agreements.models import Agreement, Party
from agreements.template_versions import with_newer
from municipalities.prepared import Prepared


@dataclass(frozen=True)
class Row:
    """An agreement in the list. `parties` are their short names in order, with commas between."""

    slug: str
    title: str
    region: str
    term_start: dt.date
    term_end: dt.date
    parties: str
    status: str


@dataclass(frozen=True)
class Rows:
    """The agreements of one page of the list."""

    rows: tuple[Row, ...]

    def context(self) -> dict[str, Any]:
        """What the template of the table asks for."""
        return {"rows": self.rows}


@dataclass(frozen=True)
class Recent:
    """An agreement on somebody's desk. `waiting_version` is of its template; None where it has the newest."""

    slug: str
    title: str
    region: str
    term_start: dt.date
    term_end: dt.date
    updated_at: dt.datetime
    status: str
    waiting_version: int | None


@dataclass(frozen=True)
class Desk:
    """The agreements on somebody's desk, the last changed first."""

    rows: tuple[Recent, ...]

    def context(self) -> dict[str, Any]:
        """What the template of the list asks for."""
        return {"rows": self.rows}


def rows(numbers: Sequence[int]) -> Rows:
    """Read the agreements with these primary keys, in this order. Two queries."""
    parties: dict[int, list[str]] = defaultdict(list)
    for agreement, name in _PARTIES.all(tuple(numbers)):
        parties[agreement].append(name)
    found = {pk: row for pk, *row in _ROWS.all(tuple(numbers))}
    return Rows(
        tuple(
            Row(*row, parties=", ".join(parties[pk]), status=LABELS[State(status)])
            for pk in numbers
            if pk in found
            for *row, status in [found[pk]]
        )
    )


def desk(numbers: Sequence[int]) -> Desk:
    """Read the agreements with these primary keys, in this order. One query."""
    found = {pk: row for pk, *row in _RECENT.all(tuple(numbers))}
    return Desk(
        tuple(
            Recent(*row, status=LABELS[State(status)], waiting_version=waiting)
            for pk in numbers
            if pk in found
            for *row, status, waiting in [found[pk]]
        )
    )


_SHOWN = ("slug", "title", "region__name", "term_start", "term_end")
_ROWS = Prepared(
    lambda numbers: (
        Agreement.objects.filter(pk__in=numbers).order_by().values_list("pk", *_SHOWN, "status")
    )
)
_PARTIES = Prepared(
    lambda numbers: Party.objects.filter(agreement__in=numbers).values_list(
        "agreement", "organisation__short_name"
    )
)
_RECENT = Prepared(
    lambda numbers: with_newer(Agreement.objects.filter(pk__in=numbers).order_by()).values_list(
        "pk", *_SHOWN, "updated_at", "status", "waiting_version"
    )
)

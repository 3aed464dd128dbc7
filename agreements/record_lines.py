"""The record as people read it: one frozen line for each event, for the page, the CSV and the PDF.

What only the team may see is a line without words for the others: its number and its hashes stay, so
that the chain can be followed by everybody.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agreements import event_text
from agreements.domain import resolve
from agreements.domain.document import Document
from agreements.models import Agreement, AgreementEvent

HEADS = (
    *("Nummer", "Tidspunkt", "Bruker", "Organisasjon", "Hva", "Handling", "Før og etter"),
    *(
        "Person (nummer)",
        "Organisasjon (nøkkel)",
        "Forespørsel",
        "Versjon",
        "Forrige",
        "Kontrollsum",
    ),
)
HIDDEN = "Intern hendelse"
_FORMULA_SIGNS = tuple("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `at` is in the installation's time zone; `data` is JSON; words empty where hidden."""

    number: int
    at: dt.datetime
    actor: str
    organisation: str
    text: str
    action: str
    data: str
    actor_number: int | None
    organisation_key: str
    request_id: str
    version: int | None
    version_sha256: str
    previous_hash: str
    hash: str
    hidden: bool = False

    @property
    def aside(self) -> str:
        """«(versjon 2)» for an event about a version, where the text does not say which."""
        said = "{version}" in event_text.TEXTS.get(self.action, "")
        return "" if said or self.version is None else f"(versjon {self.version})"


def rows(agreement: Agreement) -> QuerySet[AgreementEvent]:
    """The agreement's events with all that a line needs, oldest first. One query."""
    wanted = agreement.events.select_related("actor", "organisation", "version")
    return wanted.defer("version__document", "version__findings").order_by("number")


def lines(
    events: Iterable[AgreementEvent],
    document: Document,
    *,
    team: bool,
    headings: Mapping[str, str] | None = None,
) -> Iterator[Line]:
    """Turn events into lines; `document` has the names of clauses and parties as they are now.

    `headings` are its points', for those who have them already.
    """
    known = resolve.headings(document) if headings is None else headings
    names = event_text.names(document, known)
    for event in events:
        internal = event.action.startswith("input.") and event.data.get("visibility") == "internal"
        hidden = internal and not team
        yield Line(
            number=event.number,
            at=timezone.localtime(event.occurred_at),
            actor="" if hidden else (event.actor.name if event.actor else "Drift"),
            organisation="" if hidden or not event.organisation else event.organisation.name,
            text=HIDDEN if hidden else event_text.describe(event.action, event.data, names),
            action="" if hidden else event.action,
            data="" if hidden else json.dumps(event.data, ensure_ascii=False, sort_keys=True),
            actor_number=None if hidden else event.actor_id,
            organisation_key="" if hidden or not event.organisation else event.organisation.key,
            request_id="" if hidden else event.request_id,
            version=event.version.number if event.version else None,
            version_sha256=event.version.sha256 if event.version else "",
            previous_hash=event.previous_hash,
            hash=event.hash,
            hidden=hidden,
        )


def as_csv(found: Iterable[Line]) -> bytes:
    """Write the record for a Norwegian spreadsheet: semicolons, UTF-8 with BOM, times with zone."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for line in found:
        cells = (
            *(line.number, line.at.isoformat(timespec="microseconds"), line.actor),
            *(line.organisation, line.text, line.action, line.data),
            *(line.actor_number, line.organisation_key, line.request_id, line.version_sha256),
            *(line.previous_hash, line.hash),
        )
        writer.writerow(["" if cell is None else _text(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _text(value: str) -> str:
    """Text that a spreadsheet leaves as text: an apostrophe goes before what could begin a formula."""
    return f"'{value}" if value.startswith(_FORMULA_SIGNS) else value

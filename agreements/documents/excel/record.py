"""The record as a workbook: a row for each event, to read, sort and filter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agreements.documents.record import HEADING, stamp
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Language
from financing.xlsx import listing, style
from financing.xlsx.listing import Figure, Line, Listing

HEADS = (
    *("Nummer", "Tidspunkt (norsk tid)", "Foran UTC", "Bruker", "Organisasjon", "Hva", "Versjon"),
    *("Handling", "Før og etter", "Person (nummer)", "Organisasjon (nøkkel)", "Forespørsel"),
    *("Versjonens kontrollsum", "Forrige", "Kontrollsum"),
)
_WIDEST = (10, 20, 10, 30, 34, 60, 10, 20, 40, 10, 14, 14, 14, 14, 14)  # letters
_LEAD = "{region}. Tidspunktene er norsk tid (Europe/Oslo), med sommertid når det gjelder."
_CUT = " … [kortet ned: hele teksten er i CSV-filen]"


def record_xlsx(title: str, region: str, lines: Sequence[Any]) -> bytes:
    """Return the workbook. `lines` are those of `record_lines`, times in the zone they carry.

    The record is in bokmål whatever the agreement is. What the chain needs is not put on paper. The
    chain is not computed from here but from the CSV file: a time is shown to the second, and very long
    data is cut.
    """
    sheet = Listing(
        HEADING,
        _LEAD.format(region=region),
        HEADS,
        tuple(map(_line, lines)),
        filtered=True,
        widest=_WIDEST,
        whole=True,
        tall=4,
        printed=HEADS.index("Handling"),
    )
    words = WORDS[Language.BOKMAL]
    said = f"{HEADING}: {markup.one_line(title)}"
    return listing.workbook([sheet], said, Language.BOKMAL.value, stamp(lines), words.page)


def _line(event: Any) -> Line:
    number, version = event.actor_number, event.version
    return Line(
        (
            Figure(event.number, listing.PLAIN),
            # A workbook knows no zones: the time on the clock, and beside it how far from UTC.
            Figure(event.at.replace(tzinfo=None, microsecond=0), listing.MOMENT),
            f"{event.at:%z}"[:3] + ":" + f"{event.at:%z}"[3:5],
            event.actor,
            event.organisation,
            event.text,
            None if version is None else Figure(version, listing.PLAIN),
            event.action,
            _short(event.data),
            None if number is None else Figure(number, listing.PLAIN),
            event.organisation_key,
            event.request_id,
            event.version_sha256,
            event.previous_hash,
            event.hash,
        )
    )


def _short(data: str) -> str:
    """One row for each event, however much was written."""
    room = style.LONGEST_TEXT - len(_CUT)
    return data if len(data) <= style.LONGEST_TEXT else data[:room] + _CUT

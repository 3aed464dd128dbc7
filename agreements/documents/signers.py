"""Who signs, as the signing service wants it: a field for each in the file, and a list beside it. Pure."""

from __future__ import annotations

import csv
import io

from agreements.domain.document import Document, Party
from financing.people_csv import as_text

HEADINGS = ("rekkefølge", "navn", "tittel", "organisasjon", "fullmakt", "e-post", "felt")


def field_name(party: Party) -> str:
    """The name of a party's signature field, the same in every version: «sig-3305»."""
    return f"sig-{party.body.key}"


def field_names(document: Document) -> list[str]:
    """The names of all of them, in the order of the parties, which is that of their blocks."""
    return [field_name(party) for party in document.parties]


def signers_csv(document: Document) -> bytes:
    """Return the signers in order as CSV for a Norwegian spreadsheet: UTF-8 with mark, semicolons.

    The program does not know the signers' e-mail addresses; their column is empty. Text that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for order, party in enumerate(document.parties, start=1):
        typed = (party.signatory_name, party.signatory_title, party.body.name, party.mandate)
        writer.writerow([order, *map(as_text, typed), "", field_name(party)])
    return lines.getvalue().encode("utf-8-sig")

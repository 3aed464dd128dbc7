"""Who signs, as the signing service wants it: a field for each in the file, and a list beside it. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl import Workbook

from agreements.domain.document import Document, Party
from financing.people_csv import as_text
from financing.xlsx import package, style
from municipalities.norwegian import join

HEADINGS = ("rekkefølge", "navn", "rolle", "e-post", "fullmakt", "felt")
_WIDTHS = (12, 30, 60, 36, 48, 24)  # of the workbook's columns, in characters


@dataclass(frozen=True, slots=True)
class Contact:
    """How a signatory is reached, and when in the order: `order` None is the party's own place."""

    email: str = ""
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """A line of the list. Those with the same order sign at the same time."""

    order: int
    party: Party
    email: str = ""

    @property
    def role(self) -> str:
        """The signatory's title, the organisation, and on whose behalf: «ordfører, Nes kommune»."""
        behalf = join([body.name for body in self.party.on_behalf_of])
        parts = (
            self.party.signatory_title,
            self.party.body.name,
            behalf and f"på vegne av {behalf}",
        )
        return ", ".join(part for part in parts if part)


def field_name(party: Party) -> str:
    """The name of a party's signature field, the same in every version: «sig-3305»."""
    return f"sig-{party.body.key}"


def field_names(document: Document) -> list[str]:
    """The names of all of them, in the order of the parties, which is that of their blocks."""
    return [field_name(party) for party in document.parties]


def in_order(document: Document, contacts: Mapping[str, Contact]) -> list[Signer]:
    """Return the signers as they are to sign; `contacts` by the parties' keys.

    The orders are counted anew from 1 without gaps: a party may have gone since they were chosen.
    """
    known = [contacts.get(party.body.key, Contact()) for party in document.parties]
    chosen = [contact.order or place for place, contact in enumerate(known, start=1)]
    ranks = {order: rank for rank, order in enumerate(sorted(set(chosen)), start=1)}
    signers = [
        Signer(ranks[order], party, contact.email)
        for order, party, contact in zip(chosen, document.parties, known, strict=True)
    ]
    return sorted(signers, key=lambda signer: signer.order)


def _cells(signer: Signer) -> tuple[str, ...]:
    party = signer.party
    return (
        party.signatory_name,
        signer.role,
        signer.email,
        party.mandate,
        field_name(party),
    )


def signers_csv(signers: Iterable[Signer]) -> bytes:
    """Return the list as CSV for a Norwegian spreadsheet: UTF-8 with mark, semicolons.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for signer in signers:
        writer.writerow([signer.order, *map(as_text, _cells(signer))])
    return lines.getvalue().encode("utf-8-sig")


def signers_xlsx(signers: Iterable[Signer]) -> bytes:
    """Return the list as a workbook. Every cell but the order is text, whatever it begins with.

    The heads are in the first row, where a signing service looks for them. The same list gives the
    same bytes.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Signatarer"
    style.heads(sheet, 1, HEADINGS)
    for row, signer in enumerate(signers, start=2):
        sheet.cell(row, 1, signer.order)
        for column, text in enumerate(_cells(signer), start=2):
            style.text(sheet, row, column, text)
    style.widths(sheet, *_WIDTHS)
    sheet.freeze_panes = "A2"
    return package.save(book, "Signatarer", "nb")

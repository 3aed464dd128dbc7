"""The agreement as a workbook: parties, points, services, contributions and attachments. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agreements.documents.excel.text import lines_of
from agreements.documents.excel.words import SHEETS, SheetWords
from agreements.documents.issue import Issue
from agreements.documents.words import WORDS
from agreements.domain import choices, markup
from agreements.domain.document import Document
from agreements.domain.resolve import ResolvedClause, resolve, table_notes
from financing.xlsx import listing
from financing.xlsx.listing import Figure, Line, Listing
from municipalities import norwegian


def agreement_xlsx(document: Document, issue: Issue) -> bytes:
    """Return the workbook. Facts, references and the numbers of the points are filled in."""
    words, names = WORDS[document.language], SHEETS[document.language]
    lead = _lead(document, names)
    sheets = [
        Listing(words.parties, lead, names.party_heads, tuple(_parties(document, names))),
        Listing(
            names.points,
            lead,
            names.point_heads,
            tuple(_points(document, names)),
            filtered=True,
            widest=(10, 40, 90),
        ),
        Listing(
            names.services,
            lead,
            names.service_heads,
            tuple(_services(document, names)),
            numbers_from=4,
            filtered=True,
            widest=(70,),
        ),
    ]
    if document.financing is not None:
        table, notes = document.financing.table, table_notes(document)
        about = f"{lead} {table.alternative}."
        sheets.append(
            listing.contributions(table, names.contributions, about, notes, document.language.value)
        )
    if document.attachments:
        lines = (
            Line((Figure(at, listing.PLAIN), one.title, one.access_code))
            for at, one in enumerate(document.attachments, start=1)
        )
        sheets.append(Listing(words.attachments, lead, names.attachment_heads, tuple(lines)))
    return listing.workbook(
        sheets,
        markup.one_line(document.title),
        document.language.value,
        issue.stamp(document.language),
        words.page,
    )


def _lead(document: Document, names: SheetWords) -> str:
    start = norwegian.date_long(document.term_start, document.language)
    end = norwegian.date_long(document.term_end, document.language)
    return f"{document.region}, {names.until.format(start, end)}."


def _parties(document: Document, names: SheetWords) -> Iterator[Line]:
    for party in document.parties:
        behalf = norwegian.join((body.name for body in party.on_behalf_of), document.language)
        signed = (party.signatory_name, party.signatory_title, party.mandate)
        yield Line((party.body.name, names.roles[party.role], behalf, *signed))


def _points(document: Document, names: SheetWords) -> Iterator[Line]:
    place = names.see_sheet.format(names.contributions)
    for clause in _walk(resolve(document).clauses):
        text = "\n".join(lines_of(clause.blocks, place))
        yield Line((clause.number, clause.heading, text))


def _walk(clauses: Iterable[ResolvedClause]) -> Iterator[ResolvedClause]:
    for clause in clauses:
        yield clause
        yield from _walk(clause.children)


def _services(document: Document, names: SheetWords) -> Iterator[Line]:
    """A line for each service, and one for each municipality that it holds differently for."""
    known = choices.municipalities(document)
    for service in document.services:
        level = names.levels[service.level]
        yield Line((service.text, level, names.everybody if not service.choices else "", "", None))
        for own in service.choices:
            name = known.get(own.body.key, own.body.short_name)
            price = listing.money(own.price)
            yield Line((service.text, level, name, names.choices[own.choice], price))

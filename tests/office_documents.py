"""Each of the five documents in both languages as Word and as Excel, and what each must say.

Bokmål is a draft and nynorsk a version that is decided on. Every table of a document is longer than a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from agreements import documents
from agreements.documents import comparison as compared
from agreements.documents.case_paper import context
from agreements.domain.case_paper import CasePaper, Frozen
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Choice,
    Document,
    Language,
    ServiceChoice,
)
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RParagraph, resolve
from agreements.record_lines import Line
from financing import xlsx
from financing.calculation import Row, Status, Table, calculate
from financing.figures import municipal_sum, printed_rows
from financing.study import Study
from financing.words import table_words
from municipalities import norwegian
from tests import builders, model_agreement, papers, stress_documents

LANGUAGES = (Language.BOKMAL, Language.NYNORSK)
KINDS = ("agreement", "contributions", "comparison", "casepaper", "record")
CASES = [(kind, language) for kind in KINDS for language in LANGUAGES]
OSLO = ZoneInfo("Europe/Oslo")
TITLE = "Avtale & meir, «=1+1» og anna"


@cache
def a_document(language: Language) -> Document:
    """The model agreement with a table of sixty payers, a bought service and two attachments."""
    made = replace(
        model_agreement.agreement(), financing=stress_documents.a_wide_financing(60, 3, counties=2)
    )
    if language is Language.NYNORSK:
        made = model_agreement.in_nynorsk(made)
    first, second, *rest = made.services
    bought = ServiceChoice(builders.MYRVANG, Choice.BOUGHT, Decimal("12500.50"))
    chosen = replace(first, choices=(bought, ServiceChoice(builders.AASVANG, Choice.OUT)))
    return replace(
        made,
        services=(chosen, second, *rest),
        attachments=(
            Attachment("Evaluering 2025", AttachmentKind.EVALUATION, "", "a" * 64),
            Attachment("Databehandleravtale", AttachmentKind.OTHER, "offl. § 13", "b" * 64),
        ),
    )


def an_issue(language: Language) -> documents.Issue:
    document = a_document(language)
    if language is Language.BOKMAL:
        return documents.draft(document)
    return documents.Issue(documents.Kind.VERSION, 2, "c" * 64)


@cache
def a_study() -> Study:
    """Two alternatives of one plan with forty payers, one of whom has declined."""
    payers = list(builders.contributors())
    payers += [
        replace(payers[0], key=f"77{number}", name=f"Kommune {number}", population=900 + number)
        for number in range(10, 46)
    ]
    payers[1] = replace(payers[1], status=Status.DECLINED)
    one = builders.an_alternative()
    keys = frozenset(payer.key for payer in payers if payer.population)
    first = replace(one, rules=(replace(one.rules[0], applies_to=keys), one.rules[1]))
    second = replace(
        first,
        name="Alternativ 2",
        rules=(replace(first.rules[0], rate=Decimal("12.25")), one.rules[1]),
    )
    return Study(
        name="Plan for Elvebyregionen",
        region="Elvebyregionen",
        years=builders.YEARS,
        population_date=builders.a_financing().population_date,
        population_source="SSB, tabell 01222",
        excludes_vat=True,
        invoicing="@Elveby sender faktura.",
        contributors=tuple(payers),
        alternatives=tuple(
            (item, calculate(tuple(payers), item, builders.YEARS)) for item in (first, second)
        ),
    )


@cache
def a_paper(language: Language) -> CasePaper:
    document = a_document(language)
    assert document.financing is not None
    frozen = None if language is Language.BOKMAL else Frozen(2, papers.SHA256, papers.DAY)
    return papers.a_paper(
        document=document, tables=(document.financing.table,), today=None, frozen=frozen
    )


@cache
def events() -> tuple[Line, ...]:
    """Ninety events, two of them in the hour that comes twice in autumn, one with a great deal of data."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    return tuple(
        Line(
            number=number,
            at=(first + timedelta(hours=number - 1)).astimezone(OSLO),
            actor="Rita Redaktør",
            organisation="Ringerike kommune",
            text=f"Punktet «Formål» ble endret for {number}. gang",
            action="clause.edited",
            data="=" + "x" * (40_000 if number == 7 else 20),
            actor_number=7,
            organisation_key="3305",
            request_id="",
            version=2 if number > 80 else None,
            version_sha256="",
            previous_hash="0" * 64,
            hash=f"{number:x}".rjust(2, "e").ljust(64, "f"),
        )
        for number in range(1, 91)
    )


def word(kind: str, language: Language) -> bytes:
    document, issue = a_document(language), an_issue(language)
    match kind:
        case "agreement":
            return documents.agreement_docx(document, issue=issue)
        case "contributions":
            return documents.contributions_docx(document, issue)
        case "comparison":
            return documents.comparison_docx(a_study(), language)
        case "casepaper":
            return documents.case_paper_docx(a_paper(language))
        case _:
            return documents.record_docx(TITLE, "Ringeriksregionen", events(), language)


def excel(kind: str, language: Language) -> bytes:
    document, issue = a_document(language), an_issue(language)
    match kind:
        case "agreement":
            return documents.agreement_xlsx(document, issue)
        case "contributions":
            study = replace(a_study(), language=language.value)
            return xlsx.workbook(study, stamp(kind, language))
        case "comparison":
            return documents.comparison_xlsx(a_study(), language)
        case "casepaper":
            return documents.case_paper_xlsx(a_paper(language))
        case _:
            return documents.record_xlsx(TITLE, "Ringeriksregionen", events())


def stamp(kind: str, language: Language) -> str:
    """What the foot of every page says."""
    match kind:
        case "agreement" | "contributions":
            return an_issue(language).stamp(language)
        case "comparison":
            return compared.stamp(a_study(), language)
        case "casepaper":
            return str(context(a_paper(language))["stamp"])
        case _:
            return events()[-1].hash[:12]


def title(kind: str, language: Language) -> str:
    """The file's own title."""
    document = a_document(language)
    return {
        "agreement": document.title,
        "contributions": f"Bidragstabell: {document.title}",
        "comparison": compared.report_title(a_study(), language),
        "casepaper": f"Saksframlegg: {document.title}",
        "record": f"Hendelser: {TITLE}",
    }[kind]


# What a document must say, taken from what it is made of.


def headings(kind: str, language: Language) -> list[tuple[int, str]]:
    """Level and text of every heading."""
    if kind == "agreement":
        found = walk(resolve(a_document(language)).clauses)
        return [(clause.level, clause.heading) for clause in found]
    if kind == "contributions":
        return [(1, stress_documents.a_wide_financing(60, 3, counties=2).table.alternative)]
    if kind == "comparison":
        side = [(2, str(year)) for year in a_study().years]
        own = [(1, table.alternative) for _, table in a_study().alternatives]
        return [(1, "Side om side, kroner i året"), *side, *own]
    if kind == "casepaper":
        return [(one.depth, one.heading) for one in context(a_paper(language))["chapters"]]
    return [(1, "Hendelser")]


def words(kind: str, language: Language) -> Iterator[str]:
    """The words, numbers and amounts of a document in order."""
    document = a_document(language)
    assert document.financing is not None
    match kind:
        case "agreement":
            yield from (document.title, *(party.body.name for party in document.parties))
            for clause in walk(resolve(document).clauses):
                yield f"{clause.number} {clause.heading}"
                yield from said(clause.blocks, document)
            for one in document.attachments:
                yield one.title
            for party in document.parties:
                yield from (party.body.name, party.signatory_name, party.mandate)
        case "contributions":
            yield from cells(document.financing.table, language)
            yield document.financing.invoicing
        case "comparison":
            for place in range(len(a_study().years)):
                yield from beside(place)
            for _, table in a_study().alternatives:
                yield from cells(table, language)
        case "casepaper":
            for chapter in context(a_paper(language))["chapters"]:
                yield chapter.heading
                yield from papers.said_of(chapter)
        case _:
            for line in events():
                yield from (str(line.number), line.actor, line.text, line.hash[:12])


def said(blocks: Iterable[RBlock], document: Document) -> Iterator[str]:
    for block in blocks:
        match block:
            case RParagraph(runs):
                yield "".join(run.text for run in runs)
            case RList(_, items):
                for item in items:
                    yield from said(item, document)
            case _:
                assert document.financing is not None
                yield from cells(document.financing.table, document.language)


def cells(table: Table, language: Language) -> Iterator[str]:
    """The names and the amounts of a contribution table. One that has declined has no amount."""
    for line in printed_rows(table):
        yield line.name if isinstance(line, Row) else table_words(language.value).label(line)
        if not (isinstance(line, Row) and line.status is Status.DECLINED):
            yield from map(norwegian.money, line.cells)


def beside(place: int) -> Iterator[str]:
    """Each contributor's amounts of one year in both alternatives."""
    first, second = (table for _, table in a_study().alternatives)
    for one, other in zip(first.rows, second.rows, strict=True):
        yield one.name
        if one.status is not Status.DECLINED:
            yield from map(norwegian.money, (one.cells[place], other.cells[place]))
    yield norwegian.money(municipal_sum(first).cells[place])
    yield norwegian.money(second.total.cells[place])


def walk(clauses: Iterable[ResolvedClause]) -> Iterator[ResolvedClause]:
    for clause in clauses:
        yield clause
        yield from walk(clause.children)

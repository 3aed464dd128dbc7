"""A Document as it is read: numbers, facts and references filled in. Pure.

`resolve` gives the frozen tree that the page, the PDF and the plain text all print, so that they
cannot say different things. A fact or reference that cannot be filled in is never left blank: it
shows as a marked run of text, and `problems` lists it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from agreements.domain import choices, facts, markup, numbering, wording
from agreements.domain.document import Clause, Document, Language, Party, ServiceLevel, walk
from agreements.domain.wording import table_notes as table_notes
from financing.calculation import Row, Status, SumRow
from financing.figures import printed_rows
from financing.words import table_words
from municipalities import norwegian

_Kind = Literal["unknown_fact", "empty_fact", "dead_reference"]
Problem = tuple[str, _Kind, str]  # clause key, kind, name of the fact or key of the clause
_MISSING = "[mangler: {}]"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one weight. `problem` marks what could not be filled in; `target` is the key of the
    clause a reference points at, empty for other text. `withheld` is what stands in a public version
    instead of words that are kept from the public: there `text` is the same."""

    text: str
    bold: bool = False
    problem: bool = False
    target: str = ""
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class RParagraph:
    """A paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class RList:
    """A bulleted or numbered list."""

    ordered: bool
    items: tuple[tuple[RBlock, ...], ...]


@dataclass(frozen=True, slots=True)
class RTable:
    """The place of the contribution table: `printed_rows(document.financing.table)` and `table_notes`."""


RBlock = RParagraph | RList | RTable


@dataclass(frozen=True, slots=True)
class ResolvedClause:
    """A clause with its number. `level` is 1 for the outermost."""

    key: str
    number: str
    heading: str
    level: int
    blocks: tuple[RBlock, ...]
    source: str
    children: tuple[ResolvedClause, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """An agreement ready to print."""

    document: Document
    clauses: tuple[ResolvedClause, ...]


def resolve(document: Document) -> Resolved:
    """Fill in numbers, facts and references. Never raises on text, however odd."""
    return Resolved(document, _Resolver(document).clauses(document.clauses, "", 1))


def headings(document: Document) -> dict[str, str]:
    """Return each point's heading as printed, by key, in reading order."""
    resolver = _Resolver(document)
    found: dict[str, str] = {}
    for clause in walk(document.clauses):
        found.setdefault(clause.key, resolver.heading(clause))
    return found


def text(document: Document, written: str, more: Mapping[str, str | None]) -> tuple[RBlock, ...]:
    """Resolve clause text that stands outside the agreement, with `more` facts than the agreement's.

    References name the agreement's points without leading to them. Never raises.
    """
    resolver = _Resolver(document, more, linked=False)
    return resolver.blocks(markup.parse(written))


def problems(document: Document) -> list[Problem]:
    """Return (clause key, kind, name) of what cannot be filled in, in reading order, each once.

    An `unknown_fact` is not on the list of facts, or is a block fact inside a sentence; an
    `empty_fact` has no value in this agreement; a `dead_reference` names no clause.
    """
    resolver = _Resolver(document)
    resolver.clauses(document.clauses, "", 1)
    return list(dict.fromkeys(resolver.problems))


def plain_text(resolved: Resolved) -> str:
    """Write the agreement as text: title, numbered headings, bullets, the table a line per row."""
    parts = [resolved.document.title]
    pending = list(reversed(resolved.clauses))
    while pending:
        clause = pending.pop()
        parts.append(f"{clause.number} {clause.heading}")
        parts.extend(_text(block, resolved.document) for block in clause.blocks)
        pending.extend(reversed(clause.children))
    if attachments := resolved.document.attachments:
        listed = (f"{at}. {one.title}" for at, one in enumerate(attachments, start=1))
        parts.append("\n".join(["Vedlegg", *listed]))
    return "\n\n".join(parts) + "\n"


def table_text(document: Document) -> str:
    """Write the contribution table as text: cells parted by « | », and the notes below it."""
    financing = document.financing
    if financing is None:
        return ""
    table, words = financing.table, table_words(document.language)
    with_base = any(row.base_amount for row in table.rows)
    header = [words.contributor, words.population, words.rate]
    header += [words.base_amount] if with_base else []
    lines = [[*header, *map(str, table.years)]]
    for line in printed_rows(table):
        if isinstance(line, SumRow):
            amounts = [norwegian.money(cell) for cell in line.cells]
            lines.append([words.label(line), *[""] * (len(header) - 1), *amounts])
        else:
            lines.append(_row_cells(line, with_base, document.language))
    return "\n".join([*(" | ".join(line) for line in lines), *table_notes(document)])


def _row_cells(row: Row, with_base: bool, language: Language) -> list[str]:
    status = table_words(language).status(row.status)
    base_amount = "" if row.base_amount is None else norwegian.money(row.base_amount)
    declined = row.status is Status.DECLINED
    return [
        f"{row.name} ({status})" if status else row.name,
        "" if row.population is None else norwegian.integer(row.population),
        "" if row.rate is None else norwegian.rate(row.rate),
        *([base_amount] if with_base else []),
        *("" if declined else norwegian.money(cell) for cell in row.cells),
    ]


def _text(block: RBlock, document: Document) -> str:
    match block:
        case RParagraph(runs):
            return "".join(run.text for run in runs)
        case RTable():
            return table_text(document)
        case RList(ordered, items):
            lines: list[str] = []
            for number, item in enumerate(items, start=1):
                marker = f"{number}. " if ordered else "- "
                text = "\n".join(_text(part, document) for part in item)
                lines.append(marker + text.replace("\n", "\n" + " " * len(marker)))
            return "\n".join(lines)


class _Resolver:
    """One pass over the clauses of a document, noting problems on the way."""

    def __init__(
        self,
        document: Document,
        more: Mapping[str, str | None] | None = None,
        *,
        linked: bool = True,
    ) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._linked = linked
        self._values = {**facts.values(document), **(more or {})}
        self._numbers = numbering.numbers(document.clauses)
        self._key = ""  # of the clause being read

    def clauses(
        self, clauses: tuple[Clause, ...], parent: str, level: int
    ) -> tuple[ResolvedClause, ...]:
        return tuple(
            self._clause(clause, numbering.child_number(parent, position), level)
            for position, clause in enumerate(clauses, start=1)
        )

    def _clause(self, clause: Clause, number: str, level: int) -> ResolvedClause:
        self._key = clause.key
        return ResolvedClause(
            key=clause.key,
            number=number,
            heading=self.heading(clause),
            level=level,
            blocks=self.blocks(markup.parse(clause.text)),
            source=clause.source,
            children=self.clauses(clause.children, number, level + 1),
        )

    def heading(self, clause: Clause) -> str:
        return "".join(run.text for run in self._runs(markup.parse_inline(clause.heading)))

    def blocks(self, blocks: Iterable[markup.Block]) -> tuple[RBlock, ...]:
        resolved: list[RBlock] = []
        for block in blocks:
            match block:
                case markup.Paragraph(inlines):
                    resolved.append(RParagraph(self._runs(inlines)))
                case markup.ListBlock(ordered, items):
                    resolved.append(RList(ordered, tuple(self.blocks(item) for item in items)))
                case markup.BlockFact(name):
                    resolved.extend(self._block_fact(name))
        return tuple(resolved)

    def _runs(self, inlines: Iterable[markup.Inline]) -> tuple[Run, ...]:
        return tuple(self._run(inline) for inline in inlines)

    def _run(self, inline: markup.Inline) -> Run:
        match inline:
            case markup.Text(text, bold):
                return Run(text, bold)
            case markup.FactRef(name, bold):
                value = self._values.get(name)
                if value is None:
                    known = name in self._values
                    kind: _Kind = "empty_fact" if known else "unknown_fact"
                    return self._problem(kind, name, bold)
                return Run(value, bold)
            case markup.ClauseRef(key, bold):
                if key not in self._numbers:
                    return self._problem("dead_reference", key, bold)
                return Run(f"punkt {self._numbers[key]}", bold, target=key if self._linked else "")

    def _problem(self, kind: _Kind, name: str, bold: bool = False) -> Run:
        self.problems.append((self._key, kind, name))
        return Run(_MISSING.format(name), bold, problem=True)

    def _block_fact(self, name: str) -> tuple[RBlock, ...]:
        """Fill in a block fact.

        Two of them may have nothing to say: no contribution is unconfirmed, or no additional
        service is agreed (which is then said, because the sentence before announces a list).
        """
        document = self._document
        found: tuple[RBlock, ...] | None
        match name:
            case "tabell.bidrag":
                found = (RTable(),) if document.financing else None
            case "avsnitt.forbehold":
                sentences = wording.reservation(document)
                found = None if sentences is None else _paragraphs(sentences)
            case "liste.parter":
                found = _bullets(self._party(party) for party in document.parties)
            case "liste.kvalitetskrav":
                found = self._services(ServiceLevel.QUALITY)
            case "liste.minimumstjenester":
                found = self._services(ServiceLevel.MINIMUM)
            case "liste.tilleggstjenester":
                none = _paragraphs(wording.no_additional_services(document.language))
                found = self._services(ServiceLevel.ADDITIONAL) or none
            case _:
                return (RParagraph((self._problem("unknown_fact", name),)),)
        if found is None:
            return (RParagraph((self._problem("empty_fact", name),)),)
        return found

    def _party(self, party: Party) -> str:
        if not party.on_behalf_of:
            return party.body.name
        members = [body.name for body in party.on_behalf_of]
        return wording.on_behalf_of(party.body.name, members, self._document.language)

    def _services(self, level: ServiceLevel) -> tuple[RBlock, ...] | None:
        document = self._document
        return _bullets(
            choices.printed(document, item) for item in document.services if item.level is level
        )


def _bullets(texts: Iterable[str]) -> tuple[RBlock, ...] | None:
    """A bulleted list of plain texts; None where there are none."""
    items = tuple(_paragraphs(text) for text in texts)
    return (RList(False, items),) if items else None


def _paragraphs(text: str) -> tuple[RBlock, ...]:
    """A plain text as a paragraph; none where it is empty."""
    line = markup.one_line(text)
    return (RParagraph((Run(line),)),) if line else ()

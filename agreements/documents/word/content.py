"""An agreement as the paragraphs and tables that a Word document holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from agreements.documents.words import WORDS, Words
from agreements.domain import markup, wording
from agreements.domain.document import Document, Party
from agreements.domain.resolve import (
    RBlock,
    ResolvedClause,
    RList,
    RParagraph,
    RTable,
    resolve,
    table_notes,
)
from financing.bands import Band, bands, with_base
from financing.calculation import Row, Status, SumRow, Table
from financing.figures import printed_rows
from financing.words import TableWords, table_words
from municipalities import norwegian

DEEPEST = 9  # levels of headings and lists in Word


class Kind(StrEnum):
    """What a paragraph is; each has a style."""

    EYEBROW = "eyebrow"
    TITLE = "title"
    FRONT_LABEL = "front_label"
    FRONT = "front"
    FRONT_HEADING = "front_heading"
    CONTENTS = "contents"
    BREAK = "break"
    HEADING = "heading"
    TEXT = "text"
    BULLET = "bullet"
    NUMBERED = "numbered"
    CONTINUED = "continued"  # a paragraph more of a list item
    NOTE = "note"
    SPACE = "space"
    ATTACHMENTS = "attachments"  # the heading over them
    ATTACHED = "attached"
    SIGNATURES = "signatures"
    SIGNER = "signer"
    BEHALF = "behalf"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one weight. `lang` is its language as Word names it, where it is not the document's."""

    text: str
    bold: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `depth` is from 1 for headings and lists; `series` tells numbered lists apart."""

    kind: Kind
    pieces: tuple[Piece, ...]
    depth: int = 0
    series: int = 0
    key: str = ""  # of the clause that a heading begins or a line of the contents points at

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table. `kind` is head, row, own (it stands out), sum, total or line."""

    kind: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `widths` are millimetres; a column from `numbers_from` on is set to the right."""

    kind: str  # contributions, words or signature
    rows: tuple[GridRow, ...]
    widths: tuple[float, ...]
    numbers_from: int
    caption: str
    compact: bool = False

    @property
    def together(self) -> bool:
        """Whether its rows are kept on one page, where there is room. Many words may be parted."""
        cells = (cell for row in self.rows for cell in row.cells)
        return self.kind != "words" or (len(self.rows) <= 12 and all(len(c) <= 60 for c in cells))


Block = Para | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the agreement that is compared by its key: the front page, a clause, a signature."""

    key: str
    blocks: tuple[Block, ...]


def sections(document: Document, state: str) -> tuple[Section, ...]:
    """The whole agreement in reading order. `state` stands over the title: «Utkast», «Versjon 2»."""
    words = WORDS[document.language]
    clauses = resolve(document).clauses
    writer = BlockWriter(document)
    front = Section("", tuple(_front(document, clauses, words, state)))
    points = (writer.section(clause) for clause in _walk(clauses))
    attached = Section("_attachments", tuple(_attachments(document, words, writer)))
    signed = Section("_", (_para(Kind.SIGNATURES, words.signatures, key="_"),))
    signers = (_signer(party, document, words) for party in document.parties)
    return (front, *points, *([attached] if attached.blocks else []), signed, *signers)


def _attachments(document: Document, words: Words, writer: BlockWriter) -> Iterator[Block]:
    """What belongs to the agreement, as a list that Word counts."""
    if not document.attachments:
        return
    yield _para(Kind.ATTACHMENTS, words.attachments, key="_attachments")
    series = writer.new_series()
    for one in document.attachments:
        code = f" ({words.restricted}: {one.access_code})" if one.access_code else ""
        text = _plain(one.title + code)
        yield Para(Kind.ATTACHED, (Piece(text),), 1, series)


def _front(
    document: Document, clauses: Iterable[ResolvedClause], words: Words, state: str
) -> Iterator[Block]:
    start = norwegian.date_long(document.term_start, document.language)
    end = norwegian.date_long(document.term_end, document.language)
    yield _para(Kind.EYEBROW, state)
    yield _para(Kind.TITLE, document.title)
    yield _para(Kind.FRONT_LABEL, words.region)
    yield _para(Kind.FRONT, document.region)
    yield _para(Kind.FRONT_LABEL, words.period)
    yield _para(Kind.FRONT, f"{start} {words.to} {end}")
    yield _para(Kind.FRONT_HEADING, words.parties)
    for party in document.parties:
        pieces = [Piece(_plain(party.body.name), True)]
        if behalf := _behalf(party, document):
            pieces.append(Piece(f", {behalf}"))
        yield Para(Kind.FRONT, tuple(pieces))
    yield _para(Kind.FRONT_HEADING, words.contents)
    for clause in clauses:
        text = f"{clause.number}\t{_plain(clause.heading)}"
        yield Para(Kind.CONTENTS, (Piece(text),), key=clause.key)
    if document.attachments:
        yield Para(Kind.CONTENTS, (Piece(f"\t{words.attachments}"),), key="_attachments")
    yield Para(Kind.CONTENTS, (Piece(f"\t{words.signatures}"),), key="_")
    if document.template is None:
        yield _para(Kind.FRONT, words.without_template)
    elif not document.template.confirmed_by:
        yield _para(Kind.FRONT, words.unconfirmed)
    yield Para(Kind.BREAK, ())


def _signer(party: Party, document: Document, words: Words) -> Section:
    lines = (
        (words.place_and_date, ""),
        (words.signature, ""),
        (words.name, party.signatory_name),
        (words.title, party.signatory_title),
        (words.mandate, party.mandate),
    )
    name = _plain(party.body.name)
    blocks: list[Block] = [_para(Kind.SIGNER, name)]
    if behalf := _behalf(party, document):
        blocks.append(_para(Kind.BEHALF, behalf))
    rows = tuple(GridRow("line", (label, _plain(value))) for label, value in lines)
    caption = f"{words.signature}: {name}"
    blocks.append(Grid("signature", rows, (34.0, 128.0), 9, caption))
    return Section(f"part:{party.body.key}", tuple(blocks))


def _behalf(party: Party, document: Document) -> str:
    members = [body.name for body in party.on_behalf_of]
    return _plain(wording.behalf(members, document.language)) if members else ""


class BlockWriter:
    """Writes resolved blocks, counting the numbered lists: each is a series of its own.

    `document` is the agreement whose contribution table has its place among them, if it has.
    """

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.series = 0

    def new_series(self) -> int:
        """Begin a numbered list."""
        self.series += 1
        return self.series

    def section(self, clause: ResolvedClause) -> Section:
        depth = min(clause.level, DEEPEST)
        heading = _para(Kind.HEADING, clause.heading, depth=depth, key=clause.key)
        return Section(f"punkt:{clause.key}", (heading, *self.blocks(clause.blocks)))

    def blocks(self, blocks: Iterable[RBlock]) -> Iterator[Block]:
        """Paragraphs, list items and the contribution table, in order."""
        for block in blocks:
            match block:
                case RParagraph():
                    yield Para(Kind.TEXT, _pieces(block))
                case RList():
                    yield from self._list(block, 1)
                case RTable():
                    yield from self._table()

    def _list(self, block: RList, depth: int) -> Iterator[Block]:
        kind = Kind.NUMBERED if block.ordered else Kind.BULLET
        series = self.new_series() if block.ordered else 0
        shown = min(depth, DEEPEST)
        for item in block.items:
            first = True
            for part in item:
                match part:
                    case RParagraph():
                        # What comes after a list within the item is a paragraph more of it.
                        made = kind if first else Kind.CONTINUED
                        yield Para(made, _pieces(part), shown, series if first else 0)
                    case RList():
                        if first:
                            yield Para(kind, (), shown, series)
                        yield from self._list(part, depth + 1)
                    case RTable():
                        yield from self._table()
                first = False

    def _table(self) -> Iterator[Block]:
        assert self.document is not None, "only an agreement has a place for the table"
        financing = self.document.financing
        assert financing is not None, "there is a place for the table only where there is one"
        table, language = financing.table, self.document.language
        printed = table_words(language)
        for place, band in enumerate(bands(table, language)):
            if place:
                yield Para(Kind.SPACE, ())
            yield contributions(table, printed, band, WORDS[language].table)
        for note in table_notes(self.document):
            yield _para(Kind.NOTE, note)


def contributions(
    table: Table, printed: TableWords, band: Band, caption: str, own: str = ""
) -> Grid:
    """The contribution table in one band of years; the row with the key `own` stands out."""
    years = table.years[band.first : band.stop]
    base = band.basis and with_base(table)
    head = [printed.contributor]
    if band.basis:
        head += [printed.population, printed.rate, *([printed.base_amount] if base else [])]
    rows = [GridRow("head", (*head, *map(str, years)))]
    for line in printed_rows(table):
        cells = [norwegian.money(cell) for cell in line.cells[band.first : band.stop]]
        if isinstance(line, SumRow):
            kind = "total" if line.code == "total" else "sum"
            blank = [""] * (len(head) - 1)
            rows.append(GridRow(kind, (_plain(printed.label(line)), *blank, *cells)))
        else:
            if line.status is Status.DECLINED:
                cells = [""] * len(years)
            basis = _basis(line, base=base) if band.basis else []
            kind = "own" if own and line.key == own else "row"
            rows.append(GridRow(kind, (_name(line, printed), *basis, *cells)))
    facts = [min(21.5, 122.0 / (len(head) - 1 + len(years)))] * (len(head) - 1)
    each = min(27.0, (122.0 - sum(facts)) / len(years)) if years else 0.0
    widths = (162.0 - sum(facts) - each * len(years), *facts, *[each] * len(years))
    first, last = (years[0], years[-1]) if years else ("", "")
    return Grid(
        "contributions", tuple(rows), widths, 1, f"{caption} {first}–{last}", compact=band.compact
    )


def _basis(line: Row, *, base: bool) -> list[str]:
    amount = "" if line.base_amount is None else norwegian.money(line.base_amount)
    return [
        "" if line.population is None else norwegian.integer(line.population),
        "" if line.rate is None else norwegian.rate(line.rate),
        *([amount] if base else []),
    ]


def _name(line: Row, printed: TableWords) -> str:
    status = printed.status(line.status)
    return _plain(f"{line.name} ({status})" if status else line.name)


def _pieces(block: RParagraph) -> tuple[Piece, ...]:
    """The runs of a paragraph, neighbours of one weight as one."""
    found: list[Piece] = []
    for run in block.runs:
        text = markup.clean(run.text).replace("\n", " ").replace("\t", " ")
        if found and found[-1].bold == run.bold:
            found[-1] = Piece(found[-1].text + text, run.bold)
        elif text:
            found.append(Piece(text, run.bold))
    return tuple(found)


def _para(kind: Kind, text: str, *, depth: int = 0, key: str = "") -> Para:
    plain = _plain(text)
    return Para(kind, (Piece(plain),) if plain else (), depth, key=key)


def _plain(text: str) -> str:
    return markup.one_line(text)


def _walk(clauses: Iterable[ResolvedClause]) -> Iterator[ResolvedClause]:
    for clause in clauses:
        yield clause
        yield from _walk(clause.children)

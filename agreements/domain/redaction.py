"""A Document as the public may see it: what is withheld is not in it, and a mark says why. Pure.

`redact` works on the text as it is read, with facts and references filled in, so that words are found
across bold type and out of the facts. What comes back holds no key, no hash and no word of what was
withheld: it may be printed, hashed and given away as it is. Words of the program's own (headings of the
table, numbers of points, the marks) are no part of the agreement and are never withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agreements.domain import marks as marking
from agreements.domain import phrases, wording
from agreements.domain.document import Document, Language, Party
from agreements.domain.marks import Mark, MarkKind
from agreements.domain.phrases import Phrase
from agreements.domain.public_view import (
    Line,
    PublicAttachment,
    PublicClause,
    PublicParty,
    PublicRow,
    PublicTable,
    View,
    Withheld,
    plain,
    texts,
)
from agreements.domain.resolve import (
    RBlock,
    ResolvedClause,
    RList,
    RParagraph,
    RTable,
    Run,
    resolve,
)
from financing.bands import bands, with_base
from financing.calculation import Row, Status, SumRow, Table
from financing.figures import printed_rows
from financing.words import table_words
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class Words:
    """What a mark says, in full and where there is little room."""

    withheld: str
    short: str
    to: str
    table: str


WORDS = {
    Language.BOKMAL: Words("unntatt offentlighet", "unntatt", "til", "Bidragstabellen"),
    Language.NYNORSK: Words("unnateke offentlegheit", "unnateke", "til", "Bidragstabellen"),
}


def redact(document: Document, marks: Sequence[Mark], *, reveal: bool = False) -> View:
    """Withhold what the marks say. Never raises on text or marks, however odd.

    A mark whose target is not there withholds nothing. With `reveal` the words are still there, and the
    runs say what will stand instead: for those who choose what to withhold.
    """
    return _Redactor(document, marks, reveal).view()


def remaining(view: View, marks: Iterable[Mark]) -> list[str]:
    """Return the phrases of the marks that are still somewhere in the view: always none."""
    wanted = [mark.phrase for mark in marks if mark.kind is MarkKind.PHRASE]
    said = list(texts(view))
    return [
        text
        for text in dict.fromkeys(wanted)
        if any(phrases.places(line, phrases.phrase(text, 0)) for line in said)
    ]


class _Redactor:
    """One pass over a document, counting the places on the way."""

    def __init__(self, document: Document, marks: Sequence[Mark], reveal: bool) -> None:
        self._document = document
        self._marks = marks
        self._reveal = reveal
        self._words = WORDS[document.language]
        self._phrases: list[Phrase] = marking.phrases_of(document, marks)
        self._by_target: dict[tuple[MarkKind, str], list[int]] = {}
        for index, mark in enumerate(marks):
            self._by_target.setdefault((mark.kind, mark.target), []).append(index)
        self._bases = tuple(dict.fromkeys(mark.basis for mark in marks))
        self._places = [0] * len(marks)
        self._in_cells: set[str] = set()
        self._anchors: dict[str, str] = {}
        self._has_table = False

    def view(self) -> View:
        document = self._document
        resolved = resolve(document)
        self._name_anchors(resolved.clauses)
        clauses = tuple(self._clause(clause) for clause in resolved.clauses)
        title, region = self._line(document.title), self._line(document.region)
        period = self._line(
            f"{norwegian.date_long(document.term_start, document.language)} {self._words.to} "
            f"{norwegian.date_long(document.term_end, document.language)}"
        )
        parties = tuple(self._party(party) for party in document.parties)
        table = self._table() if self._has_table and document.financing else None
        attachments = tuple(
            PublicAttachment(
                self._targeted(MarkKind.ATTACHMENT, str(number), one.title),
                self._line(one.access_code),
            )
            for number, one in enumerate(document.attachments, start=1)
        )
        return View(
            document.language,
            title,
            region,
            period,
            parties,
            clauses,
            table,
            attachments,
            self._counted(),
            tuple(self._places),
        )

    def _counted(self) -> tuple[Withheld, ...]:
        """The places by kind and provision, in the order of the marks."""
        sums: dict[tuple[MarkKind, str], int] = {}
        for mark, places in zip(self._marks, self._places, strict=True):
            sums[mark.kind, mark.basis] = sums.get((mark.kind, mark.basis), 0) + places
        return tuple(Withheld(*key, places) for key, places in sums.items() if places)

    def _name_anchors(self, clauses: Iterable[ResolvedClause]) -> None:
        for clause in clauses:
            self._anchors.setdefault(clause.key, f"p{clause.number.replace('.', '-')}")
            self._name_anchors(clause.children)

    # Marks

    def _mark(self, owners: Iterable[int], *, short: bool = False) -> str:
        """«[unntatt offentlighet: offl. § 23 første ledd]»; in a cell «[unntatt 1]»."""
        bases = dict.fromkeys(self._marks[owner].basis for owner in owners)
        if short:
            self._in_cells |= bases.keys()
            numbers = ", ".join(str(self._bases.index(basis) + 1) for basis in bases)
            return f"[{self._words.short} {numbers}]"
        return f"[{self._words.withheld}: {'; '.join(bases)}]"

    def _count(self, owners: Iterable[int]) -> None:
        for owner in owners:
            self._places[owner] += 1

    def _hidden(self, text: str, owners: Sequence[int], *, short: bool = False) -> Line:
        """A line that is withheld whole; nothing where there is nothing."""
        if not text:
            return ()
        self._count(owners)
        mark = self._mark(owners, short=short)
        return (Run(text if self._reveal else mark, withheld=mark),)

    def _line(self, text: str) -> Line:
        return self._runs((Run(text),)) if text else ()

    def _targeted(self, kind: MarkKind, target: str, text: str) -> Line:
        owners = self._by_target.get((kind, target))
        return self._hidden(text, owners) if owners else self._line(text)

    def _cell(self, text: str, owners: Sequence[int] = ()) -> Line:
        """A cell of the table: withheld whole where any of it is, and marked with little room."""
        found = phrases.places(text, self._phrases)
        everybody = sorted({*owners, *(owner for place in found for owner in place.owners)})
        if everybody:
            return self._hidden(text, everybody, short=True)
        return (Run(text),) if text else ()

    def _runs(self, runs: Sequence[Run]) -> Line:
        """Text of several weights: what is withheld becomes one run, across the weights."""
        text = "".join(run.text for run in runs)
        found = phrases.places(text, self._phrases)
        made: list[Run] = []
        starts = 0
        for run in runs:
            at, end = starts, starts + len(run.text)
            shown = replace(run, target=self._anchors.get(run.target, ""))
            for place in found:
                if place.stop <= at or place.start >= end:
                    continue
                if place.start > at:
                    made.append(replace(shown, text=text[at : place.start], target=""))
                if place.start >= starts:  # it begins in this run
                    self._count(place.owners)
                    mark = self._mark(place.owners)
                    words = text[place.start : place.stop] if self._reveal else mark
                    made.append(Run(words, withheld=mark))
                at = min(place.stop, end)
                shown = replace(shown, target="")
            if at < end:
                made.append(replace(shown, text=text[at:end]))
            starts = end
        return tuple(made)

    # Parts of the document

    def _party(self, party: Party) -> PublicParty:
        members = [body.name for body in party.on_behalf_of]
        behalf = wording.behalf(members, self._document.language) if members else ""
        signing = (party.signatory_name, party.signatory_title, party.mandate)
        return PublicParty(
            self._line(party.body.name),
            self._line(behalf),
            *(self._targeted(MarkKind.SIGNATORY, party.body.key, text) for text in signing),
        )

    def _clause(self, clause: ResolvedClause) -> PublicClause:
        owners = self._by_target.get((MarkKind.CLAUSE, clause.key), [])
        headed = [owner for owner in owners if self._marks[owner].with_heading]
        return PublicClause(
            anchor=self._anchors[clause.key],
            number=clause.number,
            heading=self._hidden(clause.heading, headed) if headed else self._line(clause.heading),
            level=clause.level,
            blocks=self._whole(clause.blocks, owners) if owners else self._blocks(clause.blocks),
            children=tuple(self._clause(child) for child in clause.children),
        )

    def _whole(self, blocks: Sequence[RBlock], owners: Sequence[int]) -> tuple[RBlock, ...]:
        """The text of a point that is withheld: one mark, however long it was."""
        if not blocks:
            return ()
        self._count(owners)
        mark = self._mark(owners)
        if self._reveal:
            return tuple(self._revealed(block, mark) for block in blocks)
        return (RParagraph((Run(mark, withheld=mark),)),)

    def _revealed(self, block: RBlock, mark: str) -> RBlock:
        match block:
            case RParagraph(runs):
                return RParagraph((Run("".join(run.text for run in runs), withheld=mark),))
            case RList(ordered, items):
                made = (tuple(self._revealed(part, mark) for part in item) for item in items)
                return RList(ordered, tuple(made))
            case RTable():
                return RParagraph((Run(self._words.table, withheld=mark),))

    def _blocks(self, blocks: Iterable[RBlock]) -> tuple[RBlock, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: RBlock) -> RBlock:
        match block:
            case RParagraph(runs):
                return RParagraph(self._runs(runs))
            case RList(ordered, items):
                return RList(ordered, tuple(self._blocks(item) for item in items))
            case RTable():
                self._has_table = True
                return block

    def _table(self) -> PublicTable:
        financing = self._document.financing
        assert financing is not None
        table, language = financing.table, self._document.language
        rows = tuple(self._row(line) for line in printed_rows(table))
        return PublicTable(
            tuple(self._cell(str(year)) for year in table.years),
            rows,
            with_base(table),
            tuple(self._line(note) for note in wording.financing_notes(financing, language)),
            bands(_shown(table, rows), language.value),
            tuple(
                (number, basis)
                for number, basis in enumerate(self._bases, start=1)
                if basis in self._in_cells
            ),
        )

    def _row(self, line: Row | SumRow) -> PublicRow:
        words = table_words(self._document.language)
        if isinstance(line, SumRow):
            owners = [
                index
                for index, mark in enumerate(self._marks)
                if mark.kind is MarkKind.ROW and mark.with_sums and mark.target in line.keys
            ]
            cells = tuple(self._cell(norwegian.money(cell), owners) for cell in line.cells)
            return PublicRow(self._line(words.label(line)), "", line.code, (), (), (), cells)
        owners = self._by_target.get((MarkKind.ROW, line.key), [])
        population = "" if line.population is None else norwegian.integer(line.population)
        rate = "" if line.rate is None else norwegian.rate(line.rate)
        base = "" if line.base_amount is None else norwegian.money(line.base_amount)
        shown = () if line.status is Status.DECLINED else line.cells
        return PublicRow(
            name=self._line(line.name),
            status=words.status(line.status),
            code="",
            population=self._cell(population),
            rate=self._cell(rate, owners),
            base_amount=self._cell(base, owners),
            cells=tuple(self._cell(norwegian.money(cell), owners) for cell in shown),
        )


def _shown(table: Table, rows: Sequence[PublicRow]) -> Table:
    """The table with nothing where something is withheld: not even its width is told by the layout."""
    by_row = {
        line.key: shown
        for line, shown in zip(printed_rows(table), rows, strict=True)
        if isinstance(line, Row)
    }
    by_sum = {shown.code: shown for shown in rows if shown.code}

    def seen(line: SumRow) -> SumRow:
        shown = by_sum[line.code]
        return replace(line, label=plain(shown.name), cells=_amounts(line.cells, shown))

    return replace(
        table,
        rows=tuple(_row_shown(row, by_row[row.key]) for row in table.rows),
        subtotals=tuple(map(seen, table.subtotals)),
        total=seen(table.total),
        total_confirmed=seen(table.total_confirmed) if table.total_confirmed else None,
    )


def _row_shown(row: Row, shown: PublicRow) -> Row:
    return replace(
        row,
        name=plain(shown.name),
        population=None if _hides(shown.population) else row.population,
        rate=None if _hides(shown.rate) else row.rate,
        base_amount=None if _hides(shown.base_amount) else row.base_amount,
        cells=_amounts(row.cells, shown),
    )


def _amounts(cells: Sequence[Decimal], shown: PublicRow) -> tuple[Decimal, ...]:
    pairs = zip(cells, shown.cells, strict=False)  # a body that has declined shows none
    return tuple(Decimal("0.00") if _hides(cell) else amount for amount, cell in pairs)


def _hides(line: Line) -> bool:
    return any(run.withheld for run in line)

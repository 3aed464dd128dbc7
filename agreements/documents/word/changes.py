"""What a Word document shows as tracked changes: two agreements compared paragraph by paragraph. Pure.

With every change refused the text is the older agreement's, with every change made the newer's. A
paragraph that has become of another kind (a list item of running text) is taken out and put in anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agreements.documents.word.content import Block, Grid, GridRow, Kind, Para, Piece, Section
from agreements.domain import diff_text, markup
from agreements.domain.diff_order import opcodes
from agreements.domain.diff_text import Change, Shape

KEPT, ADDED, DELETED = Change.KEPT, Change.ADDED, Change.DELETED


@dataclass(frozen=True, slots=True)
class Span:
    """Text and what became of it."""

    change: Change
    pieces: tuple[Piece, ...]


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MarkedPara:
    """A paragraph; `change` is what became of it as a whole."""

    change: Change
    para: Para
    spans: Spans


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a table, cell by cell."""

    change: Change
    kind: str
    cells: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class MarkedGrid:
    """A table. `grid` says how it is set."""

    grid: Grid
    rows: tuple[MarkedRow, ...]


Marked = MarkedPara | MarkedGrid


def unchanged(sections: Sequence[Section]) -> list[Marked]:
    """An agreement with nothing to compare it with."""
    return [_whole(block, KEPT) for section in sections for block in section.blocks]


def compare(before: Sequence[Section], after: Sequence[Section]) -> list[Marked]:
    """Both agreements in one text. A clause that has moved is taken out and put in where it is now."""
    found: list[Marked] = []
    series = _Series()
    old_keys, new_keys = [s.key for s in before], [s.key for s in after]
    for tag, i1, i2, j1, j2 in opcodes(old_keys, new_keys):
        if tag == "equal":
            for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                found += _section(old.blocks, new.blocks, series)
        else:
            found += [
                _whole(block, DELETED) for section in before[i1:i2] for block in section.blocks
            ]
            found += [_whole(block, ADDED) for section in after[j1:j2] for block in section.blocks]
    return list(_apart([series.settled(item) for item in found]))


class _Series:
    """Which numbered lists of the two agreements are one list in the document.

    Word counts a list by its number in the file: what is left of an old list must be in one list with
    what was taken out of it.
    """

    def __init__(self) -> None:
        self._new: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def one(self, old: Para, new: Para) -> bool:
        """Let two items be of one list; False where either list is one with another already."""
        if not old.series:
            return True
        if self._new.setdefault(old.series, new.series) != new.series:
            return False
        return self._old.setdefault(new.series, old.series) == old.series

    def settled(self, item: Marked) -> Marked:
        """Give what was taken out the list it shares, else one of its own."""
        if isinstance(item, MarkedGrid) or item.change is not DELETED or not item.para.series:
            return item
        number = self._new.get(item.para.series, -item.para.series)
        return replace(item, para=replace(item.para, series=number))


def _section(old: Sequence[Block], new: Sequence[Block], series: _Series) -> Iterator[Marked]:
    was, now = iter(old), iter(new)
    for line in diff_text.compare_lines(list(map(_line, old)), list(map(_line, new))):
        before = next(was) if line.before is not None else None
        after = next(now) if line.after is not None else None
        if before is not None and after is not None and line.before == line.after:
            if isinstance(before, Grid) and isinstance(after, Grid):
                yield MarkedGrid(after, tuple(_rows(before.rows, after.rows)))
                continue
            assert isinstance(before, Para)
            assert isinstance(after, Para)
            spans = _spans(before.pieces, after.pieces, line.runs)
            if spans is not None and series.one(before, after):
                yield MarkedPara(KEPT, after, spans)
                continue
        yield from (_whole(block, DELETED) for block in (before,) if block is not None)
        yield from (_whole(block, ADDED) for block in (after,) if block is not None)


def _line(block: Block) -> diff_text.Prepared:
    if isinstance(block, Grid):
        # Tables of one kind and breadth are one table, edited.
        shape = Shape(f"table {block.kind} {len(block.widths)}")
        return diff_text.prepared(shape, (markup.Text(block.kind),))
    inlines = tuple(markup.Text(piece.text, piece.bold) for piece in block.pieces)
    return diff_text.prepared(Shape(block.kind.value, block.depth), inlines)


def _whole(block: Block, change: Change) -> Marked:
    if isinstance(block, Para):
        return MarkedPara(change, block, _one(change, block.pieces))
    return MarkedGrid(block, tuple(_row(row, change) for row in block.rows))


def _row(row: GridRow, change: Change) -> MarkedRow:
    cells = tuple(_one(change, (Piece(cell),) if cell else ()) for cell in row.cells)
    return MarkedRow(change, row.kind, cells)


def _one(change: Change, pieces: tuple[Piece, ...]) -> Spans:
    return (Span(change, pieces),) if pieces else ()


def _rows(old: Sequence[GridRow], new: Sequence[GridRow]) -> Iterator[MarkedRow]:
    """Rows with one name are one row, in which figures are others; the rest come and go whole."""
    names_old, names_new = [(r.kind, r.cells[0]) for r in old], [(r.kind, r.cells[0]) for r in new]
    for tag, i1, i2, j1, j2 in opcodes(names_old, names_new):
        if tag == "equal":
            for before, after in zip(old[i1:i2], new[j1:j2], strict=True):
                cells = zip(before.cells, after.cells, strict=True)
                yield MarkedRow(KEPT, after.kind, tuple(_cell(*pair) for pair in cells))
        else:
            yield from (_row(row, DELETED) for row in old[i1:i2])
            yield from (_row(row, ADDED) for row in new[j1:j2])


def _cell(before: str, after: str) -> Spans:
    if before == after:
        return _one(KEPT, (Piece(after),) if after else ())
    gone = _one(DELETED, (Piece(before),) if before else ())
    return (*gone, *_one(ADDED, (Piece(after),) if after else ()))


def _spans(
    old: tuple[Piece, ...], new: tuple[Piece, ...], runs: Sequence[diff_text.Run]
) -> Spans | None:
    """The runs of a line as they stand in the paragraph; None where they do not give both texts.

    Each run of a comparison begins as if after a space. The paragraph does not.
    """
    spans = [Span(run.change, tuple(_piece(part) for part in run.parts)) for run in runs]
    # The two first words have a space before them, and the first that both texts have may have one.
    for place, span in enumerate(spans):
        above = {before.change for before in spans[:place]}
        if span.change is KEPT:
            if len(above) == 1:
                (only,) = above
                if _starts_with_space(span):
                    spans[place] = _without_space(span)
                    spans[place - 1] = Span(only, (*spans[place - 1].pieces, Piece(" ")))
            elif not above:
                spans[place] = _without_space(span)
            break
        if span.change not in above:
            spans[place] = _without_space(span)
    made = tuple(span for span in spans if span.pieces)
    right = _text(made, DELETED) == _flat(old) and _text(made, ADDED) == _flat(new)
    return made if right else None


def _piece(part: markup.Inline) -> Piece:
    assert isinstance(part, markup.Text)  # facts and references are filled in
    return Piece(part.text, part.bold)


def _starts_with_space(span: Span) -> bool:
    return bool(span.pieces) and span.pieces[0].text.startswith(" ")


def _without_space(span: Span) -> Span:
    if not _starts_with_space(span):
        return span
    first, *rest = span.pieces
    kept = (Piece(first.text[1:], first.bold),) if first.text[1:] else ()
    return Span(span.change, (*kept, *rest))


def _text(spans: Spans, side: Change) -> str:
    return "".join(_flat(span.pieces) for span in spans if span.change in (KEPT, side))


def _flat(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _apart(marked: Sequence[Marked]) -> Iterator[Marked]:
    """Two tables in a row would be read as one: put an empty paragraph between them."""
    last: Marked | None = None
    for item in marked:
        if isinstance(last, MarkedGrid) and isinstance(item, MarkedGrid):
            gone = all(row.change is DELETED for row in last.rows)
            new = all(row.change is ADDED for row in item.rows)
            change = ADDED if new else DELETED if gone else KEPT
            yield MarkedPara(change, Para(Kind.SPACE, ()), ())
        yield item
        last = item

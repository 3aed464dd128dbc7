"""Writing paragraphs and tables as the XML of a Word document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from agreements.documents.word.changes import (
    DELETED,
    KEPT,
    Marked,
    MarkedGrid,
    MarkedPara,
    MarkedRow,
    Spans,
)
from agreements.documents.word.content import Grid, Kind, Piece
from agreements.domain.diff_text import Change

TWIPS = 1440 / 25.4  # in a millimetre
_TEXT_WIDTH = 162  # mm between the margins
BULLETS, ORDERED, POINTS = 2, 3, 1  # abstract lists in numbering.xml
_STYLES = {
    Kind.EYEBROW: "AvtaleForsideMerke",
    Kind.TITLE: "Title",
    Kind.FRONT_LABEL: "AvtaleForsideEtikett",
    Kind.FRONT: "AvtaleForside",
    Kind.FRONT_HEADING: "AvtaleForsideOverskrift",
    Kind.CONTENTS: "TOC1",
    Kind.BREAK: "AvtaleForsideSlutt",
    Kind.TEXT: "AvtaleTekst",
    Kind.BULLET: "ListBullet",
    Kind.NUMBERED: "ListNumber",
    Kind.NOTE: "AvtaleTabellnote",
    Kind.SPACE: "AvtaleMellomrom",
    Kind.ATTACHMENTS: "AvtaleVedleggOverskrift",
    Kind.ATTACHED: "AvtaleVedlegg",
    Kind.SIGNATURES: "AvtaleUnderskriftOverskrift",
    Kind.SIGNER: "AvtaleUnderskriftNavn",
    Kind.BEHALF: "AvtaleUnderskrift",
}
_LIST = (Kind.BULLET, Kind.NUMBERED, Kind.CONTINUED)
_CELLS = {
    "contributions": "AvtaleTabell",
    "words": "AvtaleTabell",
    "signature": "AvtaleUnderskriftFelt",
}
_LINE, _STRONG = "9AA1AB", "16181D"


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """Whose name tracked changes carry, and when: `when` as Word writes it."""

    author: str
    when: str


@dataclass(slots=True)
class Writer:
    """Writes the body. Keys of comments, by clause, are written at the headings."""

    mark: ChangeMark
    comments: Mapping[str, Sequence[int]]
    contents: bool  # a field that Word can renew; not where there are tracked changes
    lists: list[int] = field(default_factory=list)  # the level each numbered list begins on, from 0
    _series: dict[int, int] = field(default_factory=dict)
    _bookmarks: dict[str, int] = field(default_factory=dict)
    _marked: set[str] = field(default_factory=set)
    _revision: int = 0
    _open: bool = False  # the field of the contents has begun

    def body(self, marked: Sequence[Marked]) -> str:
        """Return the content of `w:body`, without the section's properties."""
        written = []
        for place, item in enumerate(marked):
            following = marked[place + 1] if place + 1 < len(marked) else None
            if isinstance(item, MarkedGrid):
                written.append(self._grid(item))
            else:
                written.append(self._para(item, following))
        if marked and isinstance(marked[-1], MarkedGrid):
            written.append('<w:p><w:pPr><w:pStyle w:val="AvtaleMellomrom"/></w:pPr></w:p>')
        return "".join(written)

    def bookmark(self, key: str) -> str:
        """The name of the place of a clause: Word takes 40 letters, so keys are counted instead."""
        return f"_Toc{self._bookmarks.setdefault(key, len(self._bookmarks)) + 1:08}"

    # Paragraphs

    def _para(self, item: MarkedPara, following: Marked | None) -> str:
        para = item.para
        text = "".join(self._span(span.change, span.pieces) for span in item.spans)
        before = after = ""
        if para.kind is Kind.BREAK:
            text = '<w:r><w:br w:type="page"/></w:r>'
        elif para.kind is Kind.CONTENTS:
            before, text, after = self._line_of_contents(item, text, following)
        elif (
            para.kind in (Kind.HEADING, Kind.ATTACHMENTS, Kind.SIGNATURES, Kind.TITLE)
            and item.change is not DELETED
        ):
            before, after = self._around(para.key if para.kind is not Kind.TITLE else "")
        room = _room_after(para.kind, following)
        return f"<w:p>{self._properties(item, room)}{before}{text}{after}</w:p>"

    def _properties(self, item: MarkedPara, room: str) -> str:
        para, inner = item.para, ""
        match para.kind:
            case Kind.HEADING:
                style = f"Heading{para.depth}"
            case Kind.CONTINUED:
                style = "ListContinue" + (str(para.depth) if para.depth > 1 else "")
            case _:
                style = _STYLES[para.kind]
        if para.kind in (Kind.BULLET, Kind.NUMBERED, Kind.ATTACHED):
            inner = self._number(item)
        if para.kind is Kind.TEXT and para.text.endswith(":"):
            inner = "<w:keepNext/>"  # with what it announces
        inner += room
        if item.change is not KEPT:
            inner += f"<w:rPr>{self._changed(item.change)}</w:rPr>"
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f"<w:pPr>{named}{inner}</w:pPr>" if named or inner else ""

    def _number(self, item: MarkedPara) -> str:
        para = item.para
        if para.kind is Kind.BULLET:
            number = BULLETS
        else:
            if para.series not in self._series:
                self.lists.append(para.depth - 1)
                self._series[para.series] = ORDERED + len(self.lists) - 1
            number = self._series[para.series]
        return f'<w:numPr><w:ilvl w:val="{para.depth - 1}"/><w:numId w:val="{number}"/></w:numPr>'

    def _around(self, key: str) -> tuple[str, str]:
        """What stands around a heading: its bookmark, and the ends of its comments."""
        before = after = ""
        if key and key not in self._marked:
            self._marked.add(key)
            name = self.bookmark(key)
            number = self._bookmarks[key]
            before = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
            after = f'<w:bookmarkEnd w:id="{number}"/>'
        for comment in self.comments.get(key, ()):
            before += f'<w:commentRangeStart w:id="{comment}"/>'
            after += (
                f'<w:commentRangeEnd w:id="{comment}"/><w:r><w:rPr><w:rStyle '
                f'w:val="CommentReference"/></w:rPr><w:commentReference w:id="{comment}"/></w:r>'
            )
        return before, after

    def _line_of_contents(
        self, item: MarkedPara, text: str, following: Marked | None
    ) -> tuple[str, str, str]:
        """A line of the contents that leads to its heading, within a field that renews them all."""
        if item.change is DELETED or any(span.change is not KEPT for span in item.spans):
            return "", text, ""
        before = after = ""
        if self.contents and not self._open:
            self._open = True
            before = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText '
                'xml:space="preserve"> TOC \\o "1-1" \\n \\h \\z \\u </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            )
        last = not (isinstance(following, MarkedPara) and following.para.kind is Kind.CONTENTS)
        if self.contents and self._open and last:
            after = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        anchor = self.bookmark(item.para.key)
        linked = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{text}</w:hyperlink>'
        return before, linked, after

    def _span(self, change: Change, pieces: Iterable[Piece]) -> str:
        text = "".join(run(piece, deleted=change is DELETED) for piece in pieces)
        if change is KEPT or not text:
            return text
        name = "del" if change is DELETED else "ins"
        return f"<w:{name} {self._whose()}>{text}</w:{name}>"

    def _changed(self, change: Change) -> str:
        return f"<w:{'del' if change is DELETED else 'ins'} {self._whose()}/>"

    def _whose(self) -> str:
        self._revision += 1
        author, when = escape(self.mark.author), escape(self.mark.when)
        return f'w:id="{self._revision + 100_000}" w:author="{author}" w:date="{when}"'

    # Tables

    def _grid(self, item: MarkedGrid) -> str:
        grid = item.grid
        widths = [round(width * TWIPS) for width in grid.widths]
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        caption = escape(grid.caption)
        side = 45 if grid.compact else 70
        rows = "".join(self._row(row, item, widths) for row in item.rows)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{round(_TEXT_WIDTH * TWIPS)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{side}" w:type="dxa"/>'
            f'<w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{caption}"/><w:tblDescription w:val="{caption}"/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    def _row(self, row: MarkedRow, item: MarkedGrid, widths: Sequence[int]) -> str:
        head = "<w:tblHeader/>" if row.kind == "head" else ""
        # The line to write on is high enough for a hand.
        tall = item.grid.kind == "signature" and row is item.rows[1:2][0]
        height = f'<w:trHeight w:val="{round((11 if tall else 6.5) * TWIPS)}" w:hRule="atLeast"/>'
        high = height if item.grid.kind == "signature" else ""
        change = "" if row.change is KEPT else self._changed(row.change)
        properties = f"<w:trPr><w:cantSplit/>{high}{head}{change}</w:trPr>"
        last = row is item.rows[-1]
        cells = "".join(
            self._cell(cell, column, row, item.grid, width, last=last)
            for column, (cell, width) in enumerate(zip(row.cells, widths, strict=True))
        )
        return f"<w:tr>{properties}{cells}</w:tr>"

    def _cell(
        self, spans: Spans, column: int, row: MarkedRow, grid: Grid, width: int, *, last: bool
    ) -> str:
        bold = row.kind in ("head", "own", "sum", "total")
        text = "".join(
            self._span(span.change, [Piece(piece.text, bold) for piece in span.pieces])
            for span in spans
        )
        style = _CELLS[grid.kind] + ("Liten" if grid.compact else "")
        inner = f'<w:pStyle w:val="{style}"/>'
        if not last and (grid.together or row.kind == "head"):
            inner += "<w:keepNext/>"
        if column >= grid.numbers_from:
            inner += '<w:jc w:val="right"/>'
        if row.change is not KEPT:
            inner += f"<w:rPr>{self._changed(row.change)}</w:rPr>"
        borders = _borders(row.kind, column)
        bottom = grid.kind == "signature" or row.kind == "head"
        align = '<w:vAlign w:val="bottom"/>' if bottom else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>{borders}'
            f"</w:tcBorders>{align}</w:tcPr><w:p><w:pPr>{inner}</w:pPr>{text}</w:p></w:tc>"
        )


def _room_after(kind: Kind, following: Marked | None) -> str:
    """More room after the last line of a list and the last note of a table."""
    for group in (_LIST, (Kind.NOTE,)):
        if kind in group:
            goes_on = isinstance(following, MarkedPara) and following.para.kind in group
            return "" if goes_on else '<w:spacing w:after="150"/>'
    return ""


def _borders(kind: str, column: int) -> str:
    """Thin lines under the rows, stronger ones around head and sums; a line to write on."""
    match kind:
        case "head":
            return _border("bottom", 8, _STRONG)
        case "sum":
            return _border("top", 6, _STRONG) + _border("bottom", 6, _LINE)
        case "total":
            return _border("top", 8, _STRONG) + _border("bottom", 8, _STRONG)
        case "line":
            return _border("bottom", 4, _LINE) if column else ""
        case _:
            return _border("bottom", 2, _LINE)


def _border(side: str, eighths: int, color: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{color}"/>'


def run(piece: Piece, *, deleted: bool = False) -> str:
    """A run of text. A tab in a line of the contents is Word's own."""
    look = "<w:b/>" if piece.bold else ""
    look += f'<w:lang w:val="{piece.lang}"/>' if piece.lang else ""
    bold = f"<w:rPr>{look}</w:rPr>" if look else ""
    name = "delText" if deleted else "t"
    parts = (
        f'<w:{name} xml:space="preserve">{escape(part)}</w:{name}>' if part else ""
        for part in piece.text.split("\t")
    )
    return f"<w:r>{bold}{'<w:tab/>'.join(parts)}</w:r>"

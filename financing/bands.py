"""How a contribution table is laid out on a page that is 162 mm wide between the margins. Pure.

Columns are measured from their longest text, in the type they are set in. A table that does not fit
is set smaller; one that still does not fit is parted into bands of years, each a table of its own
with the contributors' names repeated. Nothing is ever cut off or turned sideways.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from financing.calculation import Row, SumRow, Table
from financing.figures import printed_rows
from financing.words import table_words
from municipalities import norwegian

BAR = 17.0  # mm: the least width in which a bar of several years can be read
PAGE_WIDTH = 162.0  # mm between the margins; print.css has the same
WHOLE = 190.0  # mm: a table lower than this is moved to the next page instead of being parted
WHOLE_LINES = 24
_MM_PER_POINT = 25.4 / 72
# Widths in Inter as parts of the type size: figures are tabular, words are reckoned by the letter.
_DIGIT, _MARK, _LETTER = 0.65, 0.29, 0.6


@dataclass(frozen=True, slots=True)
class _Type:
    """One way to set the table: type size in points, the rest in millimetres. As in print.css."""

    size: float
    padding: float  # left and right of each cell together
    name: float  # the least width of the names
    leading: float  # height of a line of text
    air: float  # above and below a row together

    def numbers(self, texts: Iterable[str]) -> float:
        """Width of a column that holds these numbers."""
        widest = max((sum(_DIGIT if c.isdigit() else _MARK for c in t) for t in texts), default=0)
        return float(widest) * self.size * _MM_PER_POINT + self.padding

    def heading(self, text: str) -> float:
        """Least width of a column with this heading, which may be parted between words."""
        letters = max((len(word) for word in text.split()), default=0)
        return letters * _LETTER * self.size * _MM_PER_POINT + self.padding

    def lines(self, text: str, width: float) -> int:
        """About how many lines the text takes in a column of this width."""
        letters = (width - self.padding) / (_LETTER * self.size * _MM_PER_POINT)
        return max(1, ceil(len(text) / max(1.0, letters * 0.9)))


_NORMAL = _Type(size=8.25, padding=3.2, name=40, leading=3.93, air=3.0)
_COMPACT = _Type(size=7.25, padding=2.0, name=36, leading=3.46, air=2.2)


@dataclass(frozen=True, slots=True)
class Band:
    """The years from index `first` up to, not including, `stop`."""

    first: int
    stop: int
    basis: bool  # with inhabitants, rate and base amount: only in the first band
    compact: bool  # in the smaller type
    whole: bool  # low enough to be kept on one page
    bar: bool = False  # with a bar beside each name


def bands(table: Table, language: str, *, bars: bool = False) -> tuple[Band, ...]:
    """Return the bands that hold every year once, in order; a single one for most tables.

    With `bars` a single band has them where there is room, if need be in the smaller type.
    """
    years = len(table.years)
    for kind in (_NORMAL, _COMPACT) if bars else ():
        room = _left(table, language, kind, years)
        if room >= kind.name + BAR:
            return (_with_bar(table, kind, room),)
    for kind in (_NORMAL, _COMPACT):
        if _left(table, language, kind, years) >= kind.name:
            return _made(table, language, kind, [len(table.years)])
    first = max(1, _room(table, language, _COMPACT, basis=True))
    following = max(1, _room(table, language, _COMPACT, basis=False))
    number = 1 + ceil((len(table.years) - first) / following)
    # As even as the narrower first band allows: ten years are five and five, not four and six.
    counts: list[int] = []
    left = len(table.years)
    while left:
        even = ceil(left / max(1, number - len(counts)))
        counts.append(min(even, left, following if counts else first))
        left -= counts[-1]
    return _made(table, language, _COMPACT, counts)


def _made(table: Table, language: str, kind: _Type, counts: list[int]) -> tuple[Band, ...]:
    made: list[Band] = []
    for count in counts:
        first = made[-1].stop if made else 0
        basis = not made
        width = PAGE_WIDTH - _others(table, language, kind, basis) - count * _year(table, kind)
        whole = _height(table, kind, width) <= WHOLE
        made.append(Band(first, first + count, basis, kind is _COMPACT, whole))
    return tuple(made)


def _left(table: Table, language: str, kind: _Type, years: int) -> float:
    """Width that inhabitants, rate, base amount and this many years leave for the rest."""
    return PAGE_WIDTH - _others(table, language, kind, basis=True) - years * _year(table, kind)


def _with_bar(table: Table, kind: _Type, room: float) -> Band:
    """The names get what they need at least, and the bar the rest up to half."""
    names = max(kind.name, room / 2)
    whole = _height(table, kind, names) <= WHOLE
    return Band(0, len(table.years), basis=True, compact=kind is _COMPACT, whole=whole, bar=True)


def _room(table: Table, language: str, kind: _Type, *, basis: bool) -> int:
    """How many years there is room for beside the other columns."""
    left = PAGE_WIDTH - kind.name - _others(table, language, kind, basis)
    return int(left / _year(table, kind))


def _year(table: Table, kind: _Type) -> float:
    """Width of the widest year: all years get the same, so that they are easy to compare."""
    sums = [
        *table.subtotals,
        table.total,
        *([table.total_confirmed] if table.total_confirmed else []),
    ]
    lines: list[Row | SumRow] = [*table.rows, *sums]
    cells = [cell for line in lines for cell in line.cells]
    return max(kind.numbers(map(norwegian.money, cells)), kind.heading("2026"))


def _others(table: Table, language: str, kind: _Type, basis: bool) -> float:
    """Width of inhabitants, rate and base amount."""
    if not basis:
        return 0.0
    words = table_words(language)
    columns = [
        (words.population, [norwegian.integer(r.population) for r in table.rows if r.population]),
        (words.rate, rates(table.rows)),
    ]
    if with_base(table):
        columns.append((words.base_amount, [norwegian.money(_base(row)) for row in table.rows]))
    return sum(max(kind.heading(name), kind.numbers(texts)) for name, texts in columns)


def _height(table: Table, kind: _Type, width: float) -> float:
    lines = printed_rows(table)
    if len(lines) > WHOLE_LINES:
        return float("inf")
    names = [line.name if isinstance(line, Row) else line.label for line in lines]
    return sum(kind.lines(name, width) * kind.leading + kind.air for name in names)


def with_base(table: Table) -> bool:
    """Whether there is a base amount to show."""
    return any(row.base_amount for row in table.rows)


def _base(row: Row) -> Decimal:
    return row.base_amount or Decimal(0)


def rates(rows: Iterable[Row]) -> list[str]:
    """The rates of those that have one, as printed."""
    return [norwegian.rate(row.rate) for row in rows if row.rate is not None]

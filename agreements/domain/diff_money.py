"""What differs between two agreements' contribution tables: who pays, by what, and each cell. Pure.

Everything is read off the finished tables; the only arithmetic is one shown cell less another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agreements.domain.diff_order import merged
from agreements.domain.diff_text import Change
from financing.calculation import ContributorKind, Row, Status, SumRow, Table
from financing.figures import printed_rows
from financing.rounding import EXACT

Years = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class CellChange:
    """An amount in kroner before and after, None where there is none to compare with."""

    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Kroner after less before."""
        if self.before is None or self.after is None:
            return None
        return EXACT.subtract(self.after, self.before)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A contributor or a sum, one cell for each pair of years. `before` and `after` are the lines."""

    key: str  # of the contributor, or the sum's code
    before: Row | SumRow | None
    after: Row | SumRow | None
    cells: tuple[CellChange, ...]

    @property
    def line(self) -> Row | SumRow:
        """The line in the newer table, else in the older."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def change(self) -> Change | None:
        """ADDED, DELETED or KEPT; None where something in the line is another."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.DELETED
        same = self.before == self.after and all(cell.before == cell.after for cell in self.cells)
        return Change.KEPT if same else None

    @property
    def paid(self) -> bool:
        """Whether it is a contributor that paid by the older table."""
        return isinstance(self.before, Row) and self.before.status is not Status.DECLINED

    @property
    def pays(self) -> bool:
        """Whether it is a contributor that pays by the newer table."""
        return isinstance(self.after, Row) and self.after.status is not Status.DECLINED


@dataclass(frozen=True, slots=True)
class RateChange:
    """One change of rate per inhabitant, and the kind of contributors it holds for.

    `names` is empty where it holds for all of them that pay by both tables.
    """

    kind: ContributorKind
    before: Decimal
    after: Decimal
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """Two contribution tables against each other; one of them may be missing.

    `years` are the pairs that are compared: each year with itself. Where the tables have no year in
    common, the last year of the older is set against the first of the newer.
    """

    before: Table | None
    after: Table | None
    years: tuple[Years, ...]
    lines: tuple[LineChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything in the tables is another."""
        return self.before != self.after

    @property
    def joined(self) -> tuple[LineChange, ...]:
        """Those who pay now and did not."""
        return tuple(line for line in self.lines if line.pays and not line.paid)

    @property
    def left(self) -> tuple[LineChange, ...]:
        """Those who paid and do not now."""
        return tuple(line for line in self.lines if line.paid and not line.pays)

    @property
    def changed(self) -> tuple[LineChange, ...]:
        """The lines with an amount that is another, or that is only in one of the tables."""
        return tuple(
            line for line in self.lines if any(cell.before != cell.after for cell in line.cells)
        )

    @property
    def total(self) -> LineChange | None:
        """The sum of all contributions."""
        return next((line for line in self.lines if line.key == "total"), None)


def compare(before: Table | None, after: Table | None) -> TableChange:
    """Set two tables against each other: every line of either, in the order of the newer one."""
    years = _years(before, after)
    old, new = _lines(before), _lines(after)
    lines = tuple(
        LineChange(
            key=key,
            before=old.get(key),
            after=new.get(key),
            cells=tuple(
                CellChange(_cell(before, old.get(key), earlier), _cell(after, new.get(key), later))
                for earlier, later in years
            ),
        )
        for key in merged(list(old), list(new))
    )
    return TableChange(before, after, years, lines)


def rates(change: TableChange) -> tuple[RateChange, ...]:
    """Return every change of rate, of the most contributors first."""
    groups: dict[tuple[ContributorKind, Decimal, Decimal], list[str]] = {}
    paying: dict[ContributorKind, int] = {}
    for line in change.lines:
        before, after = line.before, line.after
        if not (line.paid and line.pays and isinstance(before, Row) and isinstance(after, Row)):
            continue
        paying[after.kind] = paying.get(after.kind, 0) + 1
        if before.rate is not None and after.rate is not None and before.rate != after.rate:
            groups.setdefault((after.kind, before.rate, after.rate), []).append(after.name)
    found = [
        RateChange(kind, old, new, () if len(names) == paying[kind] else tuple(names))
        for (kind, old, new), names in groups.items()
    ]
    return tuple(sorted(found, key=lambda rate: (bool(rate.names), -len(rate.names))))


def _years(before: Table | None, after: Table | None) -> tuple[Years, ...]:
    old: Sequence[int] = before.years if before else ()
    new: Sequence[int] = after.years if after else ()
    if old and new and not set(old) & set(new):
        return ((old[-1], new[0]),) if old[-1] < new[0] else ((old[0], new[-1]),)
    return tuple(
        (year if year in old else None, year if year in new else None)
        for year in sorted({*old, *new})
    )


def _lines(table: Table | None) -> dict[str, Row | SumRow]:
    if table is None:
        return {}
    return {
        line.code if isinstance(line, SumRow) else line.key: line for line in printed_rows(table)
    }


def _cell(table: Table | None, line: Row | SumRow | None, year: int | None) -> Decimal | None:
    """The amount of a line in a year; None where there is none, or the contributor declined."""
    if table is None or line is None or year is None:
        return None
    if isinstance(line, Row) and line.status is Status.DECLINED:
        return None
    return dict(zip(table.years, line.cells, strict=True)).get(year)

"""What a finding is, and how sums are solved for what is withheld of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agreements.domain import phrases
from agreements.domain.marks import Mark, MarkKind
from agreements.domain.phrases import Phrase
from financing.calculation import Row, SumRow
from municipalities import norwegian

Unknown = tuple[bool, str]  # whether it is a sum, and its key or code
Equation = dict[Unknown, int]


@dataclass(frozen=True, slots=True)
class Giveaway:
    """Something that can be worked out all the same, in bokmål, and the mark that would help."""

    message: str
    offer: Mark | None = None
    like: int = 0  # the number in the list of the mark whose provision the offer has


def name(line: Row | SumRow) -> Unknown:
    """How a line of the table is called in an equation."""
    return (True, line.code) if isinstance(line, SumRow) else (False, line.key)


def label(line: Row | SumRow) -> str:
    """How a line of the table is called in a message."""
    return line.label if isinstance(line, SumRow) else line.name


def says(text: str, figure: str) -> bool:
    """Whether a figure stands in a text by itself, not as a part of another."""
    return bool(phrases.places(text, phrases.phrase(figure, 0, exact=True)))


def like(
    line: Row | SumRow, marks: Sequence[Mark], withheld: Sequence[Phrase], otherwise: int = 0
) -> int:
    """Which mark withholds an amount of the line; `withheld` are the words of the marks."""
    for number, mark in enumerate(marks):
        if mark.kind is MarkKind.ROW and isinstance(line, Row) and mark.target == line.key:
            return number
    places = [
        place for cell in line.cells for place in phrases.places(norwegian.money(cell), withheld)
    ]
    return places[0].owners[0] if places else otherwise


def row_mark(line: Row, marks: Sequence[Mark], like_number: int, *, with_sums: bool) -> Mark:
    """The mark for all amounts of the row; never less than what is there already."""
    there = [m for m in marks if m.kind is MarkKind.ROW and m.target == line.key]
    sums = with_sums or any(mark.with_sums for mark in there)
    return Mark(MarkKind.ROW, marks[like_number].basis, line.key, with_sums=sums)


def equation(line: SumRow, hidden: Collection[Unknown]) -> Equation:
    """A sum, with what is withheld in it; the rest is known."""
    parts = {part: 1 for key in line.keys if (part := (False, key)) in hidden}
    own = {total: -1 for total in [name(line)] if total in hidden}
    return {**parts, **own}


def determined(equations: Iterable[Equation]) -> set[Unknown]:
    """Return the unknowns that the equations leave one value (Gaussian elimination, exact)."""
    rows = [{key: Fraction(value) for key, value in eq.items() if value} for eq in equations]
    done: list[dict[Unknown, Fraction]] = []
    pivots: list[Unknown] = []
    while rows:
        row = rows.pop()
        if not row:
            continue
        pivot = min(row)
        row = {key: value / row[pivot] for key, value in row.items()}
        rows = [_without(other, pivot, row) for other in rows]
        done = [_without(other, pivot, row) for other in done]
        done.append(row)
        pivots.append(pivot)
    return {next(iter(row)) for row in done if len(row) == 1}


def _without(
    other: dict[Unknown, Fraction], pivot: Unknown, row: dict[Unknown, Fraction]
) -> dict[Unknown, Fraction]:
    """Take so much of `row` from the other that it no longer has the pivot."""
    if not (times := other.get(pivot)):
        return other
    keys = other.keys() | row.keys()
    left = {key: other.get(key, Fraction(0)) - times * row.get(key, Fraction(0)) for key in keys}
    return {key: value for key, value in left.items() if value}

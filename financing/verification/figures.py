"""Which figures of a line make one number, where thousands and cells are parted by the same space.

It is found by the number of columns and by what is likely: inhabitants x rate is near the first
amount, and the years are near each other. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from financing.verification.numbers import Style, read_number
from financing.verification.table import PrintedNumber

DASH = re.compile(r"[-\u2013\u2014]")
GROUP = re.compile(r"\d{3}(?:[.,]\d+|,[-\u2013\u2014])?")

# More figures, or more lines of them, are no row of a contribution table.
_MAX_FIGURES = 64
_MAX_PARTS = 20
# Amounts of one row more than this many powers of ten apart, all together, are hardly read right.
_UNLIKELY = 1.5
_NO_RATE = 1000  # kroner per inhabitant
_MAX_GROUPS = 5  # 999 999 999 999,99 has four

Amounts = tuple[PrintedNumber | None, ...]


@dataclass(slots=True)
class Figure:
    """A run of figures between spaces. `joins` says that it may continue the one before it."""

    text: str
    joins: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What the numbers of a row are: maybe inhabitants, maybe a rate, then so many amounts."""

    population: bool
    rate: bool
    amounts: int
    rate_first: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One row's numbers, and how unlikely it is that they belong together like this."""

    cost: float
    population: PrintedNumber | None
    rate: PrintedNumber | None
    amounts: Amounts
    doubtful: bool  # the figures could have been parted in other ways, and this one is unlikely


class Row:
    """A row's figures, one list for each line of the text, ready to be put together."""

    def __init__(self, parts: Sequence[Sequence[Figure]], style: Style) -> None:
        """Prepare the whole row, and the row without its last lines."""
        self._attempts: list[_Figures] = []
        for kept in range(min(len(parts), _MAX_PARTS), 0, -1):
            figures = [
                Figure(item.text, item.joins or (number > 0 and at == 0 and _may_join(item)))
                for number, part in enumerate(parts[:kept])
                for at, item in enumerate(part)
            ]
            if len(figures) <= _MAX_FIGURES:
                self._attempts.append(_Figures(figures, style))

    def read(self, form: Form, is_sum: bool) -> Reading | None:
        """Put the figures together to numbers; None where they do not fit the form.

        A last line of figures that does not belong (a page number) is left out where it takes that.
        """
        for figures in self._attempts:
            if found := _best(figures, form, is_sum):
                return found
        return None


def _may_join(item: Figure) -> bool:
    return GROUP.fullmatch(item.text) is not None


def _best(figures: _Figures, form: Form, is_sum: bool) -> Reading | None:
    """Return the likeliest reading; a row may lack the inhabitants or the rate that others have."""
    readings = []
    for population in {form.population, False}:
        for rate in {form.rate, False}:
            lacking = (form.population - population) + (form.rate - rate)
            less = Form(population, rate, form.amounts, form.rate_first)
            if found := figures.read(less):
                # A sum has no rate; anybody else lacks a number that the others have.
                cost = found.cost + (0.1 * rate if is_sum else 0.6 * lacking)
                odd = bool(lacking) and not is_sum and _looks_shifted(found)
                readings.append(replace(found, cost=cost, doubtful=found.doubtful or odd))
    return min(readings, key=lambda reading: reading.cost, default=None)


def _looks_shifted(reading: Reading) -> bool:
    """Whether an amount is missing rather than the inhabitants or the rate: `4871 12,50 60887,50`."""
    first = reading.amounts[0]
    if reading.rate and reading.rate.value >= _NO_RATE:
        return True
    leading = [number for number in (reading.population, reading.rate) if number]
    return reading.cost > _UNLIKELY or any(
        first is not None and number.value > first.value for number in leading
    )


class _Figures:
    """The figures of a row, with the numbers that can begin at each of them."""

    def __init__(self, figures: Sequence[Figure], style: Style) -> None:
        self._length = len(figures)
        self._begins = sum(not item.joins for item in figures)
        self._numbers = [_numbers_at(figures, start, style) for start in range(len(figures))]
        self._known: dict[tuple[int, int, float], tuple[float, Amounts]] = {}

    def read(self, form: Form) -> Reading | None:
        """Return the likeliest reading of all the figures in exactly this form."""
        count = form.population + form.rate + form.amounts
        if not self._begins <= count <= self._length:
            return None
        wanted = (form.rate, form.population) if form.rate_first else (form.population, form.rate)
        best: Reading | None = None
        for at, one in self._leading(0, wanted[0]):
            for after, two in self._leading(at, wanted[1]):
                population, rate = (two, one) if form.rate_first else (one, two)
                if population and population.value % 1:
                    continue
                start = float(population.value * rate.value) if population and rate else 0.0
                cost, amounts = self._rest(after, form.amounts, start)
                if cost < (best.cost if best else math.inf):
                    doubtful = count > self._begins and cost > _UNLIKELY
                    best = Reading(cost, population, rate, amounts, doubtful)
        return best

    def _leading(self, start: int, wanted: bool) -> list[tuple[int, PrintedNumber | None]]:
        if not wanted:
            return [(start, None)]
        options = self._numbers[start] if start < self._length else []
        return [(end, found) for end, found in options if found and found.value > 0]

    def _rest(self, start: int, left: int, before: float) -> tuple[float, Amounts]:
        """Return the cheapest way to read the figures from `start` as `left` amounts."""
        if not left or start == self._length:
            done = not left and start == self._length
            return (0.0 if done else math.inf), ()
        key = (start, left, before)
        if key not in self._known:
            best: tuple[float, Amounts] = (math.inf, ())
            for end, found in self._numbers[start]:
                value = float(found.value) if found else before
                cost, tail = self._rest(end, left - 1, value)
                cost += _distance(before, value)
                if cost < best[0]:
                    best = (cost, (found, *tail))
            self._known[key] = best
        return self._known[key]


def _numbers_at(
    figures: Sequence[Figure], start: int, style: Style
) -> list[tuple[int, PrintedNumber | None]]:
    """Return the numbers that can begin at a figure, each with where it ends; None for a dash."""
    first = figures[start].text
    if DASH.fullmatch(first):
        return [(start + 1, None)]
    options: list[tuple[int, PrintedNumber | None]] = []
    text = ""
    for end in range(start + 1, min(start + _MAX_GROUPS, len(figures)) + 1):
        item = figures[end - 1]
        if end > start + 1 and not (item.joins and text.replace(" ", "").isdigit()):
            break
        text = f"{text} {item.text}".strip()
        if re.match(r"0\d", text) is None and (found := read_number(text, style)):
            options.append((end, found))
        if len(first) > 3:
            break
    return options


def _distance(before: float, value: float) -> float:
    """Return how far apart two amounts of a row are, as powers of ten; 0 where nothing is known."""
    if before <= 0:
        return 0.0
    return abs(math.log10(value / before)) if value > 0 else 3.0

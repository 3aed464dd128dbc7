"""Tables where only spaces part the cells, as copied from a PDF. Pure.

A number's thousands are then parted by the same sign as the cells, a cell can be broken over lines,
and the heading is wrapped. How the figures belong together is found by the number of columns and by
what is likely: inhabitants x rate is near the first amount, and the years are near each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from financing.verification.numbers import Style, read_number
from financing.verification.table import PrintedNumber, RowKind
from financing.verification.words import (
    is_heading,
    is_year,
    row_kind,
    stands_over_amounts,
    tidy_label,
)

# A line with more figures than this is no line of a contribution table.
_MAX_FIGURES = 90
_FIGURES = re.compile(r"[-\u2212]?\d[\d.,\u00a0\u202f]*(?:,?[-\u2013\u2014])?")
_DASH = re.compile(r"[-\u2013\u2014]")
_CURRENCY = re.compile(r"kr\.?|nok|kroner", re.IGNORECASE)
_PER_INHABITANT = re.compile(r"(?:\b(?:kr\.?|kroner))? *(?:/|\bpr\b\.?|\bper\b) *innb\w*\.?", re.I)
_GROUP = re.compile(r"\d{3}(?:[.,]\d+|,[-\u2013\u2014])?")


@dataclass(slots=True)
class Figure:
    """A run of figures between spaces. `joins` says that it may continue the one before it."""

    text: str
    joins: bool


@dataclass(slots=True)
class Line:
    """A row of the table as text: its name, and its figures, one list for each line of the text."""

    label: str
    parts: list[list[Figure]] = field(default_factory=list)
    stray: str = ""  # words between the figures


@dataclass(slots=True)
class Spaced:
    """The text in rows, before the figures are put together."""

    heading: str
    lines: list[Line]
    second_heading: str = ""
    unread: list[str] = field(default_factory=list)


def split_lines(text: str) -> Spaced:
    """Part the text in a heading and rows. What is neither is in `unread`."""
    result = Spaced("", [])
    pending: list[str] = []
    for raw in text.splitlines():
        line = raw.strip(" \t\u00a0")
        if not line:
            continue
        if is_heading(line):
            if result.lines and stands_over_amounts(line):
                # The words that wait are the first lines of that heading.
                result.second_heading = line
                return result
            pending.append(line)
            continue
        name, figures, stray = _parse(line)
        years_only = bool(figures) and all(is_year(item.text) for item in figures)
        if not figures and stray:
            result.unread.append(line)
        elif not figures or _is_title(name, figures) or (years_only and not result.lines):
            pending.append(line)
        elif name or pending:
            wrapped = name and result.lines and pending and name[0].islower()
            label = f"{pending.pop()} {name}" if wrapped else name or pending.pop()
            _settle(result, pending)
            result.lines.append(Line(label, [figures], stray))
        elif result.lines:
            result.lines[-1].parts.append(figures)
    _settle(result, pending)
    return result


def _is_title(name: str, figures: Sequence[Figure]) -> bool:
    """Whether a line is «Alternativ 1» or «Tabell 2»."""
    return bool(name) and len(figures) == 1 and re.fullmatch(r"\d\d?", figures[0].text) is not None


def _settle(result: Spaced, pending: list[str]) -> None:
    """Give the waiting lines of words to the heading, to the row above them, or to nobody."""
    for at, line in enumerate(pending):
        if not result.lines:
            result.heading = f"{result.heading} {line}".strip()
        elif at == 0 and line in ("fylkeskommune", "kommune", "fk"):
            result.lines[-1].label += f" {line}"
        else:
            result.unread.append(line)
    pending.clear()


def _parse(line: str) -> tuple[str, list[Figure], str]:
    """Return a line's name, its figures, and words between them. Prose has neither name nor figures."""
    line = _PER_INHABITANT.sub(" ", re.sub(r"(?i)\b(kr\.?)(?=\d)", r"\1 ", line))
    tokens = re.findall(r"( *)([^ \t]+)", line)
    at = len(tokens)
    while at and _is_figure(tokens[at - 1][1]):
        at -= 1
    before = [token for _gap, token in tokens[:at]]
    figures = _figures(tokens[at:])
    first = next((n for n, token in enumerate(before) if n and _FIGURES.fullmatch(token)), None)
    if first is None or all(is_year(token) for token in before if token[0].isdigit()):
        label = " ".join(before)
        if figures and (len(before) > 8 or len(label) > 70):
            return "", [], line
        return label, figures, ""
    words = [token for token in before[first:] if not _is_figure(token)]
    if len(words) > 3 or not any(letter.isalpha() for token in before[:first] for letter in token):
        return "", [], line
    if not re.search(r"\d{3}", " ".join(before[first:])):
        return " ".join(before), figures, ""
    return " ".join(before[:first]), [*_figures(tokens[first:])], " ".join(words)


def _is_figure(token: str) -> bool:
    return any(kind.fullmatch(token) for kind in (_FIGURES, _DASH, _CURRENCY))


def _figures(tokens: Sequence[tuple[str, str]]) -> list[Figure]:
    figures: list[Figure] = []
    free = False  # after «kr» a new number begins
    for gap, token in tokens:
        if _FIGURES.fullmatch(token) or _DASH.fullmatch(token):
            joins = bool(figures) and free and len(gap) < 2 and _GROUP.fullmatch(token) is not None
            figures.append(Figure(token, joins))
            free = True
        else:
            free = False
    return figures


@dataclass(frozen=True, slots=True)
class Reading:
    """One row's numbers, and how unlikely it is that they belong together like this."""

    cost: float
    population: PrintedNumber | None
    rate: PrintedNumber | None
    amounts: tuple[PrintedNumber | None, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What the numbers of a row are: maybe inhabitants, maybe a rate, then so many amounts."""

    population: bool
    rate: bool
    amounts: int
    rate_first: bool = False


def read_line(line: Line, form: Form, style: Style) -> Reading | None:
    """Put a row's figures together to numbers; None where they do not fit the form.

    A line of figures that does not belong (a page number) is left out where that is what it takes.
    """
    for kept in range(len(line.parts), 0, -1):
        figures = [
            Figure(item.text, item.joins or (number > 0 and at == 0 and _may_join(item.text)))
            for number, part in enumerate(line.parts[:kept])
            for at, item in enumerate(part)
        ]
        if len(figures) <= _MAX_FIGURES:
            found = _best(figures, form, style, line.label)
            if found:
                return found
    return None


def _may_join(text: str) -> bool:
    return _GROUP.fullmatch(text) is not None


def _best(figures: list[Figure], form: Form, style: Style, label: str) -> Reading | None:
    is_sum = row_kind(tidy_label(label)) is RowKind.SUM
    readings = []
    for population in {form.population, False}:
        for rate in {form.rate, False}:
            lacking = (form.population - population) + (form.rate - rate)
            less = Form(population, rate, form.amounts, form.rate_first)
            if found := _read_form(figures, less, style):
                # A sum has no rate; anybody else lacks a number that the others have.
                cost = found.cost + (0.1 * rate if is_sum else 0.6 * lacking)
                readings.append(Reading(cost, found.population, found.rate, found.amounts))
    return min(readings, key=lambda reading: reading.cost, default=None)


def _read_form(figures: list[Figure], form: Form, style: Style) -> Reading | None:
    """Return the likeliest reading of all the figures in exactly this form."""

    @cache
    def number(start: int, end: int) -> PrintedNumber | None:
        if end - start > 1:
            if not figures[start].text.isdigit() or len(figures[start].text) > 3:
                return None
            middle = figures[start + 1 : end]
            if not all(item.joins for item in middle):
                return None
            if not all(item.text.isdigit() for item in middle[:-1]):
                return None
        text = " ".join(item.text for item in figures[start:end])
        if re.match(r"0\d", text):
            return None
        return read_number(text, style)

    def ends(start: int) -> range:
        return range(start + 1, min(start + 5, len(figures)) + 1)

    @cache
    def rest(
        start: int, left: int, before: float
    ) -> tuple[float, tuple[PrintedNumber | None, ...]]:
        if not left:
            return (0.0, ()) if start == len(figures) else (math.inf, ())
        best: tuple[float, tuple[PrintedNumber | None, ...]] = (math.inf, ())
        for end in ends(start):
            dash = end == start + 1 and _DASH.fullmatch(figures[start].text)
            found = None if dash else number(start, end)
            if found is None and not dash:
                continue
            value = float(found.value) if found else before
            cost, tail = rest(end, left - 1, value)
            cost += _distance(before, value)
            if cost < best[0]:
                best = (cost, (found, *tail))
        return best

    def leading(start: int, wanted: bool) -> list[tuple[int, PrintedNumber | None]]:
        if not wanted:
            return [(start, None)]
        found = [(end, number(start, end)) for end in ends(start)]
        return [(end, value) for end, value in found if value and value.value > 0]

    wanted = (form.rate, form.population) if form.rate_first else (form.population, form.rate)
    readings: list[Reading] = []
    for at, one in leading(0, wanted[0]):
        for after, two in leading(at, wanted[1]):
            population, rate = (two, one) if form.rate_first else (one, two)
            if population and population.value % 1:
                continue
            start = float(population.value * rate.value) if population and rate else 0.0
            cost, amounts = rest(after, form.amounts, start)
            if cost < math.inf:
                readings.append(Reading(cost, population, rate, amounts))
    return min(readings, key=lambda reading: reading.cost, default=None)


def _distance(before: float, value: float) -> float:
    """Return how far apart two amounts of a row are, as powers of ten; 0 where nothing is known."""
    if before <= 0:
        return 0.0
    return abs(math.log10(value / before)) if value > 0 else 3.0

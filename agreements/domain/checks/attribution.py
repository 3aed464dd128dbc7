"""Whom and which years a number in a sentence is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agreements.domain.checks.figures import Figures, Mentions
from agreements.domain.checks.quantities import Number, numbers
from agreements.domain.checks.reading import Passage
from agreements.domain.checks.typed_dates import dates, year_spans

_YEAR = re.compile(r"(?<![\d.,/-])20\d\d(?![\d])(?![.,]\d)")
_CUT = re.compile(r"; ?|,? mens |,? medan | og |, ")
_PAST = re.compile(
    r"\b(?:tidligere|tidlegare|forrige|førre|nåværende|noverande|i\s+dag|i\s+fjor|hittil|til\s+nå|til\s+no)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attributed:
    """A number, who is spoken of where it stands, and the columns of the table it can be about."""

    number: Number
    mentions: Mentions
    columns: tuple[int, ...]


def attributed(
    sentence: Passage, known: Figures, wanted: Callable[[str, Number], bool]
) -> Iterator[Attributed]:
    """Yield the wanted numbers of a sentence with whom and which years they are about.

    Where every part of the sentence with such a number names somebody («A betaler 10 og B betaler
    20»), each number is about those of its part; else it is about all in the sentence. Sentences
    about other years than the table's give nothing.
    """
    typed = sentence.typed
    found = [number for number in numbers(typed) if wanted(typed, number)]
    if not found or _PAST.search(typed):
        return
    years = _years(typed)
    columns = _columns(years, known)
    if years and not columns:
        return
    parts, bounds = _parts(typed, found)
    own = {part: known.mentions(sentence.text[slice(*bounds[part])]) for part in parts}
    apart = len(parts) > 1 and all(own.values())
    whole = known.mentions(sentence.text)
    for part, numbers_of_part in parts.items():
        in_part = _columns(_years(typed[slice(*bounds[part])]), known) if apart else ()
        for number in numbers_of_part:
            mentions = own[part] if apart else whole
            yield Attributed(
                number, mentions, in_part or columns or tuple(range(len(known.table.years)))
            )


def _parts(
    typed: str, found: list[Number]
) -> tuple[dict[int, list[Number]], dict[int, tuple[int, int]]]:
    """Cut a sentence so that no part without a wanted number stands alone; parts by their order."""
    cuts = [match.end() for match in _CUT.finditer(typed)]
    edges = [0, *cuts, len(typed)]
    parts: dict[int, list[Number]] = {}
    for number in found:
        parts.setdefault(bisect_right(cuts, number.start), []).append(number)
    bounds: dict[int, tuple[int, int]] = {}
    start = 0
    ordered = sorted(parts)
    for part, following in zip(ordered, [*ordered[1:], None], strict=True):
        # What goes before a number introduces it; what follows the last one belongs to it.
        end = len(typed) if following is None else edges[part + 1]
        bounds[part] = (start, end)
        start = end
    return parts, bounds


def _years(typed: str) -> frozenset[int]:
    """Return the years named in a text apart from those in dates, which say when, not what for."""
    spans = [(found.start, found.end) for found in dates(typed)]
    starts = [start for start, _ in spans]
    years: set[int] = set()
    for match in _YEAR.finditer(typed):
        span = bisect_right(starts, match.start()) - 1
        if span < 0 or match.start() >= spans[span][1]:
            years.add(int(match.group()))
    for period in year_spans(typed):
        years.update(range(period.first, period.last + 1))
    return frozenset(years)


def _columns(years: frozenset[int], known: Figures) -> tuple[int, ...]:
    return tuple(i for i, year in enumerate(known.table.years) if year in years)

"""Tables where only spaces part the cells, as copied from a PDF. Pure.

A cell can be broken over lines, and the heading is wrapped. Which figures make one number is found
in `figures.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from financing.verification.figures import DASH, GROUP, Figure
from financing.verification.numbers import FOOTNOTE
from financing.verification.words import (
    is_heading,
    is_year,
    stands_over_amounts,
)

# A longer line is no line of a table.
_MAX_LINE = 1000
_FIGURES = re.compile(r"[-\u2212]?\d[\d.,\u00a0\u202f]*(?:,?[-\u2013\u2014])?")
_FOOTNOTE = re.compile(rf"(?<=\d){FOOTNOTE}(?= |$)")
_CURRENCY = re.compile(r"kr\.?|nok|kroner", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile("\\b(kr\\.?|nok|kroner)[\u00a0\u202f]*(?=\\d)", re.IGNORECASE)
_PER_INHABITANT = re.compile(r"(?:\b(?:kr\.?|kroner))? *(?:/|\bpr\b\.?|\bper\b) *innb\w*\.?", re.I)


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
        if len(line) > _MAX_LINE:
            result.unread.append(line)
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
    line = _FOOTNOTE.sub("", _CURRENCY_BEFORE.sub(r"\1 ", line))
    line = _PER_INHABITANT.sub(" ", line)
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
    return any(kind.fullmatch(token) for kind in (_FIGURES, DASH, _CURRENCY))


def _figures(tokens: Sequence[tuple[str, str]]) -> list[Figure]:
    figures: list[Figure] = []
    free = False  # after «kr» a new number begins
    for gap, token in tokens:
        if _FIGURES.fullmatch(token) or DASH.fullmatch(token):
            joins = bool(figures) and free and len(gap) < 2 and GROUP.fullmatch(token) is not None
            figures.append(Figure(token, joins))
            free = True
        else:
            free = False
    return figures

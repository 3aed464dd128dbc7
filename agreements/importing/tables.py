"""Finding tables and signature blocks among the lines of a point. Pure.

A PDF's table comes out as short lines: a heading cell may take two lines, and empty cells leave
nothing. The lines are kept as they stand; what the figures should be is the financing plan's to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agreements.importing.lines import Line, ended, starts_lower

_HEAD = re.compile(
    r"(?:fylkes)?kommun(?:er?|ar)\s*/?$|(?:fylkes)?kommun(?:er?|ar)[\s/]+(?:fylkeskommune|(?:antall\s+|talet\s+på\s+)?innbygg)"
    r"|(?:antall\s+|talet\s+på\s+)?(?:innbyggere\b|innbyggj?arar\b|innbygg(?:er|j?ar)\w*tall?|folketal)"
    r"|(?:avtale)?part(?:er|ar)?$|(?:stk\s?pris|sats|bidrag|tilskot|beløp)\b"
    r"|(?:sum\s+)?(?:år\s+)?(?:19|20)\d\d$|sum\s+år\b|per\s+(?:q\d|1\.)",
    re.IGNORECASE,
)
_SUM = re.compile(r"(?:sum|totalt?|i alt|til saman|samla|samlet)\b(?!\s+år)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:kr\.?\s*)?[-−]?\d[\d\s.,\u00a0]*(?:,-|%)?", re.IGNORECASE)
_BULLET = re.compile(r"[•●▪◦*\uf0b7]|[-–o]\s")
_NAME = re.compile(r"[A-ZÆØÅ][^\d]{0,40}")
_LONGEST = 110  # characters: a row of names and figures is shorter than a line of running text
_FILL = re.compile(r"_{3,}|\.{5,}|…{2,}")
_SIGNING = re.compile(
    r"(?:sted|dato|stad|underskrift|signatur|navn|namn|tittel|for\b|på vegne|ordfør[ea]r"
    r"|fylkesordfør[ea]r|kommunedirektør|fylkeskommunedirektør|direktør|avdelingsdirektør)",
    re.IGNORECASE,
)
_PLACE_DATE = re.compile(r"[A-ZÆØÅ]\w+(?: \w+)?,? (?:den )?\d{1,2}\.")
_NAME_WORD = re.compile(
    r"[A-ZÆØÅÁČĐŊŠŽ].*|kommune|fylkeskommune|og|i|for|av|sitt|interkommunalt|råd|regionråd"
)


@dataclass(frozen=True, slots=True)
class Region:
    """Lines with index `start` up to `stop`."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows as text: first those of its head, then the rest."""

    head: tuple[tuple[Line, ...], ...]
    rows: tuple[tuple[Line, ...], ...]
    columns: int | None  # None where the lines do not show it


def find_tables(lines: Sequence[Line]) -> tuple[Region, ...]:
    """Return the tables: runs of short lines that begin with a head and hold a sum or two rows of figures."""
    found: list[Region] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if not (_HEAD.match(line.text) or len(line.cells) >= 3) or not _short(line):
            index += 1
            continue
        stop = last = index
        while stop < len(lines) and (not lines[stop].text or _short(lines[stop])):
            last = stop if lines[stop].text else last
            stop += 1
        rows = [line.text for line in lines[index : last + 1] if line.text]
        figures = sum(_is_row(row) for row in rows)
        if len(rows) >= 3 and (figures >= 2 or any(_SUM.match(row) for row in rows)):
            found.append(Region(index, last + 1))
        index = last + 1
    return tuple(found)


def read_table(lines: Sequence[Line]) -> Table:
    """Gather the lines of one table into rows. A line of figures only goes on from the row above."""
    head: list[list[Line]] = []
    rows: list[list[Line]] = []
    for line in lines:
        if not line.text:
            continue
        in_head = not rows and bool(_HEAD.match(line.text) or (head and starts_lower(line.text)))
        goal = head if in_head else rows
        goes_on = starts_lower(line.text) or _NUMBER.match(line.text) is not None
        if goal and goes_on and not re.match(r"\d{4}\s+[A-ZÆØÅ]", line.text):
            goal[-1].append(line)
        else:
            goal.append([line])
    widths = {len(line.cells) for part in (*head, *rows) for line in part}
    return Table(
        tuple(map(tuple, head)),
        tuple(map(tuple, rows)),
        widths.pop() if len(widths) == 1 and 1 not in widths else None,
    )


def find_signatures(lines: Sequence[Line]) -> Region | None:
    """Return the block of signatures in the text after the last heading, if there is one.

    It is the run of lines around names side by side or lines to write on, after an empty line,
    where every line is a name, a title, a place or a field.
    """
    index = 0
    while index < len(lines):
        if not (_FILL.search(lines[index].text) or _names_side_by_side(lines[index])):
            index += 1
            continue
        stop = index
        while stop < len(lines) and (not lines[stop].text or _may_sign(lines[stop])):
            stop += 1
        start = _first_signature(lines, index)
        if start is not None:
            return Region(start, stop)
        index = stop + 1
    return None


def _first_signature(lines: Sequence[Line], index: int) -> int | None:
    """Return where the block around `index` begins: the farthest line up that follows an empty line.

    A name may also end a sentence («… verneting er / Oslo»), so the text above must have ended. The
    line at `index` itself can be nothing but a signature and needs only the empty line.
    """
    found = None
    position = index
    while position >= 0 and _may_sign(lines[position]):
        above = position - 1
        while above >= 0 and not lines[above].text:
            above -= 1
        if above < 0 or (above < position - 1 and ended(lines[above].text)):
            found = position
        elif position == index and above < position - 1:
            found = index
        position = above
    return found


def _short(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST or _BULLET.match(text) or text.endswith((":", ";")):
        return False
    words = [word for word in text.split() if not _NUMBER.fullmatch(word)]
    return len(words) <= 7 and not (text.endswith(".") and len(words) > 3)


def _is_row(text: str) -> bool:
    """Tell whether a line is a name followed by figures only."""
    name = _NAME.match(text)
    if name is None:
        return False
    figures = text[name.end() :].split()
    return bool(figures) and all(
        _NUMBER.fullmatch(word) or word.casefold() in ("kr", "kr.") for word in figures
    )


def _may_sign(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST or _BULLET.match(text) or re.match(r"vedlegg|\d", text, re.IGNORECASE):
        return False
    if _FILL.search(text):
        return True
    if len(text.split()) > 3 and text.endswith((".", ";", ",")):
        return False
    if _SIGNING.match(text):
        return len(text.split()) <= 8
    return all(map(_is_name, line.cells)) or bool(_PLACE_DATE.match(text))


def _names_side_by_side(line: Line) -> bool:
    return len(line.cells) >= 2 and _may_sign(line) and all(map(_is_name, line.cells))


def _is_name(cell: str) -> bool:
    words = re.split(r"[\s/]+", cell.strip("/ "))
    return cell[:1].isupper() and len(words) <= 6 and all(map(_NAME_WORD.fullmatch, words))

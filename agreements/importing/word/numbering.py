"""The numbers and bullets that Word writes before paragraphs, computed as Word does. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from agreements.importing.word.names import W, child, number, value

LEVELS = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
_ROMAN_SMALL = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    form: str = "bullet"  # Word's name: «decimal», «bullet», «lowerLetter», «none» …
    text: str = ""  # «%1.%2»
    start: int = 1
    restart: int | None = None  # 0: never; n: after level n only
    style: str = ""  # the paragraph style it is bound to


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: «5.2», and how it is counted."""

    text: str
    form: str
    level: int  # from 0
    value: int
    list_id: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has been counted."""

    lists: dict[str, tuple[str, dict[int, Level]]]  # numId: (abstract list, its levels)
    styles: dict[str, tuple[str, int]]  # paragraph style: (numId, level) by the list's own word
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, num_id: str, level: int) -> Label | None:
        """Count one paragraph; None where it has no list."""
        found = self.lists.get(num_id)
        if found is None:
            return None
        abstract, levels = found
        level = min(level, LEVELS - 1)
        own = levels.get(level, Level())
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        now = counts[level]
        counts[level] = own.start if now is None else now + 1
        for deeper in range(level + 1, LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart and level < restart):
                counts[deeper] = None
        text = own.text
        if own.form not in ("bullet", "none"):
            for place in range(level + 1):
                shown = levels.get(place, Level())
                count = counts[place]
                if count is None:  # a level that was jumped over counts as begun
                    count = counts[place] = shown.start
                text = text.replace(f"%{place + 1}", _written(count, shown.form))
        return Label(text.strip(), own.form, level, counts[level] or 0, abstract)


def read(root: etree._Element | None) -> Numbering:
    """Read numbering.xml; none of it is needed."""
    if root is None:
        return Numbering({}, {})
    abstracts: dict[str, dict[int, Level]] = {}
    linked: dict[str, str] = {}  # a list that has its levels from the list of a style
    for node in root.findall(W + "abstractNum"):
        key = node.get(W + "abstractNumId", "")
        abstracts[key] = _levels(node)
        if style := value(node, "styleLink"):
            linked[style] = key
    for node in root.findall(W + "abstractNum"):
        style = value(node, "numStyleLink")
        if style in linked:
            abstracts[node.get(W + "abstractNumId", "")] = abstracts[linked[style]]
    lists: dict[str, tuple[str, dict[int, Level]]] = {}
    styles: dict[str, tuple[str, int]] = {}
    for node in root.findall(W + "num"):
        key, abstract = node.get(W + "numId", ""), value(node, "abstractNumId") or ""
        levels = dict(abstracts.get(abstract, {}))
        overridden = _overrides(node, levels)
        lists[key] = (f"{abstract}/{key}" if overridden else abstract, levels)
        for depth, level in levels.items():
            if level.style:
                styles.setdefault(level.style, (key, depth))
    return Numbering(lists, styles)


def _levels(node: etree._Element) -> dict[int, Level]:
    found = {}
    for level in node.findall(W + "lvl"):
        depth = number(level.get(W + "ilvl"), 0, LEVELS - 1)
        restart = value(level, "lvlRestart")
        found[depth] = Level(
            value(level, "numFmt") or "decimal",
            (value(level, "lvlText") or "")[:60],
            number(value(level, "start"), 1),
            None if restart is None else number(restart, 0, LEVELS),
            value(level, "pStyle") or "",
        )
    return found


def _overrides(node: etree._Element, levels: dict[int, Level]) -> bool:
    """Put in what a list has of its own; tell whether it counts by itself."""
    apart = False
    for override in node.findall(W + "lvlOverride"):
        depth = number(override.get(W + "ilvl"), 0, LEVELS - 1)
        for level in _levels(override).values():
            levels[depth] = level
        if child(override, "startOverride") is not None:
            old = levels.get(depth, Level("decimal", "%1."))
            start = number(value(override, "startOverride"), 1)
            levels[depth] = Level(old.form, old.text, start, old.restart, old.style)
            apart = True
    return apart


def _written(count: int, form: str) -> str:
    match form:
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (count - 1) % 26) * min(1 + (count - 1) // 26, 20)
            return letter if form == "lowerLetter" else letter.upper()
        case "lowerRoman" | "upperRoman":
            roman = _roman(min(count, 4999))
            return roman if form == "lowerRoman" else roman.upper()
        case "decimalZero":
            return f"{count:02}"
        case "none" | "bullet":
            return ""
        case _:
            return str(count)


def _roman(count: int) -> str:
    written = ""
    for worth, letters in (*_ROMAN, *_ROMAN_SMALL):
        while count >= worth:
            written, count = written + letters, count - worth
    return written


def parts(label: str) -> tuple[int, ...]:
    """Read «5.2.1» of a label as (5, 2, 1); empty where it has anything but numbers."""
    bare = label.strip().rstrip(".):")
    found = re.fullmatch(r"(?:§\s*)?(\d{1,3}(?:\.\d{1,3}){0,8})", bare)
    return tuple(int(part) for part in found[1].split(".")) if found else ()

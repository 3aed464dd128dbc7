"""Finding page numbers and repeated headers and footers: what belongs to the paper, not the text. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from agreements.importing.lines import Line

PAGE_NUMBER = "Sidetall. Settes på nytt når avtalen skrives ut."
REPEATED = "Topp- eller bunntekst som gjentas på sidene. Hører ikke til avtaleteksten."
_LABELLED = re.compile(r"(?:side|page)\s*\d{1,3}(?:\s*(?:av|of|/)\s*\d{1,3})?", re.IGNORECASE)
_BARE = re.compile(r"[-–]?\s*(\d{1,3})\s*[-–]?|(\d{1,3})\s*(?:av|/)\s*\d{1,3}")
# Points and list items are text even where two pages happen to begin alike.
_TEXT_START = re.compile(r"\d{1,2}[.)\s]|[•*▪●\uf0b7-]|o ")


def furniture(lines: Sequence[Line]) -> dict[int, str]:
    """Return index in `lines` -> why, for the lines that are page furniture.

    A bare number counts only where a page begins or ends and the file has page breaks; a repeated
    line only where it stands at the same edge of at least two pages and of half of them. The first page's
    own head is never furniture: that is where the title stands.
    """
    found = {
        index: PAGE_NUMBER for index, line in enumerate(lines) if _LABELLED.fullmatch(line.text)
    }
    pages: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.text and index not in found:
            pages[line.page].append(index)
    if len(pages) < 2:
        return found
    for _ in range(3):  # a header or footer of up to three lines
        taken = _bare_numbers(lines, pages) | _repeated(lines, pages)
        if not taken:
            break
        found |= taken
        for page in pages:
            pages[page] = [index for index in pages[page] if index not in taken]
    return found


def _bare_numbers(lines: Sequence[Line], pages: dict[int, list[int]]) -> dict[int, str]:
    found = {}
    for page, indexes in pages.items():
        for index in indexes[:1] + indexes[-1:]:
            match = _BARE.fullmatch(lines[index].text)
            # The number must be near the page's own: «50» at the end of page 3 is a figure.
            if match and abs(int(match[1] or match[2]) - page) <= 2:
                found[index] = PAGE_NUMBER
    return found


def _repeated(lines: Sequence[Line], pages: dict[int, list[int]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for edge in (0, -1):
        places: dict[str, list[int]] = defaultdict(list)
        for indexes in pages.values():
            if indexes:
                places[_pattern(lines[indexes[edge]].text)].append(indexes[edge])
        for pattern, indexes in places.items():
            if pattern and len(indexes) >= max(2, len(pages) / 2):
                head_of_first = indexes[0] if edge == 0 and lines[indexes[0]].page == 1 else None
                found |= {index: REPEATED for index in indexes if index != head_of_first}
    return found


def _pattern(text: str) -> str:
    """Return what two headers have in common: the text with its digits alike. Empty for body text."""
    if _TEXT_START.match(text) or text.endswith((":", ";", ",")) or not re.search(r"[^\W\d]", text):
        return ""
    return re.sub(r"\d+", "#", text.casefold())

"""Counting the words of a plain text and of what it was read as: none may be lost on the way.

A word is what stands between spaces; a hyphen or dash divides it, since a line end there may be taken
away. Signs of layout are no words: list markers, and the stops after numbers and headings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from agreements.domain import markup
from agreements.domain.document import ServiceLevel
from agreements.importing.result import UNPLACED_KEY, Imported, ImportedClause

FACTS = {
    "liste.kvalitetskrav": ServiceLevel.QUALITY,
    "liste.minimumstjenester": ServiceLevel.MINIMUM,
    "liste.tilleggstjenester": ServiceLevel.ADDITIONAL,
}
UNSEEN = "\ufeff\u200b\u200e\u2066\x07"
_MARKERS = "•●▪◦‣■□►➢✓∙⁃\uf0a7\uf0b7\uf0d8\uf0fc"


def words(text: str) -> list[str]:
    """Return the words of `text`."""
    text = unicodedata.normalize("NFC", "".join(char for char in text if char not in UNSEEN))
    tokens = (token.lstrip(_MARKERS) for token in text.split())
    parts = (part for token in tokens for part in re.findall(r"[^-–]*[-–]|[^-–]+", token))
    bare = (part.rstrip(".:)") or part.rstrip(":") for part in parts)
    return [part for part in bare if part not in {*"-–—*o+", ""}]


def found(imported: Imported) -> list[str]:
    """Return all words of the result, each once: the text of `left` that is kept stands in a clause."""
    away = (line.text for line in imported.left if not line.kept)
    return words(imported.title) + placed(imported) + unplaced(imported) + words(" ".join(away))


def placed(imported: Imported) -> list[str]:
    """Return the words of the numbered points in reading order, the service lists in their places."""
    points = [clause for clause in imported.clauses if clause.key != UNPLACED_KEY]
    return [word for clause in walk(points) for word in clause_words(clause, imported)]


def unplaced(imported: Imported) -> list[str]:
    """Return the words of the clause of unplaced text."""
    clauses = [clause for clause in imported.clauses if clause.key == UNPLACED_KEY]
    return [word for clause in clauses for word in words(plain(markup.parse(clause.text)))]


def clause_words(clause: ImportedClause, imported: Imported) -> list[str]:
    """Return the words of one point: number, heading and text."""
    heading = plain((markup.Paragraph(markup.parse_inline(clause.heading)),))
    text = plain(markup.parse(clause.text), imported)
    return words(f"{clause.number_as_printed} {heading} {text}")


def walk(clauses: Iterable[ImportedClause]) -> Iterator[ImportedClause]:
    """Yield every clause in reading order."""
    for clause in clauses:
        yield clause
        yield from walk(clause.children)


def plain(blocks: Iterable[markup.Block], imported: Imported | None = None) -> str:
    """Return clause text as a reader sees it, one line per paragraph and item."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case markup.Paragraph(inlines):
                assert all(isinstance(part, markup.Text) and not part.bold for part in inlines)
                lines.append(
                    "".join(part.text for part in inlines if isinstance(part, markup.Text))
                )
            case markup.ListBlock(ordered, items):
                for number, item in enumerate(items, start=1):
                    lines.append(f"{number}. " if ordered else "")
                    lines[-1] += plain(item, imported)
            case markup.BlockFact(name):
                assert imported is not None
                lines += [text for level, text in imported.services if level == FACTS[name]]
    return "\n".join(lines)


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    """Tell whether `part` stands in `whole` in the same order, with other words between."""
    rest = iter(whole)
    return all(word in rest for word in part)


def tree(imported: Imported) -> dict[str, list[str]]:
    """Return number as printed -> numbers of the points below it."""
    return {
        clause.number_as_printed.rstrip("."): [below.number_as_printed for below in clause.children]
        for clause in walk(imported.clauses)
    }


def text_of(imported: Imported, number: str) -> str:
    """Return the text of the first point with a number."""
    return next(c.text for c in walk(imported.clauses) if c.number_as_printed.rstrip(".") == number)


def assert_nothing_lost(text: str, imported: Imported) -> None:
    """Check that all words are found, in order, and that every line is accounted for."""
    given_words = words(text)
    assert Counter(found(imported)) == Counter(given_words)
    assert is_subsequence(placed(imported), given_words)
    assert is_subsequence(unplaced(imported), given_words)
    lines = {n for n, line in enumerate(re.split(r"\r\n|\r|\n", text), 1) if words(line)}
    told = {n for entry in imported.report for n in range(entry.line_from, entry.line_to + 1)}
    assert lines <= told | {line.line_number for line in imported.left}

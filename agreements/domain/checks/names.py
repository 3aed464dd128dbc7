"""Finding names in text: whole words, the longest name first, with the endings Norwegian puts on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_MAX_GAP = 3  # spaces inside a name
_REMEMBERED = 1000  # characters of a text that is remembered; a sentence or a paragraph
_SENTENCE_START = re.compile(r"[.!?:;(«]\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text: where it stands, and the name as it was given to the finder."""

    start: int
    end: int
    name: str


class NameFinder:
    """Finds given names in texts. Reading a text is linear in its length, however many the names are.

    «Viken fylkeskommunes» and «Viken fk» are found as «Viken fylkeskommune». «Vest-Viken» is one
    word and never holds «Viken». A name of one word needs its capital, and with `standalone` it is
    left out where a capitalised neighbour shows it to be part of a longer name («Østre Viken Energi»).
    """

    def __init__(self, names: Iterable[str], *, standalone: bool = False) -> None:
        self._standalone = standalone
        self._by_first_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in dict.fromkeys(names):
            words = tuple(word.group().lower() for word in _WORD.finditer(name))
            if words:
                self._by_first_word.setdefault(words[0], []).append((words, name))
        for candidates in self._by_first_word.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))
        self._read = lru_cache(maxsize=512)(lambda text: tuple(self._in(text)))

    def find(self, text: str) -> tuple[Found, ...]:
        """Return the names in `text` in order, never overlapping. Texts it has read are remembered."""
        return self._read(text) if len(text) <= _REMEMBERED else tuple(self._in(text))

    def _in(self, text: str) -> Iterator[Found]:
        words = list(_WORD.finditer(text))
        position = 0
        while position < len(words):
            found = self._at(text, words, position)
            if found is None:
                position += 1
            else:
                length, name = found
                last = words[position + length - 1]
                yield Found(words[position].start(), last.end(), name)
                position += length

    def _at(self, text: str, words: list[re.Match[str]], position: int) -> tuple[int, str] | None:
        first = words[position].group().lower()
        for stem in _stems(first):
            for candidate, name in self._by_first_word.get(stem, ()):
                length = len(candidate)
                if length == 1:
                    if self._stands_alone(text, words, position):
                        return 1, name
                elif first == candidate[0] and _follows(text, words, position, candidate):
                    return length, name
        return None

    def _stands_alone(self, text: str, words: list[re.Match[str]], position: int) -> bool:
        word = words[position]
        if not word.group()[0].isupper():
            return False
        if not self._standalone:
            return True
        before = words[position - 1] if position else None
        after = words[position + 1] if position + 1 < len(words) else None
        if after is not None and after.group()[0].isupper() and _only_space(text, word, after):
            return False
        return (
            before is None
            or not before.group()[0].isupper()
            or not _only_space(text, before, word)
            or (before.start() == 0 and len(before.group()) <= 3)  # «I Viken …», «For Viken …»
            or _SENTENCE_START.search(text[max(0, before.start() - 3) : before.start()]) is not None
        )


@lru_cache(maxsize=64)
def finder(names: tuple[str, ...], *, standalone: bool = False) -> NameFinder:
    """The finder of these names: the one that has read the texts of a draft before a word was changed."""
    return NameFinder(names, standalone=standalone)


def _only_space(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    gap = right.start() - left.end()
    return 0 < gap <= _MAX_GAP and text[left.end() : right.start()].isspace()


def _follows(
    text: str, words: list[re.Match[str]], position: int, candidate: tuple[str, ...]
) -> bool:
    """Tell whether the words from `position` are `candidate`, apart from the last one's ending."""
    end = position + len(candidate)
    if end > len(words):
        return False
    for offset in range(1, len(candidate)):
        word = words[position + offset]
        if not _only_space(text, words[position + offset - 1], word):
            return False
        if candidate[offset] == word.group().lower():
            continue
        if offset < len(candidate) - 1 or candidate[offset] not in _stems(word.group().lower()):
            return False
    return True


def _stems(word: str) -> Iterator[str]:
    """Yield what a lower-case word can be an inflection or abbreviation of, itself first."""
    yield word
    if word in {"fk", "fks"}:
        yield "fylkeskommune"
    for ending in ("'s", "’s", "s"):
        if word.endswith(ending):
            yield word.removesuffix(ending)
            break
    for ending in ("kommunen", "kommunens"):
        if word.endswith(ending):
            yield word[: word.rindex("kommune") + len("kommune")]

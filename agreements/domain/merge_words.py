"""Two changes of one wording put together, word by word. Pure.

    merged = merge(base, ours, theirs)

As diff3 does with lines: what only one side has changed is taken from that side. Where both have
changed the same words, or words that stand next to each other, nobody but a person can tell what it
should say: «fire uker» against «seks uker» and «fire måneder» must not become «seks måneder».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.domain import diff_order, wordings

# Where words of the base were replaced: from, to, and what stands there instead.
_Hunk = tuple[int, int, list[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with both changes. In a conflict it is ours, whole."""

    text: str
    conflict: bool = False


def merge(base: str, ours: str, theirs: str) -> Merged:
    """Put our change and theirs of `base` together.

    The result is theirs where we changed nothing and ours where they changed nothing; the same change
    made by both is made once.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    words = wordings.words(base)
    found: list[str] = []
    place = 0
    for start, end, mine, other in _clusters(_hunks(words, ours), _hunks(words, theirs)):
        found += words[place:start]
        place = end
        one, two = (_applied(words, start, end, hunks) for hunks in (mine, other))
        if mine and other and one != two:
            return Merged(ours, conflict=True)
        found += one if mine else two
    return Merged("".join([*found, *words[place:]]))


def _hunks(words: list[str], text: str) -> list[_Hunk]:
    """Return how the base's words became the text, in order and apart from each other."""
    after = wordings.words(text)
    return [
        (i1, i2, after[j1:j2])
        for tag, i1, i2, j1, j2 in diff_order.opcodes(words, after)
        if tag != "equal"
    ]


def _clusters(
    ours: Sequence[_Hunk], theirs: Sequence[_Hunk]
) -> list[tuple[int, int, list[_Hunk], list[_Hunk]]]:
    """Put changes that meet in one place together: (from, to, ours, theirs)."""
    sides = [(hunk, 0) for hunk in ours] + [(hunk, 1) for hunk in theirs]
    clusters: list[tuple[int, int, list[_Hunk], list[_Hunk]]] = []
    for hunk, side in sorted(sides, key=lambda pair: (pair[0][0], pair[0][1])):
        start, end, _ = hunk
        if clusters and start <= clusters[-1][1]:
            first, last, mine, other = clusters[-1]
            clusters[-1] = (first, max(last, end), mine, other)
        else:
            clusters.append((start, end, [], []))
        clusters[-1][2 + side].append(hunk)  # type: ignore[union-attr]
    return clusters


def _applied(words: list[str], start: int, end: int, hunks: list[_Hunk]) -> list[str]:
    """Return what one side has in the place of the base's words from `start` to `end`."""
    found: list[str] = []
    place = start
    for first, last, new in hunks:
        found += [*words[place:first], *new]
        place = last
    return [*found, *words[place:end]]

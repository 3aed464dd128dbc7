"""The difference between two wordings of one point, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A word with the space after it; a fact or a reference is one word, whatever stands inside it.
_WORD = re.compile(r"(?:\{\{[^{}\n]*\}\}|\[\[[^\[\]\n]*\]\]|\w+|\n|[^\w\s])[^\S\n]*|\s+")
# The matcher's time grows with the product of the two lengths, and more in bad cases. What is left when
# this many pairs have been compared is shown as removed and added as a whole.
MOST_PAIRS = 250_000
_ISLAND = 2

_Blocks = list[tuple[bool, list[str], list[str]]]


@dataclass(frozen=True, slots=True)
class WordRun:
    """Text that is the same in both wordings, or only in the one before or the one after."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_runs(before: str, after: str) -> tuple[WordRun, ...]:
    """Return the runs in reading order, what is removed before what is added.

    The runs that are not added spell `before`, those that are not removed spell `after`. Lines are
    compared first, then the words of those that differ.
    """
    runs: list[WordRun] = []
    for same, old, new in parts(before, after):
        if same and runs and runs[-1].kind == "same":
            runs[-1] = WordRun("same", runs[-1].text + old)
        elif same:
            runs.append(WordRun("same", old))
        else:
            changed = WordRun("removed", old), WordRun("added", new)
            runs += [run for run in changed if run.text]
    return tuple(run for run in runs if run.text)


def parts(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """Yield (same, part of `before`, part of `after`) in reading order."""
    left = MOST_PAIRS
    for same, old, new in _blocks(
        before.splitlines(keepends=True), after.splitlines(keepends=True)
    ):
        if same:
            yield True, "".join(old), "".join(new)
            continue
        pair = words("".join(old)), words("".join(new))
        pairs = len(pair[0]) * len(pair[1])
        compared = _blocks(*pair) if pairs <= left else [(False, *pair)]
        left -= min(pairs, left)
        for equal, gone, come in _without_islands(compared):
            if equal:
                yield True, "".join(gone), "".join(come)
            else:
                yield from _behind_the_same("".join(gone), "".join(come))


def _behind_the_same(old: str, new: str) -> Iterator[tuple[bool, str, str]]:
    """Where something is only put in behind a word, or taken away there, the word is the same.

    It looks changed, as a space has come or gone after it.
    """
    shorter, longer = sorted((old, new), key=len)
    head = shorter.rstrip()
    if head and longer.startswith(head) and longer[len(head) :][:1].isspace():
        yield True, head, head
        old, new = old[len(head) :], new[len(head) :]
    yield False, old, new


def words(text: str) -> list[str]:
    """Cut a text into words with the space after them; joined they spell it."""
    return _WORD.findall(text)


def _blocks(old: list[str], new: list[str]) -> _Blocks:
    """Return (same, part of old, part of new) in order."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(False, old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(tag == "equal", old[a:b], new[c:d]) for tag, a, b, c, d in matcher.get_opcodes()]


def _without_islands(blocks: _Blocks) -> _Blocks:
    """Take one or two characters that happen to be the same between two changes as changed too."""
    joined: _Blocks = []
    for place, (same, old, new) in enumerate(blocks):
        island = same and 0 < place < len(blocks) - 1 and len("".join(old).strip()) <= _ISLAND
        if (not same or island) and joined and not joined[-1][0]:
            joined[-1] = (False, joined[-1][1] + old, joined[-1][2] + new)
        else:
            joined.append((same, old, new))
    return joined

"""What stands in another order than before, and how two sequences line up. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Opcode = tuple[str, int, int, int, int]  # as difflib's, with only «equal» and «replace»

# How many pairs of equal items difflib may look at. A real clause has some thousands; a text that
# says the same word ten thousand times would keep it busy for hours.
MOST_PAIRS = 2_000_000


def moved(before: Sequence[Item], after: Sequence[Item]) -> frozenset[Item]:
    """Return the fewest items, of those in both sequences, that explain their new order.

    What is only in one sequence moves nothing: an item pushed down by a new one has not moved. Each
    sequence names an item once.
    """
    places = {item: place for place, item in enumerate(before)}
    common = [item for item in after if item in places]
    # The longest run of items whose places rise: those stayed, the others were moved past them.
    ends: list[int] = []  # the lowest place that a rising run of each length ends at
    lengths: list[int] = []
    for item in common:
        length = bisect_left(ends, places[item])
        ends[length : length + 1] = [places[item]]
        lengths.append(length)
    stayed, wanted = set(), len(ends) - 1
    for item, length in zip(reversed(common), reversed(lengths), strict=True):
        if length == wanted:
            stayed.add(item)
            wanted -= 1
    return frozenset(common) - stayed


def merged(before: Sequence[Item], after: Sequence[Item]) -> list[Item]:
    """Return every item once, in the order of `after`; what is only in `before` after its neighbour."""
    kept = set(after)
    dropped: dict[Item | None, list[Item]] = {}
    anchor: Item | None = None
    for item in before:
        if item in kept:
            anchor = item
        else:
            dropped.setdefault(anchor, []).append(item)
    order = list(dropped.get(None, []))
    for item in after:
        order += [item, *dropped.get(item, [])]
    return order


def opcodes(before: Sequence[Item], after: Sequence[Item]) -> list[Opcode]:
    """Return how `before` becomes `after`, as difflib does: (tag, i1, i2, j1, j2).

    Nothing is junk, neither by its length nor by how often it occurs: «ikke» is both short and
    frequent. What is alike at both ends is set aside first, so that a small change in a long text
    costs little; and where two sequences are of one length, they are also compared place by place,
    because difflib, which goes for the longest match, may find more changes than there are.
    """
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    found: list[Opcode] = [("equal", 0, start, 0, start)]
    found += [
        (tag, i1 + start, i2 + start, j1 + start, j2 + start)
        for tag, i1, i2, j1, j2 in _middle(old, new)
    ]
    last_old, last_new = len(before) - end, len(after) - end
    found.append(("equal", last_old, len(before), last_new, len(after)))
    return [code for code in found if code[1] < code[2] or code[3] < code[4]]


def _alike(one: Sequence[Item], other: Sequence[Item]) -> int:
    """How many items at the beginning are the same."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _middle(old: Sequence[Item], new: Sequence[Item]) -> list[Opcode]:
    if not old or not new:
        return [("replace", 0, len(old), 0, len(new))]
    in_place = list(_in_place(old, new)) if len(old) == len(new) else None
    frequency = Counter(new)
    if sum(frequency[item] for item in old) > MOST_PAIRS:
        return in_place or [("replace", 0, len(old), 0, len(new))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = [
        ("equal" if tag == "equal" else "replace", i1, i2, j1, j2)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]
    return in_place if in_place and _changes(in_place) <= _changes(found) else found


def _in_place(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Opcode]:
    """Compare two sequences of one length place by place."""
    start = 0
    for place in range(1, len(old) + 1):
        same = old[start] == new[start]
        if place == len(old) or (old[place] == new[place]) != same:
            yield ("equal" if same else "replace", start, place, start, place)
            start = place


def _changes(found: list[Opcode]) -> int:
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in found if tag != "equal")

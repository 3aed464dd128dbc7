"""Two wordings written from the same one, put together word by word. Pure.

What only one of them has changed is taken from that one. Where both have changed the same words, and
not to the same, a person must choose; and where they have changed two words beside each other, for
nobody else can tell what it should say: «fire uker» against «seks uker» and «fire måneder» must not become
«seks måneder». Words put in beside a change are no conflict: both are taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from agreements.domain.wordings import parts

Side = Literal["one", "other"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text as it was, as the one has it and as the other has it.

    «one» and «other» tell who alone has changed it, «both» that they have done the same.
    """

    kind: Literal["same", "one", "other", "both", "conflict"]
    base: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Merged:
    """One text made of two. In a conflict it is the first of them, whole."""

    text: str
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class _Edit:
    """`new` in the place of the characters of the base from `start` to `end`."""

    start: int
    end: int
    new: str
    side: Side


def merge(base: str, one: str, other: str) -> tuple[Piece, ...]:
    """Return the pieces in reading order: their `base` spells `base`, and so for `one` and `other`."""
    edits = sorted(
        [*_edits(base, one, "one"), *_edits(base, other, "other")],
        key=lambda edit: (edit.start, edit.end),
    )
    pieces: list[Piece] = []
    done = 0
    for start, end, group in _groups(edits):
        pieces.append(_same(base[done:start]))
        was = base[start:end]
        one_has = _apply(base, start, end, (edit for edit in group if edit.side == "one"))
        other_has = _apply(base, start, end, (edit for edit in group if edit.side == "other"))
        pieces.append(Piece(_kind(group, one_has, other_has), was, one_has, other_has))
        done = end
    pieces.append(_same(base[done:]))
    return tuple(piece for piece in pieces if piece.base or piece.one or piece.other)


def conflicts(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces a person must choose between."""
    return tuple(piece for piece in pieces if piece.kind == "conflict")


def text(pieces: Iterable[Piece], side: Side) -> str:
    """Return the text with the changes of both; where they are in conflict, as `side` has it."""
    taken = []
    for piece in pieces:
        chosen = side if piece.kind == "conflict" else piece.kind
        taken.append(piece.other if chosen == "other" else piece.one)
    return "".join(taken)


def merged(base: str, ours: str, theirs: str) -> Merged:
    """Put our change and theirs of `base` together; ours as it is where a person must choose.

    The result is theirs where we changed nothing and ours where they changed nothing; the same change
    made by both is made once.
    """
    pieces = merge(base, ours, theirs)
    if conflicts(pieces):
        return Merged(ours, conflict=True)
    return Merged(text(pieces, "one"))


def _same(words: str) -> Piece:
    return Piece("same", words, words, words)


def _edits(base: str, changed: str, side: Side) -> list[_Edit]:
    found, place = [], 0
    for same, old, new in parts(base, changed):
        if not same:
            found.append(_Edit(place, place + len(old), new, side))
        place += len(old)
    return found


def _groups(edits: list[_Edit]) -> list[tuple[int, int, list[_Edit]]]:
    """Gather the edits of the same characters, of words side by side, or put in at the same place."""
    groups: list[tuple[int, int, list[_Edit]]] = []
    for edit in edits:
        if groups:
            start, end, group = groups[-1]
            if edit.start < end or (edit.start, edit.end) == (start, end) or _beside(group, edit):
                groups[-1] = (start, max(end, edit.end), [*group, edit])
                continue
        groups.append((edit.start, edit.end, [edit]))
    return groups


def _beside(group: list[_Edit], edit: _Edit) -> bool:
    """Whether an edit changes words right after words that the other has changed."""
    return edit.end > edit.start and any(
        other.side != edit.side and other.end == edit.start > other.start for other in group
    )


def _apply(base: str, start: int, end: int, edits: Iterable[_Edit]) -> str:
    """Return the characters of the base from `start` to `end` with these edits made."""
    written, place = [], start
    for edit in edits:
        written += [base[place : edit.start], edit.new]
        place = edit.end
    return "".join([*written, base[place:end]])


def _kind(
    group: list[_Edit], one_has: str, other_has: str
) -> Literal["one", "other", "both", "conflict"]:
    if len({edit.side for edit in group}) == 1:
        return group[0].side
    return "both" if one_has == other_has else "conflict"

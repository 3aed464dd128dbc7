"""Which parts of an agreement still are the model's words in another language than its own. Pure.

A model agreement has an edition in each written standard, with the same version and the same keys.
When an agreement's language is changed, what the program writes follows by itself; what was copied
from the model into the draft does not. It can be swapped for the other edition's words as long as
nobody has changed it: a text that somebody has worked on is theirs to rewrite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from agreements.domain.document import Language

LANGUAGES = {language.value for language in Language}


class Kind(Enum):
    """What a piece of wording is."""

    CLAUSE = "clause"
    SERVICE = "service"
    TITLE = "title"
    SIGNATORY = "signatory"  # title and mandate of the one who signs for a party
    INVOICING = "invoicing"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in a draft or in an edition. A signatory's title is the heading, the mandate the text.

    `source` is where the edition has the wording from, and not compared.
    """

    kind: Kind
    key: str
    heading: str
    text: str
    source: str = ""

    def same(self, other: Piece | None) -> bool:
        """Whether the words are the same, whatever the blanks at the ends and the kind of line breaks."""
        if other is None:
            return False
        return [_plain(self.heading), _plain(self.text)] == [
            _plain(other.heading),
            _plain(other.text),
        ]


@dataclass(frozen=True, slots=True)
class Swap:
    """A piece that is exactly as one edition has it, and what the other edition has in its place."""

    before: Piece
    after: Piece


@dataclass(frozen=True, slots=True)
class Decision:
    """What can be swapped, what must be rewritten by hand, and how much already is as it should be."""

    swaps: tuple[Swap, ...] = ()
    by_hand: tuple[Piece, ...] = ()
    done: int = 0

    def swaps_of(self, *kinds: Kind) -> tuple[Swap, ...]:
        """The swaps of these kinds, in order."""
        return tuple(swap for swap in self.swaps if swap.before.kind in kinds)


Edition = Mapping[tuple[Kind, str], Piece]


def edition(pieces: Iterable[Piece]) -> dict[tuple[Kind, str], Piece]:
    """The pieces of an edition, findable."""
    return {(piece.kind, piece.key): piece for piece in pieces}


def decide(draft: Iterable[Piece], right: Edition, other: Edition) -> Decision:
    """Compare a draft with the edition in its own language and with the one in the other.

    Pieces without words are left alone. What is neither edition's is somebody's own wording.
    """
    swaps: list[Swap] = []
    by_hand: list[Piece] = []
    done = 0
    for piece in draft:
        place = (piece.kind, piece.key)
        if not (piece.heading.strip() or piece.text.strip()) or piece.same(right.get(place)):
            done += 1
        elif place in right and piece.same(other.get(place)):
            swaps.append(Swap(piece, right[place]))
        else:
            by_hand.append(piece)
    return Decision(tuple(swaps), tuple(by_hand), done)


def begins(title: str, name: str, instead: str) -> str | None:
    """Return a title with the model's name in another language: «Avtale om … i Hallingdal 2026–2028».

    None where the title does not begin with the name, or would begin with the same.
    """
    rest = title.removeprefix(name)
    if not name or rest == title or (rest and not rest.startswith(" ")):
        return None
    return f"{instead}{rest}"


def sibling(slug: str, language: Language) -> str | None:
    """Return the address of a model's edition in a language: «etablerertjenesten_nb» has «…_nn».

    None for a model whose address does not end with a language: it has no other edition.
    """
    stem, mark, own = slug.rpartition("_")
    return f"{stem}_{language.value}" if mark and stem and own in LANGUAGES else None


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())

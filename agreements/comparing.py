"""A clause that two people have changed: what it was, what is stored now, and what was not saved."""

from __future__ import annotations

from dataclasses import dataclass

from agreements import history
from agreements.domain import markup, merging
from agreements.domain.merging import Piece, Side
from agreements.domain.wordings import WordRun, word_runs
from agreements.drafts import Begun
from agreements.models import Clause

Runs = tuple[WordRun, ...]
Wording = tuple[str, str]  # heading and text


@dataclass(frozen=True, slots=True)
class Comparison:
    """The texts side by side. Without `base`, what it was, nothing can be merged.

    `last` is the newest saving of the clause. The differences are from what it was; without that,
    `mine` is compared with what is stored.
    """

    begun: Begun
    stored: Wording
    base: Wording | None
    last: history.State | None
    theirs: tuple[Runs, Runs]
    mine: tuple[Runs, Runs]
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]

    @property
    def conflicts(self) -> tuple[Piece, ...]:
        """The places where both have changed the same words; the heading first."""
        return merging.conflicts(self.heading) + merging.conflicts(self.text)

    @property
    def some_can_be_merged(self) -> bool:
        """Whether there is anything to merge beside the conflicts."""
        return any(piece.kind in ("one", "other") for piece in self.heading + self.text)

    def merged(self, side: Side = "one") -> Wording:
        """Both changes in one wording; in a conflict as I have it («one») or as they have it."""
        return merging.text(self.heading, side), merging.text(self.text, side)

    @property
    def merged_runs(self) -> tuple[Runs, Runs]:
        """What the merged wording changes in what is stored now."""
        return runs(self.stored, self.merged())


def compare(clause: Clause, begun: Begun) -> Comparison:
    """Compare what somebody has begun with the clause as it is now. Two queries.

    What is stored may itself be what the person wants: then both are alike.
    """
    states = history.states(clause.agreement, clause.key)
    base = history.wording_at(states, begun.base_revision)
    stored, mine = (clause.heading, clause.text), (begun.heading, begun.text)
    pieces = [
        merging.merge(was, one, other)
        for was, one, other in zip(_even(base or mine), _even(mine), _even(stored), strict=True)
    ]
    return Comparison(
        begun=begun,
        stored=stored,
        base=base,
        last=states[0] if states else None,
        theirs=runs(base or stored, stored),
        mine=runs(base or stored, mine),
        heading=pieces[0],
        text=pieces[1],
    )


def runs(before: Wording, after: Wording) -> tuple[Runs, Runs]:
    """Return the differences in heading and text, without line breaks that mean nothing."""
    before, after = _even(before), _even(after)
    return word_runs(before[0], after[0]), word_runs(before[1], after[1])


def _even(wording: Wording) -> Wording:
    """Break the lines of the text as the editor does: a text written by hand may break them anywhere."""
    return wording[0], markup.serialise(markup.parse(wording[1]))

"""What differs between two agreements' clauses, matched by their keys. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from agreements.domain import diff_text, numbering
from agreements.domain.diff_order import merged, moved
from agreements.domain.diff_text import Change, Line, Run
from agreements.domain.document import Clause

_Id = tuple[
    str, int
]  # a key and which clause with it, for a key is used twice where it should not be


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause in one or both of two agreements. Numbers and parents are empty where it is not.

    `moved`: it is under another clause, or was moved past one of its neighbours. Another number
    alone is no move: it comes with every clause put in or taken out before it.
    """

    key: str
    title: str  # the heading as it is printed in the newer agreement where it is there
    before_number: str
    after_number: str
    level: int  # 1 for the outermost, as in the newer agreement where it is there
    heading: tuple[Run, ...]
    lines: tuple[Line, ...]
    source: tuple[Run, ...]
    moved: bool = False

    @property
    def change(self) -> Change | None:
        """ADDED, DELETED or KEPT; None where heading, text or source was edited."""
        if not self.before_number:
            return Change.ADDED
        if not self.after_number:
            return Change.DELETED
        changes = [run.change for run in (*self.heading, *self.source)]
        same = all(change is Change.KEPT for change in (*changes, *(x.change for x in self.lines)))
        return Change.KEPT if same else None

    @property
    def renumbered(self) -> bool:
        """Whether it is in both, and has not moved, but its number is another."""
        both = bool(self.before_number and self.after_number)
        return both and not self.moved and self.before_number != self.after_number

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell but a new number."""
        return self.moved or self.change is not Change.KEPT

    @property
    def number(self) -> str:
        """The number in the newer agreement, else in the older."""
        return self.after_number or self.before_number

    @property
    def words(self) -> int:
        """How many words of heading and text were changed."""
        return diff_text.words(self.heading) + diff_text.words_in(self.lines)


@dataclass(frozen=True, slots=True)
class _Place:
    """A clause and where it stands."""

    clause: Clause
    number: str
    level: int
    parent: _Id | None


def compare(
    before: tuple[Clause, ...], after: tuple[Clause, ...], titles: Mapping[str, str]
) -> tuple[ClauseChange, ...]:
    """Compare two trees of clauses: every clause of either, in the order of the newer one.

    One that was taken out stands after the clause it stood after. `titles` are the printed headings.
    """
    old, new = _places(before), _places(after)
    shifted = _moved(old, new)
    return tuple(
        _change(old.get(id_), new.get(id_), titles, moved=id_ in shifted)
        for id_ in merged(list(old), list(new))
    )


def _places(clauses: tuple[Clause, ...]) -> dict[_Id, _Place]:
    """Return every clause in reading order."""
    found: dict[_Id, _Place] = {}
    seen: Counter[str] = Counter()

    def visit(siblings: tuple[Clause, ...], number: str, level: int, parent: _Id | None) -> None:
        for position, clause in enumerate(siblings, start=1):
            id_ = (clause.key, seen[clause.key])
            seen[clause.key] += 1
            own = numbering.child_number(number, position)
            found[id_] = _Place(clause, own, level, parent)
            visit(clause.children, own, level + 1, id_)

    visit(clauses, "", 1, None)
    return found


def _moved(old: Mapping[_Id, _Place], new: Mapping[_Id, _Place]) -> frozenset[_Id]:
    """Return the clauses with another parent, and those moved among their neighbours."""
    both = old.keys() & new.keys()
    found = {id_ for id_ in both if old[id_].parent != new[id_].parent}
    neighbours: dict[_Id | None, tuple[list[_Id], list[_Id]]] = {}
    for side, places in enumerate((old, new)):
        for id_, place in places.items():
            if id_ in both and id_ not in found:
                neighbours.setdefault(place.parent, ([], []))[side].append(id_)
    return frozenset(found.union(*(moved(*pair) for pair in neighbours.values())))


def _change(
    old: _Place | None, new: _Place | None, titles: Mapping[str, str], *, moved: bool
) -> ClauseChange:
    place = new or old
    assert place is not None
    empty = Clause(place.clause.key, "")
    one, other = old.clause if old else empty, new.clause if new else empty
    return ClauseChange(
        key=place.clause.key,
        title=titles.get(place.clause.key, place.clause.heading),
        before_number=old.number if old else "",
        after_number=new.number if new else "",
        level=place.level,
        heading=diff_text.compare_inline(one.heading, other.heading),
        lines=diff_text.compare(one.text, other.text),
        source=diff_text.compare_plain(one.source, other.source),
        moved=moved,
    )

"""A new version of a model agreement brought into an agreement: a three-way merge by key. Pure.

    found = propose(base, theirs, ours)             what the new version means for the agreement
    text = carry_out(base, theirs, ours, chosen)    the agreement when a person has chosen

`base` is the version the agreement was made from, `theirs` the new one, `ours` the agreement. What the
new version changed and the agreement did not is proposed as it is. Where both have changed, the words
are merged; where they cannot be, the proposal is a conflict, and stays undone until a person chooses.
What the agreement alone has changed is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agreements.domain import merging
from agreements.domain.clause_tree import ROOT, ClauseTree
from agreements.domain.diff_order import merged, moved
from agreements.domain.document import Clause, Service, ServiceLevel

MAX_DEPTH = 4  # as `editing` has it


class Kind(StrEnum):
    """What the new version does to a clause."""

    EDIT = "edit"  # heading or text
    ADD = "add"
    RESTORE = "restore"  # it has other words in a clause that the agreement has left out
    REMOVE = "remove"
    MOVE = "move"


class Choice(StrEnum):
    """What a person answers to a proposal."""

    TAKE = "take"
    KEEP = "keep"
    WRITE = "write"  # an EDIT with words of one's own


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to choose. Clauses have no children here, and are None on the sides that lack them.

    `taken` is the clause as it will be if the proposal is taken: with both changes, and the model's
    words in what is in conflict. `parent` is the key of the clause an ADD or a MOVE puts it under.
    """

    kind: Kind
    key: str
    base: Clause | None
    ours: Clause | None
    theirs: Clause | None
    taken: Clause | None = None
    conflict: bool = False
    parent: str = ROOT
    default: Choice = Choice.TAKE

    @property
    def id(self) -> str:
        """Names the proposal among those of one merge."""
        return f"{self.kind.value}-{self.key}"

    @property
    def both(self) -> bool:
        """Whether an EDIT meets an agreement with words of its own."""
        return self.kind is Kind.EDIT and self.ours != self.base


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen, with the wording where it was written."""

    choice: Choice
    heading: str = ""
    text: str = ""


Decisions = Mapping[str, Decision]


def propose(
    base: tuple[Clause, ...], theirs: tuple[Clause, ...], ours: tuple[Clause, ...]
) -> tuple[Proposal, ...]:
    """Return what there is to choose, in the order of the new version; nothing when there is nothing.

    What it took out stands where it stands in the agreement.
    """
    return _propose(ClauseTree(base), ClauseTree(theirs), ClauseTree(ours))


def _propose(base: ClauseTree, theirs: ClauseTree, ours: ClauseTree) -> tuple[Proposal, ...]:
    moves = _moves(base, theirs, ours)
    found = []
    for key in merged(list(ours.clauses), list(theirs.clauses)):
        found += [
            proposal
            for proposal in (_wording(key, base, theirs, ours), moves.get(key))
            if proposal is not None
        ]
    return tuple(found)


def _wording(key: str, base: ClauseTree, theirs: ClauseTree, ours: ClauseTree) -> Proposal | None:
    """What the new version does to a clause, apart from where it stands."""
    was, new, own = (tree.clauses.get(key) for tree in (base, theirs, ours))
    if new is None:
        if was is None or own is None:
            return None
        touched = _words(own) != _words(was) or any(c not in base for c in ours.under(key))
        return Proposal(Kind.REMOVE, key, was, own, None, None, touched, default=_default(touched))
    if own is None:
        if was is None:
            parent = theirs.parents[key]
            left_out = parent in base and parent not in ours
            choice = Choice.KEEP if left_out else Choice.TAKE
            return Proposal(Kind.ADD, key, None, None, new, new, parent=parent, default=choice)
        if _words(new) == _words(was):
            return None
        place = theirs.parents[key]
        return Proposal(Kind.RESTORE, key, was, None, new, new, parent=place, default=Choice.KEEP)
    return _edit(was or Clause(key, ""), new, own)


def _edit(was: Clause, new: Clause, own: Clause) -> Proposal | None:
    if _words(new) == _words(was) or _words(new) == _words(own):
        return None
    heading = merging.merged(was.heading, own.heading, new.heading)
    text = merging.merged(was.text, own.text, new.text)
    conflict = heading.conflict or text.conflict
    taken = replace(
        own,
        heading=new.heading if heading.conflict else heading.text,
        text=new.text if text.conflict else text.text,
        source=new.source if own.source in (was.source, "") else own.source,
    )
    if not conflict and _words(taken) == _words(own):
        return None
    return Proposal(Kind.EDIT, own.key, was, own, new, taken, conflict, default=_default(conflict))


def _default(conflict: bool) -> Choice:
    return Choice.KEEP if conflict else Choice.TAKE


def _words(clause: Clause) -> tuple[str, str]:
    return clause.heading, clause.text


def _moves(base: ClauseTree, theirs: ClauseTree, ours: ClauseTree) -> dict[str, Proposal]:
    """Where the new version has moved clauses that are in all three and stand elsewhere in ours."""
    common = [key for key in theirs.clauses if key in base and key in ours]
    found: dict[str, bool] = {}  # and whether the agreement has moved it too
    together: dict[str, set[str]] = {}
    for key in common:
        was, new, own = (tree.parents[key] for tree in (base, theirs, ours))
        if new != was:
            if own != new:
                found[key] = own != was
        elif own == was:
            together.setdefault(was, set()).add(key)
    for parent, keys in together.items():
        before, wanted, now = (
            [key for key in tree.children[parent] if key in keys] for tree in (base, theirs, ours)
        )
        if wanted not in (before, now):
            found |= dict.fromkeys(moved(now, wanted), now != before)
    return {
        key: Proposal(
            Kind.MOVE,
            key,
            base.clauses[key],
            ours.clauses[key],
            theirs.clauses[key],
            conflict=conflict,
            parent=theirs.parents[key],
            default=_default(conflict),
        )
        for key, conflict in found.items()
    }


def carry_out(
    base: tuple[Clause, ...],
    theirs: tuple[Clause, ...],
    ours: tuple[Clause, ...],
    decisions: Decisions | None = None,
) -> tuple[Clause, ...]:
    """Return the agreement's clauses with what was chosen. Without a choice a proposal's default holds.

    Nothing but a REMOVE that is taken takes a clause out, and what lies under it takes its place. A
    source follows the new version where the agreement has the old version's.
    """
    trees = ClauseTree(base), ClauseTree(theirs), ClauseTree(ours)
    proposals = _propose(*trees)
    return _Merge(*trees, proposals, decisions or {}).done()


@dataclass
class _Merge:
    base: ClauseTree
    theirs: ClauseTree
    ours: ClauseTree  # becomes the result
    proposals: tuple[Proposal, ...]
    decisions: Decisions
    # Clauses put where one that is not there would have stood: several keep their order.
    stand_ins: dict[tuple[str, str], str] = field(default_factory=dict)

    def done(self) -> tuple[Clause, ...]:
        chosen = {p.id: self._decision(p) for p in self.proposals}
        self._sources({p.key for p in self.proposals if p.kind is Kind.EDIT})
        for proposal in self.proposals:
            decision = chosen[proposal.id]
            if decision.choice is Choice.KEEP:
                continue
            if proposal.kind is Kind.EDIT:
                self._edit(proposal, decision)
            elif proposal.kind is Kind.REMOVE:
                self.ours.remove(proposal.key)
        placed = {
            p.key: p
            for p in self.proposals
            if p.kind in (Kind.ADD, Kind.RESTORE, Kind.MOVE)
            and chosen[p.id].choice is not Choice.KEEP
        }
        # What is to be moved is lifted out first: nothing is put beside a clause that will go.
        for key, proposal in placed.items():
            if proposal.kind is Kind.MOVE:
                self.ours.children[self.ours.parents[key]].remove(key)
        for key in self.theirs.clauses:
            if key in placed:
                self._place(key, placed[key])
        return self.ours.frozen()

    def _decision(self, proposal: Proposal) -> Decision:
        return self.decisions.get(proposal.id, Decision(proposal.default))

    def _sources(self, edited: set[str]) -> None:
        """A new source of unchanged words needs no choice."""
        for key, own in self.ours.clauses.items():
            was, new = self.base.clauses.get(key), self.theirs.clauses.get(key)
            if was and new and key not in edited and own.source == was.source:
                self.ours.clauses[key] = replace(own, source=new.source)

    def _edit(self, proposal: Proposal, decision: Decision) -> None:
        taken = proposal.taken
        assert taken is not None
        if decision.choice is Choice.WRITE:
            taken = replace(taken, heading=decision.heading, text=decision.text)
        self.ours.clauses[proposal.key] = taken

    def _place(self, key: str, proposal: Proposal) -> None:
        """Put a clause after the one it follows in the new version, of those that are here."""
        parent, stand_in = self._parent(key)
        index = self._index(parent, stand_in)
        if proposal.kind is Kind.MOVE:
            self.ours.parents[key] = parent
            self.ours.children[parent].insert(index, key)
        else:
            assert proposal.theirs is not None
            self.ours.add(proposal.theirs, parent, index)
        if stand_in != key:
            self.stand_ins[parent, stand_in] = key

    def _parent(self, key: str) -> tuple[str, str]:
        """Return what to put a clause under, and whose place to put it in.

        Its own; or that of the nearest clause above it that is not here, has stayed under the clause
        itself, or lies so deep that the clause would lie too deep.
        """
        height = self.ours.height(key) if key in self.ours else 1
        own = {key, *self.ours.under(key)} if key in self.ours else set()
        place, parent = key, self.theirs.parents[key]
        while parent != ROOT and (
            parent not in self.ours or parent in own or self.ours.depth(parent) + height > MAX_DEPTH
        ):
            place, parent = parent, self.theirs.parents[parent]
        return parent, place

    def _index(self, parent: str, stand_in: str) -> int:
        here = self.ours.children[parent]
        if (earlier := self.stand_ins.get((parent, stand_in))) in here:
            return here.index(str(earlier)) + 1
        if stand_in in here:
            return here.index(stand_in) + 1
        siblings = self.theirs.children[self.theirs.parents[stand_in]]
        place = siblings.index(stand_in)
        for sibling in reversed(siblings[:place]):
            if sibling in here:
                return here.index(sibling) + 1
        for sibling in siblings[place + 1 :]:
            if sibling in here:
                return here.index(sibling)
        return len(here)


def merge(
    base: tuple[Clause, ...], theirs: tuple[Clause, ...], ours: tuple[Clause, ...]
) -> tuple[Clause, ...]:
    """Return the agreement with all that can be taken in without a person."""
    return carry_out(base, theirs, ours)


def as_clauses(services: tuple[Service, ...]) -> tuple[Clause, ...]:
    """Read a checklist as a tree: a clause for each list, and under it one for each line.

    So lines are merged as clauses are, and one that changed list is moved. No key begins with «/».
    """
    return tuple(
        Clause(
            f"/{level.value}",
            level.value,
            children=tuple(Clause(s.key, s.text) for s in services if s.level is level),
        )
        for level in ServiceLevel
    )


def as_services(clauses: tuple[Clause, ...]) -> tuple[Service, ...]:
    """Read the tree of `as_clauses` back, list by list."""
    return tuple(
        Service(line.key, ServiceLevel(branch.heading), line.heading)
        for branch in clauses
        for line in branch.children
    )


def fingerprint(*parts: object) -> str:
    """Return a short name of what was merged: another one when anything of it has changed."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

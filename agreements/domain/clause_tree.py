"""A tree of clauses that can be changed while it is merged. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agreements.domain.document import Clause

ROOT = ""  # what the outermost clauses lie under; no clause has this key


class ClauseTree:
    """Clauses by key, which one each lies under, and the order of those that lie under the same.

    ValueError where two clauses have the same key.
    """

    def __init__(self, clauses: tuple[Clause, ...]) -> None:
        self.clauses: dict[str, Clause] = {}  # in reading order, as they were given
        self.parents: dict[str, str] = {}
        self.children: dict[str, list[str]] = {ROOT: []}
        self._read(clauses, ROOT)

    def _read(self, clauses: tuple[Clause, ...], parent: str) -> None:
        for clause in clauses:
            if clause.key in self.clauses:
                raise ValueError(f"two clauses have the key {clause.key}")
            self.add(clause, parent, len(self.children[parent]))
            self._read(clause.children, clause.key)

    def __contains__(self, key: str) -> bool:
        return key in self.clauses

    def add(self, clause: Clause, parent: str, place: int) -> None:
        """Put a clause, without what lies under it, at a place under `parent`."""
        self.clauses[clause.key] = replace(clause, children=())
        self.parents[clause.key] = parent
        self.children[clause.key] = []
        self.children[parent].insert(place, clause.key)

    def remove(self, key: str) -> None:
        """Take a clause out. What lies under it takes its place."""
        siblings = self.children[self.parents[key]]
        place = siblings.index(key)
        siblings[place : place + 1] = self.children[key]
        for child in self.children.pop(key):
            self.parents[child] = self.parents[key]
        del self.parents[key], self.clauses[key]

    def under(self, key: str) -> Iterator[str]:
        """Yield the clauses under this one, in reading order."""
        for child in self.children[key]:
            yield child
            yield from self.under(child)

    def depth(self, key: str) -> int:
        """Return how deep a clause lies: 1 for the outermost, 0 for what they lie under."""
        level = 0
        while key != ROOT:
            key, level = self.parents[key], level + 1
        return level

    def height(self, key: str) -> int:
        """Return how many levels there are from a clause down: 1 for one with nothing under it."""
        return 1 + max((self.height(child) for child in self.children[key]), default=0)

    def frozen(self, parent: str = ROOT) -> tuple[Clause, ...]:
        """Return the clauses as a Document has them."""
        return tuple(
            replace(self.clauses[key], children=self.frozen(key)) for key in self.children[parent]
        )

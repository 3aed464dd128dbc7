"""Clause numbers (1, 5.2.1), computed from the place in the tree and never stored. Pure."""

from __future__ import annotations

from agreements.domain.document import Clause


def numbers(clauses: tuple[Clause, ...]) -> dict[str, str]:
    """Return the number of every clause by its key.

    Where a key is used twice, which the database forbids, the first clause keeps it.
    """
    found: dict[str, str] = {}
    _number(clauses, "", found)
    return found


def child_number(parent: str, position: int) -> str:
    """Return the number of the clause at `position` (from 1) under `parent` ("" at the top)."""
    return f"{parent}.{position}" if parent else str(position)


def _number(clauses: tuple[Clause, ...], parent: str, found: dict[str, str]) -> None:
    for position, clause in enumerate(clauses, start=1):
        number = child_number(parent, position)
        found.setdefault(clause.key, number)
        _number(clause.children, number, found)

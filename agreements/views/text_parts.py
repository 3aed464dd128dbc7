"""The text of a draft and its contents, as parts that are rendered once for what they show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from agreements import remembered
from agreements.domain import resolve, structure
from agreements.domain.document import Document
from agreements.drafts import Writer
from agreements.views.finding_parts import Marks

# Each way a point can be moved by a button: the step, its word in addresses, its arrow and its words.
MOVES = (
    (structure.Step.UP, "opp", "↑", "opp"),
    (structure.Step.DOWN, "ned", "↓", "ned"),
    (structure.Step.OUT, "ut", "←", "ut ett nivå"),
    (structure.Step.IN, "inn", "→", "inn under punktet foran"),
)


@dataclass(frozen=True)
class Doing:
    """What the reader may do with a point."""

    edit: bool
    comment: bool
    suggest: bool


@dataclass(frozen=True)
class Text:
    """What the text shows: the draft, what waits in each point, and who is at work where.

    Pairs are of a point's key and what is said of it. `moved` is the point that was just moved;
    `swapped` that the part takes the place of what is on the page.
    """

    slug: str
    draft: remembered.Draft
    able: Doing
    marks: tuple[tuple[str, Marks], ...]
    open_inputs: tuple[tuple[str, int], ...]
    begun: tuple[tuple[str, dt.datetime], ...]
    at_work: tuple[tuple[str, tuple[Writer, ...]], ...]
    moved: str
    swapped: bool

    def context(self) -> dict[str, Any]:
        """What the templates of the text and of its contents ask for."""
        document = self.draft.document
        return {
            "agreement": {"slug": self.slug},
            "able": self.able,
            "document": document,
            "resolved": self.draft.resolved,
            "notes": resolve.table_notes(document),
            "steps": structure.steps(document.clauses) if self.able.edit else {},
            "moves": MOVES,
            "max_depth": structure.MAX_DEPTH,
            "marks": dict(self.marks),
            "open_inputs": dict(self.open_inputs),
            "begun": dict(self.begun),
            "at_work": dict(self.at_work),
            "moved": self.moved,
            "swapped": self.swapped,
        }


@dataclass(frozen=True)
class FrozenText:
    """The text of a version, as everybody who sees the version sees it."""

    document: Document

    def context(self) -> dict[str, Any]:
        """What the template of the frozen text asks for."""
        return {
            "resolved": resolve.resolve(self.document),
            "notes": resolve.table_notes(self.document),
        }

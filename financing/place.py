"""Where a plan is worked on: alone, or as the economy of the agreement it belongs to.

The pages in financing/views are the same in both places. What differs is said here: who may do what,
what the page is framed in, how addresses are made, and what else must be locked and recorded. The
agreements room, which knows agreements, makes both kinds of Place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from financing import reader
from financing.editing import Actor
from financing.models import Plan
from financing.reader import PlanFacts
from municipalities.answers import CONFLICT, INVALID

PAGES = (
    ("economy", "Alternativene"),
    ("plan", "Grunnlaget"),
    ("current", "Dagens bidrag"),
    ("instalments", "Betalingsplan"),
)
EDITING = frozenset({"plan"})  # pages that only somebody who may edit can open


@dataclass(frozen=True)
class Place:
    """A plan as one person meets it. `prefix` and `args` lead to its addresses."""

    plan: Plan
    actor: Actor
    edit: bool
    frame: str  # the template that the pages extend
    prefix: str
    args: tuple[object, ...]
    lock: Callable[[], object]  # within a transaction; ConflictError where it may not be edited now
    record: Callable[[], None]  # within the transaction of a change, beside the plan's own event
    chosen: int | None = None  # primary key of the alternative an agreement follows
    context: Mapping[str, Any] = field(default_factory=dict)  # what the frame needs
    remembered: Callable[[], PlanFacts] | None = None  # the plan as it was read the last time

    @cached_property
    def facts(self) -> PlanFacts:
        """The plan to be shown, with its tables; shared between requests where it is remembered."""
        return self.remembered() if self.remembered else reader.load(self.plan)

    @property
    def own(self) -> str:
        """The key of the organisation the person acts for, which is lifted out; empty for none."""
        return self.actor.organisation.key if self.actor.organisation else ""

    def url(self, name: str, *args: object) -> str:
        """Return the address of one of the plan's pages."""
        return reverse(self.prefix + name, args=[*self.args, *args])

    def page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        *,
        current: str,
        status: int = 200,
    ) -> HttpResponse:
        """Render one of the plan's pages in its frame; `current` is its name in the navigation."""
        pages = [
            {"url": self.url(name), "label": label, "current": name == current}
            for name, label in PAGES
            if self.edit or name not in EDITING
        ]
        common = {
            "place": self,
            "plan": self.plan,
            "frame": self.frame,
            "pages": pages,
            "refused": status == INVALID,
            "conflict": status == CONFLICT,
        }
        return render(request, template, {**self.context, **common, **context}, status=status)

    def for_editing(self) -> Place:
        """Return itself; PermissionDenied for somebody who may only read."""
        if not self.edit:
            raise PermissionDenied
        return self


Finder = Callable[..., Place]

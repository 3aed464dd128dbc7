"""Drafts as they were read the last time, kept while nothing they are made of has changed. Reads only.

Every page of an agreement shows something of its draft: names, amounts, what the check says. Reading
all of it takes a dozen queries and checking it takes longer, while the same draft is looked at page
after page. So each process keeps the drafts it read last, each with the marks the database gives its
parts: a sum over every row the part is made of, which is another after any write, whoever wrote. The
marks are asked for each time, so what is kept is never older than what is stored; and of a draft that
has been written in, only the parts that were written are read again.

For pages. What binds somebody, as freezing does, reads what is stored with `snapshot.build`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import connection

from agreements import snapshot
from agreements.domain import canonical, checks, facts, numbering, resolve
from agreements.domain.document import Document
from agreements.domain.resolve import Resolved
from agreements.models import Agreement
from agreements.snapshot import Parts
from financing.reader import PlanFacts
from municipalities.prepared import Prepared

# A part of a page that is kept (`municipalities.once`) keeps the draft it is made of a while longer.
# Some 200 kB each: an agreement of 35 clauses, its findings and its text as it is read. So many that 200
# people who each work with a draft of their own hardly ever read one anew because of the others.
MOST = 160


@dataclass(frozen=True, eq=False)
class Draft:
    """A draft's Document and all that follows from it. Shared between requests: nobody changes it.

    The same draft is the same object, as long as it is remembered.
    """

    document: Document
    context: checks.Context
    # With rows, which nobody changes either, nor asks what they belong to: that may be as it was.
    plan: PlanFacts

    @cached_property
    def findings(self) -> tuple[checks.Finding, ...]:
        """What the check says of it."""
        return tuple(checks.run(self.document, self.context))

    @property
    def calculable(self) -> bool:
        """Whether any alternative of its plan has a contribution table."""
        return self.document.financing is not None or bool(self.document.others)

    @cached_property
    def resolved(self) -> Resolved:
        """The text as it is read, with numbers and facts filled in."""
        return resolve.resolve(self.document)

    @cached_property
    def headings(self) -> dict[str, str]:
        """Each point's heading as it is printed, by key, in reading order."""
        return resolve.headings(self.document)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Each point's number, by key."""
        return numbering.numbers(self.document.clauses)

    @cached_property
    def values(self) -> dict[str, str | None]:
        """Every fact that a text can take in, as text; None where it has no value."""
        return facts.values(self.document)

    @cached_property
    def sha256(self) -> str:
        """The hash the draft would have as a version."""
        return canonical.sha256(self.document)


def draft(agreement: Agreement) -> Draft:
    """Return the draft as it is stored. One query where it is as it was read the last time."""
    assert agreement.pk is not None, "what is not stored is read by snapshot"
    place = _place(connection.settings_dict["NAME"], agreement.pk)
    found, last = mark(agreement), place.last
    if last is not None and last.mark == found:
        return last.draft
    # What somebody writes in while it is read is read once more, and kept under no mark it has not had.
    for _ in range(2):
        read, before = _read(agreement.pk, found, last), found
        found = mark(agreement)
        if found == before:
            place.last = read
            break
    return read.draft


def mark(agreement: Agreement) -> str:
    """What the database says the draft is made of now; another after each write. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agreements_draft_mark(%s)", [agreement.pk])
        return str(cursor.fetchone()[0])


def _marks(mark: str) -> dict[str, str]:
    """Take a mark apart: what it says of each part. A part that no row is in has none.

    Nothing where the database gives the mark of the release before: all is read anew then.
    """
    return dict(part.split("=") for part in mark.split() if "=" in part)


@dataclass(frozen=True)
class _Reading:
    """A draft, the parts it was put together of and the mark they had."""

    mark: str
    parts: Parts
    draft: Draft


class _Place:
    """Where the reading of one agreement is kept that was made last."""

    last: _Reading | None = None


@lru_cache(maxsize=MOST)
def _place(database: str, pk: int) -> _Place:
    return _Place()


def _read(pk: int, found: str, last: _Reading | None) -> _Reading:
    """Read a draft that had this mark a moment ago: of what was read before, what has another now."""
    agreement = _AGREEMENT.first(pk)  # the caller's may be from before the mark
    if agreement is None:
        raise Agreement.DoesNotExist
    # The plan may be kept for longer than this row of its agreement, which it would lead back to.
    agreement.plan._state.fields_cache.pop("agreement", None)
    same = _same(_marks(last.mark), _marks(found)) if last else set()
    kept = {part: getattr(last.parts, part) for part in snapshot.PARTS if part in same}
    parts = snapshot.read(agreement, kept)
    bodies = last.draft.context.bodies if last and "register" in same else snapshot.registered()
    document = snapshot.put_together(agreement, parts)
    context = snapshot.context(agreement.region, bodies)
    return _Reading(found, parts, Draft(document, context, parts.plan))


def _same(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """The parts nobody has written in: none after a write in the register, as its names are in most."""
    if "register" not in now or before.get("register") != now["register"]:
        return set()
    return {part for part in (*snapshot.PARTS, "register") if before.get(part) == now.get(part)}


_AGREEMENT = Prepared(
    lambda pk: Agreement.objects.filter(pk=pk).select_related(
        "region__contract_municipality__county", "plan", "template__confirmed_by"
    )
)


def forget() -> None:
    """Read every draft anew. For tests that count."""
    _place.cache_clear()

"""Drafts as they were read the last time, kept while nothing they are made of has changed. Reads only.

Every page of an agreement shows something of its draft: names, amounts, what the check says. Reading
all of it takes some twenty queries and checking it takes longer, while the same draft is looked at page
after page. So each process keeps the drafts it read last, each with the mark the database gives it: a
sum over every row the draft is made of, which is another after any write, whoever wrote. The mark is
asked for each time, so what is kept is never older than what is stored.

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
from financing import reader
from financing.reader import PlanFacts

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
    plan: PlanFacts  # with rows, which nobody changes either

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
    try:
        return _read(connection.settings_dict["NAME"], agreement.pk, mark(agreement))
    except _WrittenMeanwhileError as problem:
        return problem.draft


def mark(agreement: Agreement) -> str:
    """What the database says the draft is made of now; another after each write. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agreements_draft_mark(%s)", [agreement.pk])
        return str(cursor.fetchone()[0])


class _WrittenMeanwhileError(Exception):
    """Somebody has written while the draft was read: it is shown, and not kept under the mark it had."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


@lru_cache(maxsize=MOST)
def _read(database: str, pk: int, found: str) -> Draft:
    """Read a draft that had this mark a moment ago, and has it still. _WrittenMeanwhileError."""
    # Read anew: the caller's may be from before the mark.
    agreement = Agreement.objects.select_related(
        "region__contract_municipality__county", "plan", "template__confirmed_by"
    ).get(pk=pk)
    plan = reader.load(agreement.plan)
    document = snapshot.build(agreement, plan)
    read = Draft(document, snapshot.context(agreement.region), plan)
    if mark(agreement) != found:
        raise _WrittenMeanwhileError(read)
    return read


def forget() -> None:
    """Read every draft anew. For tests that count."""
    _read.cache_clear()

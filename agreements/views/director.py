"""What a director needs before answering about a version: own amounts, what is new, what is open.

Reads, never writes. The plan of an agreement is locked while a version is decided on, so that the
alternatives read here are those of the version.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from agreements import snapshot, trace, versions, workflow
from agreements.domain import diff, diff_summary
from agreements.domain.document import Document, Language
from agreements.models import Agreement, Comment, Decision, Version
from agreements.trace import TracedInput
from agreements.views import difference_parts
from financing import comparison, reader
from municipalities.models import Organisation, User


@dataclass(frozen=True)
class OwnAmounts:
    """What the body pays by one alternative, kroner a year as shown."""

    alternative: str
    followed: bool  # the agreement follows it
    years: tuple[int, ...]
    amounts: tuple[Decimal | None, ...]
    against_today: comparison.Difference | None  # the first year


@dataclass(frozen=True)
class News:
    """What differs from the version the person has seen, or from the one before."""

    version: Version
    seen: bool  # they have opened it themselves
    sentences: tuple[str, ...]
    own: Any  # the body's own line of the money part, None where it is the same
    empty: bool


@dataclass(frozen=True)
class Seen:
    """All of it."""

    document: Document
    amounts: tuple[OwnAmounts, ...]
    today: Decimal | None
    today_year: int | None
    news: News | None  # None for the first version
    standing: tuple[dict[str, Any], ...]  # findings that are let stand, as kept with the version
    open_input: tuple[TracedInput, ...]
    own_input: tuple[TracedInput, ...]
    alternatives: tuple[str, ...]


def address(agreement: Agreement, organisation: Organisation) -> str:
    """Where the body's page is."""
    return reverse("decision", args=[agreement.slug, organisation.key])


def read(agreement: Agreement, decision: Decision, user: User) -> Seen:
    """Read everything for one body's page, in a fixed number of queries."""
    version = versions.find(agreement, decision.version.number)
    assert version is not None
    document = workflow.document_of(version)
    own = decision.organisation.key
    facts = reader.load(agreement.plan)
    today = reader.current_contributions(agreement.plan)
    shared = trace.traced(
        Comment.objects.filter(agreement=agreement, visibility=Comment.Visibility.SHARED),
        snapshot.build(agreement, facts),
    )
    return Seen(
        document=document,
        amounts=_amounts(document, facts, today, own),
        today=today.amounts.get(own) if today else None,
        today_year=today.year if today else None,
        news=_news(version, document, user, own),
        standing=tuple(item for item in version.findings if "reason" in item),
        open_input=tuple(item for item in shared if item.outcome is trace.Outcome.OPEN),
        own_input=tuple(item for item in shared if item.organisation == decision.organisation.name),
        alternatives=tuple(table.alternative for table in facts.tables.values()),
    )


def _amounts(
    document: Document, facts: reader.PlanFacts, today: reader.Today | None, own: str
) -> tuple[OwnAmounts, ...]:
    followed = document.financing.table.alternative if document.financing else ""
    found = []
    for table in facts.tables.values():
        row = next((row for row in table.rows if row.key == own), None)
        if row is None:
            continue
        paid = today.amounts.get(own) if today else None
        found.append(
            OwnAmounts(
                alternative=table.alternative,
                followed=table.alternative == followed,
                years=table.years,
                amounts=row.cells,
                against_today=comparison.difference(row.cells[0], paid),
            )
        )
    return tuple(found)


def _news(version: Version, document: Document, user: User, own: str) -> News | None:
    """What is new since the newest version this person has seen; else since the one before."""
    seen = versions.seen_before(version, user)
    before = seen or versions.find(version.agreement, version.number - 1)
    if before is None:
        return None
    earlier = workflow.document_of(before)
    found = diff.compare(earlier, document)
    money = difference_parts.parts(found, earlier, document, own)["money"]
    return News(
        version=before,
        seen=seen is not None,
        sentences=tuple(diff_summary.summary(found, Language.BOKMAL)),
        own=money["own"] if money else None,
        empty=found.empty,
    )

"""What a director needs before answering about a version: own amounts, what is new, what is open.

Reads, never writes. All figures are those of the frozen version.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from agreements import trace, versions, workflow
from agreements.domain import diff, diff_summary
from agreements.domain.document import Document, Language, Paid
from agreements.models import Agreement, Decision, Version
from agreements.trace import TracedInput
from agreements.views import difference_parts
from financing import comparison
from financing.calculation import Status
from financing.terms import Table
from municipalities.models import Organisation, User


@dataclass(frozen=True)
class OwnAmounts:
    """What the body pays by one alternative, kroner a year as shown."""

    alternative: str
    followed: bool  # the agreement follows it
    years: tuple[int, ...]
    amounts: tuple[Decimal, ...]
    against_today: comparison.Difference | None  # the first year


@dataclass(frozen=True)
class Paying:
    """The part of the page that says what the body pays."""

    slug: str
    number: int  # of the version
    name: str
    amounts: tuple[OwnAmounts, ...]
    today: Decimal | None
    today_year: int | None

    def context(self) -> dict[str, Any]:
        """What its template asks for: for each alternative, the amount beside its year."""
        return {
            "slug": self.slug,
            "number": self.number,
            "name": self.name,
            "amounts": [
                (item, tuple(zip(item.years, item.amounts, strict=True))) for item in self.amounts
            ],
            "today": self.today,
            "today_year": self.today_year,
        }


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
    pays: Paying
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
    version = decision.version
    document = workflow.document_of(version)
    own = decision.organisation.key
    paid = next((paid for paid in document.today if paid.key == own), None)
    shared = trace.traced(agreement, document)
    return Seen(
        document=document,
        pays=Paying(
            slug=agreement.slug,
            number=version.number,
            name=decision.organisation.name,
            amounts=_amounts(document, paid, own),
            today=paid.amount if paid else None,
            today_year=paid.year if paid else None,
        ),
        news=_news(version, document, user, own),
        standing=tuple(item for item in version.findings if "reason" in item),
        open_input=tuple(item for item in shared if item.outcome is trace.Outcome.OPEN),
        own_input=tuple(item for item in shared if item.organisation == decision.organisation.name),
        alternatives=tuple(table.alternative for table in _tables(document)),
    )


def _tables(document: Document) -> tuple[Table, ...]:
    """Every alternative's table, the one that the agreement follows first."""
    followed = (document.financing.table,) if document.financing else ()
    return (*followed, *document.others)


def _amounts(document: Document, paid: Paid | None, own: str) -> tuple[OwnAmounts, ...]:
    found = []
    for place, table in enumerate(_tables(document)):
        row = next((row for row in table.rows if row.key == own), None)
        # Who has declined stands in the table without amounts.
        if row is not None and row.status is not Status.DECLINED:
            against = comparison.difference(row.cells[0], paid.amount if paid else None)
            followed = place == 0 and document.financing is not None
            found.append(OwnAmounts(table.alternative, followed, table.years, row.cells, against))
    return tuple(found)


def _news(version: Version, document: Document, user: User, own: str) -> News | None:
    """What is new since the newest version this person has seen; else since the one before."""
    if version.number == 1:
        return None
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

"""What the table of the checklist shows: its columns, its cells, and what is bought together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from agreements.checklist import Chosen
from agreements.choice_forms import ChoicesForm, Municipality
from agreements.domain.document import Choice
from agreements.models import Agreement, ServiceChoice, ServiceItem
from financing.models import Participant
from municipalities import norwegian
from municipalities.models import Organisation

WORDS = {Choice.IN: "med", Choice.OUT: "ikke med", Choice.BOUGHT: "kjøpt i tillegg"}


@dataclass(frozen=True)
class Shown:
    """A cell: who, what was chosen, and for how much."""

    municipality: Municipality
    chosen: Chosen

    @property
    def words(self) -> str:
        """The choice as it is read."""
        return WORDS[self.chosen.choice]

    @property
    def bought(self) -> bool:
        """Whether there is a price to show, or to ask for."""
        return self.chosen.choice is Choice.BOUGHT


def of_agreement(agreement: Agreement) -> QuerySet[ServiceItem]:
    """The lines of the checklist with what is chosen about them. Two queries."""
    chosen = ServiceChoice.objects.select_related("organisation")
    return agreement.services.select_related("agreement__plan").prefetch_related(
        Prefetch("choices", chosen)
    )


def columns(agreement: Agreement, rows: Iterable[ServiceItem]) -> list[Municipality]:
    """The municipalities that pay by the agreement's plan, then those that only have a choice left.

    In alphabetical order. One query.
    """
    participants = (
        agreement.plan.participants.filter(
            included=True, organisation__kind=Organisation.Kind.MUNICIPALITY
        )
        .exclude(status=Participant.Status.DECLINED)
        .select_related("organisation")
    )
    paying = {row.organisation_id: row.organisation for row in participants}
    others = {
        own.organisation_id: own.organisation
        for row in rows
        for own in row.choices.all()
        if own.organisation_id not in paying
    }
    return [
        Municipality(organisation, pays)
        for group, pays in ((paying, True), (others, False))
        for organisation in sorted(
            group.values(), key=lambda body: norwegian.sort_key(body.short_name)
        )
    ]


def _chosen(row: ServiceItem) -> dict[int, Chosen]:
    return {own.organisation_id: Chosen(Choice(own.choice), own.price) for own in row.choices.all()}


def cells(row: ServiceItem, columns: Sequence[Municipality]) -> list[Shown]:
    """What each municipality has chosen about a line."""
    chosen = _chosen(row)
    return [Shown(column, chosen.get(column.organisation.pk, Chosen())) for column in columns]


def totals(rows: Iterable[ServiceItem], columns: Sequence[Municipality]) -> list[Decimal] | None:
    """What each municipality buys on top together, kroner a year; None where nobody buys anything."""
    sums = dict.fromkeys((column.organisation.pk for column in columns), Decimal("0.00"))
    for row in rows:
        for own in row.choices.all():
            if own.price is not None:
                sums[own.organisation_id] += own.price
    return list(sums.values()) if any(sums.values()) else None


def form(
    row: ServiceItem, columns: Sequence[Municipality], data: Any = None, *, in_table: bool = False
) -> ChoicesForm:
    """The form of one line, filled with what is stored or with what was sent."""
    return ChoicesForm(
        data,
        form_id="valg" if in_table else "",
        municipalities=columns,
        chosen=_chosen(row),
        initial={"revision": row.revision},
    )

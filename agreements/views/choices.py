"""What the table of the checklist shows: its columns, its cells, and what is bought together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from agreements.access import Abilities
from agreements.checklist import Chosen
from agreements.choice_forms import ChoicesForm, Municipality
from agreements.domain.document import Choice
from agreements.models import SERVICE_LEVELS, Agreement, ServiceChoice, ServiceItem
from financing.models import Participant
from municipalities import norwegian
from municipalities.models import Organisation
from municipalities.prepared import Prepared

WORDS = {Choice.IN: "med", Choice.OUT: "ikke med", Choice.BOUGHT: "kjøpt i tillegg"}
HEADINGS = {
    "quality": ("Kvalitetskrav", "Slik skal tjenesten være."),
    "minimum": ("Minimumstjenester", "Dette skal tjenesten minst inneholde."),
    "additional": ("Tilleggstjenester", "Dette kommer i tillegg i denne regionen."),
}


@dataclass(frozen=True)
class Shown:
    """A cell: who, what was chosen, and for how much."""

    municipality: Municipality
    chosen: Chosen

    @property
    def words(self) -> str:
        """The choice as it is read."""
        return WORDS[self.chosen.choice]


def of_agreement(agreement: Agreement) -> list[ServiceItem]:
    """The lines of the checklist with what is chosen about them. Two queries."""
    rows = _ROWS.under(agreement=agreement)
    chosen = ServiceChoice.objects.select_related("organisation")
    prefetch_related_objects(rows, Prefetch("choices", chosen))
    return rows


_ROWS = Prepared(lambda agreement: ServiceItem.objects.filter(agreement=agreement))


def columns(agreement: Agreement, rows: Iterable[ServiceItem]) -> list[Municipality]:
    """The municipalities that pay by the agreement's plan, then those that only have a choice left.

    In alphabetical order. One query.
    """
    paying = {row.organisation_id: row.organisation for row in _PAYING.all(agreement.plan_id)}
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


_PAYING = Prepared(
    lambda plan: (
        Participant.objects.filter(
            plan=plan, included=True, organisation__kind=Organisation.Kind.MUNICIPALITY
        )
        .exclude(status=Participant.Status.DECLINED)
        .select_related("organisation")
    )
)


def _chosen(row: ServiceItem) -> dict[int, Chosen]:
    return {own.organisation_id: Chosen(Choice(own.choice), own.price) for own in row.choices.all()}


def cells(row: ServiceItem, columns: Sequence[Municipality]) -> list[Shown]:
    """What each municipality has chosen about a line."""
    chosen = _chosen(row)
    return [Shown(column, chosen.get(column.organisation.pk, Chosen())) for column in columns]


@dataclass(frozen=True)
class Line:
    """A line of the table: what each municipality has chosen, and how much input is open about it."""

    key: str
    text: str
    chosen: tuple[Chosen, ...]
    inputs: int

    @property
    def cells(self) -> list[tuple[Chosen, str]]:
        """What was chosen, and its words, column by column."""
        return [(chosen, WORDS[chosen.choice]) for chosen in self.chosen]


@dataclass(frozen=True)
class Checklist:
    """The three lists as tables with a column for each municipality: its short name, and if it pays."""

    slug: str
    edit: bool
    comment: bool
    columns: tuple[tuple[str, bool], ...]
    lists: tuple[tuple[str, tuple[Line, ...]], ...]  # by level
    totals: tuple[Decimal, ...]  # kroner a year; empty where nobody buys anything on top

    def context(self) -> dict[str, Any]:
        """What the template of the tables asks for."""
        return {
            "agreement": {"slug": self.slug},
            "edit": self.edit,
            "comment": self.comment,
            "columns": self.columns,
            "groups": [(level, *HEADINGS[level], lines) for level, lines in self.lists],
            "totals": self.totals,
        }


def of_rows(
    agreement: Agreement,
    able: Abilities,
    rows: Sequence[ServiceItem],
    columns: Sequence[Municipality],
    inputs: dict[str, int],
) -> Checklist:
    """What the tables show of rows whose choices are loaded; `inputs` is open input by the line's key."""
    lists: dict[str, list[Line]] = {level: [] for level, _ in SERVICE_LEVELS}
    for row in rows:
        chosen = tuple(shown.chosen for shown in cells(row, columns))
        lists[row.level].append(Line(row.key, row.text, chosen, inputs.get(row.key, 0)))
    return Checklist(
        slug=agreement.slug,
        edit=able.edit,
        comment=able.comment,
        columns=tuple((column.organisation.short_name, column.pays) for column in columns),
        lists=tuple((level, tuple(lines)) for level, lines in lists.items()),
        totals=tuple(totals(rows, columns) or ()),
    )


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

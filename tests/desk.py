"""People at work: a form that two of them have open at once, and an editor in the economy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from agreements.models import Agreement, AgreementEvent
from financing import calculation, reader
from financing.models import Plan, PlanEvent
from tests import pages

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
ECONOMY, PLAN = BASE + "okonomi/", BASE + "okonomi/plan/"


@dataclass(frozen=True)
class Case:
    """A form two people have open: what each types, and which words show what the other stored."""

    path: str
    one: dict[str, Any]
    two: dict[str, Any]
    shown: tuple[str, ...]
    button: str = "Lagre"
    action: str = ""
    sent_to: str = ""

    def __str__(self) -> str:
        return self.path or "velg"


@dataclass
class Desk:
    """Forms as this database has them."""

    agreement: Agreement
    as_: As

    def fill(self, word: Any) -> Any:
        if not isinstance(word, str):
            return word
        first, second = self.agreement.plan.alternatives.order_by("position")[:2]
        service = self.agreement.services.order_by("pk")[0]
        known = {"{first}": first.pk, "{second}": second.pk, "{service}": service.key}
        for name, value in known.items():
            word = word.replace(name, str(value))
        return word

    def open(self, case: Case, who: str = "editor") -> pages.Sent:
        answer = self.as_(who).get(BASE + self.fill(case.path))
        return pages.form(answer, case.button, case.action)

    def send(self, case: Case, data: pages.Sent, who: str = "editor") -> HttpResponse:
        return self.as_(who).post(BASE + self.fill(case.sent_to or case.path), data)

    def typed(self, opened: pages.Sent, values: dict[str, Any]) -> pages.Sent:
        return pages.changed(opened, **{name: self.fill(v) for name, v in values.items()})


class Room:
    """The economy's pages, with an editor in front of them."""

    def __init__(self, agreement: Agreement, client: Client) -> None:
        self.agreement, self.client = agreement, client
        rows = agreement.plan.alternatives.order_by("position")
        self.first, self.second = rows[0].pk, rows[1].pk

    def address(self, pk: int = 0, more: str = "") -> str:
        return f"{ECONOMY}alternativ/{pk or self.first}/{more}"

    def opened(self, pk: int = 0, **answers: Any) -> pages.Sent:
        page = self.client.get(self.address(pk))
        return pages.changed(pages.form(page, "Lagre"), **answers)

    def save(self, pk: int = 0, **answers: Any) -> HttpResponse:
        return self.client.post(self.address(pk), self.opened(pk, **answers))

    def plan(self, **answers: Any) -> pages.Sent:
        return pages.changed(pages.form(self.client.get(PLAN), "Lagre"), **answers)

    def save_plan(self, **answers: Any) -> HttpResponse:
        return self.client.post(PLAN, self.plan(**answers))

    def table(self, pk: int = 0) -> calculation.Table:
        return reader.load(Plan.objects.get(pk=self.agreement.plan_id)).tables[pk or self.first]

    def cells(self, pk: int = 0) -> dict[str, tuple[str, ...]]:
        table = self.table(pk)
        rows = {row.name: row.cells for row in table.rows} | {"Sum": table.total.cells}
        return {name: tuple(str(cell) for cell in cells) for name, cells in rows.items()}


def events() -> tuple[int, int]:
    """How many changes of agreements and of plans are on record."""
    return AgreementEvent.objects.count(), PlanEvent.objects.count()

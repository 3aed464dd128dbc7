"""What is unsettled or missing about the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agreements.domain import choices
from agreements.domain.checks import model
from agreements.domain.checks.figures import cell_sums
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import sentences
from agreements.domain.document import Document, Financing
from financing.calculation import Row, Status
from municipalities.norwegian import join, money, rate

_UNSURE = {
    Status.CONDITIONAL: "bidrar med forbehold",
    Status.UNDECIDED: "har ikke bestemt seg for å bidra",
}


def contributors_not_confirmed(document: Document, context: Context) -> Iterator[Finding]:
    """Find contributors who have not confirmed: one finding for each way of not being sure.

    With the first year's total with and without them.
    """
    if document.financing is None:
        return
    table = document.financing.table
    for status, what in _UNSURE.items():
        unsure = [row for row in table.rows if row.status is status and row.key in table.total.keys]
        if not unsure:
            continue
        names = join([row.name for row in unsure], "nb")
        total = ""
        if table.years and table.total.cells and all(row.cells for row in unsure):
            with_them = table.total.cells[0]
            without = with_them - cell_sums(unsure, (0,))[0]
            total = (
                f" Samlet sum i {table.years[0]} er {money(with_them)} kroner med og {money(without)} "
                f"kroner uten {names}."
            )
        falls_away = "bidraget" if len(unsure) == 1 else "et av bidragene"
        yield Finding(
            Level.WARNING,
            Code.CONTRIBUTOR_NOT_CONFIRMED,
            f"{names} {what}.{total} Pass på at avtalen sier hva som gjelder hvis {falls_away} faller bort.",
            model.FINANCING,
        )


def minimum_rates(document: Document, context: Context) -> Iterator[Finding]:
    """Find contributors who pay less per inhabitant than the stated minimum for their kind.

    A base amount and amounts set in other ways than by a rate count: what is compared is then the
    first year's cell, which may fall short by its own rounding. What a municipality buys on top is
    not for the service itself, and does not count.
    """
    if document.financing is None:
        return
    for kind, least in context.minimum_rates:
        for row in document.financing.table.rows:
            if row.kind is kind and row.status is not Status.DECLINED:
                bought = choices.bought_by(document.services, row.key)
                paid = _below(row, least, document.financing, bought)
                if paid is not None:
                    yield Finding(
                        Level.ERROR,
                        Code.RATE_BELOW_MINIMUM,
                        f"{row.name} betaler {paid} kroner per innbygger. Minste sats er {rate(least)} "
                        "kroner per innbygger.",
                        model.FINANCING,
                    )


def _below(row: Row, least: Decimal, financing: Financing, bought: Decimal) -> str | None:
    """Return what a contributor pays per inhabitant as text where it is below `least`, else None."""
    if row.rate is not None and not row.base_amount:
        return rate(row.rate) if row.rate < least else None
    if not row.population or not row.cells:
        return None
    paid = cell_sums((row,), (0,))[0] - bought
    short = least * row.population - paid
    if short < financing.table.rounding.unit:
        return None
    return f"omtrent {rate((paid / row.population).quantize(Decimal('0.01')))}"


_CONDITION = re.compile(
    r"\bforbehold\w{0,3}\b|\bforutset\w{0,8}\b|\bforutsetning\w{0,3}\b|\bavheng\w{0,5}\b|\bmed\s+mindre\b"
    r"|\bså\s+fremt\b|\bbetinget\b|\bpå\s+vilkår\b|\bbetinga\b|\bføresetnad\w{0,3}\b|\bsåframt\b",
    re.IGNORECASE,
)
_APPROPRIATION = re.compile(r"bevilg|budsjett|løyv|økonomiplan", re.IGNORECASE)
_UNCONDITIONAL = re.compile(r"\buten\s+forbehold|\butan\s+atterhald", re.IGNORECASE)
_NYNORSK_CONDITION = re.compile(r"\batterhald\w{0,3}\b", re.IGNORECASE)


def budget_reservation(document: Document, context: Context) -> Iterator[Finding]:
    """Find an agreement about money that does not reserve for the yearly budgets.

    Budgets bind one year, so an agreement for several needs «forbehold om årlige bevilgninger».
    """
    if document.financing is None and not any(
        "innbygg" in sentence.typed or "bidra" in sentence.typed for sentence in sentences(document)
    ):
        return
    for sentence in sentences(document):
        text = sentence.text
        if not _APPROPRIATION.search(text) or _UNCONDITIONAL.search(text):
            continue
        if _CONDITION.search(text) or _NYNORSK_CONDITION.search(text):
            return
    yield Finding(
        Level.WARNING,
        Code.BUDGET_RESERVATION_MISSING,
        "Teksten tar ikke forbehold om årlige bevilgninger i partenes budsjetter. Kommuner og "
        "fylkeskommuner vedtar budsjett for ett år om gangen. Legg til forbeholdet der bidragene er "
        "omtalt.",
        model.FINANCING,
    )

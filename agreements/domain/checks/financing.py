"""What is unsettled or missing about the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agreements.domain.checks import model
from agreements.domain.checks.figures import cell_sums
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import sentences
from agreements.domain.document import Document, Financing
from financing.calculation import Row, Status
from municipalities.norwegian import money, rate

_UNSURE = {
    Status.CONDITIONAL: "bidrar med forbehold",
    Status.UNDECIDED: "har ikke bestemt seg for å bidra",
}


def contributors_not_confirmed(document: Document, context: Context) -> Iterator[Finding]:
    """Find contributors who have not confirmed, with the first year's total with and without each."""
    if document.financing is None:
        return
    table = document.financing.table
    for row in table.rows:
        if row.status not in _UNSURE or row.key not in table.total.keys:
            continue
        total = ""
        if table.years and table.total.cells and row.cells:
            with_it, without = table.total.cells[0], table.total.cells[0] - row.cells[0]
            total = (
                f" Samlet sum i {table.years[0]} er {money(with_it)} kroner med og {money(without)} kroner "
                f"uten {row.name}."
            )
        yield Finding(
            Level.WARNING,
            Code.CONTRIBUTOR_NOT_CONFIRMED,
            f"{row.name} {_UNSURE[row.status]}.{total} Avtalen må si hva som gjelder hvis bidraget faller "
            "bort.",
            model.FINANCING,
        )


def minimum_rates(document: Document, context: Context) -> Iterator[Finding]:
    """Find contributors who pay less per inhabitant than the stated minimum for their kind.

    A base amount and amounts set in other ways than by a rate count: what is compared is then the
    first year's cell, which may fall short by its own rounding.
    """
    if document.financing is None:
        return
    for kind, least in context.minimum_rates:
        for row in document.financing.table.rows:
            if row.kind is kind and row.status is not Status.DECLINED:
                paid = _below(row, least, document.financing)
                if paid is not None:
                    yield Finding(
                        Level.ERROR,
                        Code.RATE_BELOW_MINIMUM,
                        f"{row.name} betaler {paid} kroner per innbygger. Minste sats er {rate(least)} "
                        "kroner per innbygger.",
                        model.FINANCING,
                    )


def _below(row: Row, least: Decimal, financing: Financing) -> str | None:
    """Return what a contributor pays per inhabitant as text where it is below `least`, else None."""
    if row.rate is not None and not row.base_amount:
        return rate(row.rate) if row.rate < least else None
    if not row.population or not row.cells:
        return None
    short = least * row.population - cell_sums((row,), (0,))[0]
    if short < financing.table.rounding.unit:
        return None
    return f"omtrent {rate((row.cells[0] / row.population).quantize(Decimal('0.01')))}"


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
        "innbygger" in sentence.typed or "bidra" in sentence.typed
        for sentence in sentences(document)
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

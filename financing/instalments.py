"""Payment plan: each year's contribution in instalments that sum to the yearly cell. Pure.

Every instalment but the year's last is its percent of the cell, cut to whole øre; the last takes the
rest, and so the odd øre. No instalment is ever negative. Worked table: docs/rounding.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from financing.calculation import Status, Table, paying
from financing.rounding import EXACT, ORE, RoundingRule, from_units, to_units
from municipalities import norwegian

_ORE_DOWN = RoundingRule("ore_down", "avkortet til hele øre", ORE, ROUND_DOWN)
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of every year


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of every year's contribution, due on the same day each year."""

    month: int
    day: int
    percent: Decimal
    condition: str = ""  # Norwegian, what must be approved first; empty: nothing


_APPROVED = "Aktivitetsplan og budsjett for året er godkjent"

# «Utbetaling gjøres i forskudd. 50 % i januar og 50 % i august.» The month's last day is the one that
# promises no more than that.
USUAL = (
    Instalment(1, 31, Decimal(50), _APPROVED),
    Instalment(8, 31, Decimal(50), _APPROVED),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """Kroner that fall due on a day; `condition` is what must be approved first."""

    due: dt.date
    amount: Decimal
    condition: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A contributor's payments, or the sum of all: for each year one for each instalment, by date."""

    key: str  # the contributor's, or "total"
    name: str
    status: Status | None  # None for the sum
    years: tuple[tuple[Payment, ...], ...]

    @property
    def payments(self) -> tuple[Payment, ...]:
        """All payments in order of date."""
        return tuple(payment for year in self.years for payment in year)


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """Who pays what and when. Rows are those of the table that pay, in its order; the sum apart."""

    years: tuple[int, ...]
    instalments: tuple[Instalment, ...]  # in order of date
    rows: tuple[PaymentRow, ...]
    total: PaymentRow


def in_order(instalments: Sequence[Instalment]) -> tuple[Instalment, ...]:
    """Return the instalments by their day in the year."""
    return tuple(sorted(instalments, key=lambda item: (item.month, item.day)))


def check(instalments: Sequence[Instalment]) -> tuple[str, ...]:
    """Return what is wrong, each a Norwegian sentence for the person who typed it; nothing if all is well."""
    errors: list[str] = []
    days = [(item.month, item.day) for item in instalments]
    if not instalments:
        return ("Betalingsplanen må ha minst én termin.",)
    for item in in_order(instalments):
        errors += _check_one(item)
    for month, day in sorted({found for found in days if days.count(found) > 1}):
        errors.append(f"To terminer forfaller samme dag: {_day(month, day)}.")
    percents = [item.percent for item in instalments]
    if all(percent.is_finite() for percent in percents):
        with localcontext(EXACT):
            whole = sum(percents, Decimal(0))
        if whole != 100:
            errors.append(
                f"Andelene må til sammen bli 100 prosent. Nå er de {norwegian.percent(whole)}."
            )
    return tuple(errors)


def _check_one(item: Instalment) -> list[str]:
    errors = []
    if (item.month, item.day) == (2, 29):
        errors.append("29. februar finnes ikke hvert år. Velg en annen dag.")
    elif not 1 <= item.month <= 12 or not 1 <= item.day <= _MONTH_LENGTHS[item.month - 1]:
        errors.append(f"{item.day}.{item.month}. er ikke en dag i året.")
    if not item.percent.is_finite() or item.percent <= 0:
        errors.append("Andelen i en termin må være mer enn 0 prosent.")
    return errors


def _day(month: int, day: int) -> str:
    """«31. januar»; a day that is not in the calendar by its numbers."""
    try:
        return norwegian.date_long(dt.date(2024, month, day)).removesuffix(" 2024")
    except ValueError:
        return f"{day}.{month}"


def shares(cell: Decimal, percents: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Part a yearly amount in whole øre: each share cut to the øre, and the last takes the rest."""
    with localcontext(EXACT):
        cut = (to_units(cell * percent.scaleb(-2), _ORE_DOWN) for percent in percents[:-1])
        parts = [from_units(units, _ORE_DOWN) for units in cut]
        return (*parts, cell - sum(parts, Decimal("0.00")))


def plan(table: Table, instalments: Sequence[Instalment] = USUAL) -> PaymentPlan:
    """Return the payments of everybody who pays in the table, and their sums.

    The payments of a year sum to the shown cell of that year, by contributor and in all. Who has
    declined has no row. Raises ValueError where `check` finds anything wrong.
    """
    if errors := check(instalments):
        raise ValueError(" ".join(errors))
    ordered = in_order(instalments)
    rows = tuple(
        PaymentRow(
            key=row.key,
            name=row.name,
            status=row.status,
            years=tuple(
                _year(year, ordered, shares(cell, [item.percent for item in ordered]))
                for year, cell in zip(table.years, row.cells, strict=True)
            ),
        )
        for row in paying(table.rows)
    )
    with localcontext(EXACT):
        sums = tuple(
            _year(
                year,
                ordered,
                tuple(
                    sum((row.years[column][at].amount for row in rows), Decimal("0.00"))
                    for at in range(len(ordered))
                ),
            )
            for column, year in enumerate(table.years)
        )
    total = PaymentRow(table.total.code, table.total.label, None, sums)
    return PaymentPlan(table.years, ordered, rows, total)


def _year(
    year: int, instalments: tuple[Instalment, ...], amounts: tuple[Decimal, ...]
) -> tuple[Payment, ...]:
    return tuple(
        Payment(dt.date(year, item.month, item.day), amount, item.condition)
        for item, amount in zip(instalments, amounts, strict=True)
    )

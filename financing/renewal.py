"""What a rate or amount of one period is in the next: moved on by the index that was used. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from financing.index import IndexFactor, used
from financing.rounding import EXACT
from municipalities import norwegian

_OERE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Renewed:
    """A suggested rate in kroner, and one Norwegian sentence that says how it was found."""

    rate: Decimal
    how: str


def factors(
    index: Sequence[IndexFactor], years: Sequence[int], first: int
) -> tuple[tuple[int, Decimal], ...]:
    """Return (year, percent) for each year after the period's first, through the new first year.

    Years after the old period grow as its last year did: an estimate, as no other is known. None
    where the period had no index, or the new one does not come after it.
    """
    known = [(factor.year, factor.percent) for factor in used(index, years)]
    if not known or first <= years[-1]:
        return ()
    last = known[-1][1]
    return (*known, *((year, last) for year in range(years[-1] + 1, first + 1)))


def moved_on(amount: Decimal, steps: Sequence[tuple[int, Decimal]]) -> Decimal:
    """Return an amount after the growth, rounded half up to whole øre, once."""
    with localcontext(EXACT):
        for _year, percent in steps:
            amount = amount * (1 + percent.scaleb(-2))
    with localcontext(prec=EXACT.prec):
        return amount.quantize(_OERE, ROUND_HALF_UP)


def renewed_rate(
    rate: Decimal, steps: Sequence[tuple[int, Decimal]], minimum: Decimal | None
) -> Renewed:
    """Suggest the rate of the new first year: moved on by the index, and never below the minimum."""
    suggested = moved_on(rate, steps) if steps else rate
    how = (
        f"{norwegian.rate(rate)} × "
        + " × ".join(norwegian.percent(1 + percent.scaleb(-2)) for _, percent in steps)
        + f" = {norwegian.rate(suggested)} kroner: indeksen fram til {steps[-1][0]}"
        if steps
        else f"{norwegian.rate(rate)} kroner som før: satsen er ikke indeksregulert"
    )
    if minimum is not None and suggested < minimum:
        return Renewed(
            minimum, f"{how}. Regionens minstesats er {norwegian.rate(minimum)} kroner, og brukes."
        )
    return Renewed(suggested, f"{how}.")

"""What the contributors pay today by the old model: a base amount and a rate per inhabitant. Pure.

The old agreements let every municipality pay the same base amount, 50 000 kroner, and so many kroner
per inhabitant besides (at least 2,50). The new models are compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from financing.rounding import DEFAULT_ROUNDING, EXACT, from_units, to_units
from municipalities import norwegian

OLD_BASE_AMOUNT = Decimal(50_000)


def old_model(
    populations: Mapping[str, int], base_amount: Decimal, rate: Decimal
) -> dict[str, Decimal]:
    """Return kroner a year by contributor key: base + inhabitants x rate, to the nearest øre.

    Raises ValueError for a negative or endless number.
    """
    for number in (base_amount, rate, *map(Decimal, populations.values())):
        if not number.is_finite() or number < 0:
            raise ValueError(f"The old model has a number of {number}.")
    with localcontext(EXACT):
        return {
            key: from_units(
                to_units(base_amount + rate * count, DEFAULT_ROUNDING), DEFAULT_ROUNDING
            )
            for key, count in populations.items()
        }


def old_model_source(base_amount: Decimal, rate: Decimal) -> str:
    """Say in Norwegian where the amounts come from, to be kept as their source."""
    return (
        f"Beregnet etter den gamle modellen: {norwegian.money(base_amount)} kroner i grunnbeløp og "
        f"{norwegian.rate(rate)} kroner per innbygger"
    )

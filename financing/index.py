"""Price and wage growth: what an indexed amount of the first year is worth in later years. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from financing.rounding import EXACT


@dataclass(frozen=True, slots=True)
class IndexFactor:
    """Price and wage growth into `year` in percent (4.1 means x 1.041), and its source."""

    year: int
    percent: Decimal
    source: str = ""
    is_estimate: bool = True


def used(index: Iterable[IndexFactor], years: Sequence[int]) -> tuple[IndexFactor, ...]:
    """Return the factors that grow an amount within `years`, in order of year.

    Factors beyond the last year are left out: they say nothing about these years. Without any
    factor nothing grows; otherwise each year after the first needs exactly one, because a
    forgotten year must not pass as a year without growth.

    Raises ValueError for a gap, a year named twice, a factor for the first year or earlier (the
    amounts are the first year's already), and a factor that leaves nothing or less.
    """
    if not years or any(later != earlier + 1 for earlier, later in pairwise(years)):
        raise ValueError(f"The years {list(years)} are not consecutive.")
    factors = sorted(index, key=lambda factor: factor.year)
    for factor in factors:
        if factor.year <= years[0]:
            raise ValueError(f"The index has a factor for {factor.year}, not after {years[0]}.")
        if not factor.percent.is_finite() or factor.percent <= -100:
            raise ValueError(f"The index factor for {factor.year} is {factor.percent} percent.")
    named = [factor.year for factor in factors]
    if len(set(named)) != len(named):
        raise ValueError("The index names a year twice.")
    missing = [year for year in years[1:] if year not in named]
    if factors and missing:
        raise ValueError(f"The index has no factor for {missing}.")
    return tuple(factor for factor in factors if factor.year <= years[-1])


def growth(index: Iterable[IndexFactor], years: Sequence[int]) -> tuple[Decimal, ...]:
    """Return what an indexed amount of the first year is multiplied by in each year, unrounded.

    Raises ValueError as `used` does.
    """
    products = [Decimal(1)]
    percents = {factor.year: factor.percent for factor in used(index, years)}
    with localcontext(EXACT):
        for year in years[1:]:
            products.append(products[-1] * (1 + percents.get(year, Decimal(0)).scaleb(-2)))
    return tuple(products)

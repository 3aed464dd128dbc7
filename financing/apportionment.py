"""Distribution keys, and sharing a whole so that the parts sum to it exactly. Pure.

Shares are Fractions, because a third of a krone has no exact decimal; amounts stay whole units.
Worked tables: docs/rounding.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm


class KeyPartKind(StrEnum):
    """How one part of a distribution key is shared."""

    EQUAL = "equal"
    POPULATION = "population"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a distribution key: `percent` of the whole, shared as `kind` says."""

    kind: KeyPartKind
    percent: Decimal
    weights: tuple[tuple[str, Decimal], ...] = ()  # contributor key -> weight, for TABLE only


def key_shares(
    parts: Sequence[KeyPart], populations: Mapping[str, int | None]
) -> dict[str, Fraction]:
    """Return each contributor's exact share of the whole; the shares sum to 1.

    `populations` names those who share, with their inhabitants (None where unknown). Weights of
    others are left out, so that those who share carry the whole.

    Raises ValueError where the percents do not sum to exactly 100, where a number that a part
    needs is missing or negative, and where nobody is left to carry a part.
    """
    for part in parts:
        _check_number(part.percent, "percent")
        for _key, stated in part.weights:
            _check_number(stated, "weight")
        if part.weights and part.kind is not KeyPartKind.TABLE:
            raise ValueError(f"A part of kind {part.kind} has weights, which it does not use.")
        if len(dict(part.weights)) != len(part.weights):
            raise ValueError("A distribution key's table names a contributor twice.")
    percents = [part.percent for part in parts]
    if sum((Fraction(percent) for percent in percents), Fraction(0)) != 100:
        listed = " + ".join(str(percent) for percent in percents)
        raise ValueError(f"The percents of a distribution key, {listed}, do not sum to 100.")
    shares = dict.fromkeys(populations, Fraction(0))
    for part in parts:
        weights = _weights(part, populations)
        all_weights = sum(weights.values(), Fraction(0))
        if all_weights == 0:
            raise ValueError(f"Nobody is left to carry a part of kind {part.kind}.")
        each = Fraction(part.percent) / 100 / all_weights
        for key, weight in weights.items():
            shares[key] += each * weight
    return shares


def _check_number(number: Decimal, what: str) -> None:
    if not number.is_finite() or number < 0:
        raise ValueError(f"A distribution key has a {what} of {number}.")


def _weights(part: KeyPart, populations: Mapping[str, int | None]) -> Mapping[str, int | Fraction]:
    """Return everybody's weight in one part."""
    if part.kind is KeyPartKind.EQUAL:
        return dict.fromkeys(populations, 1)
    if part.kind is KeyPartKind.POPULATION:
        known = {key: number for key, number in populations.items() if number is not None}
        for key in populations.keys() - known.keys():
            raise ValueError(f"The number of inhabitants is missing for {key}.")
        return known
    stated = dict(part.weights)
    for key in populations:
        if key not in stated:
            raise ValueError(f"A distribution key's table has no weight for {key}.")
    return {key: Fraction(stated[key]) for key in populations}


def bounded_shares(
    shares: Mapping[str, Fraction], low: Fraction, high: Fraction | None
) -> dict[str, Fraction]:
    """Keep every share from `low` to `high` (None: no limit); the shares still sum to 1.

    Those in between stay in proportion to each other: what a limit takes off one is carried by the
    others, and what it lays on one relieves them. A share of nothing is lifted to `low` and no more.

    Raises ValueError where the least shares are more than the whole, or the largest less.
    """
    if low == 0 and (high is None or all(share <= high for share in shares.values())):
        return dict(shares)
    if low * len(shares) > 1:
        raise ValueError("The floors of a distribution key are more than the whole.")
    carrying = [share for share in shares.values() if share > 0]
    if high is not None and high * len(carrying) + low * (len(shares) - len(carrying)) < 1:
        raise ValueError("The caps of a distribution key leave a part that nobody carries.")

    def scaled(scale: Fraction) -> dict[str, Fraction]:
        return {
            key: max(low, share * scale if high is None or not share else min(high, share * scale))
            for key, share in shares.items()
        }

    # The sum grows with the scale, in straight lines between the scales where a share meets a limit.
    limits = (low,) if high is None else (low, high)
    meets = sorted({limit / share for share in carrying for limit in limits})
    first, last = 0, len(meets)
    while first < last:
        middle = (first + last) // 2
        if sum(scaled(meets[middle]).values()) >= 1:
            last = middle
        else:
            first = middle + 1
    start = meets[first - 1] if first else Fraction(0)
    stop = meets[first] if first < len(meets) else None
    free = [
        key
        for key, share in shares.items()
        if share > 0
        and low <= share * start
        and (high is None or (stop is not None and share * stop <= high))
    ]
    kept = scaled(stop if stop is not None and not free else start)
    left = 1 - sum((kept[key] for key in kept if key not in free), Fraction(0))
    carried = sum((shares[key] for key in free), Fraction(0))
    return kept | {key: shares[key] / carried * left for key in free}


def largest_remainder(quotas: Mapping[str, Fraction], whole: int) -> dict[str, int]:
    """Turn exact quotas into whole units that sum to `whole`.

    Everybody gets the whole units of the own quota; the units left go one each to the largest
    remainders, and between equal remainders to the lowest key. `whole` is the quotas' sum, itself
    rounded up or down to a whole number, so that every part is its quota rounded up or down.

    Raises ValueError for a negative quota and for a whole that is not the quotas' sum so rounded.
    """
    common = lcm(*(quota.denominator for quota in quotas.values()))
    return _largest_remainder(
        {key: quota.numerator * (common // quota.denominator) for key, quota in quotas.items()},
        common,
        whole,
    )


def _largest_remainder(quotas: Mapping[str, int], divisor: int, whole: int) -> dict[str, int]:
    """Do it for quotas multiplied by `divisor`: whole numbers are many times faster than Fractions."""
    if any(quota < 0 for quota in quotas.values()):
        raise ValueError("A quota cannot be negative.")
    if abs(sum(quotas.values()) - whole * divisor) >= divisor:
        raise ValueError(f"The quotas do not sum to {whole}.")
    parts = {key: quota // divisor for key, quota in quotas.items()}
    left = whole - sum(parts.values())
    by_claim = sorted((-(quota % divisor), key) for key, quota in quotas.items())
    # The remainders sum to more than left - 1, so there are at least `left` that are not zero.
    for _remainder, key in by_claim[:left]:
        parts[key] += 1
    return parts


class Sharing:
    """Exact shares that sum to 1, ready to part many wholes: one for each year."""

    def __init__(self, shares: Mapping[str, Fraction]) -> None:
        self._common = lcm(*(share.denominator for share in shares.values()))
        self._shares = {
            key: share.numerator * (self._common // share.denominator)
            for key, share in shares.items()
        }

    def part(self, quota: Fraction, whole: int) -> dict[str, int]:
        """Share `quota` units by largest remainder; `whole` is `quota` rounded up or down."""
        numerator = quota.numerator
        quotas = {key: share * numerator for key, share in self._shares.items()}
        return _largest_remainder(quotas, self._common * quota.denominator, whole)

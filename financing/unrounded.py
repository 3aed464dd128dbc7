"""Unrounded sums as a function of one rate, base amount or index, and where they meet a target. Pure.

Both kinds only rise with the value, and are exact Fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from financing.amounts import (
    Inhabitants,
    multipliers,
    payers_of,
    shares_of,
    within,
    yearly_amount,
)
from financing.index import growth
from financing.terms import Alternative, Contributor, Rule, RuleKind

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Close:
    """Where the sum meets a target: the value itself, or one closer to it than the decimals asked for."""

    value: Fraction
    is_exact: bool


class Unrounded(Protocol):
    """A sum that never falls while the value rises."""

    @property
    def payers(self) -> int:
        """How many of those meant pay by what is sought."""

    @property
    def rises(self) -> bool:
        """Whether any value gives another sum than the lowest."""

    @property
    def top(self) -> Fraction | None:
        """The value above which the sum stays the same; None where it grows without end."""

    def at(self, value: Fraction) -> Fraction:
        """Return the sum in kroner."""

    def solve(self, target: Fraction, decimals: int) -> Close | None:
        """Return the lowest value that gives the target; None where none does."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one contributor pays by the rule: `weight` x (`start` + `slope` x value), within bounds."""

    start: Fraction
    slope: Fraction
    weight: Fraction  # the years' growth and step, summed
    low: Fraction
    high: Fraction | None

    def at(self, value: Fraction) -> Fraction:
        """Return the kroner."""
        amount = max(self.low, self.start + self.slope * value)
        return self.weight * (amount if self.high is None else min(self.high, amount))

    @property
    def moves(self) -> bool:
        """Whether the amount ever changes."""
        if not self.slope or not self.weight:
            return False
        return self.high is None or self.high > max(self.low, self.start)


@dataclass(frozen=True, slots=True)
class ByRule:
    """A sum as a function of a rule's rate or base amount: straight lines between the bounds."""

    flat: Fraction  # what is paid by the other rules
    parts: tuple[Part, ...]

    @property
    def payers(self) -> int:
        """How many pay by the rule."""
        return len(self.parts)

    @property
    def rises(self) -> bool:
        """Whether anybody's amount follows the value."""
        return any(part.moves for part in self.parts)

    @property
    def top(self) -> Fraction | None:
        """Where the last one meets the cap."""
        tops = [_meets(part, part.high) for part in self.parts if part.moves]
        return (
            None if None in tops else max((top for top in tops if top is not None), default=_ZERO)
        )

    def at(self, value: Fraction) -> Fraction:
        """Return the sum in kroner."""
        return sum((part.at(value) for part in self.parts), self.flat)

    def solve(self, target: Fraction, decimals: int) -> Close | None:
        """Return the lowest value from 0 that gives the target, always exactly."""
        meets = {
            value
            for part in self.parts
            if part.moves
            for value in (_meets(part, part.low), _meets(part, part.high))
            if value is not None and value > 0
        }
        corners = [_ZERO, *sorted(meets)]
        if self.at(_ZERO) >= target:
            return Close(_ZERO, True) if self.at(_ZERO) == target else None
        first, last = 0, len(corners)  # the first corner where the target is reached, or none
        while last - first > 1:
            middle = (first + last) // 2
            first, last = (first, middle) if self.at(corners[middle]) >= target else (middle, last)
        left = corners[first]
        right = corners[last] if last < len(corners) else left + 1
        rise = self.at(right) - self.at(left)
        if not rise:
            return None
        return Close(left + (target - self.at(left)) * (right - left) / rise, True)


def _meets(part: Part, bound: Fraction | None) -> Fraction | None:
    return None if bound is None else (bound - part.start) / part.slope


@dataclass(frozen=True, slots=True)
class ByIndex:
    """A sum as a function of the index in percent: coefficients[k] x (1 + percent / 100) ** k."""

    coefficients: tuple[Fraction, ...]
    payers: int

    @property
    def rises(self) -> bool:
        """Whether any amount grows."""
        return any(self.coefficients[1:])

    @property
    def top(self) -> None:
        """An index has no end."""
        return

    def at(self, value: Fraction) -> Fraction:
        """Return the sum in kroner."""
        factor, total = 1 + value / 100, _ZERO
        for coefficient in reversed(self.coefficients):
            total = total * factor + coefficient
        return total

    def solve(self, target: Fraction, decimals: int) -> Close | None:
        """Return the percent above -100 that gives the target.

        Exactly where the sum is a straight line or the percent has no more than `decimals`;
        otherwise one that is wrong by half a unit of the last decimal at most.
        """
        flat, *rising = self.coefficients
        if target <= flat:
            return None
        if not any(rising[1:]):
            return Close(((target - flat) / rising[0] - 1) * 100, True)
        scale = 10**decimals
        below, above = -100 * scale, scale
        while self.at(Fraction(above, scale)) < target:
            below, above = above, above * 2
        while above - below > 1:
            middle = (below + above) // 2
            reached = self.at(Fraction(middle, scale)) >= target
            below, above = (below, middle) if reached else (middle, above)
        value = Fraction(above, scale)
        if self.at(value) == target:
            return Close(value, True)
        return Close(value - Fraction(1, 2 * scale), False)


def of_rule(
    contributors: Sequence[Contributor],
    alternative: Alternative,
    years: Sequence[int],
    columns: Sequence[int],
    of: frozenset[str] | None,
    position: int,
    by_rate: bool,
) -> ByRule:
    """Return the sum of `columns` for those in `of` (None: all) as the rule's rate or base amount varies."""
    plan = _Plan(contributors, of)
    factors = growth(alternative.index, years)
    flat, parts = _ZERO, []
    for at, rule in enumerate(alternative.rules):
        by_year = multipliers(rule, factors)
        weight = sum((Fraction(by_year[column]) for column in columns), _ZERO)
        if at != position:
            flat += weight * sum(plan.amounts(rule).values(), _ZERO)
            continue
        for payer in plan.meant(rule):
            inhabitants = Fraction(plan.inhabitants.counted(payer, rule.basis))
            base, rate = Fraction(rule.base_amount), Fraction(rule.rate)
            start, slope = (base, inhabitants) if by_rate else (rate * inhabitants, Fraction(1))
            high = None if rule.cap is None else Fraction(rule.cap)
            parts.append(Part(start, slope, weight, Fraction(rule.floor or 0), high))
    return ByRule(flat, tuple(parts))


def of_index(
    contributors: Sequence[Contributor],
    alternative: Alternative,
    years: Sequence[int],
    columns: Sequence[int],
    of: frozenset[str] | None,
    only: int | None,
) -> ByIndex:
    """Return the same sum as the index of every year, or of the year `only`, varies."""
    plan = _Plan(contributors, of)
    steady = [Fraction(1)] * len(years)  # growth that stays as it is
    powers = list(range(len(years)))
    if only is not None:
        kept = tuple(factor for factor in alternative.index if factor.year != only)
        stated = {factor.year: Fraction(factor.percent) / 100 for factor in kept}
        for at, year in enumerate(years[1:], start=1):
            steady[at] = steady[at - 1] * (1 + stated.get(year, _ZERO))
        powers = [int(only != years[0] and year >= only) for year in years]
    coefficients = [_ZERO] * (max(powers) + 1)
    growing: set[str] = set()
    for rule in alternative.rules:
        amounts = plan.amounts(rule)
        whole = sum(amounts.values(), _ZERO)
        steps = multipliers(rule, (Decimal(1),) * len(years))
        for column in columns:
            yearly = whole * Fraction(steps[column])
            if rule.indexed:
                coefficients[powers[column]] += yearly * steady[column]
            else:
                coefficients[0] += yearly
        if rule.indexed:
            growing |= amounts.keys()
    return ByIndex(tuple(coefficients), len(growing))


class _Plan:
    """Those who pay, and which of them the sum is about."""

    def __init__(self, contributors: Iterable[Contributor], of: frozenset[str] | None) -> None:
        self.payers = payers_of(tuple(contributors))
        self.inhabitants = Inhabitants(self.payers)
        self.of = of

    def meant(self, rule: Rule) -> list[Contributor]:
        """Return those who pay by the rule and are in the sum."""
        keys = rule.applies_to & self.payers.keys()
        return [self.payers[key] for key in sorted(keys if self.of is None else keys & self.of)]

    def amounts(self, rule: Rule) -> dict[str, Fraction]:
        """Return what each of them owes by the rule in the first year, before index and step-up."""
        if rule.kind is RuleKind.DISTRIBUTION_KEY:
            concerned = [self.payers[key] for key in sorted(rule.applies_to & self.payers.keys())]
            shares = shares_of(rule, concerned)
            return {
                payer.key: shares[payer.key] * Fraction(rule.amount) for payer in self.meant(rule)
            }
        return {
            payer.key: Fraction(within(rule, yearly_amount(rule, payer, self.inhabitants)))
            for payer in self.meant(rule)
        }

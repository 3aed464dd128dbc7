"""What each payer owes by a rule before anything is rounded: inhabitants, growth, step-up, bounds, shares.

Pure. Used by the calculation and by the search for a rate, so that both mean the same amounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from financing.apportionment import bounded_shares, key_shares
from financing.terms import Basis, Contributor, ContributorKind, Rule, RuleKind, Status


def payers_of(contributors: Sequence[Contributor]) -> dict[str, Contributor]:
    """Return those who pay, by key: included and not declined."""
    return {
        item.key: item
        for item in contributors
        if item.included and item.status is not Status.DECLINED
    }


class Inhabitants:
    """The numbers a rate is multiplied by, each county counted once."""

    def __init__(self, payers: Mapping[str, Contributor]) -> None:
        self.payers = payers
        self.of_county: dict[str, list[Contributor]] = {}
        for payer in payers.values():
            if payer.kind is ContributorKind.MUNICIPALITY:
                self.of_county.setdefault(payer.county, []).append(payer)

    def counted(self, item: Contributor, basis: Basis) -> int:
        """Return how many; ValueError where a number is missing."""
        if basis is Basis.OWN:
            return _known(item)
        if not item.county:
            raise ValueError(f"{item.name} has no county whose inhabitants can be counted.")
        return sum(map(_known, self.of_county.get(item.county, ())))


def _known(body: Contributor) -> int:
    if body.population is None:
        raise ValueError(f"The number of inhabitants is missing for {body.name}.")
    return body.population


def multipliers(rule: Rule, factors: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Return what the rule's first-year amount is multiplied by in each year: growth and step."""
    return tuple(
        (factor if rule.indexed else Decimal(1)) * step
        for factor, step in zip(factors, _steps(rule, len(factors)), strict=True)
    )


def _steps(rule: Rule, count: int) -> list[Decimal]:
    """Return the part of the amount that is paid in each of `count` years, 1 for the whole."""
    parts = [percent.scaleb(-2) for percent in rule.steps[:count]] or [Decimal(1)]
    return parts + [parts[-1]] * (count - len(parts))


def yearly_amount(rule: Rule, item: Contributor, inhabitants: Inhabitants) -> Decimal:
    """Return what `item` owes by a rule that is no key, before bounds, index and rounding."""
    if rule.kind is RuleKind.FIXED:
        return rule.amount
    if rule.kind is RuleKind.HOURS:
        return rule.hours * rule.hour_price
    return rule.base_amount + rule.rate * inhabitants.counted(item, rule.basis)


def within(rule: Rule, amount: Decimal) -> Decimal:
    """Lift a first-year amount to the rule's floor, or cut it to its cap."""
    if rule.floor is not None:
        amount = max(amount, rule.floor)
    return amount if rule.cap is None else min(amount, rule.cap)


def shares_of(rule: Rule, concerned: Sequence[Contributor]) -> dict[str, Fraction]:
    """Return each contributor's exact part of a key's whole, within floor and cap."""
    shares = key_shares(rule.key_parts, {item.key: item.population for item in concerned})
    if not rule.amount:
        if rule.floor:
            raise ValueError("The floors of a distribution key are more than the whole.")
        return shares
    low = Fraction(rule.floor or 0) / Fraction(rule.amount)
    high = None if rule.cap is None else Fraction(rule.cap) / Fraction(rule.amount)
    return bounded_shares(shares, low, high)

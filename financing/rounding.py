"""Named rules for rounding a shown amount. Pure.

A rule is a unit and a direction. An amount is rounded once, from the unrounded value, to a whole
number of units; from there on only whole units are added, so no later step can round again.
Worked tables: docs/rounding.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from types import MappingProxyType

ORE = Decimal("0.01")

# Every step before the rounding is exact or fails: the default context would silently keep 28
# digits, which a few years of compounding can pass.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
# The rounding itself, as strict about what is too large.
_ROUNDING = Context(prec=1000, traps=[InvalidOperation, DivisionByZero, Overflow])


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """A named way of rounding a shown cell: to a multiple of `unit` kroner, by a decimal mode.

    `unit` is a power of ten, at least one øre; `mode` rounds half up, down or up.
    """

    code: str
    label: str  # Norwegian, printed under the table after «Avrunding:»
    unit: Decimal
    mode: str  # decimal.ROUND_*

    def __post_init__(self) -> None:
        """Refuse a unit that shown cells with two decimals cannot be multiples of."""
        power_of_ten = self.unit.is_finite() and self.unit.normalize().as_tuple().digits == (1,)
        if not power_of_ten or self.unit < ORE:
            raise ValueError(f"Rounding unit {self.unit} is not a power of ten of at least 0.01.")
        if self.mode not in (ROUND_HALF_UP, ROUND_DOWN, ROUND_UP):
            raise ValueError(f"Rounding mode {self.mode} is not known.")


_RULES = (
    RoundingRule("ore_half_up", "nærmeste øre", ORE, ROUND_HALF_UP),
    RoundingRule("tiore_half_up", "nærmeste ti øre", Decimal("0.1"), ROUND_HALF_UP),
    RoundingRule("krone_half_up", "nærmeste hele krone", Decimal(1), ROUND_HALF_UP),
    RoundingRule("krone_down", "avkortet til hele kroner", Decimal(1), ROUND_DOWN),
    RoundingRule("krone_up", "rundet opp til hele kroner", Decimal(1), ROUND_UP),
    RoundingRule("hundre_half_up", "nærmeste hele hundre kroner", Decimal(100), ROUND_HALF_UP),
)
ROUNDING_RULES: Mapping[str, RoundingRule] = MappingProxyType({rule.code: rule for rule in _RULES})
DEFAULT_ROUNDING = ROUNDING_RULES["ore_half_up"]


def to_units(amount: Decimal, rule: RoundingRule) -> int:
    """Round unrounded kroner once, to a whole number of the rule's units."""
    with localcontext(EXACT):
        scaled = amount.scaleb(-rule.unit.adjusted())
        return int(scaled.to_integral_value(rounding=rule.mode))


def from_units(units: int, rule: RoundingRule) -> Decimal:
    """Return `units` of the rule as kroner with exactly two decimals."""
    with localcontext(EXACT):
        return (units * rule.unit).quantize(ORE)


def shown(
    amounts: Iterable[Decimal], units: Sequence[int], rule: RoundingRule
) -> tuple[Decimal, ...]:
    """Round each amount once and add its whole units: `from_units(to_units(amount) + units)` for many."""
    multiple = rule.unit.normalize(
        EXACT
    )  # 100 as 1E+2: what is rounded to is the last digit's place
    with localcontext(_ROUNDING):
        rounded = [amount.quantize(multiple, rule.mode) for amount in amounts]
        if any(units):
            rounded = [cell + more * multiple for cell, more in zip(rounded, units, strict=True)]
        if multiple != ORE:
            rounded = [cell.quantize(ORE) for cell in rounded]
    return tuple(rounded)

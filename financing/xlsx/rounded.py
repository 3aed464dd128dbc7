"""The rounding rules as spreadsheet functions."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP

from financing.rounding import RoundingRule

_FUNCTIONS = {ROUND_HALF_UP: "ROUND", ROUND_DOWN: "ROUNDDOWN", ROUND_UP: "ROUNDUP"}
_CLEAN = 7  # decimals of a unit that are kept before rounding down or up


def rounded(kroner: str, rule: RoundingRule) -> str:
    """Return the formula that rounds `kroner` by the rule, once.

    1 250 reckoned in binary may be 1 249,9999999998, which is no krone less: down and up therefore
    look away from what is smaller than any price can make it.
    """
    digits = -rule.unit.adjusted()
    if rule.mode != ROUND_HALF_UP:
        kroner = f"ROUND({kroner},{digits + _CLEAN})"
    return f"{_FUNCTIONS[rule.mode]}({kroner},{digits})"

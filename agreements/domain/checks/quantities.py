"""Numbers, amounts and percentages as people type them in Norwegian text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Bounded everywhere, so that no text can make the search slow. A dot before exactly three digits
# parts thousands; a dot before one or two is a decimal sign.
_NUMBER = re.compile(
    r"(?:(?<![^\W_])|(?<=\bkr))(?<!\d[.,])"
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f\u2009.]\d{3}){1,4}(?!\d)|\d{1,12})"
    r"(?P<decimals>,\d{1,6}|\.\d{1,2}(?!\d))?"
    r"(?![.,]?\d)(?![^\W\d_])"
)
_CURRENCY_BEFORE = re.compile(r"(?:\bkr\.?|\bkroner|\bNOK)\s{0,3}$", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(r"\s{0,3}(?:kr\b|kroner\b|krone\b|NOK\b|,-)", re.IGNORECASE)
_SCALE = re.compile(r"\s{0,3}(millioner|million|mill\b\.?|tusen)", re.IGNORECASE)
_PERCENT = re.compile(r"\s{0,3}(?:%|prosent\b|pst\b)", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:ca\.?|cirka|om lag|omlag|omtrent|rundt|kring|bortimot|nær|nesten|nærmere|drøyt|vel|knapt|snaut"
    r"|godt over)"
    r"(?:\s+kr\.?|\s+kroner)?\s{0,3}$",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:under|over|mindre enn|mer enn|meir enn|flere enn|fleire enn|færre enn|høyst|høgst|maksimalt"
    r"|maks\.?|inntil|opptil|mellom|hver|hvert|kvar|kvart|per|pr\.?)"
    r"(?:\s+kr\.?|\s+kroner)?\s{0,3}$",
    re.IGNORECASE,
)
# «punkt 5.20», «kl. 12.30»: numbers that name a place or time and count nothing.
_NAMES_A_PLACE = re.compile(
    r"(?:\bpunkt(?:et|ene|a)?|\bpkt\.?|§+|\btabell|\bsak|\bvedlegg|\bkap(?:ittel|\.)?|\bkl\.?|\bnr\.?)\s{0,3}$",
    re.IGNORECASE,
)
_SCALES = {"tusen": Decimal(1000)}
_MILLION = Decimal(1_000_000)
_WINDOW = 30


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. `value` is exact; `step` is the size of its last digit as typed."""

    start: int
    end: int  # after the number and its scale («mill.»), before the unit
    raw: str
    value: Decimal
    step: Decimal
    is_money: bool
    is_percent: bool
    is_about: bool  # «ca.», «nesten»
    is_limit: bool  # «inntil», «over», «per 1000»: says nothing of what something is
    has_separator: bool  # thousands or decimals are marked, so it is no year

    @property
    def is_whole(self) -> bool:
        """Tell whether it is a whole number, however it was typed («7 043,0»)."""
        return self.value == self.value.to_integral_value()

    def agrees(self, right: Decimal) -> bool:
        """Tell whether the number is `right`, rounded only where the words say «about»."""
        if self.value == right:
            return True
        return self.is_about and abs(self.value - right) < self._coarseness()

    def agrees_rounded(self, right: Decimal) -> bool:
        """Tell whether the number is `right` or `right` rounded (half up) to the digits typed."""
        if self.agrees(right):
            return True
        return (right / self.step).to_integral_value(ROUND_HALF_UP) * self.step == self.value

    def _coarseness(self) -> Decimal:
        """Return the place of the last digit that is not a zero: 1000 for 63 000."""
        exponent = self.value.normalize().as_tuple().exponent
        return (
            max(self.step, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else self.step
        )


def numbers(typed: str) -> Iterator[Number]:
    """Yield the numbers in a text in order, except parts of codes, dotted numbers and § references."""
    for match in _NUMBER.finditer(typed):
        start, end = match.span()
        before = typed[max(0, start - _WINDOW) : start]
        if _NAMES_A_PLACE.search(before):
            continue
        whole = re.sub(r"\D", "", match["whole"])
        decimals = (match["decimals"] or "")[1:]
        value = Decimal(f"{whole}.{decimals or '0'}")
        step = Decimal(1).scaleb(-len(decimals))
        scale = _SCALE.match(typed, end)
        if scale:
            factor = _SCALES.get(scale[1].lower(), _MILLION)
            value, step, end = value * factor, step * factor, scale.end()
        yield Number(
            start=start,
            end=end,
            raw=typed[start:end],
            value=value,
            step=step,
            is_money=bool(_CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.match(typed, end)),
            is_percent=_PERCENT.match(typed, end) is not None,
            is_about=_ABOUT.search(before) is not None,
            is_limit=_LIMIT.search(before) is not None,
            has_separator=len(whole) != len(match["whole"]) or bool(decimals),
        )

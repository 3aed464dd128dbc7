"""Goal seek: which rate, base amount or index gives a stated total. Pure.

Two answers that must not be mixed up. The exact value is solved on the unrounded amounts. The values
in whole steps are found on `calculate` itself, with its rounding, bounds, step-up and keys, so that
the total beside a value is the one the table shows. Worked examples: docs/rounding.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from financing.calculation import calculate
from financing.index import IndexFactor
from financing.rounding import EXACT
from financing.terms import Alternative, Contributor, RuleKind, Table
from financing.unrounded import Unrounded, of_index, of_rule
from municipalities import norwegian

_DECIMALS = 6  # of the exact value as it is shown
_WHOLE_STEP = {"rate": Decimal("0.01"), "base_amount": Decimal("0.01"), "index": Decimal("0.1")}


class Sought(StrEnum):
    """What is changed until the total is right."""

    RATE = "rate"  # kroner per inhabitant of one rule
    BASE_AMOUNT = "base_amount"  # kroner a year of one rule
    INDEX = "index"  # percent growth, the same in every year or in one


class Reason(StrEnum):
    """Why there is no answer."""

    NO_RATE = "no_rate"  # the rule is not one per inhabitant
    NOBODY_PAYS = "nobody_pays"  # none of those meant pays by the rule, or by an indexed one
    NO_EFFECT = "no_effect"  # the total is the same whatever the value
    TOO_LOW = "too_low"  # the total is above the target even at the lowest value
    TOO_HIGH = "too_high"  # the total never gets as high: everybody meant is at the cap


@dataclass(frozen=True, slots=True)
class Goal:
    """A total in kroner to be met by changing one thing.

    `rule` is the rule's position in the alternative (not used for INDEX). `year` is the year whose
    total is meant, None the sum of all years. `of` are the contributors whose sum is meant, None
    everybody who pays. For INDEX every year gets the same percent, or `index_year` alone does while
    the others keep theirs. `step` is the least step of the value, None 0.01 krone or 0.1 percent.
    """

    what: Sought
    target: Decimal
    rule: int = 0
    year: int | None = None
    of: frozenset[str] | None = None
    index_year: int | None = None
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value in whole steps, the total the table then shows, and that total less the target."""

    value: Decimal
    total: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; with a `reason`, nothing was.

    `exact` is the lowest value whose unrounded amounts sum to the target. It is None where none
    does, and where an index has no such fraction of few decimals; `shown` is still close to it then.
    `shown` is that value with six decimals, half up, and `is_exact` says that it is the value itself.
    `first_not_below` is the lowest value in whole steps whose total is not below the target, and
    `nearest` that one or the step before, whichever total is nearer (the first where both are).
    `limit` is the total that comes closest where the target cannot be reached.
    """

    goal: Goal
    exact: Fraction | None = None
    shown: Decimal | None = None
    is_exact: bool = False
    nearest: Found | None = None
    first_not_below: Found | None = None
    reason: Reason | None = None
    limit: Decimal | None = None


def seek(
    contributors: Iterable[Contributor],
    alternative: Alternative,
    years: Sequence[int],
    goal: Goal,
) -> Answer:
    """Find the values that meet the goal, or say why there are none.

    No value below 0 kroner, and no percent of -100 or less, is an answer. Where the sum of some of
    those who share an indexed distribution key is meant, the parts may go a unit down while the
    index goes up; the values found are then those where the total passes the target.

    Raises ValueError for a rule or year that is not there, a target or step that is no positive
    number (a target may be 0), and as `calculate` does.
    """
    people, listed = tuple(contributors), tuple(years)
    _check(alternative, listed, goal)
    if goal.what is not Sought.INDEX and (
        alternative.rules[goal.rule].kind is not RuleKind.PER_INHABITANT
    ):
        return Answer(goal, reason=Reason.NO_RATE)
    calculate(
        people, alternative, listed
    )  # refuses what contradicts itself before anything is sought
    columns = [at for at, year in enumerate(listed) if goal.year in (None, year)]
    model: Unrounded
    with localcontext(EXACT):
        if goal.what is Sought.INDEX:
            model = of_index(people, alternative, listed, columns, goal.of, goal.index_year)
        else:
            by_rate = goal.what is Sought.RATE
            model = of_rule(people, alternative, listed, columns, goal.of, goal.rule, by_rate)
    if model.payers == 0:
        return Answer(goal, reason=Reason.NOBODY_PAYS)
    if not model.rises:
        return Answer(
            goal, reason=Reason.NO_EFFECT, limit=_total(people, alternative, listed, goal)
        )
    return _search(model, goal, lambda value: _total_at(people, alternative, listed, goal, value))


def with_value(
    alternative: Alternative, years: Sequence[int], goal: Goal, value: Decimal
) -> Alternative:
    """Return the alternative with the sought value put in, as it can be calculated or saved."""
    if goal.what is Sought.INDEX:
        return replace(alternative, index=_index(alternative, years, goal.index_year, value))
    rules = list(alternative.rules)
    if goal.what is Sought.RATE:
        rules[goal.rule] = replace(rules[goal.rule], rate=value)
    else:
        rules[goal.rule] = replace(rules[goal.rule], base_amount=value)
    return replace(alternative, rules=tuple(rules))


def _index(
    alternative: Alternative, years: Sequence[int], only: int | None, percent: Decimal
) -> tuple[IndexFactor, ...]:
    """Put the percent into every year after the first, or `only` into one; sources are kept."""
    known = {factor.year: factor for factor in alternative.index}
    for year in years[1:]:
        factor = known.get(year, IndexFactor(year, Decimal(0)))
        known[year] = replace(factor, percent=percent) if only in (None, year) else factor
    return tuple(known[year] for year in sorted(known))


def _check(alternative: Alternative, years: tuple[int, ...], goal: Goal) -> None:
    if goal.what is not Sought.INDEX and not 0 <= goal.rule < len(alternative.rules):
        raise ValueError(f"The alternative has no rule {goal.rule}.")
    for year in (goal.year, goal.index_year):
        if year is not None and year not in years:
            raise ValueError(f"The plan has no year {year}.")
    if not goal.target.is_finite() or goal.target < 0:
        raise ValueError(f"The target is {goal.target}.")
    if goal.step is not None and (not goal.step.is_finite() or goal.step <= 0):
        raise ValueError(f"The step is {goal.step}.")


def _total_at(
    contributors: tuple[Contributor, ...],
    alternative: Alternative,
    years: tuple[int, ...],
    goal: Goal,
    value: Decimal,
) -> Decimal:
    return _total(contributors, with_value(alternative, years, goal, value), years, goal)


def _total(
    contributors: tuple[Contributor, ...],
    alternative: Alternative,
    years: tuple[int, ...],
    goal: Goal,
) -> Decimal:
    return total_of(calculate(contributors, alternative, years), goal)


def total_of(table: Table, goal: Goal) -> Decimal:
    """Return the sum of the shown cells that the goal is about."""
    with localcontext(EXACT):
        return sum(
            (
                cell
                for row in table.rows
                if goal.of is None or row.key in goal.of
                for year, cell in zip(table.years, row.cells, strict=True)
                if goal.year in (None, year)
            ),
            Decimal("0.00"),
        )


def _search(model: Unrounded, goal: Goal, total_at: Callable[[Decimal], Decimal]) -> Answer:
    """Find exact value and whole steps of a total that rises with the value."""
    step = goal.step or _WHOLE_STEP[goal.what]
    totals: dict[int, Decimal] = {}

    def found(steps: int) -> Found:
        with localcontext(EXACT):
            value = steps * step
            if steps not in totals:
                totals[steps] = total_at(value)
            return Found(value, totals[steps], totals[steps] - goal.target)

    def reached(steps: int) -> bool:
        return found(steps).difference >= 0

    unit = Fraction(step)
    lowest = 0 if goal.what is not Sought.INDEX else floor(Fraction(-100) / unit) + 1
    # From the highest value that changes anything, the total stays the same.
    highest = None if model.top is None else max(ceil(model.top / unit), lowest)
    target = Fraction(goal.target)
    if model.at(lowest * unit) > target and found(lowest).difference > 0:
        return Answer(goal, reason=Reason.TOO_LOW, limit=found(lowest).total)
    if highest is not None and not reached(highest):
        return Answer(goal, reason=Reason.TOO_HIGH, limit=found(highest).total)
    close = model.solve(target, _DECIMALS + 4)
    start = lowest if close is None else max(lowest, ceil(close.value / unit))
    first = _first(reached, lowest, start if highest is None else min(start, highest), highest)
    nearest = found(first)
    if first > lowest and -found(first - 1).difference < nearest.difference:
        nearest = found(first - 1)
    if close is None:
        return Answer(goal, nearest=nearest, first_not_below=found(first))
    shown = _decimal(close.value)
    return Answer(
        goal,
        exact=close.value if close.is_exact else None,
        shown=shown,
        is_exact=close.is_exact and Fraction(shown) == close.value,
        nearest=nearest,
        first_not_below=found(first),
    )


def _first(reached: Callable[[int], bool], lowest: int, start: int, highest: int | None) -> int:
    """Return the least whole number that has reached the target, looking outwards from `start`.

    The one before it has not reached the target, unless it is the lowest.
    """
    width = 1
    if reached(start):
        above, below = start, start - 1
        while below >= lowest and reached(below):
            above, width = below, width * 2
            below = above - width
        below = max(below, lowest - 1)
    else:
        below, above = start, start + 1
        while not reached(above):
            below, width = above, width * 2
            above = above + width if highest is None else min(above + width, highest)
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if reached(middle) else (middle, above)
    return above


def _decimal(value: Fraction) -> Decimal:
    """Round half up to the decimals that are shown."""
    scaled = floor(value * 10**_DECIMALS + Fraction(1, 2))
    with localcontext(EXACT):
        return (
            Decimal(scaled)
            .scaleb(-_DECIMALS)
            .quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_UP)
        )


_SENTENCES = {
    Reason.NO_RATE: "Regelen har ingen sats per innbygger og ikke noe grunnbeløp å lete etter.",
    Reason.NOBODY_PAYS: "Ingen av dem summen gjelder, betaler etter regelen.",
    Reason.NO_EFFECT: "Summen blir {limit} kroner uansett hvilken verdi regelen får.",
    Reason.TOO_LOW: "Summen kan ikke bli så lav. Den laveste den kan bli, er {limit} kroner.",
    Reason.TOO_HIGH: "Summen kan ikke bli så høy. Den høyeste den kan bli, er {limit} kroner.",
}
_INDEX_SENTENCES = _SENTENCES | {
    Reason.NOBODY_PAYS: "Ingen av dem summen gjelder, betaler noe som indeksreguleres.",
    Reason.NO_EFFECT: "Summen blir {limit} kroner uansett indeks. Indeksen virker først fra året etter "
    "det første, og bare på beløp som indeksreguleres.",
}


def sentence(answer: Answer) -> str:
    """Say in Norwegian why there is no answer; empty where there is one."""
    if answer.reason is None:
        return ""
    sentences = _INDEX_SENTENCES if answer.goal.what is Sought.INDEX else _SENTENCES
    limit = "" if answer.limit is None else norwegian.money(answer.limit)
    return sentences[answer.reason].format(limit=limit)

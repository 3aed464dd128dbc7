"""Contributions to a shared service: who pays how much in which year. Pure: no clock, no I/O.

amount(year) = (base + population x rate) x product of (1 + index), computed with exact decimals.
Each shown cell is rounded once, by the alternative's named rule, from the unrounded amount; every
subtotal and total is the sum of the *shown* cells. Worked tables: docs/rounding.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext
from enum import StrEnum
from fractions import Fraction

from financing.apportionment import KeyPart, KeyPartKind, key_shares, largest_remainder
from financing.index import IndexFactor, growth, used
from financing.rounding import EXACT, RoundingRule, from_units, to_units

__all__ = [
    "Alternative",
    "Basis",
    "Contributor",
    "ContributorKind",
    "IndexFactor",
    "KeyPart",
    "KeyPartKind",
    "RoundingRule",
    "Row",
    "Rule",
    "RuleKind",
    "Status",
    "SumRow",
    "Table",
    "add_up",
    "calculate",
    "paying",
]


class ContributorKind(StrEnum):
    """What sort of body pays."""

    MUNICIPALITY = "municipality"
    COUNTY_AUTHORITY = "county_authority"
    OTHER = "other"


class Status(StrEnum):
    """How sure a contribution is. A declined contributor is shown with no amount."""

    CONFIRMED = "confirmed"
    CONDITIONAL = "conditional"
    UNDECIDED = "undecided"
    DECLINED = "declined"


class RuleKind(StrEnum):
    """The ways of setting an amount."""

    PER_INHABITANT = "per_inhabitant"
    DISTRIBUTION_KEY = "distribution_key"
    FIXED = "fixed"


class Basis(StrEnum):
    """Whose inhabitants a rate per inhabitant is multiplied by."""

    OWN = "own"
    COUNTY = "county"  # those of the county's municipalities that are in the plan and pay


@dataclass(frozen=True, slots=True)
class Contributor:
    """A body in the plan. `key` is stable and unique: the municipality or county number, or a slug.

    A contributor that is not `included` is left out of the table. One that has declined is listed
    without an amount. Neither counts in a county's inhabitants, a distribution key or a sum.
    """

    key: str
    name: str
    kind: ContributorKind
    county: str  # county number, groups the table; "" for other bodies that belong to no county
    county_name: str
    population: int | None  # inhabitants at the plan's date; None for bodies without inhabitants
    status: Status = Status.CONFIRMED
    included: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """How some contributors' amounts are set. Amounts of several rules for one contributor add up.

    `base_amount` and `amount` are kroner a year; `rate` is kroner per inhabitant.
    PER_INHABITANT uses base_amount, rate and basis; FIXED uses amount (each contributor);
    DISTRIBUTION_KEY shares amount (the whole) among the contributors by key_parts, whose percents
    sum to 100. Fields that the kind does not use are ignored.
    """

    applies_to: frozenset[str]
    kind: RuleKind
    base_amount: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    basis: Basis = Basis.OWN
    amount: Decimal = Decimal(0)
    key_parts: tuple[KeyPart, ...] = ()
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way of financing the plan."""

    name: str
    rounding: RoundingRule
    rules: tuple[Rule, ...]
    index: tuple[IndexFactor, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A contributor's line in the printed table. Cells are kroner with two decimals, one per year.

    `population` is the number the rate was multiplied by (for a county authority: the inhabitants
    of its county's municipalities that pay), else the contributor's own. `rate` and `base_amount`
    are those of the one rule per inhabitant, None where there is none or several add up; fixed and
    shared amounts come in addition. All three are None for a contributor that has declined.
    """

    key: str
    name: str
    kind: ContributorKind
    county: str
    status: Status
    population: int | None
    rate: Decimal | None
    base_amount: Decimal | None
    cells: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class SumRow:
    """A named sum of the shown cells of the rows in `keys`, none of which has declined."""

    code: str  # "county-<number>", "municipalities", "total" or "total-confirmed"
    label: str  # Norwegian, e.g. «Sum Buskerud»
    keys: tuple[str, ...]
    cells: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A finished contribution table: all that is printed, so that nothing is computed twice."""

    alternative: str
    rounding: RoundingRule
    years: tuple[int, ...]
    index: tuple[IndexFactor, ...]  # by year; empty where no amount in the table is indexed
    rows: tuple[Row, ...]
    subtotals: tuple[SumRow, ...]  # one per county, in table order, where several pay
    total: SumRow  # every contributor that has not declined
    total_confirmed: SumRow | None  # only confirmed contributors; None when it equals the total


def calculate(
    contributors: Iterable[Contributor], alternative: Alternative, years: Sequence[int]
) -> Table:
    """Compute the contribution table of one alternative for consecutive years.

    A cell is the contributor's unrounded kroner, summed over the rules and rounded once, plus its
    shares of distribution keys, which are whole units of the rounding rule already.
    Rows: the counties in the order they are first met, in each its municipalities in the given
    order, then the county authority, then others; bodies without a county last. The order never
    changes an amount.

    Raises ValueError where the input contradicts itself or an amount would have to be guessed.
    """
    try:
        with localcontext(EXACT):
            return _calculate(tuple(contributors), alternative, tuple(years))
    except DecimalException as error:
        raise ValueError("A number is too large or too precise to be computed exactly.") from error


def _calculate(
    contributors: tuple[Contributor, ...], alternative: Alternative, years: tuple[int, ...]
) -> Table:
    _check(contributors, alternative.rules)
    rounding = alternative.rounding
    listed = _in_table_order([item for item in contributors if item.included])
    payers = {item.key: item for item in listed if item.status is not Status.DECLINED}
    cells = _cells(payers, alternative, growth(alternative.index, years))
    nothing = (from_units(0, rounding),) * len(years)
    rows = tuple(
        _row(item, alternative.rules, payers, cells.get(item.key, nothing)) for item in listed
    )
    indexed = any(rule.indexed and rule.applies_to & payers.keys() for rule in alternative.rules)
    total = add_up("total", "Sum alle bidrag", paying(rows), len(years))
    sure = [row for row in rows if row.status is Status.CONFIRMED]
    confirmed = add_up("total-confirmed", "Sum uten ubekreftede bidrag", sure, len(years))
    return Table(
        alternative=alternative.name,
        rounding=rounding,
        years=years,
        index=used(alternative.index, years) if indexed else (),
        rows=rows,
        subtotals=_subtotals(rows, {item.county: item.county_name for item in listed}, len(years)),
        total=total,
        total_confirmed=confirmed if confirmed.keys != total.keys else None,
    )


def _cells(
    payers: Mapping[str, Contributor], alternative: Alternative, factors: tuple[Decimal, ...]
) -> dict[str, tuple[Decimal, ...]]:
    """Return each payer's shown amounts, one for each of the years' growth `factors`."""
    rounding = alternative.rounding
    unrounded = {key: [Decimal(0)] * len(factors) for key in payers}
    shared_units = {key: [0] * len(factors) for key in payers}
    for rule in alternative.rules:
        concerned = [payers[key] for key in sorted(rule.applies_to & payers.keys())]
        for column, factor in enumerate(factors):
            multiplier = factor if rule.indexed else Decimal(1)
            if rule.kind is RuleKind.DISTRIBUTION_KEY:
                shares = _share(rule, rule.amount * multiplier, concerned, rounding)
                for key, units in shares.items():
                    shared_units[key][column] += units
            else:
                for payer in concerned:
                    yearly = _yearly_amount(rule, payer, payers)
                    unrounded[payer.key][column] += yearly * multiplier
    return {
        key: tuple(
            from_units(to_units(amount, rounding) + units, rounding)
            for amount, units in zip(unrounded[key], shared_units[key], strict=True)
        )
        for key in payers
    }


def _check(contributors: Sequence[Contributor], rules: Iterable[Rule]) -> None:
    """Refuse what cannot be meant, with a message that names it."""
    keys = {item.key for item in contributors}
    if len(keys) != len(contributors):
        raise ValueError("Two contributors have the same key.")
    county_names: dict[str, str] = {}
    for item in contributors:
        if item.population is not None and item.population < 0:
            raise ValueError(f"{item.name} has a negative number of inhabitants.")
        if not item.county and item.kind is not ContributorKind.OTHER:
            raise ValueError(f"{item.name} has no county.")
        county_name = county_names.setdefault(item.county, item.county_name)
        if item.county and county_name != item.county_name:
            raise ValueError(f"County {item.county} has two names.")
    municipalities = {
        item.key for item in contributors if item.kind is ContributorKind.MUNICIPALITY
    }
    for rule in rules:
        if unknown := sorted(rule.applies_to - keys):
            raise ValueError(f"A rule applies to unknown contributors: {unknown}.")
        for amount in (rule.base_amount, rule.rate, rule.amount):
            if not amount.is_finite() or amount < 0:
                raise ValueError(f"A rule has an amount or rate of {amount}.")
        by_county = rule.kind is RuleKind.PER_INHABITANT and rule.basis is Basis.COUNTY
        if by_county and rule.applies_to & municipalities:
            raise ValueError("A municipality pays by its own inhabitants, not by the county's.")
        if rule.kind is RuleKind.DISTRIBUTION_KEY:
            stated = {key for part in rule.key_parts for key, _weight in part.weights}
            if outside := sorted(stated - rule.applies_to):
                raise ValueError(f"A key's table names contributors outside the rule: {outside}.")


def _in_table_order(contributors: Sequence[Contributor]) -> list[Contributor]:
    counties = list(dict.fromkeys(item.county for item in contributors if item.county))
    kinds = list(ContributorKind)  # declared in the order of the table
    return sorted(
        contributors,
        key=lambda item: (
            counties.index(item.county) if item.county else len(counties),
            kinds.index(item.kind),
        ),
    )


def _inhabitants(item: Contributor, basis: Basis, payers: Mapping[str, Contributor]) -> int:
    """Return the number of inhabitants that a rate for `item` is multiplied by."""
    counted = [item]
    if basis is Basis.COUNTY:
        if not item.county:
            raise ValueError(f"{item.name} has no county whose inhabitants can be counted.")
        counted = [
            payer
            for payer in payers.values()
            if payer.kind is ContributorKind.MUNICIPALITY and payer.county == item.county
        ]
    total = 0
    for body in counted:
        if body.population is None:
            raise ValueError(f"The number of inhabitants is missing for {body.name}.")
        total += body.population
    return total


def _yearly_amount(rule: Rule, item: Contributor, payers: Mapping[str, Contributor]) -> Decimal:
    """Return what `item` owes by a fixed rule or one per inhabitant, before index and rounding."""
    if rule.kind is RuleKind.FIXED:
        return rule.amount
    return rule.base_amount + rule.rate * _inhabitants(item, rule.basis, payers)


def _share(
    rule: Rule, whole: Decimal, concerned: Sequence[Contributor], rounding: RoundingRule
) -> dict[str, int]:
    """Share a year's whole so that the parts, in whole units, sum to the rounded whole."""
    shares = key_shares(rule.key_parts, {item.key: item.population for item in concerned})
    exact_units = Fraction(whole) / Fraction(rounding.unit)
    quotas = {key: share * exact_units for key, share in shares.items()}
    return largest_remainder(quotas, to_units(whole, rounding))


def _row(
    item: Contributor,
    rules: Iterable[Rule],
    payers: Mapping[str, Contributor],
    cells: tuple[Decimal, ...],
) -> Row:
    declined = item.key not in payers
    by_rate = [
        rule
        for rule in rules
        if rule.kind is RuleKind.PER_INHABITANT and item.key in rule.applies_to and not declined
    ]
    bases = {rule.basis for rule in by_rate}
    if declined or len(bases) > 1:
        population = None
    elif bases:
        population = _inhabitants(item, bases.pop(), payers)
    else:
        population = item.population
    return Row(
        key=item.key,
        name=item.name,
        kind=item.kind,
        county=item.county,
        status=item.status,
        population=population,
        rate=by_rate[0].rate if len(by_rate) == 1 else None,
        base_amount=by_rate[0].base_amount if len(by_rate) == 1 else None,
        cells=cells,
    )


def paying(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that count: all but the declined."""
    return [row for row in rows if row.status is not Status.DECLINED]


def add_up(code: str, label: str, rows: Iterable[Row], columns: int) -> SumRow:
    """Sum the shown cells of `rows`, with one column per year."""
    cells = [Decimal("0.00")] * columns
    keys = []
    with localcontext(EXACT):
        for row in rows:
            keys.append(row.key)
            cells = [cell + more for cell, more in zip(cells, row.cells, strict=True)]
    return SumRow(code, label, tuple(keys), tuple(cells))


def _subtotals(
    rows: Iterable[Row], county_names: Mapping[str, str], columns: int
) -> tuple[SumRow, ...]:
    groups: dict[str, list[Row]] = {}
    for row in paying(rows):
        if row.county:
            groups.setdefault(row.county, []).append(row)
    if len(groups) < 2:
        return ()
    return tuple(
        add_up(f"county-{county}", f"Sum {county_names[county]}", group, columns)
        for county, group in groups.items()
    )

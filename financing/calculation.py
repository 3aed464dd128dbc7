"""Contributions to a shared service: who pays how much in which year. Pure: no clock, no I/O.

amount(year) = (base + population x rate) x step(year) x product of (1 + index), computed with exact
decimals. Each shown cell is rounded once, by the alternative's named rule, from the unrounded amount;
every subtotal and total is the sum of the *shown* cells. Worked tables: docs/rounding.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, DecimalException, localcontext
from fractions import Fraction

from financing.amounts import (
    Inhabitants,
    multipliers,
    payers_of,
    shares_of,
    within,
    yearly_amount,
)
from financing.apportionment import KeyPart, KeyPartKind, Sharing
from financing.index import IndexFactor, growth, used
from financing.rounding import EXACT, RoundingRule, from_units, shown, to_units
from financing.terms import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    Row,
    Rule,
    RuleKind,
    Status,
    SumRow,
    Table,
    Term,
    TermShare,
)

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
    "Term",
    "TermShare",
    "add_up",
    "calculate",
    "paying",
]


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
    payers = payers_of(listed)
    inhabitants = Inhabitants(payers)
    cells = _cells(payers, inhabitants, alternative, growth(alternative.index, years))
    nothing = (from_units(0, rounding),) * len(years)
    by_rate = _by_rate(alternative.rules)
    rows = tuple(
        _row(item, by_rate.get(item.key, []), inhabitants, cells.get(item.key, nothing))
        for item in listed
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
        terms=tuple(_terms(alternative.rules, payers.values(), len(years))),
    )


def _cells(
    payers: Mapping[str, Contributor],
    inhabitants: Inhabitants,
    alternative: Alternative,
    factors: tuple[Decimal, ...],
) -> dict[str, tuple[Decimal, ...]]:
    """Return each payer's shown amounts, one for each of the years' growth `factors`."""
    rounding = alternative.rounding
    unrounded = {key: [Decimal(0)] * len(factors) for key in payers}
    shared_units = {key: [0] * len(factors) for key in payers}
    for rule in alternative.rules:
        concerned = [payers[key] for key in sorted(rule.applies_to & payers.keys())]
        yearly_factors = multipliers(rule, factors)
        if rule.kind is RuleKind.DISTRIBUTION_KEY:
            sharing = Sharing(shares_of(rule, concerned))
            for column, multiplier in enumerate(yearly_factors):
                for key, units in _parts(rule.amount * multiplier, sharing, rounding).items():
                    shared_units[key][column] += units
            continue
        for payer in concerned:
            yearly = within(rule, yearly_amount(rule, payer, inhabitants))
            amounts = unrounded[payer.key]
            for column, multiplier in enumerate(yearly_factors):
                amounts[column] += yearly * multiplier
    return {key: shown(unrounded[key], shared_units[key], rounding) for key in payers}


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
        _check_numbers(rule)
        by_county = rule.kind is RuleKind.PER_INHABITANT and rule.basis is Basis.COUNTY
        if by_county and rule.applies_to & municipalities:
            raise ValueError("A municipality pays by its own inhabitants, not by the county's.")
        if rule.kind is RuleKind.DISTRIBUTION_KEY:
            stated = {key for part in rule.key_parts for key, _weight in part.weights}
            if outside := sorted(stated - rule.applies_to):
                raise ValueError(f"A key's table names contributors outside the rule: {outside}.")


def _check_numbers(rule: Rule) -> None:
    numbers = (rule.base_amount, rule.rate, rule.amount, rule.hours, rule.hour_price)
    for number in (*numbers, rule.floor, rule.cap, *rule.steps):
        if number is not None and (not number.is_finite() or number < 0):
            raise ValueError(f"A rule has an amount or rate of {number}.")
    if rule.floor is not None and rule.cap is not None and rule.floor > rule.cap:
        raise ValueError(f"A rule has a floor of {rule.floor} above its cap of {rule.cap}.")


def _in_table_order(contributors: Sequence[Contributor]) -> list[Contributor]:
    counties = {
        county: place
        for place, county in enumerate(
            dict.fromkeys(item.county for item in contributors if item.county)
        )
    }
    kinds = list(ContributorKind)  # declared in the order of the table
    return sorted(
        contributors,
        key=lambda item: (counties.get(item.county, len(counties)), kinds.index(item.kind)),
    )


def _parts(whole: Decimal, sharing: Sharing, rounding: RoundingRule) -> dict[str, int]:
    """Share a year's whole so that the parts, in whole units, sum to the rounded whole."""
    return sharing.part(Fraction(whole) / Fraction(rounding.unit), to_units(whole, rounding))


def _by_rate(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Return the rules per inhabitant of each contributor."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.kind is RuleKind.PER_INHABITANT:
            for key in rule.applies_to:
                found.setdefault(key, []).append(rule)
    return found


def _row(
    item: Contributor,
    by_rate: Sequence[Rule],
    inhabitants: Inhabitants,
    cells: tuple[Decimal, ...],
) -> Row:
    declined = item.key not in inhabitants.payers
    rules = () if declined else by_rate
    bases = {rule.basis for rule in rules}
    if declined or len(bases) > 1:
        population = None
    elif bases:
        population = inhabitants.counted(item, bases.pop())
    else:
        population = item.population
    return Row(
        key=item.key,
        name=item.name,
        kind=item.kind,
        county=item.county,
        status=item.status,
        population=population,
        rate=rules[0].rate if len(rules) == 1 else None,
        base_amount=rules[0].base_amount if len(rules) == 1 else None,
        cells=cells,
    )


def _terms(rules: Iterable[Rule], payers: Iterable[Contributor], columns: int) -> Iterable[Term]:
    """Yield the rules that columns of inhabitants, rate and base amount do not show whole."""
    listed = list(payers)
    zero = Decimal(0)
    for rule in rules:
        by_rate = rule.kind is RuleKind.PER_INHABITANT
        steps = rule.steps[:columns] if any(step != 100 for step in rule.steps[:columns]) else ()
        names = tuple(item.name for item in listed if item.key in rule.applies_to)
        plain = by_rate and rule.floor is None and rule.cap is None and not steps
        if not names or (plain and not rule.label):
            continue
        shared = rule.kind is RuleKind.DISTRIBUTION_KEY
        by_hour = rule.kind is RuleKind.HOURS
        yield Term(
            kind=rule.kind,
            names=names,
            label=rule.label,
            amount=zero if by_rate or by_hour else rule.amount,
            shares=tuple(TermShare(p.kind, p.percent) for p in rule.key_parts) if shared else (),
            hours=rule.hours if by_hour else zero,
            hour_price=rule.hour_price if by_hour else zero,
            indexed=rule.indexed,
            floor=rule.floor,
            cap=rule.cap,
            steps=steps,
        )


def paying(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that count: all but the declined."""
    return [row for row in rows if row.status is not Status.DECLINED]


def add_up(code: str, label: str, rows: Iterable[Row], columns: int) -> SumRow:
    """Sum the shown cells of `rows`, with one column per year."""
    listed = list(rows)
    nothing = (Decimal("0.00"),) * columns
    with localcontext(EXACT):
        cells = tuple(
            sum(column) for column in zip(nothing, *(row.cells for row in listed), strict=True)
        )
    return SumRow(code, label, tuple(row.key for row in listed), cells)


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

"""What a calculation is about: contributors, rules, alternatives, and the finished table. Pure.

Frozen values only; `calculation.calculate` turns the first three into the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from financing.apportionment import KeyPart, KeyPartKind
from financing.index import IndexFactor
from financing.rounding import RoundingRule


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
    HOURS = "hours"  # bought by the hour


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
    PER_INHABITANT uses base_amount, rate and basis; FIXED uses amount (each contributor); HOURS uses
    hours (a year, each contributor) and hour_price (kroner); DISTRIBUTION_KEY shares amount (the
    whole) among the contributors by key_parts, whose percents sum to 100. Fields that the kind does
    not use are ignored.

    `floor` and `cap` are the least and the most that one contributor pays by this rule, kroner of the
    first year: they grow with the index and are stepped up as the amount is. In a distribution key
    what a cap takes off one is carried by the others, and what a floor lays on one relieves them.
    `steps` are percents of the amount, one for each year from the first; the last one holds for the
    years after it, and none means 100 in every year.
    """

    applies_to: frozenset[str]
    kind: RuleKind
    base_amount: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    basis: Basis = Basis.OWN
    amount: Decimal = Decimal(0)
    key_parts: tuple[KeyPart, ...] = ()
    indexed: bool = True
    hours: Decimal = Decimal(0)
    hour_price: Decimal = Decimal(0)
    floor: Decimal | None = None
    cap: Decimal | None = None
    steps: tuple[Decimal, ...] = ()
    label: str = ""  # Norwegian, what the amount is for: «etablererkurs utenom fast del»


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
class TermShare:
    """One part of a distribution key as it is printed."""

    kind: KeyPartKind
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """A rule that the columns of the table do not show whole, so that its amounts can be checked.

    That is every rule but the plain one per inhabitant, without floor, cap and steps. Fields are as
    in `Rule`; those the kind does not use are zero. `names` are those who pay by it, in table order.
    """

    kind: RuleKind
    names: tuple[str, ...]
    label: str
    amount: Decimal
    shares: tuple[TermShare, ...]
    hours: Decimal
    hour_price: Decimal
    indexed: bool
    floor: Decimal | None
    cap: Decimal | None
    steps: tuple[Decimal, ...]


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
    terms: tuple[Term, ...] = ()  # the rules that need words, in their order

"""«What if»: a plan's contributors and an alternative with some facts changed, and what was changed. Pure.

A scenario names only what differs; everything else stays as it is. The result is calculated as any
other: a county authority's share follows by itself when a municipality of its county leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from financing import words
from financing.apportionment import KeyPart
from financing.index import IndexFactor
from financing.terms import Alternative, Contributor, ContributorKind, Rule, RuleKind, Status
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class Joining:
    """A contributor that is not in the plan, and the positions of the rules it pays by."""

    contributor: Contributor
    rules: frozenset[int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is changed: contributors by their key, rules by their position, index by its year.

    Amounts are kroner (`rate` per inhabitant, the others a year), `hours` are a year, `index` is
    percent.
    """

    included: Mapping[str, bool] = field(default_factory=dict)
    status: Mapping[str, Status] = field(default_factory=dict)
    population: Mapping[str, int] = field(default_factory=dict)
    joining: tuple[Joining, ...] = ()
    rate: Mapping[int, Decimal] = field(default_factory=dict)
    base_amount: Mapping[int, Decimal] = field(default_factory=dict)
    amount: Mapping[int, Decimal] = field(default_factory=dict)
    hours: Mapping[int, Decimal] = field(default_factory=dict)
    key_parts: Mapping[int, tuple[KeyPart, ...]] = field(default_factory=dict)
    index: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named. What is named may still equal what is there; see `changes`."""
        return not any(getattr(self, item.name) for item in fields(self))


class Field(StrEnum):
    """What a scenario can change."""

    INCLUDED = "included"
    STATUS = "status"
    POPULATION = "population"
    JOINING = "joining"
    RATE = "rate"
    BASE_AMOUNT = "base_amount"
    AMOUNT = "amount"
    HOURS = "hours"
    KEY_PARTS = "key_parts"
    INDEX = "index"


LABELS: Mapping[Field, str] = MappingProxyType(
    {
        Field.INCLUDED: "Med i beregningen",
        Field.STATUS: "Status",
        Field.POPULATION: "Innbyggere",
        Field.JOINING: "Ny bidragsyter",
        Field.RATE: "Kroner per innbygger",
        Field.BASE_AMOUNT: "Grunnbeløp",
        Field.AMOUNT: "Beløp",
        Field.HOURS: "Timer per år",
        Field.KEY_PARTS: "Fordelingsnøkkel",
        Field.INDEX: "Indeks, prosent",
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a scenario changes, in Norwegian words for a page and for the record.

    `key` is the contributor's key, the rule's position from 0, or the year; `name` says whom or what
    it is about. `before` is empty where there was nothing.
    """

    field: Field
    key: str
    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """The Norwegian name of the field."""
        return LABELS[self.field]


_Value = bool | int | Decimal | Status | tuple[KeyPart, ...] | None

# The fields of a rule that a scenario may change, and the kinds of rule that use them.
_RULE_FIELDS: Mapping[Field, frozenset[RuleKind]] = MappingProxyType(
    {
        Field.RATE: frozenset({RuleKind.PER_INHABITANT}),
        Field.BASE_AMOUNT: frozenset({RuleKind.PER_INHABITANT}),
        Field.AMOUNT: frozenset({RuleKind.FIXED, RuleKind.DISTRIBUTION_KEY}),
        Field.HOURS: frozenset({RuleKind.HOURS}),
        Field.KEY_PARTS: frozenset({RuleKind.DISTRIBUTION_KEY}),
    }
)
_CONTRIBUTOR_FIELDS = (Field.INCLUDED, Field.STATUS, Field.POPULATION)


def apply(
    contributors: Iterable[Contributor], alternative: Alternative, scenario: Scenario
) -> tuple[tuple[Contributor, ...], Alternative]:
    """Return the contributors and the alternative with the scenario's changes put in.

    A percent for a year without one is added. A new contributor comes last in its county.

    Raises ValueError for a contributor, rule or year that is not known, for a field that the kind of
    rule does not use, and for a new contributor whose key is taken.
    """
    people = tuple(contributors)
    _check(people, alternative, scenario)
    changed = tuple(
        replace(
            item,
            **{
                name.value: getattr(scenario, name)[item.key]
                for name in _CONTRIBUTOR_FIELDS
                if item.key in getattr(scenario, name)
            },
        )
        for item in people
    )
    joined = tuple(item.contributor for item in scenario.joining)
    rules = tuple(_rule(at, rule, scenario) for at, rule in enumerate(alternative.rules))
    return changed + joined, replace(alternative, rules=rules, index=_index(alternative, scenario))


def _rule(position: int, rule: Rule, scenario: Scenario) -> Rule:
    stated = {
        name.value: getattr(scenario, name)[position]
        for name in _RULE_FIELDS
        if position in getattr(scenario, name)
    }
    joining = {item.contributor.key for item in scenario.joining if position in item.rules}
    return replace(rule, applies_to=rule.applies_to | joining, **stated)


def _index(alternative: Alternative, scenario: Scenario) -> tuple[IndexFactor, ...]:
    known = {factor.year: factor for factor in alternative.index}
    for year, percent in scenario.index.items():
        known[year] = replace(known.get(year, IndexFactor(year, percent)), percent=percent)
    return tuple(known[year] for year in sorted(known))


def _check(people: Sequence[Contributor], alternative: Alternative, scenario: Scenario) -> None:
    keys = {item.key for item in people}
    for name in _CONTRIBUTOR_FIELDS:
        if unknown := sorted(getattr(scenario, name).keys() - keys):
            raise ValueError(f"The plan has no contributors {unknown}.")
    for name, kinds in _RULE_FIELDS.items():
        for position in getattr(scenario, name):
            if not 0 <= position < len(alternative.rules):
                raise ValueError(f"The alternative has no rule {position}.")
            if (kind := alternative.rules[position].kind) not in kinds:
                raise ValueError(f"Rule {position} is of kind {kind}, which has no {name}.")
    for joining in scenario.joining:
        if joining.contributor.key in keys:
            raise ValueError(f"Two contributors have the key {joining.contributor.key}.")
        keys.add(joining.contributor.key)
        if unknown_rules := sorted(joining.rules - set(range(len(alternative.rules)))):
            raise ValueError(f"The alternative has no rules {unknown_rules}.")


def rules_of_all(
    contributors: Iterable[Contributor], alternative: Alternative, kind: ContributorKind
) -> frozenset[int]:
    """Return the positions of the rules that apply to every contributor of a kind, and to some.

    These are what a new contributor of that kind would pay by.
    """
    keys = {item.key for item in contributors if item.kind is kind}
    return frozenset(
        at for at, rule in enumerate(alternative.rules) if keys and keys <= rule.applies_to
    )


def changes(
    contributors: Iterable[Contributor], alternative: Alternative, scenario: Scenario
) -> tuple[Change, ...]:
    """Return what the scenario changes: contributors in their order, then rules, then the index.

    What is named with the value it already has is no change. Raises ValueError as `apply` does.
    """
    people = tuple(contributors)
    after_people, after = apply(people, alternative, scenario)
    names = {item.key: item.name for item in after_people}

    def change(name: Field, key: str, about: str, before: _Value, value: _Value) -> Change:
        return Change(name, key, about, _text(name, before, names), _text(name, value, names))

    found = [
        change(name, old.key, old.name, getattr(old, name), getattr(new, name))
        for old, new in zip(people, after_people, strict=False)
        for name in _CONTRIBUTOR_FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    found += [
        change(Field.JOINING, new.key, new.name, None, new.population)
        for new in after_people[len(people) :]
    ]
    found += [
        change(name, str(at), rule_name(old, people), getattr(old, name), getattr(new, name))
        for at, (old, new) in enumerate(zip(alternative.rules, after.rules, strict=True))
        for name in _RULE_FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    percents = {factor.year: factor.percent for factor in alternative.index}
    found += [
        change(Field.INDEX, str(item.year), str(item.year), percents.get(item.year), item.percent)
        for item in after.index
        if percents.get(item.year) != item.percent
    ]
    return tuple(found)


def rule_name(rule: Rule, contributors: Iterable[Contributor]) -> str:
    """Return what a rule is called where it has no heading: its label, else who pays by it."""
    if rule.label:
        return rule.label.strip()
    people = tuple(contributors)
    for kind, name in (
        (ContributorKind.MUNICIPALITY, "Kommunene"),
        (ContributorKind.COUNTY_AUTHORITY, "Fylkeskommunene"),
    ):
        keys = {item.key for item in people if item.kind is kind}
        if len(keys) > 1 and rule.applies_to == keys:
            return name
    names = [item.name for item in people if item.key in rule.applies_to]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} til"]
    return norwegian.join(names)


def _text(name: Field, value: _Value, names: Mapping[str, str]) -> str:
    """Write a fact as it is read on the page; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, Status):
        return words.table_words().status(value) or "bekreftet"
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, int):
        return norwegian.integer(value)
    if isinstance(value, Decimal):
        plain = name in (Field.HOURS, Field.INDEX)
        return norwegian.percent(value) if plain else norwegian.rate(value)
    weights = ", ".join(
        f"{names.get(key, key)} {norwegian.percent(weight)}"
        for part in value
        for key, weight in part.weights
    )
    return words.key_parts(value) + (f" ({weights})" if weights else "")

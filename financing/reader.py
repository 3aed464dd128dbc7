"""The only code that turns a plan's rows into the calculation's facts. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.db.models import prefetch_related_objects

from financing import calculation as calc
from financing.instalments import USUAL, Instalment
from financing.models import Alternative, CurrentContribution, Extra, Participant, Plan, Rule
from financing.rounding import ROUNDING_RULES
from municipalities.models import Region
from municipalities.prepared import Prepared

KINDS = {
    "municipality": calc.ContributorKind.MUNICIPALITY,
    "county_authority": calc.ContributorKind.COUNTY_AUTHORITY,
}
GROUPS = {
    Rule.AppliesTo.MUNICIPALITIES: calc.ContributorKind.MUNICIPALITY,
    Rule.AppliesTo.COUNTY_AUTHORITIES: calc.ContributorKind.COUNTY_AUTHORITY,
}


@dataclass(frozen=True)
class PlanFacts:
    """A plan ready to calculate: contributors in table order, and each alternative with its primary key."""

    plan: Plan
    participants: tuple[Participant, ...]
    contributors: tuple[calc.Contributor, ...]
    alternatives: tuple[tuple[int, calc.Alternative], ...]
    rows: tuple[Alternative, ...] = ()  # with rules, index and the weights of keys loaded
    extras: tuple[
        calc.Rule, ...
    ] = ()  # what is bought on top, last among every alternative's rules

    @cached_property
    def missing_population(self) -> tuple[str, ...]:
        """Names of the paying municipalities without inhabitants: until they have, nothing is calculated."""
        return tuple(
            c.name
            for c in self.contributors
            if c.kind == calc.ContributorKind.MUNICIPALITY
            and c.included
            and c.status != calc.Status.DECLINED
            and c.population is None
        )

    @cached_property
    def tables(self) -> dict[int, calc.Table]:
        """The contribution table of every alternative that can be calculated, by its primary key.

        Empty while a population is missing: an amount is never guessed.
        """
        if self.missing_population:
            return {}
        found = ((pk, self.calculate(alternative)) for pk, alternative in self.alternatives)
        return {pk: table for pk, table in found if table is not None}

    def table(self, pk: int) -> calc.Table | None:
        """Return one alternative's table without calculating the others; None as in `tables`."""
        if "tables" in vars(self) or self.missing_population:
            return self.tables.get(pk)
        found = next((alternative for key, alternative in self.alternatives if key == pk), None)
        return None if found is None else self.calculate(found)

    def without_extras(self, pk: int) -> calc.Table | None:
        """Return one alternative's table as it would be if nobody bought anything on top.

        A minimum rate is for the service itself. None as in `tables`.
        """
        if not self.extras or self.missing_population:
            return self.tables.get(pk)
        found = next((alternative for key, alternative in self.alternatives if key == pk), None)
        if found is None:
            return None
        own = found.rules[: len(found.rules) - len(self.extras)]
        return self.calculate(replace(found, rules=own))

    def calculate(self, alternative: calc.Alternative) -> calc.Table | None:
        """Calculate one alternative for this plan; None where its rules cannot be applied.

        That is a distribution key nobody is left to share, or numbers too large to be exact.
        """
        try:
            return calc.calculate(self.contributors, alternative, self.plan.years)
        except ValueError:
            return None


def contributor(participant: Participant) -> calc.Contributor:
    """Turn a participant (with organisation and county loaded) into a contributor."""
    organisation = participant.organisation
    kind = KINDS.get(organisation.kind, calc.ContributorKind.OTHER)
    # «Buskerud» alone would read as a municipality in the table.
    municipal = kind == calc.ContributorKind.MUNICIPALITY
    return calc.Contributor(
        key=organisation.key,
        name=organisation.short_name if municipal else organisation.name,
        kind=kind,
        county=participant.county.number,
        county_name=participant.county.name,
        population=participant.population,
        status=calc.Status(participant.status),
        included=participant.included,
    )


def rule(
    row: Rule,
    participants: Iterable[Participant],
    weights: Mapping[int, Decimal] | None = None,
) -> calc.Rule:
    """Turn a rule into the calculation's, with the group it applies to spelled out as keys.

    `weights` by the participant's primary key are used instead of the stored ones.
    """
    people = list(participants)
    if row.applies_to == Rule.AppliesTo.ONE:
        keys = {p.organisation.key for p in people if p.pk == row.participant_id}
    else:
        group = GROUPS[Rule.AppliesTo(row.applies_to)]
        keys = {p.organisation.key for p in people if KINDS.get(p.organisation.kind) == group}
    return calc.Rule(
        applies_to=frozenset(keys),
        kind=calc.RuleKind(row.kind),
        base_amount=row.base_amount,
        rate=row.rate,
        basis=calc.Basis(row.basis),
        amount=row.amount,
        key_parts=key_parts(row, people, weights),
        indexed=row.indexed,
        hours=row.hours,
        hour_price=row.hour_price,
        floor=row.floor,
        cap=row.cap,
        steps=tuple(row.steps),
        label=row.label,
    )


def key_parts(
    row: Rule, participants: Iterable[Participant], weights: Mapping[int, Decimal] | None = None
) -> tuple[calc.KeyPart, ...]:
    """Turn the three percentages of a distribution key into its parts; none for other rules."""
    if row.kind != Rule.Kind.DISTRIBUTION_KEY:
        return ()
    parts = []
    if row.equal_percent:
        parts.append(calc.KeyPart(calc.KeyPartKind.EQUAL, row.equal_percent))
    if row.population_percent:
        parts.append(calc.KeyPart(calc.KeyPartKind.POPULATION, row.population_percent))
    if row.table_percent:
        if weights is None:
            weights = {weight.participant_id: weight.weight for weight in row.weights.all()}
        stated = tuple((p.organisation.key, weights[p.pk]) for p in participants if p.pk in weights)
        parts.append(calc.KeyPart(calc.KeyPartKind.TABLE, row.table_percent, stated))
    return tuple(parts)


def extra_rules(
    extras: Iterable[Extra], participants: Iterable[Participant]
) -> tuple[calc.Rule, ...]:
    """Turn what participants buy on top into rules: one for each purchase at one price."""
    keys = {p.organisation_id: p.organisation.key for p in participants}
    buyers: dict[tuple[str, str, Decimal, bool], set[str]] = {}
    for extra in extras:
        if extra.organisation_id in keys:
            what = (extra.key, extra.label, extra.amount, extra.indexed)
            buyers.setdefault(what, set()).add(keys[extra.organisation_id])
    return tuple(
        calc.Rule(
            applies_to=frozenset(names),
            kind=calc.RuleKind.FIXED,
            amount=amount,
            indexed=indexed,
            label=label,
        )
        for (_, label, amount, indexed), names in buyers.items()
    )


def alternative(
    row: Alternative, participants: Iterable[Participant], extras: tuple[calc.Rule, ...] = ()
) -> calc.Alternative:
    """Turn an alternative (with rules, weights and index loaded) into the calculation's.

    `extras` go after its own rules, so that these keep their places.
    """
    people = list(participants)
    return calc.Alternative(
        name=row.name,
        rounding=ROUNDING_RULES[row.rounding_rule],
        rules=(*(rule(item, people) for item in row.rules.all()), *extras),
        index=tuple(
            calc.IndexFactor(item.year, item.percent, row.index_source, item.is_estimate)
            for item in row.index.all()
        ),
    )


def load(plan: Plan) -> PlanFacts:
    """Read a plan with everything under it in a fixed number of queries, whatever its size."""
    participants = tuple(_PARTICIPANTS.under(plan=plan))
    rows = list(plan.alternatives.prefetch_related("rules", "index"))
    for row in rows:
        row.plan = plan
    by_table = [rule for row in rows for rule in row.rules.all() if rule.table_percent]
    if by_table:
        prefetch_related_objects(by_table, "weights")
    extras = extra_rules(_EXTRAS.all(plan.pk), participants)
    return PlanFacts(
        plan=plan,
        participants=participants,
        contributors=tuple(contributor(p) for p in participants),
        alternatives=tuple((row.pk, alternative(row, participants, extras)) for row in rows),
        rows=tuple(rows),
        extras=extras,
    )


_PARTICIPANTS = Prepared(
    lambda plan: Participant.objects.filter(plan=plan).select_related(
        "organisation__municipality", "county"
    )
)
_EXTRAS = Prepared(lambda plan: Extra.objects.filter(plan=plan))


def instalment_rows(plan: Plan) -> tuple[Instalment, ...]:
    """Return when the plan's contributions fall due: as stored, else as is usual."""
    stored = tuple(
        Instalment(row.month, row.day, row.percent, row.condition) for row in plan.instalments.all()
    )
    return stored or USUAL


@dataclass(frozen=True)
class Today:
    """What is paid now: kroner a year by contributor key, and the year they are from."""

    year: int
    amounts: dict[str, Decimal]


def current_contributions(plan: Plan) -> Today | None:
    """Return what is paid today, of the newest year that is stored; None where nothing is."""
    rows = paid_now(plan.pk)
    if not rows:
        return None
    return Today(rows[0].year, {row.organisation.key: row.amount for row in rows})


def paid_now(plan: int) -> list[CurrentContribution]:
    """The rows of what is paid today, with organisation: those of the newest year. One query."""
    rows = _PAID.all(plan)
    newest = max((row.year for row in rows), default=0)
    return [row for row in rows if row.year == newest]


_PAID = Prepared(
    lambda plan: CurrentContribution.objects.filter(plan=plan).select_related("organisation")
)


def minimum_rates(region: Region) -> dict[calc.ContributorKind, Decimal]:
    """Return the region's own rates: the least each kind has said it pays per inhabitant, kroner."""
    rates = {
        calc.ContributorKind.MUNICIPALITY: region.municipal_rate,
        calc.ContributorKind.COUNTY_AUTHORITY: region.county_rate,
    }
    return {kind: rate for kind, rate in rates.items() if rate is not None}

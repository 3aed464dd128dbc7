"""Financing plans: who takes part, and the alternatives for what each pays. Knows municipalities only.

A plan can be studied before an agreement exists. It belongs to one agreement or to none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from financing.rounding import DEFAULT_ROUNDING, ROUNDING_RULES
from municipalities.events import Event
from municipalities.models import County, Organisation, Region, Revisioned

ZERO = Decimal(0)
MAX_YEARS = 10


class Plan(Revisioned):
    """The frame of a calculation: the region, the years, and the date populations are taken from.

    `revision` covers the plan, its participants, instalments and current contributions.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="plans")
    name = models.CharField("navn", max_length=120)
    first_year = models.PositiveSmallIntegerField("første år")
    last_year = models.PositiveSmallIntegerField("siste år")
    population_date = models.DateField("innbyggertall per")
    excludes_vat = models.BooleanField("beløpene er uten merverdiavgift", default=True)
    invoicing = models.CharField(
        "hvem fakturerer hvem",
        max_length=300,
        blank=True,
        help_text="Én setning, som skrives under tabellen.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "plan"
        verbose_name_plural = "planer"
        ordering = ["-first_year", "name"]
        constraints = [
            models.CheckConstraint(
                name="plan_years_in_order",
                condition=Q(
                    last_year__gte=F("first_year"), last_year__lt=F("first_year") + MAX_YEARS
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the plan, in order."""
        return tuple(range(self.first_year, self.last_year + 1))


class Participant(models.Model):
    """A contributor with its population as it was copied into the plan, so that it never moves by itself."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "bekreftet"
        CONDITIONAL = "conditional", "med forbehold"
        UNDECIDED = "undecided", "ikke avklart"
        DECLINED = "declined", "avslått"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    population = models.PositiveIntegerField("innbyggere", null=True, blank=True)
    population_date = models.DateField(null=True, blank=True)
    population_source = models.CharField("kilde", max_length=200, blank=True)
    status = models.CharField("status", max_length=12, choices=Status, default=Status.UNDECIDED)
    included = models.BooleanField("med i beregningen", default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation"], name="participant_once_in_a_plan"
            ),
            models.CheckConstraint(
                name="participant_population_has_a_date",
                condition=Q(population__isnull=True) | Q(population_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.short_name


class Alternative(Revisioned):
    """One way of financing the plan. `revision` covers its rules and index too."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="alternatives")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("navn", max_length=80)
    rounding_rule = models.CharField(
        "avrunding",
        max_length=20,
        default=DEFAULT_ROUNDING.code,
        choices=[(rule.code, rule.label) for rule in ROUNDING_RULES.values()],
    )
    index_source = models.CharField(
        "kilde for indeksen",
        max_length=200,
        blank=True,
        help_text="For eksempel hvilket budsjettdokument tallet er hentet fra.",
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="alternative_name_once_in_a_plan")
        ]

    def __str__(self) -> str:
        return self.name


def _percent_field(label: str) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=7,
        decimal_places=4,
        default=ZERO,
        validators=[MinValueValidator(ZERO), MaxValueValidator(Decimal(100))],
    )


def _money_field(label: str, places: int = 2, **options: Any) -> models.DecimalField:
    if options.get("null"):
        options["blank"] = True
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=places,
        validators=[MinValueValidator(ZERO)],
        **{"default": ZERO, **options},
    )


class Rule(models.Model):
    """How some contributors' amounts are set; see financing.calculation.Rule."""

    class AppliesTo(models.TextChoices):
        MUNICIPALITIES = "municipalities", "alle kommuner"
        COUNTY_AUTHORITIES = "county_authorities", "alle fylkeskommuner"
        ONE = "one", "én bidragsyter"

    class Kind(models.TextChoices):
        PER_INHABITANT = "per_inhabitant", "sats per innbygger"
        DISTRIBUTION_KEY = "distribution_key", "fordelingsnøkkel"
        FIXED = "fixed", "fast beløp"
        HOURS = "hours", "timer ganger pris"

    class Basis(models.TextChoices):
        OWN = "own", "egne innbyggere"
        COUNTY = "county", "innbyggerne i fylkets kommuner i planen"

    alternative = models.ForeignKey(Alternative, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    applies_to = models.CharField("gjelder", max_length=20, choices=AppliesTo)
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bidragsyter",
    )
    kind = models.CharField("beregning", max_length=20, choices=Kind, default=Kind.PER_INHABITANT)
    base_amount = _money_field("grunnbeløp")
    rate = _money_field("sats per innbygger", places=4)
    basis = models.CharField(
        "innbyggere som teller", max_length=10, choices=Basis, default=Basis.OWN
    )
    amount = _money_field("beløp")
    equal_percent = _percent_field("del som deles likt, prosent")
    population_percent = _percent_field("del etter innbyggertall, prosent")
    table_percent = _percent_field("del etter egen tabell, prosent")
    indexed = models.BooleanField("indeksreguleres", default=True)
    hours = _money_field("timer per år")
    hour_price = _money_field("pris per time")
    floor = _money_field("minst per bidragsyter", null=True, default=None)
    cap = _money_field("høyst per bidragsyter", null=True, default=None)
    steps = ArrayField(_percent_field("opptrapping"), default=list, blank=True, size=MAX_YEARS)
    label = models.CharField("hva beløpet gjelder", max_length=120, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_names_one_contributor_or_a_group",
                condition=Q(applies_to="one", participant__isnull=False)
                | (~Q(applies_to="one") & Q(participant__isnull=True)),
            ),
            models.CheckConstraint(
                name="rule_amounts_not_negative",
                condition=Q(base_amount__gte=0, rate__gte=0, amount__gte=0),
            ),
            models.CheckConstraint(
                name="rule_hours_not_negative", condition=Q(hours__gte=0, hour_price__gte=0)
            ),
            models.CheckConstraint(
                name="rule_floor_below_cap",
                condition=(Q(floor__isnull=True) | Q(floor__gte=0))
                & (Q(cap__isnull=True) | Q(cap__gte=0))
                & (Q(floor__isnull=True) | Q(cap__isnull=True) | Q(cap__gte=F("floor"))),
            ),
            models.CheckConstraint(
                name="rule_key_is_the_whole",
                condition=~Q(kind="distribution_key")
                | Q(equal_percent=100 - F("population_percent") - F("table_percent")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_applies_to_display()}: {self.get_kind_display()}"


class RuleWeight(models.Model):
    """A contributor's weight in the part of a distribution key that follows a stated table."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="weights")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    weight = _money_field("vekt", places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "participant"], name="weight_once_in_a_rule")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.weight}"


class IndexFactor(models.Model):
    """Price and wage growth into a year, percent."""

    alternative = models.ForeignKey(Alternative, on_delete=models.CASCADE, related_name="index")
    year = models.PositiveSmallIntegerField("år")
    percent = models.DecimalField(
        "prosent",
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(-50)), MaxValueValidator(Decimal(100))],
    )
    is_estimate = models.BooleanField("anslag", default=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["alternative", "year"], name="index_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.percent}"


class Extra(models.Model):
    """What one contributor pays a year on top of every alternative, and for what.

    Written by the room that knows what was bought (`extras.save_extras`), which finds its own row
    again by `key`. Whoever takes no part in the plan pays nothing.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="extras")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    label = models.CharField("hva beløpet gjelder", max_length=330)
    amount = _money_field("beløp")
    indexed = models.BooleanField("indeksreguleres", default=False)

    class Meta:
        ordering = ["key", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "key"], name="extra_once_for_a_contributor"
            ),
            models.CheckConstraint(name="extra_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.label}: {self.amount}"


class CurrentContribution(models.Model):
    """What an organisation pays for the service today, to compare the alternatives with."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="current_contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("år")
    amount = _money_field("beløp")
    source = models.CharField("kilde", max_length=200, blank=True)

    class Meta:
        ordering = ["year", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "year"], name="current_contribution_once_a_year"
            ),
            models.CheckConstraint(
                name="current_contribution_not_negative", condition=Q(amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.year}: {self.amount}"


class Instalment(models.Model):
    """A part of each year's contribution, when it falls due, and what must be approved first.

    The percents of a plan sum to 100, which the form checks; a plan without rows pays as
    `instalments.USUAL` says.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="instalments")
    month = models.PositiveSmallIntegerField("måned")
    day = models.PositiveSmallIntegerField("dag")
    percent = _percent_field("andel, prosent")
    condition = models.CharField("må være godkjent først", max_length=200, blank=True)

    class Meta:
        ordering = ["month", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "month", "day"], name="instalment_once_on_a_day"
            ),
            models.CheckConstraint(
                name="instalment_on_a_day_of_every_year",
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=28)
                | Q(month__in=[1, 3, 5, 7, 8, 10, 12], day__gte=1, day__lte=31)
                | Q(month__in=[4, 6, 9, 11], day__gte=1, day__lte=30),
            ),
            models.CheckConstraint(
                name="instalment_is_a_part", condition=Q(percent__gt=0, percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}.{self.month}.: {self.percent}"


class PlanEvent(Event):
    """What was done to a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Event.Meta):
        abstract = False

"""The register: who exists, since when, with how many inhabitants, and which people act for whom.

Everything is keyed on number, never on name: Våler and Herøy occur twice.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from municipalities.accounts.models import AccountMail as AccountMail
from municipalities.accounts.models import SharedCache as SharedCache
from municipalities.accounts.person import User as User
from municipalities.events import AppendOnlyModel, Event
from municipalities.fields import SortKeyField
from municipalities.invitations.models import Invitation as Invitation
from municipalities.statistics.models import FetchedResponse as FetchedResponse
from municipalities.statistics.models import StatisticsImport as StatisticsImport


class Dated(models.Model):
    """Something that exists from a day, perhaps to a day (both included)."""

    valid_from = models.DateField("gyldig fra", null=True, blank=True)
    valid_to = models.DateField("gyldig til og med", null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid(self, on: dt.date) -> bool:
        """Tell whether it exists on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Sourced(models.Model):
    """Something the program ships facts about; people may correct it.

    `shipped` holds the values last taken from the shipped facts: a column that still has its
    shipped value follows a newer release, one that was changed by hand is left alone.
    """

    source = models.CharField("kilde", max_length=200, blank=True)
    shipped = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


def _digits(count: int) -> RegexValidator:
    return RegexValidator(rf"^[0-9]{{{count}}}\Z", f"Skriv {count} siffer.")


def _digits_constraint(name: str, digits: int) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(number__regex=rf"^[0-9]{{{digits}}}$"))


def _validity_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True)
        | Q(valid_to__isnull=True)
        | Q(valid_to__gte=F("valid_from")),
    )


class County(Dated, Sourced):
    """A county (fylke), two digits."""

    number = models.CharField("fylkesnummer", max_length=2, unique=True, validators=[_digits(2)])
    name = models.CharField("navn", max_length=60)

    class Meta:
        verbose_name = "fylke"
        verbose_name_plural = "fylker"
        ordering = ["number"]
        constraints = [
            _validity_constraint("county_validity"),
            _digits_constraint("county_number_digits", 2),
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(Dated, Sourced):
    """A municipality (kommune), four digits. `language` is a hint (målform), never a rule."""

    class LanguageForm(models.TextChoices):
        BOKMAL = "bokmal", "bokmål"
        NYNORSK = "nynorsk", "nynorsk"
        NEUTRAL = "noytral", "nøytral"

    number = models.CharField("kommunenummer", max_length=4, unique=True, validators=[_digits(4)])
    name = models.CharField("navn", max_length=80)
    official_name = models.CharField(
        "offisielt navn", max_length=120, blank=True, help_text="Der navnet er på flere språk."
    )
    sort_key = SortKeyField("name")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="municipalities")
    language = models.CharField("målform", max_length=8, choices=LanguageForm, blank=True)

    class Meta:
        verbose_name = "kommune"
        verbose_name_plural = "kommuner"
        ordering = ["sort_key", "number"]
        constraints = [
            _validity_constraint("municipality_validity"),
            _digits_constraint("municipality_number_digits", 4),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(Dated, Sourced):
    """A body that can be a party, pay, or employ people.

    `key` is the municipality number, the county number, or a slug; it goes into documents and never
    changes. `name` is the full name («Ringerike kommune»), `short_name` the one in tables.
    """

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "kommune"
        COUNTY_AUTHORITY = "county_authority", "fylkeskommune"
        STATE_AGENCY = "state_agency", "statlig etat"
        STATE_COMPANY = "state_company", "statlig selskap"
        COUNCIL = "council", "interkommunalt råd"
        OPERATOR = "operator", "operatør"

    key = models.SlugField("nøkkel", max_length=60, unique=True)
    kind = models.CharField("type", max_length=20, choices=Kind)
    name = models.CharField("fullt navn", max_length=120)
    short_name = models.CharField("kort navn", max_length=80)
    sort_key = SortKeyField("short_name")
    municipality = models.OneToOneField(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisation",
        verbose_name="kommune",
    )
    county = models.OneToOneField(
        County,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="authority",
        verbose_name="fylke",
    )
    unit_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="enhet i",
    )
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="etterfølger",
    )

    class Meta:
        verbose_name = "organisasjon"
        verbose_name_plural = "organisasjoner"
        ordering = ["sort_key", "key"]
        constraints = [
            _validity_constraint("organisation_validity"),
            models.CheckConstraint(
                name="organisation_kind_matches_link",
                condition=(
                    Q(kind="municipality", municipality__isnull=False, county__isnull=True)
                    | Q(kind="county_authority", county__isnull=False, municipality__isnull=True)
                    | (
                        ~Q(kind__in=["municipality", "county_authority"])
                        & Q(municipality__isnull=True, county__isnull=True)
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PopulationFigure(AppendOnlyModel):
    """Inhabitants of a municipality on a day. Never changed: a correction is a newer row."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="population_figures"
    )
    reference_date = models.DateField("dato tallet gjelder")
    value = models.PositiveIntegerField("innbyggere")
    source = models.CharField("kilde", max_length=200)
    fetched_at = models.DateTimeField("hentet", auto_now_add=True)

    class Meta:
        verbose_name = "innbyggertall"
        verbose_name_plural = "innbyggertall"
        ordering = ["municipality", "-reference_date", "-pk"]
        indexes = [
            models.Index(name="population_newest", fields=["municipality", "reference_date", "-id"])
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.reference_date}: {self.value}"


class Region(Sourced):
    """Municipalities that share a service. The contract municipality signs for all of them."""

    name = models.CharField("navn", max_length=80, unique=True)
    sort_key = SortKeyField("name")
    slug = models.SlugField("adresse", max_length=80, unique=True)
    contract_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="contract_regions",
        verbose_name="kontraktskommune",
    )
    members = models.ManyToManyField(
        Municipality,
        related_name="regions",
        verbose_name="kommuner",
        help_text="Alle kommunene i regionen, også kontraktskommunen.",
    )
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operated_regions",
        verbose_name="operatør",
        limit_choices_to={"kind": "operator"},
    )
    operator_basis = models.CharField("hvordan operatøren er valgt", max_length=120, blank=True)
    county_rate = models.DecimalField(
        "fylkeskommunens sats per innbygger", max_digits=8, decimal_places=4, null=True, blank=True
    )
    municipal_rate = models.DecimalField(
        "kommunenes sats per innbygger", max_digits=8, decimal_places=4, null=True, blank=True
    )
    note = models.TextField("merknad", blank=True)

    class Meta:
        verbose_name = "region"
        verbose_name_plural = "regioner"
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organisation. No membership, no right."""

    class Role(models.TextChoices):
        EDITOR = "editor", "redaktør"
        DIRECTOR = "director", "kommunedirektør"
        ADMINISTRATOR = "administrator", "administrator"
        READER = "reader", "leser"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="person"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name="organisasjon",
    )
    role = models.CharField("rolle", max_length=15, choices=Role)

    class Meta:
        verbose_name = "rolle"
        verbose_name_plural = "roller"
        ordering = ["organisation", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="membership_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} i {self.organisation}"


class RegisterEvent(Event):
    """What was done to the register: imports, people and roles."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Event.Meta):
        abstract = False
        verbose_name = "hendelse"
        verbose_name_plural = "hendelser"

    def __str__(self) -> str:
        return self.action


class Revisioned(models.Model):
    """Something people edit: `revision` goes up by one with every change and stops stale saves."""

    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class FormToken(models.Model):
    """A create form's one-time token: the same form posted twice makes one thing.

    `target` is the address the first post led to.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.token)

"""Drafts of agreements: parties, clauses, service checklist, and the model agreements they come from.

What is decided on and printed is never these rows but the Document that `snapshot` builds from them.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from agreements.domain.document import Language, PartyRole, ServiceLevel
from agreements.input_models import Comment as Comment
from agreements.input_models import Suggestion as Suggestion
from financing.models import Alternative, Plan
from municipalities.events import Event
from municipalities.models import Organisation, Region, Revisioned, User

LANGUAGES = [(Language.BOKMAL.value, "bokmål"), (Language.NYNORSK.value, "nynorsk")]
SERVICE_LEVELS = [
    (ServiceLevel.QUALITY.value, "kvalitetskrav"),
    (ServiceLevel.MINIMUM.value, "minimumstjeneste"),
    (ServiceLevel.ADDITIONAL.value, "tilleggstjeneste"),
]
PARTY_ROLES = [
    (PartyRole.COUNTY_AUTHORITY.value, "fylkeskommune"),
    (PartyRole.CONTRACT_MUNICIPALITY.value, "kontraktskommune"),
    (PartyRole.PARTNER.value, "samarbeidspart"),
]
CLAUSE_TEXT_LIMIT = 50_000
KEY = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class AgreementTemplate(models.Model):
    """A model agreement (mal) in one version. Drafts say so until a named person has confirmed it."""

    name = models.CharField("navn", max_length=160)
    slug = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField("versjon")
    language = models.CharField("målform", max_length=2, choices=LANGUAGES)
    issued = models.DateField("dato")
    invoicing = models.CharField("hvem fakturerer hvem", max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="juridisk kvalitetssikret av",
    )
    confirmed_on = models.DateField("kvalitetssikret", null=True, blank=True)

    class Meta:
        verbose_name = "avtalemal"
        verbose_name_plural = "avtalemaler"
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="template_version_once"),
            models.CheckConstraint(
                name="template_confirmed_by_somebody_on_a_day",
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, versjon {self.version}"


class TemplateClause(models.Model):
    """A point of a model agreement, with where its wording comes from."""

    template = models.ForeignKey(
        AgreementTemplate, on_delete=models.CASCADE, related_name="clauses"
    )
    key = models.CharField(max_length=60, validators=[KEY])
    parent_key = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=160)
    text = models.TextField(blank=True, max_length=CLAUSE_TEXT_LIMIT)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="template_clause_key_once")
        ]

    def __str__(self) -> str:
        return self.heading


class TemplateService(models.Model):
    """A line of a model agreement's service checklist."""

    template = models.ForeignKey(
        AgreementTemplate, on_delete=models.CASCADE, related_name="services"
    )
    key = models.CharField(max_length=60, validators=[KEY])
    level = models.CharField(max_length=10, choices=SERVICE_LEVELS)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="template_service_key_once")
        ]

    def __str__(self) -> str:
        return self.text


class Agreement(Revisioned):
    """An agreement being drafted. `revision` covers its own fields; `updated_at` everything in it."""

    class Status(models.TextChoices):
        DRAFT = "draft", "utkast"

    slug = models.SlugField("adresse", max_length=80, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="agreements")
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="agreement")
    chosen_alternative = models.ForeignKey(
        Alternative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="valgt alternativ",
    )
    template = models.ForeignKey(
        AgreementTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
    )
    title = models.CharField("tittel", max_length=160)
    language = models.CharField(
        "målform", max_length=2, choices=LANGUAGES, default=Language.BOKMAL.value
    )
    term_start = models.DateField("gjelder fra")
    term_end = models.DateField("gjelder til og med")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "avtale"
        verbose_name_plural = "avtaler"
        ordering = ["-term_start", "title"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts", condition=Q(term_end__gt=F("term_start"))
            )
        ]

    def __str__(self) -> str:
        return self.title


class Party(Revisioned):
    """Somebody bound by the agreement, on whose behalf they sign, and who signs."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="organisasjon"
    )
    role = models.CharField("rolle", max_length=24, choices=PARTY_ROLES)
    position = models.PositiveSmallIntegerField(default=0)
    on_behalf_of = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name="på vegne av"
    )
    signatory_name = models.CharField("navn på den som signerer", max_length=120, blank=True)
    signatory_title = models.CharField("tittel", max_length=120, blank=True)
    mandate = models.CharField(
        "fullmakt",
        max_length=200,
        blank=True,
        help_text="Grunnlaget for å signere, for eksempel ordførerens rolle eller et vedtak.",
    )

    class Meta:
        verbose_name = "part"
        verbose_name_plural = "parter"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="party_once_in_an_agreement"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(role=PartyRole.CONTRACT_MUNICIPALITY.value),
                name="one_contract_municipality",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class Clause(Revisioned):
    """A point of the draft. `key` is what references point at; it never changes."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    key = models.CharField(max_length=60, validators=[KEY])
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="ligger under",
    )
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField("overskrift", max_length=160)
    text = models.TextField("tekst", blank=True, max_length=CLAUSE_TEXT_LIMIT)
    source = models.CharField("kilde", max_length=300, blank=True)

    class Meta:
        verbose_name = "punkt"
        verbose_name_plural = "punkter"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "key"], name="clause_key_once")]

    def __str__(self) -> str:
        return self.heading


class ServiceItem(Revisioned):
    """A line of the service checklist."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="services")
    key = models.CharField(max_length=60, validators=[KEY])
    level = models.CharField("liste", max_length=10, choices=SERVICE_LEVELS)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField("tjeneste eller krav", max_length=300)

    class Meta:
        verbose_name = "tjeneste"
        verbose_name_plural = "tjenester"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "key"], name="service_key_once")
        ]

    def __str__(self) -> str:
        return self.text


class AgreementEvent(Event):
    """What was done to an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Event.Meta):
        abstract = False

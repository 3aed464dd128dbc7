"""Drafts of agreements: their own fields, parties, clauses and service checklist."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agreements.domain.document import Language, PartyRole
from agreements.domain.states import LABELS, State
from agreements.models.choices import (
    CLAUSE_TEXT_LIMIT,
    HEADING_LIMIT,
    KEY,
    LANGUAGES,
    PARTY_ROLES,
    SERVICE_LEVELS,
)
from agreements.models.template import AgreementTemplate
from financing.models import Alternative, Plan
from municipalities.models import Organisation, Region, Revisioned


class Agreement(Revisioned):
    """An agreement. `revision` covers its own fields; `updated_at` everything in it.

    `status` is written by `agreements.workflow` alone.
    """

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
    template_put_off = models.PositiveSmallIntegerField(
        "versjonen av malen som er utsatt", null=True, blank=True, editable=False
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        verbose_name="forrige periode",
    )
    settled = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        editable=False,
        help_text="Det som måtte avgjøres for en ny periode, og som noen har merket som avklart.",
    )
    title = models.CharField("tittel", max_length=160)
    language = models.CharField(
        "målform", max_length=2, choices=LANGUAGES, default=Language.BOKMAL.value
    )
    term_start = models.DateField("gjelder fra")
    term_end = models.DateField("gjelder til og med")
    status = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in LABELS.items()],
        default=State.DRAFT.value,
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "avtale"
        verbose_name_plural = "avtaler"
        ordering = ["-term_start", "title"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts", condition=Q(term_end__gt=F("term_start"))
            ),
            models.CheckConstraint(
                name="agreement_in_a_known_state",
                condition=Q(status__in=[state.value for state in State]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> State:
        """How far the agreement has come."""
        return State(self.status)


class Party(Revisioned):
    """Somebody bound by the agreement, on whose behalf they sign, and who signs.

    `signatory_email` and `signing_order` are for the list that goes to the signing service. They are
    no part of the Document nor of its hash: an address is personal data that the agreement does not
    print. See `agreements.contacts`.
    """

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

    signatory_email = models.EmailField("e-post til den som signerer", blank=True)
    signing_order = models.PositiveSmallIntegerField(
        "rekkefølge ved signering",
        null=True,
        blank=True,
        help_text="Tomt felt følger rekkefølgen av partene. Samme tall betyr samtidig.",
    )
    to_confirm = models.BooleanField(
        "kopiert fra forrige periode, må bekreftes", default=False, editable=False
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
            models.CheckConstraint(
                name="signing_order_from_one",
                condition=Q(signing_order__isnull=True) | Q(signing_order__gte=1),
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
    heading = models.CharField("overskrift", max_length=HEADING_LIMIT)
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

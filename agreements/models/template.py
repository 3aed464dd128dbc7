"""Model agreements (avtalemaler): the text and the checklist that drafts are made from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agreements.models.choices import CLAUSE_TEXT_LIMIT, KEY, LANGUAGES, SERVICE_LEVELS
from municipalities.events import Event
from municipalities.models import Organisation, Revisioned, User

NOTE_LIMIT = 1000


class AgreementTemplate(Revisioned):
    """A model agreement (mal) in one version. Agreements say so until a named person has confirmed it.

    One that was shipped with the program has no owner; the others belong to a county authority. The
    versions of one template share its slug. A draft is edited; what is published never changes, which
    triggers in the database see to (see the migrations). `revision` covers a draft's own fields.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "utkast"
        PUBLISHED = "published", "publisert"

    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="templates",
        verbose_name="eier",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    name = models.CharField("navn", max_length=160)
    slug = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField("versjon")
    language = models.CharField("målform", max_length=2, choices=LANGUAGES)
    issued = models.DateField("dato")
    note = models.TextField("hva er nytt", blank=True, max_length=NOTE_LIMIT)
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
            models.UniqueConstraint(
                fields=["slug"], condition=Q(status="draft"), name="template_one_draft"
            ),
            models.CheckConstraint(
                name="template_confirmed_by_somebody_on_a_day",
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, versjon {self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return self.status == self.Status.DRAFT


class TemplateClause(Revisioned):
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


class TemplateService(Revisioned):
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


class TemplateEvent(Event):
    """What was done to a version of a model agreement."""

    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Event.Meta):
        abstract = False

"""What a municipality has chosen about a line of the service checklist."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from agreements.domain.document import Choice
from agreements.models.choices import CHOICES
from agreements.models.draft import ServiceItem
from municipalities.models import Organisation


class ServiceChoice(models.Model):
    """A municipality for which a line is not simply included: no row means that it is.

    `ServiceItem.revision` covers its choices too.
    """

    service = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="choices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(
        "valg", max_length=10, choices=[pair for pair in CHOICES if pair[0] != Choice.IN.value]
    )
    price = models.DecimalField(
        "pris per år", max_digits=12, decimal_places=2, null=True, validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["organisation__key"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "organisation"], name="choice_once_for_a_municipality"
            ),
            models.CheckConstraint(
                name="choice_price_of_what_is_bought",
                condition=Q(price__isnull=True) | Q(choice="bought", price__gte=0),
            ),
            models.CheckConstraint(
                name="choice_differs_from_the_usual", condition=Q(choice__in=["out", "bought"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.choice}"

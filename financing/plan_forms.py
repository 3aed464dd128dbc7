"""Forms of a new plan that no agreement has yet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from financing.forms import FIRST_YEAR, LAST_YEAR, check_years
from municipalities import register
from municipalities.form_fields import DateInput, NorwegianDecimalField, RowField, TextField
from municipalities.forms import TokenForm
from municipalities.models import Region


def _rate(label: str, **options: Any) -> NorwegianDecimalField:
    return NorwegianDecimalField(
        label=label,
        max_digits=8,
        decimal_places=4,
        min_value=Decimal(0),
        suffix="kr per innbygger",
        **options,
    )


class NewPlanForm(TokenForm):
    """Region, years, population date and the first alternative's rates."""

    mark_optional = False
    region = RowField(Region.objects.none(), label="Region", empty_label="Velg region")
    name = TextField(label="Navn på planen", max_length=120)
    first_year = forms.IntegerField(label="Første år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = forms.IntegerField(label="Siste år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    population_date = forms.DateField(
        label="Innbyggertall per",
        widget=DateInput(),
        help_text="Mangler registeret tall på denne datoen, fyller du dem inn etterpå.",
    )
    municipal_rate = _rate("Kommunenes sats")
    county_rate = _rate("Fylkeskommunens sats")
    index_percent = NorwegianDecimalField(
        label="Årlig indeks (valgfritt)",
        required=False,
        max_digits=7,
        decimal_places=4,
        shown_places=1,
        min_value=Decimal(-50),
        max_value=Decimal(100),
        suffix="prosent",
    )

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions

    def clean(self) -> dict[str, Any]:
        """Check the years, and find the population figures."""
        data = super().clean() or self.cleaned_data
        check_years(self)
        if not self.errors:
            self.populations = register.population_on(
                data["region"].members.all(), data["population_date"]
            )
        return data


def suggestion(region: Region | None, today: dt.date) -> dict[str, object]:
    """Suggest what is usual: three calendar years from next January, and the newest population."""
    year = today.year + 1
    known: dict[str, object] = {"first_year": year, "last_year": year + 2}
    if region is not None:
        dates = register.available_dates(region.members.all())
        known |= {
            "region": region,
            "name": f"{region.name} {year}–{year + 2}",
            "population_date": max(dates) if dates else None,
            "municipal_rate": region.municipal_rate,
            "county_rate": region.county_rate,
        }
    return known

"""The form of a new period."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from agreements.forms import TITLE_LIMIT, check_term
from agreements.renewal import Period
from financing.models import Rule
from financing.renewal import Renewed
from municipalities import register
from municipalities.form_fields import DateInput, NorwegianDecimalField, TextField
from municipalities.forms import TokenForm, prepare_field
from municipalities.models import Region

_LABELS = {
    Rule.AppliesTo.MUNICIPALITIES.value: "Kommunenes sats per innbygger",
    Rule.AppliesTo.COUNTY_AUTHORITIES.value: "Fylkeskommunenes sats per innbygger",
}


class RenewForm(TokenForm):
    """Dates, populations and rates. All else is copied."""

    mark_optional = False

    title = TextField(label="Tittel", max_length=TITLE_LIMIT)
    term_start = forms.DateField(label="Startdato", widget=DateInput())
    term_end = forms.DateField(label="Sluttdato", widget=DateInput())
    population_date = forms.DateField(
        label="Innbyggertall per",
        widget=DateInput(),
        help_text="Foreslått er den nyeste datoen registeret har tall for alle kommunene på.",
    )

    def __init__(
        self, *args: Any, region: Region, suggested: Mapping[str, Renewed], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.suggested = region, suggested
        for applies_to, renewed in suggested.items():
            label = _LABELS[applies_to]
            field = NorwegianDecimalField(
                label=label,
                max_digits=8,
                decimal_places=4,
                min_value=Decimal(0),
                suffix="kr",
                initial=renewed.rate,
                help_text=renewed.how,
            )
            prepare_field(field, label)
            self.fields[f"sats-{applies_to}"] = field

    def layout(self) -> Layout:
        """The agreement, then the figures."""
        return Layout(
            Fieldset("Avtalen", "title", "term_start", "term_end"),
            Fieldset(
                "Økonomi",
                "population_date",
                *(f"sats-{applies_to}" for applies_to in self.suggested),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Check the term, and that every municipality has a figure on the date."""
        data = super().clean() or self.cleaned_data
        check_term(self)
        date = data.get("population_date")
        if date is not None:
            members = list(self.region.members.all())
            self.populations = register.population_on(members, date)
            missing = [member.name for member in members if member.pk not in self.populations]
            if missing:
                self.add_error(
                    "population_date",
                    f"Registeret har ikke innbyggertall på denne datoen for {', '.join(missing)}",
                )
        return data

    def period(self) -> Period:
        """What was typed, ready to use."""
        data = self.cleaned_data
        return Period(
            title=data["title"],
            term_start=data["term_start"],
            term_end=data["term_end"],
            population_date=data["population_date"],
            populations=self.populations,
            rates={name: data[f"sats-{name}"] for name in self.suggested},
        )

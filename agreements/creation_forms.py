"""Forms of a new agreement: the region, then everything that follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms

from agreements import template_versions
from agreements.forms import TITLE_LIMIT, check_term
from agreements.models import AgreementTemplate
from financing.models import Plan
from municipalities import register
from municipalities.form_fields import (
    DateInput,
    NorwegianDecimalField,
    RowField,
    RowsField,
    TextField,
)
from municipalities.forms import BaseForm, TokenForm
from municipalities.models import Organisation, Region


class NewRegionForm(BaseForm):
    """Step one of a new agreement: the region decides everything that follows."""

    region = RowField(Region.objects.none(), label="Region", empty_label="Velg region")

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions


def template_label(template: AgreementTemplate) -> str:
    """The template as it stands in a list, with whose it is where it was not shipped."""
    return f"{template} ({template.owner.name})" if template.owner else str(template)


class NewAgreementForm(TokenForm):
    """Step two: template, term, and a plan that exists or the figures of a new one."""

    mark_optional = False

    NEW_PLAN = ""

    title = TextField(label="Tittel", max_length=TITLE_LIMIT)
    template = RowField(
        AgreementTemplate.objects.none(),
        label="Avtalemal",
        empty_label="Velg mal",
        help_text=(
            "Malen bestemmer målformen: tekst, tall, datoer og overskrifter i avtalen følger den. "
            "Står tittelen slik den er foreslått, følger den også."
        ),
    )
    term_start = forms.DateField(label="Startdato", widget=DateInput())
    term_end = forms.DateField(label="Sluttdato", widget=DateInput())
    partners = RowsField(
        Organisation.objects.none(),
        label="Samarbeidsparter uten bidrag",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Kontraktskommunen og fylkeskommunen blir parter av seg selv. Malen har oppgaver for "
            "Innovasjon Norge og for Nav: velg Nav eller den Nav-enheten som skal signere."
        ),
    )
    plan = RowField(
        Plan.objects.none(),
        label="Økonomisk plan",
        required=False,
        empty_label="Lag en ny plan med tallene under",
    )
    population_date = forms.DateField(
        label="Innbyggertall per",
        required=False,
        widget=DateInput(),
        help_text="Én dato gjelder for hele planen. Brukes bare i en ny plan.",
    )
    municipal_rate = NorwegianDecimalField(
        label="Kommunenes sats per innbygger",
        required=False,
        max_digits=8,
        decimal_places=4,
        min_value=Decimal(0),
        suffix="kr",
    )
    county_rate = NorwegianDecimalField(
        label="Fylkeskommunens sats per innbygger",
        required=False,
        max_digits=8,
        decimal_places=4,
        min_value=Decimal(0),
        suffix="kr",
    )
    index_percent = NorwegianDecimalField(
        label="Årlig indeks",
        required=False,
        max_digits=6,
        decimal_places=3,
        shown_places=1,
        min_value=Decimal(-50),
        max_value=Decimal(100),
        suffix="prosent",
        help_text="La feltet stå tomt om beløpene ikke skal reguleres.",
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        template: forms.ModelChoiceField[AgreementTemplate] = self.fields["template"]
        template.queryset = template_versions.offered(region)
        template.label_from_instance = template_label
        self.fields["partners"].queryset = Organisation.objects.filter(
            kind__in=[Organisation.Kind.STATE_AGENCY, Organisation.Kind.STATE_COMPANY]
        )
        self.fields["plan"].queryset = region.plans.filter(agreement__isnull=True)

    def layout(self) -> Layout:
        """Three groups: the agreement, who is in it, and the money."""
        return Layout(
            Fieldset("Avtalen", "title", "template", Row("term_start", "term_end")),
            Fieldset("Parter", "partners"),
            Fieldset(
                "Økonomi",
                "plan",
                "population_date",
                Row("municipal_rate", "county_rate", "index_percent"),
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Check the term, and that a new plan has the figures it needs."""
        data = super().clean() or self.cleaned_data
        check_term(self)
        self._follow_template(data)
        if data.get("plan") is None and "plan" not in self.errors:
            for name, message in (
                ("population_date", "Velg datoen innbyggertallene skal gjelde for"),
                ("municipal_rate", "Fyll inn kommunenes sats per innbygger"),
                ("county_rate", "Fyll inn fylkeskommunens sats per innbygger"),
            ):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, message)
            self._check_population_date(data)
        return data

    def _follow_template(self, data: dict[str, Any]) -> None:
        """Write a title that is still as another language's model suggests it in the chosen one's."""
        template, title = data.get("template"), data.get("title")
        if template is None or not title:
            return
        others = AgreementTemplate.objects.exclude(language=template.language)
        for name in others.order_by("name").values_list("name", flat=True).distinct():
            begins = f"{name} i {self.region.name}"
            if title.startswith(begins):
                followed = f"{template.name} i {self.region.name}{title[len(begins) :]}"
                data["title"] = followed[:TITLE_LIMIT]
                return

    def _check_population_date(self, data: dict[str, Any]) -> None:
        date = data.get("population_date")
        if date is None:
            return
        members = list(self.region.members.all())
        self.populations = register.population_on(members, date)
        missing = [member.name for member in members if member.pk not in self.populations]
        if missing:
            self.add_error(
                "population_date",
                f"Registeret har ikke innbyggertall på denne datoen for {', '.join(missing)}",
            )

"""Forms of a plan and its contributors. Everything typed is read on the server, nowhere else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.formsets import BaseFormSet

from financing.models import MAX_YEARS, Alternative, Participant, Plan
from municipalities import register
from municipalities.form_fields import DateInput, NorwegianIntegerField, RowField, TextField
from municipalities.forms import BaseForm, TokenForm
from municipalities.models import Organisation, PopulationFigure

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_POPULATION = 10_000_000


def check_years(form: forms.Form) -> None:
    """Put an error on the last year where the years are back to front, or too many for a plan."""
    first, last = form.cleaned_data.get("first_year"), form.cleaned_data.get("last_year")
    if first is None or last is None:
        return
    if last < first:
        form.add_error("last_year", "Siste år kan ikke være før første år")
    elif last - first >= MAX_YEARS:
        form.add_error("last_year", f"En plan kan gå over høyst {MAX_YEARS} år")


class PlanForm(BaseForm):
    """The frame of the calculation."""

    show_error_summary = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    name = TextField(label="Navn på planen", max_length=120)
    first_year = forms.IntegerField(label="Første år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = forms.IntegerField(label="Siste år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    population_date = forms.DateField(
        label="Innbyggertall per",
        widget=DateInput(),
        help_text="Når datoen endres, hentes innbyggertallene på nytt fra registeret.",
    )
    opened_date = forms.DateField(widget=forms.HiddenInput, required=False)
    excludes_vat = forms.BooleanField(label="Beløpene er uten merverdiavgift", required=False)
    invoicing = TextField(
        label="Hvem fakturerer hvem",
        required=False,
        max_length=300,
        help_text="Én setning, som skrives under tabellen.",
    )

    def clean(self) -> dict[str, Any]:
        """Check that the years are in order and not too many."""
        data = super().clean() or self.cleaned_data
        check_years(self)
        return data


class ParticipantForm(BaseForm):
    """One contributor of the plan."""

    show_error_summary = False
    mark_optional = False
    field_order = ("included", "population", "status")
    pk = forms.IntegerField(widget=forms.HiddenInput)
    population = NorwegianIntegerField(
        label="Innbyggere", required=False, min_value=0, max_value=MAX_POPULATION
    )
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)
    status = forms.ChoiceField(label="Status for bidraget", choices=Participant.Status)
    included = forms.BooleanField(label="Med i beregningen", required=False)

    row_label = ""

    @property
    def has_population(self) -> bool:
        """Only municipalities have inhabitants of their own."""
        return "population" in self.fields


class BaseParticipantFormSet(BaseFormSet):
    """One row for each contributor there is, in their order."""

    def __init__(self, *args: Any, participants: list[Participant], **kwargs: Any) -> None:
        self.participants = {p.pk: p for p in participants}
        self.absolute_max = len(participants)  # whatever number of rows the form claims to have
        kwargs["initial"] = [
            {
                "pk": p.pk,
                "population": p.population,
                "opened": p.population,
                "status": p.status,
                "included": p.included,
            }
            for p in participants
        ]
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        known = list(self.participants.values())
        row = known[i] if i < len(known) else None
        form.row_label = str(row) if row else ""
        if row is not None and row.organisation.kind != Organisation.Kind.MUNICIPALITY:
            form.fields["population"].disabled = True
            form.row_label = row.organisation.name
        return form

    def clean(self) -> None:
        """Refuse rows for contributors that are not in the plan (a page from before a change)."""
        keys = [form.cleaned_data.get("pk") for form in self.forms if hasattr(form, "cleaned_data")]
        if keys != list(self.participants):
            raise forms.ValidationError(
                "Bidragsyterne er endret siden siden ble åpnet. Last siden på nytt."
            )

    def values(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the typed values by the participant's primary key."""
        names = ("population", "opened", "status", "included")
        return [
            (form.cleaned_data["pk"], {name: form.cleaned_data[name] for name in names})
            for form in self.forms
        ]


ParticipantFormSet = forms.formset_factory(
    ParticipantForm, formset=BaseParticipantFormSet, extra=0, max_num=1000
)


class PlanEditor:
    """The plan's form and its rows of contributors, bound and checked together."""

    form_class: type[BaseForm] = PlanForm
    prefix: str | None = None

    def __init__(
        self, plan: Plan, data: Any = None, participants: Iterable[Participant] | None = None
    ) -> None:
        """Take `participants` from who has read them, with their municipalities; else read them."""
        self.plan = plan
        if participants is None:
            participants = plan.participants.select_related("organisation__municipality")
        self.participants = list(participants)
        initial = {name: getattr(plan, name) for name in (*self.FIELDS, "revision")}
        initial["opened_date"] = plan.population_date
        self.form = self.form_class(data, initial=initial, prefix=self.prefix)
        self.rows = ParticipantFormSet(data, prefix="rad", participants=self.participants)

    FIELDS: tuple[str, ...] = (
        *("name", "first_year", "last_year"),
        *("population_date", "excludes_vat", "invoicing"),
    )

    def is_valid(self) -> bool:
        """Check both parts, so that every message is shown at once."""
        valid = all([self.form.is_valid(), self.rows.is_valid()])
        return valid and self._find_populations()

    def _find_populations(self) -> bool:
        """Tell what was typed by hand from what the page came with, and where the figures are from.

        A figure that nobody touched belongs to the date: it is taken from the register where the
        date is not the one the page was opened with, or no longer the stored one.
        """
        data = self.form.cleaned_data
        date = data["population_date"]
        opened = data["opened_date"] or self.plan.population_date
        moved = not date == opened == self.plan.population_date
        stored = {p.pk: p for p in self.participants}
        figures = register.population_on(
            [p.organisation.municipality for p in self.participants if p.organisation.municipality],
            date,
        )
        self.values: list[tuple[int, dict[str, object]]] = []
        missing = []
        for pk, typed in self.rows.values():
            row, population = stored[pk], typed["population"]
            values = {"status": typed["status"], "included": typed["included"]}
            self.values.append((pk, values))
            figure = figures.get(row.organisation.municipality_id)
            if row.organisation.municipality_id is None:
                continue
            if population == typed["opened"] and moved:
                if figure is None:
                    missing.append(str(row))
                    continue
                population = figure.value
            values["population"] = population
            values["population_date"] = date if population is not None else None
            values["population_source"] = self._source(row, population, figure, date)
        if missing:
            self.form.add_error(
                "population_date",
                f"Registeret har ikke innbyggertall på denne datoen for {', '.join(missing)}",
            )
        return not missing

    @staticmethod
    def _source(
        row: Participant, population: int | None, figure: PopulationFigure | None, date: dt.date
    ) -> str:
        """Where a contributor's figure is from: as stored, the register, or whoever typed it."""
        if population is None:
            return ""
        if (population, date) == (row.population, row.population_date):
            return row.population_source
        if figure is not None and population == figure.value:
            return figure.source
        return "Oppgitt i planen"

    def plan_values(self) -> dict[str, object]:
        """Return the plan's own columns, ready to store."""
        return {name: self.form.cleaned_data[name] for name in self.FIELDS}


class NewParticipantForm(TokenForm):
    """A municipality or county authority that is not in the plan."""

    mark_optional = False
    organisation = RowField(
        Organisation.objects.none(), label="Bidragsyter", empty_label="Velg hvem"
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (Organisation.Kind.MUNICIPALITY, Organisation.Kind.COUNTY_AUTHORITY)
        day = dt.date(plan.first_year, 1, 1)
        self.fields["organisation"].queryset = (
            Organisation.objects.filter(kind__in=kinds)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
            .exclude(pk__in=plan.participants.values("organisation"))
        )


class NewAlternativeForm(BaseForm):
    """Name of a new alternative and the one it starts as a copy of."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    name = TextField(label="Navn på det nye alternativet", max_length=80)
    copy_of = RowField(Alternative.objects.none(), label="Start som kopi av", empty_label=None)

    def __init__(
        self, *args: Any, plan: Plan, read: Iterable[Alternative] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["token"].initial = uuid.uuid4
        self.fields["copy_of"].queryset = plan.alternatives.all()
        if read is not None:
            self.fields["copy_of"].offer(plan.alternatives.all(), read)

    def clean_name(self) -> str:
        """Two alternatives of one plan cannot share a name."""
        name: str = self.cleaned_data["name"]
        if self.plan.alternatives.filter(name=name).exists():
            raise forms.ValidationError(f"Planen har allerede et alternativ som heter {name}")
        return name

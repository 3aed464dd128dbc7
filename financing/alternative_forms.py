"""The form of one alternative: its own fields, its rules and its index, read and calculated on the server."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from financing import alternatives, reader, rule_forms
from financing import calculation as calc
from financing.alternatives import TypedRule
from financing.editing import Actor
from financing.models import MAX_YEARS, Alternative, IndexFactor, Participant, Rule
from financing.rule_forms import RuleFormSet
from municipalities.form_fields import NorwegianDecimalField, TextField
from municipalities.forms import BaseForm
from municipalities.models import Organisation


class AlternativeForm(BaseForm):
    """An alternative's own fields."""

    show_error_summary = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    name = TextField(label="Navn på alternativet", max_length=80)
    rounding_rule = forms.ChoiceField(
        label="Avrunding", choices=Alternative._meta.get_field("rounding_rule").choices
    )
    index_source = TextField(label="Kilde for indeksen", required=False, max_length=200)

    def __init__(self, *args: Any, taken: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    def clean_name(self) -> str:
        """Two alternatives of one plan cannot share a name."""
        name: str = self.cleaned_data["name"]
        if name in self.taken:
            raise forms.ValidationError(f"Planen har allerede et alternativ som heter {name}")
        return name


class IndexForm(BaseForm):
    """Growth into one year."""

    show_error_summary = False
    mark_optional = False
    year = forms.IntegerField(widget=forms.HiddenInput)
    percent = NorwegianDecimalField(
        label="Indeks i prosent",
        required=False,
        max_digits=7,
        decimal_places=4,
        shown_places=1,
        min_value=Decimal(-50),
        max_value=Decimal(100),
    )
    is_estimate = forms.BooleanField(label="Anslag", required=False, initial=True)

    row_label = ""


class BaseIndexFormSet(BaseFormSet):
    """One row for each year after the first."""

    def __init__(self, *args: Any, years: tuple[int, ...], **kwargs: Any) -> None:
        self.years = years
        self.absolute_max = len(years)  # whatever number of rows the form claims to have
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        form.row_label = str(self.years[i]) if i < len(self.years) else ""
        return form

    def clean(self) -> None:
        """Each year once; and growth for all years or for none: a gap would be a guess."""
        if any(self.errors):
            return
        if [form.cleaned_data.get("year") for form in self.forms] != list(self.years):
            raise forms.ValidationError(
                "Årene er endret siden siden ble åpnet. Last siden på nytt."
            )
        given = [form.cleaned_data["percent"] is not None for form in self.forms]
        if any(given) and not all(given):
            raise forms.ValidationError("Fyll inn indeks for alle årene, eller la alle stå tomme")


IndexFormSet = forms.formset_factory(
    IndexForm, formset=BaseIndexFormSet, extra=0, max_num=MAX_YEARS
)


class AlternativeEditor:
    """An alternative's form, rules and index, bound and checked together."""

    def __init__(self, alternative: Alternative, facts: reader.PlanFacts, data: Any = None) -> None:
        self.alternative, self.facts = alternative, facts
        self.stored = {rule.pk: rule for rule in alternative.rules.all()}
        growth = {row.year: row for row in alternative.index.all()}
        self.form = AlternativeForm(
            data,
            taken=frozenset(row.name for row in facts.rows if row.pk != alternative.pk),
            initial={
                name: getattr(alternative, name)
                for name in ("revision", "name", "rounding_rule", "index_source")
            },
        )
        groups = [c for c in Rule.AppliesTo.choices if c[0] != Rule.AppliesTo.ONE]
        ones = [(f"p{p.pk}", str(p.organisation)) for p in facts.participants]
        self.rules = RuleFormSet(
            data,
            prefix="regel",
            form_kwargs={"targets": [*groups, *ones], "people": facts.participants},
            initial=[rule_forms.initial(r, facts.participants) for r in self.stored.values()],
        )
        years = facts.plan.years[1:]
        self.index = IndexFormSet(
            data,
            prefix="indeks",
            years=years,
            initial=[
                {
                    "year": year,
                    "percent": growth[year].percent if year in growth else None,
                    "is_estimate": growth[year].is_estimate if year in growth else True,
                }
                for year in years
            ],
        )

    def is_valid(self) -> bool:
        """Check all parts, so that every message is shown at once."""
        return all([self.form.is_valid(), self.rules.is_valid(), self.index.is_valid()])

    def values(self) -> dict[str, object]:
        """Return the alternative's own columns, ready to store."""
        names = ("name", "rounding_rule", "index_source")
        return {name: self.form.cleaned_data[name] for name in names}

    def places(self) -> list[int]:
        """Return which of the rows on the page are rules: neither empty nor to be deleted."""
        return [
            number
            for number, form in enumerate(self.rules.forms)
            if form.cleaned_data
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("target")
        ]

    def rule_rows(self) -> list[TypedRule]:
        """Return the rules as typed: stored rows changed in memory, and new ones."""
        people = {p.pk: p for p in self.facts.participants}
        rows = []
        for number in self.places():
            data = self.rules.forms[number].cleaned_data
            row = self.stored.get(data["pk"] or 0) or Rule(alternative=self.alternative)
            row = rule_forms.fill(row, data, people)
            row.basis = self._basis(row)
            rows.append(TypedRule(row, data["weights"]))
        return rows

    @staticmethod
    def _basis(rule: Rule) -> str:
        """A county authority pays for its county's inhabitants, everybody else for their own."""
        county = rule.applies_to == Rule.AppliesTo.COUNTY_AUTHORITIES or (
            rule.participant is not None
            and rule.participant.organisation.kind == Organisation.Kind.COUNTY_AUTHORITY
        )
        return Rule.Basis.COUNTY.value if county else Rule.Basis.OWN.value

    def index_rows(self) -> list[IndexFactor]:
        """Return the growth as typed; none where all years are empty."""
        return [
            IndexFactor(
                year=form.cleaned_data["year"],
                percent=form.cleaned_data["percent"],
                is_estimate=form.cleaned_data["is_estimate"],
            )
            for form in self.index.forms
            if form.cleaned_data["percent"] is not None
        ]

    def calculated(self, people: Iterable[Participant]) -> calc.Alternative:
        """Return what was typed as the calculation's, for these participants."""
        source = self.form.cleaned_data["index_source"]
        return calc.Alternative(
            name=self.form.cleaned_data["name"],
            rounding=reader.ROUNDING_RULES[self.form.cleaned_data["rounding_rule"]],
            rules=(
                *(reader.rule(typed.row, people, typed.weights) for typed in self.rule_rows()),
                *self.facts.extras,
            ),
            index=tuple(
                calc.IndexFactor(row.year, row.percent, source, row.is_estimate)
                for row in self.index_rows()
            ),
        )

    def table(self) -> calc.Table | None:
        """Calculate what was typed, without saving; None while it cannot be."""
        if self.facts.missing_population:
            return None
        return self.facts.calculate(self.calculated(self.facts.participants))

    def save_as_new(self, actor: Actor, name: str) -> Alternative:
        """Store what was typed as another alternative. ConflictError where the name is taken."""
        values = {**self.values(), "name": name}
        return alternatives.store_alternative(
            actor, self.alternative.plan, values, self.rule_rows(), self.index_rows()
        )

    def save(self, actor: Actor) -> bool:
        """Store what was typed; tell whether anything changed. Errors as `save_alternative`."""
        return alternatives.save_alternative(
            actor,
            self.alternative,
            self.form.cleaned_data["revision"],
            self.values(),
            self.rule_rows(),
            self.index_rows(),
        )

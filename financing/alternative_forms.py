"""The form of one alternative: its own fields, its rules and its index, read and calculated on the server."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from financing import calculation as calc
from financing import reader
from financing.models import MAX_YEARS, Alternative, IndexFactor, Rule
from municipalities.form_fields import NorwegianDecimalField, TextField
from municipalities.forms import BaseForm
from municipalities.models import Organisation

MAX_RULES = 40


def _kroner(label: str, places: int = 2, **options: Any) -> NorwegianDecimalField:
    return NorwegianDecimalField(
        label=label,
        required=False,
        max_digits=14,
        decimal_places=places,
        min_value=Decimal(0),
        suffix="kr",
        **options,
    )


def _share(label: str) -> NorwegianDecimalField:
    return NorwegianDecimalField(
        label=label,
        required=False,
        max_digits=7,
        decimal_places=4,
        shown_places=0,
        min_value=Decimal(0),
        max_value=Decimal(100),
        suffix="prosent",
    )


class AlternativeForm(BaseForm):
    """An alternative's own fields."""

    show_error_summary = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    name = TextField(label="Navn på alternativet", max_length=80)
    rounding_rule = forms.ChoiceField(
        label="Avrunding", choices=Alternative._meta.get_field("rounding_rule").choices
    )
    index_source = TextField(label="Kilde for indeksen", required=False, max_length=200)

    def __init__(self, *args: Any, alternative: Alternative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alternative = alternative

    def clean_name(self) -> str:
        """Two alternatives of one plan cannot share a name."""
        name: str = self.cleaned_data["name"]
        others = self.alternative.plan.alternatives.exclude(pk=self.alternative.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(f"Planen har allerede et alternativ som heter {name}")
        return name


class RuleForm(BaseForm):
    """One rule: a rate per inhabitant, a fixed amount or a distribution key, for a group or for one."""

    show_error_summary = False
    mark_optional = False
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target = forms.ChoiceField(label="Gjelder")
    kind = forms.ChoiceField(
        label="Beregning", choices=Rule.Kind, initial=Rule.Kind.PER_INHABITANT.value
    )
    rate = _kroner("Sats per innbygger", places=4)
    base_amount = _kroner("Grunnbeløp")
    indexed = forms.BooleanField(label="Indeksreguleres", required=False, initial=True)
    amount = _kroner(
        "Beløp per år", help_text="Fast beløp, eller summen som fordelingsnøkkelen deler."
    )
    equal_percent = _share("Deles likt")
    population_percent = _share("Deles etter innbyggertall")

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", "Velg hvem"), *targets]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that the fields the kind of rule needs are filled in."""
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        needs = {
            Rule.Kind.PER_INHABITANT: ("rate", "Fyll inn satsen per innbygger"),
            Rule.Kind.FIXED: ("amount", "Fyll inn det faste beløpet"),
            Rule.Kind.DISTRIBUTION_KEY: ("amount", "Fyll inn summen som skal deles"),
        }
        if kind in needs:
            name, message = needs[Rule.Kind(kind)]
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, message)
        if kind == Rule.Kind.DISTRIBUTION_KEY and not self.errors:
            parts = (data.get("equal_percent") or 0) + (data.get("population_percent") or 0)
            if parts != 100:
                self.add_error("equal_percent", "Delene i fordelingsnøkkelen må til sammen bli 100")
        return data

    @property
    def uses_amount(self) -> bool:
        """Whether the fields of fixed amounts and keys should be open on the page."""
        return self["kind"].value() != Rule.Kind.PER_INHABITANT.value or any(
            name in self.errors for name in ("amount", "equal_percent", "population_percent")
        )


class BaseRuleFormSet(BaseFormSet):  # type: ignore[type-arg]
    """The rules of one alternative."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        # A row that was empty when the page was opened stays one, also where somebody has added a
        # rule since: compared with that rule it would look as if it had been emptied on purpose.
        if self.is_bound and i >= self.initial_form_count():
            kwargs["initial"] = {}
        return super()._construct_form(i, **kwargs)

    def clean(self) -> None:
        """An alternative needs a rule."""
        if any(self.errors):
            return
        if not [f for f in self.forms if f.cleaned_data and not f.cleaned_data.get("DELETE")]:
            raise forms.ValidationError("Et alternativ må ha minst én regel")


RuleFormSet = forms.formset_factory(
    RuleForm,
    formset=BaseRuleFormSet,
    extra=1,
    can_delete=True,
    max_num=MAX_RULES,
    absolute_max=MAX_RULES,
    validate_max=True,
)


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


class BaseIndexFormSet(BaseFormSet):  # type: ignore[type-arg]
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
            alternative=alternative,
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
            form_kwargs={"targets": [*groups, *ones]},
            initial=[self._initial(rule) for rule in self.stored.values()],
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

    @staticmethod
    def _initial(rule: Rule) -> dict[str, Any]:
        names = ("kind", "rate", "base_amount", "indexed", "amount")
        shares = ("equal_percent", "population_percent")
        one = rule.applies_to == Rule.AppliesTo.ONE
        return (
            {name: getattr(rule, name) for name in names}
            | {name: getattr(rule, name) or None for name in (*shares, "amount")}
            | {"pk": rule.pk, "target": f"p{rule.participant_id}" if one else rule.applies_to}
        )

    def is_valid(self) -> bool:
        """Check all parts, so that every message is shown at once."""
        return all([self.form.is_valid(), self.rules.is_valid(), self.index.is_valid()])

    def values(self) -> dict[str, object]:
        """Return the alternative's own columns, ready to store."""
        names = ("name", "rounding_rule", "index_source")
        return {name: self.form.cleaned_data[name] for name in names}

    def rule_rows(self) -> list[Rule]:
        """Return the rules as typed: stored rows changed in memory, and new ones."""
        people = {p.pk: p for p in self.facts.participants}
        rows = []
        for form in self.rules.forms:
            data = form.cleaned_data
            if not data or data.get("DELETE") or not data.get("target"):
                continue
            row = self.stored.get(data["pk"] or 0) or Rule(alternative=self.alternative)
            one = data["target"].startswith("p")
            row.applies_to = Rule.AppliesTo.ONE if one else data["target"]
            row.participant = people[int(data["target"][1:])] if one else None
            row.kind, row.indexed = data["kind"], data["indexed"]
            for name in ("rate", "base_amount", "amount", "equal_percent", "population_percent"):
                setattr(row, name, data[name] or Decimal(0))
            row.basis = self._basis(row)
            rows.append(row)
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

    def table(self) -> calc.Table | None:
        """Calculate what was typed, without saving; None while it cannot be."""
        if self.facts.missing_population:
            return None
        people = self.facts.participants
        source = self.form.cleaned_data["index_source"]
        alternative = calc.Alternative(
            name=self.form.cleaned_data["name"],
            rounding=reader.ROUNDING_RULES[self.form.cleaned_data["rounding_rule"]],
            rules=tuple(reader.rule(row, people) for row in self.rule_rows()),
            index=tuple(
                calc.IndexFactor(row.year, row.percent, source, row.is_estimate)
                for row in self.index_rows()
            ),
        )
        return self.facts.calculate(alternative)

"""What if: contributors, populations, rates, keys and index changed on a page, and nothing stored.

The forms are those of the plan and of the alternative, bound to the same data; what is typed is
calculated on copies in memory. Goal seek works on what is typed too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from financing import calculation as calc
from financing import goal_seek, reader
from financing.alternative_forms import AlternativeEditor
from financing.editing import Actor
from financing.forms import PlanEditor
from financing.goal_seek import Sought
from financing.models import Alternative, Participant
from municipalities import norwegian
from municipalities.form_fields import DateInput, NorwegianDecimalField, TextField
from municipalities.forms import BaseForm

_SOUGHT = {"sats": Sought.RATE, "grunn": Sought.BASE_AMOUNT, "indeks": Sought.INDEX}
_FIELDS = {Sought.RATE: "rate", Sought.BASE_AMOUNT: "base_amount"}


class PopulationForm(BaseForm):
    """The date that populations are taken from."""

    show_error_summary = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    population_date = forms.DateField(
        label="Innbyggertall per",
        widget=DateInput(),
        help_text="Når datoen endres, hentes innbyggertallene på nytt fra registeret.",
    )
    opened_date = forms.DateField(widget=forms.HiddenInput, required=False)


class _ContributorsEditor(PlanEditor):
    """The plan's contributors and population date, without its other fields."""

    FIELDS = ("population_date",)
    form_class = PopulationForm
    prefix = "plan"


class GoalForm(BaseForm):
    """Which number to look for, and the total it should give."""

    show_error_summary = False
    mark_optional = False
    what = forms.ChoiceField(label="Finn", required=False)
    target = NorwegianDecimalField(
        label="som gir summen",
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=Decimal(0),
        suffix="kr",
    )
    year = forms.TypedChoiceField(label="i", coerce=int, empty_value=None, required=False)

    def __init__(
        self, *args: Any, choices: list[tuple[str, str]], years: tuple[int, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices
        self.fields["year"].choices = [
            *((str(year), str(year)) for year in years),
            ("", "alle årene til sammen"),
        ]


class SaveForm(BaseForm):
    """The name of a new alternative; empty to change the one that is open."""

    show_error_summary = False
    mark_optional = False
    new_name = TextField(
        label="Navn på nytt alternativ",
        required=False,
        max_length=80,
        help_text="La feltet stå tomt for å endre alternativet du har åpent.",
    )


class WhatIfEditor:
    """Everything that can be changed on the page, bound and checked together."""

    def __init__(self, row: Alternative, facts: reader.PlanFacts, data: Any = None) -> None:
        self.row, self.facts = row, facts
        self.contributors = _ContributorsEditor(facts.plan, data, facts.participants)
        self.alternative = AlternativeEditor(row, facts, data)
        self.before = facts.table(row.pk)
        years = facts.plan.years
        self.goal = GoalForm(
            data,
            prefix="maal",
            choices=self._goal_choices(),
            years=years,
            initial={
                "target": self.before.total.cells[0] if self.before else None,
                "year": years[0],
            },
        )
        self.saving = SaveForm(data, prefix="lagre")

    def parts(self) -> tuple[Any, ...]:
        """The forms and formsets, in the order their messages are listed."""
        alternative = self.alternative
        return (
            self.contributors.form,
            self.contributors.rows,
            alternative.form,
            alternative.rules,
            alternative.index,
            self.goal,
            self.saving,
        )

    def _goal_choices(self) -> list[tuple[str, str]]:
        """One for each rule's rate and base amount, by its row on the page, and one for the index."""
        found = []
        for number, form in enumerate(self.alternative.rules.forms):
            target = dict(form.fields["target"].choices).get(str(form["target"].value() or ""), "")
            if not target or form["kind"].value() != "per_inhabitant":
                continue
            found += [
                (f"sats-{number}", f"satsen per innbygger for {target}"),
                (f"grunn-{number}", f"grunnbeløpet for {target}"),
            ]
        if len(self.facts.plan.years) > 1:
            found.append(("indeks-0", "indeksen, lik for alle årene"))
        return found

    def is_valid(self) -> bool:
        """Check all parts, so that every message is shown at once."""
        checked = (
            self.contributors.is_valid(),
            self.alternative.is_valid(),
            self.goal.is_valid(),
            self.saving.is_valid(),
        )
        return all(checked)

    def typed_facts(self) -> reader.PlanFacts:
        """Return the plan with the contributors as typed. Nothing stored is touched."""
        typed = dict(self.contributors.values)
        people: list[Participant] = []
        for person in self.facts.participants:
            changed = copy.copy(person)
            for name, value in typed[person.pk].items():
                setattr(changed, name, value)
            people.append(changed)
        return reader.PlanFacts(
            plan=self.facts.plan,
            participants=tuple(people),
            contributors=tuple(reader.contributor(person) for person in people),
            alternatives=self.facts.alternatives,
            extras=self.facts.extras,
        )

    def calculated(self) -> tuple[reader.PlanFacts, calc.Alternative, calc.Table | None]:
        """Calculate what was typed; no table while a population is missing or a key cannot be shared."""
        facts = self.typed_facts()
        alternative = self.alternative.calculated(facts.participants)
        table = None if facts.missing_population else facts.calculate(alternative)
        return facts, alternative, table

    def seek(self) -> goal_seek.Answer | None:
        """Find what the goal form asks for. None, with messages, where it is not filled in or cannot be."""
        typed = self.goal.cleaned_data
        kind, _, place = (typed["what"] or "").partition("-")
        if kind not in _SOUGHT:
            self.goal.add_error("what", "Velg hva som skal finnes")
            return None
        if typed["target"] is None:
            self.goal.add_error("target", "Fyll inn summen som skal nås")
            return None
        facts, alternative, table = self.calculated()
        places = self.alternative.places()
        sought = _SOUGHT[kind]
        if table is None or (sought in _FIELDS and int(place) not in places):
            self.goal.add_error("what", "Kan ikke regnes ut med det som er fylt inn")
            return None
        goal = goal_seek.Goal(
            what=sought,
            target=typed["target"],
            rule=places.index(int(place)) if sought in _FIELDS else 0,
            year=typed["year"],
        )
        try:
            return goal_seek.seek(facts.contributors, alternative, facts.plan.years, goal)
        except ValueError:
            self.goal.add_error("target", "Tallene er for store til å regne på")
            return None

    def save(self, actor: Actor, store_plan: Callable[..., bool]) -> tuple[str, bool]:
        """Store what was typed; return which alternative holds it, and whether anything changed.

        `store_plan(revision, values, participants)` stores the contributors. Errors as
        `save_alternative`.
        """
        changed = store_plan(
            self.contributors.form.cleaned_data["revision"],
            self.contributors.plan_values(),
            self.contributors.values,
        )
        if name := self.saving.cleaned_data["new_name"]:
            return self.alternative.save_as_new(actor, name).name, True
        changed = self.alternative.save(actor) or changed
        return str(self.alternative.form.cleaned_data["name"]), changed


def put_in(data: QueryDict, what: str, value: str, years: int) -> QueryDict:
    """Return what was typed with a found value in its place: «sats-0» is the first rule's rate."""
    written = data.copy()
    kind, _, place = what.partition("-")
    sought = _SOUGHT.get(kind)
    if sought is None or not place.isdecimal():
        return written
    try:
        number = norwegian.parse_decimal(value)
    except ValueError:
        return written
    if sought in _FIELDS:
        written[f"regel-{int(place)}-{_FIELDS[sought]}"] = norwegian.rate(number)
    else:
        for row in range(years - 1):
            written[f"indeks-{row}-percent"] = norwegian.percent(number)
    return written

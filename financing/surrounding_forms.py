"""Forms of what surrounds the alternatives: what is paid today, and when contributions fall due."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from financing import instalments
from financing.forms import LAST_YEAR
from financing.models import CurrentContribution, Participant, Plan
from municipalities.form_fields import NorwegianDecimalField, TextField
from municipalities.forms import BaseForm

MAX_INSTALMENTS = 12
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)


def _kroner(label: str, places: int = 2) -> NorwegianDecimalField:
    return NorwegianDecimalField(
        label=label,
        required=False,
        max_digits=14,
        decimal_places=places,
        min_value=Decimal(0),
        suffix="kr",
    )


class CurrentForm(BaseForm):
    """The year that is paid today, and the two numbers of the old model where that is used."""

    show_error_summary = False
    mark_optional = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    year = forms.IntegerField(label="Året beløpene gjelder", min_value=1990, max_value=LAST_YEAR)
    base_amount = _kroner("Grunnbeløp")
    rate = _kroner("Sats per innbygger", places=4)


class CurrentRowForm(BaseForm):
    """What one contributor pays today; empty where that is not known."""

    show_error_summary = False
    mark_optional = False
    pk = forms.IntegerField(widget=forms.HiddenInput)
    amount = _kroner("Bidrag i dag")
    source = TextField(label="Kilde", required=False, max_length=200)

    row_label = ""


class BaseCurrentFormSet(BaseFormSet):
    """A row for each contributor of the plan, in their order."""

    def __init__(self, *args: Any, participants: list[Participant], **kwargs: Any) -> None:
        self.participants = participants
        self.absolute_max = len(participants)  # whatever number of rows the form claims to have
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        form.row_label = str(self.participants[i].organisation)
        return form

    def clean(self) -> None:
        """Refuse rows for contributors that are not in the plan (a page from before a change)."""
        keys = [form.cleaned_data.get("pk") for form in self.forms if hasattr(form, "cleaned_data")]
        if keys != [p.organisation_id for p in self.participants]:
            raise forms.ValidationError(
                "Bidragsyterne er endret siden siden ble åpnet. Last siden på nytt."
            )


CurrentFormSet = forms.formset_factory(
    CurrentRowForm, formset=BaseCurrentFormSet, extra=0, max_num=1000
)


class CurrentEditor:
    """What is paid today, bound and checked together."""

    def __init__(self, plan: Plan, stored: Iterable[CurrentContribution], data: Any = None) -> None:
        self.plan = plan
        self.participants = list(plan.participants.select_related("organisation"))
        known = {row.organisation_id: row for row in stored}
        year = max((row.year for row in known.values()), default=plan.first_year - 1)
        self.form = CurrentForm(data, initial={"revision": plan.revision, "year": year})
        self.rows = CurrentFormSet(
            data,
            prefix="rad",
            participants=self.participants,
            initial=[
                {
                    "pk": p.organisation_id,
                    "amount": known[p.organisation_id].amount
                    if p.organisation_id in known
                    else None,
                    "source": known[p.organisation_id].source if p.organisation_id in known else "",
                }
                for p in self.participants
            ],
        )

    def is_valid(self) -> bool:
        """Check both parts, so that every message is shown at once."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    def values(self) -> dict[int, tuple[Decimal, str]]:
        """Return the typed kroner and sources by the organisation's primary key."""
        return {
            form.cleaned_data["pk"]: (form.cleaned_data["amount"], form.cleaned_data["source"])
            for form in self.rows.forms
            if form.cleaned_data["amount"] is not None
        }


class InstalmentForm(BaseForm):
    """One part of the year's contribution."""

    show_error_summary = False
    mark_optional = False
    day = forms.IntegerField(label="Dag", min_value=1, max_value=31)
    month = forms.TypedChoiceField(
        label="Måned",
        choices=[("", "Velg"), *enumerate(MONTHS, start=1)],
        coerce=int,
        empty_value=None,
    )
    percent = NorwegianDecimalField(
        label="Andel",
        max_digits=7,
        decimal_places=4,
        shown_places=0,
        min_value=Decimal("0.0001"),
        max_value=Decimal(100),
        suffix="prosent",
    )
    condition = TextField(label="Må være godkjent først", required=False, max_length=200)

    row_label = ""


class BaseInstalmentFormSet(BaseFormSet):
    """The parts of a year, which sum to the whole."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.Form:
        form = super()._construct_form(i, **kwargs)
        form.row_label = f"Termin {i + 1}"
        return form

    def clean(self) -> None:
        """Check the parts against each other."""
        if any(self.errors):
            return
        rows = self.values()
        for message in instalments.check([instalments.Instalment(**row) for row in rows]):
            self._non_form_errors.append(message)

    def values(self) -> list[dict[str, Any]]:
        """Return what was typed, without empty and deleted rows."""
        names = ("month", "day", "percent", "condition")
        return [
            {name: form.cleaned_data[name] for name in names}
            for form in self.forms
            if form.cleaned_data.get("day") and not form.cleaned_data.get("DELETE")
        ]


InstalmentFormSet = forms.formset_factory(
    InstalmentForm,
    formset=BaseInstalmentFormSet,
    extra=1,
    can_delete=True,
    max_num=MAX_INSTALMENTS,
    absolute_max=MAX_INSTALMENTS,
)


class RevisionOnlyForm(BaseForm):
    """The plan's revision beside a table of rows."""

    show_error_summary = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class InstalmentEditor:
    """The payment plan, bound and checked together."""

    def __init__(self, plan: Plan, stored: Iterable[Any], data: Any = None) -> None:
        self.form = RevisionOnlyForm(data, initial={"revision": plan.revision})
        names = ("day", "month", "percent", "condition")
        self.rows = InstalmentFormSet(
            data,
            prefix="termin",
            initial=[{name: getattr(row, name) for name in names} for row in stored],
        )

    def is_valid(self) -> bool:
        """Check both parts."""
        return all([self.form.is_valid(), self.rows.is_valid()])

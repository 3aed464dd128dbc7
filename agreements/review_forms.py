"""Forms of the review: freezing, steps, answers, delegation and resolutions. The writers assert again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from agreements.attachment_forms import AttachmentField
from agreements.domain.checks import Position
from agreements.domain.file_type import PDF
from agreements.domain.guards import Outcome
from agreements.domain.states import Transition
from agreements.models.resolution import OUTCOMES
from agreements.models.version import DECISION_TEXT_LIMIT, REASON_LIMIT, STANCES
from municipalities.form_fields import DateInput, RowField, TextField, long_text
from municipalities.forms import BaseForm, RevisionForm, TokenForm
from municipalities.models import User

LONGEST_ROUND = 366  # days
_CHOICES = [
    (value, label[:1].upper() + label[1:])
    for value, label in STANCES
    if value != Position.UNDECIDED.value
]


def _within_a_year(day: dt.date) -> dt.date:
    """Return a deadline that is not behind us, and not years ahead; ValidationError for others."""
    today = timezone.localdate()
    if day < today:
        raise forms.ValidationError("Svarfristen kan ikke være en dag som har vært")
    if day > today + dt.timedelta(days=LONGEST_ROUND):
        raise forms.ValidationError("Svarfristen kan ikke være mer enn ett år fram")
    return day


class FreezeForm(BaseForm):
    """The round about a new version. `seen` is the hash of the draft the page showed."""

    deadline = forms.DateField(
        label="Svarfrist",
        widget=DateInput(),
        help_text="Siste dag kommunene kan svare før runden kan avsluttes uten dem.",
    )
    message = long_text(
        "Melding til dem som blir spurt",
        required=False,
        limit=REASON_LIMIT,
        rows=4,
        help_text="Står på siden der de svarer.",
        printed=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def clean_deadline(self) -> dt.date:
        """The deadline is not behind us, and not years ahead."""
        return _within_a_year(self.cleaned_data["deadline"])


class DeadlineForm(RevisionForm):
    """Another deadline for the open round. `revision` is the round's."""

    deadline = forms.DateField(
        label="Ny svarfrist",
        widget=DateInput(),
        help_text="De som ikke har svart, får beskjed.",
    )

    def clean_deadline(self) -> dt.date:
        """As when the round began."""
        return _within_a_year(self.cleaned_data["deadline"])


class StepForm(BaseForm):
    """A step of the process. `source` is the state the page showed."""

    source = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    reason = long_text(
        "Begrunnelse",
        required=True,
        limit=REASON_LIMIT,
        rows=4,
        help_text="Blir stående i historikken og vises for dem det gjelder.",
        printed=False,
    )

    def __init__(self, *args: Any, line: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not line.reason:
            del self.fields["reason"]


class DecisionForm(RevisionForm):
    """A municipality's answer about the version whose hash is in `seen`."""

    stance = forms.ChoiceField(label="Svar", choices=_CHOICES, widget=forms.RadioSelect)
    preferred_alternative = forms.ChoiceField(
        label="Foretrukket alternativ",
        required=False,
        help_text="Velg et alternativ hvis dere foretrekker et annet enn det avtalen følger.",
    )
    comment = long_text(
        "Begrunnelse eller vilkår",
        required=False,
        limit=DECISION_TEXT_LIMIT,
        rows=5,
        help_text="Må fylles ut når svaret ikke er positivt uten vilkår. Kommer med i saksframlegget.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, *args: Any, alternatives: Sequence[str], confirms: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if confirms or len(alternatives) < 2:
            del self.fields["preferred_alternative"]
        else:
            choices = [("", "Ingen spesielle ønsker"), *((name, name) for name in alternatives)]
            self.fields["preferred_alternative"].choices = choices

    def clean(self) -> dict[str, Any]:
        """An answer that is not positive says why."""
        data = super().clean() or self.cleaned_data
        stance = data.get("stance")
        if stance in (Position.CONDITIONAL, Position.NEGATIVE) and not data.get("comment"):
            what = "vilkårene" if stance == Position.CONDITIONAL else "hvorfor svaret er negativt"
            if "comment" not in self.errors:
                self.add_error("comment", f"Skriv {what}")
        return data


class TakeBackForm(RevisionForm):
    """Why an answer is taken back."""

    reason = long_text(
        "Hvorfor trekkes svaret?", required=True, limit=REASON_LIMIT, rows=3, printed=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="trekk_%s", **kwargs)


class DelegationForm(TokenForm):
    """Who answers for the municipality for some days."""

    given_to = RowField(User.objects.none(), label="Hvem", empty_label="Velg")
    first_day = forms.DateField(label="Fra og med", widget=DateInput())
    last_day = forms.DateField(label="Til og med", widget=DateInput())
    reason = TextField(label="Grunn", max_length=REASON_LIMIT, printed=False)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["given_to"].offer(rows, people)

    def clean(self) -> dict[str, Any]:
        """The days are in order and not long past."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        today = timezone.localdate()
        if first and last and last < first:
            self.add_error("last_day", "Den siste dagen må være den første eller senere")
        elif last and last < today:
            self.add_error("last_day", "Den siste dagen kan ikke være en dag som har vært")
        elif first and last and (last - first).days > LONGEST_ROUND:
            self.add_error("last_day", "En delegering kan vare i høyst ett år")
        return data


class ResolutionForm(BaseForm):
    """A council's decision. `revision` is empty for the first time it is recorded."""

    revision = forms.IntegerField(
        label="Utgavenummeret",
        widget=forms.HiddenInput,
        required=False,
        min_value=1,
        max_value=2**31 - 1,
    )
    case_number = TextField(
        label="Saksnummer",
        max_length=60,
        help_text="Slik det står i protokollen, for eksempel 45/25.",
    )
    decided_on = forms.DateField(label="Vedtaksdato", widget=DateInput())
    outcome = forms.ChoiceField(
        label="Utfall",
        choices=[(value, label[:1].upper() + label[1:]) for value, label in OUTCOMES],
        widget=forms.RadioSelect,
    )
    conditions = long_text(
        "Vilkår",
        required=False,
        limit=DECISION_TEXT_LIMIT,
        rows=4,
        help_text="Ordrett fra vedtaket.",
    )
    extract = AttachmentField(
        only=PDF,
        label="Særutskrift (PDF)",
        required=False,
        help_text="Høyst 20 MB. En ny fil legges ved siden av den forrige.",
    )

    def clean(self) -> dict[str, Any]:
        """Conditions are said in words, and a decision has been made already."""
        data = super().clean() or self.cleaned_data
        conditional = data.get("outcome") == Outcome.CONDITIONAL
        if conditional and not data.get("conditions") and "conditions" not in self.errors:
            self.add_error("conditions", "Skriv vilkårene slik de står i vedtaket")
        day = data.get("decided_on")
        if day and not dt.date(2000, 1, 1) <= day <= timezone.localdate():
            self.add_error("decided_on", "Vedtaksdatoen må være en dag som har vært")
        return data

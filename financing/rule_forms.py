"""The form of one rule: who it applies to, how the amount is set, and how a key is shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from financing import reader
from financing.models import MAX_YEARS, Participant, Rule
from municipalities import norwegian
from municipalities.form_fields import NorwegianDecimalField, TextField
from municipalities.forms import BaseForm

MAX_RULES = 40
WEIGHTS_LIMIT = 40_000  # characters: some hundred contributors, a line for each

_KINDS = {
    Rule.Kind.PER_INHABITANT: {"rate": "Fyll inn satsen per innbygger"},
    Rule.Kind.FIXED: {"amount": "Fyll inn det faste beløpet"},
    Rule.Kind.DISTRIBUTION_KEY: {"amount": "Fyll inn summen som skal deles"},
    Rule.Kind.HOURS: {
        "hours": "Fyll inn hvor mange timer",
        "hour_price": "Fyll inn prisen per time",
    },
}
NUMBERS = ("rate", "base_amount", "amount", "hours", "hour_price")
SHARES = ("equal_percent", "population_percent", "table_percent")
BOUNDS = ("floor", "cap")


def _kroner(label: str, places: int = 2, **options: Any) -> NorwegianDecimalField:
    options.setdefault("suffix", "kr")
    return NorwegianDecimalField(
        label=label,
        required=False,
        max_digits=14,
        decimal_places=places,
        min_value=Decimal(0),
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


class StepsField(forms.Field):
    """Percents for one year after another, typed as «50 75 100»."""

    def to_python(self, value: Any) -> list[Decimal]:
        """Return the percents; ValidationError names the one that cannot be read."""
        text = "" if value is None else str(value)
        words = [word for word in re.split(r"[\s;%]+", text) if word]
        if len(words) > MAX_YEARS:
            raise forms.ValidationError(f"Opptrapping kan gå over høyst {MAX_YEARS} år")
        return [self._percent(word) for word in words]

    @staticmethod
    def _percent(word: str) -> Decimal:
        try:
            percent = norwegian.parse_decimal(word.rstrip(","))
        except ValueError as error:
            raise forms.ValidationError(
                f"Opptrapping: «{word[:20]}» er ikke et tall. Skriv for eksempel 50 75 100."
            ) from error
        exponent = percent.as_tuple().exponent
        if not 0 <= percent <= 100 or (isinstance(exponent, int) and exponent < -4):
            raise forms.ValidationError(
                f"Opptrapping: {word[:20]} er ikke mellom 0 og 100 prosent, med høyst fire desimaler"
            )
        return percent

    def prepare_value(self, value: Any) -> Any:
        """Write stored percents with spaces between."""
        if isinstance(value, list | tuple):
            return " ".join(norwegian.percent(percent) for percent in value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is written, so that an untouched field is unchanged."""
        return (self.prepare_value(initial or []) or "") != (data or "").strip()


class RuleForm(BaseForm):
    """One rule, for a group of contributors or for one."""

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
    label = TextField(
        label="Hva beløpet gjelder",
        required=False,
        max_length=120,
        help_text="Skrives under tabellen, for eksempel «Kurs utenom fast del».",
    )
    amount = _kroner(
        "Beløp per år", help_text="Fast beløp, eller summen som fordelingsnøkkelen deler."
    )
    hours = _kroner("Timer per år", suffix="timer")
    hour_price = _kroner("Pris per time")
    equal_percent = _share("Deles likt")
    population_percent = _share("Deles etter innbyggertall")
    table_percent = _share("Deles etter egen tabell")
    weights = forms.CharField(
        label="Tabell for fordelingen",
        required=False,
        max_length=WEIGHTS_LIMIT,
        widget=forms.Textarea({"rows": 5}),
        help_text="En linje for hver bidragsyter: navn og tall, for eksempel timer brukt i fjor.",
    )
    floor = _kroner("Minst per bidragsyter")
    cap = _kroner("Høyst per bidragsyter")
    steps = StepsField(
        label="Opptrapping, prosent av beløpet hvert år",
        required=False,
        help_text="For eksempel 50 75 100. Den siste gjelder resten av årene.",
    )

    def __init__(
        self,
        *args: Any,
        targets: list[tuple[str, str]],
        people: Iterable[Participant] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        self.fields["target"].choices = [("", "Velg hvem"), *targets]

    def clean(self) -> dict[str, Any]:
        """Check that the fields the kind of rule needs are filled in, and that they agree."""
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in _KINDS:
            for name, message in _KINDS[Rule.Kind(kind)].items():
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, message)
        floor, cap = data.get("floor"), data.get("cap")
        if floor is not None and cap is not None and floor > cap:
            self.add_error("cap", "Det høyeste beløpet kan ikke være mindre enn det minste")
        if kind == Rule.Kind.DISTRIBUTION_KEY and not self.errors:
            if sum(data.get(name) or 0 for name in SHARES) != 100:
                self.add_error("equal_percent", "Delene i fordelingsnøkkelen må til sammen bli 100")
            elif data.get("table_percent"):
                data["weights"] = self._weights(data["weights"], data["target"])
        if not isinstance(data.get("weights"), dict):
            data["weights"] = {}
        return data

    def _weights(self, text: str, target: str) -> dict[int, Decimal]:
        """Read the table of a key: each contributor of the rule once, by the participant's pk."""
        concerned = {norwegian.sort_key(str(p)): p for p in self.people if _is_in(p, target)}
        found: dict[int, Decimal] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            name, weight = _parted(line)
            person = concerned.get(norwegian.sort_key(name))
            if person is None or weight is None or person.pk in found:
                problem = (
                    "navnet er ikke en av dem regelen gjelder"
                    if person is None
                    else "det mangler et tall etter navnet"
                    if weight is None
                    else "navnet står to ganger"
                )
                self.add_error("weights", f"Linje {number} («{line.strip()[:40]}»): {problem}")
                return {}
            found[person.pk] = weight
        missing = [str(p) for p in concerned.values() if p.pk not in found]
        if missing:
            shown = norwegian.join(missing[:5])
            self.add_error(
                "weights", f"Tabellen mangler {shown}. Skriv 0 for den som ikke skal ha en del."
            )
        elif not sum(found.values()):
            self.add_error("weights", "Minst én må ha et tall over 0")
        return found

    @property
    def uses_amount(self) -> bool:
        """Whether the fields of fixed amounts, hours and keys should be open on the page."""
        names = ("amount", "hours", "hour_price", "weights", *SHARES)
        return self["kind"].value() != Rule.Kind.PER_INHABITANT.value or any(
            name in self.errors for name in names
        )

    @property
    def uses_more(self) -> bool:
        """Whether the fields of limits, step-up and label should be open on the page."""
        names = (*BOUNDS, "steps", "label")
        return any(name in self.errors or self[name].value() for name in names)


def _is_in(participant: Participant, target: str) -> bool:
    if target == f"p{participant.pk}":
        return True
    group = reader.GROUPS.get(target)
    return group is not None and reader.KINDS.get(participant.organisation.kind) == group


def _parted(line: str) -> tuple[str, Decimal | None]:
    """Part «Hole; 1 200,5» or «Hole 12» into name and number; None where there is no number."""
    match = re.fullmatch(r"\s*(.*?[^\W\d_][^\d]*?)[\s;:=]*([\d\s.,]+)\s*", line)
    if match is None:
        return line.strip(), None
    try:
        weight = norwegian.parse_decimal(match[2])
    except ValueError:
        return match[1].strip(), None
    exponent = weight.as_tuple().exponent
    too_long = len(weight.as_tuple().digits) > 14 or (isinstance(exponent, int) and exponent < -4)
    return match[1].strip(" ;:="), None if too_long else weight


def written_weights(rule: Rule, participants: Iterable[Participant]) -> str:
    """Write a stored table of a key, a line for each; nothing for a rule without one."""
    if not rule.table_percent:
        return ""
    stored = {weight.participant_id: weight.weight for weight in rule.weights.all()}
    lines = [f"{p}; {norwegian.percent(stored[p.pk])}" for p in participants if p.pk in stored]
    return "\n".join(lines)


def initial(rule: Rule, participants: Iterable[Participant]) -> dict[str, Any]:
    """Return a stored rule as the form shows it: numbers that are not used are left empty."""
    one = rule.applies_to == Rule.AppliesTo.ONE
    always = ("kind", "rate", "base_amount", "indexed", "label", "steps", *BOUNDS)
    return (
        {name: getattr(rule, name) for name in always}
        | {name: getattr(rule, name) or None for name in (*SHARES, "amount", "hours", "hour_price")}
        | {
            "pk": rule.pk,
            "target": f"p{rule.participant_id}" if one else rule.applies_to,
            "weights": written_weights(rule, participants),
        }
    )


def fill(row: Rule, data: Mapping[str, Any], people: Mapping[int, Participant]) -> Rule:
    """Set a rule's columns from what was typed."""
    one = data["target"].startswith("p")
    row.applies_to = Rule.AppliesTo.ONE if one else data["target"]
    row.participant = people[int(data["target"][1:])] if one else None
    for name in ("kind", "indexed", "label", "steps", *BOUNDS):
        setattr(row, name, data[name])
    for name in (*NUMBERS, *SHARES):
        setattr(row, name, data[name] or Decimal(0))
    return row


class BaseRuleFormSet(BaseFormSet):
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

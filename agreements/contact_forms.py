"""Forms of how those who sign are reached. `contacts` asserts again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.safestring import SafeString

from agreements.contacts import Change
from agreements.documents.signers import Contact
from agreements.models import Party
from municipalities.forms import BaseForm, prepare_field
from municipalities.models import Organisation
from municipalities.norwegian import has_identity_number

MOST_SIGNERS = 99  # numbers of the order; more than any agreement has parties
EMAIL_LIMIT = 254  # characters of an address
IDENTITY_NUMBER = (
    "Her står det elleve sifre, som i et fødselsnummer. Programmet skal aldri ha fødselsnummer: "
    "ta det bort"
)


def no_identity_number(text: str) -> None:
    """Refuse what looks like an identity number."""
    if has_identity_number(text):
        raise ValidationError(IDENTITY_NUMBER, code="identity_number")


def refuse_identity_numbers(form: forms.Form, *names: str) -> None:
    """Put an error on each of these fields that has an identity number."""
    for name in names:
        if has_identity_number(str(form.cleaned_data.get(name) or "")):
            form.add_error(name, IDENTITY_NUMBER)


def email_field(
    label: str = "E-post til den som signerer", help_text: str = ""
) -> forms.EmailField:
    """The address of a signatory, which may wait."""
    return forms.EmailField(
        label=label,
        required=False,
        max_length=EMAIL_LIMIT,
        validators=[no_identity_number],
        widget=forms.EmailInput(attrs={"autocomplete": "off", "size": 36}),
        help_text=help_text,
    )


def order_field(label: str = "Rekkefølge ved signering", help_text: str = "") -> forms.IntegerField:
    """A place in the order; those with the same sign at the same time."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=MOST_SIGNERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
        help_text=help_text,
    )


@dataclass(frozen=True)
class Line:
    """A party's fields."""

    party: Party
    email: BoundField
    order: BoundField
    suggested: bool  # the address is a suggestion that nobody has saved

    @property
    def shown(self) -> SafeString:
        """What the fields had when the page was opened, as hidden fields."""
        return self.email.as_hidden(only_initial=True) + self.order.as_hidden(only_initial=True)


class ContactsForm(BaseForm):
    """The addresses and the order of all parties. `suggested` is offered where there is no address."""

    mark_optional = False

    def __init__(
        self, *args: Any, parties: Sequence[Party], suggested: Mapping[int, str], **kwargs: Any
    ) -> None:
        self.parties, self.suggested = parties, suggested
        initial: dict[str, object] = {}
        for place, party in enumerate(parties, start=1):
            key = party.organisation.key
            initial |= {
                f"epost-{key}": party.signatory_email or suggested.get(party.pk, ""),
                f"rekke-{key}": party.signing_order or place,
                f"utgave-{key}": party.revision,
            }
        super().__init__(*args, initial=initial, **kwargs)
        for party in parties:
            self._add(party.organisation)

    def _add(self, body: Organisation) -> None:
        email = email_field(f"{body.name}, e-post")
        email.error_messages["invalid"] = f"{body.name}: skriv e-posten som navn@eksempel.no"
        order = order_field(f"{body.name}, rekkefølge")
        order.error_messages["invalid"] = f"{body.name}: skriv rekkefølgen som et helt tall"
        revision = forms.IntegerField(
            label=body.name,
            required=False,  # of a party that came after the page was opened
            widget=forms.HiddenInput,
            min_value=1,
            max_value=2**31 - 1,
        )
        email.show_hidden_initial = order.show_hidden_initial = True
        named = ((f"epost-{body.key}", email), (f"rekke-{body.key}", order))
        for name, field in (*named, (f"utgave-{body.key}", revision)):
            prepare_field(field, str(field.label))
            self.fields[name] = field

    def lines(self) -> list[Line]:
        """The fields of each party, in their order."""
        return [
            Line(
                party,
                self[f"epost-{party.organisation.key}"],
                self[f"rekke-{party.organisation.key}"],
                not self.is_bound and not party.signatory_email and party.pk in self.suggested,
            )
            for party in self.parties
        ]

    def again(self, parties: Sequence[Party]) -> ContactsForm:
        """The form to send again when somebody else has saved meanwhile, on the parties as they are now.

        It keeps what was typed. A field that was left as it was shown has what is stored now, so that
        what somebody else has written there is not undone by whoever did not touch it.
        """
        now, typed = ContactsForm(parties=parties, suggested=self.suggested), self.data.copy()
        for bound in now:
            if bound.is_hidden or bound.name not in self.changed_data:
                typed[bound.name] = str(bound.value())
            typed[bound.html_initial_name] = str(bound.value())
        return ContactsForm(typed, parties=parties, suggested=self.suggested)

    def changes(self) -> list[Change]:
        """What was typed, ready to store. A place that is the party's own is none that was chosen."""
        data = self.cleaned_data
        found = []
        for place, party in enumerate(self.parties, start=1):
            key = party.organisation.key
            order, revision = data[f"rekke-{key}"], data[f"utgave-{key}"]
            if order == place and party.signing_order is None:
                order = None
            if revision is not None:
                found.append(Change(party.pk, revision, Contact(data[f"epost-{key}"], order)))
        return found

"""Forms of the drafting pages. They catch a person's mistakes; `editing` and `creation` assert again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from agreements import contacts
from agreements.contact_forms import email_field, order_field, refuse_identity_numbers
from agreements.domain import facts, markup
from agreements.domain.document import PartyRole
from agreements.models import (
    CLAUSE_TEXT_LIMIT,
    HEADING_LIMIT,
    KEY,
    LANGUAGES,
    PARTY_ROLES,
    SERVICE_LEVELS,
    Agreement,
    Clause,
    Party,
)
from financing.models import MAX_YEARS, Alternative, Plan
from municipalities.form_fields import DateInput, RowField, RowsField, TextField
from municipalities.forms import BaseForm, RevisionForm
from municipalities.models import Organisation, Region

TITLE_LIMIT = 160
EARLIEST, LATEST = 2000, 2100


def capitalised(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices as they stand alone in a list; inside a sentence they begin with a small letter."""
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


class ListForm(BaseForm):
    """Search and filter on the list of agreements."""

    mark_optional = False
    q = TextField(
        label="Søk i tittel, region og parter", required=False, max_length=100, printed=False
    )
    region = RowField(
        Region.objects.none(), label="Region", required=False, empty_label="Alle regioner"
    )

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.filter(pk__in=[region.pk for region in regions])
        self.fields["region"].offer(rows, regions)


def check_term(form: forms.Form) -> None:
    """Put an error on the end date where the term is back to front, or too long for a plan."""
    start, end = form.cleaned_data.get("term_start"), form.cleaned_data.get("term_end")
    for name, date in (("term_start", start), ("term_end", end)):
        if date is not None and not EARLIEST <= date.year <= LATEST:
            form.add_error(name, f"Velg et år mellom {EARLIEST} og {LATEST}")
    if start is None or end is None:
        return
    if end <= start:
        form.add_error("term_end", "Sluttdatoen må være etter startdatoen")
    elif end.year - start.year >= MAX_YEARS:
        form.add_error("term_end", f"En avtale kan gå over høyst {MAX_YEARS} kalenderår")


class AgreementForm(RevisionForm):
    """Title, term and language of a draft."""

    title = TextField(
        label="Tittel",
        max_length=TITLE_LIMIT,
        help_text="Signeringstjenesten tar imot høyst 80 tegn.",
    )
    term_start = forms.DateField(label="Startdato", widget=DateInput())
    term_end = forms.DateField(label="Sluttdato", widget=DateInput())
    language = forms.ChoiceField(
        label="Målform",
        choices=capitalised(LANGUAGES),
        help_text=(
            "Datoer, tall, tabeller og faste overskrifter følger målformen av seg selv. Tekst som er "
            "skrevet, gjør det ikke: du får se hva som må byttes."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Check the term."""
        data = super().clean() or self.cleaned_data
        check_term(self)
        return data


def unknown_names(parts: Iterable[markup.Inline | markup.BlockFact], keys: set[str]) -> list[str]:
    """Say, in Norwegian, which facts and references do not exist."""
    known = {info.name for info in facts.names()}
    messages = []
    for part in parts:
        match part:
            case markup.FactRef(name) | markup.BlockFact(name) if name not in known:
                messages.append(f"Opplysningen {{{{ {name} }}}} finnes ikke")
            case markup.ClauseRef(key) if key not in keys:
                messages.append(f"Henvisningen [[punkt:{key}]] viser til et punkt som ikke finnes")
    return list(dict.fromkeys(messages))


class ClauseForm(RevisionForm):
    """A clause's heading and text. Unknown facts and references are refused where they are typed."""

    mark_optional = False

    heading = TextField(label="Overskrift", max_length=HEADING_LIMIT)
    text = TextField(
        label="Tekst",
        required=False,
        max_length=CLAUSE_TEXT_LIMIT,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
        help_text=(
            "Tom linje gir nytt avsnitt. «- » først på linjen gir punktliste, «1. » nummerert "
            "liste. **Uthevet**. {{ opplysning }} henter fra avtalen, [[punkt:nøkkel]] viser til "
            "et annet punkt."
        ),
    )

    def __init__(self, *args: Any, keys: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys

    def clean_text(self) -> str:
        """Return the text; ValidationError names what is unknown."""
        text: str = self.cleaned_data["text"]
        self._refuse_unknown(markup.walk(markup.parse(text)))
        return text

    def clean_heading(self) -> str:
        """The heading may hold facts and references too."""
        heading: str = self.cleaned_data["heading"]
        self._refuse_unknown(markup.parse_inline(heading))
        return heading

    def _refuse_unknown(self, parts: Iterable[markup.Inline | markup.BlockFact]) -> None:
        messages = unknown_names(parts, self.keys)
        if messages:
            raise ValidationError(messages)


class NewClauseForm(ClauseForm):
    """A new point, at the end of the one it lies under."""

    parent = RowField(
        Clause.objects.none(),
        label="Ligger under",
        required=False,
        empty_label="Ingen: et nytt hovedpunkt",
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["parent", "heading", "text", "token"]

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.fields["token"].initial = uuid.uuid4
        self.fields["parent"].queryset = parents

    def name_parents(self, points: Iterable[dict[str, str]]) -> None:
        """List the points that can be chosen in reading order, as they are printed."""
        field: forms.ModelChoiceField[Clause] = self.fields["parent"]
        rows = {row.key: row.pk for row in field.queryset or ()}
        field.choices = [
            ("", field.empty_label),
            *(
                (rows[point["key"]], f"{point['number']} {point['heading']}")
                for point in points
                if point["key"] in rows
            ),
        ]


class PartyForm(RevisionForm):
    """Who signs for a party, and on whose behalf."""

    role = forms.ChoiceField(label="Rolle", choices=capitalised(PARTY_ROLES))
    on_behalf_of = RowsField(
        Organisation.objects.none(),
        label="På vegne av",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    signatory_name = TextField(label="Navn på den som signerer", required=False, max_length=120)
    signatory_title = TextField(label="Tittel", required=False, max_length=120)
    mandate = TextField(
        label="Fullmakt",
        required=False,
        max_length=200,
        help_text="Grunnlaget for å signere, for eksempel rollen som ordfører eller et vedtak.",
    )
    signatory_email = email_field(
        help_text="Til signeringstjenesten. Den trykkes ikke i avtalen, og kan fylles inn senere."
    )
    signing_order = order_field(
        help_text="Et tall fra 1. Tomt felt følger rekkefølgen av partene. Samme tall betyr samtidig."
    )

    def __init__(
        self, *args: Any, agreement: Agreement, organisation: Organisation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agreement, self.organisation = agreement, organisation
        # An imported text may name one outside the region: it must be shown to be kept.
        own = Party.objects.filter(agreement=agreement, organisation=organisation)
        self.fields["on_behalf_of"].queryset = Organisation.objects.filter(
            Q(municipality__in=agreement.region.members.all())
            | Q(pk__in=own.values("on_behalf_of"))
        )
        self.fields["on_behalf_of"].choices = self._others

    def _others(self) -> list[tuple[int, str]]:
        """Everybody the party can sign for, to tick: not itself."""
        rows = self.fields["on_behalf_of"].queryset
        return [(row.pk, str(row)) for row in rows if row != self.organisation]

    def clean(self) -> dict[str, Any]:
        """One contract municipality, which is a municipality, and nobody signs for themselves."""
        data = super().clean() or self.cleaned_data
        refuse_identity_numbers(self, "signatory_name", "signatory_title", "mandate")
        organisation = data.get("organisation", self.organisation)
        role = data.get("role")
        if organisation in list(data.get("on_behalf_of") or []):
            self.add_error("on_behalf_of", "En part kan ikke signere på vegne av seg selv")
        if role == PartyRole.CONTRACT_MUNICIPALITY.value:
            others = self.agreement.parties.filter(role=role).exclude(organisation=organisation)
            if others.exists():
                self.add_error("role", f"{others[0]} er kontraktskommune i denne avtalen")
            if organisation and organisation.kind != Organisation.Kind.MUNICIPALITY:
                self.add_error("role", "Bare en kommune kan være kontraktskommune")
        if (
            role == PartyRole.COUNTY_AUTHORITY.value
            and organisation
            and organisation.kind != Organisation.Kind.COUNTY_AUTHORITY
        ):
            self.add_error("role", f"{organisation} er ikke en fylkeskommune")
        return data

    def signatory(self) -> dict[str, object]:
        """The party's own columns, ready to store."""
        names = ("role", "signatory_name", "signatory_title", "mandate", *contacts.COLUMNS)
        return {name: self.cleaned_data[name] for name in names}


class NewPartyForm(PartyForm):
    """A new party: an organisation that is not one already."""

    organisation = RowField(
        Organisation.objects.none(), label="Organisasjon", empty_label="Velg organisasjon"
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["organisation", "role", "on_behalf_of"]

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, agreement=agreement, organisation=None, **kwargs)
        del self.fields["revision"]
        self.fields["role"].initial = PartyRole.PARTNER.value
        self.fields["token"].initial = uuid.uuid4
        self.fields["organisation"].queryset = Organisation.objects.exclude(
            kind=Organisation.Kind.OPERATOR
        ).exclude(pk__in=Party.objects.filter(agreement=agreement).values("organisation"))


class ServiceForm(RevisionForm):
    """A line of the service checklist."""

    level = forms.ChoiceField(label="Liste", choices=capitalised(SERVICE_LEVELS))
    text = TextField(label="Tjeneste eller krav", max_length=300)

    def clean_text(self) -> str:
        """Return the text without a closing full stop; ValidationError where nothing else is there."""
        text: str = self.cleaned_data["text"].rstrip(". ")
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text


class NewServiceForm(ServiceForm):
    """A new line, last in its list. `key` is the template's where the line was suggested by it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    key = TextField(widget=forms.HiddenInput, required=False, max_length=60, validators=[KEY])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.fields["token"].initial = uuid.uuid4


class ChooseAlternativeForm(RevisionForm):
    """The alternative that the agreement's text and table follow."""

    mark_optional = False

    alternative = RowField(
        Alternative.objects.none(),
        label="Alternativet avtalen følger",
        required=False,
        empty_label="Ikke valgt ennå",
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alternative"].queryset = plan.alternatives.all()


class SwapLanguageForm(RevisionForm):
    """The button that swaps what still is the model's text for the other edition's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)

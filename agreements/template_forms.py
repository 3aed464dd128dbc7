"""Forms of the pages where county authorities make templates, and of bringing a new version in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from agreements.domain import markup
from agreements.domain.template_merge import Choice, Decision, Kind, Proposal
from agreements.forms import TITLE_LIMIT, ClauseForm, unknown_names
from agreements.models import CLAUSE_TEXT_LIMIT, LANGUAGES
from agreements.models.template import NOTE_LIMIT
from municipalities.form_fields import RowField, TextField
from municipalities.forms import BaseForm, RevisionForm, TokenForm, prepare_field
from municipalities.models import Organisation

SERVICE_LIMIT = 300


class CopyTemplateForm(TokenForm):
    """A county authority's own template, begun as a copy. The owner is asked for where there are more."""

    mark_optional = False

    name = TextField(label="Navn på malen", max_length=TITLE_LIMIT)
    owner = RowField(
        Organisation.objects.none(), label="Fylkeskommune", empty_label="Velg fylkeskommune"
    )

    def __init__(self, *args: Any, owners: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners
        rows = list(owners)
        if len(rows) == 1:
            self.fields["owner"].initial = rows[0].pk
            self.fields["owner"].widget = forms.HiddenInput()


class TemplateDetailsForm(RevisionForm):
    """A draft's name, language and who invoices whom."""

    name = TextField(label="Navn på malen", max_length=TITLE_LIMIT)
    language = forms.ChoiceField(
        label="Målform", choices=[(value, label.capitalize()) for value, label in LANGUAGES]
    )
    invoicing = TextField(
        label="Hvem fakturerer hvem",
        required=False,
        max_length=300,
        help_text="Én setning, som nye økonomiske planer begynner med.",
    )


def _source() -> TextField:
    return TextField(
        label="Kilde",
        max_length=300,
        help_text="Hvor ordlyden kommer fra, og datoen. Vises under punktet.",
    )


class TemplateClauseForm(ClauseForm):
    """A point of a draft: heading, text and where the wording comes from."""

    source = _source()


class NewTemplateClauseForm(ClauseForm):
    """A new point of a draft, last under the one it lies under."""

    parent = forms.ChoiceField(label="Ligger under", required=False)
    source = _source()
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["parent", "heading", "text", "source", "token"]

    def __init__(self, *args: Any, parents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.fields["token"].initial = uuid.uuid4
        self.fields["parent"].choices = [
            ("", "Ingen: et nytt hovedpunkt"),
            *parents,
        ]


class PublishForm(BaseForm):
    """What a new version brings, and what the person had read of the draft."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    note = TextField(
        label="Hva er nytt?",
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
        help_text="Vises for dem som har avtaler laget fra malen.",
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            self.fields["note"].required = False
            self.fields["note"].label = "Om malen"


class MergeForm(BaseForm):
    """A choice for each proposal of a new version, and fields for a wording of one's own.

    `named` has each proposal with the prefix of its fields and what it is called in a sentence.
    Proposals in conflict have no choice made for them: a person must make it.
    """

    mark_optional = False

    fingerprint = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, named: Iterable[tuple[str, str, Proposal]], keys: set[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys
        self.named = list(named)
        for prefix, name, proposal in self.named:
            self._add(f"{prefix}-valg", self._choice(name, proposal))
            if can_be_written(proposal):
                assert proposal.ours is not None
                is_service = prefix.startswith("tjeneste")
                limit = SERVICE_LIMIT if is_service else TITLE_LIMIT
                heading = TextField(
                    label="Tjeneste" if is_service else "Overskrift",
                    required=False,
                    max_length=limit,
                    initial=proposal.ours.heading,
                )
                self._add(f"{prefix}-overskrift", heading)
                if not is_service:
                    text = TextField(
                        label="Tekst",
                        required=False,
                        max_length=CLAUSE_TEXT_LIMIT,
                        initial=proposal.ours.text,
                        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
                    )
                    self._add(f"{prefix}-tekst", text)

    def _add(self, name: str, field: forms.Field) -> None:
        prepare_field(field, str(field.label))
        self.fields[name] = field

    @staticmethod
    def _choice(name: str, proposal: Proposal) -> forms.ChoiceField:
        take, keep = labels(proposal)
        choices = [(Choice.TAKE.value, take), (Choice.KEEP.value, keep)]
        if can_be_written(proposal):
            choices.append((Choice.WRITE.value, "Skriv teksten selv i feltene under"))
        return forms.ChoiceField(
            label=f"Hva skal gjelde for {name}?",
            choices=choices,
            widget=forms.RadioSelect,
            initial=None if proposal.conflict else proposal.default.value,
            error_messages={"required": f"Velg hva som skal gjelde for {name}"},
        )

    def clean(self) -> dict[str, Any]:
        """A wording of one's own is held to the rules of an edit."""
        data = super().clean() or self.cleaned_data
        for prefix, _, proposal in self.named:
            if data.get(f"{prefix}-valg") != Choice.WRITE or not can_be_written(proposal):
                continue
            heading = f"{prefix}-overskrift"
            if heading in data and not data[heading]:
                self.add_error(heading, self.fields[heading].error_messages["required"])
            for field, parts in (
                (heading, markup.parse_inline(data.get(heading, ""))),
                (f"{prefix}-tekst", markup.walk(markup.parse(data.get(f"{prefix}-tekst", "")))),
            ):
                if field in self.fields and field not in self.errors:
                    messages = unknown_names(parts, self.keys)
                    if messages:
                        self.add_error(field, ValidationError(messages))
        return data

    def decisions(self, kind: str) -> dict[str, Decision]:
        """What was chosen, for proposals whose prefix begins with `kind`."""
        data = self.cleaned_data
        return {
            proposal.id: Decision(
                Choice(data[f"{prefix}-valg"]),
                data.get(f"{prefix}-overskrift", ""),
                data.get(f"{prefix}-tekst", ""),
            )
            for prefix, _, proposal in self.named
            if prefix.startswith(kind)
        }


def can_be_written(proposal: Proposal) -> bool:
    """Where both have changed the words, a third wording may be the right one."""
    return proposal.both


def labels(proposal: Proposal) -> tuple[str, str]:
    """What to call taking a proposal and leaving it."""
    match proposal.kind, proposal.conflict:
        case Kind.EDIT, True:
            return "Ta malens ord der de er i strid", "Behold vår tekst"
        case Kind.EDIT, False:
            return "Ta inn endringen", "Behold vår tekst"
        case Kind.ADD, _:
            return "Ta det inn", "La det være"
        case Kind.RESTORE, _:
            return "Ta det inn igjen", "La det være utelatt"
        case Kind.REMOVE, _:
            return "Ta det ut", "Behold det"
    return "Flytt det", "La det stå"

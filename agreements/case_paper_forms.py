"""The forms of the case paper."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from agreements.domain import case_paper_texts, facts, markup
from agreements.domain.case_paper import Part
from agreements.forms import unknown_names
from agreements.models import CASE_PAPER_LIMIT
from municipalities.form_fields import TextField
from municipalities.forms import RevisionForm

CASE_NUMBER_LIMIT = 60


class PartForm(RevisionForm):
    """A part of the paper. What it names and is not there is refused where it is typed."""

    text = TextField(
        label="Tekst",
        required=False,
        max_length=CASE_PAPER_LIMIT,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text=(
            "Tom linje gir nytt avsnitt. «- » først på linjen gir punktliste, «1. » nummerert "
            "liste. **Uthevet**. {{ opplysning }} henter fra avtalen og saken. Tomt felt gir "
            "standardteksten."
        ),
    )

    def __init__(self, *args: object, part: Part, keys: set[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.known = {info.name for info in case_paper_texts.fact_names(part)}
        self.keys = keys

    def clean_text(self) -> str:
        """Return the text; ValidationError names what is unknown."""
        text: str = self.cleaned_data["text"]
        parts = list(markup.walk(markup.parse(text)))
        own = self.known - {info.name for info in facts.names()}
        rest = [
            part for part in parts if not (isinstance(part, markup.FactRef) and part.name in own)
        ]
        messages = unknown_names(rest, self.keys)
        if messages:
            raise ValidationError(messages)
        return text


class CaseNumberForm(RevisionForm):
    """The number that the region's council has given the case."""

    text = TextField(
        label="Saksnummer",
        required=False,
        max_length=CASE_NUMBER_LIMIT,
        help_text="For eksempel 27/25. Kommunene har egne saksnumre.",
    )

"""Forms around a begun text of a clause. They take what could not be saved yet, so that it is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.models import CLAUSE_TEXT_LIMIT
from municipalities.form_fields import TextField
from municipalities.forms import BaseForm, RevisionForm

# A text that is too long to be saved is kept all the same, as somebody must shorten it.
MOST_TEXT, MOST_HEADING = 4 * CLAUSE_TEXT_LIMIT, 2000
MERGED, MERGED_THEIRS, MINE, THEIRS = "flettet", "flettet-andres", "min", "andres"


def _mark() -> forms.CharField:
    return forms.RegexField(r"^\d{1,19}-\d{1,10}$", required=False, widget=forms.HiddenInput)


class MarkForm(BaseForm):
    """The draft a page knows of: `ClauseDraft.mark`, or nothing. Beside a form that has the text."""

    draft = _mark()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)

    @property
    def mark(self) -> str:
        """The mark that was sent; empty where none can be read."""
        return str(self.cleaned_data.get("draft", "")) if self.is_valid() else ""


class BegunForm(RevisionForm):
    """A text as it stands in a form, with the clause's revision it was written from."""

    heading = TextField(required=False, max_length=MOST_HEADING, printed=False)
    text = TextField(
        required=False, max_length=MOST_TEXT, printed=False, strip=True, widget=forms.Textarea
    )
    draft = _mark()


class KeepForm(BegunForm):
    """A begun text that a page sends by itself, and the person it belongs to."""

    user = forms.IntegerField(min_value=1, max_value=2**62)


class ChooseForm(BegunForm):
    """Which of the texts to go on from, when two people have changed a clause. Nothing is saved."""

    bruk = forms.ChoiceField(
        choices=[(choice, choice) for choice in (MERGED, MERGED_THEIRS, MINE, THEIRS)]
    )

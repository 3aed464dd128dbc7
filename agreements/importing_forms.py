"""Forms of an agreement that comes from a file."""

from __future__ import annotations

import logging
from typing import Any

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements import reading
from agreements.documents import PdfError
from agreements.forms import TITLE_LIMIT, check_term
from agreements.importing.result import Imported, UnreadableAgreementError
from agreements.models import Comment
from municipalities import characters
from municipalities.answers import INVALID, UNAVAILABLE
from municipalities.form_fields import DateInput, Textarea, TextField
from municipalities.forms import BaseForm, TokenForm

logger = logging.getLogger(__name__)

NOT_NOW = "Filen kunne ikke leses akkurat nå. Prøv igjen om et minutt."


class UploadForm(BaseForm):
    """A file or a text. It is read while it is validated: what is wrong with it stands at its field."""

    mark_optional = False  # each says itself what an empty field means

    file = forms.FileField(
        label="Fil med avtalen",
        required=False,
        help_text="Word (.docx), PDF eller ren tekst (.txt). Høyst 10 MB. Word er best: da kommer "
        "overskrifter, lister, sporede endringer og kommentarer med.",
        widget=forms.FileInput({"accept": ".docx,.pdf,.txt"}),
    )
    text = forms.CharField(
        label="Eller lim inn teksten",
        required=False,
        strip=False,
        widget=Textarea({"rows": 10, "class": "pasted", "spellcheck": "false"}),
    )

    found: Imported
    name: str
    status = INVALID  # of the answer, where something is wrong

    def clean(self) -> dict[str, Any]:
        """Read the file, else the text."""
        data = super().clean() or self.cleaned_data
        file: UploadedFile | None = data.get("file")
        if "file" in self.errors or "text" in self.errors:
            return data
        if file is None and not data.get("text", "").strip():
            self.add_error("file", "Velg en fil, eller lim inn teksten")
            return data
        field = "text" if file is None else "file"
        self.name = "Limt inn tekst" if file is None else _name(file)
        if file is None:
            content = data["text"].encode("utf-8", "replace")
        else:
            content = file.read(reading.MAX_BYTES + 1)
            if len(content) > reading.MAX_BYTES:
                self.add_error(field, reading.TOO_LARGE)
                return data
        try:
            self.found = reading.read(content)
        except UnreadableAgreementError as problem:
            self.add_error(field, str(problem))
        except PdfError as failed:
            logger.error("an agreement could not be read: %s", failed)
            self.add_error(field, NOT_NOW)
            self.status = UNAVAILABLE
        return data


def _name(file: UploadedFile) -> str:
    return characters.one_line(file.name or "")[-200:] or "Uten navn"


class FromFileForm(TokenForm):
    """What the file may not say, and who is to see what people have written in it."""

    mark_optional = False

    title = TextField(label="Tittel", max_length=TITLE_LIMIT)
    term_start = forms.DateField(label="Startdato", widget=DateInput())
    term_end = forms.DateField(label="Sluttdato", widget=DateInput())
    visibility = forms.ChoiceField(
        label="Hvem skal se kommentarene og forslagene?",
        choices=[
            (Comment.Visibility.INTERNAL.value, "Bare redaktørene i regionen"),
            (Comment.Visibility.SHARED.value, "Alle som kan lese utkastet"),
        ],
        initial=Comment.Visibility.INTERNAL.value,
        widget=forms.RadioSelect,
        help_text="De blir innspill fra deg, med navnet fra Word i teksten.",
    )

    def __init__(self, *args: Any, found: Imported, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_input = bool(found.suggestions or found.comments)
        if not self.with_input:
            del self.fields["visibility"]

    def layout(self) -> Layout:
        """The agreement, then its input where there is any."""
        first = Fieldset("Avtalen", "title", Row("term_start", "term_end"))
        return Layout(first, "visibility") if self.with_input else Layout(first)

    def clean(self) -> dict[str, Any]:
        """Check the term."""
        data = super().clean() or self.cleaned_data
        check_term(self)
        return data

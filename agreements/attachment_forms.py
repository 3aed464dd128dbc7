"""The forms of an attachment. The bytes are looked into here, so that what is wrong is said at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from agreements.attachments import Upload
from agreements.domain.file_type import MOST_BYTES, FileType, RefusedFileError, recognise
from agreements.forms import capitalised
from agreements.models.attachment import ATTACHMENT_KINDS
from municipalities.characters import clean
from municipalities.form_fields import TextField
from municipalities.forms import RevisionForm, TokenForm

NAME_LIMIT = 160
ACCEPTED = ".pdf,.docx,.xlsx,.odt"


class AttachmentField(forms.FileField):
    """A file that is read and recognised; its value is an Upload. `only` takes one kind of file."""

    def __init__(self, *, only: FileType | None = None, **options: Any) -> None:
        self.only = only
        if only is not None:
            options["widget"] = forms.FileInput(attrs={"accept": f".{only.ending}"})
        options.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPTED}))
        options.setdefault(
            "help_text", "PDF, DOCX, XLSX eller ODT, høyst 20 MB, uten passord og makroer."
        )
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """Return the file as it was sent; ValidationError says what is wrong with it."""
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        name = clean(file.name or "").strip()[-NAME_LIMIT:]
        try:
            if (file.size or 0) > MOST_BYTES:
                recognise(b"x" * (MOST_BYTES + 1), name)
            upload = Upload(name, file.read())
            kind = recognise(upload.content, name)
        except RefusedFileError as problem:
            raise ValidationError(str(problem)) from problem
        if self.only is not None and kind is not self.only:
            raise ValidationError(f"Filen må være {self.only.name}")
        return upload


class AttachmentForm(RevisionForm):
    """What an attachment is, and a new file for it where one is given."""

    title = TextField(label="Tittel", max_length=160, help_text="Slik den står i avtalen.")
    kind = forms.ChoiceField(label="Hva det er", choices=capitalised(ATTACHMENT_KINDS))
    access_code = TextField(
        label="Tilgangskode",
        required=False,
        max_length=120,
        help_text=(
            "Hjemmelen for å unnta vedlegget fra offentlighet, for eksempel «offl. § 13 jf. fvl. § 13». "
            "Tomt felt betyr at det er åpent."
        ),
    )
    file = AttachmentField(
        label="Ny fil",
        required=False,
        help_text="Erstatter filen som ligger der. Den gamle blir tatt vare på.",
    )

    def values(self) -> dict[str, str]:
        """The attachment's own columns, ready to store."""
        return {name: self.cleaned_data[name] for name in ("title", "kind", "access_code")}


class NewAttachmentForm(TokenForm, AttachmentForm):
    """A new attachment, last in the list."""

    file = AttachmentField(label="Fil")
    field_order = ["file", "title", "kind", "access_code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]

"""Forms about the final files: a signed file, what the archive must know, and the open check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from agreements import registered
from agreements.attachment_forms import NAME_LIMIT
from agreements.domain.file_type import MOST_BYTES, RefusedFileError, require_signed_pdf
from agreements.models.version import REASON_LIMIT
from agreements.signed_files import Signed
from municipalities.characters import clean
from municipalities.form_fields import DateInput, TextField, long_text
from municipalities.forms import BaseForm


class SignedPdfField(forms.FileField):
    """A PDF that is read; its value is (name, bytes)."""

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes] | None:
        """Return the file; ValidationError says what is wrong with it."""
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(f"Filen er større enn {MOST_BYTES // 1024 // 1024} MB.")
        content = file.read()
        try:
            require_signed_pdf(content)
        except RefusedFileError as problem:
            raise ValidationError(str(problem)) from problem
        return clean(file.name or "").strip()[-NAME_LIMIT:] or "signert.pdf", content


class SignedForm(BaseForm):
    """A signed file, and what the person who sends it knows."""

    file = SignedPdfField(
        label="Signert PDF",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text="Filen slik den ble hentet fra signeringen, høyst 20 MB.",
    )
    parties = forms.MultipleChoiceField(
        label="Hvem har signert i denne filen?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Programmet leser det selv der signaturene står i avtalens egne felter.",
    )
    signed_on = forms.DateField(
        label="Dato for siste signatur",
        required=False,
        widget=DateInput(),
        help_text="La feltet stå tomt hvis du ikke vet den.",
    )
    confirmed = forms.BooleanField(
        label=(
            "Jeg har åpnet filen og sett at det er denne avtalen, og at de jeg har krysset av for, har "
            "signert"
        ),
        required=False,
        help_text="Trengs når filen ikke er den vi laget, for eksempel når signeringstjenesten har satt "
        "en forside foran, eller når avtalen er signert på papir og skannet.",
    )

    def __init__(self, *args: Any, parties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].choices = list(parties)

    def clean_signed_on(self) -> dt.date | None:
        """A signature has been given already."""
        day: dt.date | None = self.cleaned_data["signed_on"]
        if day and not dt.date(2000, 1, 1) <= day <= timezone.localdate():
            raise ValidationError("Datoen må være en dag som har vært")
        return day

    def signed(self) -> Signed:
        """What was sent, ready to store."""
        data = self.cleaned_data
        name, content = data["file"]
        chosen = tuple(data["parties"])
        return Signed(name, content, chosen, data["signed_on"], data["confirmed"])


class TakeBackSignatureForm(BaseForm):
    """Which parties did not sign in a file after all, and how it came to be said."""

    parties = forms.MultipleChoiceField(
        label="Hvem har likevel ikke signert i denne filen?", widget=forms.CheckboxSelectMultiple
    )
    reason = long_text(
        "Begrunnelse",
        required=True,
        limit=REASON_LIMIT,
        rows=3,
        help_text="Blir stående i historikken sammen med det som var bekreftet.",
        printed=False,
    )

    def __init__(self, *args: Any, parties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].choices = list(parties)
        if len(parties) == 1:
            self.fields["parties"].initial = [parties[0][0]]


class ArchiveForm(BaseForm):
    """What the archive must know. `revision` is empty for the first time it is stored."""

    revision = forms.IntegerField(
        label="Utgavenummeret",
        widget=forms.HiddenInput,
        required=False,
        min_value=1,
        max_value=2**31 - 1,
    )
    case_number = TextField(
        label="Saksnummer",
        required=False,
        max_length=60,
        help_text="I arkivet til kontraktskommunen, for eksempel 2025/1234.",
    )
    access_code = TextField(
        label="Tilgangskode",
        required=False,
        max_length=40,
        help_text="Tomt felt betyr at avtalen er åpen for alle.",
    )
    legal_basis = TextField(
        label="Hjemmel",
        required=False,
        max_length=120,
        help_text="Bestemmelsen avtalen er unntatt etter, for eksempel «offl. § 23 første ledd».",
    )

    def clean(self) -> dict[str, Any]:
        """A restriction has a legal basis, and the other way round."""
        data = super().clean() or self.cleaned_data
        code, basis = data.get("access_code"), data.get("legal_basis")
        if code and not basis and "legal_basis" not in self.errors:
            self.add_error("legal_basis", "Skriv hjemmelen for tilgangskoden")
        if basis and not code and "access_code" not in self.errors:
            self.add_error("access_code", "Skriv tilgangskoden som hjemmelen gjelder")
        return data

    def values(self) -> dict[str, str]:
        """The columns, ready to store."""
        names = ("case_number", "access_code", "legal_basis")
        return {name: self.cleaned_data[name] for name in names}


class CheckForm(BaseForm):
    """A file, or a hash, that somebody wants to know of."""

    mark_optional = False
    file = forms.FileField(
        label="Fil",
        required=False,
        allow_empty_file=True,
        help_text="Høyst 20 MB. Filen blir ikke lagret: vi regner bare ut kontrollsummen.",
    )
    digest = TextField(
        label="Eller kontrollsum (SHA-256)",
        required=False,
        max_length=200,
        help_text="Hele, eller de 12 første tegnene, slik de står nederst på hver side av avtalen.",
    )

    def clean_file(self) -> UploadedFile | None:
        """The file, when it is not too large."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MOST_BYTES:
            raise ValidationError(f"Filen er større enn {MOST_BYTES // 1024 // 1024} MB.")
        return file

    def clean_digest(self) -> str:
        """The hash as it is stored."""
        typed: str = self.cleaned_data["digest"]
        digest = registered.clean(typed)
        if typed and not digest:
            raise ValidationError(
                f"En kontrollsum har {registered.SHORTEST} til 64 tegn: tallene 0–9 og bokstavene a–f"
            )
        return digest

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("file") and not data.get("digest"):
            self.add_error("file", "Velg en fil, eller skriv en kontrollsum")
        return data

"""The form that takes a printed table to check: pasted, or as a file."""

from __future__ import annotations

import logging
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from financing import table_files
from financing.verification import PrintedTable, ReadingError, Verification, read, verify
from municipalities.answers import INVALID, UNAVAILABLE
from municipalities.apart.errors import PdfError
from municipalities.form_fields import NorwegianDecimalField, Textarea
from municipalities.forms import BaseForm

logger = logging.getLogger(__name__)

NOT_NOW = "Filen kunne ikke leses akkurat nå. Prøv igjen om et minutt, eller lim inn tabellen."


class VerifyTableForm(BaseForm):
    """Reads and checks while it is validated: what cannot be read is an error at its field."""

    mark_optional = False  # each says itself what an empty field means

    table = forms.CharField(
        label="Tabellen",
        required=False,
        strip=False,
        help_text="Merk tabellen i Word, Excel eller PDF-filen, kopier den og lim den inn her. Ta med "
        "overskriften, raden for hver bidragsyter og summene.",
        widget=Textarea({"rows": 12, "class": "pasted", "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(
        label="Fil med tabellen",
        required=False,
        help_text="CSV, tekst eller Excel (.xlsx), i stedet for å lime inn. Høyst 2 MB.",
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
    )
    rate = NorwegianDecimalField(
        label="Sats per innbygger",
        required=False,
        max_digits=9,
        decimal_places=4,
        suffix="kr",
        help_text="Bare for rader der satsen ikke er trykt. Er feltet tomt, finner vi den.",
    )
    index = NorwegianDecimalField(
        label="Indeks",
        required=False,
        max_digits=7,
        decimal_places=4,
        suffix="prosent per år",
        help_text="Er feltet tomt, finner vi prosenten som passer best.",
    )

    printed: PrintedTable
    checked: Verification
    status = INVALID  # of the answer, where something is wrong

    def layout(self) -> Layout:
        """Show the two numbers side by side."""
        return Layout("table", "file", Div("rate", "index", css_class="side-by-side"))

    def clean_rate(self) -> Any:
        """Refuse a rate of nothing."""
        rate = self.cleaned_data["rate"]
        if rate is not None and rate <= 0:
            raise forms.ValidationError("Sats per innbygger må være større enn 0")
        return rate

    def clean_index(self) -> Any:
        """Refuse an index that no agreement has."""
        index = self.cleaned_data["index"]
        if index is not None and abs(index) > 50:
            raise forms.ValidationError("Indeks kan være fra −50 til 50 prosent")
        return index

    def clean(self) -> dict[str, Any]:
        """Read the table and check it: `printed` and `checked`."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        file = data.get("file")
        pasted = data.get("table") or ""
        if "table" in self.errors or "file" in self.errors:
            return data
        if file and pasted.strip():
            self.add_error("file", "Lim inn tabellen eller velg en fil, ikke begge deler")
            return data
        field = "file" if file else "table"
        try:
            if file and file.size > table_files.MAX_BYTES:
                raise ReadingError(table_files.TOO_LARGE)
            text = table_files.text_from(file.read()) if file else pasted
            self.printed = read(text)
            if not self.errors:
                self.checked = verify(self.printed, data.get("rate"), data.get("index"))
                self.text = text
        except ValueError as refusal:  # ReadingError is one too
            self.add_error(field, str(refusal))
        except PdfError as failed:
            logger.error("a table could not be read: %s", failed)
            self.add_error(field, NOT_NOW)
            self.status = UNAVAILABLE
        return data

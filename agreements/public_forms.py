"""Forms about the public version: what is withheld, and by which provision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from agreements.domain import phrases
from agreements.domain.legal_basis import OTHER, LegalBasis
from agreements.domain.marks import MarkKind, Target
from agreements.models.public import BASIS_LIMIT, PHRASE_LIMIT
from agreements.withholding import Marking
from municipalities.form_fields import TextField
from municipalities.forms import BaseForm

WORDS = "phrase:"  # the choice that is none of the parts of the agreement
SHORTEST = 2  # characters that can be seen: a single letter would withhold nearly everything
GROUPS = (
    (MarkKind.CLAUSE, "Teksten i et punkt"),
    (MarkKind.SIGNATORY, "Hvem som signerer (navn, tittel og fullmakt)"),
    (MarkKind.SERVICE, "En kjøpt tjeneste, med prisen"),
    (MarkKind.ROW, "Beløpene til en bidragsyter"),
    (MarkKind.ATTACHMENT, "Tittelen på et vedlegg"),
)
_PARAGRAPH = re.compile(r"§+\s*\d")


def choice(kind: MarkKind, target: str) -> str:
    """How a part of the agreement is named in the form: «clause:formaal»."""
    return f"{kind.value}:{target}"


class MarkForm(BaseForm):
    """What is to be withheld, chosen or written, and its provision. `version` is the one on the page."""

    version = forms.IntegerField(
        label="Versjonen", widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1
    )
    what = forms.ChoiceField(label="Hva skal unntas?")
    phrase = TextField(
        label="Ordene som skal unntas",
        required=False,
        max_length=PHRASE_LIMIT,
        help_text="Når du har valgt «Ord». Skriv eller lim inn ordene slik de står. De tas ut alle steder "
        "de står i avtalen: tekst, overskrifter, tabell, navn og tittel. Store og små bokstaver og slag "
        "av mellomrom har ingenting å si.",
    )
    with_heading = forms.BooleanField(
        label="Unnta overskriften også", required=False, help_text="Når du har valgt et punkt."
    )
    with_sums = forms.BooleanField(
        label="Unnta summene også",
        required=False,
        help_text="Når du har valgt beløp: alle summer som beløpene er med i. Ellers kan de regnes ut.",
    )
    basis = forms.ChoiceField(
        label="Hjemmel",
        help_text="Bestemmelsen står i den offentlige versjonen der opplysningen er tatt ut.",
    )
    other_basis = TextField(
        label="Annen hjemmel",
        required=False,
        max_length=BASIS_LIMIT,
        help_text="Når du har valgt «Annen hjemmel». Skriv paragraf og ledd, for eksempel «sikkerhetsloven "
        "§ 5-4 første ledd».",
    )

    def __init__(
        self,
        *args: Any,
        targets: Sequence[Target],
        bases: Iterable[LegalBasis],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        grouped = [
            (label, [(choice(t.kind, t.key), t.label) for t in targets if t.kind is kind])
            for kind, label in GROUPS
        ]
        self.fields["what"].choices = [
            (WORDS, "Ord, alle steder de står"),
            *((label, items) for label, items in grouped if items),
        ]
        self.fields["basis"].choices = [
            ("", "Velg en hjemmel"),
            *((basis.key, f"{basis.citation}: {basis.protects}") for basis in bases),
            (OTHER, "Annen hjemmel"),
        ]

    def layout(self) -> Layout:
        """The fields in the order of the questions."""
        names = ("what", "phrase", "with_heading", "with_sums", "basis", "other_basis")
        return Layout(*names)

    def clean_phrase(self) -> str:
        """The words on one line, with single spaces: the kind of space does not matter."""
        return " ".join(self.cleaned_data["phrase"].split())

    def clean_other_basis(self) -> str:
        """A provision names its paragraph."""
        written: str = self.cleaned_data["other_basis"]
        if written and not _PARAGRAPH.search(written):
            raise ValidationError(
                "Skriv hjemmelen med paragraftegn og nummer, for eksempel «§ 5-4»"
            )
        return " ".join(written.split())

    def clean(self) -> dict[str, Any]:
        """Words where words are chosen, and a provision where none of the list is."""
        data = super().clean() or self.cleaned_data
        if data.get("what") == WORDS and "phrase" not in self.errors:
            seen = phrases.fold(data.get("phrase", "")).replace(" ", "")
            if not seen:
                self.add_error("phrase", "Skriv ordene som skal unntas")
            elif len(seen) < SHORTEST:
                self.add_error("phrase", f"Skriv minst {SHORTEST} tegn")
        written = data.get("other_basis") or "other_basis" in self.errors
        if data.get("basis") == OTHER and not written:
            self.add_error("other_basis", "Skriv hjemmelen")
        return data

    def marking(self) -> Marking:
        """What was asked for, ready to store."""
        data = self.cleaned_data
        kind, _, target = data["what"].partition(":")
        return Marking(
            MarkKind(kind),
            data["basis"],
            data["other_basis"],
            target,
            data["phrase"],
            data["with_heading"],
            data["with_sums"],
        )


class SeenForm(forms.Form):
    """Which version, and which content, the page showed: what a button without questions sends."""

    version = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    seen = forms.RegexField(r"\A[0-9a-f]{64}\Z", required=False)

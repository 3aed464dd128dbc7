"""How the reader wants the alternatives compared: a form of links, sent by GET."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from municipalities.forms import BaseForm

TODAY = 0  # stands for what is paid today where an alternative's primary key could stand


@dataclass(frozen=True)
class Wanted:
    """The choices as values: year None is all years; `against` an alternative's key or TODAY."""

    year: int | None
    against: int
    per_inhabitant: bool


class ComparisonForm(BaseForm):
    """Year, what to compare with, and the unit."""

    show_error_summary = False
    mark_optional = False
    aar = forms.ChoiceField(label="År")
    mot = forms.ChoiceField(label="Sammenlign med")
    vis = forms.ChoiceField(
        label="Vis", choices=[("kroner", "kroner"), ("innbygger", "kroner per innbygger")]
    )

    def __init__(
        self,
        data: Any = None,
        *,
        years: tuple[int, ...],
        alternatives: Sequence[tuple[int, str]],
        today: int | None,
    ) -> None:
        self.first_year = years[0]
        self.usual = TODAY if today else (alternatives[0][0] if alternatives else TODAY)
        initial = {"aar": str(years[0]), "mot": str(self.usual), "vis": "kroner"}
        super().__init__(data, initial=initial)
        self.fields["aar"].choices = [
            *((str(year), str(year)) for year in years),
            ("alle", "alle årene til sammen"),
        ]
        self.fields["mot"].choices = [
            *([(str(TODAY), f"bidraget i dag ({today})")] if today else []),
            *((str(pk), name) for pk, name in alternatives),
        ]

    def wanted(self) -> Wanted:
        """Return what was chosen; what is usual for anything that is not filled in right."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        year = data.get("aar", str(self.first_year))
        return Wanted(
            year=None if year == "alle" else int(year),
            against=int(data.get("mot", self.usual)),
            per_inhabitant=data.get("vis") == "innbygger",
        )

"""The form of what municipalities have chosen about one line of the checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from agreements.checklist import Chosen
from agreements.domain.document import Choice
from agreements.models import CHOICES
from municipalities.form_fields import NorwegianDecimalField
from municipalities.forms import RevisionForm, prepare_field
from municipalities.models import Organisation

HIGHEST_PRICE = Decimal(100_000_000)  # kroner a year; more than any service of this kind costs


@dataclass(frozen=True)
class Municipality:
    """A column of the table. `pays` is False for one that no longer contributes."""

    organisation: Organisation
    pays: bool = True


@dataclass(frozen=True)
class Cell:
    """A municipality's two fields."""

    municipality: Municipality
    choice: BoundField
    price: BoundField


class ChoicesForm(RevisionForm):
    """For each municipality whether it has the line, and the price where it buys it on top."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        municipalities: Sequence[Municipality],
        chosen: dict[int, Chosen],
        form_id: str = "",
        **kwargs: Any,
    ) -> None:
        initial = kwargs.pop("initial", {})
        for column in municipalities:
            key = column.organisation.key
            own = chosen.get(column.organisation.pk, Chosen())
            initial |= {f"valg-{key}": own.choice.value, f"pris-{key}": own.price}
        super().__init__(*args, initial=initial, **kwargs)
        self.municipalities = municipalities
        for column in municipalities:
            name, key = column.organisation.short_name, column.organisation.key
            choice = forms.ChoiceField(
                label=name,
                choices=CHOICES,
                error_messages={"required": f"Velg for {name}"},
            )
            price = NorwegianDecimalField(
                label=f"{name}, pris per år",
                required=False,
                max_digits=12,
                decimal_places=2,
                min_value=Decimal(0),
                max_value=HIGHEST_PRICE,
                suffix="kr",
            )
            prepare_field(choice, name)
            prepare_field(price, f"{name}, pris per år")
            for field in (choice, price) if form_id else ():
                # In a table the fields stand outside the form, which has room in one cell only.
                field.widget.attrs["form"] = form_id
            self.fields[f"valg-{key}"], self.fields[f"pris-{key}"] = choice, price

    def clean(self) -> dict[str, Any]:
        """A price belongs to what is bought on top, and to nothing else."""
        data = super().clean() or self.cleaned_data
        for column in self.municipalities:
            name, key = column.organisation.short_name, column.organisation.key
            choice = data.get(f"valg-{key}")
            if data.get(f"pris-{key}") is not None and choice in (Choice.IN, Choice.OUT):
                self.add_error(
                    f"pris-{key}",
                    f"{name} kjøper ikke tjenesten i tillegg. Velg «kjøpt i tillegg», eller fjern prisen",
                )
        return data

    def chosen(self) -> dict[Organisation, Chosen]:
        """What was chosen, ready to store."""
        return {
            column.organisation: Chosen(
                Choice(self.cleaned_data[f"valg-{column.organisation.key}"]),
                self.cleaned_data[f"pris-{column.organisation.key}"],
            )
            for column in self.municipalities
        }

    def cells(self) -> list[Cell]:
        """The fields of each municipality, in the order of the columns."""
        return [
            Cell(
                column,
                self[f"valg-{column.organisation.key}"],
                self[f"pris-{column.organisation.key}"],
            )
            for column in self.municipalities
        ]

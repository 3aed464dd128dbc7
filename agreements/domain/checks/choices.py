"""What municipalities have chosen of the checklist: minimum content they lack, purchases without a price."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.domain import choices
from agreements.domain.checks.model import Code, Context, Finding, Level, service_anchor
from agreements.domain.document import Choice, Document, ServiceLevel
from municipalities.norwegian import join

_REQUIRED = {
    ServiceLevel.QUALITY: "kvalitetskravene",
    ServiceLevel.MINIMUM: "det tjenesten minst skal inneholde",
}


def minimum_for_all(document: Document, context: Context) -> Iterator[Finding]:
    """Find required lines that a municipality of the agreement does not have."""
    names = choices.municipalities(document)
    for service in document.services:
        without = choices.with_choice(service, names, Choice.OUT)
        if service.level in _REQUIRED and without:
            yield Finding(
                Level.WARNING,
                Code.MINIMUM_NOT_FOR_ALL,
                f"{join(without, 'nb')} har ikke med «{service.text}», som hører til "
                f"{_REQUIRED[service.level]}. Ta det med, eller pass på at partene er enige om unntaket.",
                service_anchor(service.key),
            )


def prices(document: Document, context: Context) -> Iterator[Finding]:
    """Find services bought on top without a price: the table lacks the contribution."""
    names = choices.municipalities(document)
    for service in document.services:
        buyers = [
            names[own.body.key]
            for own in service.choices
            if own.choice is Choice.BOUGHT and own.price is None and own.body.key in names
        ]
        if buyers:
            yield Finding(
                Level.WARNING,
                Code.EXTRA_PRICE_MISSING,
                f"{join(buyers, 'nb')} kjøper «{service.text}» i tillegg, men prisen mangler. Beløpet er "
                "derfor ikke med i bidragstabellen.",
                service_anchor(service.key),
            )


def chosen_by_others(document: Document, context: Context) -> Iterator[Finding]:
    """Find choices of municipalities that do not pay by the table."""
    names = choices.municipalities(document)
    if not names:
        return
    for service in document.services:
        others = [own.body.short_name for own in service.choices if own.body.key not in names]
        if others:
            yield Finding(
                Level.WARNING,
                Code.CHOICE_OUTSIDE_AGREEMENT,
                f"Det er valgt noe for {join(others, 'nb')} på «{service.text}», men "
                f"{join(others, 'nb')} bidrar ikke etter avtalen. Sett valget tilbake til «med», eller ta "
                "kommunen med under Økonomi.",
                service_anchor(service.key),
            )


def additional_for_somebody(document: Document, context: Context) -> Iterator[Finding]:
    """Find additional services that no municipality has."""
    names = choices.municipalities(document)
    for service in document.services:
        out = choices.with_choice(service, names, Choice.OUT)
        if names and service.level is ServiceLevel.ADDITIONAL and len(out) == len(names):
            yield Finding(
                Level.INFO,
                Code.ADDITIONAL_FOR_NOBODY,
                f"Ingen kommune har valgt «{service.text}». Slett linjen hvis den ikke skal være med.",
                service_anchor(service.key),
            )

"""Which municipality has which line of the checklist, and what is bought on top. Pure.

A line holds for every municipality that has no choice of its own. Where any municipality of an
agreement has one, each additional service says who has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from agreements.domain.document import (
    Body,
    BodyKind,
    Choice,
    Document,
    Language,
    Service,
    ServiceChoice,
    ServiceLevel,
)
from financing.calculation import ContributorKind, paying
from financing.rounding import EXACT
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class _Words:
    everybody: str
    nobody: str
    included: str
    out: str
    bought: str
    price: str
    no_price: str


_WORDS = MappingProxyType(
    {
        Language.BOKMAL: _Words(
            everybody="gjelder alle kommunene",
            nobody="ikke valgt av noen kommune",
            included="gjelder {names}",
            out="gjelder ikke {names}",
            bought="kjøpt i tillegg av {names}",
            price="{name} for {price} kroner i året",
            no_price="{name} til en pris som ikke er avtalt",
        ),
        Language.NYNORSK: _Words(
            everybody="gjeld alle kommunane",
            nobody="ikkje vald av nokon kommune",
            included="gjeld {names}",
            out="gjeld ikkje {names}",
            bought="kjøpt i tillegg av {names}",
            price="{name} for {price} kroner i året",
            no_price="{name} til ein pris som ikkje er avtalt",
        ),
    }
)


def municipalities(document: Document) -> dict[str, str]:
    """Return the municipalities of the agreement: short names by key, in alphabetical order.

    Those that pay by the contribution table; while there is none, those that are bound.
    """
    if document.financing is not None:
        rows = paying(document.financing.table.rows)
        found = {row.key: row.name for row in rows if row.kind is ContributorKind.MUNICIPALITY}
    else:
        bodies: list[Body] = [
            body for party in document.parties for body in (party.body, *party.on_behalf_of)
        ]
        found = {b.key: b.short_name for b in bodies if b.kind is BodyKind.MUNICIPALITY}
    return dict(sorted(found.items(), key=lambda item: norwegian.sort_key(item[1])))


def of(service: Service, key: str) -> ServiceChoice | None:
    """Return a municipality's own choice; None where the line is simply included."""
    return next((choice for choice in service.choices if choice.body.key == key), None)


def with_choice(service: Service, names: Mapping[str, str], choice: Choice) -> list[str]:
    """Return the names of those who have chosen so, of the municipalities in `names`."""
    chosen = {key: own.choice for key in names if (own := of(service, key))}
    return [name for key, name in names.items() if chosen.get(key, Choice.IN) is choice]


def printed(document: Document, service: Service) -> str:
    """Return the line as it is printed: its text, and in parentheses for whom it holds.

    Nothing is said where every municipality has every line, nor of a required line that all have.
    """
    names = municipalities(document)
    if not names or not any(of(one, key) for one in document.services for key in names):
        return service.text
    said = _said(service, names, document.language)
    return f"{service.text} ({'; '.join(said)})" if said else service.text


def _said(service: Service, names: Mapping[str, str], language: Language) -> list[str]:
    words = _WORDS[language]
    included = with_choice(service, names, Choice.IN)
    out = with_choice(service, names, Choice.OUT)
    bought = [
        own
        for key in names
        if (own := of(service, key)) is not None and own.choice is Choice.BOUGHT
    ]
    said = []
    if service.level is not ServiceLevel.ADDITIONAL:
        said += [words.out.format(names=norwegian.join(out, language))] if out else []
    elif len(included) == len(names):
        said.append(words.everybody)
    elif included:
        said.append(words.included.format(names=norwegian.join(included, language)))
    elif not bought:
        said.append(words.nobody)
    if bought:
        buyers = [_buyer(choice, names[choice.body.key], words) for choice in bought]
        said.append(words.bought.format(names=norwegian.join(buyers, language)))
    return said


def _buyer(choice: ServiceChoice, name: str, words: _Words) -> str:
    if choice.price is None:
        return words.no_price.format(name=name)
    return words.price.format(name=name, price=norwegian.money(choice.price))


def buyer(document: Document, choice: ServiceChoice, name: str) -> str:
    """Return how a purchase is printed: «Hole for 10 000,00 kroner i året»."""
    return _buyer(choice, name, _WORDS[document.language])


def bought_by(services: Iterable[Service], key: str) -> Decimal:
    """Return what a municipality buys on top together, kroner a year; unpriced purchases count nothing."""
    total = Decimal("0.00")
    for service in services:
        own = of(service, key)
        if own is not None and own.choice is Choice.BOUGHT and own.price is not None:
            total = EXACT.add(total, own.price)
    return total

"""Agreements made from the model agreement, and ways to read its text, for the tests of the model."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agreements import model_agreements
from agreements.domain.checks import Context, RegisteredBody
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Document,
    Language,
    ServiceLevel,
)
from financing.calculation import ContributorKind
from tests import builders

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")

MODEL = model_agreements.load("etablerertjenesten_nb")
NYNORSK = model_agreements.load("etablerertjenesten_nn")


def agreement(**changes: Any) -> Document:
    """The model in the made-up region: with index, a neighbouring county and a conditional payer."""
    additional = [s.key for s in MODEL.services if s.level is ServiceLevel.ADDITIONAL]
    made = builders.a_document(
        clauses=MODEL.clause_tree(),
        services=MODEL.checklist(additional),
        financing=builders.a_financing(invoicing=MODEL.invoicing),
        template=MODEL.reference(),
        attachments=(
            Attachment("Databehandleravtale", AttachmentKind.DATA_PROCESSING, "", "ab" * 32),
        ),
    )
    return replace(made, **changes)


def plain_agreement() -> Document:
    """The model without index, conditional payer or additional services, for another period."""
    table = builders.a_table()
    kept = [replace(row, cells=(row.cells[0],) * 4) for row in table.rows if row.county == "77"]
    total = replace(
        table.total,
        keys=tuple(row.key for row in kept),
        cells=(sum((row.cells[0] for row in kept), Decimal(0)),) * 4,
    )
    table = replace(
        table,
        years=(2022, 2023, 2024, 2025),
        index=(),
        rows=tuple(kept),
        subtotals=(),
        total=total,
        total_confirmed=None,
    )
    parties = tuple(
        replace(party, on_behalf_of=tuple(b for b in party.on_behalf_of if b.key != "7801"))
        for party in builders.parties()
    )
    return agreement(
        title="Samarbeidsavtale om etablerertjenesten i Elvebyregionen 2022–2025",
        term_start=date(2022, 1, 1),
        term_end=date(2025, 12, 31),
        parties=parties,
        services=MODEL.checklist(),
        financing=builders.a_financing(
            table=table, population_date=date(2021, 7, 1), invoicing=MODEL.invoicing
        ),
    )


def in_nynorsk(document: Document) -> Document:
    """The same agreement, made from the nynorsk edition."""
    financing = document.financing and replace(document.financing, invoicing=NYNORSK.invoicing)
    chosen = {s.key for s in document.services if s.level is ServiceLevel.ADDITIONAL}
    return replace(
        document,
        title=document.title.replace(MODEL.name, NYNORSK.name),
        language=Language.NYNORSK,
        clauses=NYNORSK.clause_tree(),
        services=NYNORSK.checklist(chosen),
        financing=financing,
        template=NYNORSK.reference(),
    )


def register() -> Context:
    """What the checks know of the made-up region."""
    return Context(
        bodies=(
            RegisteredBody("Fjelland fylkeskommune"),
            RegisteredBody("Innovasjon Norge"),
            RegisteredBody("Nav"),
            RegisteredBody("Nav Fjelland"),
            RegisteredBody("Viken fylkeskommune", date(2020, 1, 1), date(2023, 12, 31)),
        ),
        minimum_rates=((ContributorKind.COUNTY_AUTHORITY, Decimal("5.50")),),
    )


def typed_text(text: str) -> str:
    """The text as somebody typed it: without facts and references."""
    return re.sub(r"\{\{.*?\}\}|\[\[.*?\]\]", " ", text)


def typed() -> dict[str, str]:
    """What is typed under every key of the model, headings included."""
    clauses = {c.key: typed_text(f"{c.heading}\n\n{c.text}") for c in MODEL.clauses}
    return clauses | {service.key: service.text for service in MODEL.services}


def sentences(text: str) -> list[str]:
    """Sentences and list items of clause text."""
    return [
        part
        for line in re.split(r"\n", text)
        for part in re.split(r"(?<=[a-zæøå)][.])\s+(?=[A-ZÆØÅ{])", line.strip(" -"))
        if part
    ]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())

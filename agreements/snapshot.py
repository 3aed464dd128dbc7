"""The only code that turns draft rows into a Document and its check context. Reads, never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from agreements.domain import checks
from agreements.domain import document as doc
from agreements.models import (
    Agreement,
    AgreementTemplate,
    AttachmentFile,
    Party,
    ServiceChoice,
    TemplateClause,
)
from agreements.models import Clause as ClauseRow
from financing import reader
from municipalities.models import Organisation, Region


def body(organisation: Organisation) -> doc.Body:
    """Copy an organisation into the Document."""
    return doc.Body(
        key=organisation.key,
        name=organisation.name,
        short_name=organisation.short_name,
        kind=doc.BodyKind(organisation.kind),
    )


def clause_tree(rows: list[ClauseRow]) -> tuple[doc.Clause, ...]:
    """Put an agreement's clauses, given in position order, into their tree."""
    children: dict[int | None, list[ClauseRow]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)

    def branch(parent: int | None) -> tuple[doc.Clause, ...]:
        return tuple(
            doc.Clause(row.key, row.heading, row.text, row.source, branch(row.pk))
            for row in children[parent]
        )

    return branch(None)


def _bodies(rows: QuerySet[Any]) -> ArraySubquery:
    """The organisations of rows, in their order, as a column: what `_body` reads."""
    fields = {name: f"organisation__{name}" for name in ("key", "name", "short_name", "kind")}
    return ArraySubquery(rows.values(found=JSONObject(**fields)))


def _body(found: dict[str, str]) -> doc.Body:
    return doc.Body(**{**found, "kind": doc.BodyKind(found["kind"])})


def _parties(agreement: Agreement) -> tuple[doc.Party, ...]:
    signed_for = Party.on_behalf_of.through.objects.filter(party=OuterRef("pk"))
    by_name = signed_for.order_by("organisation__sort_key", "organisation__key")
    rows = agreement.parties.select_related("organisation").annotate(signed_for=_bodies(by_name))
    return tuple(
        doc.Party(
            body=body(row.organisation),
            role=doc.PartyRole(row.role),
            on_behalf_of=tuple(_body(other) for other in row.signed_for),
            signatory_name=row.signatory_name,
            signatory_title=row.signatory_title,
            mandate=row.mandate,
        )
        for row in rows
    )


def _attachments(agreement: Agreement) -> tuple[doc.Attachment, ...]:
    newest = AttachmentFile.objects.filter(attachment=OuterRef("pk")).order_by("-pk")
    rows = agreement.attachments.filter(deleted_at=None).annotate(
        sha256=Subquery(newest.values("sha256")[:1])
    )
    return tuple(
        doc.Attachment(row.title, doc.AttachmentKind(row.kind), row.access_code, row.sha256)
        for row in rows
    )


def _financing(agreement: Agreement, facts: reader.PlanFacts) -> doc.Financing | None:
    table = facts.tables.get(agreement.chosen_alternative_id or 0)
    if table is None:
        return None
    plan = facts.plan
    sources = {p.population_source for p in facts.participants if p.population_source}
    return doc.Financing(
        table=table,
        population_date=plan.population_date,
        excludes_vat=plan.excludes_vat,
        invoicing=plan.invoicing,
        population_source="; ".join(sorted(sources)),
    )


def _county_name(agreement: Agreement, parties: tuple[doc.Party, ...]) -> str:
    """The county of the county authority that is a party: the contract municipality's, else the first."""
    authorities = {
        p.body.key: p.body.short_name for p in parties if p.role == doc.PartyRole.COUNTY_AUTHORITY
    }
    own = agreement.region.contract_municipality.county.number
    return authorities.get(own, next(iter(authorities.values()), ""))


def _template(agreement: Agreement) -> doc.TemplateRef | None:
    template = agreement.template
    if template is None:
        return None
    confirmed = template.confirmed_by.name if template.confirmed_by else ""
    return doc.TemplateRef(template.name, template.version, template.issued, confirmed)


def build(agreement: Agreement, facts: reader.PlanFacts | None = None) -> doc.Document:
    """Read the whole draft into a Document, in a fixed number of queries.

    `facts` is the agreement's plan where the caller has read it already. The financing is None
    until an alternative is chosen and every paying municipality has a population figure.
    """
    facts = facts or reader.load(agreement.plan)
    parties = _parties(agreement)
    return doc.Document(
        title=agreement.title,
        language=doc.Language(agreement.language),
        region=agreement.region.name,
        county=_county_name(agreement, parties),
        term_start=agreement.term_start,
        term_end=agreement.term_end,
        parties=parties,
        clauses=clause_tree(list(agreement.clauses.all())),
        services=services(agreement),
        financing=_financing(agreement, facts),
        template=_template(agreement),
        attachments=_attachments(agreement),
        others=tuple(
            table for pk, table in facts.tables.items() if pk != agreement.chosen_alternative_id
        ),
        today=_today(agreement),
    )


def _today(agreement: Agreement) -> tuple[doc.Paid, ...]:
    """What is paid now, of the newest year that is stored, by key. One query."""
    rows = list(agreement.plan.current_contributions.select_related("organisation"))
    newest = max((row.year for row in rows), default=0)
    found = [
        doc.Paid(row.organisation.key, row.year, row.amount, row.source)
        for row in rows
        if row.year == newest
    ]
    return tuple(sorted(found, key=lambda paid: paid.key))


def of_template(template: AgreementTemplate, agreement: doc.Document) -> doc.Document:
    """Read a model agreement as the agreement would be if nobody had changed its text. Two queries.

    Everything but clauses and checklist is the agreement's own, so that only these can differ. A
    model's additional services are suggestions: those that the agreement does not have are left out.
    """
    chosen = {service.key for service in agreement.services}
    return replace(
        agreement,
        clauses=template_clauses(template),
        services=template_services(template, chosen),
    )


def template_clauses(template: AgreementTemplate) -> tuple[doc.Clause, ...]:
    """Read a model agreement's text."""
    children: dict[str, list[TemplateClause]] = defaultdict(list)
    for row in template.clauses.all():
        children[row.parent_key].append(row)

    def branch(parent: str) -> tuple[doc.Clause, ...]:
        return tuple(
            doc.Clause(row.key, row.heading, row.text, row.source, branch(row.key))
            for row in children[parent]
        )

    return branch("")


def template_services(
    template: AgreementTemplate, chosen: Container[str] | None = None
) -> tuple[doc.Service, ...]:
    """Read a model agreement's checklist; with `chosen`, of its additional services only those."""
    return tuple(
        doc.Service(row.key, doc.ServiceLevel(row.level), row.text)
        for row in template.services.all()
        if chosen is None or row.level != doc.ServiceLevel.ADDITIONAL or row.key in chosen
    )


def services(agreement: Agreement) -> tuple[doc.Service, ...]:
    """Read an agreement's checklist, with what each municipality has chosen. One query."""
    choices = ServiceChoice.objects.filter(service=OuterRef("pk")).order_by("organisation__key")
    rows = agreement.services.annotate(
        chosen_by=_bodies(choices),
        # As text, as a number in JSON is not exact.
        chosen=ArraySubquery(
            choices.values(found=JSONObject(choice="choice", price=Cast("price", TextField())))
        ),
    )
    return tuple(
        doc.Service(
            key=row.key,
            level=doc.ServiceLevel(row.level),
            text=row.text,
            choices=tuple(
                doc.ServiceChoice(
                    _body(by),
                    doc.Choice(own["choice"]),
                    None if own["price"] is None else Decimal(own["price"]),
                )
                for by, own in zip(row.chosen_by, row.chosen, strict=True)
            ),
        )
        for row in rows
    )


def template_document(template: AgreementTemplate) -> doc.Document:
    """Read a model agreement by itself: an agreement with no parties, no region and no money.

    Its term is the day it was issued, which `template_text.readable` keeps out of the text.
    """
    confirmed = template.confirmed_by.name if template.confirmed_by else ""
    return doc.Document(
        title=template.name,
        language=doc.Language(template.language),
        region="",
        county="",
        term_start=template.issued,
        term_end=template.issued,
        parties=(),
        clauses=template_clauses(template),
        services=template_services(template),
        financing=None,
        template=doc.TemplateRef(template.name, template.version, template.issued, confirmed),
    )


def context(region: Region) -> checks.Context:
    """Read the facts outside the agreement that a check needs.

    Which bodies the register knows, and when they existed; and the region's own rates, which are
    the least its municipalities and county authority have said they pay per inhabitant.
    """
    rows = Organisation.objects.order_by("key").values_list(
        "name", "valid_from", "valid_to", "successor__name", "kind"
    )
    return checks.Context(
        bodies=_same(tuple(checks.RegisteredBody(*row, doc.BodyKind(kind)) for *row, kind in rows)),
        minimum_rates=tuple(reader.minimum_rates(region).items()),
    )


@lru_cache(maxsize=2)
def _same(bodies: tuple[checks.RegisteredBody, ...]) -> tuple[checks.RegisteredBody, ...]:
    """The register as it was read the last time, where nothing has changed: held once, not for each page."""
    return bodies

"""The only code that turns draft rows into a Document and its check context. Reads, never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
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
    Attachment,
    AttachmentFile,
    Party,
    ServiceChoice,
    ServiceItem,
    TemplateClause,
)
from agreements.models import Clause as ClauseRow
from financing import reader
from municipalities.models import Organisation, Region
from municipalities.prepared import Prepared


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


def _clauses(agreement: Agreement) -> tuple[doc.Clause, ...]:
    return clause_tree(_CLAUSES.all(agreement.pk))


_CLAUSES = Prepared(
    lambda agreement: ClauseRow.objects.filter(agreement=agreement)  # in position order
)


def _bodies(rows: QuerySet[Any]) -> ArraySubquery:
    """The organisations of rows, in their order, as a column: what `_body` reads."""
    fields = {name: f"organisation__{name}" for name in ("key", "name", "short_name", "kind")}
    return ArraySubquery(rows.values(found=JSONObject(**fields)))


def _body(found: dict[str, str]) -> doc.Body:
    return doc.Body(**{**found, "kind": doc.BodyKind(found["kind"])})


def _parties(agreement: Agreement) -> tuple[doc.Party, ...]:
    return tuple(
        doc.Party(
            body=body(row.organisation),
            role=doc.PartyRole(row.role),
            on_behalf_of=tuple(_body(other) for other in row.signed_for),
            signatory_name=row.signatory_name,
            signatory_title=row.signatory_title,
            mandate=row.mandate,
        )
        for row in _PARTIES.all(agreement.pk)
    )


_SIGNED_FOR = Party.on_behalf_of.through.objects.filter(party=OuterRef("pk")).order_by(
    "organisation__sort_key", "organisation__key"
)
_PARTIES = Prepared(
    lambda agreement: (
        Party.objects.filter(agreement=agreement)
        .select_related("organisation")
        .annotate(signed_for=_bodies(_SIGNED_FOR))
    )
)


def _attachments(agreement: Agreement) -> tuple[doc.Attachment, ...]:
    return tuple(
        doc.Attachment(row.title, doc.AttachmentKind(row.kind), row.access_code, row.sha256)
        for row in _ATTACHMENTS.all(agreement.pk)
    )


_NEWEST = AttachmentFile.objects.filter(attachment=OuterRef("pk")).order_by("-pk")
_ATTACHMENTS = Prepared(
    lambda agreement: Attachment.objects.filter(agreement=agreement, deleted_at=None).annotate(
        sha256=Subquery(_NEWEST.values("sha256")[:1])
    )
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
    return put_together(agreement, read(agreement, {"plan": facts} if facts else {}))


@dataclass(frozen=True)
class Parts:
    """What a Document is put together of beside the agreement's own row: each from tables of its own."""

    plan: reader.PlanFacts
    today: tuple[doc.Paid, ...]
    parties: tuple[doc.Party, ...]
    clauses: tuple[doc.Clause, ...]
    services: tuple[doc.Service, ...]
    attachments: tuple[doc.Attachment, ...]


def read(agreement: Agreement, kept: Mapping[str, Any]) -> Parts:
    """Read the parts of a draft that are not among those the caller has kept, by their names."""
    return Parts(
        **{name: kept[name] if name in kept else part(agreement) for name, part in PARTS.items()}
    )


def put_together(agreement: Agreement, parts: Parts) -> doc.Document:
    """The Document that the agreement's row and the parts of its draft make. Asks for nothing."""
    tables = parts.plan.tables
    return doc.Document(
        title=agreement.title,
        language=doc.Language(agreement.language),
        region=agreement.region.name,
        county=_county_name(agreement, parts.parties),
        term_start=agreement.term_start,
        term_end=agreement.term_end,
        parties=parts.parties,
        clauses=parts.clauses,
        services=parts.services,
        financing=_financing(agreement, parts.plan),
        template=_template(agreement),
        attachments=parts.attachments,
        others=tuple(
            table for pk, table in tables.items() if pk != agreement.chosen_alternative_id
        ),
        today=parts.today,
    )


def _today(agreement: Agreement) -> tuple[doc.Paid, ...]:
    """What is paid now, of the newest year that is stored, by key. One query."""
    found = [
        doc.Paid(row.organisation.key, row.year, row.amount, row.source)
        for row in reader.paid_now(agreement.plan_id)
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
        for row in _SERVICES.all(agreement.pk)
    )


_CHOICES = ServiceChoice.objects.filter(service=OuterRef("pk")).order_by("organisation__key")
_SERVICES = Prepared(
    lambda agreement: ServiceItem.objects.filter(agreement=agreement).annotate(
        chosen_by=_bodies(_CHOICES),
        # As text, as a number in JSON is not exact.
        chosen=ArraySubquery(
            _CHOICES.values(found=JSONObject(choice="choice", price=Cast("price", TextField())))
        ),
    )
)


PARTS: dict[str, Callable[[Agreement], Any]] = {
    "plan": lambda agreement: reader.load(agreement.plan),
    "today": _today,
    "parties": _parties,
    "clauses": _clauses,
    "services": services,
    "attachments": _attachments,
}


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


def context(
    region: Region, bodies: tuple[checks.RegisteredBody, ...] | None = None
) -> checks.Context:
    """The facts outside the agreement that a check needs.

    Which bodies the register knows, read unless the caller has them; and the region's own rates, which
    are the least its municipalities and county authority have said they pay per inhabitant.
    """
    return checks.Context(
        bodies=registered() if bodies is None else bodies,
        minimum_rates=tuple(reader.minimum_rates(region).items()),
    )


def registered() -> tuple[checks.RegisteredBody, ...]:
    """Every body the register knows, and when it existed. One query."""
    return _same(
        tuple(checks.RegisteredBody(*row, doc.BodyKind(kind)) for *row, kind in _REGISTERED.all())
    )


_REGISTERED = Prepared(
    lambda: Organisation.objects.order_by("key").values_list(
        "name", "valid_from", "valid_to", "successor__name", "kind"
    )
)


@lru_cache(maxsize=2)
def _same(bodies: tuple[checks.RegisteredBody, ...]) -> tuple[checks.RegisteredBody, ...]:
    """The register as it was read the last time, where nothing has changed: held once, not for each page."""
    return bodies

"""Model agreements in the database: shipped ones are loaded once per version and never changed."""

from __future__ import annotations

from django.db import transaction

from agreements import model_agreements
from agreements.models import AgreementTemplate, TemplateClause, TemplateService
from municipalities import norwegian

SHIPPED = ("etablerertjenesten_nb", "etablerertjenesten_nn")


@transaction.atomic
def load_shipped() -> list[AgreementTemplate]:
    """Store every shipped model agreement that is not there yet; return those that were added."""
    added = []
    for slug in SHIPPED:
        model = model_agreements.load(slug)
        template, created = AgreementTemplate.objects.get_or_create(
            slug=slug,
            version=model.version,
            defaults={
                "name": model.name,
                "language": model.language,
                "issued": model.issued,
                "invoicing": model.invoicing,
            },
        )
        if not created:
            continue
        TemplateClause.objects.bulk_create(
            [
                TemplateClause(
                    template=template,
                    key=clause.key,
                    parent_key=clause.parent,
                    position=position,
                    heading=clause.heading,
                    text=clause.text,
                    source=f"{clause.source}, {norwegian.date_long(clause.dated)}",
                )
                for position, clause in enumerate(model.clauses)
            ]
        )
        TemplateService.objects.bulk_create(
            [
                TemplateService(
                    template=template,
                    key=service.key,
                    level=service.level,
                    position=position,
                    text=service.text,
                )
                for position, service in enumerate(model.services)
            ]
        )
        template.status = AgreementTemplate.Status.PUBLISHED
        template.save(update_fields=["status"])
        added.append(template)
    return added

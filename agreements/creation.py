"""A new draft from region, template, term and plan: rows copied, nothing left to type twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from agreements import slugs
from agreements.domain import wording
from agreements.domain.document import Language, PartyRole, ServiceLevel
from agreements.editing import Actor, record
from agreements.models import Agreement, AgreementTemplate, Clause, Party, ServiceItem
from financing.models import Plan
from municipalities.models import Municipality, Organisation, Region
from municipalities.revisions import ConflictError


def usual_language(region: Region) -> Language:
    """Return the written standard that most of the region's municipalities use. Two queries at most.

    Neutral counts as bokmål, and so does a municipality the register knows nothing of. Where they
    are even, the contract municipality decides.
    """
    nynorsk = Municipality.LanguageForm.NYNORSK
    forms = [member.language == nynorsk for member in region.members.all()]
    more = 2 * sum(forms) - len(forms)
    if more == 0 and forms:
        more = 1 if region.contract_municipality.language == nynorsk else -1
    return Language.NYNORSK if more > 0 else Language.BOKMAL


def suggested_title(template: AgreementTemplate, region: Region, first: int, last: int) -> str:
    """«Samarbeidsavtale om etablerertjenesten i Ringeriksregionen 2026–2028», in the model's language."""
    return f"{template.name} i {region.name} {first}–{last}"


def unused_slug(region: Region, year: int) -> str:
    """Return «region-year», with a number behind it where that is taken. Call inside a transaction.

    Until it ends nobody else gets an address in this region.
    """
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=region.pk)
    base = f"{region.name}-{year}"
    root = slugs.slug(base)[:70] or "avtale"
    slug, number = root, 2
    while Agreement.objects.filter(slug=slug).exists():
        slug, number = f"{root}-{number}", number + 1
    return slug


@transaction.atomic
def create_agreement(
    actor: Actor,
    *,
    region: Region,
    template: AgreementTemplate | None,
    plan: Plan,
    title: str,
    term_start: dt.date,
    term_end: dt.date,
    partners: Iterable[Organisation] = (),
    language: str = "nb",
) -> Agreement:
    """Store a draft with the template's text and checklist, and the parties that region and plan give.

    The contract municipality signs for the plan's other municipalities; each county authority in the
    plan becomes a party unless its contribution is conditional; partners are parties without
    contribution. ConflictError where somebody has made an agreement of the plan already.
    """
    slug = unused_slug(region, term_start.year)
    if Agreement.objects.filter(plan=plan).exists():
        raise ConflictError(f"plan {plan.pk} has an agreement")
    agreement = Agreement.objects.create(
        slug=slug,
        region=region,
        plan=plan,
        template=template,
        title=title,
        language=language,
        term_start=term_start,
        term_end=term_end,
        chosen_alternative=plan.alternatives.first(),
    )
    if template is not None:
        copy_template(agreement, template)
    _add_parties(agreement, plan, partners)
    record(
        actor,
        agreement,
        "agreement.created",
        {
            "title": title,
            "region": region.slug,
            "template": str(template or ""),
            "term": [str(term_start), str(term_end)],
        },
    )
    return agreement


def copy_template(agreement: Agreement, template: AgreementTemplate) -> None:
    """Copy a template's clauses, keeping their keys, and its checklist into an empty draft.

    Additional services are the region's own choice: the services page offers the template's.
    """
    rows: dict[str, Clause] = {}
    for item in template.clauses.all():
        rows[item.key] = Clause.objects.create(
            agreement=agreement,
            key=item.key,
            parent=rows.get(item.parent_key),
            position=item.position,
            heading=item.heading,
            text=item.text,
            source=item.source,
        )
    ServiceItem.objects.bulk_create(
        [
            ServiceItem(
                agreement=agreement,
                key=item.key,
                level=item.level,
                position=item.position,
                text=item.text,
            )
            for item in template.services.exclude(level=ServiceLevel.ADDITIONAL.value)
        ]
    )


def _add_parties(agreement: Agreement, plan: Plan, partners: Iterable[Organisation]) -> None:
    participants = [
        p
        for p in plan.participants.select_related("organisation")
        if p.included and p.status != p.Status.DECLINED
    ]
    contract = agreement.region.contract_municipality.organisation
    authorities = [
        p.organisation
        for p in participants
        if p.organisation.kind == Organisation.Kind.COUNTY_AUTHORITY
        and p.status != p.Status.CONDITIONAL
    ]
    members = [
        p.organisation
        for p in participants
        if p.organisation.kind == Organisation.Kind.MUNICIPALITY and p.organisation != contract
    ]

    def party(organisation: Organisation, role: PartyRole) -> Party:
        title, mandate = wording.signatory(role, Language(agreement.language))
        return Party(
            organisation=organisation,
            role=role.value,
            signatory_title=title,
            mandate=mandate,
        )

    rows = [party(authority, PartyRole.COUNTY_AUTHORITY) for authority in authorities]
    signer = party(contract, PartyRole.CONTRACT_MUNICIPALITY)
    rows.append(signer)
    rows += [party(partner, PartyRole.PARTNER) for partner in partners]
    for position, row in enumerate(rows):
        row.agreement, row.position = agreement, position
        row.save()
    signer.on_behalf_of.set(members)

"""Which versions of model agreements there are to choose, and which agreements are behind."""

from __future__ import annotations

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from agreements.models import Agreement, AgreementTemplate
from municipalities.models import Organisation, Region

PUBLISHED = AgreementTemplate.Status.PUBLISHED


def authorities_of(regions: QuerySet[Region]) -> QuerySet[Organisation]:
    """The county authorities of the counties the regions' municipalities lie in."""
    return Organisation.objects.filter(
        Q(county__municipalities__regions__in=regions.values("pk"))
        | Q(county__municipalities__contract_regions__in=regions.values("pk"))
    ).distinct()


def newest(templates: QuerySet[AgreementTemplate]) -> QuerySet[AgreementTemplate]:
    """Of these, the published versions that no newer published version replaces."""
    later = AgreementTemplate.objects.filter(slug=OuterRef("slug"), status=PUBLISHED)
    last = later.order_by("-version").values("version")[:1]
    return templates.filter(status=PUBLISHED, version=Subquery(last))


def offered(region: Region) -> QuerySet[AgreementTemplate]:
    """What an agreement in this region can be made from, the most likely first.

    The newest versions of what the county of the contract municipality has published, then of what
    its other counties have, then of what was shipped.
    """
    authorities = authorities_of(Region.objects.filter(pk=region.pk))
    rows = AgreementTemplate.objects.filter(
        Q(owner=None) | Q(owner__in=authorities.values("pk"))
    ).select_related("owner")
    nearness = Case(
        When(owner__county=region.contract_municipality.county_id, then=Value(0)),
        When(owner__isnull=False, then=Value(1)),
        default=Value(2),
    )
    return newest(rows).order_by(nearness, "-issued", "-version", "name", "pk")


def with_newer(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Say of each agreement the number of its template's newest version, as `newer_version`.

    None where the agreement has it. `waiting_version` is None also where it has been put off.
    """
    later = AgreementTemplate.objects.filter(
        slug=OuterRef("template__slug"),
        status=PUBLISHED,
        version__gt=OuterRef("template__version"),
    )
    waiting = later.filter(version__gt=Coalesce(OuterRef("template_put_off"), 0))
    return agreements.annotate(
        newer_version=Subquery(later.order_by("-version").values("version")[:1]),
        waiting_version=Subquery(waiting.order_by("-version").values("version")[:1]),
    )


def newer(agreement: Agreement) -> AgreementTemplate | None:
    """The newest published version of the agreement's template; None where the agreement has it."""
    own = agreement.template
    if own is None:
        return None
    rows = AgreementTemplate.objects.filter(slug=own.slug, status=PUBLISHED)
    return rows.filter(version__gt=own.version).order_by("-version").first()

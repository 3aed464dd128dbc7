"""Who may read and manage model agreements."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from agreements.access.roles import COUNTY_READERS, DRAFT_READERS, Role, visible
from agreements.models import (
    AgreementTemplate,
)
from agreements.template_versions import authorities_of
from municipalities.access import regions_of
from municipalities.models import Membership, Organisation, User


@dataclass(frozen=True)
class TemplateAbilities:
    """What one person may do with one version of a model agreement.

    `manage` is to start a new version of it, and to edit and publish its draft: it belongs to a county
    authority the person edits for. `edit` is that this version is the draft.
    """

    edit: bool = False
    manage: bool = False
    organisation: Organisation | None = None


def county_authorities(user: User) -> QuerySet[Organisation]:
    """The county authorities whose templates this person edits."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.COUNTY_AUTHORITY,
        memberships__user=user,
        memberships__role=Role.EDITOR,
    ).distinct()


def _county_roles(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(
        user=user,
        role__in=COUNTY_READERS,
        organisation__kind=Organisation.Kind.COUNTY_AUTHORITY,
    )


def may_read_templates(user: User) -> bool:
    """Whoever may read a draft in some region, or acts for a county authority. Two queries at most."""
    return _county_roles(user).exists() or regions_of(user, *DRAFT_READERS).exists()


def templates(user: User) -> QuerySet[AgreementTemplate]:
    """The versions of model agreements this person may read, who `may_read_templates`.

    Shipped ones; published ones of the county authorities in their regions and of their own; those
    that agreements they read were made from; and the drafts of the county authorities they edit for.
    """
    readable = (
        Q(owner=None)
        | Q(owner__in=_county_roles(user).values("organisation"))
        | Q(owner__in=authorities_of(regions_of(user, *DRAFT_READERS)).values("pk"))
        | Q(pk__in=visible(user).exclude(template=None).values("template"))
    )
    return AgreementTemplate.objects.filter(
        (Q(status=AgreementTemplate.Status.PUBLISHED) & readable)
        | Q(owner__in=county_authorities(user).values("pk"))
    )


def fetch_template(
    request: HttpRequest, slug: str, version: int, *, manage: bool = False
) -> tuple[AgreementTemplate, TemplateAbilities]:
    """Return a version of a model agreement and what this person may do with it.

    404 for whoever may not read it, 403 for whoever may not manage what they read.
    """
    user: User = request.user
    if not may_read_templates(user):
        raise Http404
    rows = templates(user).select_related("owner", "confirmed_by")
    template = rows.filter(slug=slug, version=version).first()
    if template is None:
        raise Http404
    manages = (
        template.owner_id is not None
        and county_authorities(user).filter(pk=template.owner_id).exists()
    )
    if manage and not manages:
        raise PermissionDenied
    return template, TemplateAbilities(
        edit=manages and template.is_draft,
        manage=manages,
        organisation=template.owner if manages else None,
    )

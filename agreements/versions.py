"""Frozen versions as they are read: found, opened, and who has seen which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import AccessLog, Agreement, Version
from municipalities.models import Organisation, User

_ONE_VISIT = dt.timedelta(hours=1)  # opening again within it is the same visit


def listed(agreement: Agreement) -> list[Version]:
    """Return the agreement's versions, the newest first, without their bytes. One query."""
    return list(
        agreement.versions.select_related("round", "round__withdrawn_by", "frozen_by").defer(
            "document"
        )
    )


def find(agreement: Agreement, number: int) -> Version | None:
    """Return a version with its bytes and its round; None where there is no such."""
    rows = agreement.versions.select_related(
        "round", "round__withdrawn_by", "frozen_by", "organisation"
    )
    found = rows.filter(number=number).first()
    if found is not None:
        found.agreement = agreement
    return found


def opened(version: Version, user: User, organisation: Organisation | None) -> None:
    """Note that a person has opened a version; once for a visit. Kept outside the chain."""
    since = timezone.now() - _ONE_VISIT
    kind = AccessLog.Kind.OPENED
    if not version.accesses.filter(user=user, kind=kind, at__gte=since).exists():
        AccessLog.objects.create(version=version, user=user, organisation=organisation, kind=kind)


def downloaded(
    version: Version,
    user: User,
    organisation: Organisation | None,
    what: str,
    *,
    whole: bool = True,
) -> None:
    """Note that a person has downloaded a file of a version; one asked for in pieces once for a visit."""
    kind = AccessLog.Kind.DOWNLOADED
    if not whole:
        since = timezone.now() - _ONE_VISIT
        if version.accesses.filter(user=user, kind=kind, what=what, at__gte=since).exists():
            return
    AccessLog.objects.create(
        version=version, user=user, organisation=organisation, kind=kind, what=what
    )


def seen_before(version: Version, user: User) -> Version | None:
    """Return the newest earlier version that this person has opened; None for none. With bytes."""
    earlier = Version.objects.filter(
        agreement=version.agreement_id,
        number__lt=version.number,
        accesses__user=user,
        accesses__kind=AccessLog.Kind.OPENED,
    )
    return earlier.order_by("-number").first()


def openings(version: Version, organisations: Iterable[int]) -> dict[int, dt.datetime]:
    """Return when each of the bodies first opened a version, by its primary key. One query."""
    rows = version.accesses.filter(organisation__in=list(organisations), kind=AccessLog.Kind.OPENED)
    found: dict[int, dt.datetime] = {}
    for organisation, at in rows.order_by("pk").values_list("organisation", "at"):
        found.setdefault(organisation, at)
    return found

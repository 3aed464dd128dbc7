"""Frozen versions as they are read: found, opened, and who has seen which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import AccessLog, Agreement, Version
from municipalities.models import Organisation, User
from municipalities.prepared import Prepared

_ONE_VISIT = dt.timedelta(hours=1)  # opening again within it is the same visit


def listed(agreement: Agreement) -> list[Version]:
    """Return the agreement's versions, the newest first, without their bytes. One query."""
    return _LISTED.under(agreement=agreement)


_LISTED = Prepared(
    lambda agreement: (
        Version.objects.filter(agreement=agreement)
        .select_related("round", "round__withdrawn_by", "frozen_by")
        .defer("document")
    )
)


def newest(agreement: Agreement) -> Version | None:
    """Return the version that was frozen last, withdrawn or not, without its document's bytes."""
    return next(iter(_NEWEST.under(agreement=agreement)), None)


_NEWEST = Prepared(
    lambda agreement: (
        Version.objects.filter(agreement=agreement)
        .select_related("round", "frozen_by")
        .defer("document")
        .order_by("-number")[:1]
    )
)


def find(agreement: Agreement, number: int) -> Version | None:
    """Return a version with its bytes and its round; None where there is no such."""
    found = _FOUND.first(agreement.pk, number)
    if found is not None:
        found.agreement = agreement
    return found


_FOUND = Prepared(
    lambda agreement, number: Version.objects.filter(
        agreement=agreement, number=number
    ).select_related("round", "round__withdrawn_by", "frozen_by", "organisation")
)


def opened(version: Version, user: User, organisation: Organisation | None) -> None:
    """Note that a person has opened a version; once for a visit. Kept outside the chain."""
    since = timezone.now() - _ONE_VISIT
    kind = AccessLog.Kind.OPENED
    if not _VISITS.all(version.pk, user.pk, kind, since):
        AccessLog.objects.create(version=version, user=user, organisation=organisation, kind=kind)


_VISITS = Prepared(
    lambda version, user, kind, since: (
        AccessLog.objects.filter(version=version, user=user, kind=kind, at__gte=since)
        .order_by()
        .values_list("pk")[:1]
    )
)


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
    found: dict[int, dt.datetime] = {}
    for organisation, at in _OPENINGS.all(version.pk, tuple(organisations)):
        found.setdefault(organisation, at)
    return found


_OPENINGS = Prepared(
    lambda version, organisations: (
        AccessLog.objects.filter(
            version=version, organisation__in=organisations, kind=AccessLog.Kind.OPENED
        )
        .order_by("pk")
        .values_list("organisation", "at")
    )
)

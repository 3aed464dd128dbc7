"""Find what a command line names; one clear line when it is not there."""

from __future__ import annotations

import difflib

from agreements.models import Agreement
from municipalities import characters
from municipalities.commands import CannotRunError
from municipalities.models import Region


def agreement(slug: str) -> Agreement:
    """Return the agreement with this slug, with what snapshot and tables need; CannotRunError otherwise."""
    rows = Agreement.objects.select_related(
        "region__contract_municipality__county",
        "plan__region",
        "chosen_alternative",
        "template__confirmed_by",
    )
    # A command line may hold what no text in the database can: bytes that are not UTF-8.
    row = rows.filter(slug=characters.one_line(slug)).first()
    if row is None:
        slugs = list(Agreement.objects.values_list("slug", flat=True))
        close = difflib.get_close_matches(slug, slugs, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise CannotRunError(f"there is no agreement {slug!r}{hint}")
    return row


def region(name: str) -> Region:
    """Return the region with this name or slug; CannotRunError otherwise."""
    wanted = characters.one_line(name)
    row = (
        Region.objects.filter(name__iexact=wanted).first()
        or Region.objects.filter(slug=wanted.lower()).first()
    )
    if row is None:
        known = ", ".join(Region.objects.values_list("name", flat=True))
        raise CannotRunError(f"there is no region {name!r}; the register knows {known or 'none'}")
    return row

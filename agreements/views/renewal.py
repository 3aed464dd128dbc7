"""A new period: made from the old agreement, and what must be decided before it can be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agreements import access, remembered, renewal
from agreements.domain import document as doc
from agreements.domain import numbering
from agreements.domain.renewal import Point, next_term, next_title, to_decide
from agreements.models import Agreement
from agreements.renewal_forms import RenewForm
from agreements.views.common import actor, page
from agreements.views.finding_parts import place
from financing import reader, renewing
from financing.models import Rule
from municipalities import register, revisions
from municipalities.answers import INVALID


def _initial(agreement: Agreement) -> dict[str, object]:
    start, end = next_term(agreement.term_start, agreement.term_end)
    old = agreement.term_start.year, agreement.term_end.year
    dates = register.available_dates(agreement.region.members.all())
    return {
        "title": next_title(agreement.title, old, (start.year, end.year)),
        "term_start": start,
        "term_end": end,
        "population_date": dates[0] if dates else None,
    }


@require_http_methods(["GET", "POST"])
def new_period(request: HttpRequest, slug: str) -> HttpResponse:
    """One form, then a complete draft for the period after. The old agreement stays as it is."""
    agreement, able = access.fetch(request, slug)
    if not able.team:
        raise PermissionDenied
    region = agreement.region
    minimum = {
        Rule.AppliesTo.MUNICIPALITIES.value: region.municipal_rate,
        Rule.AppliesTo.COUNTY_AUTHORITIES.value: region.county_rate,
    }
    first = next_term(agreement.term_start, agreement.term_end)[0].year
    facts = reader.load(agreement.plan)
    options: dict[str, Any] = {
        "region": region,
        "suggested": renewing.suggested_rates(
            facts, agreement.chosen_alternative_id, first, minimum
        ),
    }
    posted = request.method == "POST"
    if posted:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        form = RenewForm(request.POST, **options)
        if form.is_valid():

            def make() -> str:
                made = renewal.renew(actor(request, able), agreement, form.period())
                messages.success(request, "Utkastet for den nye perioden er laget.")
                return reverse("to-decide", args=[made.slug])

            return redirect(revisions.once(form.cleaned_data["token"], request.user, make))
    else:
        form = RenewForm(initial=_initial(agreement), **options)
    return page(
        request,
        "agreements/new_period.html",
        agreement,
        able,
        {"form": form},
        tab="agreement",
        status=INVALID if posted else 200,
    )


def points(agreement: Agreement, document: doc.Document) -> tuple[Point, ...]:
    """What must be decided in a draft made from the period before; nothing in any other.

    At most three queries.
    """
    former = renewal.former(agreement)
    if former is None:
        return ()
    return to_decide(document, former, renewal.unconfirmed(agreement))


@require_http_methods(["GET", "POST"])
def to_decide_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; POST marks a point as settled, or as open again."""
    posted = request.method == "POST"
    agreement, able = access.fetch(request, slug, edit=posted)
    document = remembered.draft(agreement).document
    listed = points(agreement, document)
    if posted:
        key = request.POST.get("punkt", "")
        point = next((point for point in listed if point.key == key), None)
        if point is None:
            messages.info(request, "Punktet står ikke i listen lenger.")
        else:
            settled = request.POST.get("handling") != "apne"
            renewal.settle(actor(request, able), agreement, key, point.text, settled=settled)
        return redirect("to-decide", slug)
    rows, numbers = [], numbering.numbers(document.clauses)
    for point in listed:
        url, words = place(agreement, numbers, point.anchor, edit=able.edit)
        rows.append(
            {
                "point": point,
                "url": url,
                "link_text": words,
                "settled": point.key in agreement.settled,
            }
        )
    previous = agreement.previous
    can_compare = (
        previous is not None and access.visible(request.user).filter(pk=previous.pk).exists()
    )
    return page(
        request,
        "agreements/to_decide.html",
        agreement,
        able,
        {
            "open_points": [row for row in rows if not row["settled"]],
            "settled_points": [row for row in rows if row["settled"]],
            "previous": previous,
            "can_compare": can_compare,
        },
        tab="agreement",
    )

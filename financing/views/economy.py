"""The alternatives side by side, and a new one made as a copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from financing import alternatives, comparison, reader
from financing.calculation import Table
from financing.forms import NewAlternativeForm
from financing.place import Place
from municipalities import revisions
from municipalities.answers import INVALID


@require_GET
def economy(request: HttpRequest, place: Place) -> HttpResponse:
    """All alternatives side by side, and the choice between them."""
    return show(request, place)


def show(request: HttpRequest, place: Place, status: int = 200, **forms: Any) -> HttpResponse:
    """Render the page; `forms` replaces a form on it by the one that was sent."""
    facts = reader.load(place.plan)
    context = {
        "facts": facts,
        "tables": facts.tables,
        "comparison": comparison.compare(sorted_tables(place, facts), place.own),
        "alternatives": [(pk, facts.tables.get(pk), alt) for pk, alt in facts.alternatives],
        "new_form": NewAlternativeForm(plan=place.plan),
        **forms,
    }
    return place.page(request, "financing/economy.html", context, current="economy", status=status)


def sorted_tables(place: Place, facts: reader.PlanFacts) -> tuple[Table, ...]:
    """Return the tables with the chosen alternative's first, the others as they stand."""
    found = sorted(facts.tables.items(), key=lambda item: item[0] != place.chosen)
    return tuple(table for _, table in found)


@require_POST
def new_alternative(request: HttpRequest, place: Place) -> HttpResponse:
    """Copy an alternative under a new name, and open it."""
    place.for_editing()
    if target := revisions.earlier(request.POST.get("token"), request.user):  # type: ignore[arg-type]
        return redirect(target)
    form = NewAlternativeForm(request.POST, plan=place.plan)
    if not form.is_valid():
        return show(request, place, INVALID, new_form=form)
    data = form.cleaned_data

    def make() -> str:
        place.lock()
        made = alternatives.copy_alternative(place.actor, data["copy_of"], data["name"])
        place.record()
        messages.success(request, f"{made.name} er laget som kopi av {data['copy_of'].name}.")
        return place.url("alternative", made.pk)

    return redirect(revisions.once(data["token"], request.user, make))  # type: ignore[arg-type]

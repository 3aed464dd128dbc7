"""The alternatives side by side, and a new one made as a copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from financing import alternatives, comparison, minimum, reader, side_by_side
from financing.calculation import Table
from financing.comparison_forms import TODAY, ComparisonForm
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
    facts = place.facts
    form, compared = _compared(request, place, facts)
    if form.is_bound and not form.is_valid() and status == 200:
        status = INVALID
    stated = reader.minimum_rates(place.plan.region)
    low = {
        pk: minimum.below_minimum(facts.without_extras(pk) or table, stated)
        for pk, table in facts.tables.items()
    }
    context = {
        "facts": facts,
        "tables": facts.tables,
        "comparison_form": form,
        "alternatives": [
            (pk, facts.tables.get(pk), alt, low.get(pk, ())) for pk, alt in facts.alternatives
        ],
        "new_form": NewAlternativeForm(plan=place.plan, read=facts.rows),
        **compared,
        **forms,
    }
    return place.page(request, "financing/economy.html", context, current="economy", status=status)


def sorted_tables(place: Place, facts: reader.PlanFacts) -> tuple[Table, ...]:
    """Return the tables with the chosen alternative's first, the others as they stand."""
    return tuple(facts.tables[pk] for pk in _order(place, facts))


def _order(place: Place, facts: reader.PlanFacts) -> list[int]:
    return sorted(facts.tables, key=lambda pk: pk != place.chosen)


def _compared(
    request: HttpRequest, place: Place, facts: reader.PlanFacts
) -> tuple[ComparisonForm, dict[str, Any]]:
    """Compare as the form on the page says; as is usual while it is not filled in right."""
    order = _order(place, facts)
    today = reader.current_contributions(place.plan)
    form = ComparisonForm(
        request.GET if "mot" in request.GET or "aar" in request.GET else None,
        years=place.plan.years,
        alternatives=[(pk, facts.tables[pk].alternative) for pk in order],
        today=today.year if today else None,
    )
    wanted = form.wanted()
    compared = comparison.compare(
        tuple(facts.tables[pk] for pk in order),
        place.own,
        against=order.index(wanted.against) if wanted.against in order else 0,
        current=today.amounts if today else None,
        current_year=today.year if today else None,
    )
    if compared is None:
        return form, {"comparison": None}
    view = side_by_side.View(
        year=wanted.year,
        per_inhabitant=wanted.per_inhabitant,
        against_today=wanted.against == TODAY and today is not None,
    )
    lines = side_by_side.lines(compared, view)
    own = next((line for line in lines if line.row.is_own), None)
    return form, {"comparison": compared, "lines": lines, "view": view, "own": own}


@require_POST
def new_alternative(request: HttpRequest, place: Place) -> HttpResponse:
    """Copy an alternative under a new name, and open it."""
    place.for_editing()
    if target := revisions.earlier(request.POST.get("token"), request.user):
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

    return redirect(revisions.once(data["token"], request.user, make))

"""The alternatives side by side, and a new one made as a copy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from financing import alternatives, minimum, reader, side_by_side
from financing.calculation import ContributorKind, Table
from financing.comparison import comparable
from financing.comparison_forms import TODAY, ComparisonForm
from financing.forms import NewAlternativeForm
from financing.place import Place
from financing.views.economy_parts import OneAlternative, SideBySide
from municipalities import revisions
from municipalities.answers import INVALID
from municipalities.once import part


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
    sections = [
        part(
            "financing/_alternative.html", _alternative(place, facts, pk, alternative.name, stated)
        )
        for pk, alternative in facts.alternatives
    ]
    context = {
        "facts": facts,
        "tables": facts.tables,
        "comparison_form": form,
        "alternatives": sections,
        "new_form": NewAlternativeForm(plan=place.plan, read=facts.rows),
        "own_part": compared and part("financing/_own.html", compared),
        "side_by_side": compared and part("financing/_side_by_side.html", compared),
        **forms,
    }
    return place.page(request, "financing/economy.html", context, current="economy", status=status)


def _alternative(
    place: Place,
    facts: reader.PlanFacts,
    pk: int,
    name: str,
    stated: dict[ContributorKind, Decimal],
) -> OneAlternative:
    table = facts.tables.get(pk)
    return OneAlternative(
        pk=pk,
        name=name,
        chosen=pk == place.chosen,
        what_if_url=place.url("what-if", pk),
        edit_url=place.url("alternative", pk) if place.edit else "",
        table=table,
        pending=bool(facts.missing_population),
        own=place.own,
        low=minimum.below_minimum(facts.without_extras(pk) or table, stated) if table else (),
    )


def sorted_tables(place: Place, facts: reader.PlanFacts) -> tuple[Table, ...]:
    """Return the tables with the chosen alternative's first, the others as they stand."""
    return tuple(facts.tables[pk] for pk in _order(place, facts))


def _order(place: Place, facts: reader.PlanFacts) -> list[int]:
    return sorted(facts.tables, key=lambda pk: pk != place.chosen)


def _compared(
    request: HttpRequest, place: Place, facts: reader.PlanFacts
) -> tuple[ComparisonForm, SideBySide | None]:
    """Compare as the form on the page says; as is usual while it is not filled in right."""
    order = _order(place, facts)
    today = reader.current_contributions(place.plan)
    form = ComparisonForm(
        request.GET if "mot" in request.GET or "aar" in request.GET else None,
        years=place.plan.years,
        alternatives=[(pk, facts.tables[pk].alternative) for pk in order],
        today=today.year if today else None,
    )
    tables = tuple(facts.tables[pk] for pk in order)
    if not comparable(tables, today.amounts if today else None):
        return form, None
    wanted = form.wanted()
    return form, SideBySide(
        tables=tables,
        own=place.own,
        against=order.index(wanted.against) if wanted.against in order else 0,
        today=tuple(today.amounts.items()) if today else None,
        today_year=today.year if today else None,
        view=side_by_side.View(
            year=wanted.year,
            per_inhabitant=wanted.per_inhabitant,
            against_today=wanted.against == TODAY and today is not None,
        ),
        excludes_vat=place.plan.excludes_vat,
        invoicing=place.plan.invoicing,
        current_url=place.url("current") if place.edit else "",
    )


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

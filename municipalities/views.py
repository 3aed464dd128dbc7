"""The first run, and the register's pages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from municipalities import access, norwegian, people, register_parts
from municipalities.accounts import sessions
from municipalities.models import Municipality, Organisation, PopulationFigure, Region
from municipalities.once import part
from municipalities.register_forms import FirstRunForm, SearchForm

PER_PAGE = 50


# --- the first run ------------------------------------------------------------------------------


@login_not_required
@sensitive_post_parameters("password", "password_again", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Make the first person. The page does not exist once there is one."""
    if not people.nobody_yet():
        raise Http404
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = people.make_administrator(
                email=data["email"],
                name=data["name"],
                password=data["password"],
                organisation=data["organisation"],
                first=True,
            )
        except people.AlreadySetUpError as problem:
            raise Http404 from problem
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return sessions.log_in(request, user)
    status = 422 if form.is_bound else 200
    empty = not Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY).exists()
    context = {"form": form, "register_is_empty": empty}
    return render(request, "municipalities/first_run.html", context, status=status)


# --- the register --------------------------------------------------------------------------------


def _for_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show the page only to those who may see the register; to others it does not exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not access.may_see_register(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return require_GET(checked)


def _found(query: str) -> QuerySet[Municipality]:
    """Return the municipalities that match what somebody typed; all of them for nothing."""
    rows = Municipality.objects.all()
    if not query:
        return rows
    if query.isdigit():
        return rows.filter(number__startswith=query)
    key = norwegian.sort_key(query)
    if not key:
        return rows.none()
    by_region = Region.members.through.objects.filter(region__sort_key__contains=key)
    return rows.filter(
        Q(sort_key__contains=key)
        | Q(official_name__icontains=query)
        | Q(county__name__icontains=query)
        | Q(pk__in=by_region.values("municipality_id"))
    )


@_for_members
def register(request: HttpRequest) -> HttpResponse:
    """List the municipalities, fifty on a page, with the regions above."""
    form = SearchForm(request.GET)
    valid = form.is_valid()
    query = form.cleaned_data.get("q", "") if valid else ""
    found = _found(query) if valid else Municipality.objects.none()
    page = Paginator(found.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("side"))
    regions = register_parts.regions()
    context = {
        "form": form,
        "query": query,
        "page": page,
        "municipality_table": part(
            "municipalities/_municipality_table.html",
            register_parts.municipalities(tuple(page)),
        ),
        "has_regions": bool(regions.rows),
        "region_table": part("municipalities/_region_table.html", regions),
        "may_administer": access.may_administer(request.user),
    }
    return render(request, "municipalities/register.html", context, status=200 if valid else 400)


@_for_members
def municipality(request: HttpRequest, number: str) -> HttpResponse:
    """Show a municipality with all its population figures; corrected ones are marked."""
    row = get_object_or_404(
        Municipality.objects.select_related("county", "organisation"), number=number
    )
    figures = row.population_figures.order_by("-reference_date", "-pk")
    seen: set[dt.date] = set()
    marked = []
    for figure in figures:
        entered = timezone.localdate(figure.fetched_at)
        marked.append((figure, entered, figure.reference_date in seen))
        seen.add(figure.reference_date)
    context = {
        "municipality": row,
        "figures": marked,
        "regions": row.regions.all(),
        "may_administer": access.may_administer(request.user),
    }
    return render(request, "municipalities/municipality.html", context)


@_for_members
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a region: who is in it, who runs the service, rates, and population for each date."""
    row = get_object_or_404(
        Region.objects.select_related("contract_municipality", "operator"), slug=slug
    )
    members = list(row.members.select_related("county"))
    values: dict[dt.date, dict[int, int]] = defaultdict(dict)
    figures = PopulationFigure.objects.filter(municipality__in=members).order_by("pk")
    for municipality_id, day, value in figures.values_list(
        "municipality_id", "reference_date", "value"
    ):
        values[day][municipality_id] = value  # the newest row comes last
    days = sorted(values, reverse=True)
    sums = [sum(values[day].values()) if len(values[day]) == len(members) else None for day in days]
    incomplete = "Summen vises for datoer der alle kommunene har et tall."
    context = {
        "region": row,
        "days": days,
        "rows": [(member, [values[day].get(member.pk) for day in days]) for member in members],
        "sums": sums,
        "note": incomplete if None in sums else "",
        "may_manage_people": access.may_manage_people(request.user, row),
        "may_administer": access.may_administer(request.user),
    }
    return render(request, "municipalities/region.html", context)

"""Plans that are studied by themselves: the list, and a new one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from financing import access, alternatives, editing
from financing.models import Plan
from financing.plan_forms import NewPlanForm, suggestion
from municipalities import revisions
from municipalities.answers import INVALID
from municipalities.models import Membership, Organisation, User

PAGE_SIZE = 25


def plan_list(request: HttpRequest, plans: QuerySet[Plan]) -> HttpResponse:
    """List `plans`, the newest years first."""
    rows = plans.select_related("region").order_by("-first_year", "name", "pk")
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("side", "1")),
        "may_create": access.regions_to_plan_for(request.user).exists(),
    }
    return render(request, "financing/plans.html", context)


def new_plan(request: HttpRequest, address: Callable[[Plan], str]) -> HttpResponse:
    """Make a plan with its first alternative. `address` tells where a plan's pages begin."""
    user: User = request.user
    regions = access.regions_to_plan_for(user)
    status = 200
    if request.method == "POST":
        if not regions:
            raise PermissionDenied
        if target := revisions.earlier(request.POST.get("token"), user):
            return redirect(target)
        form, status = NewPlanForm(request.POST, regions=regions), INVALID
        if form.is_valid():
            token = form.cleaned_data["token"]
            return redirect(
                revisions.once(token, user, lambda: address(_make(request, user, form)))
            )
    else:
        only = regions[0] if len(regions[:2]) == 1 else None
        form = NewPlanForm(regions=regions, initial=suggestion(only, timezone.localdate()))
    return render(
        request, "financing/new_plan.html", {"form": form, "regions": regions}, status=status
    )


def _make(request: HttpRequest, user: User, form: NewPlanForm) -> Plan:
    data = form.cleaned_data
    organisation = Organisation.objects.filter(
        memberships__user=user,
        memberships__role=Membership.Role.EDITOR,
        municipality__in=data["region"].members.all(),
    ).first()
    actor = editing.Actor(user, organisation)
    plan = editing.create_plan(
        actor,
        data["region"],
        name=data["name"],
        years=(data["first_year"], data["last_year"]),
        population_date=data["population_date"],
        populations=form.populations,
    )
    alternatives.add_alternative(
        actor,
        plan,
        "Alternativ 1",
        municipal_rate=data["municipal_rate"],
        county_rate=data["county_rate"],
        index_percent=data["index_percent"],
    )
    messages.success(request, "Planen er laget, med Alternativ 1.")
    return plan

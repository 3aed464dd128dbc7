"""A new agreement in two steps: the region, then everything that follows from it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, creation, template_versions
from agreements.creation_forms import NewAgreementForm, NewRegionForm
from agreements.editing import Actor
from agreements.models import Agreement, AgreementTemplate, Party
from financing import alternatives
from financing import editing as plan_editing
from financing.models import Plan
from municipalities import register, revisions
from municipalities.answers import INVALID
from municipalities.models import Organisation, Region, User

TERM_YEARS = 3
USUAL_PARTNERS = ("innovasjon-norge", "nav")


@require_GET
def choose_region(request: HttpRequest) -> HttpResponse:
    """Step one. With one region to choose there is nothing to ask."""
    regions = access.regions_to_draft_for(request.user)
    if regions.count() == 1:
        return redirect("new-agreement-in", regions[0].slug)
    form = NewRegionForm(request.GET or None, regions=regions)
    if form.is_bound and form.is_valid():
        return redirect("new-agreement-in", form.cleaned_data["region"].slug)
    return render(
        request,
        "agreements/choose_region.html",
        {"form": form, "regions": regions},
        status=INVALID if form.is_bound else 200,
    )


def _initial(region: Region, plan: Plan | None) -> dict[str, object]:
    """Suggest the plan's years, else three calendar years from next January; and what is usual else."""
    year = dt.date.today().year + 1  # noqa: DTZ011 -- a suggestion in a form, not a fact
    last = year + TERM_YEARS - 1
    if plan is not None:
        year, last = plan.first_year, plan.last_year
    dates = register.available_dates(region.members.all())
    template = _usual_template(region)
    return {
        "title": creation.suggested_title(template, region, year, last) if template else "",
        "template": template,
        "term_start": dt.date(year, 1, 1),
        "term_end": dt.date(last, 12, 31),
        "population_date": max(dates) if dates else None,
        "municipal_rate": region.municipal_rate,
        "county_rate": region.county_rate,
        "partners": _usual_partners(region),
        "plan": plan,
    }


def _usual_template(region: Region) -> AgreementTemplate | None:
    """The likeliest of those offered that is in the region's language; without one, the likeliest."""
    offered = template_versions.offered(region)
    own = offered.filter(language=creation.usual_language(region))
    return own.first() or offered.first()


def _wanted_plan(request: HttpRequest, region: Region) -> Plan | None:
    """The plan that a link from its own page names; None for one that cannot be used."""
    number = request.GET.get("plan", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    return region.plans.filter(agreement__isnull=True, pk=int(number)).first()


def _usual_partners(region: Region) -> QuerySet[Organisation]:
    """The partners of the region's newest agreement; without one, those the template has points for."""
    newest = Agreement.objects.filter(region=region).order_by("-term_start", "-pk").first()
    partners = Organisation.objects.filter(
        kind__in=[Organisation.Kind.STATE_AGENCY, Organisation.Kind.STATE_COMPANY],
        pk__in=Party.objects.filter(agreement=newest).values("organisation"),
    )
    return partners if partners else Organisation.objects.filter(key__in=USUAL_PARTNERS)


def _make(request: HttpRequest, region: Region, form: NewAgreementForm) -> str:
    data = form.cleaned_data
    user: User = request.user
    organisation = access.drafts_as(user, region)
    plan: Plan | None = data["plan"]
    if plan is None:
        plan_actor = plan_editing.Actor(user, organisation)
        plan = plan_editing.create_plan(
            plan_actor,
            region,
            name=f"{region.name} {data['term_start'].year}–{data['term_end'].year}",
            years=(data["term_start"].year, data["term_end"].year),
            population_date=data["population_date"],
            populations=form.populations,
            invoicing=data["template"].invoicing,
        )
        alternatives.add_alternative(
            plan_actor,
            plan,
            "Alternativ 1",
            municipal_rate=data["municipal_rate"],
            county_rate=data["county_rate"],
            index_percent=data["index_percent"],
        )
    agreement = creation.create_agreement(
        Actor(user, organisation),
        region=region,
        template=data["template"],
        plan=plan,
        title=data["title"],
        term_start=data["term_start"],
        term_end=data["term_end"],
        partners=data["partners"],
        language=data["template"].language,
    )
    messages.success(request, "Utkastet er laget. Se over partene og økonomien først.")
    return reverse("agreement", args=[agreement.slug])


@require_http_methods(["GET", "POST"])
def new_agreement(request: HttpRequest, region_slug: str) -> HttpResponse:
    """Step two: one form, then a complete draft."""
    regions = access.regions_to_draft_for(request.user)
    rows = regions.select_related("contract_municipality__organisation")
    region = rows.filter(slug=region_slug).first()
    if region is None:
        raise Http404
    status = 200
    if request.method == "GET":
        suggested = _initial(region, _wanted_plan(request, region))
        form = NewAgreementForm(region=region, initial=suggested)
    else:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        form, status = NewAgreementForm(request.POST, region=region), INVALID
        if form.is_valid():
            token = form.cleaned_data["token"]
            make = lambda: _make(request, region, form)  # noqa: E731
            return redirect(revisions.once(token, request.user, make))
    return render(
        request,
        "agreements/new_agreement.html",
        {"form": form, "region": region, "members": region.members.all()},
        status=status,
    )

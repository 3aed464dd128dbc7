"""Plans found by themselves. One that has become an agreement's is shown as the agreement's economy."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, documents
from agreements.domain.document import Language
from agreements.models import Agreement
from agreements.views import economy
from agreements.views.documents import addresses, sent
from agreements.views.office import comparison_file
from financing import access as plan_access
from financing import editing, files, reader
from financing.models import Plan
from financing.place import Place
from financing.views import plans
from municipalities.answers import UNAVAILABLE
from municipalities.models import User
from municipalities.revisions import ConflictError

logger = logging.getLogger(__name__)

PREFIX = "study-"


def of_plan(request: HttpRequest, plan_pk: int) -> Place:
    """A plan without an agreement; the agreement's economy where it has one. 404 for outsiders."""
    rows = Plan.objects.select_related("region__contract_municipality", "agreement")
    plan = rows.prefetch_related("region__members").filter(pk=plan_pk).order_by().first()
    if plan is None:
        raise Http404
    if hasattr(plan, "agreement"):
        return economy.of_agreement(request, plan.agreement.slug)
    user: User = request.user
    able = plan_access.abilities(user, plan)
    if not able.read:
        raise Http404

    def lock() -> None:
        """Whoever makes an agreement of the plan takes over who may edit it."""
        Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if Agreement.objects.filter(plan=plan).exists():
            raise ConflictError(f"plan {plan.pk} has an agreement")

    address = reverse(PREFIX + "economy", args=[plan.pk])

    def new_agreement() -> str:
        """Asked by the template, where there is one: the address, for those who may draft."""
        if not access.regions_to_draft_for(user).filter(pk=plan.region_id).exists():
            return ""
        return f"{reverse('new-agreement-in', args=[plan.region.slug])}?plan={plan.pk}"

    return Place(
        plan=plan,
        actor=editing.Actor(user, able.organisation),
        edit=able.edit,
        frame="financing/frame.html",
        prefix=PREFIX,
        args=(plan.pk,),
        lock=lock,
        record=lambda: None,
        context={
            "root": {"label": "Økonomi", "url": reverse("plans")},
            "up": {"label": plan.name, "url": address},
            "files": addresses(PREFIX, plan.pk),
            "new_agreement": new_agreement,
        },
    )


def _facts(place: Place) -> reader.PlanFacts:
    facts = reader.load(place.plan)
    if not facts.tables:
        raise Http404
    return facts


@require_GET
def table_file(request: HttpRequest, plan_pk: int, form: str) -> HttpResponse:
    """All alternatives' tables for a spreadsheet or a program; 404 without a table."""
    place = of_plan(request, plan_pk)
    make, media_type = files.FILES[form]
    content = make(_facts(place), place.chosen)
    return sent(content, media_type, f"plan-{plan_pk}-bidragstabell.{form}")


@require_GET
def comparison_pdf(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """The alternatives side by side as a draft; 404 without a table, 503 where none can be made."""
    place = of_plan(request, plan_pk)
    study = files.study(_facts(place), place.chosen)
    try:
        content = documents.comparison_pdf(study, Language.BOKMAL)
    except documents.PdfError as problem:
        logger.error("plan %s: %s", plan_pk, problem)
        context = {"problem": problem}
        return place.page(
            request, "financing/no_pdf.html", context, current="economy", status=UNAVAILABLE
        )
    return sent(content, "application/pdf", f"plan-{plan_pk}-sammenligning-utkast.pdf", shown=True)


@require_GET
def comparison_office(request: HttpRequest, plan_pk: int, form: str) -> HttpResponse:
    """The alternatives side by side as a Word document or a workbook; 404 without a table."""
    place = of_plan(request, plan_pk)
    study = files.study(_facts(place), place.chosen)
    return comparison_file(study, Language.BOKMAL, form, f"plan-{plan_pk}")


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans that no agreement has yet."""
    visible = plan_access.visible(request.user)
    return plans.plan_list(request, visible.filter(agreement__isnull=True))


@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """A new plan, to study before there is an agreement."""
    return plans.new_plan(request, lambda plan: reverse(PREFIX + "economy", args=[plan.pk]))

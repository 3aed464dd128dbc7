"""Plans found by themselves. One that has become an agreement's is shown as the agreement's economy."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access
from agreements.models import Agreement
from agreements.views import economy
from financing import access as plan_access
from financing import editing
from financing.models import Plan
from financing.place import Place
from financing.views import plans
from municipalities.models import User
from municipalities.revisions import ConflictError

PREFIX = "study-"


def of_plan(request: HttpRequest, plan_pk: int) -> Place:
    """A plan without an agreement; the agreement's economy where it has one. 404 for outsiders."""
    rows = Plan.objects.select_related("region__contract_municipality").prefetch_related(
        "region__members"
    )
    plan = rows.filter(pk=plan_pk).first()
    if plan is None:
        raise Http404
    agreement = Agreement.objects.filter(plan=plan).values_list("slug", flat=True).first()
    if agreement is not None:
        return economy.of_agreement(request, agreement)
    user: User = request.user  # type: ignore[assignment]
    able = plan_access.abilities(user, plan)
    if not able.read:
        raise Http404

    def lock() -> None:
        """Whoever makes an agreement of the plan takes over who may edit it."""
        Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if Agreement.objects.filter(plan=plan).exists():
            raise ConflictError(f"plan {plan.pk} has an agreement")

    address = reverse(PREFIX + "economy", args=[plan.pk])
    drafts = access.regions_to_draft_for(user).filter(pk=plan.region_id).exists()
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
            "new_agreement": (
                f"{reverse('new-agreement-in', args=[plan.region.slug])}?plan={plan.pk}"
                if drafts
                else ""
            ),
        },
    )


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans that no agreement has yet."""
    visible = plan_access.visible(request.user)  # type: ignore[arg-type]
    return plans.plan_list(request, visible.filter(agreement__isnull=True))


@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """A new plan, to study before there is an agreement."""
    return plans.new_plan(request, lambda plan: reverse(PREFIX + "economy", args=[plan.pk]))

"""The frame of a plan: years, population date, contributors and whether they are confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from financing import editing
from financing.forms import NewParticipantForm, PlanEditor
from financing.place import Place
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, place: Place) -> HttpResponse:
    """Edit the frame; every alternative is computed anew from it."""
    place.for_editing()
    editor = PlanEditor(place.plan, request.POST if request.method == "POST" else None)
    status, current = 200, None
    if request.method == "POST":
        status = INVALID
        if editor.is_valid():
            try:
                with transaction.atomic():
                    place.lock()
                    if editing.save_plan(
                        place.actor,
                        place.plan,
                        editor.form.cleaned_data["revision"],
                        editor.plan_values(),
                        editor.values,
                    ):
                        place.record()
                messages.success(request, "Planen er lagret, og tabellene er regnet på nytt.")
                return redirect(place.url("economy"))
            except revisions.StaleRevisionError as stale:
                editor = PlanEditor(place.plan, with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return _show(request, place, editor, status, current=current)


def _show(
    request: HttpRequest, place: Place, editor: PlanEditor, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "editor": editor,
        "current": None,
        "stored_rows": editor.participants,
        "new_participant_form": NewParticipantForm(plan=place.plan, auto_id="ny_%s"),
        **more,
    }
    return place.page(request, "financing/plan.html", context, current="plan", status=status)


@require_POST
def new_participant(request: HttpRequest, place: Place) -> HttpResponse:
    """Add a contributor, which does not count until somebody says so."""
    place.for_editing()
    if target := revisions.earlier(request.POST.get("token"), request.user):
        return redirect(target)
    form = NewParticipantForm(request.POST, plan=place.plan, auto_id="ny_%s")
    if not form.is_valid():
        return _show(request, place, PlanEditor(place.plan), INVALID, new_participant_form=form)

    def make() -> str:
        place.lock()
        made = editing.add_participant(place.actor, place.plan, form.cleaned_data["organisation"])
        place.record()
        messages.success(
            request,
            f"{made.organisation} er lagt til. Kryss av for «Med i beregningen» når det gjelder.",
        )
        return place.url("plan")

    return redirect(revisions.once(form.cleaned_data["token"], request.user, make))

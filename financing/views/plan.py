"""The frame of a plan: years, population date, contributors and whether they are confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from financing import editing
from financing.forms import PlanEditor
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
    context = {"editor": editor, "current": current, "stored_rows": editor.participants}
    return place.page(request, "financing/plan.html", context, current="plan", status=status)

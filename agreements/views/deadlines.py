"""Moving a round's deadline, and asking for the draft to be frozen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, deadlines, workflow
from agreements.domain.states import State
from agreements.review_forms import DeadlineForm
from agreements.views.common import actor, page
from agreements.views.review import TAB, moved_on
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.norwegian import date_long


@require_http_methods(["GET", "POST"])
def move_deadline(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the open round another deadline."""
    agreement, able = access.fetch(request, slug, administer=True)
    version = workflow.current(agreement)
    if agreement.state is not State.IN_REVIEW or version is None:
        return moved_on(request, agreement, able)
    round_, current, status = version.round, None, 200
    form = DeadlineForm(initial={"deadline": round_.deadline, "revision": round_.revision})
    if request.method == "POST":
        form, status = DeadlineForm(request.POST), INVALID
        if form.is_valid():
            day = form.cleaned_data["deadline"]
            try:
                if deadlines.move(
                    actor(request, able), agreement, form.cleaned_data["revision"], day
                ):
                    messages.success(request, f"Svarfristen er flyttet til {date_long(day)}.")
                return redirect("review", slug)
            except revisions.StaleRevisionError as stale:
                current, status = stale.current, CONFLICT
                form = DeadlineForm(with_revision(request.POST, current))
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                return moved_on(request, agreement, able)
    return page(
        request,
        "agreements/review/deadline.html",
        agreement,
        able,
        {"form": form, "version": version, "current": current},
        tab=TAB,
        status=status,
    )


@require_POST
def request_freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the administrators that the draft is ready to be frozen."""
    agreement, able = access.fetch(request, slug)
    if not able.team:
        raise PermissionDenied
    try:
        asked = deadlines.request_freeze(actor(request, able), agreement)
    except workflow.MovedOnError:
        agreement, able = access.fetch(request, slug)
        return moved_on(request, agreement, able)
    if asked:
        messages.success(request, "Administratoren er bedt om å låse utkastet.")
    else:
        messages.info(request, "Det er bedt om låsing allerede.")
    return redirect("review", slug)

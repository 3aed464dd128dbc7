"""Input: the list, writing a comment or a suggestion, and the trace from input to clause."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, remembered, trace
from agreements import input as services
from agreements.input_forms import (
    CLAUSE,
    SERVICE,
    WHOLE,
    CommentForm,
    FilterForm,
    SuggestionForm,
    place_keys,
)
from agreements.models import Comment
from agreements.views.common import actor, page
from agreements.views.text import find
from agreements.views.text import helpers as clause_helpers
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision

PAGE_SIZE = 25
SHARED = Comment.Visibility.SHARED.value


def _choice(row: Comment) -> str:
    if row.clause_key:
        return f"{CLAUSE}:{row.clause_key}"
    return f"{SERVICE}:{row.service_key}" if row.service_key else WHOLE


def _places_with_input(rows: list[Comment], places: trace.Places) -> list[tuple[str, str]]:
    """What there is input about, in the order of the agreement; last what has been deleted."""
    about = {_choice(row): places.of(row) for row in rows}
    order = [WHOLE, *(f"{CLAUSE}:{key}" for key in places.clauses)]
    order += [f"{SERVICE}:{key}" for key in places.services]
    known = [(choice, about[choice].label) for choice in order if choice in about]
    gone = [(c, f"{place.label} (slettet)") for c, place in about.items() if not place.exists]
    return known + gone


def _senders(rows: list[Comment]) -> list[tuple[str, str]]:
    """Whom there is input from, in Norwegian alphabetical order."""
    found = {row.organisation.key: row.organisation for row in rows}
    return [(o.key, o.name) for o in sorted(found.values(), key=lambda o: o.sort_key)]


@require_GET
def inputs(request: HttpRequest, slug: str) -> HttpResponse:
    """The input there is: what is open, or all of it; about one place, from one organisation."""
    agreement, able = access.fetch(request, slug)
    places = trace.Places(remembered.draft(agreement).document)
    # An agreement has some tens of inputs: one query, chosen among here.
    rows = list(
        access.comments(agreement, able)
        .filter(parent=None)
        .select_related("author", "organisation", "closed_by")
        .annotate(answers=Count("replies"))
        .order_by("-pk")
    )
    form = FilterForm(
        request.GET or None,
        places=_places_with_input(rows, places),
        organisations=_senders(rows),
    )
    status, chosen = 200, {}
    if form.is_bound:
        if form.is_valid():
            chosen = form.cleaned_data
        else:
            status = INVALID
    listed = [
        row
        for row in rows
        if (chosen.get("status") == "alle" or row.state == Comment.State.OPEN)
        and chosen.get("gjelder", "") in ("", _choice(row))
        and chosen.get("fra", "") in ("", row.organisation.key)
    ]
    shown = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("side", "1"))
    for row in shown:
        row.place = places.of(row)
    return page(
        request,
        "agreements/input/list.html",
        agreement,
        able,
        {
            "form": form,
            "page": shown,
            "filtered": any(chosen.values()),
            "count": len(rows),
        },
        tab="inputs",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def new_input(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a comment. `?punkt=` or `?tjeneste=` chooses what it is about beforehand."""
    agreement, able = access.fetch(request, slug, comment=True)
    places = trace.Places(remembered.draft(agreement).document)
    status = 200
    if request.method == "GET":
        form = CommentForm(initial=_asked_for(request, places), places=places, team=able.team)
    else:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        form, status = CommentForm(request.POST, places=places, team=able.team), INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                target = services.Target(*place_keys(data["place"]))
                visibility = data.get("visibility", SHARED)
                made = services.add_comment(
                    actor(request, able), agreement, target, data["text"], visibility
                )
                messages.success(request, "Innspillet er sendt.")
                return reverse("input", args=[slug, made.pk])

            return redirect(revisions.once(data["token"], request.user, make))
    return page(
        request,
        "agreements/input/new.html",
        agreement,
        able,
        {"form": form},
        tab="inputs",
        status=status,
    )


def _asked_for(request: HttpRequest, places: trace.Places) -> dict[str, str]:
    for kind, known in ((CLAUSE, places.clauses), (SERVICE, places.services)):
        key = request.GET.get(kind, "")
        if key in known:
            return {"place": f"{kind}:{key}"}
    return {}


@require_http_methods(["GET", "POST"])
def new_suggestion(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Propose another wording of a clause."""
    agreement, able = access.fetch(request, slug, suggest=True)
    row = find(agreement, key)
    given: dict[str, Any] = {
        "keys": set(agreement.clauses.values_list("key", flat=True)),
        "stored": (row.heading, row.text),
        "team": able.team,
    }
    status, current = 200, None
    if request.method == "GET":
        initial = {"heading": row.heading, "text": row.text, "revision": row.revision}
        form = SuggestionForm(initial=initial, **given)
    else:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        form, status = SuggestionForm(request.POST, **given), INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                made = services.suggest(
                    actor(request, able),
                    row,
                    data["revision"],
                    (data["heading"], data["text"]),
                    data["why"],
                    data.get("visibility", SHARED),
                )
                messages.success(request, "Forslaget er sendt.")
                return reverse("input", args=[slug, made.pk])

            try:
                return redirect(revisions.once(data["token"], request.user, make))
            except revisions.StaleRevisionError as stale:
                form = SuggestionForm(with_revision(request.POST, stale.current), **given)
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/input/suggestion.html",
        agreement,
        able,
        {"form": form, "clause": row, "current": current, **clause_helpers(agreement, key)},
        tab="inputs",
        status=status,
    )


@require_GET
def input_trace(request: HttpRequest, slug: str) -> HttpResponse:
    """From input to clause: who asked for what, and what became of it."""
    agreement, able = access.fetch(request, slug)
    return page(
        request,
        "agreements/input/trace.html",
        agreement,
        able,
        {"inputs": trace.inputs(agreement, internal=able.team)},
        tab="inputs",
    )

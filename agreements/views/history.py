"""A clause's earlier wordings, and bringing back a wording or a clause that was deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agreements import access, history, remembered, trace
from agreements.access import Abilities
from agreements.domain.wordings import word_runs
from agreements.input_forms import RestoreClauseForm, RestoreForm
from agreements.models import Agreement, AgreementEvent
from agreements.views.common import actor, page
from agreements.views.text import find
from municipalities import revisions
from municipalities.answers import CONFLICT

PAGE_SIZE = 10  # each with its difference worked out


def _show(
    request: HttpRequest,
    agreement: Agreement,
    able: Abilities,
    key: str,
    status: int = 200,
    current: revisions.Revisioned | None = None,
) -> HttpResponse:
    states = history.states(agreement, key, internal=able.team)
    if not states:
        raise Http404
    label = trace.Places(remembered.draft(agreement).document).clauses.get(key)
    deleted = label is None
    latest = next(state for state in states if not state.deleted)
    earlier = dict(zip(states, [*states[1:], None], strict=True))
    shown = Paginator(states, PAGE_SIZE).get_page(request.GET.get("side", "1"))
    rows: list[dict[str, Any]] = []
    for state in shown:
        before = earlier[state]
        row: dict[str, Any] = {"state": state, "first": before is None}
        if before is not None and not before.deleted and not state.deleted:
            row["heading_runs"] = word_runs(before.heading, state.heading)
            row["text_runs"] = word_runs(before.text, state.text)
        same = (state.heading, state.text) == (latest.heading, latest.text)
        if able.edit and not deleted and not state.deleted and not same:
            initial = {"event": state.event, "revision": latest.revision}
            row["form"] = RestoreForm(initial=initial)
        rows.append(row)
    return page(
        request,
        "agreements/history.html",
        agreement,
        able,
        {
            "key": key,
            "heading": label or latest.heading,
            "deleted": deleted,
            "rows": rows,
            "page": shown,
            "current": current,
        },
        tab="text",
        status=status,
    )


@require_GET
def clause_history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Every wording a clause has had, also one that has been deleted."""
    agreement, able = access.fetch(request, slug)
    return _show(request, agreement, able, key)


@require_POST
def restore_wording(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Bring back an earlier wording as a new edit."""
    agreement, able = access.fetch(request, slug, edit=True)
    clause = find(agreement, key)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return redirect("clause-history", slug, key)
    chosen = form.cleaned_data["event"]
    states = history.states(agreement, key)
    wording = next((s for s in states if s.event == chosen and not s.deleted), None)
    if wording is None:
        raise Http404
    try:
        changed = history.restore_wording(
            actor(request, able), clause, form.cleaned_data["revision"], wording
        )
    except revisions.StaleRevisionError as stale:
        return _show(request, agreement, able, key, CONFLICT, stale.current)
    if changed:
        messages.success(request, f"Teksten fra utgave {wording.revision} er gjenopprettet.")
    return redirect(f"{reverse('text', args=[slug])}#{key}")


@require_POST
def restore_clause(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring back a clause that was deleted, with what was deleted under it."""
    agreement, able = access.fetch(request, slug, edit=True)
    form = RestoreClauseForm(request.POST)
    if not form.is_valid():
        return redirect("text", slug)
    try:
        key = history.restore_deleted(actor(request, able), agreement, form.cleaned_data["event"])
    except AgreementEvent.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, "Punktet er gjenopprettet.")
    return redirect(f"{reverse('text', args=[slug])}#{key}")

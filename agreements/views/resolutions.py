"""What the councils have decided, recorded by the administrator, and the extracts of their minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, resolutions, workflow
from agreements.domain import states
from agreements.domain.guards import Outcome
from agreements.domain.states import State
from agreements.models import Agreement, Decision, Resolution, ResolutionExtract
from agreements.review_forms import ResolutionForm
from agreements.views.common import actor, page
from agreements.views.documents import sent
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID

TAB = "review"


def _asked(agreement: Agreement, key: str) -> tuple[Decision, Resolution | None]:
    """The body whose council is asked about the version that counts, and what it has decided."""
    version = workflow.current(agreement)
    if version is None:
        raise Http404
    rows = version.decisions.filter(kind=Decision.Kind.DECIDES, organisation__key=key)
    row = rows.select_related("organisation", "version").first()
    if row is None:
        raise Http404
    stored = version.resolutions.filter(organisation=row.organisation_id).first()
    return row, stored


@require_http_methods(["GET", "POST"])
def resolution(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Record a council's decision, or correct it while the agreement is with the councils."""
    agreement, able = access.fetch(request, slug, administer=True)
    asked, stored = _asked(agreement, key)
    status, given = 200, {}
    initial = {
        name: getattr(stored, name)
        for name in ("revision", "case_number", "decided_on", "outcome", "conditions")
        if stored is not None
    }
    form = ResolutionForm(initial=initial)
    if request.method == "POST":
        form, status = ResolutionForm(request.POST, request.FILES), INVALID
        if form.is_valid():
            try:
                follows = _save(request, agreement, able, asked, form.cleaned_data)
                words = f"Vedtaket fra {asked.organisation.name} er registrert."
                if follows:
                    target = states.LABELS[states.transition(follows).target]
                    words += f" Avtalen er nå {target}."
                messages.success(request, words)
                return redirect("review", slug)
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                given = {"moved_on": True}
            except revisions.StaleRevisionError as stale:
                typed = request.POST.copy()
                typed["revision"] = str(stale.current.revision)
                form = ResolutionForm(typed, request.FILES)
                stored = stale.current
                given = {"current": stored}
            status = CONFLICT
    return page(
        request,
        "agreements/review/resolution.html",
        agreement,
        able,
        {
            "form": form,
            "asked": asked,
            "stored": stored,
            "extracts": list(stored.extracts.defer("content")) if stored else [],
            "is_open": agreement.state is State.IN_RESOLUTION,
            **given,
        },
        tab=TAB,
        status=status,
    )


def _save(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    asked: Decision,
    data: dict[str, Any],
) -> states.Action | None:
    upload = data["extract"]
    return resolutions.save_resolution(
        actor(request, able),
        agreement,
        asked.organisation,
        resolutions.Said(
            data["case_number"], data["decided_on"], Outcome(data["outcome"]), data["conditions"]
        ),
        revision=data["revision"],
        extract=resolutions.Extract(upload.name, upload.content) if upload else None,
    )


@require_GET
def extract(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The extract of a council's minutes, as it was uploaded."""
    agreement, _able = access.fetch(request, slug, versions=True)
    rows = ResolutionExtract.objects.filter(resolution__version__agreement=agreement, pk=pk)
    row = rows.first()
    if row is None:
        raise Http404
    return sent(bytes(row.content), "application/pdf", f"{slug}-saerutskrift-{row.pk}.pdf")

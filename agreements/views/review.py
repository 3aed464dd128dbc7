"""The review of an agreement: where it stands, the steps an administrator takes, and freezing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from agreements import (
    access,
    acknowledging,
    deadlines,
    documents,
    finals,
    resolutions,
    reviewing,
    signatories,
    workflow,
)
from agreements.domain import checks, guards, states
from agreements.domain.states import Action, Asker
from agreements.models import Agreement
from agreements.review_forms import FreezeForm, StepForm
from agreements.views.common import actor, page, unkept
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, UNAVAILABLE

TAB = "review"
logger = logging.getLogger(__name__)


@require_GET
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Status, the round, what each body has said, and what can be done from here."""
    agreement, able = access.fetch(request, slug, versions=True)
    found = reviewing.read(agreement, request.user, able)
    context = {"review": found, "requested": deadlines.standing_request(agreement)}
    return page(request, "agreements/review/review.html", agreement, able, context, tab=TAB)


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Lock the draft as a version and ask the municipalities, once nothing is left to mend."""
    agreement, able = access.fetch(request, slug, administer=True)
    if agreement.state not in states.transition(Action.FREEZE).sources:
        return moved_on(request, agreement, able)
    status, form, changed = 200, FreezeForm(), False
    obstacles: tuple[guards.Obstacle, ...] = ()
    if request.method == "POST":
        form, status = FreezeForm(request.POST), INVALID
        if form.is_valid():
            try:
                version = workflow.freeze(
                    actor(request, able),
                    agreement,
                    deadline=form.cleaned_data["deadline"],
                    seen_sha256=form.cleaned_data["seen"],
                    message=form.cleaned_data["message"],
                    base_address=request.build_absolute_uri("/").rstrip("/"),
                )
                messages.success(
                    request, f"Versjon {version.number} er låst, og kommunene er spurt."
                )
                return redirect("review", slug)
            except workflow.NotReadyError as refused:
                obstacles, status = refused.obstacles, CONFLICT
            except revisions.StaleRevisionError:
                changed, status = True, CONFLICT
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                return moved_on(request, agreement, able)
    draft = workflow.read_draft(agreement)
    if form.is_bound:
        typed = form.data.copy()
        typed["seen"] = draft.sha256
        form.data = typed
    else:
        form = FreezeForm(initial={"seen": draft.sha256})
    obstacles = guards.obstacles(Action.FREEZE, workflow.facts(agreement, draft))
    return page(
        request,
        "agreements/review/freeze.html",
        agreement,
        able,
        {
            "form": form,
            "draft": draft,
            "obstacles": obstacles,
            "changed": changed,
            "errors": [f for f in draft.waiting if f.level is checks.Level.ERROR],
            "warnings": [f for f in draft.waiting if f.level is checks.Level.WARNING],
            "standing": acknowledging.of(agreement, draft.findings),
            "line": states.transition(Action.FREEZE),
        },
        tab=TAB,
        status=status,
    )


@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Any other step of the table: what it does, what stands in its way, and a reason where needed."""
    agreement, able = access.fetch(request, slug, administer=True)
    line = _asked_for(action)
    if agreement.state not in line.sources:
        return moved_on(request, agreement, able)
    status, form = 200, StepForm(line=line, initial={"source": agreement.status})
    problems: tuple[str, ...] = ()
    if request.method == "POST":
        form, status = StepForm(request.POST, line=line), INVALID
        if form.is_valid():
            try:
                _take(request, agreement, able, line.action, form.cleaned_data)
                messages.success(request, f"Steget «{line.label}» er utført.")
                return redirect("review", slug)
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                return moved_on(request, agreement, able)
            except workflow.NotReadyError:
                status = CONFLICT
            except finals.RefusedError as refused:
                problems, status = refused.problems, CONFLICT
            except documents.PdfError as failed:
                logger.error("%s: %s", slug, failed)
                problems, status = (f"{failed.heading}. {failed.advice}",), UNAVAILABLE
    answer = page(
        request,
        "agreements/review/step.html",
        agreement,
        able,
        {
            "form": form,
            "line": line,
            "obstacles": guards.obstacles(line.action, workflow.facts(agreement)),
            "target": states.LABELS[line.target],
            "problems": problems,
            **_beforehand(agreement, line.action),
        },
        tab=TAB,
        status=status,
    )
    return unkept(answer) if line.action is Action.PREPARE_SIGNING else answer


def _beforehand(agreement: Agreement, action: Action) -> dict[str, Any]:
    """What must be known before some of the steps."""
    version = workflow.current(agreement)
    if version is None or agreement.state not in states.transition(action).sources:
        return {}
    if action is Action.PREPARE_SIGNING:
        return {"signing": signatories.read(agreement, version)}
    if action is Action.GO_ON_WITHOUT:
        return {"leaving": resolutions.leaving_contract_municipality(version)}
    return {}


def _asked_for(action: str) -> states.Transition:
    """The line of the table that an address names; 404 for what nobody asks for like this."""
    try:
        line = states.transition(Action(action.replace("-", "_")))
    except ValueError:
        raise Http404 from None
    if line.asker is not Asker.ADMINISTRATOR or line.action is Action.FREEZE:
        raise Http404
    return line


def _take(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    action: Action,
    data: dict[str, Any],
) -> None:
    who, reason = actor(request, able), data.get("reason", "")
    if action is Action.GO_ON_WITHOUT:
        resolutions.go_on_without(who, agreement, source=data["source"], reason=reason)
    elif action is Action.PREPARE_SIGNING:
        finals.finalise(who, agreement, source=data["source"])
    else:
        workflow.take(who, agreement, action, source=data["source"], reason=reason)


WORDS = ("comment", "message", "reason")  # what people write in the forms of the review


@dataclass(frozen=True)
class Told:
    """Why something cannot be done now, for what was to be done."""

    heading: str
    words: str


def moved_on(
    request: HttpRequest, agreement: Agreement, able: access.Abilities, told: Told | None = None
) -> HttpResponse:
    """Say that the agreement is not where the page thought it was, and show where it is.

    What the person wrote is shown too. It may be stored, if the form was sent once before.
    """
    found = reviewing.read(agreement, request.user, able)
    context = {
        "review": found,
        "requested": deadlines.standing_request(agreement),
        "moved_on": told
        or Told(
            "Avtalen er kommet videre",
            f"Steget kan ikke tas nå: avtalen er {agreement.get_status_display()}. Siden viser hvordan "
            "det er akkurat nå.",
        ),
        "typed": [text for name in WORDS if (text := request.POST.get(name, "").strip())],
    }
    return page(
        request,
        "agreements/review/review.html",
        agreement,
        able,
        context,
        tab=TAB,
        status=CONFLICT if request.method == "POST" else 200,
    )

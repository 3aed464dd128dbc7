"""Fetching from Statistics Norway on the register's pages: ask step by step, look, then decide.

For those who may administer the register. Each question is a short request of its own, so that the
button does the same as htmx does by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from municipalities import access, revisions
from municipalities.statistics import client as polite
from municipalities.statistics import messages as words
from municipalities.statistics import service, steps
from municipalities.statistics.forms import StartForm, UseForm
from municipalities.statistics.models import StatisticsImport
from municipalities.statistics.review import Review

SHOWN = 10  # earlier imports in the list
# The page goes on by itself this many times after a fault; then a person must press the button.
MOST_BY_ITSELF = 4
State = StatisticsImport.State
# What the event counts, in the words of the page.
COUNTED = {
    "counties added": "Nye fylker",
    "counties ended": "Avsluttede fylker",
    "municipalities added": "Nye kommuner",
    "municipalities changed": "Endrede kommuner",
    "municipalities ended": "Avsluttede kommuner",
    "population figures added": "Nye tall",
    "population figures changed": "Endrede tall",
    "population figures unchanged": "Tall registeret hadde fra før",
}


def _for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in those who may administer the register; to those who may not see it, there is no page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not access.may_administer(request.user):
            if access.may_see_register(request.user):
                raise PermissionDenied
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def _import(pk: int) -> StatisticsImport:
    rows = StatisticsImport.objects.select_related("started_by", "finished_by", "event")
    return get_object_or_404(rows, pk=min(pk, 2**63 - 1))


# --- starting ------------------------------------------------------------------------------------


@require_GET
@_for_administrators
def statistics(request: HttpRequest) -> HttpResponse:
    """Choose a day to fetch for, go on with what is open, and see what was fetched before."""
    return _start_page(request, StartForm())


@require_POST
@_for_administrators
def start(request: HttpRequest) -> HttpResponse:
    """Begin an import, or go to the one that is open."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _start_page(request, form)
    row = service.start(request.user, form.cleaned_data["day"])
    if row.started_by_id != request.user.pk or row.asked_for != form.cleaned_data["day"]:
        messages.warning(
            request, "En annen henting er ikke ferdig. Ta den i bruk, eller forkast den først."
        )
    return redirect("statistics-import", row.pk)


def _start_page(request: HttpRequest, form: StartForm) -> HttpResponse:
    rows = StatisticsImport.objects.select_related("started_by", "finished_by")
    context = {
        "form": form,
        "open": rows.filter(state=State.OPEN).first(),
        "earlier": rows.exclude(state=State.OPEN)[:SHOWN],
    }
    status = 422 if form.is_bound else 200
    return render(request, "municipalities/statistics.html", context, status=status)


# --- fetching ------------------------------------------------------------------------------------


@require_GET
@_for_administrators
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an import has come: the questions, then what would change, then what was done."""
    row = _import(pk)
    if row.state != State.OPEN:
        responses = row.responses.defer("content")
        context = {"import": row, "responses": _labelled(responses), "counts": _counts(row)}
        return render(request, "municipalities/statistics_done.html", context)
    if service.missing(row):
        context = _progress(row)
        return render(request, "municipalities/statistics_fetching.html", context)
    return _preview(request, row, service.compare(service.stored(row)))


@require_POST
@_for_administrators
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask Statistics Norway the next question, once."""
    row = _import(pk)
    if row.state == State.OPEN:
        # Nobody waits for a second attempt in a request: the page asks again.
        service.fetch_next(row, polite.Client(attempts=1))
        row.refresh_from_db()
    target = reverse("statistics-import", args=[row.pk])
    if not request.htmx:
        return redirect(target)
    if row.state != State.OPEN or not service.missing(row):
        return HttpResponseClientRedirect(target)
    return render(request, "municipalities/_statistics_progress.html", _progress(row))


def _labelled(responses: Any) -> list[tuple[str, Any]]:
    return [(steps.BY_KEY[row.step].norwegian, row) for row in responses]


def _counts(row: StatisticsImport) -> list[tuple[str, int]]:
    data = row.event.data if row.event else {}
    return [(label, data[key]) for key, label in COUNTED.items() if data.get(key)]


def _progress(row: StatisticsImport) -> dict[str, Any]:
    missing = service.missing(row)
    done = {step.key for step in steps.STEPS} - {step.key for step in missing}
    wait = 0
    if row.not_before:
        wait = max(0, -(-(row.not_before - timezone.now()) // dt.timedelta(seconds=1)))
    again = not row.fault or (
        polite.FetchError(row.fault).may_pass
        and row.failures < MOST_BY_ITSELF
        and wait <= polite.LONGEST_WAIT
    )
    backoff = int(polite.FIRST_WAIT * 2**row.failures) if row.fault else 1
    return {
        "import": row,
        "steps": [(step, step.key in done, step is missing[0]) for step in steps.STEPS],
        "done": len(done),
        "fault": words.FAULTS[row.fault][0] if row.fault else "",
        "wait": wait,
        "delay": max(wait, backoff) if again else None,
    }


# --- deciding ------------------------------------------------------------------------------------


def _preview(
    request: HttpRequest,
    row: StatisticsImport,
    found: Review,
    form: UseForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    if form is None:
        form = UseForm(fingerprint=found.fingerprint, serious=bool(found.of_level("error")))
    context = {
        "import": row,
        "review": found,
        "form": form,
        "impossible": found.of_level("stop"),
        "serious": found.of_level("error"),
        "warnings": found.of_level("warning"),
        "with_figure": sum(1 for each in found.rows if each.population),
        "endings": [
            (
                ending,
                found.names.get(ending.number, ""),
                [(number, found.names.get(number, "")) for number in ending.successors],
            )
            for ending in found.endings
        ],
        "conflict": status == 409,
    }
    return render(request, "municipalities/statistics_preview.html", context, status=status)


@require_POST
@_for_administrators
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import into use, once. When something else would be done than was shown, show that."""
    row = _import(pk)
    target = reverse("statistics-import", args=[row.pk])
    if row.state != State.OPEN or service.missing(row):
        return redirect(target)
    found = service.compare(service.stored(row))
    serious = bool(found.of_level("error"))
    form = UseForm(request.POST, fingerprint=found.fingerprint, serious=serious)
    if found.of_level("stop"):
        return _preview(request, row, found, status=409)
    if not form.is_valid():
        if "token" in form.errors or "seen" in form.errors:
            return _preview(request, row, found, status=409)
        return _preview(request, row, found, form, status=422)
    data = form.cleaned_data

    def make() -> str:
        service.take_into_use(
            row,
            request.user,
            seen=data["seen"],
            accept=bool(data.get("accept")),
        )
        messages.success(request, "Tallene er tatt i bruk i registeret.")
        return target

    try:
        revisions.once(data["token"], request.user, make)
    except service.ChangedMeanwhileError:
        return _preview(request, row, service.compare(service.stored(row)), status=409)
    except revisions.ConflictError:
        pass  # somebody else was quicker; the page says who
    return redirect(target)


@require_POST
@_for_administrators
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop an open import; the register stays as it is."""
    row = _import(pk)
    service.discard(row, request.user)
    return redirect("statistics-import", row.pk)

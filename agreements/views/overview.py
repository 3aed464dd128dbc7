"""The desk, the list of agreements, and an agreement's overview and details."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, editing, event_text, remembered, snapshot
from agreements import desk as desk_tasks
from agreements.domain import checks, deviation
from agreements.domain.document import Document
from agreements.forms import AgreementForm, ListForm
from agreements.models import Agreement, AgreementEvent, Party
from agreements.views import list_parts, renewal
from agreements.views.common import actor, page
from agreements.views.finding_parts import Checked
from municipalities.access import held_memberships
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.models import Organisation, Region
from municipalities.once import part
from municipalities.prepared import Prepared
from municipalities.revisions import StaleRevisionError

PAGE_SIZE = 25
EVENTS = 8


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The person's own desk: what waits for them, what they last worked with, and what they may start."""
    everything = request.GET.get("oppgaver") == "alle"
    waiting = desk_tasks.tasks(request.user, everything=everything)
    recent = access.last_changed(request.user)
    rows = list_parts.desk(recent)
    return render(
        request,
        "agreements/desk.html",
        {
            "agreements": part("agreements/_desk_agreements.html", rows) if recent else "",
            "tasks": waiting if everything else waiting[: desk_tasks.TASKS],
            "more_tasks": not everything and len(waiting) > desk_tasks.TASKS,
            "memberships": held_memberships(request.user),
            "may_create": access.may_create(request.user),
        },
    )


@require_GET
def agreement_list(request: HttpRequest) -> HttpResponse:
    """The agreements the person may see, searched and filtered."""
    # Which they are is worked out once; the count, the page and the choices follow from the numbers.
    found = access.numbers(request.user)
    regions = _REGIONS.all(tuple({row.region for row in found}))
    form = ListForm(request.GET or None, regions=regions)
    status = 200
    if form.is_bound and form.is_valid():
        if query := form.cleaned_data["q"]:
            hits = _hits(query, [row.agreement for row in found])
            found = [row for row in found if row.agreement in hits]
        if region := form.cleaned_data["region"]:
            found = [row for row in found if row.region == region.pk]
    elif form.is_bound:
        status = INVALID
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("side", "1"))
    rows = list_parts.rows([row.agreement for row in shown])
    return render(
        request,
        "agreements/list.html",
        {
            "form": form,
            "page": shown,
            "table": part("agreements/_agreement_table.html", rows),
            "filtered": bool(form.is_bound and any(request.GET.get(n) for n in ("q", "region"))),
            "may_create": access.may_create(request.user),
        },
        status=status,
    )


_REGIONS = Prepared(lambda numbers: Region.objects.filter(pk__in=numbers))


def _hits(query: str, numbers: list[int]) -> frozenset[int]:
    """Which of these agreements have the words in their title, region or a party's name. Two queries."""
    hit = Q(title__icontains=query) | Q(region__name__icontains=query)
    # Few bodies have the words in their names: their agreements are found from there.
    named = list(Organisation.objects.filter(name__icontains=query).values_list("pk", flat=True))
    parties = Party.objects.filter(agreement=OuterRef("pk"))
    signing = parties.filter(organisation__in=named)
    signed_for = parties.filter(on_behalf_of__in=named)
    rows = Agreement.objects.filter(hit | Exists(signing) | Exists(signed_for), pk__in=numbers)
    return frozenset(rows.order_by().values_list("pk", flat=True))


@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Status, what is missing, the parties and the sum: one look.

    Whoever only sees what has been sent out is led there.
    """
    agreement, able = access.fetch(request, slug, versions=True)
    if not able.read:
        return redirect("review", slug)
    draft = remembered.draft(agreement)
    document = draft.document
    checked = Checked.stored(agreement, draft)
    levels = {level.value: 0 for level in checks.Level}
    for finding in checked.open:
        levels[finding.level.value] += 1
    events = list(_events(agreement, able).select_related("actor").order_by("-pk")[:EVENTS])
    names = event_text.names(document, draft.headings)
    for event in events:
        event.text = event_text.describe(event.action, event.data, names)
    return page(
        request,
        "agreements/overview.html",
        agreement,
        able,
        {
            "document": document,
            "levels": levels,
            "let_stand": len(checked.acknowledged),
            "events": events,
            "missing_population": draft.plan.missing_population,
            "deviations": _deviations(agreement, document),
            "undecided": [
                point
                for point in renewal.points(agreement, document)
                if point.key not in agreement.settled
            ],
        },
        tab="agreement",
    )


def _deviations(agreement: Agreement, document: Document) -> dict[str, int] | None:
    """How many points are as in the template, changed, the agreement's own and left out."""
    if agreement.template is None:
        return None
    model = snapshot.template_clauses(agreement.template)
    counted = deviation.counts(deviation.deviations(model, document.clauses))
    return {status.value: count for status, count in counted.items()}


def _events(agreement: Agreement, able: access.Abilities) -> QuerySet[AgreementEvent]:
    """What has happened. That there is internal input is for the team alone."""
    rows = agreement.events.all()
    if able.team:
        return rows
    return rows.exclude(action__startswith="input.", data__visibility="internal")


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Change title, term and language. A new language leads to what does not follow it by itself."""
    agreement, able = access.fetch(request, slug, edit=True)
    fields = ("title", "term_start", "term_end", "language")
    if request.method == "GET":
        initial = {name: getattr(agreement, name) for name in (*fields, "revision")}
        form, status, current = AgreementForm(initial=initial), 200, None
    else:
        form, status, current = AgreementForm(request.POST), INVALID, None
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in fields}
            before = agreement.language
            try:
                editing.save_agreement(
                    actor(request, able), agreement, form.cleaned_data["revision"], values
                )
                messages.success(request, "Avtalen er lagret.")
                return redirect("agreement" if before == values["language"] else "language", slug)
            except StaleRevisionError as stale:
                form = AgreementForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/details.html",
        agreement,
        able,
        {"form": form, "current": current},
        tab="agreement",
        status=status,
    )
